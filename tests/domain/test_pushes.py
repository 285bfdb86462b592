"""Never a nuisance: the table of what is sent unasked, and lives of learners who stop answering."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pushes import (
    MOST_SLOTS,
    SNOOZE,
    Decision,
    Occasion,
    Rhythm,
    Standing,
    after,
    answered,
    broadcast_decision,
    decision,
    planned,
    room_decision,
    thin,
    weekday,
    worrying,
)

DAY = timedelta(days=1)
TUESDAY = date(2026, 12, 1)
SUNDAY = date(2026, 12, 6)
ONE = Standing((450,))
THREE = Standing((450, 750, 1200))
WEEKLY = Standing((450, 1200), "weekly")
ALWAYS = frozenset(range(7))


@pytest.mark.parametrize(
    ("standing", "occasion", "expected"),
    [
        # as chosen
        (ONE, Occasion(TUESDAY), "ask"),
        (ONE, Occasion(TUESDAY, asked=1), "skip"),
        (THREE, Occasion(TUESDAY, 1, asked=1), "ask"),
        (THREE, Occasion(TUESDAY, 2, asked=2), "ask"),
        (THREE, Occasion(TUESDAY, 2, asked=3), "skip"),
        (THREE, Occasion(TUESDAY, 2, asked=1, others=2), "skip"),  # a broadcast counts
        (replace(THREE, hours=(1, 2, 3, 4)), Occasion(TUESDAY, 3, asked=3), "skip"),  # never a fourth
        (replace(ONE, hours=()), Occasion(TUESDAY), "skip"),
        # an answered day
        (ONE, Occasion(TUESDAY, begun=True, answered=True), "skip"),
        (THREE, Occasion(TUESDAY, 1, begun=True), "ask"),  # before the slot before
        # the snooze
        (ONE, Occasion(TUESDAY, SNOOZE, asked=1), "ask"),
        (ONE, Occasion(TUESDAY, SNOOZE, asked=1, snoozed=True), "skip"),
        (ONE, Occasion(TUESDAY, SNOOZE, asked=1, begun=True, answered=True), "skip"),
        (replace(ONE, unanswered=4), Occasion(TUESDAY, SNOOZE), "ask"),  # of yesterday, after quiet hours
        (WEEKLY, Occasion(TUESDAY, SNOOZE), "ask"),
        # off, off-days, pause
        (replace(ONE, rhythm="off"), Occasion(TUESDAY), "skip"),
        (replace(ONE, rhythm="silent"), Occasion(SUNDAY), "skip"),
        (replace(ONE, rhythm="silent"), Occasion(SUNDAY, SNOOZE), "skip"),
        (replace(ONE, off_days=frozenset({1})), Occasion(TUESDAY), "skip"),
        (replace(ONE, off_days=frozenset({1})), Occasion(TUESDAY, SNOOZE), "ask"),  # of Monday's evening: promised
        (replace(ONE, off_days=frozenset({1}), paused=TUESDAY), Occasion(TUESDAY, SNOOZE), "skip"),
        (replace(ONE, off_days=frozenset({1})), Occasion(TUESDAY, SNOOZE, begun=True, answered=True), "skip"),
        (replace(ONE, paused=TUESDAY), Occasion(TUESDAY), "skip"),
        (replace(ONE, paused=TUESDAY), Occasion(TUESDAY + DAY), "ask"),
        # the exam
        (replace(ONE, exam=TUESDAY), Occasion(TUESDAY), "ask"),
        (replace(ONE, exam=TUESDAY - DAY), Occasion(TUESDAY), "close"),
        (replace(ONE, exam=TUESDAY - DAY), Occasion(TUESDAY, begun=True, answered=True), "close"),
        (replace(ONE, exam=TUESDAY - DAY, unanswered=4), Occasion(TUESDAY), "close"),
        (replace(WEEKLY, exam=TUESDAY - DAY), Occasion(TUESDAY), "close"),
        (replace(ONE, exam=TUESDAY - DAY), Occasion(TUESDAY, SNOOZE), "skip"),
        (replace(ONE, exam=TUESDAY - DAY, paused=TUESDAY), Occasion(TUESDAY), "skip"),  # later, after the pause
        (replace(ONE, exam=TUESDAY - DAY, rhythm="silent"), Occasion(TUESDAY), "skip"),
        # unanswered days
        (replace(ONE, unanswered=3), Occasion(TUESDAY), "ask"),
        (replace(ONE, unanswered=4), Occasion(TUESDAY), "weekly"),
        (replace(ONE, unanswered=4), Occasion(SUNDAY), "weekly"),
        (replace(THREE, unanswered=4), Occasion(TUESDAY, 1, asked=1), "ask"),  # today is the fourth
        (replace(THREE, unanswered=4), Occasion(TUESDAY, 1), "weekly"),  # the first slot was missed
        # unanswered Sundays
        (WEEKLY, Occasion(TUESDAY), "skip"),
        (WEEKLY, Occasion(SUNDAY), "ask"),
        (WEEKLY, Occasion(SUNDAY, 1), "skip"),  # at the first hour alone
        (WEEKLY, Occasion(SUNDAY, asked=1), "skip"),
        (replace(WEEKLY, unanswered=2), Occasion(SUNDAY), "ask"),
        (replace(WEEKLY, unanswered=3), Occasion(SUNDAY), "silence"),
        (replace(WEEKLY, off_days=frozenset({6})), Occasion(SUNDAY), "skip"),
        (replace(WEEKLY, off_days=frozenset({6})), Occasion(SUNDAY - DAY), "ask"),  # her Sunday is Saturday
    ],
)
def test_what_is_sent(standing: Standing, occasion: Occasion, expected: Decision) -> None:
    """The whole table: at most what was chosen, less and less where nothing is answered."""
    assert expected == decision(standing, occasion)


@pytest.mark.parametrize(
    ("standing", "decided", "occasion", "expected"),
    [
        (ONE, "ask", Occasion(TUESDAY), replace(ONE, unanswered=1)),
        (THREE, "ask", Occasion(TUESDAY, 1, asked=1), THREE),  # a day counts once
        (THREE, "ask", Occasion(TUESDAY, 1, begun=True), THREE),  # a day with an answer is none without
        (ONE, "ask", Occasion(TUESDAY, SNOOZE), ONE),
        (ONE, "skip", Occasion(TUESDAY), ONE),
        (replace(ONE, unanswered=4), "weekly", Occasion(TUESDAY), replace(ONE, rhythm="weekly")),
        (
            replace(ONE, rhythm="weekly", unanswered=3),
            "silence",
            Occasion(SUNDAY),
            replace(ONE, rhythm="silent", offering=True),
        ),
        (replace(ONE, exam=TUESDAY, unanswered=2), "close", Occasion(SUNDAY), replace(ONE, rhythm="off")),
    ],
)
def test_what_becomes_of_it(standing: Standing, decided: Decision, occasion: Occasion, expected: Standing) -> None:
    """A decision that was carried out changes how the learner stands."""
    assert expected == after(standing, decided, occasion=occasion)


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "silent", "off"])
def test_an_answer_begins_the_count_anew(rhythm: Rhythm) -> None:
    """And nothing else: weekly stays weekly and silence silence until the learner says otherwise."""
    standing = replace(ONE, rhythm=rhythm, unanswered=2)

    assert replace(ONE, rhythm=rhythm) == answered(standing)


def life(standing: Standing, days: int, *, answers: frozenset[int] = frozenset()) -> Iterator[tuple[date, Decision]]:
    """What a learner gets at one hour a day from a Tuesday on, who answers on those of the days."""
    for index in range(days):
        day = TUESDAY + index * DAY
        decided = decision(standing, Occasion(day))
        standing = after(standing, decided, occasion=Occasion(day))
        if decided != "skip":
            yield day, decided
        if index in answers:
            standing = answered(standing)


def test_a_learner_who_stops_answering() -> None:
    """Four questions, one sentence, three Sundays, then nothing any more."""
    expected = [
        *((TUESDAY + index * DAY, "ask") for index in range(4)),
        (TUESDAY + 4 * DAY, "weekly"),
        *((SUNDAY + index * 7 * DAY, "ask") for index in range(3)),
        (SUNDAY + 21 * DAY, "silence"),
    ]

    assert expected == list(life(ONE, 100))


def test_a_learner_who_answers_now_and_then() -> None:
    """Every fourth day is enough to be asked daily; on Sundays every third."""
    assert {"ask"} == {decided for _, decided in life(ONE, 100, answers=frozenset(range(3, 100, 4)))}
    assert {"ask"} == {decided for _, decided in life(WEEKLY, 100, answers=frozenset(range(19, 100, 21)))}


def test_an_exam_is_the_end() -> None:
    """One closing message on the day after it; who starts again is asked again."""
    standing = replace(ONE, exam=TUESDAY + DAY)
    closed = after(standing, "close", occasion=Occasion(TUESDAY + 2 * DAY))

    assert [decided for _, decided in life(standing, 30)] == ["ask", "ask", "close"]
    assert decision(replace(closed, rhythm="daily"), Occasion(TUESDAY + 9 * DAY)) == "ask"


@given(
    st.builds(
        Standing,
        st.lists(st.integers(0, 1439), max_size=5, unique=True).map(tuple),
        st.sampled_from(("off", "daily", "weekly", "silent")),
        st.integers(0, 9),
        off_days=st.frozensets(st.integers(0, 6)),
        exam=st.none() | st.dates(TUESDAY, TUESDAY + 30 * DAY),
        paused=st.none() | st.dates(TUESDAY, TUESDAY + 30 * DAY),
    ),
    st.dates(TUESDAY, TUESDAY + 40 * DAY),
    st.lists(st.tuples(st.sampled_from((0, 1, 2, 3, 4, SNOOZE)), st.booleans()), max_size=30),
)
def test_never_a_nuisance(standing: Standing, day: date, slots: list[tuple[int, bool]]) -> None:
    """Whatever happens on a day, no more is sent than was chosen, and one snooze; in a pause nothing."""
    chosen, sent, snoozed = min(len(standing.hours), MOST_SLOTS), 0, 0
    paused = standing.paused is not None and day <= standing.paused
    free = paused or day.weekday() in standing.off_days
    for slot, done in slots:
        occasion = Occasion(day, slot, asked=sent, snoozed=snoozed > 0, begun=done, answered=done)
        decided = decision(standing, occasion)
        standing = after(standing, decided, occasion=occasion)
        sent += decided in {"ask", "weekly"} and slot != SNOOZE
        snoozed += decided == "ask" and slot == SNOOZE

    assert sent <= (0 if free else chosen)
    assert snoozed <= (0 if paused else 1)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (replace(THREE, hours=(1200, 30, 450)), ((450, 1200, 30), frozenset())),
        (replace(WEEKLY, hours=(1200, 30, 450)), ((450,), ALWAYS - {6})),
        (replace(WEEKLY, off_days=frozenset({5, 6})), ((450,), ALWAYS - {4})),
        (replace(WEEKLY, off_days=ALWAYS), ((450,), ALWAYS)),
        (replace(ONE, off_days=frozenset({6})), ((450,), frozenset({6}))),
        (replace(ONE, rhythm="off"), ((), frozenset())),
        (replace(ONE, rhythm="silent"), ((), frozenset())),
    ],
)
def test_what_slots_are_planned_with(standing: Standing, expected: tuple[tuple[int, ...], frozenset[int]]) -> None:
    """Daily all hours, weekly the first of one day, else none."""
    assert expected == planned(standing)


def test_the_weekly_day() -> None:
    """Sunday, else the last one that is not off."""
    assert [weekday(off) for off in ((), (6,), range(1, 7), range(7))] == [6, 5, 0, None]


@pytest.mark.parametrize(
    ("day", "weekly", "exam", "expected"),
    [
        (TUESDAY, False, None, "ask"),
        (TUESDAY, True, None, "skip"),
        (SUNDAY, True, None, "ask"),
        (SUNDAY, False, SUNDAY, "ask"),
        (SUNDAY, False, TUESDAY, "close"),
        (TUESDAY, True, TUESDAY - DAY, "close"),
    ],
)
def test_a_groups_day(day: date, weekly: bool, exam: date | None, expected: Decision) -> None:  # noqa: FBT001 - a table
    """Its question, on Sundays alone where it is weekly, and the end after the exam."""
    assert expected == room_decision(day, weekly=weekly, exam=exam)


def test_a_thin_group_is_asked_about_once() -> None:
    """On the fifth day in a row with fewer than two answers, and again only after a better one."""
    days, worried = 0, []
    for index, answers in enumerate((0, 1, 0, 2, 0, 1, 1, 0, 1, 0, 0, 7, 0, 0, 0, 0, 0)):
        days = thin(days, answers)
        worried += [index] * worrying(days)

    assert worried == [8, 16]


@pytest.mark.parametrize(
    ("standing", "occasion", "lately", "expected"),
    [
        (ONE, Occasion(TUESDAY), 0, "send"),
        (ONE, Occasion(TUESDAY), 1, "send"),
        (ONE, Occasion(TUESDAY), 2, "leave"),
        # inside the day's number
        (ONE, Occasion(TUESDAY, asked=1), 0, "wait"),
        (ONE, Occasion(TUESDAY, others=1), 1, "wait"),
        (THREE, Occasion(TUESDAY, asked=2), 0, "send"),
        (THREE, Occasion(TUESDAY, asked=2, others=1), 1, "wait"),
        (ONE, Occasion(TUESDAY, snoozed=True), 0, "send"),
        # off, off-days, pause, exam
        (replace(ONE, rhythm="off"), Occasion(TUESDAY), 0, "leave"),
        (replace(ONE, rhythm="silent"), Occasion(TUESDAY), 0, "leave"),
        (WEEKLY, Occasion(SUNDAY), 0, "leave"),
        (replace(ONE, off_days=frozenset({1})), Occasion(TUESDAY), 0, "wait"),
        (replace(ONE, paused=TUESDAY), Occasion(TUESDAY), 0, "wait"),
        (replace(ONE, exam=TUESDAY), Occasion(TUESDAY), 0, "send"),
        (replace(ONE, exam=TUESDAY - DAY), Occasion(TUESDAY), 0, "leave"),
    ],
)
def test_a_broadcast_is_inside_the_limits(standing: Standing, occasion: Occasion, lately: int, expected: str) -> None:
    """It counts as one of the day's messages, two a week at most, for who has a question every day."""
    assert expected == broadcast_decision(standing, occasion, lately=lately)
