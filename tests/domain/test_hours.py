"""Hours on the wall in real zones: slots, downtime, quiet hours; hours and days as people type them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.day import starts
from bot.domain.hours import (
    VOID_AFTER,
    Moment,
    after_quiet,
    group_hour,
    instant,
    missed,
    offset,
    parsed_date,
    parsed_time,
    quiet,
    reveal_at,
    since,
    spread,
    upcoming,
    void_at,
)

UNTIMED = settings(deadline=None)  # the machine may be busy; zones are read from disk
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
NIGHT = (1320, 420)  # 22:00 to 7:00
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 26)
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
DAYS = st.dates(date(1990, 1, 1), date(2036, 1, 1))
MINUTES = st.integers(0, 1439)
HOURS = st.lists(MINUTES, min_size=1, max_size=3, unique=True)
SPANS = st.tuples(MINUTES, MINUTES)


def utc(text: str) -> datetime:
    """An instant, from its ISO text without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def moment(at: str, of: str, slot: int = 0) -> Moment:
    return Moment(utc(at), day(of), slot)


@pytest.mark.parametrize(
    ("of", "minutes", "zone", "at"),
    [
        ("2026-11-24", 450, "Asia/Shanghai", "2026-11-23 23:30"),
        ("2026-11-24", 450, "Asia/Kathmandu", "2026-11-24 01:45"),
        ("2026-11-24", 30, "Asia/Shanghai", "2026-11-24 16:30"),  # 0:30 of the calendar day after
        ("2026-11-24", 240, "Asia/Shanghai", "2026-11-23 20:00"),
        ("2026-03-28", 90, "Europe/London", "2026-03-29 01:00"),  # 1:30 is skipped: 2:00, the moment of the jump
        ("2026-10-24", 90, "Europe/London", "2026-10-25 00:30"),  # 1:30 comes twice: the first
        ("2026-03-07", 150, "America/New_York", "2026-03-08 07:00"),
        ("2026-10-31", 90, "America/New_York", "2026-11-01 05:30"),
        ("2026-03-29", 450, "Europe/London", "2026-03-29 06:30"),  # the same hour on the wall,
        ("2026-03-28", 450, "Europe/London", "2026-03-28 07:30"),  # another one in UTC
        ("2026-10-03", 130, "Australia/Lord_Howe", "2026-10-03 15:30"),  # half an hour is skipped from 2:00
        ("2026-04-04", 105, "Australia/Lord_Howe", "2026-04-04 14:45"),  # 1:45 comes twice
        ("2026-04-23", 15, "Africa/Cairo", "2026-04-23 22:00"),  # midnight did not exist: 1:00
        ("2011-12-29", 450, "Pacific/Apia", "2011-12-29 17:30"),
        ("2011-12-30", 450, "Pacific/Apia", "2011-12-30 10:00"),  # the day did not exist: its first moment after
        ("2011-12-31", 450, "Pacific/Apia", "2011-12-30 17:30"),
    ],
)
def test_an_hour_of_a_study_day(of: str, minutes: int, zone: str, at: str) -> None:
    """The hour that the clock on the wall shows; skipped it is the jump, shown twice it is the first."""
    assert utc(at) == instant(day(of), minutes, ZoneInfo(zone))


@UNTIMED
@given(DAYS, MINUTES, ZONES)
@example(date(2011, 12, 30), 450, ZoneInfo("Pacific/Apia"))
@example(date(2026, 10, 24), 90, ZoneInfo("Europe/London"))
@example(date(2026, 3, 29), 60, ZoneInfo("Antarctica/Troll"))
def test_an_hour_is_the_first_moment_that_late(of: date, minutes: int, zone: ZoneInfo) -> None:
    """In every zone the clock shows the hour, or a later one where it was skipped, and never did before."""
    shown = datetime.combine(of + DAY * (minutes < 240), datetime.min.time()) + timedelta(minutes=minutes)
    at = instant(of, minutes, zone)

    assert wall(at, zone) >= shown > wall(at - TICK, zone)


