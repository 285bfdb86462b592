"""Asking the next question and taking its answer."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain import letters
from bot.domain.errors import StudyBotError
from bot.domain.kind import Done, Given, More, State, Unclear, Verdict
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Prompt, Text, quoted
from bot.domain.question import AnswerId, AskId, Order, QuestionId, SetId
from bot.domain.regrade import Kept, regraded
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.place import Place
from bot.ports.post import Outgoing
from bot.ports.reads import Card, Desk, Person, Sitting, Tally
from bot.ports.rows import Answer, Ask, AskState, Learner, MemoryRow, Purpose, Revision
from bot.services import effects, remembering
from bot.services.titles import called
from bot.services.today import House

UNDO_DAYS = 7  # undo reaches the answers of this many study days
UNDO_ANSWERS = 30
FIRST_ANSWERS = 3  # after so many a new learner is asked about a daily question
FRESH = State()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to the learner."""

    ask: Ask
    card: Card
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that was taken: the sitting before it, what it was worth, what was decided.

    ``memory``, ``place`` and ``tally`` are those after it. ``days`` are all study days with an answer, this
    one included, on the first answer of a study day (the streak is told then), else ().
    """

    person: Person
    sitting: Sitting
    prompt: Prompt
    verdict: Verdict
    answer: Answer
    memory: MemoryRow
    place: Place
    tally: Tally
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Continued:
    """Not decided yet: a toggle, a hint, "count it?", the points of a case."""

    sitting: Sitting
    prompt: Prompt
    more: More


@dataclass(frozen=True, slots=True)
class Repeated:
    """This ask was answered before, or its question by another; ``reachable`` while undo still reaches that answer."""

    sitting: Sitting
    answer: Answer
    reachable: bool


@dataclass(frozen=True, slots=True)
class Study:
    """The heart of it: what is asked, and what an answer does."""

    house: House

    async def desk(self, person: Person, *, long: bool = True, in_set: SetId | None = None) -> Desk:
        """The learner before the next question, of one set or all; without the ``long`` where a moment must do."""
        now, day = self.house.today(person.learner)
        return await self.house.storage.desk(person, day=day, now=now, long=long, in_set=in_set)

    async def next(
        self, person: Person, *, beyond: bool = False, purpose: Purpose = "study", in_set: SetId | None = None
    ) -> Asked | None:
        """The most urgent due question, else a new one while the goal leaves room (or ``beyond`` it)."""
        _, day = self.house.today(person.learner)
        long = purpose != "daily"
        desk = await self.desk(person, long=long, in_set=in_set)
        question = _pick(person.learner, desk, day, beyond=beyond)
        return None if question is None else await self.ask(person, question, desk.place, purpose=purpose)

    async def returned(self, person: Person) -> bool:
        """Whether this is a return after a break with more due than the goal: the rest was spread just now."""
        return await remembering.spread_backlog(self.house, person)

    async def most_urgent(self, person: Person) -> tuple[Desk, QuestionId | None]:
        """The learner's desk, and what a daily question asks: due or new, never a case; None where nothing is left.

        What was answered today is not asked again today, though a step be due.
        """
        desk = await self.desk(person, long=False)
        day = self.house.today(person.learner)[1]
        due = tuple(row for row in desk.due if row.last_day != day)
        return desk, _pick(person.learner, replace(desk, due=due), day, beyond=False)

    async def ask(self, person: Person, question: QuestionId, place: Place, *, purpose: Purpose) -> Asked:
        """Writes the Ask and remembers it as the learner's place."""
        asked, changes = await self.asking(person, question, place, purpose=purpose)
        await self.house.storage.commit(changes)
        return asked

    async def asking(
        self, person: Person, question: QuestionId, place: Place, *, purpose: Purpose
    ) -> tuple[Asked, Changes]:
        """A question about to be asked, and what has to be committed for it."""
        card = await self.house.storage.card(question)
        if card is None:
            raise StudyBotError(Text("ask.unknown"))
        ask = Ask(
            id=AskId(self.house.ids.ask()),
            question_id=question,
            revision_id=card.revision.id,
            shown=self.order(card.revision),
            room_id=person.room_id,
            learner_id=person.learner.id,
            purpose=purpose,
            asked_at=self.house.clock.now(),
        )
        changes = Changes(inserts=(ask,), updates=(replace(place, ask_id=ask.id, awaits="", here=person.here),))
        return Asked(ask, card, shown(card, ask, FRESH)), changes

    def order(self, revision: Revision) -> Order:
        """An order to show the options in, drawn where their letters may change."""
        kind = BY_NAME[revision.kind]
        count = kind.options(revision.body)
        straight = tuple(range(count))
        body: Any = revision.body
        texts = (revision.explanation, revision.contrast)
        if not count or not letters.may_shuffle(body.options, stem=body.stem, others=texts):
            return straight
        return kind.order(body, tuple(self.house.dice.sample(straight, count)))

    async def place(self, person: Person) -> Place:
        return await self.house.storage.place(person.learner.id)

    async def brought(self, person: Person) -> None:
        """The question that waits is shown again where the learner speaks."""
        place = await self.place(person)
        if place.here != person.here:
            await self.house.storage.commit(Changes(updates=(replace(place, here=person.here),)))

    async def wait_for(self, person: Person, what: str) -> None:
        """The next text typed in this room is ``what``, not an answer; "" for an answer again."""
        place = await self.place(person)
        awaits = what and f"{person.room_id} {what}"
        if place.awaits != awaits:
            await self.house.storage.commit(Changes(updates=(replace(place, awaits=awaits),)))

    async def awaited(self, person: Person) -> str:
        """What the next text typed in this room is; "" for an answer, and where it was asked for in another room."""
        room, _, what = (await self.place(person)).awaits.partition(" ")
        return what if room == str(person.room_id) else ""

    async def last_shown(self, person: Person) -> Card | None:
        """The question shown last."""
        place = await self.house.storage.place(person.learner.id)
        if place.ask_id is None:
            return None
        return (await self.sitting(person, place.ask_id)).card

    async def sitting(self, person: Person, ask: AskId) -> Sitting:
        """The learner before that ask; StudyBotError where it is not theirs to answer."""
        now, day = self.house.today(person.learner)
        return await self._sitting(person, ask, now=now, day=day)

    async def _sitting(self, person: Person, ask: AskId, *, now: datetime, day: date) -> Sitting:
        sitting = await self.house.storage.sitting(ask, person, day=day, now=now)
        if sitting is None or not _theirs(sitting, person):
            raise StudyBotError(Text("ask.unknown"))
        return sitting

    async def answer(self, person: Person, ask: AskId, given: Given) -> Told | Continued | Repeated | Unclear:
        """Takes what a learner gave; the first attempt decides."""
        now, day = self.house.today(person.learner)
        sitting = await self._sitting(person, ask, now=now, day=day)
        if sitting.taken is not None:
            return Repeated(sitting, sitting.taken, reachable=sitting.taken.day > day - timedelta(days=UNDO_DAYS))
        if sitting.undone or _undone_today(sitting, day):
            raise StudyBotError(Text("ask.undone"))
        if sitting.answered_on and sitting.ask.learner_id is not None:
            raise StudyBotError(Text("ask.elsewhere", {"platform": called(sitting.answered_on)}))
        revision = sitting.card.revision
        state = sitting.state or FRESH
        taken = BY_NAME[revision.kind].take(revision.body, sitting.ask.shown, state, given)
        taken = quoted(taken, sitting.card.set.language)
        match taken:
            case Done(verdict):
                return await self._settle(person, sitting, verdict, now=now, day=day)
            case More(state=after):
                row = AskState(ask, person.learner.id, after, sitting.state_version)
                await self.house.storage.commit(Changes(updates=(row,)))
                return Continued(sitting, shown(sitting.card, sitting.ask, after), taken)
            case _:
                return taken

    async def tell_elsewhere(self, person: Person, ask: Ask, reply: Reply) -> None:
        """Changes the message of an ask in another room, in the commit of the answer that was given in this one."""
        key, reader = f"elsewhere:{ask.id}", Reader(person.learner.language, person.learner.script)
        message = Outgoing(key, ask.room_id, reply, reader, self.house.clock.now(), lane="timed")
        await self.house.storage.commit(Changes(outbox={key: message}))

    def told_again(self, person: Person, sitting: Sitting, answer: Answer, memory: MemoryRow) -> Told:
        """An answer that was taken before, told as it stands now, without the streak."""
        prompt = replace(shown(sitting.card, sitting.ask, sitting.state or FRESH), open=False)
        verdict = verdict_of(sitting, answer)
        return Told(person, sitting, prompt, verdict, answer, memory, sitting.place, sitting.tally)

    async def _settle(self, person: Person, sitting: Sitting, verdict: Verdict, *, now: datetime, day: date) -> Told:
        if sitting.latest is not None and sitting.latest > now:  # a clock that was set back: what comes later is later
            now = sitting.latest + timedelta.resolution
        decision, decided = remembering.after(person.learner, sitting, verdict, at=now, day=day)
        answer = Answer(
            id=AnswerId(self.house.ids.new(now)),
            ask_id=sitting.ask.id,
            question_id=sitting.ask.question_id,
            revision_id=sitting.ask.revision_id,
            account_id=person.account_id,
            at=now,
            day=day,
            outcome=verdict.outcome,
            score=verdict.score,
            marked=verdict.marked,
            texts=verdict.texts,
            hinted=verdict.hinted,
            guessed=False,
            rating=decision.rating,
            interval_days=decision.interval_days,
            due_at=decision.due_at,
            counts=not sitting.seen_undone,
        )
        moves, memory = remembering.answered_before_exam(self.house, person, decided, at=now, day=day)
        place = effects.advanced(sitting, verdict)
        tally = effects.counted(sitting, verdict, day)
        days = (*await self.house.storage.days(person.learner.id), day) if sitting.tally.answered == 0 else ()
        changes = effects.changes_of(person.learner, sitting, answer, memory=memory, place=place)
        await self.house.storage.commit(changes + Changes(inserts=moves))
        prompt = replace(shown(sitting.card, sitting.ask, sitting.state or FRESH), open=False)
        return Told(person, sitting, prompt, verdict, answer, memory, place, tally, days)


