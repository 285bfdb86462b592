"""The daily question of one learner: when it comes, what it asks, and when it keeps quiet."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import hours, pushes
from bot.domain.errors import StudyBotError
from bot.domain.hours import Moment
from bot.domain.pushes import Decision, Standing
from bot.domain.question import AccountId, AskId, LearnerId, QuestionId, RoomId
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Daily, Morning, Push, Rhythm
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.ports.rows import Ask, Learner, Room
from bot.services import standing
from bot.services.standing import SNOOZE
from bot.services.study import FIRST_ANSWERS, Asked, Study, Told

WAKE = "daily"  # "daily:17": the next daily question of learner 17
SNOOZE_WAKE = "snooze"  # "snooze:17:4711": ask 4711, put off by learner 17
ASKED = "ask:"  # the slot of an asked question's message
_MIXED, _BITS = 0x9E3779B97F4A7C15, 64  # Knuth's multiplicative hash: ids of one hour differ in few bits


@dataclass(frozen=True, slots=True)
class Planned:
    """What was decided about the hours: the row, and the next moment (None: nothing will come)."""

    daily: Daily
    next: Moment | None


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
class Dailies:
    """Daily questions. ``platforms`` are those that can be written to first."""

    study: Study
    platforms: Collection[str]
    crowd: Crowd = field(default_factory=Crowd)

    def wanted(self, told: Told, platform: str, *, goal_done: bool) -> bool:
        """Whether the question about the daily question is put now: at the third answer, and once after a silence."""
        found = told.sitting.daily
        if platform not in self.platforms:
            return False
        # A row that is off and was not offered yet is there because something was put off before.
        if found is None or (found.offering and found.rhythm == "off"):
            return told.sitting.earlier_answers + 1 >= FIRST_ANSWERS
        return found.offering and found.rhythm == "silent" and goal_done

    async def put(self, told: Told) -> None:
        """The question was put: it does not come again by itself."""
        found = told.sitting.daily or Daily(told.person.learner.id, told.person.room_id)
        asked = replace(found, offers=found.offers + 1, offering=False)
        await self.study.house.storage.commit(Changes(updates=(asked,)))

    async def of(self, person: Person) -> Daily:
        """The learner's row; a new one where there is none."""
        found = await self.study.house.storage.daily(person.learner.id)
        return found or Daily(person.learner.id, person.room_id)

    async def change(self, person: Person, daily: Daily) -> Planned:
        """Stores hours or rhythm, and plans the next daily question anew."""
        house = self.study.house
        now, day = house.today(person.learner)
        found = await house.storage.morning(person.learner.id, day)
        moment = _next_for(person.learner, daily, now, found=found)
        await house.storage.commit(Changes(updates=(daily,), wakes=_wakes(person.learner.id, moment)))
        return Planned(daily, moment)

    async def at(self, person: Person, minutes: int, *, here: bool = False) -> Planned:
        """Every day at one hour, sent where this is said, unless another room was named; ``here`` names this one."""
        found = await self.of(person)
        room = found.room_id if found.fixed and not here else person.room_id
        daily = replace(found, hours=(minutes,), rhythm="daily", unanswered=0, room_id=room, offering=False)
        return await self.change(person, replace(daily, fixed=found.fixed or here))

    async def rooms(self, person: Person) -> tuple[Room, ...]:
        """The private rooms where it can be sent: the newest of each platform."""
        side = await self.study.house.storage.side(person.learner.id)
        open_ = (room for room in side.rooms if room.gone_at is None and room.platform in self.platforms)
        newest = {room.platform: room for room in reversed(tuple(open_))}
        return tuple(newest.values())

    async def named(self, person: Person, room: RoomId | None) -> None:
        """It comes to that room from now on; None: where the learner answered last, which is here."""
        found = await self.of(person)
        to = person.room_id if room is None else room
        await self.change(person, replace(found, room_id=to, fixed=room is not None))

    async def follow(self, told: Told, platform: str) -> None:
        """Answered in a private room: the daily question comes there, unless the learner has named another."""
        person, known = told.person, told.sitting.daily
        if known is None or known.fixed or known.room_id == person.room_id or platform not in self.platforms:
            return
        found = await self.of(person)  # the answer may have changed it
        await self.change(person, replace(found, room_id=person.room_id))

    async def rhythm(self, person: Person, rhythm: Rhythm) -> Planned:
        """Daily, weekly or off, at the hours there are; the count of unanswered days begins anew."""
        found = await self.of(person)
        return await self.change(person, replace(found, rhythm=rhythm, unanswered=0, offering=False))

    async def shut(self, person: Person) -> bool:
        """Nothing can be sent to the room: no daily question any more, if it came there and can come to no other.

        Whether there was one.
        """
        found = await self.of(person)
        if found.rhythm not in {"daily", "weekly"} or not found.hours or found.room_id != person.room_id:
            return False
        if await self._moved(person, found):
            return False
        await self.rhythm(person, "off")
        return True

    async def _moved(self, person: Person, daily: Daily) -> bool:
        """Its room takes nothing: it comes to another private room of the learner's, where there is one."""
        others = [room.id for room in await self.rooms(person) if room.id != daily.room_id]
        if not others:
            return False
        await self.change(person, replace(daily, room_id=others[0], fixed=False))
        return True

    async def plans(self, learner: Learner) -> dict[str, datetime | None]:
        """The timer of a learner whose zone, off-days or pause change; none where there is no daily question."""
        now, day = self.study.house.today(learner)
        found = await self.study.house.storage.morning(learner.id, day)
        return {} if found is None else _wakes(learner.id, _next_for(learner, found.daily, now, found=found))

    async def again(self, person: Person) -> None:
        """The learner can be reached again: the next daily question is planned."""
        await self.study.house.storage.commit(Changes(wakes=await self.plans(person.learner)))

    async def adapt(self, person: Person, **what: Any) -> Person:
        """The person with another zone or other off-days, and the next daily question planned by them."""
        learner = replace(person.learner, **what)
        wakes = await self.plans(learner)
        await self.study.house.storage.commit(Changes(updates=(learner,), wakes=wakes))
        return replace(person, learner=replace(learner, version=learner.version + 1))

    async def snooze(self, person: Person, ask: AskId) -> datetime | None:
        """The same question once more in three hours, out of the quiet hours; None where one was put off today."""
        house, learner = self.study.house, person.learner
        now, day = house.today(learner)
        found = await self.of(person)
        if found.snoozed == day:
            return None
        own, _ = pushes.planned(standing.standing(learner, found))
        later = (now + SNOOZE).replace(second=0, microsecond=0)
        at = hours.after_quiet(later, ZoneInfo(learner.zone), span=learner.quiet, own=next(iter(own), None))
        wakes: dict[str, datetime | None] = {f"{SNOOZE_WAKE}:{learner.id}:{ask}": at}
        next_one = standing.upcoming(learner, found, now, after=None)
        if next_one is not None and next_one.at == at:  # that slot asks it
            after = (next_one.day, next_one.slot)
            wakes |= _wakes(learner.id, standing.upcoming(learner, found, now, after=after))
        await house.storage.commit(Changes(updates=(replace(found, snoozed=day),), wakes=wakes))
        return at

    async def due(self, learner: LearnerId, at: datetime) -> Due | None:
        """What a slot's hour brings; None where nothing is said yet, or at all, and the next one is planned."""
        timer, now = f"{WAKE}:{learner}", self.study.house.clock.now()
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
        timer, now = f"{SNOOZE_WAKE}:{learner}:{ask}", self.study.house.clock.now()
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
            wakes |= _wakes(learner.id, standing.upcoming(learner, changed, self.study.house.clock.now(), after=done))
        elif reply is not None:
            changed = replace(changed, snoozed=moment.day)
        was = daily if reply is None else None  # who says something writes the row: of two at once, one sees the other
        rows = tuple(new for new, old in ((changed, was), (learner, found.learner)) if new != old)
        said = Changes() if reply is None else self._said(due, reply)
        await self.study.house.storage.commit(due.changes + said + Changes(updates=rows, wakes=wakes))

    async def _morning(self, learner: LearnerId, at: datetime, now: datetime) -> Morning | None:
        """The learner on the study day of the newest slot that may still be sent; None who is one no more."""
        house = self.study.house
        owner = await house.storage.learner(learner)
        if owner is None:
            return None
        day = house.day_of(owner, max(at, now - hours.VOID_AFTER))
        found = await house.storage.morning(learner, day)
        if found is None or not found.gone:
            return found
        moved = await self._moved(Person(owner, AccountId(0), found.daily.room_id), found.daily)
        return await house.storage.morning(learner, day) if moved else found

    async def _quiet(self, timer: str, at: datetime | None = None) -> None:
        """Nothing is said; the timer runs anew, or stops."""
        await self.study.house.storage.commit(Changes(wakes={timer: at}))

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
            count = await self.study.house.storage.crowd(minute, minute + timedelta(minutes=1))
            known = self.crowd.count if self.crowd.minute == minute else 1  # another may have counted meanwhile
            self.crowd.minute, self.crowd.count = minute, max(known, count)
        return self.crowd.count

    async def _with_question(self, due: Due) -> Due:
        """The same with the question where one is asked; where none is left nothing is."""
        if due.decided != "ask":
            return due
        found = due.found
        person = Person(found.learner, AccountId(0), found.daily.room_id)
        desk, question = await self.study.most_urgent(person)
        if due.put_off is not None:
            again = await self._again(person, due.put_off)
            if again is None:  # its message stays; a slot of the day asks something else
                due = replace(due, put_off=None)
            question = question if again is None and due.moment.slot != pushes.SNOOZE else again
        if question is None:
            return replace(due, decided="skip", after=standing.standing(found.learner, found.daily))
        asked, changes = await self.study.asking(person, question, desk.place, purpose="daily")
        same = desk.open.ask if desk.open is not None and desk.open.card.question.id == question else None
        return replace(due, asked=asked, changes=changes, same=same)

    async def _again(self, person: Person, ask: AskId) -> QuestionId | None:
        """The question that was put off, unless it was answered since or is asked no more."""
        try:
            sitting = await self.study.sitting(person, ask)
        except StudyBotError:  # it is nobody's any more
            return None
        memory, house = sitting.memory, self.study.house
        asked_on = house.day_of(person.learner, sitting.ask.asked_at)
        if memory is not None and (memory.aside or (memory.last_day and memory.last_day >= asked_on)):
            return None
        return sitting.card.question.id

    def _said(self, due: Due, reply: Reply) -> Changes:
        """The message in the outbox, behind those that take away what still waits on screen; one that is late goes."""
        now, found, moment = self.study.house.clock.now(), due.found, due.moment
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


def _next_for(learner: Learner, daily: Daily, now: datetime, *, found: Morning | None) -> Moment | None:
    """The next slot by new hours: not one that was sent, or that today's answers make needless."""
    after = None if found is None else standing.newest(found.pushes)
    moment = standing.upcoming(learner, daily, now, after=after)
    if moment is None or found is None or found.answered is None:
        return moment
    if found.answered < standing.since(learner, daily, moment):
        return moment
    return standing.upcoming(learner, daily, now, after=(moment.day, moment.slot))


def _wakes(learner: LearnerId, moment: Moment | None) -> dict[str, datetime | None]:
    return {f"{WAKE}:{learner}": None if moment is None else moment.at}


def key(push: Push) -> str:
    """Of its message in the outbox."""
    return f"{WAKE}:{push.learner_id}:{push.day}:{push.slot}"


def away(ask: AskId, room: RoomId, reader: Reader, *, now: datetime) -> Outgoing:
    """Takes a question off the screen."""
    return Outgoing(f"away:{ask}", room, Reply(slot=f"{ASKED}{ask}", away=True), reader, now)
