"""A learner at work: before one ask, and before the next question."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any, TypeVar

from bot.domain.question import AskId, LearnerId, QuestionId
from bot.ports.daily import Daily
from bot.ports.place import Place
from bot.ports.reads import Card, Desk, Person, Sitting, Tally
from bot.ports.rows import Answer, Ask, AskState, MemoryRow, Question, Set
from bot.storage.codec import instant, micros
from bot.storage.queries import people
from bot.storage.queries.study import DUE, MINE, MISSED, NEW, Wanted, carded, due
from bot.storage.tables import columns, load, revision, width

Row = TypeVar("Row")
PARTS = (Ask, Question, Set, AskState, MemoryRow, Place, Daily)
ENDS = tuple(accumulate(map(width, PARTS)))
BEGINS = dict(zip(PARTS, (0, *ENDS), strict=False))
CARD = slice(BEGINS[Question], BEGINS[AskState])

EARLIER = f"SELECT 1 FROM answer a WHERE a.account_id IN ({MINE}) AND a.day < :day AND a.undone_by IS NULL"
# The due ones first: only where they are too few is the set walked for new ones.
OTHERS = f"""
SELECT 1 FROM memory m WHERE {DUE} AND m.question_id <> k.question_id
UNION ALL SELECT 1 {NEW} AND q.id <> k.question_id
LIMIT :most
"""
FIRST_ANSWERS = f"SELECT 1 FROM answer a WHERE a.account_id IN ({MINE}) AND a.undone_by IS NULL LIMIT 3"
# A daily question that waits to be sent; what else has such a key is no question. Seldom is there any.
UNSENT = """
SELECT o.key FROM outbox o
WHERE o.key > 'daily:' || :learner || ':' AND o.key < 'daily:' || :learner || ';'
AND (o.lease_until IS NULL OR o.unsure = 0) AND EXISTS (
  SELECT 1 FROM push h WHERE h.learner_id = :learner AND h.ask_id IS NOT NULL
  AND o.key = 'daily:' || h.learner_id || ':' || h.day || ':' || h.slot
) LIMIT 1
"""
# All that is one row a learner and ask. It stands in one statement, for a statement costs more than what it finds.
SITTING = f"""
SELECT {columns(Ask, "k")}, {columns(Question, "w")}, {columns(Set, "s")}, {columns(AskState, "t")},
  {columns(MemoryRow, "y")}, {columns(Place, "p")}, {columns(Daily, "d")},
  (SELECT max(r.at) FROM reschedule r WHERE r.question_id = k.question_id AND r.account_id IN ({MINE})),
  (SELECT max(coalesce(n.ended_at, n.at)) FROM mark n WHERE n.question_id = k.question_id AND n.account_id IN ({MINE})),
  EXISTS ({EARLIER}),
  EXISTS ({MISSED} AND m.question_id <> k.question_id),
  (SELECT count(*) FROM ({OTHERS}) others),
  CASE WHEN d.offering = 0 THEN 0 ELSE (SELECT count(*) FROM ({FIRST_ANSWERS}) firsts) END,
  EXISTS (SELECT 1 FROM account c WHERE c.learner_id = :learner AND c.id <> :account),
  ({UNSENT}),
  (SELECT o.key FROM outbox o WHERE o.key = 'away:' || :ask)
