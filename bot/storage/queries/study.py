"""What one question and its answer need: asks, answers, memories, what comes next."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.domain.history import Reason
from bot.domain.kind import State
from bot.domain.question import AnswerId, AskId, LearnerId, QuestionId, SetId
from bot.ports.rows import Answer, Ask, AskState, Learner, Mark, MemoryRow, Question, Reschedule, Revision, Set
from bot.ports.storage import Card, Desk, History, Opening, Person, Sitting, Tally
from bot.storage.codec import instant, micros
from bot.storage.queries import daily, people
from bot.storage.tables import columns, load, revision, width

ASK = f"SELECT {columns(Ask, 'a')} FROM ask a WHERE a.id = :ask"
CARD = f"""
SELECT {columns(Question, "q")}, {columns(Set, "s")}
FROM question q JOIN question_set s ON s.id = q.set_id
WHERE q.id = :question
"""
STATE = f"SELECT {columns(AskState, 's')} FROM ask_state s WHERE s.ask_id = :ask AND s.learner_id = :learner"
OPENING = f"""
SELECT {columns(Learner, "l")}, {columns(Ask, "k")}, {columns(Revision, "r")}, {columns(AskState, "s")}
FROM account a
JOIN learner l ON l.id = a.learner_id
JOIN ask k ON k.id = :ask AND k.learner_id = l.id
JOIN revision r ON r.id = k.revision_id
LEFT JOIN ask_state s ON s.ask_id = k.id AND s.learner_id = l.id
WHERE a.platform = :platform AND a.native = :native AND NOT EXISTS (SELECT 1 FROM answer t WHERE t.ask_id = k.id)
"""
ANSWERS_TO_ASK = f"""
SELECT {columns(Answer, "a")} FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
AND a.question_id = :question AND a.ask_id = :ask
ORDER BY a.undone_by IS NULL
"""
NEWEST_OF_QUESTION = """
SELECT a.undone_by FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner) AND a.question_id = :question
ORDER BY a.id DESC LIMIT 1
"""
LATEST = """
SELECT max(at) FROM (
  SELECT a.at FROM answer a WHERE a.question_id = :question
  AND a.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
  UNION ALL SELECT r.at FROM reschedule r WHERE r.question_id = :question
  AND r.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
  UNION ALL SELECT coalesce(m.ended_at, m.at) FROM mark m WHERE m.question_id = :question
  AND m.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
) happened
"""
ANSWERED_ON = """
SELECT c.platform FROM answer a JOIN account c ON c.id = a.account_id
WHERE c.learner_id = :learner AND c.id <> :account AND a.question_id = :question
AND a.undone_by IS NULL AND a.at >= :asked_at ORDER BY a.id DESC LIMIT 1
"""
ELSEWHERE = """
SELECT k.id FROM room r
JOIN account c ON c.id = r.account_id AND c.learner_id = :learner
JOIN message m ON m.room_id = r.id AND m.slot >= 'ask:' AND m.slot < 'ask;'
JOIN ask k ON k.id = CAST(substr(m.slot, 5) AS BIGINT)
WHERE c.id <> :account AND k.question_id = :question AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.ask_id = k.id)
"""
MEMORY = f"SELECT {columns(MemoryRow, 'm')} FROM memory m WHERE m.learner_id = :learner AND m.question_id = :question"
OF_DAY = """
SELECT a.question_id, a.outcome FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner) AND a.day = :day AND a.undone_by IS NULL
ORDER BY a.id DESC
"""
EARLIER = """
SELECT EXISTS (
  SELECT 1 FROM answer a
  WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
  AND a.day < :day AND a.undone_by IS NULL
)
"""
ASKABLE = """
EXISTS (
  SELECT 1 FROM question q JOIN enrolment e ON e.set_id = q.set_id AND e.learner_id = m.learner_id
  WHERE q.id = m.question_id AND q.state = 'live' AND e.active = 1 AND e.departed = 0
  AND q.kind <> :without AND (:in_set IS NULL OR q.set_id = :in_set)
)
"""
DUE = f"""
m.learner_id = :learner AND m.aside IS NULL AND m.due_day <= :day AND (m.due_at IS NULL OR m.due_at <= :now)
AND {ASKABLE}
"""
NOT_UNDONE = """
NOT EXISTS (
  SELECT 1 FROM reschedule r WHERE r.question_id = m.question_id AND r.reason = 'undo' AND r.due_day > :day
  AND r.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
)
"""
NEXT_DUE = f"SELECT {columns(MemoryRow, 'm')} FROM memory m WHERE {DUE} ORDER BY m.due_day LIMIT :most"
COUNT_DUE = f"SELECT count(*) FROM (SELECT 1 FROM memory m WHERE {DUE} AND m.question_id <> :question LIMIT :most)"
MISSED = f"""
SELECT EXISTS (
  SELECT 1 FROM memory m
  WHERE m.learner_id = :learner AND m.missed < 2 AND m.aside IS NULL AND m.question_id <> :question
  AND {ASKABLE} AND {NOT_UNDONE}
)
"""
NEW = """
FROM question q
JOIN enrolment e ON e.set_id = q.set_id AND e.learner_id = :learner AND e.active = 1 AND e.departed = 0
WHERE q.state = 'live' AND q.id <> :question
AND q.kind <> :without AND (:in_set IS NULL OR q.set_id = :in_set)
AND NOT EXISTS (SELECT 1 FROM memory m WHERE m.learner_id = :learner AND m.question_id = q.id)
"""
NEXT_NEW = f"SELECT q.id {NEW} ORDER BY q.turn, q.id LIMIT 1"
COUNT_NEW = f"SELECT count(*) FROM (SELECT 1 {NEW} LIMIT :most)"
DAYS = """
SELECT DISTINCT a.day FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner) AND a.undone_by IS NULL
ORDER BY a.day
"""
ANSWER = f"SELECT {columns(Answer, 'a')} FROM answer a WHERE a.id = :answer"
LAST_ANSWERS = f"""
SELECT {columns(Answer, "a")} FROM (
  SELECT t.* FROM answer t LEFT JOIN undo u ON u.id = t.undone_by
  WHERE t.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
  AND t.day >= :since AND (u.reason IS NULL OR u.reason <> 'guessed')
  ORDER BY t.id DESC LIMIT :most
) a WHERE a.undone_by IS NULL ORDER BY a.id DESC
"""
OF_QUESTION = "account_id IN (SELECT id FROM account WHERE learner_id = :learner) AND question_id = :question"
ANSWERS = f"SELECT {columns(Answer, 't')} FROM answer t WHERE {OF_QUESTION} AND undone_by IS NULL ORDER BY at, id"
RESCHEDULES = f"""
SELECT {columns(Reschedule, "t")} FROM reschedule t WHERE {OF_QUESTION} AND ended_at IS NULL ORDER BY at, id
"""
RESCHEDULED = """
SELECT DISTINCT question_id FROM reschedule
WHERE account_id IN (SELECT id FROM account WHERE learner_id = :learner)
AND reason = :reason AND at >= :since AND ended_at IS NULL ORDER BY question_id
"""
REMEMBERED = """
SELECT question_id FROM memory WHERE learner_id = :learner
UNION SELECT a.question_id FROM answer a JOIN account c ON c.id = a.account_id
WHERE c.learner_id = :learner AND a.undone_by IS NULL
UNION SELECT r.question_id FROM reschedule r JOIN account c ON c.id = r.account_id
WHERE c.learner_id = :learner AND r.ended_at IS NULL
ORDER BY question_id
"""
MARKS = f"SELECT {columns(Mark, 't')} FROM mark t WHERE {OF_QUESTION} ORDER BY at, id"
OPEN_MARK = f"SELECT {columns(Mark, 't')} FROM mark t WHERE {OF_QUESTION} AND name = :name AND ended_at IS NULL"

NOBODY = QuestionId(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a learner's questions may come next."""

    learner: LearnerId
    cases: bool = True
    in_set: SetId | None = None

    def keys(self) -> dict[str, object]:
        return {"learner": self.learner, "without": "" if self.cases else "case", "in_set": self.in_set}


