"""FSRS-6 as we wrap it: our steps and fuzz, leeches and the list of mistakes."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, FUZZ_RANGES
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import memory
from bot.domain.kind import Outcome
from bot.domain.memory import Answered, Graded, Memory, MemorySettings, after, answered, fuzz_range, fuzzed

START = date(2000, 1, 1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DEFAULT = MemorySettings()
UNTIMED = settings(deadline=None)  # the machine may be busy


def graded(rating: int, day: date = TODAY, *, outcome: Outcome | None = None, steps: bool = True) -> Graded:
    """An answer to question 7 at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Graded(7, at, day, rating, outcome or ("wrong" if rating == memory.AGAIN else "right"), steps)


def walked(ratings: Sequence[int], gaps: Sequence[int], settings: MemorySettings) -> list[tuple[Answered, Memory]]:
    """What each of some answers led to, ``gaps`` days after the one before."""
    day, known, found = START, None, []
    for rating, gap in zip(ratings, gaps, strict=True):
        day += timedelta(days=gap)
        taken, known = answered(known, graded(rating, day), settings)
        found.append((taken, known))
    return found


def remembered(stability_days: float, difficulty: float = 5.0) -> Memory:
    """A memory in review, answered last on the first day."""
    return Memory(stability_days=stability_days, difficulty=difficulty, phase="review", answers=3, last_day=START)


def test_a_right_first_answer_leaves_the_session() -> None:
    """Good at once: two days by default, no step."""
    taken, state = answered(None, graded(memory.GOOD), DEFAULT)

    assert (taken.interval_days, taken.due_at) == (2, None)
    assert (state.phase, state.step, state.due_day, state.answers) == ("review", None, date(2026, 11, 25), 1)


def test_a_wrong_first_answer_returns_in_ten_minutes_and_then_tomorrow() -> None:
    """Again is one step of ten minutes; Good after it, the same day, comes again the next day."""
    first, learning = answered(None, graded(memory.AGAIN), DEFAULT)
    second, review = answered(learning, graded(memory.GOOD), DEFAULT)

    assert (first.interval_days, first.due_at) == (None, NOON + timedelta(minutes=10))
    assert (learning.phase, learning.step, learning.due_day, learning.lapses) == ("learning", 0, TODAY, 0)
    assert (second.interval_days, second.due_at) == (1, None)
    assert (review.phase, review.step, review.due_day, review.due_at) == ("review", None, date(2026, 11, 24), None)


def test_hard_graduates_with_at_least_a_day() -> None:
    """Hard in a learning step leaves it, as does a first Hard."""
    learning = answered(None, graded(memory.AGAIN), DEFAULT)[1]

    for before in (None, learning):
        taken, state = answered(before, graded(memory.HARD), DEFAULT)
        assert (taken.interval_days, state.phase) == (1, "review")


def test_a_forgotten_question_is_learned_again_in_one_step() -> None:
    """Again in review is a lapse and a relearning step; a second Again is no second lapse; Good ends it."""
    first = answered(remembered(20.0), graded(memory.AGAIN), DEFAULT)[1]
    second = answered(first, graded(memory.AGAIN), DEFAULT)[1]
    third = answered(second, graded(memory.GOOD), DEFAULT)[1]

    assert [(one.phase, one.step, one.lapses) for one in (first, second, third)] == [
        ("relearning", 0, 1),
        ("relearning", 0, 1),
        ("review", None, 1),
    ]


@pytest.mark.parametrize("before", [None, remembered(300.0)])
def test_a_case_has_no_step_within_the_day(before: Memory | None) -> None:
    """Without steps a forgotten one returns the next day, however well it was known."""
    taken, state = answered(before, graded(memory.AGAIN, steps=False), DEFAULT)

    assert (taken.interval_days, taken.due_at) == (1, None)
    assert (state.phase, state.step, state.due_day) == ("review", None, date(2026, 11, 24))


