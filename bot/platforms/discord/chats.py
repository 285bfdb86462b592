"""Private chats: which one is whose, opened one by one where nobody knows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from discord import HTTPException

from bot.platforms.discord.calls import Calls
from bot.platforms.discord.faults import TOO_FAST, Fate, fate
from bot.ports.chat import Undeliverable
from bot.ports.clock import Clock

BETWEEN = timedelta(seconds=1)  # they are opened no faster: Discord takes many at once for spam
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
CHATS = 10_000  # whose ids are remembered


@dataclass(slots=True)
class Chats:
    """Everybody who has to wait has an instant of their own, so that none of many comes back in vain.

    Whose instant has come, or is over, may open as soon as ``next``, before those who come later. Where that is not
    soon either, since many are late together, they have a new instant behind all others.
    """

    calls: Calls
    clock: Clock
    ids: dict[str, str] = field(default_factory=dict)  # by person
    turns: dict[str, datetime] = field(default_factory=dict)  # of who waits, or could not be reached at theirs
    next: datetime = _LONG_AGO  # none is opened before it
    free: datetime = _LONG_AGO  # the next instant that is nobody's, none before ``next``

    async def of(self, user: str) -> str:
        """The chat's id; Undeliverable where it may not be opened soon."""
        if user not in self.ids:
            await self.clock.sleep_until(self._opening(user))
        if user not in self.ids:  # nor have they spoken meanwhile
            self.keep(user, await self._opened(user))
        return self.ids[user]

    async def _opened(self, user: str) -> str:
        """The id of a new one; where Discord says that it was too fast nobody's is opened for a while."""
        try:
            return await self.calls.private(user)
        except HTTPException as error:
            if fate(error) is Fate.BUSY:
                self.next = self.clock.now() + TOO_FAST
                self.free = max(self.free, self.next)
            raise

    def keep(self, user: str, chat: str) -> None:
        """Remembers it, and forgets the one that it knows longest where they are too many."""
        self.turns.pop(user, None)
        self.ids[user] = chat
        if len(self.ids) > CHATS:
            del self.ids[next(iter(self.ids))]

    def _opening(self, user: str) -> datetime:
        """The instant at which the chat is opened, which is this person's alone; Undeliverable where it is not soon."""
        now = self.clock.now()
        if self.free <= now:
            self.turns.clear()  # nobody has one that is still to come
        turn = self.turns.get(user, self.free)
        at = max(now, turn, self.next)
        if at - now > BETWEEN:
            self.turns[user] = turn = turn if turn > now else self.free
            self.free = max(self.free, turn + BETWEEN)
            raise Undeliverable("private chats are opened one by one", retry_at=turn)
        self.turns[user], self.next = at, at + BETWEEN
        self.free = max(self.free, self.next)
        return at
