"""A learner as a whole, and the codes that link two."""

import sqlite3
from datetime import date, datetime

from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.changes import Conflict
from bot.ports.people import BoardName, LinkCode, Side
from bot.ports.rows import Account, Enrolment, Room
from bot.storage.codec import instant, micros
from bot.storage.learners import versions
from bot.storage.queries import daily, people
from bot.storage.tables import columns, load

ACCOUNTS = f"""
SELECT (SELECT count(*) FROM answer t WHERE t.account_id = a.id AND t.undone_by IS NULL), {columns(Account, "a")}
FROM account a WHERE a.learner_id = :learner ORDER BY a.created_at, a.id
"""
ROOMS = f"""
SELECT {columns(Room, "r")} FROM room r JOIN account a ON a.id = r.account_id
WHERE a.learner_id = :learner ORDER BY r.id DESC
"""
ENROLMENTS = f"SELECT {columns(Enrolment, 'e')} FROM enrolment e WHERE e.learner_id = :learner ORDER BY e.set_id"
SEEN = f"SELECT {versions('(:learner)')}"
PUSHED = "SELECT DISTINCT p.day FROM push p WHERE p.learner_id = :learner ORDER BY p.day DESC LIMIT 8"
OPEN_SINCE = """
SELECT k.asked_at FROM place p JOIN ask k ON k.id = p.ask_id
WHERE p.learner_id = :learner AND NOT EXISTS (
  SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id WHERE a.ask_id = k.id AND c.learner_id = :learner
)
"""
LAST_ANSWERS = """
SELECT r.id, max(t.at) FROM room r JOIN account a ON a.id = r.account_id JOIN answer t ON t.account_id = a.id
WHERE a.learner_id = :learner AND t.undone_by IS NULL GROUP BY r.id
"""
LINK_CODE = f"SELECT {columns(LinkCode, 'c')} FROM link_code c WHERE c.account_id = :account"
CODED = f"""
SELECT {columns(Account, "a")} FROM link_code c JOIN account a ON a.id = c.account_id
WHERE c.digest = :digest AND c.until > :now
"""
WRONG_CODES = """
SELECT count(*) FILTER (WHERE account_id = :account), count(*), (SELECT created_at FROM account WHERE id = :account)
FROM wrong_code WHERE at > :since
"""
NOT_TOO_MANY = """
UPDATE account SET created_at = created_at WHERE id = :account
AND (SELECT count(*) FROM wrong_code WHERE at > :since AND account_id = :account) < :own
AND (SELECT count(*) FROM wrong_code WHERE at > :since) < :everybody
"""
BOARD_NAME = f"SELECT {columns(BoardName, 'b')} FROM board_name b WHERE b.learner_id = :learner AND b.room_id = :room"
IN_GROUPS = """
SELECT EXISTS (
  SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id JOIN ask k ON k.id = a.ask_id
  WHERE c.learner_id = :learner AND k.learner_id IS NULL
)
"""


def side(db: sqlite3.Connection, learner: LearnerId) -> Side:
    keys = {"learner": learner}
    return Side(
        learner=people.learner(db, learner),
        accounts=tuple((load(Account, row, 1), row[0]) for row in db.execute(ACCOUNTS, keys)),
        rooms=tuple(load(Room, row) for row in db.execute(ROOMS, keys)),
        enrolments=tuple(load(Enrolment, row) for row in db.execute(ENROLMENTS, keys)),
        place=people.place(db, learner),
        daily=daily.daily(db, learner),
        waiting=daily.waiting(db, learner),
        unsent=daily.unsent(db, learner),
        pushed=tuple(date.fromisoformat(day) for (day,) in db.execute(PUSHED, keys)),
        open_since=next((instant(at) for (at,) in db.execute(OPEN_SINCE, keys)), None),
        answered={RoomId(room): instant(at) for room, at in db.execute(LAST_ANSWERS, keys)},
        seen=db.execute(SEEN, keys).fetchone()[0],
    )


def link_code(db: sqlite3.Connection, account: AccountId) -> LinkCode | None:
    row = db.execute(LINK_CODE, {"account": account}).fetchone()
    return None if row is None else load(LinkCode, row)


def coded(db: sqlite3.Connection, digest: str, now: datetime) -> Account | None:
    row = db.execute(CODED, {"digest": digest, "now": micros(now)}).fetchone()
    return None if row is None else load(Account, row)


def wrong_codes(db: sqlite3.Connection, account: AccountId, since: datetime) -> tuple[int, int, datetime]:
    own, every, came = db.execute(WRONG_CODES, {"account": account, "since": micros(since)}).fetchone()
    if came is None:
        raise Conflict(f"account {account} is no more")
    return own, every, instant(came)


def board_name(db: sqlite3.Connection, learner: LearnerId, room: RoomId) -> BoardName | None:
    row = db.execute(BOARD_NAME, {"learner": learner, "room": room}).fetchone()
    return None if row is None else load(BoardName, row)


def in_groups(db: sqlite3.Connection, learner: LearnerId) -> bool:
    return bool(db.execute(IN_GROUPS, {"learner": learner}).fetchone()[0])
