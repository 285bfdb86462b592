"""The inbox, the outbox and the timers: what is taken, leased, done."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.question import RoomId
from bot.ports.chat import Lane
from bot.ports.post import Arrival, Letter, Lost, Message, Outgoing, Placed, Wake
from bot.storage.codec import instant, micros
from bot.storage.queries import daily, groups, people
from bot.storage.tables import columns, dump, load, shape

LEASE = timedelta(minutes=5)
A_DAY = timedelta(days=1)  # how long a message is tried that is not void by itself
GIVEN_UP = 3  # failures of one arrival until it is set aside

ARRIVED = f"{shape(Arrival).insert} ON CONFLICT (id) DO NOTHING"
GONE = "DELETE FROM inbox WHERE id = ?"
FAILED = f"""
UPDATE inbox SET failures = failures + 1, state = CASE WHEN failures + 1 >= {GIVEN_UP} THEN 'aside' ELSE state END
WHERE id = :id RETURNING failures
"""
OWED = f"""
SELECT {columns(Arrival, "i")} FROM inbox i
WHERE i.at >= :at AND (i.at, length(i.id), i.id) > (:at, length(:id), :id)
AND i.platform = :platform AND i.state <> 'aside' ORDER BY i.at, length(i.id), i.id LIMIT :most
"""
OWED_TO = f"""
SELECT {columns(Arrival, "i")} FROM inbox i
WHERE i.platform = :platform AND i.account = :account AND i.state <> 'aside'
ORDER BY i.at, length(i.id), i.id LIMIT :most
"""
UNANSWERED = "SELECT 1 FROM inbox WHERE at BETWEEN :since AND :until AND state <> 'aside' LIMIT 1"
ASIDE = "SELECT count(*) FROM inbox WHERE state = 'aside'"

FREE = "(lease_until IS NULL OR lease_until <= :now)"
# One step down an index, however many timers are set; those that are leased are few.
NEXT_WAKE = """
SELECT min(soonest) FROM (
  SELECT * FROM (SELECT at AS soonest FROM wake WHERE lease_until IS NULL ORDER BY at LIMIT 1) free
  UNION ALL
  SELECT min(CASE WHEN lease_until < at THEN at ELSE lease_until END) FROM wake WHERE lease_until IS NOT NULL
) either
"""
# A room takes nothing while a message is on its way there, or waits for another attempt.
NEXT_LETTER = """
SELECT min(CASE WHEN held > soonest THEN held ELSE soonest END) FROM (
  SELECT min(at) AS soonest,
    max(CASE WHEN lease_until IS NOT NULL THEN lease_until WHEN attempts > 0 THEN at ELSE 0 END) AS held
  FROM outbox WHERE platform = :platform GROUP BY room_id
) room
"""
CLAIMED_WAKES = f"""
UPDATE wake SET attempts = attempts + 1, lease_until = :now + :lease * (attempts + 1)
WHERE key IN (SELECT key FROM wake WHERE at <= :now AND {FREE} ORDER BY at LIMIT :most)
RETURNING {columns(Wake)}
"""
VOID = f"DELETE FROM outbox WHERE platform = :platform AND void_at <= :now AND {FREE} RETURNING key, unsure"
# Who began to send a message and never said what became of it may have sent it: it is tried once more, and counted.
UNSURE = f"DELETE FROM outbox WHERE platform = :platform AND unsure > 1 AND {FREE} RETURNING key"
LANES: tuple[Lane, ...] = ("answer", "timed", "pushed")
URGENCY = "CASE lane WHEN 'answer' THEN 0 WHEN 'timed' THEN 1 ELSE 2 END"
# In a room first what was tried already, then by instant and key: nobody who keeps asking holds up what is older, and
# at one instant the old daily question goes away ("away:") before the new one comes ("daily:"). The first of each room,
# among a few times as many as are wanted: numbering all of 10,000 that wait takes three times as long (26 ms, not 8).
CLAIMED = f"""
UPDATE outbox SET lease_until = :now + :lease
WHERE key IN (
  SELECT key FROM (
    SELECT key, at, urgency, row_number() OVER (PARTITION BY room_id ORDER BY tried, at, key) AS place
    FROM (
      SELECT key, room_id, at, {URGENCY} AS urgency, CASE WHEN attempts > 0 THEN 0 ELSE 1 END AS tried
      FROM outbox WHERE platform = :platform AND at <= :now AND {FREE} AND room_id NOT IN (
        SELECT room_id FROM outbox
        WHERE platform = :platform AND (lease_until > :now OR (attempts > 0 AND at > :now))
      )
      ORDER BY tried, urgency, at, key LIMIT 4 * :most
    ) first
  ) waiting WHERE place = 1 ORDER BY urgency, at, key LIMIT :most
)
RETURNING {columns(Outgoing)}
"""
PLACE = "SELECT native, gone_at FROM room WHERE id = :room"
MESSAGE = f"SELECT {columns(Message, 'm')} FROM message m WHERE m.room_id = :room AND m.slot = :slot"
TOLD_AT = "SELECT m.at FROM message m WHERE m.room_id = :room AND m.slot = :slot"
SENT = "DELETE FROM outbox WHERE key = :key AND turn = :turn"
ANEW = "UPDATE outbox SET lease_until = NULL WHERE key = :key AND turn <> :turn"
HELD = "key = :key AND turn = :turn AND lease_until = :lease"  # by who claimed it, and as it was claimed
BEGUN = f"""
UPDATE outbox SET unsure = unsure + :more, unsure_at = CASE WHEN unsure = 0 THEN :now ELSE unsure_at END WHERE {HELD}
"""
IS_THERE = "SELECT 1 FROM room WHERE id = :room"
KEPT = f"{shape(Message).insert} ON CONFLICT (room_id, slot) DO UPDATE SET native = excluded.native, at = excluded.at"
# So that a room has few rows, however much is studied in it: nobody asks where an answered question is.
ANSWERED = """
DELETE FROM message WHERE room_id = :room AND slot >= 'ask:' AND slot < 'ask;'
AND EXISTS (SELECT 1 FROM answer a WHERE a.ask_id = CAST(substr(message.slot, 5) AS BIGINT))
"""
TAKEN_AWAY = "DELETE FROM message WHERE room_id = :room AND slot = :slot"
POSTPONED = f"""
UPDATE outbox SET at = :at, attempts = attempts + 1, lease_until = NULL, unsure = :unsure, sent = :sent,
  unsure_at = CASE WHEN :unsure = 0 THEN NULL ELSE unsure_at END, void_at = coalesce(void_at, :end)
