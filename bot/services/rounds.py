"""Practice that a learner chooses: what there is to choose, and rounds over it."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.prompt import Text
from bot.domain.question import QuestionId, SetId
from bot.ports.place import Place, Round
from bot.ports.reads import Card, Group, Menu, Person, Wish
from bot.services.study import Asked, Study


@dataclass(frozen=True, slots=True)
class Rounds:
    """What /study and /mistakes let a learner choose."""

    study: Study

    async def menu(self, person: Person) -> Menu:
        now, day = self.study.house.today(person.learner)
        return await self.study.house.storage.menu(person.learner.id, day=day, now=now)

    async def missed(self, person: Person) -> bool:
        """Whether there is anything on the list of mistakes."""
        return await self.study.house.storage.missed(person.learner.id, self.study.house.today(person.learner)[1])

    async def groups(
        self, person: Person, by: Literal["section", "kind", "missed"], in_set: SetId | None = None
    ) -> tuple[Group, ...]:
        _, day = self.study.house.today(person.learner)
        return await self.study.house.storage.groups(person.learner.id, by, in_set=in_set, day=day)

    async def pool(self, person: Person, wish: Wish) -> tuple[QuestionId, ...]:
        now, day = self.study.house.today(person.learner)
        return await self.study.house.storage.pool(person.learner.id, wish, day=day, now=now)

    async def listed(self, person: Person, what: Literal["mastered", "aside"]) -> tuple[Card, ...]:
        """What was mastered, or what was forgotten so often that it is set aside."""
        return await self.study.house.storage.cards(await self.pool(person, Wish(what)))

    async def place_in_order(self, person: Person, in_set: SetId) -> int:
        """Where the paper's order goes on (1-based): behind the last answered, or at 1 after the end."""
        place = await self.study.house.storage.place(person.learner.id)
        start = place.reached.get(str(in_set), 0) + 1
        return start if await self.pool(person, Wish("order", in_set=in_set, start=start)) else 1

    async def start(self, person: Person, wish: Wish, title: Text) -> tuple[Round, Asked] | None:
        """A new round, and its first question; None where there is nothing to practise."""
        questions = await self.pool(person, wish)
        if not questions:
            return None
        practice = Round(
            name=title,
            left=questions,
            total=len(questions),
            mistakes=wish.pool == "missed",
            ordered=wish.pool == "order",
        )
        place = await self.study.house.storage.place(person.learner.id)
        return practice, await self._ask(person, replace(place, round=practice), questions[0])

    async def go_on(self, person: Person) -> Asked | None:
        """The next question of the round; None where there is none."""
        place = await self.study.house.storage.place(person.learner.id)
        if place.round is None or not place.round.left:
            return None
        return await self._ask(person, place, place.round.left[0])

    async def _ask(self, person: Person, place: Place, question: QuestionId) -> Asked:
        return await self.study.ask(person, question, place, purpose="round")
