"""A learner who wants to be forgotten: their rows go at once, their bytes with the next quiet minute."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.ports.changes import Changes
from bot.ports.people import Copy, Forgotten
from bot.ports.reads import Person
from bot.services.today import House

SCRUB = "scrub"  # the timer's key
LOG = "log"  # "scrub:log": the log alone is to be emptied
SOON = timedelta(minutes=1)  # by then the learner's last command was answered, and is in no table any more
REST = timedelta(hours=1)  # between two scrubs: all others wait while the file is written anew
STUCK = timedelta(days=1)  # what is unanswered for that long is waited for no more
COPY_KEPT = timedelta(days=30)  # as bot/storage/upkeep.py has it


@dataclass(frozen=True, slots=True)
class Left:
    """Copies that still hold what was deleted, and when the last of them is gone (None: there is none)."""

    copies: tuple[Copy, ...]
    until: date | None


@dataclass(slots=True)
class Scrubbed:
    """When it was done last, since the program began."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Nothing of a learner is kept, on any of their platforms."""

    house: House
    last: Scrubbed = field(default_factory=Scrubbed)

    async def forget(self, person: Person) -> Left:
        """Deletes all that is the learner's; where it is left for some days."""
        soon = self.house.clock.now() + SOON
        await self.house.storage.commit(Changes(people=(Forgotten(person.learner.id),), wakes={SCRUB: soon}))
        copies = await self.house.storage.copies()
        until = max((copy.made + COPY_KEPT for copy in copies), default=None)
        return Left(copies, until)

    async def scrub(self, at: datetime) -> None:
        """Overwrites what was deleted before ``at``, once an hour at most.

        Again where something that arrived before may still be on its way to an answer: it may be the learner's.
        """
        storage, now = self.house.storage, self.house.clock.now()
        if self.last.at is not None and now < self.last.at + REST:
            await storage.commit(Changes(wakes={SCRUB: self.last.at + REST}))
            return
        self.last.at = now
        done = await storage.scrub()
        again = await storage.unanswered(at - STUCK, at - SOON)
        wakes = {SCRUB: now + REST if again else None, f"{SCRUB}:{LOG}": None if done else now + SOON}
        await storage.commit(Changes(wakes=wakes))

    async def empty(self) -> None:
        """Empties the log; once more in a minute where somebody reads."""
        done = await self.house.storage.emptied()
        again = None if done else self.house.clock.now() + SOON
        await self.house.storage.commit(Changes(wakes={f"{SCRUB}:{LOG}": again}))
