"""Replay: all that happened between one learner and one question, folded into what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Literal

from bot.domain.memory import EMPTY, MASTERED, Answered, Memory, MemorySettings, after

Reason = Literal["undo", "return", "exam", "pause"]


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """A due day that something other than an answer decided; holds until the next answer."""

    at: datetime
    due_day: date
    reason: Reason
    id: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A learner's word on a question: not asked (suspend), asked again, back to the mistakes (also a leech)."""

    at: datetime
    name: Literal["suspend", "unsuspend", "restore"]
    id: int = 0


Event = Answered | Rescheduled | Marked


def fold(events: Iterable[Event], settings: MemorySettings) -> Memory | None:
    """The memory after the surviving events, in the order (instant, id); None where there are none.

    The caller leaves out undone answers and restores taken back: they are as if they had never been.
    """
    memory = None
    for event in sorted(events, key=attrgetter("at", "id")):
        memory = applied(memory, event, settings)
    return memory


def applied(memory: Memory | None, event: Event, settings: MemorySettings) -> Memory:
    """The memory after one event that is newer than all before."""
    before = memory or EMPTY
    if isinstance(event, Answered):
        return after(before, event, settings)
    if isinstance(event, Rescheduled):
        return replace(before, due_day=event.due_day, due_at=None)
    return _marked(before, event)


def _marked(before: Memory, event: Marked) -> Memory:
    if event.name == "suspend":
        return replace(before, aside="suspend")
    if event.name == "unsuspend":
        return replace(before, aside=None, due_day=before.due_day or _at_once(event.at))
    back = replace(before, aside=None if before.aside == "leech" else before.aside)
    return replace(back, missed=0, right_day=None) if before.missed == MASTERED else back


def _at_once(at: datetime) -> date:
    """A day that has begun in every zone: a question brought back that was never answered waits for nothing."""
    return at.date() - timedelta(days=1)
