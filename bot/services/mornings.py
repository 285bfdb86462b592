"""The hour of a daily question has come: what is asked, or said instead, or that nothing is."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import hours, pushes
from bot.domain.errors import StudyBotError
from bot.domain.hours import Moment
from bot.domain.pushes import Decision, Standing
from bot.domain.question import AccountId, AskId, LearnerId, QuestionId
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Morning, Push
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.ports.rows import Ask
from bot.services import standing
from bot.services.daily import SNOOZE_WAKE, WAKE, Dailies, away, key, wakes_of
from bot.services.study import Asked
from bot.services.today import House

_MIXED, _BITS = 0x9E3779B97F4A7C15, 64  # Knuth's multiplicative hash: ids of one hour differ in few bits


@dataclass(frozen=True, slots=True)
class Due:
    """What is done at a moment: the decision, how the learner stands after it, and the question where one is asked.

    ``timer`` is what brought it, ``put_off`` the ask that comes again. ``same``: the ask by which the
    question waits on screen already: it comes in its place.
    """

    found: Morning
    moment: Moment
    decided: Decision
    after: Standing
    timer: str
    asked: Asked | None = None
    changes: Changes = Changes()  # noqa: RUF009 - frozen
    put_off: AskId | None = None
    same: Ask | None = None


@dataclass(slots=True)
class Crowd:
    """How many timers shared a minute when the first of them came due: while they are handled they move away."""

    minute: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Mornings:
    """What the timers of daily questions bring."""

    dailies: Dailies
    crowd: Crowd = field(default_factory=Crowd)

    @property
    def house(self) -> House:
        """What it lives on."""
        return self.dailies.study.house

    async def due(self, learner: LearnerId, at: datetime) -> Due | None:
        """What a slot's hour brings; None where nothing is said yet, or at all, and the next one is planned."""
        timer, now = f"{WAKE}:{learner}", self.house.clock.now()
        found = await self._morning(learner, at, now)
        if found is None:
            await self._quiet(timer)
            return None
        moment = None if found.gone else standing.slot(found, now)
        if moment is None:
            await self._quiet(timer, _next_at(found, now))
            return None
        due = _decided(found, moment, timer)
        if due.decided not in {"skip", "silence"}:
            turn = await self._turn(learner, moment, at)
            if turn > now:
                await self._quiet(timer, turn)
                return None
        return await self._with_question(due)

    async def due_again(self, learner: LearnerId, ask: AskId, at: datetime) -> Due | None:
        """What the hour brings to which an ask was put off; None where nothing is said."""
        timer, now = f"{SNOOZE_WAKE}:{learner}:{ask}", self.house.clock.now()
        found = await self._morning(learner, at, now)
        moment = None if found is None or found.gone else standing.snooze(found, at, now)
        if found is None or moment is None:
            await self._quiet(timer)
            return None
        return await self._with_question(replace(_decided(found, moment, timer, ask=ask), put_off=ask))

    async def carry(self, due: Due, reply: Reply | None) -> None:
        """Commits what was decided: the message, the rows, the next moment."""
        found, daily, moment = due.found, due.found.daily, due.moment
        learner = replace(found.learner, exam=due.after.exam)
        changed = replace(
            daily,
            rhythm=due.after.rhythm,
            unanswered=due.after.unanswered,
            offering=daily.offering or due.after.offering,
        )
        wakes: dict[str, datetime | None] = {due.timer: None}
        if moment.slot != pushes.SNOOZE:
            done = max((moment.day, moment.slot), standing.newest(found.pushes) or (moment.day, moment.slot))
            wakes |= wakes_of(learner.id, standing.upcoming(learner, changed, self.house.clock.now(), after=done))
        elif reply is not None:
            changed = replace(changed, snoozed=moment.day)
        was = daily if reply is None else None  # who says something writes the row: of two at once, one sees the other
        rows = tuple(new for new, old in ((changed, was), (learner, found.learner)) if new != old)
        said = Changes() if reply is None else self._said(due, reply)
        await self.house.storage.commit(due.changes + said + Changes(updates=rows, wakes=wakes))

    async def _morning(self, learner: LearnerId, at: datetime, now: datetime) -> Morning | None:
        """The learner on the study day of the newest slot that may still be sent; None who is one no more."""
        house = self.house
        owner = await house.storage.learner(learner)
        if owner is None:
            return None
        day = house.day_of(owner, max(at, now - hours.VOID_AFTER))
        found = await house.storage.morning(learner, day)
        if found is None or not found.gone:
            return found
        moved = await self.dailies.moved(Person(owner, AccountId(0), found.daily.room_id), found.daily)
        return await house.storage.morning(learner, day) if moved else found

    async def _quiet(self, timer: str, at: datetime | None = None) -> None:
        """Nothing is said; the timer runs anew, or stops."""
        await self.house.storage.commit(Changes(wakes={timer: at}))

    async def _turn(self, learner: LearnerId, moment: Moment, at: datetime) -> datetime:
        """When it is the learner's turn among those of one minute: about the same place every day."""
        if at > moment.at:  # it is
            return at
        count = await self._company(moment.at)
        place = learner * _MIXED % (1 << _BITS) * count >> _BITS
        return moment.at + hours.offset(place, count)

    async def _company(self, minute: datetime) -> int:
        """How many timers there were in a minute, counted once for all of them."""
        if self.crowd.minute != minute:
            count = await self.house.storage.crowd(minute, minute + timedelta(minutes=1))
            known = self.crowd.count if self.crowd.minute == minute else 1  # another may have counted meanwhile
            self.crowd.minute, self.crowd.count = minute, max(known, count)
        return self.crowd.count

    async def _with_question(self, due: Due) -> Due:
        """The same with the question where one is asked; where none is left nothing is."""
        if due.decided != "ask":
            return due
        found = due.found
        person = Person(found.learner, AccountId(0), found.daily.room_id)
        desk, question = await self.dailies.study.most_urgent(person)
        if due.put_off is not None:
            again = await self._again(person, due.put_off)
            if again is None:  # its message stays; a slot of the day asks something else
                due = replace(due, put_off=None)
            question = question if again is None and due.moment.slot != pushes.SNOOZE else again
        if question is None:
            return replace(due, decided="skip", after=standing.standing(found.learner, found.daily))
        asked, changes = await self.dailies.study.asking(person, question, desk.place, purpose="daily")
        same = desk.open.ask if desk.open is not None and desk.open.card.question.id == question else None
        return replace(due, asked=asked, changes=changes, same=same)

    async def _again(self, person: Person, ask: AskId) -> QuestionId | None:
        """The question that was put off, unless it was answered since or is asked no more."""
        try:
            sitting = await self.dailies.study.sitting(person, ask)
        except StudyBotError:  # it is nobody's any more
            return None
        memory, house = sitting.memory, self.house
        asked_on = house.day_of(person.learner, sitting.ask.asked_at)
        if memory is not None and (memory.aside or (memory.last_day and memory.last_day >= asked_on)):
            return None
        return sitting.card.question.id

    def _said(self, due: Due, reply: Reply) -> Changes:
        """The message in the outbox, behind those that take away what still waits on screen; one that is late goes."""
        now, found, moment = self.house.clock.now(), due.found, due.moment
        learner, room = found.learner, found.daily.room_id
        ask = None if due.asked is None else due.asked.ask.id
        reader = Reader(learner.language, learner.script)
        waiting = {push.ask_id: push.room_id for push in found.waiting if push.ask_id is not None}
        if due.put_off is not None:
            waiting.setdefault(due.put_off, room)
        if due.same is not None:
            waiting[due.same.id] = due.same.room_id
        old = {f"away:{gone}": away(gone, place, reader, now=now) for gone, place in waiting.items()}
        late = {key(push): None for push in found.unsent if push.ask_id is not None}
        push = Push(learner.id, moment.day, moment.slot, ask, room, now)
        void_at = None if ask is None else hours.void_at(moment.at)  # what is no question has no hour
        message = Outgoing(key(push), room, reply, reader, now, void_at=void_at)
        return Changes(inserts=(push,), outbox={**old, **late, message.key: message})


def _decided(found: Morning, moment: Moment, timer: str, *, ask: AskId | None = None) -> Due:
    stands, occasion = standing.standing(found.learner, found.daily), standing.occasion(found, moment)
    # Who put off a question that was not sent unasked gets it, also where nothing else is sent.
    own = ask is not None and all(push.ask_id != ask for push in found.pushes)
    decided = pushes.decision(replace(stands, rhythm="daily") if own else stands, occasion)
    return Due(found, moment, decided, pushes.after(stands, decided, occasion=occasion), timer)


def _next_at(found: Morning, now: datetime) -> datetime | None:
    """When the next slot is, while there is somebody to send it to."""
    if found.gone:
        return None
    moment = standing.upcoming(found.learner, found.daily, now, after=standing.newest(found.pushes))
    return None if moment is None else moment.at
