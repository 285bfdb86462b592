"""Much due at once: the return after a break, after a pause, before an exam."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.backlog import SPREAD_DAYS, Due, Move, before_exam, resumed, returning, spread
from bot.domain.memory import Memory, MemorySettings, retrievability
from bot.domain.question import QuestionId

UNTIMED = settings(deadline=None)  # the machine may be busy
DAY = timedelta(days=1)
TODAY = date(2027, 1, 10)
DEFAULT = MemorySettings()
GOALS = st.sampled_from((1, 5, 10, 20, 50))


def known(stability_days: float, *, last: int = 40, due: int = 30) -> Memory:
    """A memory answered ``last`` days before today, and due ``due`` days before it."""
    return Memory(stability_days, 5.0, "review", answers=2, last_day=TODAY - last * DAY, due_day=TODAY - due * DAY)


def numbered(memories: Sequence[Memory]) -> list[Due]:
    """Questions 0, 1, 2 … with these memories."""
    return [(QuestionId(number), memory) for number, memory in enumerate(memories)]


MEMORIES = st.lists(
    st.builds(known, st.floats(0.1, 400), last=st.integers(0, 400), due=st.integers(-400, 300)), max_size=80
).map(numbered)


def per_day(moves: Sequence[Move]) -> Counter[date]:
    """How many moves go to each day."""
    return Counter(day for _, day in moves)


@pytest.mark.parametrize(("away", "expect"), [(0, False), (6, False), (7, True), (40, True)])
def test_a_return_is_after_seven_days(away: int, expect: bool) -> None:  # noqa: FBT001 - a table
    """Seven days or more since the last study day with an answer."""
    assert expect == returning(TODAY - away * DAY, TODAY)


def test_who_never_answered_does_not_return() -> None:
    """A new learner has no break behind them."""
    assert not returning(None, TODAY)


def test_the_most_forgettable_come_first() -> None:
    """The goal's number stays for today, the rest follows day by day; the weakest memory is asked first."""
    due = numbered([known(days) for days in (90, 3, 40, 7, 200)])

    found = spread(due, today=TODAY, goal=2, settings=DEFAULT)

    assert found.kept == (1, 3)
    assert found.moves == ((2, TODAY + DAY), (0, TODAY + DAY), (4, TODAY + 2 * DAY))


def test_a_question_without_a_counting_answer_comes_last() -> None:
    """What was undone is new: nothing of it can be forgotten."""
    due = numbered([Memory(due_day=TODAY), known(300)])

    assert spread(due, today=TODAY, goal=1, settings=DEFAULT).kept == (1,)


def test_a_great_backlog_makes_fuller_days() -> None:
    """400 questions with a goal of 5: no more than 30 days, 14 a day instead of 5."""
    found = spread(numbered([known(20.0)] * 405), today=TODAY, goal=5, settings=DEFAULT)

    assert len(found.kept) == 5
    assert max(day for _, day in found.moves) <= TODAY + SPREAD_DAYS * DAY
    assert max(per_day(found.moves).values()) == 14


@UNTIMED
@given(MEMORIES, GOALS)
def test_spreading_loses_nothing(due: list[Due], goal: int) -> None:
    """Each question is kept or moved, once; none to today or behind 30 days; forgettable ones never later."""
    found = spread(due, today=TODAY, goal=goal, settings=DEFAULT)
    order = [*found.kept, *(question for question, _ in found.moves)]
    chances = [retrievability(due[question][1], TODAY, DEFAULT) for question in order]
    days = [day for _, day in found.moves]

    assert sorted(order) == [question for question, _ in due]
    assert len(found.kept) == min(goal, len(due))
    assert chances == sorted(chances)
    assert days == sorted(days)
    assert all(TODAY < day <= TODAY + SPREAD_DAYS * DAY for day in days)


@UNTIMED
@given(MEMORIES, GOALS)
def test_a_pause_moves_what_came_due_in_it(due: list[Due], goal: int) -> None:
    """What would be due before the first day after the pause is spread from that day on, all else stays."""
    first = TODAY + 7 * DAY
    moves = resumed(due, first=first, goal=goal, settings=DEFAULT)
    waiting = [question for question, memory in due if memory.due_day is not None and memory.due_day < first]

    assert sorted(question for question, _ in moves) == waiting
    assert all(first <= day < first + SPREAD_DAYS * DAY for _, day in moves)
    assert max(per_day(moves).values(), default=0) <= max(goal, -(-len(waiting) // SPREAD_DAYS))


def test_before_an_exam_the_weakest_come_last() -> None:
    """What would come due on the exam's day or later is brought before it, the weakest nearest to the exam."""
    exam = TODAY + 20 * DAY
    memories = numbered([known(90, due=-20), known(30, due=-25), known(200, due=-300), known(5, due=-19)])

    moves = before_exam(memories, today=TODAY, exam=exam, goal=2, settings=DEFAULT)

    assert moves == ((1, exam - DAY), (0, exam - DAY), (2, exam - 2 * DAY))


@UNTIMED
@given(MEMORIES, GOALS, st.integers(-2, 60))
def test_nothing_waits_for_the_days_after_an_exam(memories: list[Due], goal: int, ahead: int) -> None:
    """All that was due too late is due from today on and before the exam; nothing moves when no day is left."""
    exam = TODAY + ahead * DAY
    late = [question for question, memory in memories if memory.due_day is not None and memory.due_day >= exam]

    moves = before_exam(memories, today=TODAY, exam=exam, goal=goal, settings=DEFAULT)

    assert sorted(question for question, _ in moves) == (late if ahead > 0 else [])
    assert all(max(TODAY, exam - SPREAD_DAYS * DAY) <= day < exam for _, day in moves)


def test_what_has_no_due_day_is_left_alone() -> None:
    """A question that waits for nothing (never answered, set aside) is neither resumed nor brought forward."""
    waiting = numbered([Memory(aside="suspend")])

    assert resumed(waiting, first=TODAY, goal=5, settings=DEFAULT) == ()
    assert before_exam(waiting, today=TODAY, exam=TODAY + DAY, goal=5, settings=DEFAULT) == ()


def test_on_the_exams_own_day_nothing_moves() -> None:
    """No day is left before it."""
    late = numbered([known(90, due=-3)])

    assert before_exam(late, today=TODAY, exam=TODAY, goal=5, settings=DEFAULT) == ()
