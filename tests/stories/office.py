"""What the bot does by itself: timers and messages of a house, run while its clock is moved."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.ports.post import Post, Wake
from bot.services.post import Bell, Sender, Ticker
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.fakes.clock import Hands
from tests.fakes.wire import Screens, Seen


@dataclass
class Office:
    """Ticker and Sender at work, and the screens they send to."""

    clock: Hands
    ticker: Ticker
    sender: Sender
    screens: Screens

    async def settled(self) -> None:
        """Returns when all that is due was done and sent."""
        await asyncio.sleep(0)  # who was woken begins
        while not self._is_idle():  # noqa: ASYNC110 - no one event says that two loops have come to rest
            await asyncio.sleep(0.0005)

    async def move(self, to: datetime) -> tuple[list[Seen], list[Seen]]:
        """Moves the clock, from timer to timer; what was seen on the way, and at the end."""
        while (due := self.clock.next) is not None and self.clock.now() < due < to:
            self.clock.set(due)
            await self.settled()
        before = self.screens.taken()
        self.clock.set(to)
        await self.settled()
        return before, self.screens.taken()

    def _is_idle(self) -> bool:
        pair = (self.ticker, self.sender)
        return all(one.bell.resting and not one.under_way for one in pair)


@asynccontextmanager
async def working(
    engine: SqliteStorage,
    wake: Callable[[Wake], Awaitable[None]],
    clock: Hands,
    *,
    post: Post | None = None,
    screens: Screens | None = None,
    awake: bool = True,
) -> AsyncIterator[Office]:
    """The two over a database, on the wires of two platforms that lead to the same screens; at work while awake."""
    post, screens, bells = post or Outbox(engine), screens or Screens(), (Bell(clock), Bell(clock))

    def ring() -> None:
        for bell in bells:
            bell.ring()

    engine.on_post = ring
    async with asyncio.TaskGroup() as tasks:
        ticker = Ticker(post, clock, bells[0], wake, tasks.create_task)
        sender = Sender(post, clock, bells[1], {"telegram": screens, "discord": screens}, tasks.create_task)
        running = [tasks.create_task(one.run()) for one in (ticker, sender) if awake]
        try:
            yield Office(clock, ticker, sender, screens)
        finally:
            screens.open.set()  # whatever a test held back: nobody waits for it any more
        for one in running:
            one.cancel()
