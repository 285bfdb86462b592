"""What a learner's calendar does to the load: a pause, and the day of the exam."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.backlog import resumed
from bot.domain.day import starts
from bot.domain.errors import StudyBotError
from bot.domain.history import Reason
from bot.domain.prompt import Text
from bot.domain.question import QuestionId
from bot.ports.changes import Changes
from bot.ports.reads import Person
from bot.ports.rows import Learner, MemoryRow, Reschedule
from bot.services import remembering
from bot.services.daily import Dailies
from bot.services.progress import streak_of
from bot.services.remembering import Rows
from bot.services.today import House

A_DAY = timedelta(days=1)
LAST_DAY = date(9999, 12, 30)  # everything is due by then
LAST_INSTANT = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Released:
    """Reschedules that end, and the memories as they are without them."""

    ended: tuple[Reschedule, ...] = ()
    rows: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A pause and an exam date, and what they move. Taken back, their moves are as if they had never been."""

    dailies: Dailies

    @property
    def _house(self) -> House:
        return self.dailies.study.house

    def paused(self, learner: Learner) -> date | None:
        """The last day of the pause that the learner is in; None outside of one."""
        return ahead(learner.paused_until, self._house.today(learner)[1])

    def exam_of(self, learner: Learner) -> date | None:
        """The exam's day, until it is over."""
        return ahead(learner.exam, self._house.today(learner)[1])

    async def pause(self, person: Person, last: date) -> int:
        """Nothing is sent up to a study day, that one too; what comes due by then is spread over the days after it.

        The length of the streak, which is kept. Within a pause the new one takes its place.
        """
        house, learner, first = self._house, person.learner, last + A_DAY
        day = house.today(learner)[1]
        spans = (*past(learner, day), (_begun(learner, day).isoformat(), last.isoformat()))
        paused = replace(learner, paused_until=last, pauses=spans)
        released = await self._of_pause(learner, day)
        due = await house.storage.due(learner.id, day=last, now=starts(first, ZoneInfo(learner.zone)))
        rows = {**_by_question(due), **released.rows}
        settings = remembering.settings_of(learner)
        moves = resumed(remembering.as_due(rows.values()), first=first, goal=learner.goal, settings=settings)
        plan = remembering.kept_before_exam(learner, rows, moves, day=day)
        days, wakes = await house.storage.days(learner.id), await self.dailies.plans(paused)
        changes = self._moved(person, released, rows, plan, reason="pause")
        await house.storage.commit(changes + Changes(updates=(paused,), wakes=wakes))
        return streak_of(paused, days, day).length

    async def resume(self, person: Person, last: date) -> None:
        """Takes the pause up to ``last`` back; StudyBotError where there is none.

        Its days that are over go on keeping the streak.
        """
        learner = person.learner
        day = self._house.today(learner)[1]
        if self.paused(learner) != last:
            raise StudyBotError(Text("pause.none"))
        begun = _begun(learner, day)
        over = ((begun.isoformat(), (day - A_DAY).isoformat()),) if begun < day else ()
        changed = replace(learner, paused_until=None, pauses=(*past(learner, day), *over))
        released = await self._of_pause(learner, day)
        wakes = await self.dailies.plans(changed)
        changes = self._moved(person, released, {}, {}, reason="pause")
        await self._house.storage.commit(changes + Changes(updates=(changed,), wakes=wakes))

    async def exam(self, person: Person, exam: date | None) -> int:
        """Sets the exam's day, in the place of another, or (None) takes it back: no interval reaches past it.

        How many days are left.
        """
        house, learner = self._house, replace(person.learner, exam=exam)
        day = house.today(learner)[1]
        released = await self._released(learner, "exam", learner.created_at)
        every = await house.storage.due(learner.id, day=LAST_DAY, now=LAST_INSTANT) if exam is not None else ()
        rows = {**_by_question(every), **released.rows}
        moves = remembering.before_exam(learner, rows.values(), day=day)
        changes, daily = self._moved(person, released, rows, moves, reason="exam"), await self.dailies.of(person)
        # The next question ends it, which comes on the day after; not soon enough where it comes once a week.
        wakes = await self.dailies.plans(learner) if daily.rhythm == "weekly" else {}
        await house.storage.commit(changes + Changes(updates=(learner,), wakes=wakes))
        return 0 if exam is None else (exam - day).days

    async def _of_pause(self, learner: Learner, day: date) -> Released:
        """What the pause that the learner is in has moved."""
        if self.paused(learner) is None:
            return Released()
        since = starts(_begun(learner, day) - A_DAY, ZoneInfo(learner.zone))  # a day more: they may have travelled
        return await self._released(learner, "pause", since)

    async def _released(self, learner: Learner, reason: Reason, since: datetime) -> Released:
        found = await self._house.storage.rescheduled(learner.id, reason, since)
        ended: list[Reschedule] = []
        rows: dict[QuestionId, MemoryRow] = {}
        for question, history in found.items():
            gone = [move for move in history.reschedules if move.reason == reason and move.at >= since]
            left = tuple(move for move in history.reschedules if move not in gone)
            ended += gone
            rows[question] = remembering.folded(learner, replace(history, reschedules=left), question)
        now = self._house.clock.now()
        return Released(tuple(replace(move, ended_at=now) for move in ended), rows)

    def _moved(
        self, person: Person, released: Released, rows: Rows, moves: Mapping[QuestionId, date], *, reason: Reason
    ) -> Changes:
        """What is released, and what is moved, each memory once."""
        records, changed = remembering.moved(self._house, person, rows, moves, reason=reason)
        return Changes(inserts=records, updates=(*released.ended, *{**released.rows, **changed}.values()))


def days_left(learner: Learner, days: Collection[date], day: date) -> int | None:
    """The days before the exam, where it is their time to be told: on the week's first study day.

    ``days`` are all study days with an answer. None where they are not told.
    """
    exam, monday = learner.exam, day - timedelta(days=day.weekday())
    if exam is None or exam <= day or any(monday <= other < day for other in days):
        return None
    return (exam - day).days


def ahead(day: date | None, today: date) -> date | None:
    """The day, unless it is over."""
    return day if day is not None and day >= today else None


def _begun(learner: Learner, day: date) -> date:
    """The first day of the pause that the learner is in; today where they are in none."""
    return day if ahead(learner.paused_until, day) is None else date.fromisoformat(learner.pauses[-1][0])


def past(learner: Learner, day: date) -> tuple[tuple[str, str], ...]:
    """The pauses that are over."""
    return learner.pauses if ahead(learner.paused_until, day) is None else learner.pauses[:-1]


def _by_question(rows: tuple[MemoryRow, ...]) -> dict[QuestionId, MemoryRow]:
    return {row.question_id: row for row in rows}
