"""What a wire brings, on its way in: kept in the inbox, handled one person after the other, forgotten once answered."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, count
from typing import Any, TypeVar

import structlog

from bot.ports.changes import NotStored
from bot.ports.chat import Delivery, Reply, Said, Undeliverable
from bot.ports.clock import Clock
from bot.ports.post import Arrival, Placed, Post

MOST_WAITING = 50  # of one person in memory; what is more stays in the inbox until they are served
RESENT = 1  # what may have arrived is said once more at most, as whatever the bot says first
FORGOTTEN_AT = 16  # answered and not forgotten: after a crash as many may be answered once more
REMEMBERED = 10_000  # ids of what was answered: the wire may bring it again
PAUSE = timedelta(seconds=1)  # after a failure, doubled up to a minute
LONGEST_PAUSE = timedelta(minutes=1)

log = structlog.get_logger()

Result = TypeVar("Result")
Start = Callable[[Coroutine[Any, Any, None]], object]


@dataclass(slots=True)
class Counts:
    """What an operator may want to know since the start."""

    taken: int = 0
    aside: int = 0  # three failures
    unreachable: int = 0  # the room took no answer
    unsure: int = 0  # given up: said twice perhaps, or never


@dataclass(slots=True)
class Told:
    """How far the answering of one arrival has come, so that a second try says the rest only."""

    acknowledged: bool = False
    replies: set[int] = field(default_factory=set)  # which were said
    delivery: Delivery = field(default_factory=Delivery)  # of the one that is being said
    questions: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # new ones, by room and slot

    def done(self, at: int, reply: Reply, *, newly_in: str = "") -> None:
        """That reply was said. ``newly_in``: the private room where it became new messages."""
        found = tuple(self.delivery.sent)
        if newly_in and reply.slot and reply.prompt is not None and reply.prompt.open and all(found):
            self.questions[newly_in, reply.slot] = found
        self.replies.add(at)
        self.delivery = Delivery()


@dataclass(slots=True)
class Attempt:
    """One arrival being answered: what was decided, and which of it was said."""

    said: Said | None
    told: Told = field(default_factory=Told)
    pauses: int = 0
    unsure: int = 0  # tries of which nobody knows the end: each may have made a message appear


@dataclass(slots=True)
class Queue:
    """One person's arrivals, in order. ``more``: others wait in the inbox, behind ``waiting``."""

    waiting: deque[Arrival] = field(default_factory=deque)
    more: bool = False
    reading: bool = False  # from the inbox: what comes now may or may not be among it


def _always(_id: str) -> bool:
    return True


def _nothing(_id: str) -> None:
    """Nobody keeps anything beside it."""


