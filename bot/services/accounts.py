"""Who speaks: the first hello, and what a learner sets for themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.clocks import offered
from bot.domain.question import AccountId, LearnerId, RoomId
from bot.domain.script import Script
from bot.ports.changes import Changes
from bot.ports.chat import Incoming
from bot.ports.groups import Course
from bot.ports.reads import Person
from bot.ports.rows import Account, Enrolment, Learner, Room
from bot.services.today import House

SCRIPTS: dict[str, Script] = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "en": "written"}
GOALS = (1, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts and the learners behind them.

    ``zone`` is the IANA zone that a new learner starts in (of ``platforms``, where the machine is not the person's:
    the likeliest by their language), ``bundled`` the code of the set for each language.
    """

    house: House
    zone: str
    bundled: Mapping[str, str]
    platforms: Collection[str] = ()

    async def known(self, incoming: Incoming) -> Person | None:
        """Who sent this, wherever it was said; None for a new account."""
        person = await self.house.storage.person(incoming.platform, incoming.account, incoming.room)
        if person is None or person.room_id:
            return person and replace(person, here=incoming.here)
        room, made = await self._room(incoming, person.account_id)
        await self.house.storage.commit(Changes(inserts=made))
        return replace(person, room_id=room, here=incoming.here)

    async def welcomed(
        self, incoming: Incoming, language: str, *, with_set: bool, home: Course | None = None
    ) -> Person:
        """A new account is a new learner, in that language, with the bundled set where it is wanted.

        Who comes out of a group, their ``home``, has its zone; its language and script too where theirs is not told.

        AlreadyDone where another first message made the account meanwhile.
        """
        now, ids = self.house.clock.now(), self.house.ids
        told = home if incoming.language is None else None
        learner = Learner(
            id=LearnerId(ids.new(now)),
            created_at=now,
            language=language if told is None else told.language,
            script=SCRIPTS[language] if told is None else told.script,
            zone=self._zone(incoming) if home is None else home.zone,
            version=1,
        )
        account = Account(AccountId(ids.new(now)), learner.id, incoming.platform, incoming.account, now)
        room, made = await self._room(incoming, account.id)
        first = await self._bundled(learner) if with_set else ()
        await self.house.storage.commit(Changes(inserts=(learner, account, *made), updates=first))
        return Person(learner, account.id, room, here=incoming.here)

    def _zone(self, incoming: Incoming) -> str:
        return offered(incoming.language, self.zone) if incoming.platform in self.platforms else self.zone

    async def _room(self, incoming: Incoming, account: AccountId) -> tuple[RoomId, tuple[Room, ...]]:
        """The room's id, and the row to write where it is new; a private one has the account that spoke first."""
        known = await self.house.storage.room(incoming.platform, incoming.room)
        if known is not None:
            return known, ()
        now = self.house.clock.now()
        made = Room(
            RoomId(self.house.ids.new(now)),
            incoming.platform,
            incoming.room,
            now,
            title=incoming.group,
            account_id=None if incoming.group else account,
        )
        return made.id, (made,)

    async def _bundled(self, learner: Learner) -> tuple[Enrolment, ...]:
        found = await self.house.storage.set(self.bundled.get(learner.language, ""))
        if found is None:
            return ()
        return (Enrolment(learner.id, found.id, active=True, departed=False, added_at=learner.created_at),)

    async def change(self, person: Person, **what: Any) -> Person:
        """The person with settings changed: goal, language, script and the like."""
        learner = replace(person.learner, **what)
        await self.house.storage.commit(Changes(updates=(learner,)))
        return replace(person, learner=replace(learner, version=learner.version + 1))
