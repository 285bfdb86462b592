"""The clocks: the machine's, and one that a test holds at the other end of a socket."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LOOK_S = 60.0  # asyncio sleeps by another clock, which stands while the machine sleeps


def wall() -> datetime:
    """What the machine's clock shows."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


class SystemClock:
    """The machine's time, or that of another ``wall`` clock."""

    def __init__(self, wall: Callable[[], datetime] = wall) -> None:
        self.now = wall

    async def sleep_until(self, instant: datetime) -> None:
        """At most a minute late where the machine slept or its clock was set on.

        Where it was set back, the wait is over when as much time has passed as was left at its beginning: nobody
        waits for an hour that comes twice.
        """
        await asyncio.sleep(0)  # noqa: TID251 - the one place
        steady = asyncio.get_running_loop().time
        enough = steady() + (instant - self.now()).total_seconds()
        while (left_s := min((instant - self.now()).total_seconds(), enough - steady())) > 0:  # noqa: ASYNC110 - time is no event
            await asyncio.sleep(min(left_s, LOOK_S))  # noqa: TID251 - the same


class HeldClock:
    """A clock that stands until who listens at a Unix socket moves it: for tests of the whole program.

    The listener sends a line, an instant in microseconds since 1970 UTC (or the name of some upkeep, whose hour it
    is then); the program is woken up to it and answers
    ``idle NEXT`` when all that was due is done: the earliest instant that somebody sleeps until, or 0. ``busy``
    says whether anything is being done that does not sleep, once there is somebody to say it.
    """

    def __init__(self, path: str) -> None:
        self.busy: Callable[[], bool] = lambda: False
        self.ring: Callable[[str], None] = lambda _name: None
        self._path = path
        self._now = EPOCH
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._turn = count()
        self._many = MANY
        self._told = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, instant: datetime) -> None:
        if instant <= self._now:
            await asyncio.sleep(0)  # noqa: TID251 - lets the others run, as a sleep that is over does
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (instant, next(self._turn), woken))
        try:
            await woken
        finally:
            self._tidy()

    def _tidy(self) -> None:
        """Lets go of those who sleep no more, when they are many: who waits for ever is woken otherwise."""
        if len(self._sleepers) > self._many:
            self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[2].done()]
            heapq.heapify(self._sleepers)
            self._many = max(MANY, 2 * len(self._sleepers))

    async def run(self) -> None:
        """Follows the listener until it hangs up; a task of the program's."""
        reader, writer = await asyncio.open_unix_connection(self._path)
        try:
            while line := await reader.readline():
                await self._told_by(line.decode().strip())
                writer.write(f"idle {self._next()}\n".encode())
                await writer.drain()
        finally:
            writer.close()

    async def _told_by(self, line: str) -> None:
        if line.lstrip("-").isdecimal():
            await self._move(EPOCH + int(line) * MICROSECOND)
        else:
            self.ring(line)
            await self._settled()

    async def begin(self) -> None:
        """Returns when the clock shows an instant at all."""
        await self._told.wait()

    async def _move(self, instant: datetime) -> None:
        """Wakes who sleeps until then, one instant after the other, and waits until nothing more happens."""
        self._told.set()
        while (due := self._earliest()) is not None and due <= instant:
            self._now = max(self._now, due)
            self._wake()
            await self._settled()
        self._now = max(self._now, instant)
        await self._settled()

    def _earliest(self) -> datetime | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)  # cancelled meanwhile
        return self._sleepers[0][0] if self._sleepers else None

    def _wake(self) -> None:
        while (due := self._earliest()) is not None and due <= self._now:
            heapq.heappop(self._sleepers)[2].set_result(None)

    async def _settled(self) -> None:
        quiet = 0
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(PAUSE_S)  # noqa: TID251 - real time: other threads and the wire need some
            self._wake()
            quiet = quiet + 1 if await self._rests() else 0

    async def _rests(self) -> bool:
        """Whether nothing is done for many turns of the loop: who was just answered needs a few to ask for more."""
        for _ in range(QUIET_TURNS):
            if self.busy():
                return False
            await asyncio.sleep(0)  # noqa: TID251 - one turn
        return not self.busy()

    def _next(self) -> int:
        found = self._earliest()
        return 0 if found is None else (found - EPOCH) // MICROSECOND


MANY = 256
QUIET_LOOKS, QUIET_TURNS = 3, 20
PAUSE_S = 0.002
