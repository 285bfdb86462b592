"""The study day, which starts at 04:00 local, and the streak of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY_START = time(4)  # no zone of today changes its clock at that hour; midnight is missing in several
FREEZES = 2  # from the first day, and the most that are held at once
DAYS_A_FREEZE = 7  # counted days that earn one more

_DAY = timedelta(days=1)
_AFTER_MIDNIGHT = timedelta(hours=DAY_START.hour)


def study_day(instant: datetime, zone: tzinfo, *, last: date | None = None) -> date:
    """The study day of an aware instant; never before ``last``, the learner's newest one, whatever the zone."""
    # Wall time is subtracted without a zone: four hours before 04:00 by the clock on the wall, not by the sun.
    day = (instant.astimezone(zone).replace(tzinfo=None) - _AFTER_MIDNIGHT).date()
    return day if last is None else max(last, day)


def starts(day: date, zone: tzinfo) -> datetime:
    """The first instant, UTC, of a study day; where a zone skipped its 04:00, the moment of the jump."""
    wall = datetime.combine(day, DAY_START, tzinfo=zone)
    early, late = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if study_day(early, zone) >= day:
        return early
    while late - early > timedelta(seconds=1):  # in a jump: PEP 495 gives an instant on either side of it
        middle = early + (late - early) // 2
        early, late = (early, middle) if study_day(middle, zone) >= day else (middle, late)
    return late.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Streak:
    """How many study days in a row, and what covers the next gap.

    ``frozen`` are this streak's covered days, oldest first; ``just_frozen`` those of them since the newest
    counted day before today, which today's first answer tells.
    """

    length: int
    freezes_left: int
    frozen: tuple[date, ...] = ()
    just_frozen: tuple[date, ...] = ()


Pause = tuple[date, date]  # first and last day


def streak(
    days: Collection[date], *, today: date, off_days: Collection[int] = (), pauses: Collection[Pause] = ()
) -> Streak:
    """The streak up to today, from the study days with a counting answer.

    A streak begins with two freezes and earns one more each 7 counted days, at most 2 held at once; each missed
    day takes one, the oldest first, and a gap that they do not cover ends it. Off-days (weekdays, 0 = Monday) and
    pauses without an answer neither break nor count; an answer counts on any day. Today is not missed yet.
    """
    counted = sorted({day for day in days if day <= today})
    run = _Run()
    for index, day in enumerate(counted):
        run.bridge(_missed(counted[max(0, index - 1)], day, off_days, pauses))
        run.count()
    if counted:
        run.bridge(_missed(counted[-1], today, off_days, pauses))
    newest = max((day for day in counted if day < today), default=today)
    return Streak(run.length, run.freezes, tuple(run.frozen), tuple(day for day in run.frozen if day > newest))


class _Run:
    """A streak while one walks along it."""

    __slots__ = ("freezes", "frozen", "length")

    def __init__(self) -> None:
        self.length = 0
        self.freezes = FREEZES
        self.frozen: list[date] = []

    def bridge(self, missed: Sequence[date]) -> None:
        """Covers missed days, or ends here: the next counted day begins a streak."""
        if len(missed) > self.freezes:
            self.length, self.freezes, self.frozen = 0, FREEZES, []
        else:
            self.freezes -= len(missed)
            self.frozen += missed

    def count(self) -> None:
        self.length += 1
        if self.length % DAYS_A_FREEZE == 0:
            self.freezes = min(FREEZES, self.freezes + 1)


def _missed(since: date, until: date, off_days: Collection[int], pauses: Collection[Pause]) -> list[date]:
    """The missed days between two days; no more of them than it takes to end any streak."""
    missed: list[date] = []
    day = since + _DAY
    while day < until and len(missed) <= FREEZES:
        if day.weekday() not in off_days and not any(first <= day <= last for first, last in pauses):
            missed.append(day)
        day += _DAY
    return missed
