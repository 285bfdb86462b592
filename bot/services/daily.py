"""The daily question as its learner wants it: whether, when, where; put off, planned anew."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import hours, pushes
from bot.domain.hours import Moment
from bot.domain.question import AskId, LearnerId, RoomId
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Daily, Morning, Push, Rhythm
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.ports.rows import Learner, Room
from bot.services import standing
from bot.services.standing import SNOOZE
from bot.services.study import FIRST_ANSWERS, Study, Told

WAKE = "daily"  # "daily:17": the next daily question of learner 17
SNOOZE_WAKE = "snooze"  # "snooze:17:4711": ask 4711, put off by learner 17
ASKED = "ask:"  # the slot of an asked question's message


@dataclass(frozen=True, slots=True)
class Planned:
    """What was decided about the hours: the row, and the next moment (None: nothing will come)."""

    daily: Daily
    next: Moment | None


@dataclass(frozen=True, slots=True)
class Dailies:
    """Daily questions. ``platforms`` are those that can be written to first."""

    study: Study
    platforms: Collection[str]

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
        await house.storage.commit(Changes(updates=(daily,), wakes=wakes_of(person.learner.id, moment)))
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
        if await self.moved(person, found):
            return False
        await self.rhythm(person, "off")
        return True

    async def moved(self, person: Person, daily: Daily) -> bool:
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
        return {} if found is None else wakes_of(learner.id, _next_for(learner, found.daily, now, found=found))

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
            wakes |= wakes_of(learner.id, standing.upcoming(learner, found, now, after=after))
        await house.storage.commit(Changes(updates=(replace(found, snoozed=day),), wakes=wakes))
        return at


def _next_for(learner: Learner, daily: Daily, now: datetime, *, found: Morning | None) -> Moment | None:
    """The next slot by new hours: not one that was sent, or that today's answers make needless."""
    after = None if found is None else standing.newest(found.pushes)
    waiting = None if found is None else _waiting(learner, daily, now, found=found)
    moment = waiting or standing.upcoming(learner, daily, now, after=after)
    if moment is None or found is None or found.answered is None:
        return moment
    if found.answered < standing.since(learner, daily, moment):
        return moment
    return standing.upcoming(learner, daily, now, after=(moment.day, moment.slot))


def _waiting(learner: Learner, daily: Daily, now: datetime, *, found: Morning) -> Moment | None:
    """The slot that is due and waits for its turn among those of its minute, where the change leaves it as it is."""
    due = standing.slot(found, now)
    still = standing.slot(replace(found, learner=learner, daily=daily), now)
    if found.timer is None or due is None or still is None or still.at != due.at:
        return None
    following = standing.upcoming(found.learner, found.daily, now, after=(due.day, due.slot))
    looked_at = following is not None and found.timer >= following.at
    return None if looked_at else replace(still, at=found.timer)


def wakes_of(learner: LearnerId, moment: Moment | None) -> dict[str, datetime | None]:
    """The timer of the next daily question, or its end."""
    return {f"{WAKE}:{learner}": None if moment is None else moment.at}


def key(push: Push) -> str:
    """Of its message in the outbox."""
    return f"{WAKE}:{push.learner_id}:{push.day}:{push.slot}"


def away(ask: AskId, room: RoomId, reader: Reader, *, now: datetime) -> Outgoing:
    """Takes a question off the screen."""
    return Outgoing(f"away:{ask}", room, Reply(slot=f"{ASKED}{ask}", away=True), reader, now)
