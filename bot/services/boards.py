"""A group's question of the day: picked, hung up, counted, revealed, and answered by each for themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain import hours, pick, pushes
from bot.domain.errors import StudyBotError
from bot.domain.hours import Moment
from bot.domain.kind import SUBMIT, UNKNOWN, Given, Unclear
from bot.domain.prompt import Text
from bot.domain.question import AskId, QuestionId, RoomId, SetId
from bot.ports.changes import Changes
from bot.ports.chat import Lane, Reader, Reply
from bot.ports.groups import Board, Course, Noon
from bot.ports.post import Outgoing
from bot.ports.reads import Notice, Person, Sitting
from bot.ports.rows import Ask, Enrolment
from bot.services import remembering
from bot.services.effects import COUNT
from bot.services.groups import REVEAL, WAKE, Wakes, planned, privately
from bot.services.study import Continued, Repeated, Study, Told

HUNG = "board:"  # the slot of a group's question, and the key of whatever is to be done with its message

Decided = Literal["ask", "close", "empty"]  # its question; the end after the exam; nothing is left to ask


@dataclass(frozen=True, slots=True)
class Due:
    """What a group's hour brings; ``notice`` is the question that is hung up then."""

    noon: Noon
    course: Course
    moment: Moment
    decided: Decided
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """An answer that comes after the reveal: it is not taken."""

    sitting: Sitting


