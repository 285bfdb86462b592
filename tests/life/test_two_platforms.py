"""A learner who changes platform in the middle: one program, two wires, one learner."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.telegram_chats import labels
from tests.life.guild import Guild, guild
from tests.life.life import PACE, Life, life
from tests.life.town import Town, town
from tests.stories.notation import Line

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 11, 23, 20, tzinfo=LONDON)
DAILY = "Daily question"


@dataclass
class Desk:
    """The same person in front of Discord: what is told is what that shows anew."""

    town: Town
    guild: Guild
    room: str = ""  # the channel, where all is said there

    async def does(self, words: str) -> str:
        await self.town.wait(PACE)
        self.guild.does(Line("said", words, f"ana@{self.room}"))
        await self.town.settle()
        return "\n".join(self.guild.looks())


async def met(phone: Life) -> None:
    """Three answers on Telegram, and the daily question at half past seven."""
    await phone.says("/start set_xai-en")
    for _ in range(2):
        await phone.presses("Don't know")
        await phone.presses("Next")
    assert "One question a day?" in await phone.presses("Don't know")
    assert "tomorrow at 7:30" in await phone.presses("Daily 7:30")


async def linked(phone: Life, desk: Desk, answers: str) -> None:
    """The code of one platform, sent on the other, and confirmed there."""
    code = re.search(r"L-\w{6}", await phone.says("/link"))
    assert code is not None
    assert answers in await desk.does(f"/link {code[0]}")
    assert answers in await desk.does("[Link]")
    assert "This account is now linked to one on Discord." in "\n".join(phone.screen.looks())


async def test_changing_platform(tmp_path: Path) -> None:
    """Begun on Telegram, gone on with on Discord: one goal, one streak, one daily question, the same numbers."""
    async with town(tmp_path, EVENING, on=("telegram", "discord"), opened=False) as found:
        phone = life(found, LONDON, "en-gb")
        desk = Desk(found, guild(found, ["ana"], room="", locale="en-GB", others=0))
        await found.open()
        await met(phone)
        assert DAILY in await phone.until("7:30", days=1)
        assert "4 left today · 2 days in a row" in await phone.presses("Don't know")
        await linked(phone, desk, "4 answers")

        await desk.does("/study")
        assert "3 left today" in await desk.does("[Don't know]")
        await phone.says("/study")
        assert "2 left today" in await phone.presses("Don't know")

        assert (await phone.until("9:00", days=1)).count(DAILY) == 1
        assert desk.guild.looks() == []
        await desk.does("/daily")
        assert "3 days in a row" in await desk.does("[Don't know]")
        assert "Answered on Discord." in "\n".join(phone.screen.looks())
        assert numbers(await phone.says("/stats")) == numbers(await desk.does("/stats"))


@asynccontextmanager
async def linked_here(folder: Path, room: str = "") -> AsyncIterator[tuple[Life, Desk]]:
    """One learner in front of both: a question waits on the phone, shown there before the two were linked."""
    async with town(folder, EVENING, on=("telegram", "discord"), opened=False) as found:
        phone = life(found, LONDON, "en-gb")
        desk = Desk(found, guild(found, ["ana"], room=room, locale="en-GB", others=0), room)
        await found.open()
        await phone.says("/start set_xai-en")
        await linked(phone, desk, "0 answers")
        yield phone, desk


async def test_shown_on_telegram_answered_on_discord(tmp_path: Path) -> None:
    """A question that was shown in answer to a word; answered on the other, it says so, and its buttons go."""
    async with linked_here(tmp_path) as (phone, desk):
        asked = next(one for one in phone.screen.pane.shown.values() if labels(one.rows))
        await desk.does("/study")
        await desk.does("[Don't know]")
        (told,) = phone.screen.looks()

    assert told.startswith(f"bot~: {asked.text}\n")
    assert told.endswith("\n  Answered on Discord.")


@pytest.mark.parametrize(("room", "minutes"), [("", 0), ("", 60), ("general", 0)], ids=["private", "later", "channel"])
async def test_shown_on_discord_answered_on_telegram(room: str, minutes: int, tmp_path: Path) -> None:
    """In private whenever it is; what only its learner sees in a channel while its interaction can be answered."""
    async with linked_here(tmp_path, room) as (phone, desk):
        await desk.does("/study")
        await phone.town.wait(timedelta(minutes=minutes))
        await phone.presses("Don't know")
        (told,) = desk.guild.looks()

    assert told.startswith("bot~>ana: (" if room else "bot~: (")
    assert told.endswith("\n  Answered on Telegram.")


async def test_what_nobody_can_change_stays(tmp_path: Path) -> None:
    """After a quarter of an hour what only its learner sees stays as it is; pressed, it says where it was answered."""
    async with linked_here(tmp_path, "general") as (phone, desk):
        await desk.does("/study")
        await phone.town.wait(timedelta(minutes=16))
        await phone.presses("Don't know")
        assert desk.guild.looks() == []
        told = await desk.does("[Don't know]")

    assert told == "bot>ana: Answered on Telegram."


async def test_shown_twice(tmp_path: Path) -> None:
    """Shown again below, it is one question: the newest message says where it was answered, the older one goes."""
    async with linked_here(tmp_path) as (phone, desk):
        await phone.says("/start")
        await desk.does("/study")
        await desk.does("[Don't know]")
        told = phone.screen.looks()

    assert [one.split("\n")[-1].strip() for one in told] == ["bot~: (deleted)", "Answered on Discord."]


def numbers(told: str) -> list[str]:
    return re.findall(r"\d+", told)
