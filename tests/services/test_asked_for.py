"""Nobody is written to in private who did not ask for it, and a channel that lets the bot in again goes on."""

from dataclasses import replace

import pytest

from bot.ports.chat import Incoming
from tests.services.conftest import DRAFTS, clock, reading, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import at, course, known, venue
from tests.services.test_whispers import ONE, hung, pick, press, set_up, town  # noqa: F401 - fixture


@pytest.mark.parametrize("hangs", [True, False])
async def test_the_offer_in_a_channel_says_where(town: Town, *, hangs: bool) -> None:  # noqa: F811
    """After the third answer: by private message, in the channel only if a question comes there, or not at all."""
    await town.services.importing.read(reading(*DRAFTS, ONE), "own", source="1")
    if hangs:
        await set_up(town, *DRAFTS, ONE)
    await town.whispers("mei", "/study")
    said = ""
    for _ in range(3):
        said = await town.whispers("mei", next(label for label in town.shown if label.startswith("不会")))
        if "每日一题" not in said:
            await town.whispers("mei", "下一题")

    assert said.endswith("每日一题送到哪里？\n[私信]" + ("[只在频道里]" if hangs else "") + "[不送]")
    assert "[稍后]" not in said


async def test_an_answer_in_a_channel_moves_nothing(town: Town) -> None:  # noqa: F811
    """The daily question stays where it was: what one hears among others is no place to be written to."""
    ask = await hung(town, ONE)
    await press(town, "mei", f"a:{ask}:1")
    await town.whispers("mei", "/study")
    person = await known(town, "mei")
    await town.services.dailies.at(person, 450)
    elsewhere = await town.services.dailies.of(person)
    await town.services.dailies.change(person, replace(elsewhere, room_id=(await venue(town)).room.id))
    await town.whispers("mei", next(label for label in town.shown if label.startswith("不会")))

    assert (await town.services.dailies.of(person)).room_id == (await venue(town)).room.id


async def test_a_typed_hour_is_asked_once(town: Town) -> None:  # noqa: F811
    """After [私信] and another time the next text is an answer again; an unclear one may be typed into a form."""
    for words in ("/settings", "每日一题", "私信", "别的时间"):
        await town.whispers("mei", words)
    unclear = await town.router.handle(Incoming("text", "test", "mei", "mei", "早上", language="zh-Hans", here=GROUP))
    told = await town.whispers("mei", "6:50")
    awaits = (await town.services.study.place(await known(town, "mei"))).awaits

    assert [reply.form for reply in unclear.replies] == [True]
    assert told == "好，明天 6:50 私信见。想改或停，发 /settings。"
    assert awaits == ""
    assert (await town.services.dailies.of(await known(town, "mei"))).fixed


async def test_a_channel_that_lets_the_bot_in_again_goes_on(town: Town) -> None:  # noqa: F811
    """A refused post stops it; its page says what is lacking, and once nothing is, the questions come again."""
    await set_up(town, ONE)
    await town.services.groups.gone(Incoming("room", "test", "hua", GROUP, "gone"))
    town.wire.lacking = ("say",)
    lacking = await town.whispers("hua", "/settings")
    assert "还缺一项权限：发送消息" in lacking
    assert (await venue(town)).room.gone_at is not None
    town.wire.lacking = ()
    assert "「每日一题」" in await town.whispers("hua", "/settings")
    assert (await venue(town)).room.gone_at is None
    await town.until(at(25, 12))

    assert [room for room, _ in town.news()] == [GROUP]


async def test_a_button_of_a_channel_that_was_left(town: Town) -> None:  # noqa: F811
    """The page's buttons bring it back as well."""
    await set_up(town, ONE)
    await town.services.groups.gone(Incoming("room", "test", "hua", GROUP, "gone"))
    page = await town.whispers("hua", f"room:sound:{(await venue(town)).room.id}")

    assert page != ""
    await town.happens("press", "hua", f"room:sound:{(await venue(town)).room.id}")
    assert not (await course(town)).sound
    assert (await venue(town)).room.gone_at is None


async def test_what_all_hear_is_said_in_the_rooms_words(town: Town) -> None:  # noqa: F811
    """A thread's name is not in the language of who opens it."""
    ask = await hung(town, ONE)
    for who in ("wei", "mei", "lin"):
        await press(town, who, f"a:{ask}:1")
    await town.until(at(25, 20))
    talk = Incoming("press", "test", "john", GROUP, f"talk:{ask}", language="en", group="每日一题")
    said = await town.router.handle(talk)
    private = await town.router.handle(replace(talk, words="room:use"))

    assert (said.reader.language, private.reader.language) == ("zh-Hans", "zh-Hans")


async def test_a_channel_without_a_course_has_no_words_yet(town: Town) -> None:  # noqa: F811
    """Then it is said in those of who speaks."""
    await pick(town)
    said = await town.router.handle(Incoming("room", "test", "john", "-9", "added", language="en", group="other"))

    assert said.reader.language == "en"
