"""Groups: the rooms that people share, who may run them, what is studied there and at what hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import hours, pushes
from bot.domain.errors import StudyBotError
from bot.domain.hours import Moment
from bot.domain.prompt import Text
from bot.domain.question import AccountId, RoomId, SetId
from bot.ports.changes import Changes
from bot.ports.chat import THREADS, Incoming, Need, Reader, Reply, Undeliverable, Wire
from bot.ports.groups import Course, Venue
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.ports.rows import Room, Set
from bot.services.today import House

WAKE = "group"  # "group:17": the next question of room 17
REVEAL = "reveal"  # "reveal:17": the answer to ask 17 is told
REFUSED = "refused"  # "refused:17": room 17 took no message
LEFT = "left"  # "left:17": the bot was taken out of room 17
RETURNS = timedelta(minutes=10)  # who takes the bot out to add it again worries nobody: a small group becomes a big one
LINE_STAYS = timedelta(seconds=60)  # an answer to a command typed in a group
LINE_RESTS = timedelta(seconds=10)  # between two of them
WEEK = frozenset(range(7))

Wakes = dict[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Groups:
    """Rooms and their courses. ``wires``: the way out to each platform, which knows a room's administrators."""

    house: House
    wires: Mapping[str, Wire]

    async def here(self, incoming: Incoming) -> Venue:
        """The room where that happened, under the name it has now; one that was gone is back."""
        found = await self.house.storage.venue_of(incoming.platform, incoming.room)
        if found is None:
            return await self._met(incoming)
        now = replace(found.room, title=incoming.group, gone_at=await self._gone_at(found.room))
        if now == found.room:
            return found
        changed = replace(found, room=now)
        return await self._kept(changed, {} if now.gone_at == found.room.gone_at else self._goes_on(changed))

    async def _gone_at(self, room: Room) -> datetime | None:
        """Since when nothing can be sent to a room that somebody speaks in; None where it can, from now on perhaps."""
        return None if room.gone_at is None or await self._takes(room) else room.gone_at

    async def _met(self, incoming: Incoming) -> Venue:
        now = self.house.clock.now()
        room = Room(RoomId(self.house.ids.new(now)), incoming.platform, incoming.room, now, title=incoming.group)
        await self.house.storage.commit(Changes(inserts=(room,)))
        return Venue(room)

    async def _kept(self, venue: Venue, wakes: Wakes) -> Venue:
        """The room as it is now, stored; its version is the one it has then."""
        await self.house.storage.commit(Changes(updates=(venue.room,), wakes=wakes))
        return replace(venue, room=replace(venue.room, version=venue.room.version + 1))

    async def gone(self, incoming: Incoming) -> None:
        """Nothing can be sent to that chat, nor to its topics: their timers are let sleep."""
        found = await self.house.storage.venues(incoming.platform, incoming.room)
        now = self.house.clock.now()
        went = [one for one in found if one.room.gone_at is None]
        rooms = tuple(replace(one.room, gone_at=now) for one in went)
        sleeping: Wakes = {f"{WAKE}:{one.room.id}": None for one in found if one.course is not None}
        await self.house.storage.commit(Changes(updates=rooms, wakes=sleeping | await self._left(incoming, went)))

    async def _left(self, incoming: Incoming, went: Sequence[Venue]) -> Wakes:
        """When it is told where questions were to come: once to each who set any up; who took the bot out knows."""
        person = await self.house.storage.person(incoming.platform, incoming.account, incoming.room)
        knows = None if person is None else person.account_id
        ended = [(one.course, one.room) for one in went if self.next(one) is not None]
        first = {course.account_id: room for course, room in reversed(ended) if course is not None}
        at = self.house.clock.now() + RETURNS
        return {f"{LEFT}:{room.id}": at for account, room in first.items() if account not in {None, knows}}

    async def back(self, incoming: Incoming) -> tuple[Venue, ...]:
        """The bot is in that chat again: it and its topics, as far as they were gone; what is studied there goes on."""
        found = await self.house.storage.venues(incoming.platform, incoming.room)
        back = tuple(replace(one, room=replace(one.room, gone_at=None)) for one in found if one.room.gone_at)
        wakes = {key: at for venue in back for key, at in self._goes_on(venue).items()}
        await self.house.storage.commit(Changes(updates=tuple(venue.room for venue in back), wakes=wakes))
        return back

    async def returned(self, person: Person) -> Person:
        """A room that nothing could be sent to has spoken: what is studied there goes on."""
        found = await self.house.storage.venue(person.room_id)
        if found is not None:
            await self._again(found)
        return replace(person, gone=False)

    async def moved(self, incoming: Incoming, native: str) -> None:
        """The platform calls the room by another name from now on; all else stays, but for where its messages are.

        Their numbers are other messages' by now. Where somebody spoke under the new name already, the room that was
        made for it gives it up.
        """
        found = await self.house.storage.venue_of(incoming.platform, incoming.room)
        if found is None:
            return
        taken = await self.house.storage.venue_of(incoming.platform, native)
        rooms: tuple[Room, ...] = (replace(found.room, native=native, gone_at=None),)
        if taken is not None:
            now = self.house.clock.now()
            rooms = (replace(taken.room, native=f"{native}#{taken.room.id}", gone_at=now), *rooms)
        await self.house.storage.commit(Changes(updates=rooms, wakes=self._wakes(found), moved=(found.room.id,)))

    async def reader(self, incoming: Incoming) -> Reader | None:
        """In what words somebody in a room is spoken to: their own, else the group's; None where neither is known."""
        person = await self.house.storage.person(incoming.platform, incoming.account, incoming.room)
        if person is not None:
            return Reader(person.learner.language, person.learner.script)
        course = await self.home(incoming)
        return None if course is None else Reader(course.language, course.script)

    async def aloud(self, incoming: Incoming) -> Reader | None:
        """In what words all are told something where somebody speaks: the room's, else theirs; None: nobody knows."""
        found = await self.house.storage.venue_of(incoming.platform, incoming.here)
        course = None if found is None else found.course
        return await self.reader(incoming) if course is None else Reader(course.language, course.script)

    async def home(self, incoming: Incoming) -> Course | None:
        """What is studied where that happened."""
        found = await self.house.storage.venue_of(incoming.platform, incoming.room)
        return None if found is None else found.course

    async def managed(self, room: RoomId, incoming: Incoming) -> Venue:
        """The room, for who runs it; StudyBotError for anybody else, for a room that is not there, and a gone one."""
        found = await self.house.storage.venue(room)
        if found is None or found.room.platform != incoming.platform:
            raise StudyBotError(Text("group.not_yours"))
        if found.room.gone_at is not None and not self.whispers(found.room.platform):
            raise StudyBotError(Text("group.gone"))
        await self._check(found.room.native, incoming)
        return await self._again(found)

    async def _check(self, native: str, incoming: Incoming) -> None:
        """StudyBotError unless the bot is in that room, and who speaks runs it."""
        if await self.absent(incoming.platform, native):
            raise StudyBotError(Text("group.absent"))
        if not await self._runs(incoming.platform, native, incoming.account):
            raise StudyBotError(Text("group.not_yours"))

    async def may_run(self, incoming: Incoming) -> bool:
        """Whether who says that runs the room where they say it."""
        return await self._runs(incoming.platform, incoming.here, incoming.account)

    async def run(self, incoming: Incoming) -> Venue | None:
        """The room where that is said, for who runs it; None for anybody else, and where nothing was begun."""
        found = await self.house.storage.venue_of(incoming.platform, incoming.here)
        if found is None or not await self.may_run(incoming):
            return None
        return await self._again(found)

    async def _again(self, venue: Venue) -> Venue:
        """A room that may have taken nothing: where the bot may write there again, what is studied goes on."""
        if venue.room.gone_at is None or await self._gone_at(venue.room) is not None:
            return venue
        back = replace(venue, room=replace(venue.room, gone_at=None))
        return await self._kept(back, self._goes_on(back))

    async def _takes(self, room: Room) -> bool:
        """Whether the bot may write there: who speaks in a shared room where it whispers says nothing about that."""
        if room.account_id is not None or not self.whispers(room.platform):
            return True
        try:
            return not {"see", "say"} & set(await self.lacks(room))
        except StudyBotError:
            return False

    async def begun(self, incoming: Incoming, person: Person) -> Venue:
        """The room, for who runs it, with a course whose set is still to be chosen; StudyBotError for anybody else."""
        await self._check(incoming.room, incoming)
        venue = await self.here(incoming)
        return venue if venue.course is not None else await self.change(venue, self._course(venue, person))

    async def runs(self, room: Room, account: str) -> bool:
        """Whether that person is an administrator; StudyBotError where the platform does not say."""
        return await self._runs(room.platform, room.native, account)

    async def _runs(self, platform: str, native: str, account: str) -> bool:
        wire = self.wires.get(platform)
        try:
            return wire is not None and await wire.runs(native, account)
        except Undeliverable:
            raise StudyBotError(Text("group.unreachable")) from None

    def whispers(self, platform: str) -> bool:
        """Whether one person can be told anything in a room that others share."""
        wire = self.wires.get(platform)
        return wire is not None and wire.whispers

    async def talks(self, room: Room) -> bool:
        """Whether a thread can be opened there."""
        try:
            return self.whispers(room.platform) and not THREADS & set(await self.lacks(room))
        except StudyBotError:
            return False

    async def lacks(self, room: Room) -> tuple[Need, ...]:
        """What the bot is not allowed to do there; StudyBotError where the platform does not say."""
        return await self._lacks(room.platform, room.native)

    async def absent(self, platform: str, native: str) -> bool:
        """Whether the bot is not in that room: there nothing can be set up, and nothing allowed it."""
        return "join" in await self._lacks(platform, native)

    async def _lacks(self, platform: str, native: str) -> tuple[Need, ...]:
        wire = self.wires.get(platform)
        try:
            return () if wire is None else await wire.lacks(native)
        except Undeliverable:
            raise StudyBotError(Text("group.unreachable")) from None

    async def sets(self) -> tuple[tuple[Set, int], ...]:
        """The sets that a group can study, and how many questions each has."""
        return await self.house.storage.group_sets()

    async def choose(self, venue: Venue, person: Person, set_id: SetId) -> Venue:
        """The set that the group studies; its zone and language are those of who set it up first.

        Its questions come with sound until an administrator wants none.
        """
        chosen = next((one for one, _ in await self.sets() if one.id == set_id), None)
        if chosen is None:
            raise StudyBotError(Text("group.set_empty"))
        course = venue.course or self._course(venue, person)
        return await self.change(
            replace(venue, set=chosen), replace(course, set_id=set_id, account_id=person.account_id, thin=0)
        )

    def _course(self, venue: Venue, person: Person) -> Course:
        learner = person.learner
        zone, language, script = learner.zone, learner.language, learner.script
        return Course(venue.room.id, person.account_id, zone, language, script, sound=True)

    async def change(self, venue: Venue, course: Course) -> Venue:
        """Stores what the group studies and when, and plans its next question anew."""
        changed = replace(venue, course=course)
        await self.house.storage.commit(Changes(updates=(course,), wakes=self._wakes(changed)))
        return replace(changed, course=replace(course, version=course.version + 1))

    async def comes(self, incoming: Incoming) -> bool:
        """Whether a question comes to the shared room where somebody speaks alone."""
        found = await self.house.storage.venue_of(incoming.platform, incoming.here)
        return found is not None and found.room.gone_at is None and self.next(found) is not None

    def next(self, venue: Venue) -> Moment | None:
        """When the group's next question comes."""
        return None if venue.course is None else planned(venue.course, venue.last, self.house.clock.now())

    def _wakes(self, venue: Venue) -> Wakes:
        moment = self.next(venue)
        return {f"{WAKE}:{venue.room.id}": None if moment is None else moment.at}

    def _goes_on(self, venue: Venue) -> Wakes:
        """The timers of a room that takes messages again: its next question, and an answer that could not be told."""
        untold = venue.untold
        wakes = self._wakes(venue)
        if untold is not None:
            wakes |= {f"{REVEAL}:{untold.ask_id}": max(untold.reveal_at, self.house.clock.now())}
        return wakes

    async def pass_by(self, venue: Venue, reply: Reply, reader: Reader) -> None:
        """One line in the room, silent, and taken away after a minute.

        However many ask, the next takes its place, and no sooner than it has stood a while.
        """
        now, room = self.house.clock.now(), venue.room.id
        slot = f"line:{room}"
        before = await self.house.storage.told_at(room, slot)
        at = now if before is None else min(max(now, before + LINE_RESTS), now + LINE_RESTS)
        line, away = replace(reply, slot=slot, silent=True), Reply(slot=slot, away=True)
        sent = (
            Outgoing(f"away:{slot}", room, away, reader, at, lane="answer"),  # of one instant it goes first
            Outgoing(slot, room, line, reader, at, lane="answer", void_at=at + LINE_STAYS),
            Outgoing(f"{slot}:away", room, away, reader, at + LINE_STAYS),
        )
        await self.house.storage.commit(Changes(outbox={one.key: one for one in sent}))


async def privately(house: House, account: AccountId | None, key: str, reply: Reply) -> dict[str, Outgoing | None]:
    """A message to an administrator, where the bot has a private room with them."""
    owner = await house.storage.owner(account)
    if owner is None:
        return {}
    room, learner = owner
    reader = Reader(learner.language, learner.script)
    return {key: Outgoing(key, room, reply, reader, house.clock.now())}


def planned(course: Course, last: date | None, now: datetime) -> Moment | None:
    """A course's next moment after its newest question's day; after the exam the first one, which ends it."""
    if course.set_id is None or course.hour is None:
        return None
    zone, after = ZoneInfo(course.zone), None if last is None else (last, 0)
    off = WEEK - {pushes.weekday(())} if course.weekly else frozenset()
    moment = hours.upcoming(now, (course.hour,), zone, off_days=off, after=after)
    if course.exam is None or moment is None or moment.day <= course.exam:
        return moment
    return hours.upcoming(now, (course.hour,), zone, after=max(after or (course.exam, 0), (course.exam, 0)))
