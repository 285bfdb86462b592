"""A learner who changes platform in the middle: one program, two wires, one learner."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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

    async def does(self, words: str) -> str:
        await self.town.wait(PACE)
        self.guild.does(Line("said", words, "ana"))
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


async def linked(phone: Life, desk: Desk) -> None:
    """The code of one platform, sent on the other, and confirmed there."""
    code = re.search(r"L-\w{6}", await phone.says("/link"))
    assert code is not None
    assert "4 answers" in await desk.does(f"/link {code[0]}")
    assert "4 answers" in await desk.does("[Link]")
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
        await linked(phone, desk)

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


def numbers(told: str) -> list[str]:
    return re.findall(r"\d+", told)
