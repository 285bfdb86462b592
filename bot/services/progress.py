"""Numbers: a learner's progress, the streak, what comes when nothing is left, the operator's totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.day import Streak, streak
from bot.ports.reads import Person, Progress, Totals
from bot.ports.rows import Learner
from bot.services.today import House


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next questions to come due: how many, on which day, or at which instant when it is today."""

    count: int
    day: date
    at: datetime | None


def streak_of(learner: Learner, days: Iterable[date], today: date) -> Streak:
    """The learner's streak, with their off-days and pauses."""
    pauses = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in learner.pauses)
    return streak(frozenset(days), today=today, off_days=frozenset(learner.off_days), pauses=pauses)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What /stats and `studybot stats` tell."""

    house: House

    async def progress(self, person: Person) -> Progress:
        now, day = self.house.today(person.learner)
        return await self.house.storage.progress(person.learner.id, day=day, now=now)

    async def upcoming(self, person: Person) -> Upcoming | None:
        """What comes next when nothing is due now; None where nothing ever will."""
        now, day = self.house.today(person.learner)
        progress = await self.house.storage.progress(person.learner.id, day=day, now=now)
        return upcoming(progress, day)

    async def totals(self) -> tuple[Totals, int]:
        """The database in numbers, and the longest streak of its busiest learner, in days."""
        now = self.house.clock.now()
        totals = await self.house.storage.totals(now.date())
        if totals.learner is None:
            return totals, 0
        _, day = self.house.today(totals.learner)
        return totals, streak_of(totals.learner, totals.days, day).length


def upcoming(progress: Progress, today: date) -> Upcoming | None:
    """The first day from today on with something due; a step later today comes first."""
    if progress.later_today is not None:
        steps = sum(count for day, count in progress.ahead if day <= today)
        return Upcoming(steps, today, progress.later_today)
    for day, count in progress.ahead:
        if day > today:
            return Upcoming(count, day, None)
    return None