@dataclass(frozen=True, slots=True)
class Boards:
    """What hangs in groups."""

    study: Study

    async def due(self, room: RoomId) -> Due | None:
        """What is said at a group's hour; None where nothing is, and the next one is planned."""
        noon = await self.study.house.storage.noon(room)
        course = None if noon is None else noon.venue.course
        moment = None if noon is None or course is None else self._moment(noon, course)
        if noon is None or course is None or moment is None:
            await self._quiet(room, noon)
            return None
        decided = pushes.room_decision(moment.day, weekly=course.weekly, exam=course.exam)
        if decided == "skip":
            await self._quiet(room, noon)
            return None
        if decided == "close":
            return Due(noon, course, moment, "close")
        question = pick.pick(noon.questions, noon.asked, room=noon.venue.room.native, day=moment.day)
        if question is None:
            return Due(noon, course, moment, "empty")
        return Due(noon, course, moment, "ask", await self._drawn(noon, course, moment, question))

    def _moment(self, noon: Noon, course: Course) -> Moment | None:
        """The hour that has come and is not void; None while the room is gone or nothing is to be asked."""
        venue = noon.venue
        if venue.room.gone_at is not None or course.set_id is None or course.hour is None:
            return None
        after = None if venue.last is None else (venue.last, 0)
        return hours.missed(self.study.house.clock.now(), (course.hour,), ZoneInfo(course.zone), after=after)

    async def _quiet(self, room: RoomId, noon: Noon | None) -> None:
        wakes: Wakes = {f"{WAKE}:{room}": None}
        if noon is not None and noon.venue.course is not None and noon.venue.room.gone_at is None:
            moment = planned(noon.venue.course, noon.venue.last, self.study.house.clock.now())
            wakes = {f"{WAKE}:{room}": None if moment is None else moment.at}
        await self.study.house.storage.commit(Changes(wakes=wakes))

    async def _drawn(self, noon: Noon, course: Course, moment: Moment, question: QuestionId) -> Notice:
        """The question as it will hang there, its options in one order for all."""
        house, room = self.study.house, noon.venue.room
        (card,) = await house.storage.cards((question,))
        ask = Ask(
            id=AskId(house.ids.ask()),
            question_id=question,
            revision_id=card.revision.id,
            shown=self.study.order(card.revision),
            room_id=room.id,
            learner_id=None,
            purpose="group",
            asked_at=house.clock.now(),
        )
        return Notice(Board(room.id, moment.day, ask.id, hours.reveal_at(moment.at)), room, course, ask, card)

    async def hang(self, due: Due, notice: Notice, reply: Reply) -> None:
        """The question is sent, its reveal and the group's next question are planned."""
        now, board = self.study.house.clock.now(), notice.board
        following = planned(due.course, due.moment.day, now)
        wakes: Wakes = {
            f"{REVEAL}:{notice.ask.id}": board.reveal_at,
            f"{WAKE}:{board.room_id}": None if following is None else following.at,
        }
        sent = self._edit(notice, reply, lane="pushed", void_at=hours.void_at(due.moment.at))
        await self.study.house.storage.commit(Changes(inserts=(notice.ask, board), outbox=sent, wakes=wakes))

    async def close(self, due: Due, reply: Reply) -> None:
        """Nothing comes any more: the room is told after its exam, its administrator where nothing is left to ask."""
        course, room = due.course, due.noon.venue.room.id
        ended = replace(course, hour=None, exam=None if due.decided == "close" else course.exam)
        if due.decided == "close":
            reader = Reader(course.language, course.script)
            key = f"close:{room}"
            message = Outgoing(key, room, reply, reader, self.study.house.clock.now())
            said: Mapping[str, Outgoing | None] = {key: message}
        else:
            said = await privately(self.study.house, course.account_id, f"empty:{room}", reply)
        await self.study.house.storage.commit(Changes(updates=(ended,), outbox=said, wakes={f"{WAKE}:{room}": None}))

    async def counted(self, words: str) -> Notice | None:
        """The question whose counter is to be edited; None where it tells the number already. ``words``: ask, times."""
        notice = await self._hanging(words)
        now = self.study.house.clock.now()
        if notice is None or now >= notice.board.reveal_at or notice.answers == notice.board.shown:
            await self.study.house.storage.commit(Changes(wakes={f"{COUNT}:{words}": None}))
            return None
        return notice

    async def recount(self, notice: Notice, words: str, reply: Reply) -> None:
        """The message tells how many have answered by now."""
        board = replace(notice.board, shown=notice.answers)
        outbox = self._edit(notice, reply, lane="pushed")
        changes = Changes(updates=(board,), outbox=outbox, wakes={f"{COUNT}:{words}": None})
        await self.study.house.storage.commit(changes)

    async def revealed(self, words: str) -> Notice | None:
        """The question whose answer is to be told; None where its message never arrived, or was revealed."""
        notice = await self._hanging(words)
        if notice is None:
            await self.study.house.storage.commit(Changes(wakes={f"{REVEAL}:{words}": None}))
        return notice

    async def reveal(self, notice: Notice, reply: Reply, worry: Reply) -> None:
        """The answer takes the question's place; ``worry`` goes to the administrator where few have answered lately.

        One that did not arrive is told once more, and its day was counted before.
        """
        board = replace(notice.board, shown=notice.answers, revealed=True, counted=True)
        before = notice.course.thin
        course = replace(notice.course, thin=before if notice.board.counted else pushes.thin(before, notice.answers))
        outbox = self._edit(notice, reply, lane="timed")
        if course != notice.course and pushes.worrying(course.thin) and course.hour is not None:
            outbox |= await privately(self.study.house, course.account_id, f"thin:{board.room_id}", worry)
        updates: tuple[object, ...] = (board,) if course == notice.course else (board, course)
        wakes: Wakes = {f"{REVEAL}:{notice.ask.id}": None}
        await self.study.house.storage.commit(Changes(updates=updates, outbox=outbox, wakes=wakes))

    async def _hanging(self, words: str) -> Notice | None:
        """The question whose message can be edited: it is on screen and tells no answer yet."""
        ask = words.partition(":")[0]
        notice = await self.study.house.storage.notice(AskId(int(ask))) if ask.isdecimal() else None
        return notice if notice is not None and notice.posted and not notice.board.revealed else None

    def _edit(
        self, notice: Notice, reply: Reply, *, lane: Lane, void_at: datetime | None = None
    ) -> dict[str, Outgoing | None]:
        """A board's message: one key for all that is done with it, so that a later word never overtakes an earlier."""
        course, key = notice.course, f"{HUNG}{notice.ask.id}"
        reader, now = Reader(course.language, course.script), self.study.house.clock.now()
        return {key: Outgoing(key, notice.board.room_id, reply, reader, now, lane=lane, void_at=void_at)}

    async def answer(self, person: Person, ask: AskId, given: Given) -> Told | Continued | Repeated | Unclear | Closed:
        """A press in the room, for the presser alone; a group's question has no hint."""
        board = await self.study.house.storage.board(ask)
        if board is None or not (given.token in {SUBMIT, UNKNOWN} or given.token.isdecimal()):
            raise StudyBotError(Text("ask.unknown"))
        if board.revealed or self.study.house.clock.now() >= board.reveal_at:
            sitting = await self.study.sitting(person, ask)
            if sitting.answer is None:
                return Closed(sitting)
        return await self.study.answer(person, ask, given)

    async def notice(self, ask: AskId) -> Notice:
        """A group's question; StudyBotError where there is none."""
        found = await self.study.house.storage.notice(ask)
        if found is None:
            raise StudyBotError(Text("ask.unknown"))
        return found

    async def own(self, person: Person, notice: Notice) -> Sitting | None:
        """The person's own answer to a group's question: the one given in the room, else any given since it hangs."""
        sitting = await self.study.sitting(replace(person, room_id=notice.ask.room_id), notice.ask.id)
        if sitting.answer is not None:
            return sitting
        if sitting.undone:
            raise StudyBotError(Text("ask.undone"))
        history = await remembering.history_of(self.study.house, person, notice.ask.question_id)
        since = [one for one in history.answers if one.at >= notice.ask.asked_at]
        return await self.study.sitting(person, since[-1].ask_id) if since else None

    async def adopt(self, person: Person, set_id: SetId) -> None:
        """The group's set is the person's too, unless they had it once: who has left it stays away."""
        shelves = await self.study.house.storage.shelves(person.learner.id)
        if all(shelf.enrolment is None for shelf in shelves if shelf.set.id == set_id):
            now = self.study.house.clock.now()
            new = Enrolment(person.learner.id, set_id, active=True, departed=False, added_at=now)
            await self.study.house.storage.commit(Changes(updates=(new,)))
