"""What the bot does by itself: timers and messages of a house, run while its clock is moved."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.ports.chat import PLATFORMS
from bot.ports.post import Post, Wake
from bot.services.post import Bell, Counts, Sender, Ticker
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.fakes.clock import Hands
from tests.fakes.wire import Screens, Seen


@dataclass
class Office:
    """Ticker and the senders, by platform, at work, and the screens they send to."""

    clock: Hands
    ticker: Ticker
    senders: dict[str, Sender]
    screens: Screens

    @property
    def sender(self) -> Sender:
        """Telegram's."""
        return self.senders["telegram"]

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
        workers: list[Ticker | Sender] = [self.ticker, *self.senders.values()]
        return all(one.bell.resting and not one.under_way for one in workers)


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
    """All of them over a database; the wires of two platforms lead to the same screens; at work while awake."""
    post, screens, counts = post or Outbox(engine), screens or Screens(), Counts()
    async with asyncio.TaskGroup() as tasks:
        ticker = Ticker(post, clock, Bell(clock), wake, tasks.create_task)
        senders = {
            name: Sender(
                name, None if name == "terminal" else screens, post, clock, Bell(clock), tasks.create_task, counts
            )
            for name in PLATFORMS
        }
        workers: list[Ticker | Sender] = [ticker, *senders.values()]

        def ring() -> None:
            for one in workers:
                one.bell.ring()

        engine.on_post = ring
        running = [tasks.create_task(one.run()) for one in workers if awake]
        try:
            yield Office(clock, ticker, senders, screens)
        finally:
            screens.open.set()  # whatever a test held back: nobody waits for it any more
        for one in running:
            one.cancel()
