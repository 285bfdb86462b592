"""What the bot says and does without being asked: timers that come due, messages on their way."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.ports.changes import NotStored
from bot.ports.chat import Delivery, Undeliverable, Wire
from bot.ports.clock import Clock
from bot.ports.post import Letter, Outgoing, Post, Wake

MANY = 64  # timers handled together, and messages under way at once on one platform
FEW = MANY // 2  # no more than that under way when others are claimed: each claim looks at all that wait
TRIES = 8  # after so many attempts a refusal is final; who is out of reach is tried as long as the message has a point
BACK_OFF = timedelta(seconds=5)  # doubled with each attempt
LONGEST = timedelta(minutes=5)  # between two of them
ONCE_MORE = timedelta(minutes=1)  # until what may have arrived is sent again: there is no third time that may double it
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

Start = Callable[[Coroutine[Any, Any, None]], object]  # a task of the program's group

log = structlog.get_logger()


class Bell:
    """Who rests until an instant can be rung for earlier: something new may be due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = False
        self._sleep: asyncio.Timeout | None = None

    @property
    def resting(self) -> bool:
        return self._sleep is not None and not self._rung

    def ring(self) -> None:
        if self._sleep is not None and not self._rung:  # a timeout that runs out cannot be moved any more
            self._sleep.reschedule(asyncio.get_running_loop().time())
        self._rung = True

    async def rest(self, until: datetime | None) -> None:
        """Returns at the instant, or when it was rung since the last rest."""
        try:
            async with asyncio.timeout(0 if self._rung else None) as self._sleep:
                await self._clock.sleep_until(until or NEVER)
        except TimeoutError:
            pass
        finally:
            self._sleep, self._rung = None, False


@dataclass(slots=True)
class Counts:
    """What an operator may want to know of the post since the start."""

    sent: int = 0
    dropped: int = 0  # refused so often, out of time, or the room is gone
    unsure: int = 0  # given up: sent twice perhaps, or never

    def lose(self, count: int) -> None:
        if count:
            self.unsure += count
            log.warning("given up: sent perhaps, or perhaps not", count=count)


async def steadily(step: Callable[[], Awaitable[None]], bell: Bell, clock: Clock) -> None:
    """Takes one step after the other; where the database fails it pauses and goes on."""
    while True:
        try:
            await step()
        except NotStored:
            log.exception("post not stored")
            await bell.rest(clock.now() + BACK_OFF)


@dataclass(slots=True)
class Ticker:
    """The tick: sleeps until the next timer, and hands those that are due to ``wake``; none waits for another.

    ``wake`` raises nothing: a timer that failed comes again when its claim runs out.
    """

    post: Post
    clock: Clock
    bell: Bell
    wake: Callable[[Wake], Awaitable[None]]
    start: Start
    under_way: int = 0

    async def run(self) -> None:
        await steadily(self._step, self.bell, self.clock)

    async def _step(self) -> None:
        if self.under_way > FEW:
            await self.bell.rest(None)
        else:
            await self._claim()

    async def _claim(self) -> None:
        due = await self.post.claim_wakes(self.clock.now(), MANY - self.under_way)
        for one in due:
            self.under_way += 1
            self.start(self._woken(one))
        if not due:
            await self.bell.rest(await self.post.next_wake())

    async def _woken(self, due: Wake) -> None:
        try:
            await self.wake(due)
        finally:
            self.under_way -= 1
            self.bell.ring()


@dataclass(slots=True)
class Attempt:
    """One at sending a message. ``again``: it began while the platform knew by its key what it may have got before."""

    letter: Letter
    wire: Wire
    again: bool = False


