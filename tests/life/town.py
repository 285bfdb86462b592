"""A small town around the real program: Telegram and Discord on loopback, a clock that is held, people with phones."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from tests.fakes.discord import Discord
from tests.fakes.telegram import Telegram
from tests.life.ends import End, OnDiscord, OnTelegram
from tests.life.hand import Hand
from tests.life.program import BOT, Program

SECOND = timedelta(seconds=1)
Platform = Literal["telegram", "discord"]
ON_TELEGRAM: tuple[Platform, ...] = ("telegram",)


@dataclass
class Town:
    """The program, the servers, and (unless time runs by itself) the hand on the clock of all of them.

    ``ends`` are the servers that the program talks to; the others stand idle.
    """

    telegram: Telegram
    discord: Discord
    ends: Sequence[End]
    program: Program
    hand: Hand | None = None

    @property
    def now(self) -> datetime:
        return self.telegram.world.now()

    async def open(self) -> None:
        """Starts the program; returns when it listens, and has said what it owed."""
        before = [end.listened() for end in self.ends]
        await self.program.start()
        if self.hand is not None:
            await self.program.lives(self.hand.holds())
            await self.hand.move(self.hand.now)
        for end, count in zip(self.ends, before, strict=True):
            await self.program.lives(end.until(lambda end=end, count=count: end.listened() > count))  # type: ignore[misc]
        await self.settle()

    async def settle(self) -> datetime | None:
        """Returns when the program has taken in all that was said and pressed, and has nothing more to do now.

        The next instant that it waits for.
        """
        following = None
        while self.hand is not None:
            for end in self.ends:
                await end.until(end.heard)
            following = await self.hand.move(self.hand.now)
            if all(end.heard() for end in self.ends):
                break
        return following

    async def wait(self, until: datetime | timedelta) -> None:
        """Time passes: from one instant that something is due at to the next one, so that all sides agree on it."""
        assert self.hand is not None
        end = until if isinstance(until, datetime) else self.hand.now + until
        following = await self.settle()
        while following is not None and following < end:
            following = await self.hand.move(max(following, self.hand.now))
        await self.hand.move(end)
        await self.settle()


@asynccontextmanager
async def town(
    folder: Path,
    at: datetime | None = None,
    *,
    command: Sequence[str] = BOT,
    settings: Mapping[str, str] = MappingProxyType({}),
    on: Collection[Platform] = ON_TELEGRAM,
    opened: bool = True,
) -> AsyncIterator[Town]:
    """A town at an instant, where time stands until somebody waits; without one, time runs as it does outside.

    ``on``: where the program talks. At its end no rule of a platform's was broken, and nothing stands in the log that
    is an error.
    """
    hand = None if at is None else Hand(at)
    found = _built(folder, hand, on)
    async with AsyncExitStack() as stack:
        for server in (found.telegram, found.discord):
            await stack.enter_async_context(server)
        if hand is not None:
            await stack.enter_async_context(hand)
            found.program.settings["STUDYBOT_CLOCK"] = f"unix:{hand.path}"
        for end in found.ends:
            found.program.settings |= end.settings
        found.program.settings |= settings
        found.program.command = command
        stack.push_async_callback(found.program.kill)
        if opened:
            await found.open()
        yield found
    assert found.telegram.violations == []
    assert found.discord.violations == []
    assert await asyncio.to_thread(found.program.bugs) == []


def _built(folder: Path, hand: Hand | None, on: Collection[Platform]) -> Town:
    def now() -> datetime:
        return datetime.now(UTC) if hand is None else hand.now

    telegram, discord = Telegram(now), Discord(now)
    ends: dict[Platform, End] = {"telegram": OnTelegram(telegram), "discord": OnDiscord(discord)}
    return Town(telegram, discord, [ends[one] for one in on], Program(folder, {}), hand)
