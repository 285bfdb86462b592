"""What nobody should send: the bot stays up, answers kindly, and tells nobody what is another's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.life.life import Life, life
from tests.life.town import Town, town

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBERS = ("", "0", "-1", "1", "9" * 19, "9" * 40, "१", "x", "1:1", "1:1:1:\u202e1")
NAMES = ("a", "n", "m", "g", "u", "r", "d", "d:at", "d:zone", "w", "z", "x", "c", "hours:at", "hours:drop", "room:set")
FORGED = sorted({f"{name}:{number}"[:40] for name in NAMES for number in NUMBERS} | {"", ":", "::", "\0", "💥" * 16})
TEXTS = {
    "a million letters": "x" * 1_000_000,
    "a million marks": "e" + "\u0301" * 1_000_000,
    "from the right": "\u202e\u2067evil\u2069 <b>&lt;",
    "nothing to see": "\u200b\u200c\u200d\u2060\ufeff",
    "a hidden command": "/st\u200budy",
    "a long command": "/" + "y" * 100_000,
    "a wide slash": "／study",
    "a link that leads out": "/start set_../../etc/passwd",
    "a link from the right": "/start set_\u202etes",
    "half a letter": "\ud83d",
    "tags": "<a href='tg://user?id=1'>x</a>",
    "a thousand lines": "\n" * 1_000,
    "zeros": "\0" * 100,
}
WAITING = "SELECT count(*) FROM inbox"
FILES = {
    "virus.exe": b"MZ\0",
    "": b"",
    "../../study.db": b"x",
    "paper.txt": "一、单选题".encode(),
    "\u202etxt.exe": b"\xff",
}


@pytest.fixture
async def found(tmp_path: Path) -> AsyncIterator[Town]:
    """A town at noon."""
    async with town(tmp_path, NOON) as made:
        yield made


async def asked(found: Town, name: str = "ana") -> Life:
    """Somebody with a question on screen."""
    one = life(found, SHANGHAI, "zh-hans", name)
    await one.says("/start set_xai")
    return one


def actions(one: Life) -> list[str]:
    """What the buttons of the newest message do."""
    return [button["callback_data"] for row in one.newest.rows for button in row]


async def test_forged_presses(found: Town) -> None:
    """Whatever a button is said to do: the press is ended, nothing is answered by it, and the next one works."""
    one = await asked(found)
    message = one.newest
    queries = []
    for data in FORGED:
        await found.wait(timedelta(seconds=5))
        queries.append(one.person.forges(data, message).id)
    await found.wait(timedelta(seconds=5))

    assert [FORGED[at] for at, query in enumerate(queries) if found.telegram.world.queries[query].words is None] == []
    assert found.program.rows("SELECT count(*) FROM answer") == [(0,)]
    await one.says("/start set_xai")
    assert "记下了" in await one.presses("不会")


async def test_what_is_anothers(found: Town) -> None:
    """Nobody answers, undoes, reports or reads what belongs to somebody else."""
    ana, bob = await asked(found), await asked(found, "bob")
    anas = [*actions(ana)]
    await ana.presses("不会")
    anas += actions(ana)
    before = found.program.rows("SELECT * FROM answer"), found.program.rows("SELECT * FROM report")
    told = []
    for data in anas:
        await found.wait(timedelta(seconds=5))
        bob.person.forges(data, bob.newest)
        await found.settle()
        told += bob.screen.looks()

    assert before == (found.program.rows("SELECT * FROM answer"), found.program.rows("SELECT * FROM report"))
    assert [words for words in told if "记下了" in words or "解析" in words] == []


async def test_texts(found: Town) -> None:
    """A text of any sort is answered, while a question waits and by a bot that does not know the writer."""
    one = await asked(found)
    for number, (name, text) in enumerate(TEXTS.items()):
        stranger = life(found, SHANGHAI, "zh-hans", f"eve{number}")

        assert await stranger.says(text) != "", name
        assert await one.says(text) != "", name


async def test_files(found: Town) -> None:
    """A file of any sort gets one line that says where papers are read."""
    one = await asked(found)
    for name, data in FILES.items():
        await found.wait(timedelta(seconds=5))
        one.person.sends_file(name, data)
        await found.settle()

        assert [told.count("studybot import") for told in one.screen.looks()] == [1], name


async def thousand(found: Town) -> Life:
    """Somebody who has just said a thousand things, while somebody else was answered at once."""
    loud, calm = await asked(found, "loud"), await asked(found, "calm")
    for number in range(1_000):
        loud.person.says(f"answer {number}")
    calm.person.presses("不会")
    await found.settle()

    assert ["记下了" in told for told in calm.screen.looks()] == [True]
    return loud


async def test_a_thousand_at_once(found: Town) -> None:
    """Who says a thousand things in a second is served one a second; who presses meanwhile does not wait."""
    loud = await thousand(found)
    before = len(loud.person.chat.messages)
    await found.wait(timedelta(seconds=20))

    assert len(loud.person.chat.messages) - before in range(19, 22)
    assert found.program.rows(WAITING)[0][0] > 900


@pytest.mark.torture
async def test_a_thousand_are_answered(found: Town) -> None:
    """In the end nothing was lost: each of the thousand has its answer."""
    loud = await thousand(found)
    await found.wait(timedelta(minutes=20))

    assert found.program.rows(WAITING) == [(0,)]
    assert len([one for one in loud.person.chat.messages.values() if one.author is None]) >= 1_000