@UNTIMED
@given(DAYS, ZONES)
def test_a_study_day_starts_at_its_first_hour(of: date, zone: ZoneInfo) -> None:
    """04:00 is the same moment here as in the study day itself."""
    assert starts(of, zone) == instant(of, 240, zone)


@pytest.mark.parametrize(
    ("now", "hours", "zone", "expected"),
    [
        ("2026-11-23 12:12", (450,), "Asia/Shanghai", moment("2026-11-23 23:30", "2026-11-24")),
        ("2026-11-23 23:29", (450,), "Asia/Shanghai", moment("2026-11-23 23:30", "2026-11-24")),
        ("2026-11-23 23:30", (450,), "Asia/Shanghai", moment("2026-11-24 23:30", "2026-11-25")),
        ("2026-11-23 23:30", (1200, 450), "Asia/Shanghai", moment("2026-11-24 12:00", "2026-11-24", 1)),
        ("2026-11-24 12:00", (450, 30, 1200), "Asia/Shanghai", moment("2026-11-24 16:30", "2026-11-24", 2)),
        ("2026-03-28 12:00", (450,), "Europe/London", moment("2026-03-29 06:30", "2026-03-29")),
        ("2026-10-25 00:30", (90,), "Europe/London", moment("2026-10-26 01:30", "2026-10-25")),  # 1:30 came once
        ("2026-03-29 00:59", (90, 100), "Europe/London", moment("2026-03-29 01:00", "2026-03-28")),
        ("2026-03-29 01:00", (90, 100), "Europe/London", moment("2026-03-30 00:30", "2026-03-29")),  # one for both
        ("2026-10-03 15:00", (130,), "Australia/Lord_Howe", moment("2026-10-03 15:30", "2026-10-03")),
        ("2026-04-23 21:00", (15,), "Africa/Cairo", moment("2026-04-23 22:00", "2026-04-23")),
        ("2011-12-29 18:00", (450,), "Pacific/Apia", moment("2011-12-30 10:00", "2011-12-30")),
        ("2011-12-30 10:00", (450,), "Pacific/Apia", moment("2011-12-30 17:30", "2011-12-31")),
    ],
)
def test_the_next_slot(now: str, hours: Sequence[int], zone: str, expected: Moment) -> None:
    """Strictly after now, whatever the clock does in between; two that fall together come once."""
    assert expected == upcoming(utc(now), hours, ZoneInfo(zone))


def test_no_slot_on_off_days() -> None:
    """The next one is on a day that is not off; with no hours or no days there is none."""
    now = utc("2026-11-28 04:00")  # Saturday noon

    assert moment("2026-11-29 23:30", "2026-11-30") == upcoming(now, (450,), SHANGHAI, off_days={6})
    assert moment("2026-12-04 23:30", "2026-12-05") == upcoming(now, (450,), SHANGHAI, off_days={0, 1, 2, 3, 4, 6})
    assert upcoming(now, (), SHANGHAI) is None
    assert upcoming(now, (450,), SHANGHAI, off_days=range(7)) is None


def test_who_travels_west_gets_no_day_twice() -> None:
    """Asked in Auckland, then in Honolulu, where it is the day before: that day's slot does not come again."""
    now, hawaii = utc("2026-11-24 20:00"), ZoneInfo("Pacific/Honolulu")  # the 25th there, the 24th here

    assert moment("2026-11-25 17:30", "2026-11-25") == upcoming(now, (450,), hawaii)
    assert moment("2026-11-26 17:30", "2026-11-26") == upcoming(now, (450,), hawaii, after=(day("2026-11-25"), 0))
    assert moment("2026-11-26 06:00", "2026-11-25", 1) == upcoming(
        now, (450, 1200), hawaii, after=(day("2026-11-25"), 0)
    )


def test_a_pause_is_slept_through() -> None:
    """After a day far ahead the next slot is the first one behind it, even where only one weekday is left."""
    found = upcoming(utc("2026-11-24 04:00"), (450,), SHANGHAI, off_days=range(6), after=(day("2027-03-01"), 9))

    assert moment("2027-03-06 23:30", "2027-03-07") == found


