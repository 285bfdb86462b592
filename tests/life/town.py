"""A small town around the real program: Telegram on loopback, a clock that is held, people with phones."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from tests.fakes.telegram import Telegram
from tests.life.hand import PATIENCE_S, Hand
from tests.life.program import BOT, Program

SECOND = timedelta(seconds=1)


@dataclass
class Town:
    """The program, the server it talks to, and (unless time runs by itself) the hand on the clock of both."""

    telegram: Telegram
    program: Program
    hand: Hand | None = None

    @property
    def now(self) -> datetime:
        return self.telegram.world.now()

    async def open(self) -> None:
        """Starts the program; returns when it listens, and has said what it owed."""
        before = self._polls()
        await self.program.start()
        if self.hand is not None:
            await self.program.lives(self.hand.holds())
            await self.hand.move(self.hand.now)
        await self.program.lives(self.telegram.until(lambda: self._polls() > before, PATIENCE_S))
        await self.settle()

    async def settle(self) -> datetime | None:
        """Returns when the program has taken in all that was said and pressed, and has nothing more to do now.

        The next instant that it waits for.
        """
        following = None
        while self.hand is not None:
            await self.telegram.until(lambda: not self.telegram.world.updates, PATIENCE_S)
            following = await self.hand.move(self.hand.now)
            if not self.telegram.world.updates:
                break
        return following

    async def wait(self, until: datetime | timedelta) -> None:
        """Time passes: from one instant that something is due at to the next one, so that both sides agree on it."""
        assert self.hand is not None
        end = until if isinstance(until, datetime) else self.hand.now + until
        following = await self.settle()
        while following is not None and following < end:
            following = await self.hand.move(max(following, self.hand.now))
        await self.hand.move(end)
        await self.settle()

    def _polls(self) -> int:
        return sum(call.method == "getUpdates" for call in self.telegram.log)


@asynccontextmanager
async def town(
    folder: Path,
    at: datetime | None = None,
    *,
    command: Sequence[str] = BOT,
    settings: Mapping[str, str] = MappingProxyType({}),
    opened: bool = True,
) -> AsyncIterator[Town]:
    """A town at an instant, where time stands until somebody waits; without one, time runs as it does outside.

    At its end no rule of the Bot API was broken, and nothing stands in the log that is an error.
    """
    hand = None if at is None else Hand(at)
    telegram = Telegram(lambda: datetime.now(UTC) if hand is None else hand.now)
    async with telegram:
        wire = {"STUDYBOT_TELEGRAM_TOKEN": telegram.token, "STUDYBOT_TELEGRAM_API_URL": telegram.url}
        if hand is not None:
            await hand.__aenter__()
            wire["STUDYBOT_CLOCK"] = f"unix:{hand.path}"
        found = Town(telegram, Program(folder, {**wire, **settings}, command), hand)
        try:
            if opened:
                await found.open()
            yield found
        finally:
            await found.program.kill()
            if hand is not None:
                await hand.__aexit__()
    assert telegram.violations == []
    assert await asyncio.to_thread(found.program.bugs) == []
