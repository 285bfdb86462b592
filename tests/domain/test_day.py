"""The study day in real zones, and streaks with freezes, off-days and pauses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.day import FREEZES, Streak, starts, streak, study_day

UNTIMED = settings(deadline=None)  # the machine may be busy; zones are read from disk
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MONDAY = date(2026, 11, 23)
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
DAYS = st.dates(date(1990, 1, 1), date(2036, 1, 1))


def utc(text: str) -> datetime:
    """An instant, from its ISO text without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-11-23 19:59:59", "Asia/Shanghai", "2026-11-23"),
        ("2026-11-23 20:00:00", "Asia/Shanghai", "2026-11-24"),
        ("2026-03-29 01:59:59", "Europe/Berlin", "2026-03-28"),  # 03:59:59 after the jump from 02:00
        ("2026-03-29 02:00:00", "Europe/Berlin", "2026-03-29"),
        ("2026-10-25 02:59:59", "Europe/Berlin", "2026-10-24"),  # the night of 25 hours
        ("2026-10-25 03:00:00", "Europe/Berlin", "2026-10-25"),
        ("2026-04-24 00:59:59", "Africa/Cairo", "2026-04-23"),  # its midnight did not exist
        ("2026-04-24 01:00:00", "Africa/Cairo", "2026-04-24"),
        ("2026-10-03 17:30:00", "Australia/Lord_Howe", "2026-10-04"),  # half an hour forward at 02:00: +11 then
        ("2026-10-03 16:59:59", "Australia/Lord_Howe", "2026-10-03"),
        ("2026-03-29 02:00:00", "Antarctica/Troll", "2026-03-29"),  # two hours at once
        ("2026-03-29 01:59:59", "Antarctica/Troll", "2026-03-28"),
        ("2011-12-30 09:59:59", "Pacific/Apia", "2011-12-29"),  # the last second before the date line moved
        ("2011-12-30 14:00:00", "Pacific/Apia", "2011-12-31"),
    ],
)
def test_study_days(instant: str, zone: str, day: str) -> None:
    """A study day starts at 04:00 by the clock on the wall, whatever the clock did that night."""
    assert date.fromisoformat(day) == study_day(utc(instant), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2026-11-24", "Asia/Shanghai", "2026-11-23 20:00:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-29 02:00:00"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25 03:00:00"),
        ("2026-04-24", "Africa/Cairo", "2026-04-24 01:00:00"),
        ("2011-12-30", "Pacific/Apia", "2011-12-30 10:00:00"),  # a day of four hours: midnight to 04:00 of the 31st
        ("2011-12-31", "Pacific/Apia", "2011-12-30 14:00:00"),
    ],
)
def test_starts(day: str, zone: str, instant: str) -> None:
    """A study day's first instant; where its 04:00 was skipped, the moment of the jump."""
    assert utc(instant) == starts(date.fromisoformat(day), ZoneInfo(zone))


