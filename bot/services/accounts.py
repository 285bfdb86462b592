"""Who speaks: the first hello, and what a learner sets for themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.chat import Incoming
from bot.ports.rows import Account, AlreadyDone, Changes, Enrolment, Learner, Room, Script
from bot.ports.storage import Person
from bot.services.today import House

SCRIPTS: dict[str, Script] = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "en": "written"}
GOALS = (1, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts and the learners behind them.

    ``zone`` is the IANA zone that a new learner starts in, ``bundled`` the code of the set for each language.
    """

    house: House
    zone: str
    bundled: Mapping[str, str]

    async def known(self, incoming: Incoming) -> Person | None:
        return await self.house.storage.person(incoming.platform, incoming.account, incoming.room)

    async def welcomed(self, incoming: Incoming, language: str, *, with_set: bool) -> Person:
        """A new account is a new learner, in that language, with the bundled set where it is wanted."""
        now, ids = self.house.clock.now(), self.house.ids
        learner = Learner(
            id=LearnerId(ids.new(now)),
            created_at=now,
            language=language,
            script=SCRIPTS[language],
            zone=self.zone,
            version=1,
        )
        account = Account(AccountId(ids.new(now)), learner.id, incoming.platform, incoming.account, now)
        room = Room(RoomId(ids.new(now)), incoming.platform, incoming.room, now)
        first = await self._bundled(learner) if with_set else ()
        try:
            await self.house.storage.commit(Changes(inserts=(learner, account, room), updates=first))
        except AlreadyDone:  # two first messages at once: the other one made the account
            known = await self.known(incoming)
            if known is None:
                raise
            return known
        return Person(learner, account.id, room.id)

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
