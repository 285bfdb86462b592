"""A learner's word on a question: starred, reported, never again, brought back."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.question import QuestionId, RevisionId, SetId
from bot.ports.changes import Changes
from bot.ports.reads import Card, History, Person
from bot.ports.rows import Mark, Report
from bot.services import remembering
from bot.services.today import House

Reason = Literal["key", "unclear", "explanation"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What learners say is wrong with a question, and how many times: never who."""

    card: Card
    reason: Reason
    times: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Stars, suspensions and restorations change what is asked; reports are kept for who runs the set."""

    house: House

    async def star(self, person: Person, question: QuestionId) -> tuple[Mark, bool]:
        """The star, and whether it is new."""
        known = await self.house.storage.mark(person.learner.id, question, "star")
        if known is not None:
            return known, False
        mark = self._mark(person, question, "star")
        await self.house.storage.commit(Changes(inserts=(mark,)))
        return mark, True

    async def suspend(self, person: Person, question: QuestionId) -> Mark:
        """The question is not asked again, until the mark ends."""
        known = await self.house.storage.mark(person.learner.id, question, "suspend")
        return known or await self._remembered(person, question, "suspend")

    async def restore(self, person: Person, question: QuestionId) -> Mark:
        """A question that was mastered, or set aside, returns to the list of mistakes."""
        return await self._remembered(person, question, "restore")

    async def end(self, person: Person, mark: int) -> tuple[Mark, Card]:
        """Takes a mark back; the mark, and the card it was on."""
        found = await self.house.storage.mark_of(mark)
        history = None if found is None else await remembering.history_of(self.house, person, found.question_id)
        if found is None or history is None or all(one.id != mark for one in history.marks):
            raise StudyBotError(Text("ask.unknown"))
        now = self.house.clock.now()
        same = {one.id: replace(one, ended_at=now) for one in history.marks if _is_same(one, found)}
        marks = tuple(same.get(one.id, one) for one in history.marks)
        changes = Changes(updates=tuple(same.values()))
        await self._commit(person, found.question_id, replace(history, marks=marks), changes)
        return same[mark], await self.card(found.question_id)

    async def report(self, person: Person, question: QuestionId, revision: RevisionId, reason: Reason) -> Report:
        now = self.house.clock.now()
        report = Report(self.house.ids.new(now), person.account_id, question, revision, reason, now, version=1)
        await self.house.storage.commit(Changes(inserts=(report,)))
        return report

    async def withdraw(self, person: Person, report: int) -> None:
        """Takes a report back; StudyBotError where it is not the person's own."""
        found = await self.house.storage.report_of(report)
        if found is None or found.account_id != person.account_id:
            raise StudyBotError(Text("ask.unknown"))
        await self.house.storage.commit(Changes(updates=(replace(found, withdrawn_at=self.house.clock.now()),)))

    async def reported(self, of: SetId) -> tuple[Reported, ...]:
        """What is reported of a set's questions and was not withdrawn, newest first; the same twice is one."""
        reports = await self.house.storage.reports()
        found = [(card, report.reason) for report, card in reports if card.set.id == of]
        times = Counter((card.question.id, reason) for card, reason in found)
        # A key of a dict stays where it was put first: by the newest report.
        each = {(card.question.id, reason): (card, reason) for card, reason in found}
        return tuple(Reported(card, reason, times[same]) for same, (card, reason) in each.items())

    async def _remembered(self, person: Person, question: QuestionId, name: Literal["suspend", "restore"]) -> Mark:
        history = await remembering.history_of(self.house, person, question)
        mark = self._mark(person, question, name)
        await self._commit(person, question, replace(history, marks=(*history.marks, mark)), Changes(inserts=(mark,)))
        return mark

    def _mark(self, person: Person, question: QuestionId, name: Literal["star", "suspend", "restore"]) -> Mark:
        now = self.house.clock.now()
        return Mark(self.house.ids.new(now), person.account_id, question, name, now, version=1)

    async def _commit(self, person: Person, question: QuestionId, history: History, changes: Changes) -> None:
        if history.memory is not None:
            memory = remembering.folded(person.learner, history, question)
            changes = replace(changes, updates=(*changes.updates, memory))
        await self.house.storage.commit(changes)

    async def card(self, question: QuestionId) -> Card:
        card = await self.house.storage.card(question)
        if card is None:
            raise StudyBotError(Text("ask.unknown"))
        return card


def _is_same(one: Mark, found: Mark) -> bool:
    """The mark, and one by the same name that another account of the learner gave the question."""
    return one.id == found.id or (one.name == found.name != "restore" and one.ended_at is None)
