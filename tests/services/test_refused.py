"""A channel that takes no question: who set it up is told what is missing, once until it takes them again."""

from dataclasses import replace

import pytest

from bot.domain.question import RoomId
from tests.services.conftest import Standing, clock, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import at, known, venue
from tests.services.test_whispers import ONE, press, set_up, town  # noqa: F401 - a fixture

TOLD = (
    "「每日一题」的题发不出去了：我在那里没有{}的权限。\n请在这个频道的权限设置里打开，再点「再查一次」。\n[再查一次]"
)

MENDED = "恢复以后点「再查一次」，或者在别的频道发 /setup。\n[再查一次]"
SHUT = f"「每日一题」的题发不出去了：那里不收我的消息。\n{MENDED}"
ABSENT = "那个频道不在了，或者我不在那个服务器里了。先把我加回去，或者换个频道发 /setup。"
LOST = f"「每日一题」的题发不出去了：频道没有了，或者我不在那个服务器里了。\n{MENDED}"


async def refused(town: Town, *lacking: str) -> list[tuple[str, str]]:  # noqa: F811 - the fixture
    """The channel studies, and its first question is refused for want of that; what is sent all the same."""
    await set_up(town, ONE)
    shut(town, *lacking)
    await town.until(at(25, 12))
    return town.news()


def shut(town: Town, *lacking: str) -> None:  # noqa: F811
    town.wire.muted, town.wire.lacking = {GROUP}, lacking  # type: ignore[assignment]  # of Need


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        (("say",), "「发送消息」"),
        (("see", "say", "thread", "talk"), "「查看频道」、「发送消息」"),
        (("picture",), "「附加文件」"),
    ],
)
async def test_who_set_it_up_is_told_what_is_missing(town: Town, lacking: tuple[str, ...], named: str) -> None:  # noqa: F811
    """By name and in private; what only a button needs is not why."""
    assert await refused(town, *lacking) == [("hua", TOLD.format(named))]


async def test_once_until_it_works_again(town: Town) -> None:  # noqa: F811
    """Another day brings no second word, nor does whoever presses there; what is still missing is said who asks."""
    await refused(town, "say")
    await town.until(at(28, 12))
    await press(town, "wei", "a:7:0")

    assert (town.news(), (await venue(town)).room.gone_at is None) == ([], False)
    assert await town.says("hua", "/stats") != ""
    assert await again(town) == TOLD.format("「发送消息」")
    town.wire.muted, town.wire.lacking = set(), ()
    assert await again(town) == "好，明天 12:00 在「每日一题」见，20:00 公布答案。想改或停，在频道里发 /settings。"
    await town.until(at(29, 12))
    assert [room for room, _ in town.news()] == [GROUP]
    shut(town, "say")
    await town.until(at(30, 12))
    assert town.news() == [("hua", TOLD.format("「发送消息」"))]


async def again(town: Town) -> str:  # noqa: F811
    """The button below what hua was told."""
    return await town.presses("hua", "再查一次")


async def test_where_nobody_says_what_is_missing(town: Town) -> None:  # noqa: F811
    """Discord has a reason of its own: that is said, and once it has none the questions go on."""
    assert await refused(town) == [("hua", SHUT)]
    await town.until(at(26, 12))
    assert (town.news(), await town.post.next_wake()) == ([], None)
    town.wire.muted = set()
    assert "好，明天 12:00 在「每日一题」见" in await again(town)
    await town.until(at(27, 12))
    assert [room for room, _ in town.news()] == [GROUP]


async def test_a_channel_that_is_deleted(town: Town) -> None:  # noqa: F811
    """The channel is not there, or the bot is not: said once; the button says it again, until it is there again."""
    await set_up(town, ONE)
    town.wire.deleted.add(GROUP)
    await town.until(at(28, 12))

    assert town.news() == [("hua", LOST)]
    assert await again(town) == ABSENT
    town.wire.deleted.clear()
    assert "好，明天 12:00 在「每日一题」见" in await again(town)
    await town.until(at(29, 12))
    assert [room for room, _ in town.news()] == [GROUP]


async def test_where_discord_is_not_reached(town: Town) -> None:  # noqa: F811
    """Who cannot be asked for what is missing knows of no reason; of a room that is not there nothing is said."""
    await set_up(town, ONE)
    town.wire.barred.add(GROUP)
    await town.until(at(26, 12))
    losses, groups = town.services.losses, town.services.groups

    assert town.news() == [("hua", SHUT)]
    assert await losses.missing((await venue(town)).room) == ()
    assert await losses.refused(RoomId(7)) is None
    assert not (await groups.returned(replace(await known(town, "hua"), room_id=RoomId(7)))).gone


async def test_a_channel_that_takes_questions_again_by_then(town: Town) -> None:  # noqa: F811
    """Nobody is told of a fault that is mended."""
    await set_up(town, ONE)
    town.wire.lacking = ("say",)

    assert await town.services.losses.refused((await venue(town)).room.id) is None


async def test_where_nobody_can_say_the_room_stays_gone(town: Town) -> None:  # noqa: F811
    """Somebody presses in a channel that the platform does not know at the moment."""
    await refused(town, "say")
    town.wire.barred.add(GROUP)
    room = (await venue(town)).room
    person = replace(await known(town, "hua"), room_id=room.id)
    await town.services.groups.returned(person)

    assert (await venue(town)).room.gone_at is not None


async def test_nobody_is_left_to_be_told(town: Town) -> None:  # noqa: F811
    """Who set the channel up is forgotten: the fault stays in the log."""
    await set_up(town, ONE)
    found = await venue(town)
    assert found.course is not None
    groups = town.services.groups
    await groups.change(found, replace(found.course, account_id=None))
    shut(town, "say")
    await town.until(at(25, 12))

    assert town.news() == []
