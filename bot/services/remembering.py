"""Between stored rows and what memory is: one history folded, one answer decided, a backlog spread."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter

from bot.domain import backlog
from bot.domain.backlog import Move, returning, spread
from bot.domain.errors import StudyBotError
from bot.domain.history import Event, Marked, Reason, Rescheduled, fold
from bot.domain.kind import Verdict
from bot.domain.kinds import BY_NAME
from bot.domain.memory import EMPTY, Answered, Graded, Memory, MemorySettings, answered, retrievability
from bot.domain.prompt import Text
from bot.domain.question import AnswerId, KindName, LearnerId, QuestionId, SetId
from bot.domain.rating import AGAIN, rating
from bot.ports.changes import Changes
from bot.ports.reads import History, Person, Sitting
from bot.ports.rows import Answer, Learner, Mark, MemoryRow, Reschedule
from bot.services.today import House

Rows = Mapping[QuestionId, MemoryRow]

_values = attrgetter(*(field.name for field in fields(Memory)))


@lru_cache(maxsize=1024)
def _settings(retention: float) -> MemorySettings:
    return MemorySettings(retention=retention)


def settings_of(learner: Learner) -> MemorySettings:
    return _settings(learner.retention)


def as_memory(row: MemoryRow) -> Memory:
    return Memory(*_values(row))


def as_due(rows: Iterable[MemoryRow]) -> list[backlog.Due]:
    return [(row.question_id, as_memory(row)) for row in rows]


def as_row(memory: Memory, learner: LearnerId, question: QuestionId, *, set_id: SetId, version: int) -> MemoryRow:
    return MemoryRow(learner, question, set_id, *_values(memory), version)  # type: ignore[call-arg] # the fields of Memory


def after(
    learner: Learner, sitting: Sitting, verdict: Verdict, *, at: datetime, day: date
) -> tuple[Answered, MemoryRow]:
    """What is decided with an answer, and the row to store after it."""
    question, row = sitting.card.question, sitting.memory
    rate = rating(sitting.card.revision.kind, verdict, guessed=False)
    graded = Graded(question.id, at, day, rate, verdict.outcome, steps=_steps(question.kind))
    taken, memory = answered(None if row is None else as_memory(row), graded, settings_of(learner))
    version = 0 if row is None else row.version
    return taken, as_row(memory, learner.id, question.id, set_id=question.set_id, version=version)


def folded(learner: Learner, history: History, question: QuestionId) -> MemoryRow:
    """The row that a history makes, in the place of the stored one."""
    memory = fold(_events(history), settings_of(learner)) or EMPTY
    version = 0 if history.memory is None else history.memory.version
    return as_row(memory, learner.id, question, set_id=history.set_id, version=version)


def as_guess(learner: Learner, history: History, answer: Answer, new: AnswerId) -> Answer:
    """The same answer called a guess: decided anew, with Again, from the memory that stood before it."""
    before = [event for event in _events(history) if (event.at, event.id) < (answer.at, answer.id)]
    graded = Graded(answer.question_id, answer.at, answer.day, AGAIN, answer.outcome, steps=_steps(history.kind))
    taken, _ = answered(fold(before, settings_of(learner)), graded, settings_of(learner))
    return replace(answer, id=new, guessed=True, rating=AGAIN, interval_days=taken.interval_days, due_at=taken.due_at)


def most_urgent(learner: Learner, due: Sequence[MemoryRow], day: date) -> QuestionId:
    """A step within the day first, then what is most likely forgotten."""
    settings = settings_of(learner)

    def urgency(row: MemoryRow) -> tuple[bool, bool, float, date | None]:
        chance = retrievability(as_memory(row), day, settings)
        return row.due_at is None, row.stability_days is None, chance, row.due_day

    return min(due, key=urgency).question_id


async def history_of(house: House, person: Person, question: QuestionId) -> History:
    """All between the person and a question; StudyBotError where there is no such question."""
    history = await house.storage.history(person.learner.id, question)
    if history is None:
        raise StudyBotError(Text("ask.unknown"))
    return history


async def spread_backlog(house: House, person: Person) -> bool:
    """After a break the goal's number stays due and the rest is spread; whether that was done."""
    learner = person.learner
    now, day = house.today(learner)
    if not returning(learner.day, day):
        return False
    due = {row.question_id: row for row in await house.storage.due(learner.id, day=day, now=now)}
    if len(due) <= learner.goal:
        return False
    plan = spread(as_due(due.values()), today=day, goal=learner.goal, settings=settings_of(learner))
    moves = kept_before_exam(learner, due, plan.moves, day=day)
    records, rows = moved(house, person, due, moves, reason="return")
    await house.storage.commit(Changes(inserts=records, updates=(*rows.values(), replace(learner, day=day))))
    return True