WHERE {HELD}
"""
ROOM_GONE = "UPDATE room SET gone_at = :now, version = version + 1 WHERE id = :room AND gone_at IS NULL"
# A room where something is studied: who set it up is to be told, once, for a gone room is tried no more.
REFUSED = """
INSERT INTO wake (key, at, attempts) SELECT 'refused:' || c.room_id, :now, 0 FROM course c WHERE c.room_id = :room
ON CONFLICT (key) DO NOTHING
"""
NOTHING_MORE = "DELETE FROM outbox WHERE room_id = :room RETURNING key, unsure"

# Leases of a process that ended: what it had begun is unsure, what it had not is as it was.
WERE_SENT = "UPDATE outbox SET lease_until = NULL WHERE lease_until IS NOT NULL"
LOST = "DELETE FROM outbox WHERE unsure > 1"
WERE_HANDLED = "UPDATE wake SET lease_until = NULL WHERE lease_until IS NOT NULL"


def recover(db: sqlite3.Connection) -> int:
    db.execute(WERE_HANDLED)
    db.execute(WERE_SENT)
    return db.execute(LOST).rowcount


def take_in(
    db: sqlite3.Connection, arrivals: Sequence[Arrival], finished: Collection[str], placed: Sequence[Placed]
) -> None:
    db.executemany(GONE, [(id_,) for id_ in finished])
    db.executemany(ARRIVED, [dump(arrival, shape(Arrival)) for arrival in arrivals])
    for question in placed:
        _place(db, question)


def _place(db: sqlite3.Connection, found: Placed) -> None:
    """Where a question is now: its newest messages first. Whose room it was may be forgotten."""
    room = people.room(db, found.platform, found.room)
    if room is None:
        return
    db.execute(ANSWERED, {"room": room})
    shown = _shown(db, room, found.slot)
    native = found.native if shown is None else (*found.native, *shown.native)
    db.execute(KEPT, dump(Message(room, found.slot, native, found.at), shape(Message)))


def _shown(db: sqlite3.Connection, room: RoomId, slot: str) -> Message | None:
    row = db.execute(MESSAGE, {"room": room, "slot": slot}).fetchone()
    return None if row is None else load(Message, row)


def failed(db: sqlite3.Connection, id_: str) -> bool:
    """Counts a failure of an arrival; whether it is set aside now."""
    ((failures,),) = db.execute(FAILED, {"id": id_}).fetchall() or [(GIVEN_UP,)]
    return bool(failures >= GIVEN_UP)


def owed(db: sqlite3.Connection, platform: str, after: Arrival | None, most: int) -> tuple[Arrival, ...]:
    at, id_ = (0, "") if after is None else (micros(after.at), after.id)
    given = {"platform": platform, "at": at, "id": id_, "most": most}
    return tuple(load(Arrival, row) for row in db.execute(OWED, given))


def owed_to(db: sqlite3.Connection, platform: str, account: str, most: int) -> tuple[Arrival, ...]:
    given = {"platform": platform, "account": account, "most": most}
    return tuple(load(Arrival, row) for row in db.execute(OWED_TO, given))


def unanswered(db: sqlite3.Connection, since: datetime, until: datetime) -> bool:
    return db.execute(UNANSWERED, {"since": micros(since), "until": micros(until)}).fetchone() is not None


def aside(db: sqlite3.Connection) -> int:
    return int(db.execute(ASIDE).fetchone()[0])


def next_wake(db: sqlite3.Connection) -> datetime | None:
    return _instant(db, NEXT_WAKE)


def next_letter(db: sqlite3.Connection, platform: str) -> datetime | None:
    return _instant(db, NEXT_LETTER, {"platform": platform})


def _instant(db: sqlite3.Connection, query: str, given: Mapping[str, object] | None = None) -> datetime | None:
    (found,) = db.execute(query, given or {}).fetchone()
    return None if found is None else instant(found)


def claim_wakes(db: sqlite3.Connection, now: datetime, most: int) -> tuple[Wake, ...]:
    keys = {"now": micros(now), "lease": LEASE // timedelta(microseconds=1), "most": most}
    found = [load(Wake, row) for row in db.execute(CLAIMED_WAKES, keys).fetchall()]
    return tuple(sorted(found, key=lambda wake: wake.at))


def claim_letters(db: sqlite3.Connection, platform: str, now: datetime, most: int) -> tuple[tuple[Letter, ...], Lost]:
    """What is to be sent there now, one a room, and how many were given up."""
    keys = {"platform": platform, "now": micros(now), "lease": LEASE // timedelta(microseconds=1), "most": most}
    void = dict(db.execute(VOID, keys).fetchall())
    _never_said(db, void)
    lost = Lost(len(void), len(db.execute(UNSURE, keys).fetchall()))
    found = [load(Outgoing, row) for row in db.execute(CLAIMED, keys).fetchall()]
    found.sort(key=lambda message: (LANES.index(message.lane), message.at, message.key))
    return tuple(_letter(db, message) for message in found), lost


def _letter(db: sqlite3.Connection, message: Outgoing) -> Letter:
    native, gone_at = db.execute(PLACE, {"room": message.room_id}).fetchone()
    slot = message.reply.slot
    shown = None if slot is None else _shown(db, message.room_id, slot)
    return Letter(message, native, gone=gone_at is not None, shown=shown)


def told_at(db: sqlite3.Connection, room: RoomId, slot: str) -> datetime | None:
    row = db.execute(TOLD_AT, {"room": room, "slot": slot}).fetchone()
    return None if row is None else instant(row[0])


def delivered(db: sqlite3.Connection, message: Outgoing, native: tuple[str, ...], now: datetime) -> None:
    """The message arrived as those; one that replaced it meanwhile is sent next. Whose room it was may be forgotten."""
    room, slot, keys = message.room_id, message.reply.slot, {"key": message.key, "turn": message.turn}
    if not db.execute(SENT, keys).rowcount:
        db.execute(ANEW, keys)
    if slot is not None and message.reply.away:
        db.execute(TAKEN_AWAY, {"room": room, "slot": slot})
    elif slot is not None and native and db.execute(IS_THERE, {"room": room}).fetchone():
        db.execute(KEPT, dump(Message(room, slot, native, now), shape(Message)))


def begun(db: sqlite3.Connection, message: Outgoing, now: datetime, *, again: bool) -> bool:
    given = {**_held(message), "more": 0 if again else 1, "now": micros(now)}
    return db.execute(BEGUN, given).rowcount > 0


def postponed(db: sqlite3.Connection, message: Outgoing, at: datetime, *, sent: tuple[str, ...], unsure: bool) -> None:
    held = _held(message)
    told = {"unsure": message.unsure + unsure, "sent": json.dumps(sent)}
    given = {**held, **told, "at": micros(at), "end": micros(at + A_DAY)}
    if not db.execute(POSTPONED, given).rowcount:
        db.execute(ANEW, held)


def _held(message: Outgoing) -> dict[str, object]:
    lease = None if message.lease_until is None else micros(message.lease_until)
    return {"key": message.key, "turn": message.turn, "lease": lease}


def undeliverable(db: sqlite3.Connection, message: Outgoing, now: datetime, *, gone: bool, unsure: bool) -> None:
    """The message is dropped, but for one that replaced it; ``gone``: nothing more goes to its room.

    Of daily questions all those are taken back that surely did not arrive.
    """
    keys = {"key": message.key, "turn": message.turn}
    dropped: dict[str, bool] = {}
    if gone:
        given = {"room": message.room_id, "now": micros(now)}
        if db.execute(ROOM_GONE, given).rowcount:
            db.execute(REFUSED, given)
        dropped = {**dict(db.execute(NOTHING_MORE, {"room": message.room_id})), message.key: unsure}
    elif db.execute(SENT, keys).rowcount:
        dropped = {message.key: unsure}
    else:
        db.execute(ANEW, keys)
    _never_said(db, dropped)


def _never_said(db: sqlite3.Connection, dropped: Mapping[str, bool]) -> None:
    """Takes back what the messages that are dropped were to say: a daily question, unless it may have arrived.

    A group's answer is an edit, which may be told once more.
    """
    for key, unsure in dropped.items():
        groups.untold(db, key)
        if not unsure:
            daily.taken_back(db, key)
