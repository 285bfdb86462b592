"""Lists and numbers: the menu, rounds, mistakes, progress, totals."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from bot.domain.question import LearnerId, QuestionId, SetId
from bot.ports.reads import Card, Group, Menu, Pool, Progress, Totals, Wish
from bot.ports.rows import Learner, Report, Set
from bot.storage.codec import instant, micros
from bot.storage.queries import people, study
from bot.storage.tables import columns, load

MINE = """
FROM question q
JOIN enrolment e ON e.set_id = q.set_id AND e.learner_id = :learner AND e.active = 1 AND e.departed = 0
LEFT JOIN memory m ON m.learner_id = :learner AND m.question_id = q.id
"""
LIVE = "q.state = 'live' AND m.aside IS NULL"
ASKED_TODAY = f"{LIVE} AND {study.NOT_UNDONE}"
IN_SET = "(:in_set IS NULL OR q.set_id = :in_set)"
STARRED = """
EXISTS (
  SELECT 1 FROM mark k WHERE k.question_id = q.id AND k.name = 'star' AND k.ended_at IS NULL
  AND k.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
)
"""
IS_DUE = "(m.due_day <= :day AND (m.due_at IS NULL OR m.due_at <= :now)) IS TRUE"
POOLS: dict[Pool, str] = {
    "due": IS_DUE,
    "new": "m.question_id IS NULL",
    "missed": "m.missed < 2 AND (:name = '' OR q.section = :name)",
    "mastered": "m.missed = 2",
    "aside": "m.aside = 'leech'",
    "starred": STARRED,
    "section": "q.section = :name",
    "kind": "q.kind = :name",
    "order": "q.place >= :start",
}
LISTED: dict[Pool, str] = {"mastered": LIVE, "aside": "q.state = 'live'"}  # these are shown, not asked
BY_NEED = f"ORDER BY CASE WHEN {IS_DUE} THEN 0 WHEN m.question_id IS NULL THEN 1 ELSE 2 END, q.place, q.id"
COUNTS = f"""
SELECT
  count(*) FILTER (WHERE {IS_DUE}), count(*) FILTER (WHERE m.question_id IS NULL),
  count(*) FILTER (WHERE m.missed < 2), count(*) FILTER (WHERE {STARRED})
{MINE} WHERE {ASKED_TODAY}
"""
ACTIVE_SETS = f"""
SELECT {columns(Set, "s")} FROM question_set s
JOIN enrolment e ON e.set_id = s.id AND e.learner_id = :learner AND e.active = 1 AND e.departed = 0
ORDER BY e.added_at, s.id
"""
OF_SETS = f"{MINE} JOIN question_set s ON s.id = q.set_id"
GROUPS = {
    "section": f"""
    SELECT q.section AS name, count(*), min(s.language) {OF_SETS}
    WHERE {ASKED_TODAY} AND {IN_SET} GROUP BY name ORDER BY min(q.place)
    """,
    "kind": f"SELECT q.kind AS name, count(*), '' {MINE} WHERE {ASKED_TODAY} AND {IN_SET} GROUP BY name",
    "missed": f"""
    SELECT q.section AS name, count(*), min(s.language) {OF_SETS}
    WHERE {ASKED_TODAY} AND {IN_SET} AND m.missed < 2 GROUP BY name ORDER BY min(q.place)
    """,
}
ANSWERED = """
SELECT a.day, count(*), count(*) FILTER (WHERE a.outcome = 'right') FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner)
AND a.day >= :since AND a.undone_by IS NULL GROUP BY a.day
"""
NUMBERS = f"""
SELECT
  count(*), count(m.stability_days),
  count(*) FILTER (WHERE m.missed < 2 AND m.aside IS NULL),
  count(*) FILTER (WHERE m.missed = 2 AND m.aside IS NULL), count(*) FILTER (WHERE {STARRED}),
  min(CASE WHEN m.due_at > :now AND m.due_day <= :day AND m.aside IS NULL THEN m.due_at END)
{MINE} WHERE q.state = 'live'
"""
AHEAD = f"""
SELECT m.due_day, count(*) {MINE}
WHERE {LIVE} AND m.due_day <= :until GROUP BY m.due_day ORDER BY m.due_day
"""
TOTALS = """
SELECT
  (SELECT count(*) FROM learner), (SELECT count(*) FROM answer WHERE undone_by IS NULL),
  (SELECT count(*) FROM memory WHERE aside IS NULL AND due_day <= :day),
  (SELECT count(*) FROM question_set), (SELECT count(*) FROM question WHERE state = 'live')
