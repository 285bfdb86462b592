"""A group's question of the day: the whole set before a repetition, the same after a restart, its own in each room."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pick import pick, pickable
from bot.domain.question import Doubt, KindName, QuestionId

FIRST = date(2026, 11, 25)
DAY = timedelta(days=1)
ROOMS = st.text(min_size=1, max_size=20)
STEPS = st.integers(1, 7)  # daily or weekly


def numbered(count: int) -> list[QuestionId]:
    """Questions from 0 on."""
    return [QuestionId(number) for number in range(count)]


def walk(questions: Sequence[QuestionId], days: int, *, room: str = "telegram:-100", step: int = 1) -> list[QuestionId]:
    """What a room is asked, a question every ``step`` days."""
    asked: list[QuestionId] = []
    for index in range(days):
        found = pick(questions, asked, room=room, day=FIRST + index * step * DAY)
        asked += [] if found is None else [found]
    return asked


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("single", True), ("multiple", True), ("boolean", True), ("blank", False), ("case", False)],
)
def test_what_suits_a_group(kind: KindName, expected: bool) -> None:  # noqa: FBT001 - a table
    """What one press or a few can answer, with a key that nobody doubts."""
    assert expected == pickable(kind)
    assert not pickable(kind, (Doubt("no-key", "The paper names no answer."),))


def test_nothing_to_pick() -> None:
    """A set of blanks and cases has no question for a group."""
    assert pick((), (), room="telegram:-100", day=FIRST) is None


@given(st.integers(1, 40), ROOMS, STEPS)
def test_the_whole_set_before_a_repetition(count: int, room: str, step: int) -> None:
    """Daily or weekly, each walk holds every question once, and another order than the one before."""
    found = walk(numbered(count), 3 * count, room=room, step=step)

    assert [set(numbered(count))] * 3 == [set(found[start : start + count]) for start in range(0, 3 * count, count)]


@given(st.integers(2, 40), ROOMS)
def test_a_question_rests_between_two_walks(count: int, room: str) -> None:
    """Half the set at least comes between two times of one question, also where one walk ends and the next begins."""
    found = walk(numbered(count), 3 * count, room=room)
    rests = [found.index(one, place + 1) - place for place, one in enumerate(found[: 2 * count])]

    assert min(rests) > count // 2


@given(st.integers(1, 20), st.integers(0, 20), ROOMS)
def test_a_set_that_grows(count: int, more: int, room: str) -> None:
    """What is new in the set comes before anything is asked again; what has left is not asked."""
    asked = walk(numbered(count), count, room=room)
    grown = numbered(count + more)[1:]
    for index in range(more):
        found = pick(grown, asked, room=room, day=FIRST + (count + index) * DAY)
        asked += [] if found is None else [found]

    assert sorted(asked) == numbered(count + more)


def test_rooms_differ() -> None:
    """Two hundred rooms of one set have two hundred different weeks."""
    weeks = {tuple(walk(numbered(64), 7, room=f"telegram:{number}")) for number in range(200)}

    assert len(weeks) == 200


def test_days_differ() -> None:
    """The walk is no walk along the set."""
    found = walk(numbered(64), 64)

    assert found != numbered(64)
    assert sorted(found) == numbered(64)


def test_a_restart_changes_nothing() -> None:
    """Another process, with hashes of its own, draws the same."""
    program = (
        "from datetime import date; from bot.domain.pick import pick;"
        "print(pick(range(1000), (), room='telegram:-100', day=date(2026, 11, 25)))"
    )
    lines = [subprocess.check_output([sys.executable, "-c", program], text=True) for _ in range(2)]  # noqa: S603 - ours

    assert [f"{pick(numbered(1000), (), room='telegram:-100', day=FIRST)}\n"] * 2 == lines
