"""The inbox, the outbox and the timers: their rows, and what is asked of storage for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.question import RoomId
from bot.ports.chat import Lane, Reader, Reply, Said


@dataclass(frozen=True, slots=True)
class Message:
    """Where a slot's message is; key (room, slot).

    ``native``: the platform's ids, more where it was split, none where it is out of reach.
    """

    room_id: RoomId
    slot: str
    native: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """A question that was shown in answer to somebody, as new messages: a Message as its platform knows it."""

    platform: str
    room: str  # the platform's own id
    slot: str
    native: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row of the inbox: what a platform brought, as it came, until all that it led to was said.

    ``said`` is set by the commit that holds its effects; "aside" after three failures.
    """

    id: str  # "telegram:123"
    platform: str
    account: str  # the platform's own id, "" where there is none
    raw: str
    at: datetime
    failures: int = 0
    said: Said | None = None
    state: Literal["new", "done", "aside"] = "new"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A row of the outbox: a message that the bot says first, until it has arrived.

    ``attempts`` counts those that failed; ``unsure`` those of which nobody knows the end, and the one that has begun,
    but for those that the platform knows by the message's key; ``unsure_at``: when the first of them began.
    ``turn`` goes up when an unsent message is replaced, so that what was sent meanwhile does not pass for the new one.
    ``lease_until``: who took it to send it has until then. ``sent``: the native ids of its first pages, where the
    others are still to come. ``platform`` is its room's: storage fills it in.
    """

    key: str
    room_id: RoomId
    reply: Reply
    reader: Reader
    at: datetime
    lane: Lane = "pushed"
    void_at: datetime | None = None  # not sent from then on
    attempts: int = 0
    unsure: int = 0
    unsure_at: datetime | None = None
    turn: int = 0
    lease_until: datetime | None = None
    sent: tuple[str, ...] = ()
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Wake:
    """A durable timer; key ``key``, which says what is to be done. Claimed like a message of the outbox."""

    key: str
    at: datetime
    attempts: int = 0
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handled:
    """An Incoming's row in the inbox, finished by this very commit, and what is answered to it."""

    id: str
    said: Said


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way: the row of the outbox, where it goes, and where its slot's message is."""

    message: Outgoing
    native: str
    gone: bool
    shown: Message | None


@dataclass(frozen=True, slots=True)
class Lost:
    """How many messages are given up: ``void``, their time is over; ``unsure``, sent perhaps or perhaps not."""

    void: int = 0
    unsure: int = 0


class Post(Protocol):
    """The inbox, the outbox and the timers. Claims are leases: what is not done in time is claimed again."""

    async def recover(self) -> int:
        """At start: ends the claims of a process that is no more; how many messages are given up: begun twice."""
        ...

    async def take_in(
        self, arrivals: Sequence[Arrival], finished: Sequence[str] = (), placed: Sequence[Placed] = ()
    ) -> None:
        """Keeps what arrived (what is known already stays as it is), and forgets what all was said to.

        ``placed``: the questions that were shown with it. Of their rooms those that were answered are known no more.
        """
        ...

    async def failed(self, arrival: str) -> bool:
        """Counts a failure; whether the arrival was set aside for it: the third time."""
        ...

    async def owed(self, platform: str, after: Arrival | None = None, most: int = 500) -> tuple[Arrival, ...]:
        """What arrived and is not forgotten, in its order: not handled yet, or handled and perhaps not answered.

        The first ones, or those that come after one.
        """
        ...

    async def owed_to(self, platform: str, account: str, most: int) -> tuple[Arrival, ...]:
        """The first of what is owed to one person of a platform."""
        ...

    async def aside(self) -> int:
        """How many arrivals were set aside."""
        ...

    async def next_wake(self) -> datetime | None:
        """When the earliest timer is due that nobody has claimed, or its lease ends; None without any."""
        ...

    async def next_letter(self, platform: str) -> datetime | None:
        """When the earliest message to a platform is due, or its lease ends; None without any."""
        ...

    async def claim_wakes(self, now: datetime, most: int) -> tuple[Wake, ...]:
        """The timers that are due, the earliest first, at most so many: this process's, until their lease ends."""
        ...

    async def claim_letters(self, platform: str, now: datetime, most: int) -> tuple[tuple[Letter, ...], Lost]:
        """What is to be sent to a platform, by lane and instant; and how many were given up.

        One a room: none while another is on its way there, or waits for its next attempt. A daily question that was
        given up is as if it had never been asked, unless it may have arrived.
        """
        ...

    async def delivered(self, message: Outgoing, native: tuple[str, ...], now: datetime) -> None:
        """The message became those native ids, which its slot keeps; one that replaced it meanwhile is sent next."""
        ...

    async def begun(self, message: Outgoing, now: datetime, *, again: bool = False) -> bool:
        """From now on the message may have arrived; False where it was replaced or its claim ended: it is not sent.

        ``again``: it is no more unsure for that than it was, for the platform knows it by its key.
        """
        ...

    async def postponed(self, message: Outgoing, at: datetime, *, sent: Sequence[str] = (), unsure: bool) -> None:
        """To be sent at another time, but for ``sent``; ``unsure``: the rest may have arrived all the same.

        Where it surely did not, the message is no more unsure than it was when it was claimed. One without an end gets
        one: it is void a day after that time.
        """
        ...

    async def undeliverable(self, message: Outgoing, now: datetime, *, gone: bool, unsure: bool = False) -> None:
        """Never to be sent; ``gone``: nor is anything else to that room, until it speaks.

        ``unsure``: it may have arrived; else a daily question is then as if it had never been asked.
        """
        ...