def test_elapsed_days_are_study_days() -> None:
    """Answers that come an hour earlier each day still count as a day apart (stability 2.3 would be cramming)."""
    early = Graded(7, datetime(2026, 11, 24, 8, tzinfo=UTC), date(2026, 11, 24), memory.GOOD, "right")
    first = answered(None, graded(memory.GOOD), DEFAULT)[1]
    second = answered(first, early, DEFAULT)[1]

    assert second.stability_days == pytest.approx(7.32, abs=0.01)


def test_days_out_of_order_are_never_negative() -> None:
    """An answer of an earlier study day counts as one of the same day, and that day is the last one then."""
    first = answered(None, graded(memory.GOOD), DEFAULT)[1]
    same = answered(first, graded(memory.GOOD), DEFAULT)[1]
    earlier = answered(first, graded(memory.GOOD, TODAY - timedelta(days=9)), DEFAULT)[1]

    assert (same.stability_days, same.difficulty) == (earlier.stability_days, earlier.difficulty)
    assert earlier.last_day == TODAY - timedelta(days=9)


def test_what_was_never_answered_is_not_remembered() -> None:
    """No counting answer: the chance is 0."""
    assert memory.retrievability(memory.EMPTY, TODAY, DEFAULT) == 0


@pytest.mark.parametrize("retention", [0.69, 1.0, float("nan")])
def test_a_retention_out_of_range_is_refused(retention: float) -> None:
    """Settings tell at once what is wrong with them."""
    with pytest.raises(ValueError, match="retention"):
        MemorySettings(retention)


def test_parameters_and_ratings_out_of_range_are_refused() -> None:
    """Neither a wrong count, nor a value out of bounds, nor a fifth rating is clipped silently."""
    with pytest.raises(ValueError, match="parameters"):
        MemorySettings(parameters=DEFAULT_PARAMETERS[:19])
    with pytest.raises(ValueError, match="out of bounds"):
        MemorySettings(parameters=(0.0, *DEFAULT_PARAMETERS[1:]))
    with pytest.raises(ValueError, match="5"):
        answered(None, graded(5), DEFAULT)


def test_a_higher_retention_gives_shorter_intervals() -> None:
    """The wished share remembered changes what is decided, never the memory."""
    answers = [answered(remembered(60.0), graded(3, START), MemorySettings(share)) for share in (0.7, 0.9, 0.99)]
    intervals = [taken.interval_days or 0 for taken, _ in answers]

    assert all(longer > shorter for longer, shorter in pairwise(intervals))
    assert len({(state.stability_days, state.difficulty) for _, state in answers}) == 1


def test_stability_and_interval_have_an_upper_end() -> None:
    """However often a question is known, 36,500 days and 365 days are the most."""
    found = walked([memory.EASY] * 30, [0, *[3650] * 29], DEFAULT)

    assert found[-1][1].stability_days == 36_500.0
    assert max(taken.interval_days or 0 for taken, _ in found) <= 365


@UNTIMED
@given(st.integers(1, 365), st.integers(0, 2**63), st.integers(0, 500))
def test_fuzz_stays_in_its_range(interval: int, question: int, count: int) -> None:
    """Fuzz is the library's range without its overshoot, and the same question and count draw the same."""
    low, high = fuzz_range(interval)
    moved = fuzzed(interval, question, count)

    assert 1 <= low <= interval <= high <= 365
    assert low <= moved <= high
    assert moved == fuzzed(interval, question, count)


@UNTIMED
@given(st.integers(3, 365))
def test_fuzz_range_is_the_librarys(interval: int) -> None:
    """1 day and the shares of fsrs.scheduler.FUZZ_RANGES to either side, from 2.5 days on."""
    delta = 1 + sum(
        one["factor"] * max(min(interval, one["end"]) - one["start"], 0) for one in FUZZ_RANGES if one["factor"]
    )

    assert fuzz_range(interval) == (max(2, round(interval - delta)), min(365, round(interval + delta)))


