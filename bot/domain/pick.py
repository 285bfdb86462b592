"""A group's question of the day: drawn by room and day, the whole set before anything comes again."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from hashlib import blake2b

from bot.domain.kinds import KINDS
from bot.domain.question import Doubt, KindName, QuestionId

SUITED: frozenset[KindName] = frozenset(kind.NAME for kind in KINDS if kind.CHOSEN)


def pickable(kind: KindName, doubts: Collection[Doubt] = ()) -> bool:
    """Whether a question suits a group: answered by pressing, with a key that nobody doubts."""
    return kind in SUITED and not doubts


def pick(questions: Sequence[QuestionId], asked: Sequence[QuestionId], *, room: str, day: date) -> QuestionId | None:
    """One of the questions that this room was asked least often, and not among the newest; None if there are none.

    ``questions``: the pickable ones, in the set's order. ``asked``: the room's, oldest first, before this day.
    ``room`` is the platform's own name of the room: ids are drawn anew in another database, and the same room
    would get another walk. What was asked decides, not the calendar: a day off, a weekly rhythm or a set that
    grows neither repeats nor leaves out anything.
    """
    if not questions:
        return None
    times = Counter(asked)
    least = min(times[question] for question in questions)
    waiting = [question for question in questions if times[question] == least]
    # Where a walk ends and the next begins, what came last does not come first.
    newest = set(asked[max(0, len(asked) - len(questions) // 2) :])
    rested = [question for question in waiting if question not in newest] or waiting
    return rested[_dice(f"{room} {day}") % len(rested)]


def _dice(seed: str) -> int:
    """A number that is the same in every process, which ``hash`` is not."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big")