@dataclass(slots=True)
class Sender:
    """Takes what is due on one platform from the outbox and hands it over, one message a room at a time.

    Without a ``wire`` nothing leads there, and what is due is dropped.
    """

    platform: str
    wire: Wire | None
    post: Post
    clock: Clock
    bell: Bell
    start: Start
    counts: Counts
    under_way: int = 0

    async def run(self) -> None:
        await steadily(self._step, self.bell, self.clock)

    async def _step(self) -> None:
        if self.under_way > FEW:
            await self.bell.rest(None)
        else:
            await self._claim()

    async def _claim(self) -> None:
        letters, lost = await self.post.claim_letters(self.platform, self.clock.now(), MANY - self.under_way)
        self._void(lost.void)
        self.counts.lose(lost.unsure)
        for letter in letters:
            self.under_way += 1
            self.start(self._send(letter))
        if not letters:
            await self.bell.rest(await self.post.next_letter(self.platform))

    async def _send(self, letter: Letter) -> None:
        try:
            await self._settled(letter)
        except NotStored:
            log.exception("post not stored", lane=letter.message.lane)  # its claim runs out
        finally:
            self.under_way -= 1
            self.bell.ring()

    async def _settled(self, letter: Letter) -> None:
        if letter.gone or self.wire is None:
            await self._dropped(letter)
            return
        attempt = Attempt(letter, self.wire)
        delivery = self._delivery(attempt)
        came = await self._tried(attempt, delivery)
        if isinstance(came, Undeliverable):
            await self._failed(attempt, came, delivery)
        else:
            await self._arrived(letter.message, came, self.clock.now())

    async def _arrived(self, message: Outgoing, native: tuple[str, ...], at: datetime) -> None:
        """Notes where it stands, as soon as that can be stored: what nobody noted would be sent again."""
        try:
            await self.post.delivered(message, native, at)
        except NotStored:
            log.exception("not noted that it arrived", lane=message.lane)
            self.start(self._arrived_before(message, native, at))
        else:
            self.counts.sent += 1

    async def _arrived_before(self, message: Outgoing, native: tuple[str, ...], at: datetime) -> None:
        await self.clock.sleep_until(self.clock.now() + BACK_OFF)
        await self._arrived(message, native, at)

    def _delivery(self, attempt: Attempt) -> Delivery:
        message, shown = attempt.letter.message, attempt.letter.shown
        return Delivery(
            [*message.sent],
            partial(self._begin, attempt),
            f"{message.key}/{message.turn}",
            lane=message.lane,
            shown=() if shown is None else shown.native,
            age_hours=0.0 if shown is None else (self.clock.now() - shown.at).total_seconds() / 3600,
        )

    async def _begin(self, attempt: Attempt) -> None:
        message, now = attempt.letter.message, self.clock.now()
        attempt.again = message.unsure > 0 and _known(message, attempt.wire, now)
        if not await self.post.begun(message, now, again=attempt.again):
            raise Undeliverable("another has its place")

    async def _tried(self, attempt: Attempt, delivery: Delivery) -> tuple[str, ...] | Undeliverable:
        """The native ids of what arrived, or why nothing did."""
        letter, message = attempt.letter, attempt.letter.message
        if message.reply.away and letter.shown is None:  # it is nowhere, or nobody knows where
            return ()
        try:
            return await attempt.wire.deliver(letter.native, message.reply, message.reader, delivery)
        except NotStored:
            raise
        except Undeliverable as fault:
            return fault
        except Exception:
            log.exception("not sent", lane=message.lane)
            return Undeliverable("a bug", unsure=True, refused=True)

    async def _failed(self, attempt: Attempt, fault: Undeliverable, delivery: Delivery) -> None:
        message = attempt.letter.message
        log.info("undeliverable", reason=str(fault), permanent=fault.permanent, attempts=message.attempts)
        unsure = fault.unsure and delivery.begun  # what has not begun is harmless: done twice it is as done once
        given_up = unsure and message.unsure > 0 and not attempt.again
        if given_up:
            self.counts.lose(1)
        if given_up or fault.permanent or (fault.refused and message.attempts + 1 >= TRIES):
            await self._dropped(attempt.letter, gone=fault.permanent, unsure=unsure)
            return
        now = self.clock.now()
        at = fault.retry_at or now + (_doubt(message, attempt.wire, now) if unsure else _pause(message))
        at = at if message.void_at is None else min(at, message.void_at)  # then it is dropped, and holds nobody up
        await self.post.postponed(message, at, sent=delivery.sent, unsure=unsure and not attempt.again)

    async def _dropped(self, letter: Letter, *, gone: bool = False, unsure: bool = False) -> None:
        self.counts.dropped += 1
        unsure = unsure or letter.message.unsure > 0
        await self.post.undeliverable(letter.message, self.clock.now(), gone=gone, unsure=unsure)

    def _void(self, count: int) -> None:
        if count:
            self.counts.dropped += count
            log.info("not sent in time", count=count)


def _pause(message: Outgoing) -> timedelta:
    return min(LONGEST, BACK_OFF * (1 << min(message.attempts, TRIES)))


def _known(message: Outgoing, wire: Wire, now: datetime) -> bool:
    """Whether the platform knows it by its key, if it got it; a clock that was set back tells nothing."""
    since = message.unsure_at if message.unsure else now
    return since is not None and timedelta() <= now - since < wire.remembers


def _doubt(message: Outgoing, wire: Wire, now: datetime) -> timedelta:
    """Until what may have arrived is sent again: soon, where that does no harm."""
    return min(ONCE_MORE, _pause(message)) if _known(message, wire, now) else ONCE_MORE
