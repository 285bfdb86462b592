"""The daily question: how a learner stands with it, and what was sent and answered."""

import sqlite3
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.question import LearnerId
from bot.ports.daily import Daily, Morning, Push
from bot.storage.codec import instant, micros
from bot.storage.queries import people
from bot.storage.tables import columns, load

DAILY = f"SELECT {columns(Daily, 'd')} FROM daily d WHERE d.learner_id = :learner"
PUSHES = f"""
SELECT {columns(Push, "p")} FROM push p
WHERE p.learner_id = :learner AND p.day >= :since ORDER BY p.day DESC, p.at DESC
"""
ANSWERED = """
SELECT max(a.at) FROM answer a
WHERE a.account_id IN (SELECT id FROM account WHERE learner_id = :learner) AND a.day >= :day AND a.undone_by IS NULL
"""
# The newest daily on screen that nobody answered: taken away before the next one comes.
WAITING = f"""
SELECT {columns(Push, "p")} FROM push p
JOIN message m ON m.room_id = p.room_id AND m.slot = 'ask:' || p.ask_id
WHERE p.learner_id = :learner AND NOT EXISTS (
  SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id
  WHERE a.ask_id = p.ask_id AND c.learner_id = :learner
) ORDER BY p.day DESC, p.at DESC LIMIT 3
"""
NEWS = "SELECT r.at FROM recipient r WHERE r.learner_id = :learner AND r.at >= :since AND r.fate = 'written'"
GONE = "SELECT r.gone_at FROM room r WHERE r.id = :room"
CROWD = "SELECT count(*) FROM wake WHERE at >= :since AND at < :until"
A_WEEK = timedelta(days=8)


def daily(db: sqlite3.Connection, learner: LearnerId) -> Daily | None:
    row = db.execute(DAILY, {"learner": learner}).fetchone()
    return None if row is None else load(Daily, row)


def morning(db: sqlite3.Connection, learner: LearnerId, day: date) -> Morning | None:
    """Pushes of the last days, the newest answer since that study day began, what still waits on screen."""
    keys: dict[str, object] = {"learner": learner, "day": day.isoformat(), "since": (day - A_WEEK).isoformat()}
    found = daily(db, learner)
    if found is None:
        return None
    (gone,) = db.execute(GONE, {"room": found.room_id}).fetchone()
    (last,) = db.execute(ANSWERED, keys).fetchone()
    return Morning(
        learner=people.learner(db, learner),
        daily=found,
        gone=gone is not None,
        pushes=tuple(load(Push, row) for row in db.execute(PUSHES, keys)),
        answered=None if last is None else instant(last),
        waiting=waiting(db, learner),
        news=tuple(instant(at) for (at,) in db.execute(NEWS, {"learner": learner, "since": _begun(day)})),
    )


def waiting(db: sqlite3.Connection, learner: LearnerId) -> tuple[Push, ...]:
    return tuple(load(Push, row) for row in db.execute(WAITING, {"learner": learner}))


def _begun(day: date) -> int:
    return micros(datetime.combine(day - A_WEEK, time(), UTC))


def crowd(db: sqlite3.Connection, since: datetime, until: datetime) -> int:
    return int(db.execute(CROWD, {"since": micros(since), "until": micros(until)}).fetchone()[0])