@UNTIMED
@given(INSTANTS, HOURS, ZONES)
@example(utc("2011-12-29 18:00"), [450, 600], ZoneInfo("Pacific/Apia"))
@example(utc("2009-10-17 12:00"), [150, 600], ZoneInfo("Antarctica/Casey"))
def test_slots_follow_one_another(now: datetime, hours: list[int], zone: ZoneInfo) -> None:
    """In every zone the slots walk forwards, none comes twice, and none is left out but those that fall together."""
    found: list[Moment] = []
    last = now
    while len(found) < 7 and (following := upcoming(last, hours, zone)):
        found.append(following)
        last = following.at
    nearby = [found[0].day + index * DAY for index in range(-2, 10)]
    every = {instant(of, minutes, zone) for of in nearby for minutes in hours}

    assert sorted(at for at in every if now < at <= last) == [one.at for one in found]
    assert sorted({(one.day, one.slot) for one in found}) == [(one.day, one.slot) for one in found]


@pytest.mark.parametrize(
    ("now", "hours", "expected"),
    [
        ("2026-11-23 23:29", (450,), None),
        ("2026-11-23 23:30", (450,), moment("2026-11-23 23:30", "2026-11-24")),
        ("2026-11-24 02:29", (450,), moment("2026-11-23 23:30", "2026-11-24")),
        ("2026-11-24 02:30", (450,), None),  # void
        ("2026-11-24 02:00", (450, 540, 550), moment("2026-11-24 01:10", "2026-11-24", 2)),  # never two
        ("2026-11-23 20:30", (230,), moment("2026-11-23 19:50", "2026-11-23")),  # 3:50, before the day turned
        ("2026-11-24 02:00", (), None),
    ],
)
def test_after_downtime(now: str, hours: Sequence[int], expected: Moment | None) -> None:
    """The newest slot within its three hours, and no older one."""
    assert expected == missed(utc(now), hours, SHANGHAI)


def test_nothing_was_missed_that_was_pushed_or_off() -> None:
    """A slot that was pushed is not missed, nor is an older one then; nor is one of an off-day."""
    now, hours = utc("2026-11-24 02:00"), (450, 540)

    assert moment("2026-11-24 01:00", "2026-11-24", 1) == missed(now, hours, SHANGHAI, after=(day("2026-11-24"), 0))
    assert missed(now, hours, SHANGHAI, after=(day("2026-11-24"), 1)) is None
    assert missed(now, hours, SHANGHAI, off_days={1}) is None


@UNTIMED
@given(INSTANTS, HOURS, ZONES)
def test_what_was_missed_is_next_to_what_comes(now: datetime, hours: list[int], zone: ZoneInfo) -> None:
    """What was missed is not void, and no slot lies between it and now."""
    found = missed(now, hours, zone)
    following = upcoming(found.at if found else now - VOID_AFTER, hours, zone)

    assert following is not None
    assert following.at > now
    assert found is None or found.at <= now < void_at(found.at)


def test_since_when_an_answer_counts_for_a_slot() -> None:
    """The first slot looks back to the study day's start, the others to the slot before."""
    first, second = moment("2026-11-23 23:30", "2026-11-24"), moment("2026-11-24 12:00", "2026-11-24", 1)

    assert utc("2026-11-23 20:00") == since(first, (1200, 450), SHANGHAI)
    assert utc("2026-11-23 23:30") == since(second, (1200, 450), SHANGHAI)


@pytest.mark.parametrize(("minutes", "expected"), [(419, False), (420, True), (830, True), (831, False)])
def test_a_groups_hour(minutes: int, expected: bool) -> None:  # noqa: FBT001 - a table
    """From 7:00 to 13:50."""
    assert expected == group_hour(minutes)


@UNTIMED
@given(DAYS, st.integers(420, 830), ZONES)
def test_a_group_is_told_before_ten(of: date, minutes: int, zone: ZoneInfo) -> None:
    """Wherever a group is, its answer comes on the same day before 22:00, unless the clock itself jumps that day."""
    at = instant(of, minutes, zone)
    told = wall(reveal_at(at), zone)
    jump = (told - wall(at, zone)) - timedelta(hours=8)

    assert told < datetime.combine(wall(at, zone).date(), datetime.min.time()) + timedelta(hours=22) + jump


