"""Much due at once: the return after a break, the days after a pause, the days before an exam."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.memory import Memory, MemorySettings, retrievability
from bot.domain.question import QuestionId

BREAK_DAYS = 7  # away for so many study days or more: a return
SPREAD_DAYS = 30  # the most days that a backlog is spread over; a larger one makes fuller days

Due = tuple[QuestionId, Memory]
Move = tuple[QuestionId, date]  # what becomes a reschedule record


@dataclass(frozen=True, slots=True)
class Spread:
    """What stays for today, most forgettable first, and the new due days of the rest."""

    kept: tuple[QuestionId, ...]
    moves: tuple[Move, ...]


def returning(last: date | None, today: date) -> bool:
    """Whether a learner comes back after a break; ``last`` is the newest study day with an answer."""
    return last is not None and today - last >= timedelta(days=BREAK_DAYS)


def spread(due: Sequence[Due], *, today: date, goal: int, settings: MemorySettings) -> Spread:
    """The goal's number for today, the rest on the following days: ``goal`` a day, more when 30 days are too few."""
    ids = most_forgettable(due, today, settings)
    rest = ids[goal:]
    return Spread(ids[:goal], tuple(zip(rest, _days(today + timedelta(days=1), len(rest), goal), strict=True)))


def resumed(due: Sequence[Due], *, first: date, goal: int, settings: MemorySettings) -> tuple[Move, ...]:
    """What came due by the end of a pause, spread over the days from ``first``, the first day after it."""
    waiting = [(question, memory) for question, memory in due if memory.due_day is not None and memory.due_day < first]
    ids = most_forgettable(waiting, first, settings)
    return tuple(zip(ids, _days(first, len(ids), goal), strict=True))


def before_exam(
    memories: Sequence[Due], *, today: date, exam: date, goal: int, settings: MemorySettings
) -> tuple[Move, ...]:
    """What would come due on the exam's day or later, brought before it.

    On the last days before the exam, ``goal`` a day, more when 30 days (or those that are left) are too few;
    what would be forgotten most by then stands nearest to it. Nothing moves when no day is left.
    """
    late = [
        (question, memory) for question, memory in memories if memory.due_day is not None and memory.due_day >= exam
    ]
    room = min((exam - today).days, SPREAD_DAYS)
    if room < 1:
        return ()
    ids = most_forgettable(late, exam, settings)
    a_day = max(goal, -(-len(ids) // room))
    return tuple((question, exam - timedelta(days=1 + index // a_day)) for index, question in enumerate(ids))


def most_forgettable(due: Sequence[Due], day: date, settings: MemorySettings) -> tuple[QuestionId, ...]:
    """By the chance of remembering on a day, lowest first; what has no counting answer is new and comes last."""

    def key(one: Due) -> tuple[bool, float, QuestionId]:
        question, memory = one
        return memory.stability_days is None, retrievability(memory, day, settings), question

    return tuple(question for question, _ in sorted(due, key=key))


def _days(first: date, count: int, goal: int) -> Iterator[date]:
    """``count`` days from the first on, each given ``a_day`` times."""
    a_day = max(goal, -(-count // SPREAD_DAYS))
    return (first + timedelta(days=index // a_day) for index in range(count))