@UNTIMED
@given(DAYS, ZONES)
@example(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
@example(date(1993, 8, 21), ZoneInfo("Pacific/Kwajalein"))
@example(date(1994, 12, 31), ZoneInfo("Pacific/Kiritimati"))
@example(date(2019, 10, 4), ZoneInfo("Antarctica/Casey"))
@example(date(2009, 10, 18), ZoneInfo("Antarctica/Casey"))
@example(date(2026, 10, 4), ZoneInfo("Australia/Lord_Howe"))
@example(date(2026, 10, 25), ZoneInfo("Antarctica/Troll"))
def test_a_day_starts_when_the_one_before_has_ended(day: date, zone: ZoneInfo) -> None:
    """From its first instant on it is that study day, just before it an earlier one, in every zone."""
    first = starts(day, zone)

    assert study_day(first, zone) >= day
    assert study_day(first - TICK, zone) < day
    assert first <= starts(day + DAY, zone)


@UNTIMED
@given(st.lists(st.tuples(INSTANTS, ZONES), min_size=2, max_size=6))
def test_a_study_day_never_goes_back(moves: list[tuple[datetime, ZoneInfo]]) -> None:
    """However a learner's zone changes from one answer to the next, the day stays or grows."""
    last: date | None = None
    for instant, zone in sorted(moves, key=lambda move: move[0]):
        day = study_day(instant, zone, last=last)

        assert last is None or day >= last
        assert day >= study_day(instant, zone)
        last = day


@UNTIMED
@given(INSTANTS, ZONES)
def test_a_study_day_is_near_the_utc_date(instant: datetime, zone: ZoneInfo) -> None:
    """At most a day from the date in UTC: a day before it has begun in every zone."""
    assert abs(study_day(instant, zone) - instant.date()) <= DAY


def run(text: str, *, off_days: Sequence[int] = (), pauses: Sequence[tuple[int, int]] = ()) -> Streak:
    """The streak of a row of days from a Monday on, ``x`` answered and ``.`` not; the last one is today."""
    days = [MONDAY + index * DAY for index, mark in enumerate(text) if mark == "x"]
    spans = [(MONDAY + first * DAY, MONDAY + last * DAY) for first, last in pauses]
    return streak(days, today=MONDAY + (len(text) - 1) * DAY, off_days=off_days, pauses=spans)


@pytest.mark.parametrize(
    ("days", "length", "freezes_left"),
    [
        (".", 0, 2),
        ("x", 1, 2),
        ("x.", 1, 2),  # today is not missed yet
        ("xx", 2, 2),
        ("x.x", 2, 1),
        ("x..x", 2, 0),
        ("x...x", 1, 2),  # a new streak has freezes of its own
        ("x....", 0, 2),
        ("x.x.x", 3, 0),
        ("x.x.x.x", 1, 2),
        ("xxxxxxx", 7, 2),  # two at most
        ("x.xxxxxx", 7, 2),  # the seventh counted day earned one back
        ("x..xxxxxx", 7, 1),
        ("x..xxxxx.", 6, 0),
        ("x..xxxxx.x", 1, 2),
        ("x..xxxxxx.x", 8, 0),
        ("x..xxxxxx.xxxxxx", 13, 0),
        ("x..xxxxxx.xxxxxxx", 14, 1),
        ("xxxxxxxxxxx.x", 12, 1),  # eleven days, one missed, and back: twelve in a row, one freeze left
    ],
)
def test_streaks(days: str, length: int, freezes_left: int) -> None:
    """Two freezes from the first day, one more each 7 counted days, at most 2; a gap they do not cover ends it."""
    found = run(days)

    assert (length, freezes_left) == (found.length, found.freezes_left)


def test_a_frozen_day_is_told_once() -> None:
    """The day that a freeze covered shows at the next answer and, until then, before it; later only in the list."""
    missed = MONDAY + DAY
    before, at, later = run("x.."), run("x.x"), run("x.xx")

    assert [(missed,)] * 3 == [before.frozen, at.frozen, later.frozen]
    assert [(missed,), (missed,), ()] == [before.just_frozen, at.just_frozen, later.just_frozen]


def test_frozen_days_of_a_streak_that_ended_are_forgotten() -> None:
    """Only what this streak was covered by is listed."""
    assert run("x.x....x.x").frozen == (MONDAY + 8 * DAY,)


@pytest.mark.parametrize(
    ("days", "off_days", "pauses", "length", "freezes_left"),
    [
        ("xxxxx..x", (5, 6), (), 6, 2),  # a free weekend
        ("xxxxx.xx", (5, 6), (), 7, 2),  # an answer on an off-day counts
        ("x......x", (), ((1, 6),), 2, 2),
        ("x........x", (), ((2, 8),), 2, 1),  # the day before the pause was missed
        ("x......x", (), ((3, 9),), 2, 0),
        ("x.......", (), ((1, 7),), 1, 2),
        ("xx..............x", (5, 6), ((2, 15),), 3, 2),
    ],
)
def test_off_days_and_pauses(
    days: str, off_days: Sequence[int], pauses: Sequence[tuple[int, int]], length: int, freezes_left: int
) -> None:
    """They neither break a streak nor count, and take no freeze."""
    found = run(days, off_days=off_days, pauses=pauses)

    assert (length, freezes_left) == (found.length, found.freezes_left)


def test_days_to_come_are_left_out() -> None:
    """A day after today is not counted before it is there."""
    assert streak([MONDAY, MONDAY + 3 * DAY], today=MONDAY) == streak([MONDAY], today=MONDAY)


ROWS = st.text(st.sampled_from("x.x"), min_size=1, max_size=60)


@UNTIMED
@given(ROWS)
def test_an_answer_today_adds_one(days: str) -> None:
    """Whatever was before, answering today makes the streak one longer and takes no freeze."""
    without, answering = run(days + "."), run(days + "x")

    assert without.length + 1 == answering.length
    assert without.frozen == answering.frozen
    assert without.freezes_left <= answering.freezes_left


@UNTIMED
@given(ROWS)
def test_what_holds_for_every_streak(days: str) -> None:
    """Freezes are 0 to 2, frozen days are days without an answer, and a streak is no longer than the days studied."""
    found = run(days)
    answered = {MONDAY + index * DAY for index, mark in enumerate(days) if mark == "x"}

    assert 0 <= found.freezes_left <= FREEZES
    assert answered.isdisjoint(found.frozen)
    assert found.length <= len(answered)
    assert set(found.just_frozen) <= set(found.frozen)


@UNTIMED
@given(ROWS, st.integers(0, 59), st.integers(1, 20))
def test_a_pause_changes_nothing(days: str, place: int, length: int) -> None:
    """Days without an answer put in as a pause leave the streak and its freezes as they were."""
    at = min(place, len(days) - 1)
    paused = run(days[:at] + "." * length + days[at:], pauses=[(at, at + length - 1)])

    assert (run(days).length, run(days).freezes_left) == (paused.length, paused.freezes_left)
