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
# Whose message is in the outbox and not on its way.
UNSENT = f"""
SELECT {columns(Push, "p")} FROM push p
JOIN outbox o ON o.key = 'daily:' || p.learner_id || ':' || p.day || ':' || p.slot
WHERE p.learner_id = :learner AND (o.lease_until IS NULL OR o.unsure = 0) ORDER BY p.day, p.slot
"""
NEWS = "SELECT r.at FROM recipient r WHERE r.learner_id = :learner AND r.at >= :since AND r.fate = 'written'"
GONE = "SELECT r.gone_at FROM room r WHERE r.id = :room"
# A daily question that never arrived is as if it had never been asked. It was counted by the first of its day's pushes,
# unless it came again as asked for (9, a snooze); an answer since has begun the count anew.
THIS = "p.learner_id = :learner AND p.day = :day"
TAKEN_BACK = (
    f"""
UPDATE daily SET unanswered = unanswered - 1, version = version + 1
WHERE learner_id = :learner AND unanswered > 0 AND :slot <> 9
AND EXISTS (SELECT 1 FROM push p WHERE {THIS} AND p.slot = :slot)
AND NOT EXISTS (SELECT 1 FROM push p WHERE {THIS} AND p.slot <> 9 AND p.slot <> :slot)
AND NOT EXISTS (
  SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id
  WHERE c.learner_id = :learner AND a.day >= :day AND a.undone_by IS NULL
)
""",
    f"""
UPDATE place SET ask_id = NULL, version = version + 1
WHERE learner_id = :learner AND ask_id = (SELECT p.ask_id FROM push p WHERE {THIS} AND p.slot = :slot)
""",
    "DELETE FROM push WHERE learner_id = :learner AND day = :day AND slot = :slot",
)
TIMER = "SELECT w.at FROM wake w WHERE w.key = 'daily:' || :learner"
CROWD = "SELECT count(*) FROM wake WHERE at >= :since AND at < :until"
A_WEEK = timedelta(days=8)
PARTS = 3  # of a key, behind its name: "daily:17:2026-11-24:0"


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
    timer = db.execute(TIMER, keys).fetchone()
    return Morning(
        learner=people.learner(db, learner),
        daily=found,
        gone=gone is not None,
        pushes=tuple(load(Push, row) for row in db.execute(PUSHES, keys)),
        answered=None if last is None else instant(last),
        waiting=waiting(db, learner),
        unsent=unsent(db, learner),
        timer=None if timer is None else instant(timer[0]),
        news=tuple(instant(at) for (at,) in db.execute(NEWS, {"learner": learner, "since": _begun(day)})),
    )


def waiting(db: sqlite3.Connection, learner: LearnerId) -> tuple[Push, ...]:
    return tuple(load(Push, row) for row in db.execute(WAITING, {"learner": learner}))


def _begun(day: date) -> int:
    return micros(datetime.combine(day - A_WEEK, time(), UTC))


def crowd(db: sqlite3.Connection, since: datetime, until: datetime) -> int:
    return int(db.execute(CROWD, {"since": micros(since), "until": micros(until)}).fetchone()[0])


def unsent(db: sqlite3.Connection, learner: LearnerId) -> tuple[Push, ...]:
    return tuple(load(Push, row) for row in db.execute(UNSENT, {"learner": learner}))


def pushed(key: str) -> dict[str, str | int] | None:
    """Learner, day and slot of a daily question, as the key of its message names them; None of any other message."""
    name, *parts = key.split(":")
    if name != "daily" or len(parts) != PARTS:
        return None
    return {"learner": int(parts[0]), "day": parts[1], "slot": int(parts[2])}


def taken_back(db: sqlite3.Connection, key: str) -> None:
    """The daily question of that message, where it is one, was never asked."""
    given = pushed(key)
    for statement in TAKEN_BACK if given else ():
        db.execute(statement, given or {})
