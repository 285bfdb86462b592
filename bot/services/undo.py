"""Taking back an answer, and calling one a guess: the history is folded anew."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.errors import StudyBotError
from bot.domain.kind import State
from bot.domain.prompt import Prompt, Text
from bot.domain.question import AnswerId
from bot.ports.changes import Changes
from bot.ports.place import Place
from bot.ports.reads import Person, Sitting
from bot.ports.rows import Answer, MemoryRow, Reschedule, Undo
from bot.services import remembering
from bot.services.effects import counts_of
from bot.services.study import UNDO_ANSWERS, UNDO_DAYS, Study, Told, shown


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer that was undone, as it was shown."""

    sitting: Sitting
    answer: Answer
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Undoing:
    """What a learner takes back of their own."""

    study: Study

    async def last(self, person: Person) -> TakenBack | None:
        """Takes back the newest of the last 30 answers of the last 7 study days; None where there is none."""
        now, day = self.study.house.today(person.learner)
        since = day - timedelta(days=UNDO_DAYS - 1)
        answers = await self.study.house.storage.last_answers(person.learner.id, since, UNDO_ANSWERS)
        return await self._undone(person, answers[0], now=now, day=day) if answers else None

    async def answer(self, person: Person, answer: AnswerId) -> TakenBack:
        """Takes back this answer; StudyBotError where undo does not reach it."""
        now, day = self.study.house.today(person.learner)
        since = day - timedelta(days=UNDO_DAYS - 1)
        reach = await self.study.house.storage.last_answers(person.learner.id, since, UNDO_ANSWERS)
        found = next((one for one in reach if one.id == answer), None)
        if found is None:
            raise StudyBotError(Text("undo.nothing"))
        return await self._undone(person, found, now=now, day=day)

    async def _undone(self, person: Person, answer: Answer, *, now: datetime, day: date) -> TakenBack:
        sitting = await self.study.sitting(person, answer.ask_id)
        history = await remembering.history_of(self.study.house, person, answer.question_id)
        # Whichever account takes it back, the word goes with the answer.
        undo = Undo(self.study.house.ids.new(now), answer.account_id, answer.id, now, "undo")
        back = Reschedule(
            id=self.study.house.ids.new(now),
            account_id=answer.account_id,
            question_id=answer.question_id,
            at=now,
            due_day=day + timedelta(days=1),
            reason="undo",
        )
        left = replace(
            history,
            answers=tuple(one for one in history.answers if one.id != answer.id),
            reschedules=(*history.reschedules, back),
        )
        await self.study.house.storage.commit(
            Changes(
                inserts=(undo, back),
                updates=(remembering.folded(person.learner, left, answer.question_id), *_left_out(sitting)),
                counts=counts_of(answer, by=-1),
                undone=((answer.id, undo.id),),
            )
        )
        prompt = replace(shown(sitting.card, sitting.ask, State()), open=False)
        return TakenBack(sitting, answer, prompt)

    async def guessed(self, person: Person, answer: AnswerId) -> Told:
        """The learner says that a right choice was a guess: it stays right, memory takes Again."""
        house = self.study.house
        found = await house.storage.answer(answer)
        if found is None:
            raise StudyBotError(Text("ask.unknown"))
        sitting = await self.study.sitting(person, found.ask_id)
        if sitting.answer is None or sitting.answer.id != answer:
            raise StudyBotError(Text("ask.undone"))
        now = house.clock.now()
        history = await remembering.history_of(self.study.house, person, found.question_id)
        again = remembering.as_guess(person.learner, history, found, AnswerId(house.ids.new(now)))
        answers = tuple(again if one.id == answer else one for one in history.answers)
        memory = remembering.folded(person.learner, replace(history, answers=answers), found.question_id)
        undo = Undo(house.ids.new(now), found.account_id, answer, now, "guessed")
        await house.storage.commit(Changes(inserts=(undo, again), updates=(memory,), undone=((answer, undo.id),)))
        return await self._told(person, sitting, again, memory)

    async def _told(self, person: Person, sitting: Sitting, answer: Answer, memory: MemoryRow) -> Told:
        days = await self.study.house.storage.days(person.learner.id) if sitting.tally.answered == 1 else ()
        return replace(self.study.told_again(person, sitting, answer, memory), days=days)


def _left_out(sitting: Sitting) -> tuple[Place, ...]:
    """The place whose round would ask the question again; none where no round would."""
    practice, question = sitting.place.round, sitting.ask.question_id
    if practice is None or question not in practice.left:
        return ()
    left = tuple(other for other in practice.left if other != question)
    return (replace(sitting.place, round=replace(practice, left=left, total=practice.total - 1)),)
