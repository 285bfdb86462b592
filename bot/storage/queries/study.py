"""What one question and its answer need: asks, answers, memories, what comes next."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.domain.history import Reason
from bot.domain.kinds import KINDS
from bot.domain.question import AnswerId, AskId, LearnerId, QuestionId, SetId
from bot.ports.reads import Card, History, Opening
from bot.ports.rows import Answer, Ask, AskState, Learner, Mark, MemoryRow, Question, Reschedule, Revision, Set
from bot.storage.codec import micros
from bot.storage.tables import columns, load, revision, width

MINE = "SELECT id FROM account WHERE learner_id = :learner"
CARD = f"""
SELECT {columns(Question, "q")}, {columns(Set, "s")}
FROM question q JOIN question_set s ON s.id = q.set_id
WHERE q.id = :question
"""
OPENING = f"""
SELECT {columns(Learner, "l")}, {columns(Ask, "k")}, {columns(Revision, "r")}, {columns(AskState, "s")}
FROM account a
JOIN learner l ON l.id = a.learner_id
JOIN ask k ON k.id = :ask AND k.learner_id = l.id
JOIN revision r ON r.id = k.revision_id
LEFT JOIN ask_state s ON s.ask_id = k.id AND s.learner_id = l.id
WHERE a.platform = :platform AND a.native = :native AND NOT EXISTS (SELECT 1 FROM answer t WHERE t.ask_id = k.id)
"""
MEMORY = f"SELECT {columns(MemoryRow, 'm')} FROM memory m WHERE m.learner_id = :learner AND m.question_id = :question"
LONG = {f"long_{place}": kind.NAME for place, kind in enumerate(kind for kind in KINDS if kind.LONG)}
ANY = dict.fromkeys(LONG, "")  # no kind has that name
FITS = f"q.kind NOT IN ({', '.join(f':{key}' for key in LONG)})"
ASKABLE = f"""
EXISTS (
  SELECT 1 FROM question q JOIN enrolment e ON e.set_id = q.set_id AND e.learner_id = m.learner_id
  WHERE q.id = m.question_id AND q.state = 'live' AND e.active = 1 AND e.departed = 0
  AND {FITS} AND (:in_set IS NULL OR q.set_id = :in_set)
)
"""
DUE = f"""
m.learner_id = :learner AND m.aside IS NULL AND m.due_day <= :day AND (m.due_at IS NULL OR m.due_at <= :now)
AND {ASKABLE}
"""
NOT_UNDONE = f"""
NOT EXISTS (
  SELECT 1 FROM reschedule r WHERE r.question_id = m.question_id AND r.reason = 'undo' AND r.due_day > :day
  AND r.account_id IN ({MINE})
)
"""
NEXT_DUE = f"SELECT {columns(MemoryRow, 'm')} FROM memory m WHERE {DUE} ORDER BY m.due_day LIMIT :most"
MISSED = f"""
SELECT 1 FROM memory m WHERE m.learner_id = :learner AND m.missed < 2 AND m.aside IS NULL AND {ASKABLE} AND {NOT_UNDONE}
"""
NEW = f"""
FROM question q
JOIN enrolment e ON e.set_id = q.set_id AND e.learner_id = :learner AND e.active = 1 AND e.departed = 0
WHERE q.state = 'live' AND {FITS} AND (:in_set IS NULL OR q.set_id = :in_set)
AND NOT EXISTS (SELECT 1 FROM memory m WHERE m.learner_id = :learner AND m.question_id = q.id)
"""
DAYS = f"""
SELECT DISTINCT a.day FROM answer a
WHERE a.account_id IN ({MINE}) AND a.undone_by IS NULL
ORDER BY a.day
"""
ANSWER = f"SELECT {columns(Answer, 'a')} FROM answer a WHERE a.id = :answer"
LAST_ANSWERS = f"""
SELECT {columns(Answer, "a")} FROM (
  SELECT t.* FROM answer t LEFT JOIN undo u ON u.id = t.undone_by
  WHERE t.account_id IN ({MINE})
  AND t.day >= :since AND (u.reason IS NULL OR u.reason <> 'guessed')
  ORDER BY t.id DESC LIMIT :most
) a WHERE a.undone_by IS NULL ORDER BY a.id DESC
"""
OF_QUESTION = f"account_id IN ({MINE}) AND question_id = :question"
ANSWERS = f"SELECT {columns(Answer, 't')} FROM answer t WHERE {OF_QUESTION} AND undone_by IS NULL ORDER BY at, id"
RESCHEDULES = f"""
SELECT {columns(Reschedule, "t")} FROM reschedule t WHERE {OF_QUESTION} AND ended_at IS NULL ORDER BY at, id
"""
RESCHEDULED = f"""
SELECT DISTINCT question_id FROM reschedule
WHERE account_id IN ({MINE})
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a learner's questions may come next."""

    learner: LearnerId
    long: bool = True  # also those that take more than a moment
    in_set: SetId | None = None

    def keys(self) -> dict[str, object]:
        return {"learner": self.learner, "in_set": self.in_set, **(ANY if self.long else LONG)}


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


def opening(db: sqlite3.Connection, platform: str, native: str, ask: AskId) -> Opening | None:
    row = db.execute(OPENING, {"platform": platform, "native": native, "ask": ask}).fetchone()
    if row is None:
        return None
    ask_at = width(Learner)
    revision_at = ask_at + width(Ask)
    state_at = revision_at + width(Revision)
    state = None if row[state_at] is None else load(AskState, row, state_at).state
    return Opening(load(Learner, row), load(Ask, row, ask_at), load(Revision, row, revision_at), state)


def due(db: sqlite3.Connection, wanted: Wanted, *, day: date, now: datetime, most: int) -> tuple[MemoryRow, ...]:
    given = {**wanted.keys(), "day": day.isoformat(), "now": micros(now), "most": most}
    return tuple(load(MemoryRow, row) for row in db.execute(NEXT_DUE, given))


def missed(db: sqlite3.Connection, wanted: Wanted, day: date) -> bool:
    """Whether anything is on the list of mistakes."""
    given = {**wanted.keys(), "day": day.isoformat()}
    return bool(db.execute(f"SELECT EXISTS ({MISSED})", given).fetchone()[0])


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
