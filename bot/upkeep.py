"""The maintenance hours: APScheduler rings at them, and the work is done in the program's own tasks."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.ports.changes import NotStored
from bot.ports.clock import Clock
from bot.storage.upkeep import copied, expired, miscounted

FIGURES = "figures"
HOURS = {  # by the machine's zone, when few learn
    FIGURES: CronTrigger(minute=0),
    "backup": CronTrigger(hour=3, minute=20),
    "expiry": CronTrigger(hour=3, minute=40),
    "statistics": CronTrigger(day_of_week="sun", hour=3, minute=50),
}

log = structlog.get_logger()


class Upkeep:
    """One event a kind of work: set by the hour (or by a test), it has the work done once."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._events = {name: asyncio.Event() for name in HOURS}

    def ring(self, name: str) -> None:
        """The hour of that work has come; KeyError for a name that there is not."""
        self._events[name].set()

    @contextmanager
    def ringing(self) -> Iterator[AsyncIOScheduler]:
        """Rings at the hours; after a sleep of the machine once, however many were missed."""
        made = AsyncIOScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None})
        for name, hour in HOURS.items():
            made.add_job(self.ring, hour, args=(name,), id=name)
        made.start()
        try:
            yield made
        finally:
            made.shutdown(wait=False)

    async def run(self, name: str) -> None:
        """Does that work at each of its hours."""
        while True:
            await self.once(name)

    async def tell(self, figures: Callable[[], Mapping[str, Any]]) -> None:
        """Logs what the program has counted since its start: every hour, and when this ends."""
        try:
            while True:
                await self._events[FIGURES].wait()
                self._events[FIGURES].clear()
                log.info("post", **figures())
        finally:
            log.info("post", **figures())

    async def once(self, name: str) -> None:
        """Waits for the hour and does the work; what fails is told, and tried again at the next."""
        await self._events[name].wait()
        self._events[name].clear()
        try:
            found = await asyncio.to_thread(WORK[name], self._path, self._clock.now())
        except NotStored as error:
            log.warning("upkeep failed", work=name, reason=type(error).__name__)
        except Exception:
            log.exception("upkeep failed", work=name)
        else:
            log.info("upkeep done", work=name, found=found)


def _backup(path: Path, now: datetime) -> int:
    copied(path, now)
    return 1


def _statistics(path: Path, _now: datetime) -> int:
    found = miscounted(path)
    if found:
        log.error("counters differ from answers", questions=found)
    return found


WORK: dict[str, Callable[[Path, datetime], int]] = {"backup": _backup, "expiry": expired, "statistics": _statistics}
