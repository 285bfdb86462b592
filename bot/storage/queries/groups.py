"""Groups: what a room studies, what it may be asked, and how its question was answered."""

import json
import sqlite3
from collections import Counter
from datetime import date

from bot.domain.pick import SUITED
from bot.domain.question import AccountId, AskId, QuestionId, RoomId
from bot.ports.groups import Board, Course, Noon, Venue
from bot.ports.reads import Card, Notice
from bot.ports.rows import Ask, Learner, Room, Set
from bot.storage.queries import study
from bot.storage.tables import columns, load, revision, width

BOARD_KEY = "board:"  # of a message in the outbox, and what follows is its ask
VENUE = f"""
SELECT (SELECT max(b.day) FROM board b WHERE b.room_id = r.id),
  {columns(Room, "r")}, {columns(Course, "c")}, {columns(Set, "s")}, {columns(Board, "u")}
FROM room r
LEFT JOIN course c ON c.room_id = r.id
LEFT JOIN question_set s ON s.id = c.set_id
LEFT JOIN board u ON u.room_id = r.id AND u.revealed = 0
  AND u.day = (SELECT max(b.day) FROM board b WHERE b.room_id = r.id)
"""
OF_ROOM = f"{VENUE} WHERE r.id = :room"
OF_NATIVE = f"{VENUE} WHERE r.platform = :platform AND r.native = :native"
OF_CHAT = f"""
{VENUE} WHERE r.platform = :platform
AND (r.native = :chat OR substr(r.native, 1, length(:chat) + 1) = :chat || '/') ORDER BY r.id
"""
# What bot.domain.pick.pickable says of a question that is live.
SUITS = f"q.state = 'live' AND q.doubts = '[]' AND q.kind IN ({', '.join(repr(kind) for kind in sorted(SUITED))})"
SETS = f"""
SELECT (SELECT count(*) FROM question q WHERE q.set_id = s.id AND q.state = 'live'), {columns(Set, "s")}
FROM question_set s
WHERE s.digest <> '' AND EXISTS (SELECT 1 FROM question q WHERE q.set_id = s.id AND {SUITS}) ORDER BY s.id
"""
QUESTIONS = f"SELECT q.id FROM question q WHERE q.set_id = :set AND {SUITS} ORDER BY q.place, q.id"
ASKED = "SELECT a.question_id FROM board b JOIN ask a ON a.id = b.ask_id WHERE b.room_id = :room ORDER BY b.day"
BOARD = f"SELECT {columns(Board, 'b')} FROM board b WHERE b.ask_id = :ask"
NOTICE = f"""
SELECT
  EXISTS (SELECT 1 FROM message m WHERE m.room_id = b.room_id AND m.slot = 'board:' || b.ask_id),
  {columns(Board, "b")}, {columns(Room, "r")}, {columns(Course, "c")}, {columns(Ask, "a")}
FROM board b
JOIN room r ON r.id = b.room_id
JOIN course c ON c.room_id = b.room_id
JOIN ask a ON a.id = b.ask_id
WHERE b.ask_id = :ask
"""
UNTOLD = "UPDATE board SET revealed = 0, version = version + 1 WHERE ask_id = :ask AND revealed = 1"
ANSWERS = """
SELECT a.outcome, a.marked, count(*) FROM answer a
WHERE a.ask_id = :ask AND a.undone_by IS NULL GROUP BY a.outcome, a.marked
"""
OWNER = f"""
SELECT r.id, {columns(Learner, "l")}
FROM account a
JOIN learner l ON l.id = a.learner_id
JOIN room r ON r.account_id = a.id
WHERE a.id = :account ORDER BY r.gone_at IS NOT NULL, r.id DESC LIMIT 1
"""


def venue(db: sqlite3.Connection, room: RoomId) -> Venue | None:
    row = db.execute(OF_ROOM, {"room": room}).fetchone()
    return None if row is None else _venue(row)


def venue_of(db: sqlite3.Connection, platform: str, native: str) -> Venue | None:
    row = db.execute(OF_NATIVE, {"platform": platform, "native": native}).fetchone()
    return None if row is None else _venue(row)


def venues(db: sqlite3.Connection, platform: str, chat: str) -> tuple[Venue, ...]:
    return tuple(_venue(row) for row in db.execute(OF_CHAT, {"platform": platform, "chat": chat}))


def _venue(row: sqlite3.Row) -> Venue:
    course_at = 1 + width(Room)
    set_at = course_at + width(Course)
    untold_at = set_at + width(Set)
    return Venue(
        room=load(Room, row, 1),
        course=None if row[course_at] is None else load(Course, row, course_at),
        set=None if row[set_at] is None else load(Set, row, set_at),
        last=None if row[0] is None else date.fromisoformat(row[0]),
        untold=None if row[untold_at] is None else load(Board, row, untold_at),
    )


def untold(db: sqlite3.Connection, key: str) -> None:
    """The last word about that board did not come: its answer, where it was that, was never told."""
    if key.startswith(BOARD_KEY):
        db.execute(UNTOLD, {"ask": int(key.removeprefix(BOARD_KEY))})


def group_sets(db: sqlite3.Connection) -> tuple[tuple[Set, int], ...]:
    return tuple((load(Set, row, 1), row[0]) for row in db.execute(SETS))


def noon(db: sqlite3.Connection, room: RoomId) -> Noon | None:
    found = venue(db, room)
    if found is None:
        return None
    in_set = None if found.set is None else found.set.id
    return Noon(
        found,
        questions=tuple(QuestionId(row[0]) for row in db.execute(QUESTIONS, {"set": in_set})),
        asked=tuple(QuestionId(row[0]) for row in db.execute(ASKED, {"room": room})),
    )


def board(db: sqlite3.Connection, ask: AskId) -> Board | None:
    row = db.execute(BOARD, {"ask": ask}).fetchone()
    return None if row is None else load(Board, row)


def notice(db: sqlite3.Connection, ask: AskId) -> Notice | None:
    row = db.execute(NOTICE, {"ask": ask}).fetchone()
    if row is None:
        return None
    room_at = 1 + width(Board)
    course_at = room_at + width(Room)
    asked = load(Ask, row, course_at + width(Course))
    found = study.card(db, asked.question_id)
    if found is None:
        return None
    outcomes, picked = _answers(db, ask)
    return Notice(
        board=load(Board, row, 1),
        room=load(Room, row, room_at),
        course=load(Course, row, course_at),
        ask=asked,
        card=Card(found.question, revision(db, asked.revision_id), found.set),
        answers=outcomes.total(),
        right=outcomes["right"],
        picked=picked,
        posted=bool(row[0]),
    )


def _answers(db: sqlite3.Connection, ask: AskId) -> tuple[Counter[str], Counter[int]]:
    """How often each outcome, and each option."""
    outcomes, picked = Counter[str](), Counter[int]()
    for outcome, marked, times in db.execute(ANSWERS, {"ask": ask}):
        outcomes[outcome] += times
        for option in json.loads(marked):
            picked[option] += times
    return outcomes, picked


def owner(db: sqlite3.Connection, account: AccountId | None) -> tuple[RoomId, Learner] | None:
    row = db.execute(OWNER, {"account": account}).fetchone()
    return None if row is None else (RoomId(row[0]), load(Learner, row, 1))