@pytest.mark.parametrize(
    ("at", "span", "expected"),
    [
        ("2026-11-24 13:59", NIGHT, False),  # 21:59 in Shanghai
        ("2026-11-24 14:00", NIGHT, True),
        ("2026-11-24 22:59", NIGHT, True),
        ("2026-11-24 23:00", NIGHT, False),
        ("2026-11-24 05:00", (780, 840), True),  # 13:00
        ("2026-11-24 06:00", (780, 840), False),
        ("2026-11-24 05:00", (780, 780), False),  # none
    ],
)
def test_quiet_hours(at: str, span: tuple[int, int], expected: bool) -> None:  # noqa: FBT001 - a table
    """From the one up to the other, over midnight too."""
    assert expected == quiet(utc(at), SHANGHAI, span=span)


@pytest.mark.parametrize(
    ("at", "zone", "span", "own", "expected"),
    [
        ("2026-11-24 12:00", "Asia/Shanghai", NIGHT, 450, "2026-11-24 12:00"),
        ("2026-11-24 14:30", "Asia/Shanghai", NIGHT, 450, "2026-11-24 23:30"),  # 22:30: her 7:30
        ("2026-11-24 14:30", "Asia/Shanghai", NIGHT, 410, "2026-11-24 23:00"),  # her 6:50 is before 7:00
        ("2026-11-24 14:30", "Asia/Shanghai", NIGHT, None, "2026-11-24 23:00"),
        ("2026-11-24 18:00", "Asia/Shanghai", NIGHT, 1200, "2026-11-25 12:00"),  # 2:00: her 20:00 of that day
        ("2026-11-24 05:15", "Asia/Shanghai", (780, 840), None, "2026-11-24 06:00"),
        ("2026-10-25 00:40", "Europe/London", (1320, 90), None, "2026-10-25 00:40"),  # 1:40, the first time
        ("2026-10-25 01:10", "Europe/London", (1320, 90), None, "2026-10-25 01:30"),  # 1:10 again: 1:30 again
        ("2026-03-28 23:00", "Europe/London", (1320, 90), None, "2026-03-29 01:00"),
    ],
)
def test_after_quiet_hours(at: str, zone: str, span: tuple[int, int], own: int | None, expected: str) -> None:
    """What falls into them waits for the later of their end and the learner's own hour."""
    assert utc(expected) == after_quiet(utc(at), ZoneInfo(zone), span=span, own=own)


@UNTIMED
@given(INSTANTS, ZONES, SPANS)
@example(utc("2026-10-25 01:10"), ZoneInfo("Europe/London"), (1320, 90))
@example(utc("2026-10-25 02:10"), ZoneInfo("Antarctica/Troll"), (1320, 150))
def test_nothing_comes_in_quiet_hours(at: datetime, zone: ZoneInfo, span: tuple[int, int]) -> None:
    """In every zone what waits comes later, within a day and its jumps, and out of the quiet hours."""
    found = after_quiet(at, zone, span=span)

    assert at <= found <= at + 2 * DAY
    assert not quiet(found, zone, span=span)


@pytest.mark.parametrize(("count", "seconds"), [(0, 60), (1, 60), (1500, 60), (1501, 60.04), (10_000, 400)])
def test_a_minutes_messages_are_spread(count: int, seconds: float) -> None:
    """At least over the minute, at most 25 a second."""
    assert timedelta(seconds=seconds) == spread(count)