def card(db: sqlite3.Connection, question: QuestionId) -> Card | None:
    row = db.execute(CARD, {"question": question}).fetchone()
    if row is None:
        return None
    found, of_set = carded(row)
    return Card(found, revision(db, found.revision_id), of_set)


@lru_cache(maxsize=1024)  # many learners are before the same questions, which seldom change
def carded(row: tuple[Any, ...]) -> tuple[Question, Set]:
    return load(Question, row), load(Set, row, width(Question))


def memory(db: sqlite3.Connection, learner: LearnerId, question: QuestionId) -> MemoryRow | None:
    row = db.execute(MEMORY, {"learner": learner, "question": question}).fetchone()
    return None if row is None else load(MemoryRow, row)


def tally(db: sqlite3.Connection, learner: LearnerId, day: date) -> Tally:
    given = {"learner": learner, "day": day.isoformat()}
    first = dict(db.execute(OF_DAY, given).fetchall())  # the newest first: of one question the oldest stays
    earlier = bool(db.execute(EARLIER, given).fetchone()[0])
    return Tally(answered=len(first), right=list(first.values()).count("right"), earlier=earlier)


def available(db: sqlite3.Connection, person: Person, question: QuestionId, day: date, now: datetime) -> int:
    """Questions other than this one that could be asked today, counted up to the goal."""
    most = person.learner.goal
    given: dict[str, object] = {"learner": person.learner.id, "question": question, "most": most}
    given |= {"day": day.isoformat(), "now": micros(now), "without": "", "in_set": None}
    due: int = db.execute(COUNT_DUE, given).fetchone()[0]
    if due >= most:
        return due
    new: int = db.execute(COUNT_NEW, given | {"most": most - due}).fetchone()[0]
    return due + new


