"""A group that the bot was taken out of, or may not write in: who set it up is told once, in private."""

from dataclasses import replace

import pytest

from bot.domain.question import RoomId
from tests.services.conftest import clock, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import NewTown, at, course, known, new_town, running, venue  # noqa: F401 - a fixture

LEFT = "「群」的题发不出去了：我已经不在那个群里了。\n想接着出题，把我加回去就行。"
BARRED = (
    "「群」的题发不出去了：我不在那个群里了，或者不能在那里发言。\n"
    "想接着出题，把我加回去或允许我发言，再在群里发 /settings。"
)


async def taken_out(town: Town, who: str = "ming") -> None:
    await town.happens("room", who, "gone", GROUP)


async def added(town: Town) -> None:
    await town.happens("room", "ming", "added", GROUP)


async def heard(town: Town, *until: int) -> list[tuple[str, str]]:
    """What is said to people until then."""
    await town.until(at(*until))
    return [(room, said) for room, said in town.news() if not room.startswith(GROUP)]


async def test_another_takes_the_bot_out(new_town: NewTown) -> None:  # noqa: F811
    """Who set the group up is told ten minutes later, and never again; added again the group goes on."""
    town = await new_town()
    await running(town)
    await taken_out(town)

    assert await heard(town, 25, 12, 8) == []
    assert await heard(town, 25, 12, 9) == [("hua", LEFT)]
    assert await heard(town, 28, 13) == []
    await added(town)
    await town.until(at(29, 12))
    assert [room for room, said in town.news() if "20:00 公布答案" in said] == [GROUP]


@pytest.mark.parametrize("who", ["hua", "nobody"])
async def test_who_takes_it_out_knows(new_town: NewTown, who: str) -> None:  # noqa: F811
    """Whoever set the group up and takes the bot out is told nothing; of anybody else they are told."""
    town = await new_town()
    await running(town)
    await taken_out(town, who)

    assert await heard(town, 26, 13) == ([] if who == "hua" else [("hua", LEFT)])


async def test_a_bot_that_is_back_at_once(new_town: NewTown) -> None:  # noqa: F811
    """Added again within ten minutes: nothing was lost, nothing is said."""
    town = await new_town()
    await running(town)
    await taken_out(town)
    await town.until(at(25, 12, 5))
    town.news()
    await added(town)

    assert await heard(town, 25, 19) == []


async def test_nothing_was_to_come(new_town: NewTown) -> None:  # noqa: F811
    """A group that had stopped its questions misses none."""
    town = await new_town()
    await running(town)
    await town.happens("press", "hua", f"room:stop:{(await venue(town)).room.id}")
    town.news()
    await taken_out(town)

    assert await heard(town, 26, 13) == []


async def test_nobody_is_waked_at_night(new_town: NewTown) -> None:  # noqa: F811
    """In quiet hours it waits for the morning, and is not said where the bot is back by then."""
    town = await new_town()
    await running(town)
    await town.until(at(25, 23))
    town.news()
    await taken_out(town)
    assert await heard(town, 26, 6, 59) == []
    assert await heard(town, 26, 7) == [("hua", LEFT)]
    await added(town)
    await town.until(at(27, 23))
    await taken_out(town)
    await town.until(at(28, 1))
    await added(town)
    town.news()

    assert await heard(town, 28, 11) == []


async def test_in_and_out(new_town: NewTown) -> None:  # noqa: F811
    """However often the bot is taken out, it is told once a day at most."""
    town = await new_town()
    await running(town)
    told = []
    for hour in (13, 14, 15):
        await town.until(at(25, hour))
        await taken_out(town)
        told += await heard(town, 25, hour, 30)
        if hour < 15:
            await added(town)

    assert [room for room, said in told if said == LEFT] == ["hua"]
    assert await heard(town, 26, 13, 9) == []
    assert await heard(town, 26, 13, 10) == [("hua", LEFT)]
    assert await heard(town, 28, 13) == []


async def test_topics_of_one_chat(new_town: NewTown) -> None:  # noqa: F811
    """A chat with courses in several topics is told of once."""
    town = await new_town()
    await running(town)
    town.wire.admins.add(("-1/5", "hua"))
    await town.says("hua", "/settings", "-1/5")
    await town.presses("hua", "设置")
    await town.presses("hua", "算术 · 6 题")
    await town.presses("hua", "每天 9:00")
    town.news()
    await taken_out(town)

    assert await heard(town, 28, 13) == [("hua", LEFT)]


async def test_a_group_that_refuses(new_town: NewTown) -> None:  # noqa: F811
    """Nobody told the bot that it was taken out, or it may not write: the first refused question says so, once."""
    town = await new_town()
    await running(town)
    town.wire.barred.add(GROUP)
    assert await heard(town, 25, 12) == [("hua", BARRED)]
    assert await heard(town, 28, 13) == []
    town.wire.barred.clear()
    await town.says("hua", "/settings", GROUP)
    await town.until(at(29, 12))

    assert [room for room, said in town.news() if "20:00 公布答案" in said] == [GROUP]


async def test_a_loss_that_is_told_twice(new_town: NewTown) -> None:  # noqa: F811
    """Refused and taken out at once: one word about both."""
    town = await new_town()
    await running(town)
    town.wire.muted.add(GROUP)
    await town.until(at(25, 12))
    await taken_out(town)

    assert await heard(town, 28, 13) == [("hua", BARRED)]


async def test_nobody_is_left(new_town: NewTown) -> None:  # noqa: F811
    """Who set the group up is forgotten, or nothing was set up there: there is nobody to tell."""
    town = await new_town()
    await running(town)
    await town.services.groups.change(await venue(town), replace(await course(town), account_id=None))
    await taken_out(town)

    assert await heard(town, 28, 13) == []
    assert await town.services.losses.left(RoomId(7)) is None


async def test_a_group_without_a_course(new_town: NewTown) -> None:  # noqa: F811
    """The bot was in a group where nothing was set up: a timer for it says nothing."""
    town = await new_town()
    await added(town)
    town.news()
    await taken_out(town)

    assert await town.services.losses.left((await venue(town)).room.id) is None
    assert await heard(town, 26, 13) == []
