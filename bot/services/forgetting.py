"""A learner who wants to be forgotten: their rows go at once, their bytes with the next quiet minute."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.ports.people import Copy, Forgotten
from bot.ports.rows import Changes
from bot.ports.storage import Person
from bot.services.today import House

SCRUB = "scrub"  # the timer's key
SOON = timedelta(minutes=1)  # by then the learner's last command was answered, and is in no table any more
COPY_KEPT = timedelta(days=30)  # as bot/storage/upkeep.py has it


@dataclass(frozen=True, slots=True)
class Left:
    """Copies that still hold what was deleted, and when the last of them is gone (None: there is none)."""

    copies: tuple[Copy, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Nothing of a learner is kept, on any of their platforms."""

    house: House

    async def forget(self, person: Person) -> Left:
        """Deletes all that is the learner's; where it is left for some days."""
        soon = self.house.clock.now() + SOON
        await self.house.storage.commit(Changes(people=(Forgotten(person.learner.id),), wakes={SCRUB: soon}))
        copies = await self.house.storage.copies()
        until = max((copy.made + COPY_KEPT for copy in copies), default=None)
        return Left(copies, until)

    async def scrub(self) -> None:
        """Overwrites what was deleted; once more in a minute where somebody reads."""
        done = await self.house.storage.scrub()
        again = None if done else self.house.clock.now() + SOON
        await self.house.storage.commit(Changes(wakes={SCRUB: again}))
