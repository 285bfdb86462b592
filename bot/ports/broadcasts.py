"""Broadcasts: one message to many learners, what became of it for each, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.chat import Reader, Reply

Fate = Literal["written", "later", "unsent", "left", "gone"]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to everybody who has a question every day. It was started from ``room_id``, where it is told of.

    ``shown``: the numbers that the message about it tells, () before there is one.
    """

    id: int
    account_id: AccountId
    room_id: RoomId
    reply: Reply
    reader: Reader  # who started it
    at: datetime
    state: Literal["going", "done", "cancelled"] = "going"
    shown: tuple[int, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a broadcast came to for one learner; key (broadcast, learner), so that nobody gets it twice.

    It outlives its broadcast, whose row goes when the learner who started it is forgotten.

    ``written`` to the outbox; ``later`` than ``at``, when it is tried again; ``unsent``: taken back; ``left`` in peace;
    ``gone``: the room takes nothing.
    """

    broadcast_id: int
    learner_id: LearnerId
    at: datetime
    fate: Fate = "later"
    version: int = 0


@dataclass(frozen=True, slots=True)
class Headway:
    """How far a broadcast has come.

    ``waiting``: its messages in the outbox, ``lane``: those of all broadcasts. ``arrived``: those that a room has.
    ``unreached``: learners whose turn is still to come. ``later_at``: the earliest of those who are tried later.
    """

    broadcast: Broadcast
    fates: Mapping[Fate, int]
    waiting: int
    lane: int
    arrived: int
    unreached: int
    later_at: datetime | None

    @property
    def open(self) -> int:
        """Learners to whom nothing was sent yet, and something may be."""
        going = self.broadcast.state == "going"
        return self.waiting + (self.unreached + self.fates.get("later", 0) if going else 0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Arrived, still open, not to be reached, left in peace, all."""
        written = self.fates.get("written", 0)
        gone = self.fates.get("gone", 0) + max(0, written - self.arrived - self.waiting)
        return self.arrived, self.open, gone, self.fates.get("left", 0), self.unreached + sum(self.fates.values())
