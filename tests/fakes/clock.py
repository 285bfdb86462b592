"""A clock that stands until it is moved."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count


class Frozen:
    """bot.ports.clock.Clock, kept to its promise: aware UTC, and who sleeps wakes at the instant, never before."""

    def __init__(self, instant: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    async def sleep_until(self, instant: datetime) -> None:
        self._instant = max(self._instant, instant)

    def set(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def pass_by(self, time: timedelta) -> None:
        self._instant += time


class Stepping(Frozen):
    """A clock that goes from sleeper to sleeper: each wakes at its instant, does all it can, then the next."""

    def __init__(self, instant: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        super().__init__(instant)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = count()

    async def sleep_until(self, instant: datetime) -> None:
        if instant <= self.now():
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (instant, next(self._count), woken))
        await woken

    def set(self, instant: datetime) -> None:
        """Set back, everybody sleeps as long as was left."""
        back = max(self.now() - instant, timedelta(0))
        self._sleepers = [(at - back, turn, woken) for at, turn, woken in self._sleepers]
        super().set(instant)

    async def step(self, until: datetime | None = None) -> bool:
        """Lets everybody do what they can, then wakes one sleeper; False where none sleeps (until then)."""
        await asyncio.sleep(0)
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # who could go on: nothing else tells
        while ready:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)  # cancelled
        if not self._sleepers or (until is not None and self._sleepers[0][0] > until):
            return False
        instant, _, woken = heapq.heappop(self._sleepers)
        self.set(max(self.now(), instant))
        woken.set_result(None)
        return True

    async def run(self, until: datetime | None = None) -> None:
        """Steps until nobody sleeps any more, or nobody until an instant, which it then shows."""
        while await self.step(until):
            pass
        if until is not None:
            self.set(max(self.now(), until))


class Hands(Frozen):
    """The same for who really waits: a sleeper sleeps until somebody has moved the hands to its instant."""

    def __init__(self, instant: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        super().__init__(instant)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    @property
    def next(self) -> datetime | None:
        """The earliest instant that anybody sleeps until."""
        return min((instant for instant, _ in self._sleepers), default=None)

    async def sleep_until(self, instant: datetime) -> None:
        while self._instant < instant:
            sleeper = instant, asyncio.get_running_loop().create_future()
            self._sleepers.append(sleeper)
            try:
                await sleeper[1]
            finally:
                self._sleepers.remove(sleeper)

    def set(self, instant: datetime) -> None:
        super().set(instant)
        self._wake()

    def pass_by(self, time: timedelta) -> None:
        super().pass_by(time)
        self._wake()

    def _wake(self) -> None:
        for instant, sleeper in self._sleepers:
            if instant <= self._instant and not sleeper.done():
                sleeper.set_result(None)
