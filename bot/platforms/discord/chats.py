"""Private chats: which one is whose, opened one by one where nobody knows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.platforms.discord.calls import Calls
from bot.ports.chat import Undeliverable
from bot.ports.clock import Clock

BETWEEN = timedelta(seconds=1)  # they are opened no faster: Discord takes many at once for spam
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
CHATS = 10_000  # whose ids are remembered


@dataclass(slots=True)
class Chats:
    """Everybody who has to wait has an instant of their own, so that none of many comes back in vain."""

    calls: Calls
    clock: Clock
    ids: dict[str, str] = field(default_factory=dict)  # by person
    turns: dict[str, datetime] = field(default_factory=dict)  # of who waits, or waited since anybody did not
    free: datetime = _LONG_AGO  # the next instant that is nobody's

    async def of(self, user: str) -> str:
        """The chat's id; Undeliverable until it may be opened."""
        if user not in self.ids:
            turn = self._turn(user)
            if turn > self.clock.now():
                raise Undeliverable("private chats are opened one by one", retry_at=turn)
            self.keep(user, await self.calls.private(user))
        return self.ids[user]

    def keep(self, user: str, chat: str) -> None:
        """Remembers it, and forgets the one that it knows longest where they are too many."""
        self.ids[user] = chat
        if len(self.ids) > CHATS:
            del self.ids[next(iter(self.ids))]

    def _turn(self, user: str) -> datetime:
        now = self.clock.now()
        if self.free <= now:
            self.turns.clear()
        if user not in self.turns:
            self.turns[user] = max(now, self.free)
            self.free = self.turns[user] + BETWEEN
        return self.turns[user]
