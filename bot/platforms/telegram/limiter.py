"""How fast messages may go: 30 a second in all, one a second to a chat, 20 a minute to a group, by lanes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.ports.chat import Lane
from bot.ports.clock import Clock

MARGIN = 1.02  # Telegram counts arrivals: a wire that was slow for one and quick for the next brings them closer
SECOND, MINUTE = timedelta(seconds=MARGIN), timedelta(seconds=60 * MARGIN)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
OVERALL: dict[Lane, int] = {"answer": 30, "timed": 28, "pushed": 25}  # a second; the rest is kept for who waits
BURST = 3  # messages to a chat at once, before it is one a second
A_GROUP_MINUTE = 20
BUCKETS_KEPT = 1_000  # then those that are idle are dropped
TOGETHER = timedelta(seconds=2)  # two chats that are refused within it: all are meant
ALL_HELD_AT_MOST = timedelta(seconds=30)


@dataclass(slots=True)
class Window:
    """The instants of the newest sendings, enough to keep to ``most`` in any ``span``."""

    most: int
    span: timedelta
    times: deque[datetime] = field(default_factory=deque)

    def free_at(self, most: int) -> datetime:
        """From when on one more keeps to so many in the span."""
        return self.times[-most] + self.span if len(self.times) >= most else LONG_AGO

    def take(self, at: datetime) -> None:
        self.times.append(at)
        if len(self.times) > self.most:
            self.times.popleft()


@dataclass(slots=True)
class Bucket:
    """A chat's: ``next`` is when it would be free had everything gone at one a second; ``turns`` are who waits."""

    next: datetime = LONG_AGO
    held: datetime = LONG_AGO
    group: Window | None = None
    turns: dict[Lane, asyncio.Lock] = field(default_factory=dict)

    def free_at(self) -> datetime:
        minute = LONG_AGO if self.group is None else self.group.free_at(A_GROUP_MINUTE)
        return max(self.held, self.next - (BURST - 1) * SECOND, minute)

    def take(self, now: datetime) -> None:
        self.next = max(self.next, now) + SECOND
        if self.group is not None:
            self.group.take(now)

    def forget(self) -> None:
        self.next = self.held = LONG_AGO
        if self.group is not None:
            self.group.times.clear()

    def idle(self, now: datetime) -> bool:
        waited_for = any(lock.locked() for lock in self.turns.values())
        return not waited_for and max(self.next, self.held, self._last()) <= now

    def _last(self) -> datetime:
        """When all that went to the group is a minute old."""
        return LONG_AGO if self.group is None else self.group.free_at(1)


class Limiter:
    """Turns for messages and edits, in the order of lanes; an answer to a press is not counted by Telegram.

    A turn is taken when the chat and the whole are free together, never ahead of time: who waits for one chat holds
    no other up, and who is cancelled has taken nothing. ``waits`` counts the turns that had to be waited for.
    """

    def __init__(self, clock: Clock) -> None:
        self.waits = 0
        self._clock = clock
        self._overall = Window(OVERALL["answer"], SECOND)
        self._held = LONG_AGO
        self._refused: tuple[int, datetime] = (0, LONG_AGO)  # the chat that had to wait last, and when it was told
        self._chats: dict[int, Bucket] = {}
        self._most = BUCKETS_KEPT
        self._latest = LONG_AGO
        self._even: dict[Lane, datetime] = {}  # when a lane would be free had everything in it gone evenly
        self._lanes: dict[Lane, asyncio.Lock] = {lane: asyncio.Lock() for lane in OVERALL}

    async def turn(self, chat: int, *, group: bool, lane: Lane) -> None:
        """Returns when a message may go to that chat: first come, first served within a chat's lane."""
        self._look()
        bucket = self._bucket(chat, group=group)
        began = self._clock.now()
        async with bucket.turns.setdefault(lane, asyncio.Lock()):
            while not await self._taken(bucket, lane):
                pass
        self.waits += self._clock.now() > began

    def _look(self) -> None:
        """Forgets all that lies ahead of a clock that was set back: nobody waits for an hour that comes twice."""
        now = self._clock.now()
        if now < self._latest - ALL_HELD_AT_MOST:
            self._overall.times.clear()
            self._even.clear()
            self._held = LONG_AGO
            for bucket in self._chats.values():
                bucket.forget()
        self._latest = now

    async def _taken(self, bucket: Bucket, lane: Lane) -> bool:
        """Whether the turn was taken; not where another lane of the chat was quicker."""
        await self._until_free(bucket.free_at)
        async with self._lane(lane):
            if bucket.free_at() > self._clock.now():
                return False
            now = self._clock.now()
            bucket.take(now)
            self._overall.take(now)
            self._even[lane] = max(self._even.get(lane, LONG_AGO), now) + SECOND / OVERALL[lane]
            return True

    @asynccontextmanager
    async def _lane(self, lane: Lane) -> AsyncIterator[None]:
        """The lane's place among all, in the order in which it was asked for."""
        async with self._lanes[lane]:
            await self._until_free(lambda: max(self._held, self._overall.free_at(OVERALL[lane]), self._even_at(lane)))
            yield

    def _even_at(self, lane: Lane) -> datetime:
        """From when on its next one is no burst: an answer finds room at every moment of a second."""
        return LONG_AGO if lane == "answer" else self._even.get(lane, LONG_AGO) - (BURST - 1) * SECOND / OVERALL[lane]

    async def _until_free(self, free_at: Callable[[], datetime]) -> None:
        while (at := free_at()) > self._clock.now():
            await self._clock.sleep_until(at)
            self._look()

    def held_until(self, chat: int) -> datetime:
        """From when on a chat that has to wait takes messages again; long ago where it does not."""
        found = self._chats.get(chat)
        return LONG_AGO if found is None else found.free_at()

    def hold(self, chat: int, wait: timedelta) -> None:
        """Telegram asked to wait: with this chat, and with all where another was refused just now.

        A group has a limit of its own, so that its refusal says nothing about the others.
        """
        now = self._clock.now()
        until = now + wait
        bucket = self._bucket(chat, group=chat < 0)
        bucket.held = max(bucket.held, until)
        if chat < 0:
            return
        other, at = self._refused
        self._refused = (chat, now)
        if other != chat and now - at <= TOGETHER:
            self._held = max(self._held, min(until, now + ALL_HELD_AT_MOST))

    def _bucket(self, chat: int, *, group: bool) -> Bucket:
        if len(self._chats) >= self._most and chat not in self._chats:
            now = self._clock.now()
            self._chats = {known: bucket for known, bucket in self._chats.items() if not bucket.idle(now)}
            self._most = max(BUCKETS_KEPT, 2 * len(self._chats))  # else each new chat looks through all of them
        if chat not in self._chats:
            self._chats[chat] = Bucket(group=Window(A_GROUP_MINUTE, MINUTE) if group else None)
        return self._chats[chat]
