"""Updates on their way in: polled, kept in the inbox, confirmed, handled one person after the other."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Protocol, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.platforms.platform import Handle, Unusable
from bot.platforms.telegram.faults import Fate, fate, pause, undeliverable
from bot.platforms.telegram.raw import OUR_NAME, id_of, kept, number_of, numbered, whose
from bot.platforms.telegram.speaker import Told
from bot.platforms.telegram.update import Raw, Update, update
from bot.ports.chat import Said
from bot.ports.clock import Clock
from bot.ports.post import Arrival, Post
from bot.ports.rows import NotStored

POLL_S = 50  # how long Telegram holds an empty answer back
MOST_WAITING = 50  # of one person in memory; what is more stays in the inbox until they are served
RESENT = 8  # such tries at one answer; over minutes, for they are farther apart each time
REMEMBERED = 10_000  # ids of what was answered: Telegram may bring an update again
PAUSE = timedelta(seconds=1)  # after a failure, doubled up to a minute
LONGEST_PAUSE = timedelta(minutes=1)
CLOSED_OUT = 3  # refusals of the token in a row

log = structlog.get_logger()

Result = TypeVar("Result")
Start = Callable[[Coroutine[Any, Any, None]], object]


class Poll(Protocol):
    """Where updates come from: raw JSON from an offset on, as soon as there is any."""

    async def __call__(self, offset: int, timeout_s: int, /) -> list[Any]: ...


@dataclass(slots=True)
class Counts:
    """What an operator may want to know since the start."""

    taken: int = 0
    junk: int = 0  # without a number: nothing that could be kept
    aside: int = 0  # three failures
    unreachable: int = 0  # the room took no answer


@dataclass(slots=True)
class Queue:
    """One person's arrivals, in order. ``more``: others wait in the inbox, behind ``waiting``."""

    waiting: deque[Arrival] = field(default_factory=deque)
    more: bool = False
    reading: bool = False  # from the inbox: what comes now may or may not be among it


@dataclass(slots=True)
class Attempt:
    """How far the answering of one arrival has come: what was decided, and which of it was said."""

    said: Said | None
    told: Told = field(default_factory=Told)
    pauses: int = 0
    unsure: int = 0  # tries of which nobody knows the end: each may have arrived


