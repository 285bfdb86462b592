"""Who speaks: accounts, learners, rooms, places."""

import sqlite3

from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.changes import Conflict
from bot.ports.place import Place
from bot.ports.reads import Person
from bot.ports.rows import Learner
from bot.storage.tables import columns, load

PERSON = f"""
SELECT a.id, r.id, r.gone_at, {columns(Learner, "l")}
FROM account a
JOIN learner l ON l.id = a.learner_id
LEFT JOIN room r ON r.platform = a.platform AND r.native = :room
WHERE a.platform = :platform AND a.native = :native
"""
ROOM = "SELECT r.id FROM room r WHERE r.platform = :platform AND r.native = :room"
LEARNER = f"SELECT {columns(Learner, 'l')} FROM learner l WHERE l.id = :learner"
PLACE = f"SELECT {columns(Place, 'p')} FROM place p WHERE p.learner_id = :learner"


def person(db: sqlite3.Connection, platform: str, native: str, room: str) -> Person | None:
    row = db.execute(PERSON, {"platform": platform, "native": native, "room": room}).fetchone()
    if row is None:
        return None
    account, room_id = AccountId(row[0]), RoomId(row[1] or 0)
    return Person(load(Learner, row, 3), account, room_id, gone=row[2] is not None)


def room(db: sqlite3.Connection, platform: str, room: str) -> RoomId | None:
    row = db.execute(ROOM, {"platform": platform, "room": room}).fetchone()
    return None if row is None else RoomId(row[0])


def learner(db: sqlite3.Connection, learner: LearnerId) -> Learner:
    """Who was read before; Conflict where they are forgotten since, or one with another."""
    found = known(db, learner)
    if found is None:
        raise Conflict(f"learner {learner} is no more")
    return found


def known(db: sqlite3.Connection, id_: LearnerId) -> Learner | None:
    """The learner, unless they are forgotten, or one with another."""
    row = db.execute(LEARNER, {"learner": id_}).fetchone()
    return None if row is None else load(Learner, row)


def place(db: sqlite3.Connection, learner: LearnerId) -> Place:
    row = db.execute(PLACE, {"learner": learner}).fetchone()
    return Place(learner) if row is None else load(Place, row)
