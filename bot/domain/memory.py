"""What a learner remembers of a question: FSRS-6 without its clock, its dice and its sleep."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import inf
from typing import Literal, cast

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import DEFAULT_PARAMETERS

from bot.domain.kind import Outcome

Phase = Literal["learning", "review", "relearning"]
Aside = Literal["suspend", "leech"]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
STEP = timedelta(minutes=10)  # the one learning and the one relearning step
RETENTION_RANGE = (0.7, 0.99)
MAX_INTERVAL_DAYS = 365
MAX_STABILITY_DAYS = 36_500.0  # as fsrs-rs clamps it; the fsrs package has no upper bound
LEECH_LAPSES = 8
LEECH_AGAIN_LAPSES = 4  # one that was brought back is set aside again after so many more, as Anki does
MASTERED = 2  # right days that take a question off the list of mistakes

# Days from, to, and the share of them by which an interval may move: fsrs.scheduler.FUZZ_RANGES, the same as Anki's.
_FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, inf, 0.05))
_LEAST_FUZZED_DAYS = 2.5
_64_BITS = (1 << 64) - 1
# fsrs floors 24-hour periods: between two noons elapsed time is a number of days, whichever days they are.
_LAST = datetime(1, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """What a learner's intervals follow: the share to be remembered, 0.7..0.99, and FSRS-6's 21 parameters.

    ValueError where one is out of its range.
    """

    retention: float = 0.9
    parameters: tuple[float, ...] = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        low, high = RETENTION_RANGE
        if not low <= self.retention <= high:
            raise ValueError(f"retention {self.retention} is not in {low}..{high}")
        _scheduler(self.parameters, self.retention)


@dataclass(frozen=True, slots=True)
class Memory:
    """The fold of one learner's history with one question.

    Without a counting answer ``stability_days`` is None, and so are ``difficulty`` (1..10), ``phase`` and
    ``last_day``. ``step`` is 0 and ``due_at`` set while a step within the day is due; ``due_day`` is then that of
    the answer. ``answers`` counts those that count, ``lapses`` the forgotten ones after learning. ``missed``: None
    never on the list of mistakes, 0 or 1 right days so far (the newest is ``right_day``), 2 mastered.
    ``aside``: not asked.
    """

    stability_days: float | None = None
    difficulty: float | None = None
    phase: Phase | None = None
    step: int | None = None
    lapses: int = 0
    answers: int = 0
    last_day: date | None = None
    due_day: date | None = None
    due_at: datetime | None = None
    missed: int | None = None
    right_day: date | None = None
    aside: Aside | None = None


EMPTY = Memory()


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer with its rating (1 again .. 4 easy), before anything is decided with it.

    ``at`` is UTC, ``day`` the learner's study day. ``steps``: a forgotten one returns within the day (not a case).
    """

    question: int
    at: datetime
    day: date
    rating: int
    outcome: Outcome
    steps: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with what was decided: days after fuzz (1..365), or the instant at which a step is due.

    Just one of the two is set. ``id`` orders events of one instant.
    """

    at: datetime
    day: date
    rating: int
    outcome: Outcome
    interval_days: int | None
    due_at: datetime | None
    id: int = 0


def answered(memory: Memory | None, graded: Graded, settings: MemorySettings) -> tuple[Answered, Memory]:
    """What is decided with a new answer, and the memory after it; ValueError for a rating outside 1..4."""
    before = memory or EMPTY
    formula = _formula(before, graded.rating, graded.day, _scheduler(settings.parameters, settings.retention))
    interval_days, due_at = _decided(graded, before.answers, formula.interval_days)
    taken = Answered(graded.at, graded.day, graded.rating, graded.outcome, interval_days, due_at)
    return taken, _after(before, taken, formula)


def after(memory: Memory | None, taken: Answered, settings: MemorySettings) -> Memory:
    """The memory after an answer whose decision is stored: repeats the formulas, never intervals or fuzz."""
    before = memory or EMPTY
    formula = _formula(before, taken.rating, taken.day, _scheduler(settings.parameters, settings.retention))
    return _after(before, taken, formula)


def retrievability(memory: Memory, day: date, settings: MemorySettings) -> float:
    """The chance 0..1 of remembering on a study day; 0 where nothing counts yet."""
    card = _card(memory.stability_days, memory.difficulty)
    now = _LAST + timedelta(days=_elapsed(memory, day))
    return _scheduler(settings.parameters, settings.retention).get_card_retrievability(card, now)


def fuzz_range(interval_days: int) -> tuple[int, int]:
    """The least and the greatest interval that fuzz may make of one, within 1..365 (fsrs: _get_fuzz_range)."""
    if interval_days < _LEAST_FUZZED_DAYS:
        return interval_days, interval_days
    delta = 1.0 + sum(share * max(min(interval_days, end) - start, 0.0) for start, end, share in _FUZZ)
    high = min(round(interval_days + delta), MAX_INTERVAL_DAYS)
    return min(max(2, round(interval_days - delta)), high), high


def fuzzed(interval_days: int, question: int, answers: int) -> int:
    """The interval moved within its range, each value as likely; the same question and count give the same."""
    low, high = fuzz_range(interval_days)
    return low + _dice(question, answers) % (high - low + 1)


@dataclass(frozen=True, slots=True)
class _Formula:
    stability_days: float
    difficulty: float
    interval_days: int


class _Formulas(Scheduler):
    """The formulas and nothing else: steps and fuzz are ours. One for each settings, so that it can be a key."""

    __hash__ = object.__hash__


@lru_cache(maxsize=1024)  # building one costs as much as five answers; learners share few settings
def _scheduler(parameters: tuple[float, ...], retention: float, most_days: int = MAX_INTERVAL_DAYS) -> _Formulas:
    """ValueError for a parameter out of bounds."""
    return _Formulas(
        parameters=parameters,
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=most_days,
        enable_fuzzing=False,
    )


def _formula(memory: Memory, rating: int, day: date, scheduler: _Formulas) -> _Formula:
    return _reviewed(scheduler, memory.stability_days, memory.difficulty, rating=rating, days=_elapsed(memory, day))


@lru_cache(maxsize=4096)  # most memories are young, and the young are alike: first answers have four outcomes
def _reviewed(
    scheduler: _Formulas, stability_days: float | None, difficulty: float | None, *, rating: int, days: int
) -> _Formula:
    now = _LAST + timedelta(days=days)
    card, _ = scheduler.review_card(_card(stability_days, difficulty), Rating(rating), now)
    return _Formula(
        min(cast("float", card.stability), MAX_STABILITY_DAYS),
        cast("float", card.difficulty),
        (card.due - now).days,
    )


def _card(stability_days: float | None, difficulty: float | None) -> Card:
    """The memory as fsrs knows it. Without ``card_id`` it sleeps, without ``due`` it reads the clock."""
    if stability_days is None:
        return Card(card_id=0, due=_LAST)
    return Card(
        card_id=0,
        state=State.Review,  # every state has the same formulas
        stability=stability_days,
        difficulty=difficulty,
        due=_LAST,
        last_review=_LAST,
    )


def _elapsed(memory: Memory, day: date) -> int:
    """Study days since the last answer, never below 0; 0 where none counts."""
    return 0 if memory.last_day is None else max(0, (day - memory.last_day).days)


def _decided(graded: Graded, answers: int, interval_days: int) -> tuple[int | None, datetime | None]:
    if graded.rating != AGAIN:
        return fuzzed(interval_days, graded.question, answers), None
    return (None, graded.at + STEP) if graded.steps else (1, None)


def _after(before: Memory, taken: Answered, formula: _Formula) -> Memory:
    lapsed = taken.rating == AGAIN and before.phase == "review"
    lapses = before.lapses + lapsed
    missed, right_day = _mistake(before, taken)
    return Memory(
        stability_days=formula.stability_days,
        difficulty=formula.difficulty,
        phase=_phase(before.phase, taken),
        step=None if taken.due_at is None else 0,
        lapses=lapses,
        answers=before.answers + 1,
        last_day=taken.day,
        due_day=taken.day + timedelta(days=taken.interval_days or 0),
        due_at=taken.due_at,
        missed=missed,
        right_day=right_day,
        aside="leech" if before.aside is None and lapsed and _leech(lapses) else before.aside,
    )


def _phase(before: Phase | None, taken: Answered) -> Phase:
    if taken.due_at is None:
        return "review"
    return "learning" if before in (None, "learning") else "relearning"


def _leech(lapses: int) -> bool:
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % LEECH_AGAIN_LAPSES == 0


def _mistake(before: Memory, taken: Answered) -> tuple[int | None, date | None]:
    """Where the question stands on the list of mistakes: right days so far, and the newest of them.

    A right answer that was guessed, and a case answered in part, are neither a miss nor a right day.
    """
    forgotten = taken.rating == AGAIN
    if taken.outcome != "right":
        return (0, None) if forgotten else (before.missed, before.right_day)
    if forgotten or before.missed is None or before.missed == MASTERED or before.right_day == taken.day:
        return before.missed, before.right_day
    return before.missed + 1, taken.day


def _dice(question: int, answers: int) -> int:
    """64 even bits of two numbers: one draw of SplitMix64 (Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195)."""
    bits = (question + (answers + 1) * 0x9E3779B97F4A7C15) & _64_BITS
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _64_BITS
    return bits ^ (bits >> 31)