"""
BUSIEST = """
SELECT a.learner_id FROM answer t JOIN account a ON a.id = t.account_id
WHERE t.undone_by IS NULL GROUP BY a.learner_id ORDER BY count(DISTINCT t.day) DESC, a.learner_id LIMIT 1
"""
REPORTS = f"SELECT {columns(Report, 'r')} FROM report r WHERE r.withdrawn_at IS NULL ORDER BY r.at DESC, r.id DESC"


def menu(db: sqlite3.Connection, learner: LearnerId, *, day: date, now: datetime) -> Menu:
    keys = {"learner": learner, "day": day.isoformat(), "now": micros(now)}
    due, new, missed, starred = db.execute(COUNTS, keys).fetchone()
    sets = tuple(load(Set, row) for row in db.execute(ACTIVE_SETS, keys))
    return Menu(due=due, new=new, missed=missed, starred=starred, place=people.place(db, learner), sets=sets)


def groups(
    db: sqlite3.Connection,
    learner: LearnerId,
    by: Literal["section", "kind", "missed"],
    *,
    in_set: SetId | None,
    day: date,
) -> tuple[Group, ...]:
    found = db.execute(GROUPS[by], {"learner": learner, "in_set": in_set, "day": day.isoformat()})
    return tuple(Group(*row) for row in found)


def pool(db: sqlite3.Connection, learner: LearnerId, wish: Wish, *, day: date, now: datetime) -> tuple[QuestionId, ...]:
    keys: dict[str, object] = {"learner": learner, "day": day.isoformat(), "now": micros(now)}
    keys |= {"name": wish.name, "in_set": wish.in_set, "start": wish.start}
    order = "ORDER BY q.place, q.id" if wish.pool == "order" else BY_NEED
    live = LISTED.get(wish.pool, ASKED_TODAY)
    sql = f"SELECT q.id {MINE} WHERE {live} AND {IN_SET} AND {POOLS[wish.pool]} {order}"
    return tuple(QuestionId(row[0]) for row in db.execute(sql, keys))


def cards(db: sqlite3.Connection, questions: Sequence[QuestionId]) -> tuple[Card, ...]:
    return tuple(card for question in questions if (card := study.card(db, question)) is not None)


def progress(db: sqlite3.Connection, learner: LearnerId, *, day: date, now: datetime) -> Progress:
    keys: dict[str, object] = {"learner": learner, "day": day.isoformat(), "now": micros(now)}
    week = (day - timedelta(days=6)).isoformat()
    answered = {row[0]: (row[1], row[2]) for row in db.execute(ANSWERED, keys | {"since": week})}
    questions, studied, missed, mastered, starred, later = db.execute(NUMBERS, keys).fetchone()
    ahead = db.execute(AHEAD, keys | {"until": (day + timedelta(days=3650)).isoformat()})
    return Progress(
        questions=questions,
        studied=studied,
        today=answered.get(day.isoformat(), (0, 0)),
        week=(sum(row[0] for row in answered.values()), sum(row[1] for row in answered.values())),
        ahead=tuple((date.fromisoformat(due), count) for due, count in ahead),
        later_today=None if later is None else instant(later),
        missed=missed,
        mastered=mastered,
        starred=starred,
        days=study.days(db, learner),
    )


def totals(db: sqlite3.Connection, day: date) -> Totals:
    numbers = db.execute(TOTALS, {"day": day.isoformat()}).fetchone()
    busiest = db.execute(BUSIEST).fetchone()
    learner: Learner | None = None if busiest is None else people.learner(db, busiest[0])
    days = () if learner is None else study.days(db, learner.id)
    learners, answers, due, sets, questions = numbers
    return Totals(learners, answers, due, sets, questions, days, learner)


def reports(db: sqlite3.Connection) -> tuple[tuple[Report, Card], ...]:
    found = [load(Report, row) for row in db.execute(REPORTS)]
    return tuple((report, card) for report in found if (card := study.card(db, report.question_id)) is not None)