def test_fuzz_reaches_every_day_of_its_range_alike() -> None:
    """Intervals of ten days move to 8..12, each about as often; short ones never move."""
    moved = [fuzzed(10, question, 3) for question in range(5000)]

    assert {*range(8, 13)} == set(moved)
    assert all(900 < moved.count(day) < 1100 for day in range(8, 13))
    assert {(fuzzed(1, question, 0), fuzzed(2, question, 0)) for question in range(100)} == {(1, 2)}


def test_the_global_dice_are_not_thrown() -> None:
    """Nothing here draws from the random module's own generator."""
    random.seed(1)
    state = random.getstate()
    walked([3, 3, 3, 1, 3], [0, 3, 15, 60, 0], DEFAULT)

    assert state == random.getstate()


def lapsing(count: int, before: Memory) -> Memory:
    """A memory after so many lapses more, each relearned at once."""
    state = before
    for rating in [memory.AGAIN, memory.GOOD] * count:
        state = answered(state, graded(rating), DEFAULT)[1]
    return state


def test_a_leech_is_set_aside_at_eight_lapses() -> None:
    """Seven are borne, the eighth sets it aside; one brought back has four more."""
    seven = lapsing(7, remembered(20.0))
    eight = lapsing(1, seven)
    back = replace(eight, aside=None)

    assert (seven.aside, eight.aside, eight.lapses) == (None, "leech", 8)
    assert (lapsing(3, back).aside, lapsing(4, back).aside) == (None, "leech")


def test_a_suspended_question_stays_suspended_by_the_learner() -> None:
    """A leech that the learner had put aside keeps the learner's word."""
    suspended = Memory(20.0, 5.0, "review", lapses=7, answers=9, last_day=START, aside="suspend")

    assert lapsing(1, suspended).aside == "suspend"


def missed(answers: Iterable[tuple[int, int, Outcome]]) -> int | None:
    """Where some answers (day, rating, outcome) leave a question on the list of mistakes."""
    state = None
    for day, rating, outcome in answers:
        state = answered(state, graded(rating, START + timedelta(days=day), outcome=outcome), DEFAULT)[1]
    return None if state is None else state.missed


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ([(0, 3, "right")], None),
        ([(0, 1, "wrong")], 0),
        ([(0, 1, "unknown")], 0),
        ([(0, 1, "partial")], 0),
        ([(0, 2, "partial")], None),
        ([(0, 1, "right")], None),
        ([(0, 1, "wrong"), (0, 3, "right")], 1),
        ([(0, 1, "wrong"), (0, 3, "right"), (0, 3, "right")], 1),
        ([(0, 1, "wrong"), (0, 3, "right"), (1, 2, "right")], 2),
        ([(0, 1, "wrong"), (0, 3, "right"), (1, 1, "right")], 1),
        ([(0, 1, "wrong"), (0, 3, "right"), (1, 2, "partial")], 1),
        ([(0, 1, "wrong"), (1, 3, "right"), (2, 3, "right"), (3, 3, "right")], 2),
        ([(0, 1, "wrong"), (1, 3, "right"), (1, 1, "wrong"), (1, 3, "right")], 1),
        ([(0, 1, "wrong"), (1, 3, "right"), (2, 3, "right"), (9, 1, "wrong")], 0),
    ],
)
def test_the_list_of_mistakes(answers: list[tuple[int, int, Outcome]], place: int | None) -> None:
    """A miss puts it on the list, right answers on two study days take it off; a guess and a part do neither."""
    assert place == missed(answers)


@UNTIMED
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-3, 400), st.booleans()), min_size=1, max_size=12))
def test_after_repeats_what_answered_gave(history: list[tuple[int, int, bool]]) -> None:
    """A stored decision leads to the same memory as when it was made, in any order of days, with or without steps."""
    state, day = None, START
    for rating, gap, steps in history:
        day += timedelta(days=gap)
        before = state
        taken, state = answered(before, graded(rating, day, steps=steps), DEFAULT)

        assert state == after(before, taken, DEFAULT)
        assert (taken.interval_days is None) == (rating == memory.AGAIN and steps)
        assert 1 <= (taken.interval_days or 1) <= 365
