"""The sets there are, and those that a learner has."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.errors import StudyBotError, clipped
from bot.domain.prompt import Text
from bot.ports.changes import Changes
from bot.ports.reads import Person, Shelf
from bot.ports.rows import Enrolment
from bot.services.today import House


@dataclass(frozen=True, slots=True)
class Sets:
    """Adding, leaving and choosing among sets. What was studied stays, whatever a learner leaves."""

    house: House

    async def shelves(self, person: Person) -> tuple[Shelf, ...]:
        return await self.house.storage.shelves(person.learner.id)

    async def shelf(self, person: Person, code: str) -> Shelf:
        """The set of that code; StudyBotError where there is none."""
        for shelf in await self.shelves(person):
            if shelf.set.code == code:
                return shelf
        raise StudyBotError(Text("sets.unknown", {"code": clipped(code)}))

    async def add(self, person: Person, code: str) -> Shelf:
        """The set is the learner's and takes part; as before where it did already."""
        shelf = await self.shelf(person, code)
        known = shelf.enrolment
        if shelf.taking_part:
            return shelf
        start = Enrolment(person.learner.id, shelf.set.id, active=True, departed=False, added_at=self.house.clock.now())
        enrolment = start if known is None else replace(known, active=True, departed=False)
        await self.house.storage.commit(Changes(updates=(enrolment,)))
        return replace(shelf, enrolment=enrolment)

    async def leave(self, person: Person, code: str) -> Shelf:
        shelf = await self.shelf(person, code)
        if shelf.enrolment is not None:
            await self.house.storage.commit(Changes(updates=(replace(shelf.enrolment, departed=True),)))
        return shelf

    async def only(self, person: Person, code: str) -> None:
        """Only this set takes part, of those that the learner has."""
        await self._choose(person, lambda shelf: shelf.set.code == code)

    async def all(self, person: Person) -> None:
        await self._choose(person, lambda _: True)

    async def _choose(self, person: Person, chosen: Callable[[Shelf], bool]) -> None:
        mine = [shelf for shelf in await self.shelves(person) if shelf.mine]
        changed = tuple(
            replace(shelf.enrolment, active=chosen(shelf))
            for shelf in mine
            if shelf.enrolment and shelf.enrolment.active != chosen(shelf)
        )
        await self.house.storage.commit(Changes(updates=changed))
