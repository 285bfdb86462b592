"""Broadcasts: whose turn it is, what can be taken back, how far one has come."""

import sqlite3
from datetime import datetime

from bot.domain.question import LearnerId
from bot.ports.broadcasts import Broadcast, Headway, Recipient
from bot.storage.codec import instant, micros
from bot.storage.tables import columns, load

BROADCAST = f"SELECT {columns(Broadcast, 'b')} FROM broadcast b WHERE b.id = :id"
FATES = "SELECT r.fate, count(*) FROM recipient r WHERE r.broadcast_id = :id GROUP BY r.fate"
LATER_AT = "SELECT min(r.at) FROM recipient r WHERE r.broadcast_id = :id AND r.fate = 'later'"
ARRIVED = "SELECT count(*) FROM message m WHERE m.slot = 'broadcast:' || :id || ':said'"
# Everything whose key begins so: ";" is what follows ":".
LANE = "SELECT count(*) FROM outbox o WHERE o.key > 'broadcast:' AND o.key < 'broadcast;'"
OWN = "o.key > 'broadcast:' || :id || ':' AND o.key < 'broadcast:' || :id || ';'"
WAITING = f"SELECT count(*) FROM outbox o WHERE {OWN}"
UNBEGUN = f"SELECT o.key FROM outbox o WHERE {OWN} AND (o.lease_until IS NULL OR o.unsure = 0)"
RECIPIENT = f"SELECT {columns(Recipient, 'r')} FROM recipient r WHERE r.broadcast_id = :id"
DUE = f"{RECIPIENT} AND r.fate = 'later' AND r.at <= :now ORDER BY r.at LIMIT :most"
# In the order of learners: the last one reached says where it stands. Who is younger than the broadcast says nothing:
# they may have parted from one who was reached.
AHEAD = """
FROM daily d WHERE d.rhythm = 'daily' AND d.learner_id > (
  SELECT coalesce(max(r.learner_id), 0) FROM recipient r WHERE r.broadcast_id = :id AND r.learner_id < :id
) AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.broadcast_id = :id AND r.learner_id = d.learner_id)
"""
NEXT = f"SELECT d.learner_id {AHEAD} ORDER BY d.learner_id LIMIT :most"
UNREACHED = f"SELECT count(*) {AHEAD}"


def headway(db: sqlite3.Connection, id_: int) -> Headway | None:
    given = {"id": id_}
    row = db.execute(BROADCAST, given).fetchone()
    if row is None:
        return None
    (later_at,) = db.execute(LATER_AT, given).fetchone()
    return Headway(
        broadcast=load(Broadcast, row),
        fates=dict(db.execute(FATES, given).fetchall()),
        waiting=_count(db, WAITING, id_),
        lane=_count(db, LANE, id_),
        arrived=_count(db, ARRIVED, id_),
        unreached=_count(db, UNREACHED, id_),
        later_at=None if later_at is None else instant(later_at),
    )


def _count(db: sqlite3.Connection, query: str, id_: int) -> int:
    return int(db.execute(query, {"id": id_}).fetchone()[0])


def recipients(db: sqlite3.Connection, id_: int, now: datetime, most: int) -> tuple[Recipient, ...]:
    """Those who are due again, then those whom it has not reached."""
    given = {"id": id_, "now": micros(now), "most": most}
    due = [load(Recipient, row) for row in db.execute(DUE, given)]
    ahead = db.execute(NEXT, {"id": id_, "most": most - len(due)}).fetchall()
    return (*due, *(Recipient(id_, LearnerId(learner), now) for (learner,) in ahead))


def unsent(db: sqlite3.Connection, id_: int) -> tuple[Recipient, ...]:
    """Those whose message waits in the outbox and has not begun; without who became one with another meanwhile."""
    learners = [int(key.rpartition(":")[2]) for (key,) in db.execute(UNBEGUN, {"id": id_}).fetchall()]
    one = f"{RECIPIENT} AND r.learner_id = :learner"
    found = [db.execute(one, {"id": id_, "learner": learner}).fetchone() for learner in learners]
    return tuple(load(Recipient, row) for row in found if row is not None)
