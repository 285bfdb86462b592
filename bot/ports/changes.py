"""What one commit changes, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.question import AnswerId, LearnerId, RevisionId, RoomId
from bot.ports.people import Forgotten, Joined, Parted, Tried
from bot.ports.post import Handled, Outgoing


@dataclass(frozen=True, slots=True)
class Count:
    """Add ``by`` to a counter; key (revision, name): "right", "partial", "wrong", "unknown", "option:2"."""

    revision_id: RevisionId
    name: str
    by: int


@dataclass(frozen=True, slots=True)
class Changes:
    """One atomic commit.

    Inserts are guarded by the row's natural key (AlreadyDone); updates carry the version read (Conflict,
    also for a new row with version 0 that somebody else has just written). ``undone``: answers to mark,
    each with the id of its Undo; AlreadyDone where one is marked already. ``outbox``: messages by key, in the
    place of an unsent one; None takes one back, Conflict where it has begun or is gone; a daily question is then as if
    it had never been asked, unless it may have arrived. ``wakes``: durable timers by key, moved where they run
    already, Conflict where the learner of one is gone; None stops one. ``moved``: rooms that another chat took the
    place of, where no message of theirs can be edited or taken away. ``tries``: link codes that were looked at,
    Conflict where too many were wrong by now. ``people``: what becomes of whole learners, after all the rows.
    ``handled`` is the row of the inbox that this finishes: AlreadyDone where it was. ``known``: learners by the version
    that was read, before all else; Conflict where one is another by now. By themselves they are nothing to commit.
    """

    inserts: tuple[object, ...] = ()
    updates: tuple[object, ...] = ()
    counts: tuple[Count, ...] = ()
    undone: tuple[tuple[AnswerId, int], ...] = ()
    outbox: Mapping[str, Outgoing | None] = field(default_factory=dict)
    wakes: Mapping[str, datetime | None] = field(default_factory=dict)
    moved: tuple[RoomId, ...] = ()
    tries: tuple[Tried, ...] = ()
    people: tuple[Joined | Parted | Forgotten, ...] = ()
    handled: Handled | None = None
    known: Mapping[LearnerId, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to commit."""
        changed = self.inserts or self.updates or self.counts or self.undone
        return bool(changed or self.outbox or self.wakes or self.moved or self.tries or self.people or self.handled)

    def __add__(self, more: "Changes") -> "Changes":
        """Both in one commit; of one key in outbox or wakes the later word holds."""
        if not more:
            return self
        if not self:
            return more
        return Changes(
            inserts=self.inserts + more.inserts,
            updates=self.updates + more.updates,
            counts=self.counts + more.counts,
            undone=self.undone + more.undone,
            outbox={**self.outbox, **more.outbox},
            wakes={**self.wakes, **more.wakes},
            moved=self.moved + more.moved,
            tries=self.tries + more.tries,
            people=(*self.people, *more.people),
            handled=more.handled or self.handled,
            known={**more.known, **self.known},
        )


class AlreadyDone(Exception):  # noqa: N818 - what it says
    """An insert met its natural key: this was committed before."""


class Conflict(Exception):  # noqa: N818 - what it says
    """A row changed since it was read: load again and decide again."""


class NotStored(Exception):  # noqa: N818 - what it says
    """The database could not be read or written: nothing of the commit was kept, nothing older was lost."""
