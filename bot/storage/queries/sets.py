"""Sets and what is in them; marks and reports by id."""

import sqlite3

from bot.domain.question import LearnerId, SetId
from bot.ports.reads import Shelf
from bot.ports.rows import Enrolment, Mark, Question, Report, Revision, Set
from bot.storage.tables import columns, load, revision, width

SET = f"SELECT {columns(Set, 's')} FROM question_set s WHERE s.code = :code"
CONTENTS = f"SELECT {columns(Question, 'q')} FROM question q WHERE q.set_id = :set ORDER BY q.place, q.id"
SHELVES = f"""
SELECT
  (SELECT count(*) FROM question q WHERE q.set_id = s.id AND q.state = 'live'),
  (SELECT count(m.stability_days) FROM question q JOIN memory m ON m.question_id = q.id AND m.learner_id = :learner
   WHERE q.set_id = s.id AND q.state = 'live'),
  NOT EXISTS (SELECT 1 FROM question q JOIN revision r ON r.id = q.revision_id
   WHERE q.set_id = s.id AND q.state = 'live' AND r.explanation = ''),
  {columns(Set, "s")}, {columns(Enrolment, "e")}
FROM question_set s LEFT JOIN enrolment e ON e.set_id = s.id AND e.learner_id = :learner
WHERE s.digest <> ''
ORDER BY e.learner_id IS NULL, e.added_at, s.id
"""
MARK = f"SELECT {columns(Mark, 'm')} FROM mark m WHERE m.id = :mark"
REPORT = f"SELECT {columns(Report, 'r')} FROM report r WHERE r.id = :report"


def by_code(db: sqlite3.Connection, code: str) -> Set | None:
    row = db.execute(SET, {"code": code}).fetchone()
    return None if row is None else load(Set, row)


def contents(db: sqlite3.Connection, set_id: SetId) -> tuple[tuple[Question, Revision], ...]:
    found = [load(Question, row) for row in db.execute(CONTENTS, {"set": set_id})]
    return tuple((question, revision(db, question.revision_id)) for question in found)


def shelves(db: sqlite3.Connection, learner: LearnerId) -> tuple[Shelf, ...]:
    return tuple(_shelf(row) for row in db.execute(SHELVES, {"learner": learner}))


def _shelf(row: sqlite3.Row) -> Shelf:
    after = 3 + width(Set)
    enrolment = None if row[after] is None else load(Enrolment, row, after)
    return Shelf(load(Set, row, 3), enrolment, questions=row[0], studied=row[1], explained=bool(row[0] and row[2]))


def mark_of(db: sqlite3.Connection, mark: int) -> Mark | None:
    row = db.execute(MARK, {"mark": mark}).fetchone()
    return None if row is None else load(Mark, row)


def report_of(db: sqlite3.Connection, report: int) -> Report | None:
    row = db.execute(REPORT, {"report": report}).fetchone()
    return None if row is None else load(Report, row)