FROM ask k
JOIN question w ON w.id = k.question_id
JOIN question_set s ON s.id = w.set_id
LEFT JOIN ask_state t ON t.ask_id = k.id AND t.learner_id = :learner
LEFT JOIN memory y ON y.learner_id = :learner AND y.question_id = k.question_id
LEFT JOIN place p ON p.learner_id = :learner
LEFT JOIN daily d ON d.learner_id = :learner
WHERE k.id = :ask
"""
ANSWERS = f"""
SELECT {columns(Answer, "a")} FROM answer a WHERE a.account_id IN ({MINE}) AND a.question_id = :question ORDER BY a.id
"""
PLATFORM = "SELECT c.platform FROM account c WHERE c.id = :account"
ELSEWHERE = """
SELECT k.id FROM room r
JOIN account c ON c.id = r.account_id AND c.learner_id = :learner
JOIN message m ON m.room_id = r.id AND m.slot >= 'ask:' AND m.slot < 'ask;'
JOIN ask k ON k.id = CAST(substr(m.slot, 5) AS BIGINT)
WHERE c.id <> :account AND k.question_id = :question AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.ask_id = k.id)
"""
OF_DAY = f"""
SELECT a.id, a.question_id, a.outcome FROM answer a
WHERE a.account_id IN ({MINE}) AND a.day = :day AND a.undone_by IS NULL
"""
SOME_EARLIER = f"SELECT EXISTS ({EARLIER})"
NEXT_NEW = f"SELECT q.id {NEW} ORDER BY q.turn, q.id LIMIT 1"


def sitting(db: sqlite3.Connection, ask: AskId, person: Person, *, day: date, now: datetime) -> Sitting | None:
    learner = person.learner.id
    first = first_answers(db, learner, day)
    most = max(0, person.learner.goal - len(first))  # of what is beyond the goal nothing is told
    keys = {"ask": ask, "account": person.account_id, "most": most, **Wanted(learner).keys()}
    row = db.execute(SITTING, {"day": day.isoformat(), "now": micros(now), **keys}).fetchone()
    if row is None:
        return None
    moved, marked, earlier, others_missed, others, earliest, linked, *needless = row[ENDS[-1] :]
    asked, (question, of_set), state = load(Ask, row), carded(row[CARD]), part(AskState, row)
    given = db.execute(ANSWERS, {"learner": learner, "question": question.id}).fetchall()
    answers = [load(Answer, one) for one in given]
    to_ask = [one for one in answers if one.ask_id == ask]
    return Sitting(
        ask=asked,
        card=Card(question, revision(db, asked.revision_id), of_set),
        state=None if state is None else state.state,
        state_version=0 if state is None else state.version,
        answer=next((one for one in to_ask if one.undone_by is None), None),
        undone=any(one.undone_by is not None for one in to_ask),
        seen_undone=bool(answers) and answers[-1].undone_by is not None,
        others_missed=bool(others_missed),
        latest=latest(answers, moved, marked),
        answered_on=answered_on(db, asked, person, answers) if linked else "",
        answered_since=answered_since(asked, person, answers, day=day, now=now),
        elsewhere=elsewhere(db, asked, person) if linked else (),
        needless=tuple(filter(None, needless)),
        memory=part(MemoryRow, row),
        place=part(Place, row) or Place(learner),
        tally=tally(first, earlier=bool(earlier)),
        available=others,
        daily=part(Daily, row),
        earlier_answers=earliest,
    )


def part(cls: type[Row], row: tuple[Any, ...]) -> Row | None:
    """One of the joined records; None where there is none."""
    begin = BEGINS[cls]
    return None if row[begin] is None else load(cls, row, begin)


def latest(answers: Sequence[Answer], *marks: int | None) -> datetime | None:
    """The newest instant among the answers, and what else happened, in microseconds."""
    return max((*(one.at for one in answers), *(instant(at) for at in marks if at is not None)), default=None)


def answered_on(db: sqlite3.Connection, ask: Ask, person: Person, answers: Sequence[Answer]) -> str:
    """The platform on which another account of theirs has answered the question since it was asked."""
    for one in reversed(answers):
        if one.account_id != person.account_id and one.undone_by is None and one.at >= ask.asked_at:
            platform: str = db.execute(PLATFORM, {"account": one.account_id}).fetchone()[0]
            return platform
    return ""


def answered_since(ask: Ask, person: Person, answers: Sequence[Answer], *, day: date, now: datetime) -> Answer | None:
    """Their answer of the day to another ask of the question, later than this one was asked."""
    for one in reversed(answers):
        own = one.account_id == person.account_id and one.ask_id != ask.id and one.undone_by is None
        if own and one.day == day and ask.asked_at < one.at <= now and ask.learner_id is not None:
            return one
    return None


def elsewhere(db: sqlite3.Connection, ask: Ask, person: Person) -> tuple[AskId, ...]:
    keys = {"learner": person.learner.id, "account": person.account_id, "question": ask.question_id}
    return tuple(AskId(row[0]) for row in db.execute(ELSEWHERE, keys))


def first_answers(db: sqlite3.Connection, learner: LearnerId, day: date) -> dict[QuestionId, str]:
    """The outcome of the day's first answer to each question."""
    given = db.execute(OF_DAY, {"learner": learner, "day": day.isoformat()}).fetchall()
    return {question: outcome for _, question, outcome in sorted(given, reverse=True)}


def tally(first: Mapping[QuestionId, str], *, earlier: bool) -> Tally:
    """The day so far; ``earlier``: something was answered on another day before."""
    return Tally(answered=len(first), right=[*first.values()].count("right"), earlier=earlier)


def desk(db: sqlite3.Connection, person: Person, wanted: Wanted, *, day: date, now: datetime) -> Desk:
    learner = person.learner.id
    place = people.place(db, learner)
    shown = None if place.ask_id is None else sitting(db, place.ask_id, person, day=day, now=now)
    new = db.execute(NEXT_NEW, wanted.keys()).fetchone()
    waits = shown is not None and shown.taken is None and not shown.undone
    return Desk(
        place=place,
        open=shown if waits else None,
        tally=of_day(db, learner, day) if shown is None else shown.tally,
        due=due(db, wanted, day=day, now=now, most=50),
        new=None if new is None else QuestionId(new[0]),
    )


def of_day(db: sqlite3.Connection, learner: LearnerId, day: date) -> Tally:
    """The day so far, of who is before no ask."""
    earlier = bool(db.execute(SOME_EARLIER, {"learner": learner, "day": day.isoformat()}).fetchone()[0])
    return tally(first_answers(db, learner, day), earlier=earlier)