@dataclass(slots=True)
class Intake:
    """Takes arrivals in: at least once each, with their effects once.

    ``answer`` handles one and says all that is answered; Undeliverable where that has to wait or cannot arrive.
    ``ended`` hears of each, answered or given up.
    ``forgettable``: whether the wire never brings that one again: until then its row stays. People are served
    together, one person in order.
    """

    platform: str
    post: Post
    clock: Clock
    answer: Callable[[Arrival, Attempt], Awaitable[None]]
    start: Start
    forgettable: Callable[[str], bool] = _always
    ended: Callable[[str], None] = _nothing
    counts: Counts = field(default_factory=Counts)
    leaving: bool = False
    queues: dict[str, Queue] = field(default_factory=dict)
    recent: dict[str, None] = field(default_factory=dict)
    _finished: dict[str, tuple[Placed, ...]] = field(default_factory=dict)  # said, and not forgotten
    _forgetting: bool = False
    _serving: int = 0  # people, each until what was answered last is forgotten
    _empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self) -> Sequence[str]:
        """What was left of the last time goes on; the ids of it all, of which memory holds no more than is served."""
        ids: list[str] = []
        last: Arrival | None = None
        while piece := await self.post.owed(self.platform, last):
            self._enqueue(piece)
            ids += [arrival.id for arrival in piece]
            last = piece[-1]
        return ids

    async def take(self, arrivals: Collection[Arrival]) -> None:
        """Keeps them, and begins to serve who is not served yet; NotStored where they could not be kept."""
        fresh = [arrival for arrival in arrivals if arrival.id not in self.recent]
        finished = {id_: placed for id_, placed in self._finished.items() if self.forgettable(id_)}
        if not fresh and not finished:
            return
        for id_ in finished:
            del self._finished[id_]
        try:
            await self.post.take_in(fresh, [*finished], [*chain(*finished.values())])
        except NotStored:
            self._finished |= finished
            raise
        self.counts.taken += len(fresh)
        self._enqueue(fresh)

    async def leave(self) -> None:
        """Begins nothing more, and returns when all that was begun is answered and forgotten.

        The rest stays in the inbox.
        """
        self.leaving = True
        while self._serving:
            self._empty.clear()
            await self._empty.wait()

    def _enqueue(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            queue = self.queues.get(arrival.account)
            if queue is None and not self.leaving:
                queue = self.queues[arrival.account] = Queue()
                self._serving += 1
                self.start(self._serve(arrival.account, queue))
            if queue is not None:
                _append(arrival, queue)

    async def _serve(self, account: str, queue: Queue) -> None:
        try:
            await self._serve_all(account, queue)
        finally:
            self._serving -= 1
            self._empty.set()

    async def _serve_all(self, account: str, queue: Queue) -> None:
        """One person's arrivals until there are none: then the person is forgotten."""
        try:
            while not self.leaving and await self._filled(account, queue):
                arrival = queue.waiting[0]
                if arrival.id in self.recent:
                    self._finish(arrival, Told())
                else:
                    await self._served(arrival)
                self.ended(arrival.id)
                queue.waiting.popleft()
        finally:
            del self.queues[account]
        if not self.queues:
            await self.surely(lambda: self.take(()))  # nobody else's coming would take these away

    async def _filled(self, account: str, queue: Queue) -> bool:
        """Whether somebody waits; where only the inbox knows, it is asked."""
        while not queue.waiting and queue.more:
            queue.more, queue.reading = False, True
            most = MOST_WAITING + len(self._finished)
            found = await self.surely(lambda: self.post.owed_to(self.platform, account, most))  # noqa: B023 - awaited here
            queue.reading = False
            fresh = [arrival for arrival in found if arrival.id not in self.recent]
            queue.more = queue.more or len(found) == most or len(fresh) > MOST_WAITING
            queue.waiting.extend(fresh[:MOST_WAITING])
        return bool(queue.waiting)

    async def _served(self, arrival: Arrival) -> None:
        """Handles one, as often as three times; then it is set aside and the others go on."""
        attempt = Attempt(arrival.said)
        while True:
            try:
                await self.answer(arrival, attempt)
            except Undeliverable as fault:
                if not await self._may_go_on(arrival, attempt, fault):
                    break
            except Exception:
                log.exception("arrival failed", id=arrival.id)
                if await self._set_aside(arrival):
                    return
            else:
                break
        self._finish(arrival, attempt.told)

    async def _may_go_on(self, arrival: Arrival, attempt: Attempt, fault: Undeliverable) -> bool:
        """After a pause, where the wire was busy or out of reach; never where the room takes nothing."""
        if fault.permanent:
            self.counts.unreachable += 1
            log.info("not answered", reason=str(fault))
            return False
        attempt.pauses += 1
        attempt.unsure += fault.unsure and attempt.told.delivery.begun  # an edit done twice is as done once
        if attempt.unsure > RESENT:
            self.counts.unsure += 1
            log.warning("given up: said perhaps, or perhaps not", id=arrival.id)
            return False
        now = self.clock.now()
        await self.clock.sleep_until(max(fault.retry_at or now, now + backed_off(attempt.pauses - 1)))
        return True

    def _finish(self, arrival: Arrival, told: Told) -> None:
        """Its row goes with the next arrivals, when nobody is served any more, or when there are several such.

        Where the questions are that were shown is kept in the same commit.
        """
        self.recent[arrival.id] = None
        if len(self.recent) > REMEMBERED:
            del self.recent[next(iter(self.recent))]
        at, shown = self.clock.now(), told.questions.items()
        placed = tuple(Placed(self.platform, *key, native, at) for key, native in shown)
        self._finished.setdefault(arrival.id, placed)  # one that comes again has shown nothing more
        if len(self._finished) >= FORGOTTEN_AT and not self._forgetting:
            self._forgetting = True
            self.start(self._forget())

    async def _forget(self) -> None:
        try:
            await self.surely(lambda: self.take(()))
        finally:
            self._forgetting = False

    async def _set_aside(self, arrival: Arrival) -> bool:
        aside = await self.surely(lambda: self.post.failed(arrival.id))
        self.counts.aside += aside
        return aside

    async def surely(self, act: Callable[[], Awaitable[Result]]) -> Result:
        """What the inbox says, as soon as it can be read and written."""
        for failures in count():
            try:
                return await act()
            except NotStored:
                log.exception("inbox not to be had")
                await self.clock.sleep_until(self.clock.now() + backed_off(failures))
        raise AssertionError


def _append(arrival: Arrival, queue: Queue) -> None:
    if queue.reading or queue.more or len(queue.waiting) >= MOST_WAITING:
        queue.more = True
    elif all(arrival.id != other.id for other in queue.waiting):
        queue.waiting.append(arrival)


def backed_off(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    return min(LONGEST_PAUSE, PAUSE * (1 << min(failures, 6)))