@given(st.integers(1, 100_000), st.data())
def test_each_message_has_its_place(count: int, data: st.DataObject) -> None:
    """All lie within the spread, and no two of them are nearer than a twenty-fifth of a second."""
    index = data.draw(st.integers(0, count - 1))

    assert timedelta() <= offset(index, count) < spread(count)
    assert offset(index + 1, count) - offset(index, count) >= timedelta(seconds=1 / 25) - TICK


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6:50", 410), ("06:50", 410), ("6：50", 410), ("650", 410), ("0650", 410), ("6.50", 410), ("6点50", 410),
        ("6 点 50 分", 410), ("６点半", 390), ("6點", 360), ("19時30分", 1170), ("7 pm", 1140), ("7:30 p.m.", 1170),
        ("7AM", 420), ("12 am", 0), ("12 pm", 720), ("12:05am", 5), ("19h", 1140), ("18h30", 1110), ("7", 420),
        ("19", 1140), ("1930", 1170), ("0:00", 0), ("23:59", 1439), (" 14:05 ", 845), ("下午3点半", 930),
        ("晚上8:10", 1210), ("晚上20点", 1200), ("上午7点", 420), ("凌晨12点", 0), ("中午12点", 720),
        ("晚上12点", None), ("早上七点", None), ("早上13点", None), ("0 pm", None), ("0 am", None), ("早上", None),
        ("24:00", None), ("6:60", None), ("25", None), ("6:5", None), ("65", None), ("12345", None), ("", None),
        ("-6:50", None), ("6:50" + " " * 40, None), ("sechs", None),
    ],
)  # fmt: skip
def test_hours_as_typed(text: str, minutes: int | None) -> None:
    """An hour in the ways that people write it; what is none is not guessed."""
    assert minutes == parsed_time(text)


@given(MINUTES)
def test_every_hour_can_be_typed(minutes: int) -> None:
    """As the bot itself tells hours, and as a 12-hour clock does."""
    hour, minute = divmod(minutes, 60)
    half = f"{(hour - 1) % 12 + 1}:{minute:02} {'ap'[hour >= 12]}m"

    assert minutes == parsed_time(f"{hour}:{minute:02}")
    assert minutes == parsed_time(half)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-19", "2026-12-19"), ("12/19", "2026-12-19"), ("12.19", "2026-12-19"), ("12月19日", "2026-12-19"),
        ("12 月 19 號", "2026-12-19"), ("１２－１９", "2026-12-19"), ("2026-12-20", "2026-12-20"),
        ("2027/1/5", "2027-01-05"), ("2026年12月20日", "2026-12-20"), ("19 Dec", "2026-12-19"),
        ("Dec 19", "2026-12-19"), ("19th December", "2026-12-19"), ("December 1st", "2026-12-01"),
        ("Sept. 2, 2027", "2027-09-02"), ("2 Sep 2027", "2027-09-02"), ("Dec 2 2026", "2026-12-02"),
        ("11-26", "2026-11-26"), ("11-25", "2027-11-25"), ("2-29", "2028-02-29"), ("2026-11-26", "2026-11-26"),
        ("2026-11-25", None), ("2-30", None), ("13-1", None), ("19-12", None), ("2027-2-29", None), ("0-0", None),
        ("19 Foo", None), ("0000-1-1", None), ("soon", None), ("明天", None), ("12", None), ("", None),
        ("12-19 " * 9, None),
    ],
)  # fmt: skip
def test_days_as_typed(text: str, expected: str | None) -> None:
    """The next such day from today on; nothing for a day that is over or no day."""
    assert (day(expected) if expected else None) == parsed_date(text, TODAY)


def test_a_leap_day_is_waited_for() -> None:
    """Also over the year 2100, which has none."""
    assert date(2104, 2, 29) == parsed_date("Feb 29", date(2096, 3, 1))
    assert parsed_date("9999-12-29", TODAY) is None


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(0, 360))
def test_the_next_such_day_is_found(today: date, ahead: int) -> None:
    """A day of the coming year is found by its month and day alone."""
    then = today + ahead * DAY

    assert then == parsed_date(f"{then.month}-{then.day}", today)


@given(st.text())
def test_nonsense_is_no_fault(text: str) -> None:
    """Whatever is typed, it is an hour and a day to come, or nothing."""
    assert parsed_time(text) in {None, *range(1440)}
    assert (parsed_date(text, TODAY) or TODAY) >= TODAY
