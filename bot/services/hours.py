"""At which hours and on which days a learner's daily question comes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.day import DAY_START
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.pushes import MOST_SLOTS
from bot.ports.daily import Daily
from bot.ports.reads import Person
from bot.services.daily import Dailies

A_DAY = 1_440  # minutes
WEEK = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours are minutes after midnight, local; ``days`` weekdays, 0 = Monday."""

    dailies: Dailies

    async def add(self, person: Person, minutes: int) -> Daily:
        """One more time a day; StudyBotError above three."""
        found = await self.dailies.of(person)
        if len({*found.hours, minutes}) > MOST_SLOTS:
            raise StudyBotError(Text("hours.full"))
        return await self._at(person, found, (*found.hours, minutes))

    async def move(self, person: Person, old: int, new: int) -> Daily:
        """Another time in the place of one."""
        found = await self.dailies.of(person)
        return await self._at(person, found, (*(one for one in found.hours if one != old), new))

    async def drop(self, person: Person, minutes: int) -> Daily:
        """Not at that time; the last one stays, for that is another word: off."""
        found = await self.dailies.of(person)
        return await self._at(person, found, [one for one in found.hours if one != minutes] or found.hours)

    async def toggle(self, person: Person, weekday: int) -> Person:
        """A weekday on or off; StudyBotError for the last one that is on."""
        off = frozenset(person.learner.off_days) ^ {weekday}
        if len(off) == WEEK:
            raise StudyBotError(Text("hours.last_day"))
        return await self.dailies.adapt(person, off_days=tuple(sorted(off)))

    async def _at(self, person: Person, found: Daily, hours: Iterable[int]) -> Daily:
        planned = await self.dailies.change(person, replace(found, hours=_ordered(hours)))
        return planned.daily


def _ordered(hours: Iterable[int]) -> tuple[int, ...]:
    """In the order of a study day: 0:30 is its evening."""
    start = DAY_START.hour * 60
    return tuple(sorted(set(hours), key=lambda minutes: (minutes - start) % A_DAY))