def shown(card: Card, ask: Ask, state: State) -> Prompt:
    """The question as this ask shows it."""
    return quoted(BY_NAME[card.revision.kind].show(card.revision.body, ask.shown, state), card.set.language)


def verdict_of(sitting: Sitting, answer: Answer) -> Verdict:
    """The verdict of a stored answer, in words again."""
    revision = sitting.card.revision
    kept = Kept(answer.outcome, answer.marked, answer.texts, answer.hinted)
    verdict = regraded(BY_NAME[revision.kind], revision.body, sitting.ask.shown, kept)
    return quoted(verdict, sitting.card.set.language) or Verdict(answer.outcome, answer.score, ())


def _undone_today(sitting: Sitting, day: date) -> bool:
    """Whether the question's newest answer, to whichever ask, was taken back today: it waits for the next day."""
    due_day = None if sitting.memory is None else sitting.memory.due_day
    return sitting.seen_undone and due_day is not None and due_day > day


def _pick(learner: Learner, desk: Desk, day: date, *, beyond: bool) -> QuestionId | None:
    if desk.due:
        return remembering.most_urgent(learner, desk.due, day)
    return desk.new if beyond or desk.tally.answered < learner.goal else None


def _theirs(sitting: Sitting, person: Person) -> bool:
    """A learner's own; a room's where it hangs, and anywhere for who has answered it there."""
    ask = sitting.ask
    if ask.learner_id is not None:
        return person.learner.id == ask.learner_id
    return person.room_id == ask.room_id or sitting.answer is not None or sitting.undone
