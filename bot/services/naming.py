"""What a learner is called on the boards of rooms, and whether they stand there at all."""

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.question import RoomId
from bot.ports.changes import Changes
from bot.ports.people import EVERYWHERE, BoardName
from bot.ports.reads import Person
from bot.services.today import House


@dataclass(frozen=True, slots=True)
class Naming:
    """A name holds in one room where it was chosen for that room, else everywhere."""

    house: House

    async def room(self, platform: str, here: str) -> RoomId | None:
        """The shared room in which somebody speaks alone, None where it is not known; EVERYWHERE in private."""
        return await self.house.storage.room(platform, here) if here else EVERYWHERE

    async def of(self, person: Person, room: RoomId) -> BoardName:
        """How the learner stands on that room's boards; with version 0 where nothing was said for that very room."""
        learner = person.learner.id
        exact = await self.house.storage.board_name(learner, room)
        general = exact or await self.house.storage.board_name(learner, EVERYWHERE)
        return exact or replace(general or BoardName(learner, room), room_id=room, version=0)

    async def change(self, person: Person, room: RoomId, **what: Any) -> None:
        """Another ``name`` there, or ``hidden``."""
        changed = replace(await self.of(person, room), **what)
        await self.house.storage.commit(Changes(updates=(changed,)))
