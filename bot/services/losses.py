"""Rooms that take nothing any more: why, as far as anybody knows, and when who set them up is told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain import hours
from bot.domain.errors import StudyBotError
from bot.domain.question import RoomId
from bot.ports.changes import Changes
from bot.ports.chat import THREADS, Need, Reply
from bot.ports.groups import Course, Venue
from bot.ports.rows import Room
from bot.services.groups import LEFT, REFUSED, Groups, privately

A_DAY = timedelta(days=1)  # between two words about one room

# The bot was taken out; the room is not there, or the bot is not; it is not allowed something; nobody knows: where it
# whispers, and elsewhere.
Why = Literal["left", "lost", "lacks", "shut", "barred"]


@dataclass(frozen=True, slots=True)
class Loss:
    """A room whose questions come no more. ``lacks``: what the bot is not allowed there, where that is why."""

    venue: Venue
    course: Course
    why: Why
    lacks: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """What becomes of a course whose room is gone."""

    groups: Groups

    async def refused(self, room: RoomId) -> Loss | None:
        """A room that took no message; None where nothing is to be told, or not yet."""
        found = await self._ended(f"{REFUSED}:{room}", room)
        return None if found is None else await self._why(found)

    async def left(self, room: RoomId) -> Loss | None:
        """A room that the bot was taken out of; None as above."""
        return await self._ended(f"{LEFT}:{room}", room)

    async def _ended(self, key: str, room: RoomId) -> Loss | None:
        venue = await self.groups.house.storage.venue(room)
        course = None if venue is None else venue.course
        at = None if venue is None or course is None else await self._when(venue, course)
        if venue is None or course is None or at is None or at > self.groups.house.clock.now():
            await self.groups.house.storage.commit(Changes(wakes={key: at}))
            return None
        return Loss(venue, course, "left")

    async def _when(self, venue: Venue, course: Course) -> datetime | None:
        """When it may be told, out of the quiet hours.

        None where the room takes messages again, nothing was to come, or nobody is left to be told.
        """
        house = self.groups.house
        owner = await house.storage.owner(course.account_id)
        if owner is None or venue.room.gone_at is None or self.groups.next(venue) is None:
            return None
        room, learner = owner
        now, told = house.clock.now(), await house.storage.told_at(room, _slot(venue.room))
        at = now if told is None else max(now, told + A_DAY)
        return hours.after_quiet(at, ZoneInfo(learner.zone), span=learner.quiet)

    async def _why(self, loss: Loss) -> Loss:
        room = loss.venue.room
        unknown: Why = "shut" if self.groups.whispers(room.platform) else "barred"
        try:
            lost = await self.groups.absent(room.platform, room.native)
        except StudyBotError:
            return replace(loss, why=unknown)
        lacks = await self.missing(room)
        return replace(loss, why="lost" if lost else "lacks" if lacks else unknown, lacks=lacks)

    async def missing(self, room: Room) -> tuple[Need, ...]:
        """What may be allowed there and without which a question may not arrive; nothing where nobody says."""
        try:
            lacks = await self.groups.lacks(room)
        except StudyBotError:
            return ()
        return () if "join" in lacks else tuple(need for need in lacks if need not in THREADS)

    async def tell(self, loss: Loss, reply: Reply) -> None:
        """Who set the room up hears in private that it takes nothing."""
        room, slot = loss.venue.room, _slot(loss.venue.room)
        told = await privately(self.groups.house, loss.course.account_id, slot, replace(reply, slot=slot))
        wakes = {f"{REFUSED}:{room.id}": None, f"{LEFT}:{room.id}": None}
        await self.groups.house.storage.commit(Changes(outbox=told, wakes=wakes))


def _slot(room: Room) -> str:
    """Of the message, and its key in the outbox."""
    return f"{REFUSED}:{room.id}"