@dataclass(slots=True)
class Listener:
    """Takes updates in: at least once each, with its effects once.

    A batch is kept before the next poll's offset confirms it, and no row goes before all was said to it and that
    poll was answered: Telegram never brings again what is not known any more. People are served together, one
    person in order.
    """

    poll: Poll
    post: Post
    clock: Clock
    handle: Handle
    say: Callable[[Update, Said, Told], Awaitable[None]]
    start: Start
    me: str = ""
    counts: Counts = field(default_factory=Counts)
    leaving: bool = False
    _offset: int = 0
    _confirmed: int = 0  # the offset that Telegram has got
    _queues: dict[str, Queue] = field(default_factory=dict)
    _finished: dict[str, int] = field(default_factory=dict)  # said, and not forgotten: by number
    _recent: dict[str, None] = field(default_factory=dict)
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """What was left of the last time first; then whatever comes, until cancelled.

        Unusable where Telegram does not know the token any more.
        """
        owed = await self.post.owed(OUR_NAME)
        self._offset = max((number_of(arrival.id) + 1 for arrival in owed), default=0)
        self._enqueue(owed)
        faults: list[Exception] = []
        while not self.leaving:
            try:
                await self._polled()
                faults.clear()
            except (TelegramError, NotStored) as error:
                await self._rest(error, faults)

    async def leave(self) -> None:
        """Takes nothing more in, and returns when all that was begun is answered; the rest stays in the inbox."""
        self.leaving = True
        while self._queues:
            self._empty.clear()
            await self._empty.wait()

    async def _polled(self) -> None:
        """One batch. A new offset is told at once: until it is, nothing of the batch before may be forgotten."""
        offset = self._offset
        batch = await self.poll(offset, POLL_S if self._confirmed == offset else 0)
        self._confirmed = offset
        numbers = [number for raw in batch if (number := numbered(raw)) is not None]
        self.counts.junk += len(batch) - len(numbers)
        await self._take_in([raw for raw in batch if numbered(raw) is not None])
        if numbers:
            self._offset = max(numbers) + 1  # lower than the last one, perhaps: after a quiet week it is any number
        elif batch:
            await self.clock.sleep_until(self.clock.now() + PAUSE)  # it would come again and again

    async def _rest(self, error: Exception, faults: list[Exception]) -> None:
        """A pause after a failed poll; another process that polls is told of once."""
        faults.append(error)
        if len(faults) >= CLOSED_OUT and all(isinstance(one, InvalidToken) for one in faults[-CLOSED_OUT:]):
            raise Unusable("Telegram does not know this token any more: take a new one from @BotFather.")
        if not isinstance(error, Conflict):
            log.warning("poll failed", reason=type(error).__name__, failures=len(faults))
        elif not any(isinstance(one, Conflict) for one in faults[:-1]):
            log.error("another process polls with the same token: end one of the two")
        wait = pause(error) if isinstance(error, TelegramError) else timedelta(0)
        await self.clock.sleep_until(self.clock.now() + max(wait, backed_off(len(faults))))
        del faults[:-REMEMBERED]

    async def _take_in(self, batch: Sequence[Raw]) -> None:
        now = self.clock.now()
        fresh = [raw for raw in batch if id_of(raw) not in self._recent]
        arrivals = [Arrival(id_of(raw), OUR_NAME, whose(raw), kept(raw), now) for raw in fresh]
        finished = [id_ for id_, number in self._finished.items() if number < self._confirmed]
        if not arrivals and not finished:
            return
        await self.post.take_in(arrivals, finished)
        for id_ in finished:
            del self._finished[id_]
        self.counts.taken += len(arrivals)
        self._enqueue(arrivals)

    def _enqueue(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            queue = self._queues.get(arrival.account)
            if queue is None and not self.leaving:
                queue = self._queues[arrival.account] = Queue()
                self.start(self._serve(arrival.account, queue))
            if queue is not None:
                self._append(arrival, queue)

    def _append(self, arrival: Arrival, queue: Queue) -> None:
        if queue.reading or queue.more or len(queue.waiting) >= MOST_WAITING:
            queue.more = True
        elif all(arrival.id != other.id for other in queue.waiting):
            queue.waiting.append(arrival)

    async def _serve(self, account: str, queue: Queue) -> None:
        """One person's arrivals until there are none: then the person is forgotten."""
        try:
            while not self.leaving and await self._filled(account, queue):
                arrival = queue.waiting[0]
                await (self._finish if arrival.id in self._recent else self._served)(arrival)
                queue.waiting.popleft()
        finally:
            del self._queues[account]
            self._empty.set()

    async def _filled(self, account: str, queue: Queue) -> bool:
        """Whether somebody waits; where only the inbox knows, it is asked."""
        while not queue.waiting and queue.more:
            queue.more, queue.reading = False, True
            most = MOST_WAITING + len(self._finished)
            found = await self._surely(lambda: self.post.owed_to(OUR_NAME, account, most))  # noqa: B023 - awaited here
            queue.reading = False
            queue.more = queue.more or len(found) == most
            queue.waiting.extend(arrival for arrival in found if arrival.id not in self._recent)
        return bool(queue.waiting)

    async def _served(self, arrival: Arrival) -> None:
        """Handles one, as often as three times; then it is set aside and the others go on."""
        attempt = Attempt(arrival.said)
        while True:
            try:
                await self._answered(arrival, attempt)
            except TelegramError as error:
                if not await self._may_go_on(arrival, attempt, error):
                    return
            except Exception:
                log.exception("update failed", id=arrival.id)
                if await self._set_aside(arrival):
                    return
            else:
                await self._finish(arrival)
                return

    async def _answered(self, arrival: Arrival, attempt: Attempt) -> None:
        found = update(json.loads(arrival.raw), self.me)
        if found is None:
            return
        if attempt.said is None:
            attempt.said = await self.handle(found.incoming)
        await self.say(found, attempt.said, attempt.told)

    async def _may_go_on(self, arrival: Arrival, attempt: Attempt, error: TelegramError) -> bool:
        """After a pause where Telegram was busy or out of reach; else it is a failure like another."""
        match fate(error):
            case Fate.BUSY | Fate.LOST:
                attempt.pauses += 1
                attempt.unsure += undeliverable(error, self.clock.now()).unsure
                if attempt.unsure > RESENT:
                    log.warning("given up: said perhaps, or perhaps not", id=arrival.id)
                    await self._finish(arrival)
                    return False
                await self.clock.sleep_until(self.clock.now() + max(pause(error), backed_off(attempt.pauses - 1)))
                return True
            case Fate.CLOSED:
                self.counts.unreachable += 1
                log.info("not answered", reason=error.message)
                await self._finish(arrival)
                return False
            case _:
                log.warning("refused", reason=error.message, id=arrival.id)
                return not await self._set_aside(arrival)

    async def _finish(self, arrival: Arrival) -> None:
        """Forgets the arrival: now, or with the first poll that shows that Telegram forgot it too."""
        self._recent[arrival.id] = None
        if len(self._recent) > REMEMBERED:
            del self._recent[next(iter(self._recent))]
        number = number_of(arrival.id)
        if number < self._confirmed:
            await self._surely(lambda: self.post.take_in((), (arrival.id,)))
        else:
            self._finished[arrival.id] = number

    async def _set_aside(self, arrival: Arrival) -> bool:
        aside = await self._surely(lambda: self.post.failed(arrival.id))
        self.counts.aside += aside
        return aside

    async def _surely(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """What the inbox says, as soon as it can be read and written."""
        for failures in count():
            try:
                return await act()
            except NotStored:
                log.exception("inbox not to be had")
                await self.clock.sleep_until(self.clock.now() + backed_off(failures))
        raise AssertionError


def backed_off(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    return min(LONGEST_PAUSE, PAUSE * (1 << min(failures, 6)))
