"""The sets there are, and those that a learner has."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.errors import StudyBotError, clipped
from bot.domain.prompt import Text
from bot.domain.question import SetId
from bot.ports.changes import Changes
from bot.ports.reads import Person, Shelf
from bot.ports.rows import Enrolment, Set
from bot.services.titles import short
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

    async def shelf_of(self, person: Person, wanted: SetId) -> Shelf:
        """The set of that id; StudyBotError where there is none."""
        for shelf in await self.shelves(person):
            if shelf.set.id == wanted:
                return shelf
        raise StudyBotError(Text("sets.gone"))

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

    async def rename(self, present: Set, title: str, short_title: str = "") -> Set:
        """The set under another title, until its file is read again; the short one follows unless it is given."""
        changed = replace(present, title=title, short_title=short_title or short(title))
        await self.house.storage.commit(Changes(updates=(changed,)))
        return replace(changed, version=present.version + 1)

    async def _choose(self, person: Person, chosen: Callable[[Shelf], bool]) -> None:
        mine = [shelf for shelf in await self.shelves(person) if shelf.mine]
        changed = tuple(
            replace(shelf.enrolment, active=chosen(shelf))
            for shelf in mine
            if shelf.enrolment and shelf.enrolment.active != chosen(shelf)
        )
        await self.house.storage.commit(Changes(updates=changed))