def sitting(db: sqlite3.Connection, ask: AskId, person: Person, day: date, now: datetime) -> Sitting | None:
    row = db.execute(ASK, {"ask": ask}).fetchone()
    if row is None:
        return None
    asked, learner = load(Ask, row), person.learner.id
    found = card(db, asked.question_id)
    if found is None:
        return None
    keys = {"ask": ask, "learner": learner, "question": asked.question_id}
    there = {"account": person.account_id, "asked_at": micros(asked.asked_at)}
    on = db.execute(ANSWERED_ON, keys | there).fetchone()
    state, version = _state(db, keys)
    found_daily = daily.daily(db, learner)
    answers = [load(Answer, given) for given in db.execute(ANSWERS_TO_ASK, keys)]
    newest = db.execute(NEWEST_OF_QUESTION, keys).fetchone()
    (latest,) = db.execute(LATEST, keys).fetchone()
    return Sitting(
        ask=asked,
        card=Card(found.question, revision(db, asked.revision_id), found.set),
        state=state,
        state_version=version,
        answer=next((given for given in answers if given.undone_by is None), None),
        undone=any(given.undone_by is not None for given in answers),
        seen_undone=newest is not None and newest[0] is not None,
        others_missed=missed(db, Wanted(learner), day, but=asked.question_id),
        latest=None if latest is None else instant(latest),
        answered_on="" if on is None else on[0],
        elsewhere=tuple(AskId(row[0]) for row in db.execute(ELSEWHERE, keys | there)),
        memory=memory(db, learner, asked.question_id),
        place=people.place(db, learner),
        tally=tally(db, learner, day),
        available=available(db, person, asked.question_id, day, now),
        daily=found_daily,
        earlier_answers=daily.answers(db, learner, most=3) if found_daily is None or found_daily.offering else 0,
    )


def opening(db: sqlite3.Connection, platform: str, native: str, ask: AskId) -> Opening | None:
    row = db.execute(OPENING, {"platform": platform, "native": native, "ask": ask}).fetchone()
    if row is None:
        return None
    ask_at = width(Learner)
    revision_at = ask_at + width(Ask)
    state_at = revision_at + width(Revision)
    state = None if row[state_at] is None else load(AskState, row, state_at).state
    return Opening(load(Learner, row), load(Ask, row, ask_at), load(Revision, row, revision_at), state)