def moved(
    house: House, person: Person, rows: Rows, moves: Mapping[QuestionId, date], *, reason: Reason
) -> tuple[tuple[Reschedule, ...], Rows]:
    """The records of new due days, and the memories with them."""
    now = house.clock.now()
    records = tuple(
        Reschedule(house.ids.new(now), person.account_id, question, now, due_day, reason)
        for question, due_day in moves.items()
    )
    return records, {question: replace(rows[question], due_day=day, due_at=None) for question, day in moves.items()}


def before_exam(learner: Learner, rows: Iterable[MemoryRow], *, day: date) -> dict[QuestionId, date]:
    """New due days for what is due on the exam's day or later; none where no exam is ahead."""
    if learner.exam is None or learner.exam <= day:
        return {}
    settings = settings_of(learner)
    return dict(backlog.before_exam(as_due(rows), today=day, exam=learner.exam, goal=learner.goal, settings=settings))


def kept_before_exam(learner: Learner, rows: Rows, moves: Iterable[Move], *, day: date) -> dict[QuestionId, date]:
    """A spread that does not reach past the exam."""
    planned = dict(moves)
    late = [replace(rows[question], due_day=due_day) for question, due_day in planned.items()]
    return {**planned, **before_exam(learner, late, day=day)}


def answered_before_exam(
    house: House, person: Person, row: MemoryRow, *, at: datetime, day: date
) -> tuple[tuple[Reschedule, ...], MemoryRow]:
    """An answer's interval kept before the exam: the record where it had to be, and the memory to store.

    ``at`` is the answer's instant. It keeps the interval that was decided, for an exam can be taken back. From
    tomorrow on at the earliest, though tomorrow be the exam's day.
    """
    exam = person.learner.exam
    if exam is None or exam <= day:
        return (), row
    due_day = max(day + timedelta(days=1), exam - timedelta(days=1))
    if row.due_day is None or row.due_day <= due_day:
        return (), row
    records, rows = moved(house, person, {row.question_id: row}, {row.question_id: due_day}, reason="exam")
    return tuple(replace(one, at=at) for one in records), rows[row.question_id]


def _steps(kind: KindName) -> bool:
    """Whether a forgotten question returns within the day."""
    return not BY_NAME[kind].LONG


def _events(history: History) -> Iterator[Event]:
    for one in history.answers:
        yield Answered(one.at, one.day, one.rating, one.outcome, one.interval_days, one.due_at, one.id)
    for move in history.reschedules:
        yield Rescheduled(move.at, move.due_day, move.reason, move.id)
    for mark in history.marks:
        yield from _marked(mark)


def _marked(mark: Mark) -> Iterator[Event]:
    """A suspension lasts until it ends; bringing back, when taken back, is as if it had never been."""
    if mark.name == "suspend":
        yield Marked(mark.at, "suspend", mark.id)
        if mark.ended_at is not None:
            yield Marked(mark.ended_at, "unsuspend", mark.id)
    elif mark.name == "restore" and mark.ended_at is None:
        yield Marked(mark.at, "restore", mark.id)
