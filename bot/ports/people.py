"""Learners and their accounts: codes that link two, a learner as a whole, and what becomes of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.daily import Daily, Push
from bot.ports.place import Place
from bot.ports.rows import Account, Enrolment, Learner, Room

EVERYWHERE = RoomId(0)


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that links an account to one on another platform; key account, so that a new one replaces the old.

    ``digest``: SHA-256 of the code, in hex. It works once, before ``until``; used up, it has that of 1970.
    """

    account_id: AccountId
    digest: str
    until: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class WrongCode:
    """A code that was sent and is none. It stays, without its account, when the learner is forgotten."""

    id: int
    account_id: AccountId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """A code that was looked at, be it right or wrong.

    Conflict where by now the account has ``own`` wrong codes since an instant, or all have ``everybody``: others were
    tried at the same time. A wrong code of the same commit does not count yet.
    """

    account_id: AccountId
    since: datetime
    own: int
    everybody: int


@dataclass(frozen=True, slots=True)
class BoardName:
    """How a learner stands on the boards of a room, or EVERYWHERE; key (learner, room).

    ``name``: 1 to 32 characters, or "" while none was chosen. ``hidden``: they stand on none.
    """

    learner_id: LearnerId
    room_id: RoomId
    name: str = ""
    hidden: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """``giver``'s accounts and all that is theirs become ``taker``'s, and the giver is no more.

    Memories are the caller's to replay. ``seen``: that of both sides as they were read; Conflict where it is another
    by now, or the giver's row is no longer of ``version``. The taker's row goes with it as an update, always: of two
    who join or part one learner at once, one has a Conflict.
    """

    giver: LearnerId
    taker: LearnerId
    version: int
    seen: int


@dataclass(frozen=True, slots=True)
class Parted:
    """One account of ``giver``, with what was asked and answered there, becomes the account of ``taker``, who is new.

    Memories of the giver without a history are no more; the others are the caller's to replay. ``seen`` as in Joined.
    The giver's row goes with it as an update, always.
    """

    account_id: AccountId
    giver: LearnerId
    taker: LearnerId
    seen: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """All of a learner is no more, on every platform: accounts, answers, private rooms, what was to be said there.

    What is others' too stays without them: a group's course, counters of questions, how often codes were wrong.
    """

    learner: LearnerId


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the database beside it, which holds what was stored then. It goes after 30 days at the latest."""

    name: str
    made: date


@dataclass(frozen=True, slots=True)
class Side:
    """A learner as a whole, for who links, parts or forgets them.

    ``accounts``: each with the number of its surviving answers, oldest first. ``rooms``: the private ones, newest
    first. ``waiting``: daily questions on screen that nobody answered. ``unsent``: those whose message has not begun.
    ``pushed``: the newest study days with one. ``open_since``: when the question of the place was asked; None where
    they answered it. ``answered``: when the account of a private room answered last. ``seen``: the sum of the versions
    of memories, place, daily question, enrolments and marks, another one once any has changed.
    """

    learner: Learner
    accounts: tuple[tuple[Account, int], ...]
    rooms: tuple[Room, ...]
    enrolments: tuple[Enrolment, ...]
    place: Place
    daily: Daily | None
    waiting: tuple[Push, ...]
    unsent: tuple[Push, ...]
    pushed: tuple[date, ...]
    open_since: datetime | None
    answered: Mapping[RoomId, datetime]
    seen: int

    @property
    def platforms(self) -> tuple[str, ...]:
        """Where the learner is, the oldest account's first."""
        return tuple(account.platform for account, _ in self.accounts)

    @property
    def answers(self) -> int:
        """How many surviving answers there are in all."""
        return sum(count for _, count in self.accounts)