def _state(db: sqlite3.Connection, keys: dict[str, int]) -> tuple[State | None, int]:
    row = db.execute(STATE, keys).fetchone()
    if row is None:
        return None, 0
    stored = load(AskState, row)
    return stored.state, stored.version


def due(db: sqlite3.Connection, wanted: Wanted, day: date, now: datetime, *, most: int) -> tuple[MemoryRow, ...]:
    given = {**wanted.keys(), "day": day.isoformat(), "now": micros(now), "most": most}
    return tuple(load(MemoryRow, row) for row in db.execute(NEXT_DUE, given))


def missed(db: sqlite3.Connection, wanted: Wanted, day: date, *, but: QuestionId = NOBODY) -> bool:
    """Whether anything is on the list of mistakes, beside that question."""
    given = {**wanted.keys(), "day": day.isoformat(), "question": but}
    return bool(db.execute(MISSED, given).fetchone()[0])


def desk(
    db: sqlite3.Connection, person: Person, day: date, now: datetime, *, cases: bool, in_set: SetId | None
) -> Desk:
    learner = person.learner.id
    wanted = Wanted(learner, cases=cases, in_set=in_set)
    place = people.place(db, learner)
    shown = None if place.ask_id is None else sitting(db, place.ask_id, person, day, now)
    new = db.execute(NEXT_NEW, wanted.keys() | {"question": NOBODY}).fetchone()
    waits = shown is not None and shown.answer is None and not shown.undone
    return Desk(
        place=place,
        open=shown if waits else None,
        tally=tally(db, learner, day),
        due=due(db, wanted, day, now, most=50),
        new=None if new is None else QuestionId(new[0]),
    )


def days(db: sqlite3.Connection, learner: LearnerId) -> tuple[date, ...]:
    return tuple(date.fromisoformat(row[0]) for row in db.execute(DAYS, {"learner": learner}))


def answer(db: sqlite3.Connection, answer: AnswerId) -> Answer | None:
    row = db.execute(ANSWER, {"answer": answer}).fetchone()
    return None if row is None else load(Answer, row)


def last_answers(db: sqlite3.Connection, learner: LearnerId, since: date, limit: int) -> tuple[Answer, ...]:
    given = {"learner": learner, "since": since.isoformat(), "most": limit}
    return tuple(load(Answer, row) for row in db.execute(LAST_ANSWERS, given))


def history(db: sqlite3.Connection, learner: LearnerId, question: QuestionId) -> History | None:
    found = card(db, question)
    if found is None:
        return None
    keys = {"learner": learner, "question": question}
    return History(
        answers=tuple(load(Answer, row) for row in db.execute(ANSWERS, keys)),
        reschedules=tuple(load(Reschedule, row) for row in db.execute(RESCHEDULES, keys)),
        marks=tuple(load(Mark, row) for row in db.execute(MARKS, keys)),
        memory=memory(db, learner, question),
        kind=found.question.kind,
        set_id=found.set.id,
    )


def rescheduled(
    db: sqlite3.Connection, learner: LearnerId, reason: Reason, since: datetime
) -> dict[QuestionId, History]:
    given = {"learner": learner, "reason": reason, "since": micros(since)}
    return _histories(db, learner, [QuestionId(row[0]) for row in db.execute(RESCHEDULED, given)])


def histories(db: sqlite3.Connection, learner: LearnerId) -> dict[QuestionId, History]:
    return _histories(db, learner, [QuestionId(row[0]) for row in db.execute(REMEMBERED, {"learner": learner})])


def _histories(
    db: sqlite3.Connection, learner: LearnerId, questions: Sequence[QuestionId]
) -> dict[QuestionId, History]:
    found = {question: history(db, learner, question) for question in questions}
    return {question: one for question, one in found.items() if one is not None}


def mark(db: sqlite3.Connection, learner: LearnerId, question: QuestionId, name: str) -> Mark | None:
    row = db.execute(OPEN_MARK, {"learner": learner, "question": question, "name": name}).fetchone()
    return None if row is None else load(Mark, row)
