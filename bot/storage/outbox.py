"""The post port over a database: inbox, outbox and timers, each act one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ports.post import Arrival, Letter, Lost, Outgoing, Placed, Wake
from bot.storage.queries import post
from bot.storage.sqlite import SqliteStorage


@dataclass(frozen=True, slots=True)
class Outbox:
    """bot.ports.storage.Post, whose promises hold here."""

    engine: SqliteStorage

    async def recover(self) -> int:
        return await self.engine.change(post.recover)

    async def take_in(
        self, arrivals: Sequence[Arrival], finished: Sequence[str] = (), placed: Sequence[Placed] = ()
    ) -> None:
        await self.engine.change(post.take_in, arrivals, finished, placed)

    async def failed(self, arrival: str) -> bool:
        return await self.engine.change(post.failed, arrival)

    async def owed(self, platform: str, after: Arrival | None = None, most: int = 500) -> tuple[Arrival, ...]:
        return await self.engine.read(post.owed, platform, after, most)

    async def owed_to(self, platform: str, account: str, most: int) -> tuple[Arrival, ...]:
        return await self.engine.read(post.owed_to, platform, account, most)

    async def aside(self) -> int:
        return await self.engine.read(post.aside)

    async def next_wake(self) -> datetime | None:
        return await self.engine.read(post.next_wake)

    async def next_letter(self, platform: str) -> datetime | None:
        return await self.engine.read(post.next_letter, platform)

    async def claim_wakes(self, now: datetime, most: int) -> tuple[Wake, ...]:
        return await self.engine.change(post.claim_wakes, now, most)

    async def claim_letters(self, platform: str, now: datetime, most: int) -> tuple[tuple[Letter, ...], Lost]:
        return await self.engine.change(post.claim_letters, platform, now, most)

    async def delivered(self, message: Outgoing, native: tuple[str, ...], now: datetime) -> None:
        await self.engine.change(post.delivered, message, native, now)

    async def begun(self, message: Outgoing, now: datetime, *, again: bool = False) -> bool:
        return await self.engine.change(post.begun, message, now, again=again)

    async def postponed(self, message: Outgoing, at: datetime, *, sent: Sequence[str] = (), unsure: bool) -> None:
        await self.engine.change(post.postponed, message, at, sent=tuple(sent), unsure=unsure)

    async def undeliverable(self, message: Outgoing, now: datetime, *, gone: bool, unsure: bool = False) -> None:
        await self.engine.change(post.undeliverable, message, now, gone=gone, unsure=unsure)
        if gone:
            self.engine.on_post()  # a timer may have been set
