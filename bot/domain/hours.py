"""Hours on the wall as instants: when a day's question is due, what quiet hours hold back, hours and days as typed."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from unicodedata import normalize

from bot.domain.day import DAY_START, study_day

VOID_AFTER = timedelta(hours=3)  # a daily question that comes later than that does not come
REVEAL_AFTER = timedelta(hours=8)
GROUP_HOURS = (420, 830)  # minutes after midnight, both taken: the reveal, 8 h later, comes before 22:00
A_SECOND = 25  # messages; Telegram takes about 30, and somebody may wait for an answer

FARTHEST = timedelta(days=3_653)

_A_DAY = 1_440
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59
_NIGHT = DAY_START.hour * 60  # an hour before it ends a study day, it does not begin one
_DAY = timedelta(days=1)
_WEEK = 7

_LONGEST = 40  # characters; nobody types a longer hour or day
_CLOCK = re.compile(
    r"(?P<before>上午|早上|凌晨|中午|下午|傍晚|晚上)?(?P<hour>[0-9]{1,2})"
    r"(?:[:.]?(?P<minute>[0-9]{2})|[h点點时時](?:(?P<past>[0-9]{1,2}|半)分?)?)?(?P<behind>[ap]\.?m\.?)?"
)
_MORNING = frozenset({"a", "上", "早", "凌"})  # how the words for it begin
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905 - words
)
_NUMBERS = re.compile(r"(?:(?P<year>[0-9]{4})[-/.年])?(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})[日号號]?")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?P<name>[a-z]{3,9})[.,]*(?P<year>[0-9]{4})?")
_NAME_FIRST = re.compile(r"(?P<name>[a-z]{3,9})\.?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?(?P<year>[0-9]{4})?")
_LEAP = 9  # years, the longest that February 29 keeps away (2096 to 2104)

After = tuple[date, int] | None  # study day and slot of the newest push


@dataclass(frozen=True, slots=True)
class Moment:
    """A slot of a study day, and its instant, UTC. ``slot`` counts the hours in the study day's order, from 0."""

    at: datetime
    day: date
    slot: int


def ordered(hours: Sequence[int]) -> list[int]:
    """The hours in the order of a study day: 0:30 is its evening."""
    return sorted(set(hours), key=lambda minutes: (minutes - _NIGHT) % _A_DAY)


def instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The instant, UTC, of a wall time (minutes after midnight) of a study day.

    Before 04:00 it belongs to the calendar day after. A time that the clock skips is the moment of the jump, one
    that it shows twice is the first.
    """
    return _at(day + _DAY if minutes < _NIGHT else day, minutes, zone)


def upcoming(
    now: datetime, hours: Sequence[int], zone: tzinfo, *, off_days: Collection[int] = (), after: After = None
) -> Moment | None:
    """The next slot strictly after now, and after the push ``after`` also where the learner travelled west.

    None where there is none: no hours, or every weekday (0 = Monday) is off.
    """
    today = study_day(now, zone)
    first = max(today, after[0]) if after else today
    # From yesterday, for a jump may carry an evening's slot over 04:00; to a week after the first day that may be.
    days = (today - _DAY, *(first + index * _DAY for index in range(_WEEK + 2)))
    found = _moments(days, hours, zone, off_days=off_days, after=after)
    return next((moment for moment in found if moment.at > now), None)


def missed(
    now: datetime, hours: Sequence[int], zone: tzinfo, *, off_days: Collection[int] = (), after: After = None
) -> Moment | None:
    """After downtime: the newest slot that is due by now and not void yet, unless it was pushed; never an older one."""
    today = study_day(now, zone)
    found = _moments((today - _DAY, today), hours, zone, off_days=off_days)
    due = [moment for moment in found if moment.at <= now]
    newest = due[-1] if due else None
    if newest is None or now >= void_at(newest.at) or _is_over(newest, after):
        return None
    return newest


def since(moment: Moment, hours: Sequence[int], zone: tzinfo) -> datetime:
    """From when on an answer makes a slot needless: its study day's start, or the day's previous slot."""
    minutes = ordered(hours)[moment.slot - 1] if moment.slot else _NIGHT
    return instant(moment.day, minutes, zone)


def void_at(at: datetime) -> datetime:
    """From when on a daily question that was due at an instant is not sent any more."""
    return at + VOID_AFTER


def reveal_at(at: datetime) -> datetime:
    """When a group is told the answer to the question of an instant."""
    return at + REVEAL_AFTER


def group_hour(minutes: int) -> bool:
    """Whether a group may choose an hour."""
    return GROUP_HOURS[0] <= minutes <= GROUP_HOURS[1]


def quiet(at: datetime, zone: tzinfo, *, span: tuple[int, int]) -> bool:
    """Whether an instant lies in quiet hours: from, to (minutes after midnight), over midnight too; none if equal."""
    start, end = span
    return (_minutes(_wall(at, zone)) - start) % _A_DAY < (end - start) % _A_DAY


def after_quiet(at: datetime, zone: tzinfo, *, span: tuple[int, int], own: int | None = None) -> datetime:
    """When a snooze or a broadcast may come: at once, or at the later of the quiet hours' end and the own hour.

    ``own``: the learner's first hour of the day, minutes after midnight.
    """
    if not quiet(at, zone, span=span):
        return at
    wall, end = _wall(at, zone), span[1]
    day = wall.date() + _DAY if _minutes(wall) >= end else wall.date()
    again = at.astimezone(zone).fold == 1  # a clock that was put back has shown the end once already
    return max(at, _at(day, max(end, own or 0), zone, again=again))


def spread(count: int) -> timedelta:
    """Over how long the messages of one minute are spread."""
    return max(timedelta(minutes=1), timedelta(seconds=count / A_SECOND))


def offset(index: int, count: int) -> timedelta:
    """How long after their minute the message ``index``, from 0, of ``count`` goes."""
    return spread(count) * index / count


def parsed_time(text: str) -> int | None:
    """Minutes after midnight, as people type an hour: 6:50, 650, 6点半, 7 pm, 19h; None where it is none."""
    found = _CLOCK.fullmatch(_plain(text))
    if not found:
        return None
    hour = _hour(int(found["hour"]), found["before"] or found["behind"] or "")
    minute = 30 if found["past"] == "半" else int(found["minute"] or found["past"] or 0)
    return hour * 60 + minute if hour is not None and minute <= _LAST_MINUTE else None


def parsed_date(text: str, today: date) -> date | None:
    """The next such day, from today on: 12-19, 12月19日, 19 Dec; with a year that day.

    None where it is past, none at all, or farther away than anybody plans.
    """
    plain = _plain(text)
    if found := _NUMBERS.fullmatch(plain):
        month = int(found["month"])
    elif found := _DAY_FIRST.fullmatch(plain) or _NAME_FIRST.fullmatch(plain):
        month = next((place for place, name in enumerate(_MONTHS, 1) if name.startswith(found["name"])), 0)
    else:
        return None
    years = (int(found["year"]),) if found["year"] else range(today.year, today.year + _LEAP)
    days = (_date(year, month, day=int(found["day"])) for year in years)
    return next((day for day in days if day is not None and today <= day <= today + FARTHEST), None)


def _moments(
    days: Sequence[date], hours: Sequence[int], zone: tzinfo, *, off_days: Collection[int], after: After = None
) -> Iterator[Moment]:
    """The slots of some days, in order, without those that are over."""
    for day in days:
        if day.weekday() not in off_days:
            found = (Moment(instant(day, one, zone), day, slot) for slot, one in enumerate(ordered(hours)))
            yield from (moment for moment in found if not _is_over(moment, after))


def _is_over(moment: Moment, after: After) -> bool:
    return after is not None and (moment.day, moment.slot) <= after


def _at(day: date, minutes: int, zone: tzinfo, *, again: bool = False) -> datetime:
    """The instant of a wall time of a calendar day; the second one where it is shown ``again``."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _wall(early, zone) >= wall:
        return late if again else early
    while late - early > timedelta(seconds=1):  # in a jump: PEP 495 gives an instant on either side of it
        middle = early + (late - early) // 2
        early, late = (early, middle) if _wall(middle, zone) >= wall else (middle, late)
    return late.replace(microsecond=0)


def _wall(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _minutes(wall: datetime) -> int:
    return wall.hour * 60 + wall.minute


def _plain(text: str) -> str:
    """Half-width, small, without spaces; nothing where it is too long."""
    return "".join(normalize("NFKC", text).casefold().split()) if len(text) <= _LONGEST else ""


def _hour(hour: int, half: str) -> int | None:
    """The hour of the day, where a word for its half stands with it: 12 am is 0, 晚上 12 点 nobody can tell."""
    if hour > _LAST_HOUR or (half == "晚上" and hour == _NOON):
        return None
    if not half:
        return hour
    if half[0] in _MORNING:
        return hour % _NOON if 1 <= hour <= _NOON else None
    return hour if hour >= _NOON else hour + _NOON if hour else None


def _date(year: int, month: int, *, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
