"""The maintenance hours: each rings, and its work is done once, in the program's own task."""

import asyncio
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.migrate import migrate
from bot.upkeep import HOURS, Upkeep
from tests.fakes.clock import Frozen

NOW = datetime(2026, 11, 25, 3, 20, tzinfo=UTC)


@pytest.fixture
def upkeep(tmp_path: Path) -> Upkeep:
    migrate(tmp_path / "studybot.db")
    return Upkeep(tmp_path / "studybot.db", Frozen(NOW))


def copies(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.daily-*")]


async def test_a_ring_has_the_work_done(upkeep: Upkeep, tmp_path: Path) -> None:
    """The hour sets an event, and the task that waits for it does the work."""
    upkeep.ring("backup")
    await upkeep.once("backup")

    assert copies(tmp_path) == ["studybot.db.daily-2026-11-25"]


async def test_work_that_fails_is_tried_at_the_next_hour(tmp_path: Path) -> None:
    """Without a database nothing can be copied; the next ring succeeds."""
    upkeep = Upkeep(tmp_path / "studybot.db", Frozen(NOW))
    upkeep.ring("backup")
    await upkeep.once("backup")
    before = copies(tmp_path)
    migrate(tmp_path / "studybot.db")
    upkeep.ring("backup")
    await upkeep.once("backup")

    assert (before, copies(tmp_path)) == ([], ["studybot.db.daily-2026-11-25"])


async def test_no_hour_is_dropped(upkeep: Upkeep) -> None:
    """After a sleep of the machine each work is done once, however late and however many hours were missed."""
    with upkeep.ringing() as scheduler:
        jobs = {job.id: (job.coalesce, job.misfire_grace_time) for job in scheduler.get_jobs()}

    assert jobs == dict.fromkeys(HOURS, (True, None))


async def test_a_fault_of_any_kind_ends_nothing(tmp_path: Path) -> None:
    """Where a folder stands in the copy's place it is told in the log, and the bot goes on."""
    migrate(tmp_path / "studybot.db")
    (tmp_path / "studybot.db.daily-2026-11-25").mkdir()
    upkeep = Upkeep(tmp_path / "studybot.db", Frozen(NOW))
    upkeep.ring("backup")
    await upkeep.once("backup")

    assert (tmp_path / "studybot.db.daily-2026-11-25").is_dir()


async def test_the_figures_are_told_every_hour_and_at_the_end(upkeep: Upkeep) -> None:
    """One line of the log each time, with what was counted by then."""
    counted = count(1)
    with capture_logs() as lines:
        telling = asyncio.ensure_future(upkeep.tell(lambda: {"outbox": {"sent": next(counted)}}))
        await asyncio.sleep(0)
        upkeep.ring("figures")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        telling.cancel()
        await asyncio.wait([telling])

    assert [(line["event"], line["outbox"]["sent"]) for line in lines] == [("post", 1), ("post", 2)]
