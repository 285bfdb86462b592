"""One message to many learners: written to the outbox in pieces, inside everybody's limits, and told of as it goes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import hours, pushes
from bot.domain.day import starts
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.ports.broadcasts import Broadcast, Fate, Headway, Recipient
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Morning
from bot.ports.post import Outgoing
from bot.ports.reads import Person
from bot.services import standing
from bot.services.today import House

WAKE = "broadcast"  # "broadcast:17": its next piece; also the slot of the message about it
PROGRESS = "progress"  # "progress:17": what that message tells
PIECE = 100  # learners in one commit, and as many may wait in the outbox when it is made
PACE = timedelta(seconds=PIECE / hours.A_SECOND)  # as fast as the lane takes them
TELLS = timedelta(seconds=10)
LASTS = timedelta(days=2)  # who could not be told by then is left in peace: news grow old
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """Broadcasts, begun, carried on after any end of the program, cancelled."""

    house: House

    async def begin(self, person: Person, reply: Reply) -> int:
        """Starts one in the room where it is asked for; its id."""
        now = self.house.clock.now()
        id_ = self.house.ids.new(now)
        reader = Reader(person.learner.language, person.learner.script)
        said = replace(reply, slot=f"{WAKE}:{id_}:said")
        row = Broadcast(id_, person.account_id, person.room_id, said, reader, now)
        wakes = {f"{WAKE}:{id_}": now, f"{PROGRESS}:{id_}": now}
        await self.house.storage.commit(Changes(inserts=(row,), wakes=wakes))
        return id_

    async def piece(self, id_: int) -> None:
        """Who comes next: those who are due again, then others; nobody while the lane is full."""
        house, timer = self.house, f"{WAKE}:{id_}"
        now = house.clock.now()
        found = await house.storage.headway(id_)
        if found is None or found.broadcast.state != "going":
            await house.storage.commit(Changes(wakes={timer: None}))
            return
        full = found.lane >= PIECE
        turn = () if full else await house.storage.recipients(id_, now, PIECE)
        # Its own row is written too, so that a piece decided before it was cancelled is not sent after.
        row = (found.broadcast,) if turn else ()
        changes = Changes(updates=row, wakes={timer: now + PACE if full or turn else found.later_at})
        for recipient in turn:
            changes += await self._reached(found.broadcast, recipient, now)
        await house.storage.commit(changes)

    async def _reached(self, broadcast: Broadcast, recipient: Recipient, now: datetime) -> Changes:
        """One learner's message in the outbox, or why there is none.

        The row of the daily question is written too, so that of the two, sent at once, one sees the other.
        """
        learner = await self.house.storage.learner(recipient.learner_id)
        # Who is forgotten, or is one with another by now, makes it a Conflict: it is read anew without them.
        day = None if learner is None else self.house.day_of(learner, now)
        found = None if day is None else await self.house.storage.morning(recipient.learner_id, day)
        if learner is None or found is None or found.gone:
            return Changes(updates=(replace(recipient, fate="gone", at=now),))
        fate, at = _fate(found, now)
        if at >= broadcast.at + LASTS:
            fate, at = "left", now
        row = replace(recipient, fate=fate, at=at)
        if fate != "written":
            return Changes(updates=(row,))
        key, reader = f"{WAKE}:{broadcast.id}:{learner.id}", Reader(learner.language, learner.script)
        message = Outgoing(key, found.daily.room_id, broadcast.reply, reader, now, void_at=hours.void_at(now))
        return Changes(updates=(row, found.daily), outbox={key: message})

    async def progress(self, id_: int) -> Headway | None:
        """How far it has come, where that is not what is told already; it is looked at again while it goes on."""
        found = await self.house.storage.headway(id_)
        if found is None:
            await self.house.storage.commit(Changes(wakes={f"{PROGRESS}:{id_}": None}))
            return None
        state, told = found.broadcast.state, found.broadcast
        if state == "going" and not found.open:
            state = "done"
        found = replace(found, broadcast=replace(told, state=state, shown=found.numbers))
        if found.broadcast != told:
            return found
        await self.house.storage.commit(Changes(wakes=self._looks(found)))
        return None

    async def tell(self, found: Headway, reply: Reply) -> None:
        """The message about it, new or edited."""
        broadcast, key = found.broadcast, f"{WAKE}:{found.broadcast.id}"
        now = self.house.clock.now()
        message = Outgoing(key, broadcast.room_id, replace(reply, slot=key), broadcast.reader, now, lane="timed")
        changes = Changes(updates=(broadcast,), outbox={key: message}, wakes=self._looks(found))
        await self.house.storage.commit(changes)

    def _looks(self, found: Headway) -> dict[str, datetime | None]:
        """The timer of who looks how far it has come: soon while anything moves, else when it will again."""
        soon = self.house.clock.now() + TELLS
        moves = found.waiting or (found.broadcast.state == "going" and found.unreached)
        idle = max(soon, found.later_at) if found.later_at is not None and found.open else None
        return {f"{PROGRESS}:{found.broadcast.id}": soon if moves else idle}

    async def cancel(self, person: Person, id_: int) -> Headway:
        """Takes back what has not begun; StudyBotError for who did not start it."""
        storage = self.house.storage
        found = await storage.headway(id_)
        if found is None or found.broadcast.account_id != person.account_id:
            raise StudyBotError(Text("ask.unknown"))
        if found.broadcast.state != "going":
            return found
        unsent = await storage.unsent(id_)
        rows = (replace(found.broadcast, state="cancelled"), *(replace(one, fate="unsent") for one in unsent))
        taken_back = {f"{WAKE}:{id_}:{one.learner_id}": None for one in unsent}
        await storage.commit(Changes(updates=rows, outbox=taken_back))
        cancelled = await storage.headway(id_) or found
        told = replace(cancelled.broadcast, shown=cancelled.numbers)
        await storage.commit(Changes(updates=(told,), wakes=self._looks(cancelled)))
        return replace(cancelled, broadcast=told)


def _fate(found: Morning, now: datetime) -> tuple[Fate, datetime]:
    """Whether a learner is told now, later, or left in peace."""
    learner, zone = found.learner, ZoneInfo(found.learner.zone)
    stands, occasion = standing.standing(learner, found.daily), standing.sent(found, now)
    lately = sum(at > now - A_WEEK for at in found.news)
    decided = pushes.broadcast_decision(stands, occasion, lately=lately)
    if decided == "leave":
        return "left", now
    earliest = now if decided == "send" else starts(occasion.day + A_DAY, zone)
    own = next(iter(pushes.planned(stands)[0]), None)
    at = hours.after_quiet(earliest, zone, span=learner.quiet, own=own)
    return ("later", at) if at > now else ("written", now)
