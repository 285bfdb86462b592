"""What every inbox promises of the questions that are shown in answer to somebody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ports.changes import Changes
from bot.ports.chat import Reply
from bot.ports.post import Message, Placed
from tests.contracts.test_post import MINUTE, NOW, READER, House, house  # noqa: F401 - a fixture
from tests.contracts.test_post import message as outgoing
from tests.storage import world

HOME = world.ROOM
SLOT = "ask:301"


@pytest.fixture
async def asked(house: House) -> House:  # noqa: F811 - the fixture
    """The world's questions 0, 1 and 2, asked in lin's room."""
    await house.storage.commit(world.contents())
    return house


def placed(*native: str, slot: str = SLOT, at: int = 0) -> Placed:
    return Placed("terminal", "tty", slot, native, NOW + at * MINUTE)


async def shown(house: House, slot: str = SLOT) -> Message | None:  # noqa: F811 - the fixture's record
    """Where the post would change what stands in a slot of lin's room."""
    edit = replace(outgoing("edit", HOME), reply=Reply(slot=slot, edit=True))
    await house.writes(edit)
    letter = await house.letter()
    await house.post.undeliverable(letter.message, NOW, gone=False)
    return letter.shown


async def test_where_a_question_is(asked: House) -> None:
    """It is known from the commit on that takes in what comes next, as of a message that the bot sent first."""
    await asked.post.take_in([], ["telegram:1"], [placed("7", "8")])

    assert await shown(asked) == Message(HOME, SLOT, ("7", "8"), NOW)


async def test_a_question_shown_again(asked: House) -> None:
    """All its messages are known, the newest first."""
    await asked.post.take_in([], [], [placed("7"), placed("9", at=5)])

    assert await shown(asked) == Message(HOME, SLOT, ("9", "7"), NOW + timedelta(minutes=5))


async def test_an_answered_question(asked: House) -> None:
    """With the next one of the room it is known no more; one that waits is."""
    await asked.post.take_in([], [], [placed("7"), placed("8", slot="ask:302")])
    await asked.storage.commit(Changes(inserts=(world.answer(1),)))
    await asked.post.take_in([], [], [placed("9", slot="ask:303")])

    assert [await shown(asked, f"ask:{ask}") for ask in (301, 302)] == [
        None,
        Message(HOME, "ask:302", ("8",), NOW),
    ]


async def test_the_room_of_nobody(asked: House) -> None:
    """Whose room it was may be forgotten meanwhile: nothing is kept, and what arrives is taken in."""
    await asked.post.take_in([], [], [replace(placed("7"), room="gone")])

    assert await shown(asked) is None
