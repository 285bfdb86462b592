"""The platform is away for a while, or the program is killed while it sends: what comes of it on the wire."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.telegram_rules import Refused
from tests.life.life import life
from tests.life.test_whole_life import DAILY, met
from tests.life.town import Town, town

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 10, 5, 20, tzinfo=BERLIN)
NINE = datetime(2026, 10, 6, 9, tzinfo=BERLIN)
AWAY = Refused("Bad Gateway", code=502)
STANDS = "SELECT unanswered, rhythm FROM daily"


@pytest.mark.parametrize("html", [False, True])
async def test_a_short_outage_loses_no_daily_question(tmp_path: Path, html: bool) -> None:  # noqa: FBT001 - a column
    """Eight refusals from nine o'clock on, Telegram's own or those of a gateway before it: it comes all the same."""
    async with town(tmp_path, MONDAY) as found:
        one = life(found, BERLIN, "de")
        await met(one)
        await one.until("8:59", days=1)
        found.telegram.fail("sendMessage", AWAY, times=8, html=html)

        assert (await one.until("9:30")).count(DAILY) == 1
        assert await one.until("12:30") == ""


async def test_days_without_telegram_are_not_unanswered(tmp_path: Path) -> None:
    """Nothing arrives for days: the learner is asked every day all the same when Telegram is back."""
    async with town(tmp_path, MONDAY) as found:
        one = life(found, BERLIN, "de")
        await met(one)
        found.telegram.fail("sendMessage", AWAY, times=9999)
        for _ in range(5):
            assert await one.until("12:30", days=1) == ""
        stands = found.program.rows(STANDS)
        found.telegram.faults.clear()

        assert stands == [(0, "daily")]
        assert DAILY in await one.until("9:30", days=1)


async def test_killed_twice_in_the_middle(tmp_path: Path) -> None:
    """A daily question that two kills met while it was being sent is given up by the third start, counted and told."""
    async with town(tmp_path, MONDAY) as found:
        one = life(found, BERLIN, "de")
        await met(one)
        await one.until("8:59", days=1)
        await _killed(found, NINE + timedelta(seconds=5))
        assert found.hand is not None
        await found.program.start()
        await found.hand.holds()
        await _killed(found, found.now)
        await found.open()

        assert await one.until("12:30") == ""
        log = (tmp_path / "studybot.log").read_text(encoding="utf-8")
        assert [line["count"] for line in map(json.loads, log.splitlines()) if "given up" in line["event"]] == [1]


async def _killed(found: Town, at: datetime) -> None:
    """Killed while a message is on its way that is due by an instant."""
    assert found.hand is not None
    before = _sendings(found)
    found.telegram.hang("sendMessage")
    moving = asyncio.ensure_future(found.hand.move(at))
    await found.telegram.until(lambda: _sendings(found) > before)
    await found.program.kill()
    await asyncio.gather(moving, return_exceptions=True)  # Gone, but where it was idle before it was connected


def _sendings(found: Town) -> int:
    return sum(call.method == "sendMessage" for call in found.telegram.log)
