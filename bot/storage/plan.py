"""A batch of changes as the statements that make it, and the statements run."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.ports.chat import Said
from bot.ports.people import Forgotten, Tried, WrongCode
from bot.ports.post import Handled, Outgoing
from bot.storage import learners
from bot.storage.codec import micros, versioned
from bot.storage.queries.daily import TAKEN_BACK, pushed
from bot.storage.queries.linking import NOT_TOO_MANY
from bot.storage.tables import SHAPES, Shape, dump, shape

Refusal = type[AlreadyDone] | type[Conflict] | None
Step = tuple[
    str, Sequence[Any] | Mapping[str, Any], Refusal
]  # a statement, its values, and what it means when no row took it

KNOWN = "SELECT 1 FROM learner WHERE id = ? AND version = ?"
UNDONE = "UPDATE answer SET undone_by = ? WHERE id = ? AND undone_by IS NULL"
COUNTED = (
    "INSERT INTO item_count (revision_id, name, n) VALUES (?, ?, ?)"
    " ON CONFLICT (revision_id, name) DO UPDATE SET n = item_count.n + excluded.n"
)
# A message that was not sent yet gives way to the new one; while one is being sent, the new one waits its turn.
POSTED = (
    f"{SHAPES[Outgoing].insert} ON CONFLICT (key) DO UPDATE SET room_id = excluded.room_id, reply = excluded.reply,"
    " reader = excluded.reader, at = excluded.at, lane = excluded.lane, void_at = excluded.void_at, attempts = 0,"
    " unsure = 0, unsure_at = NULL, sent = excluded.sent, turn = max(outbox.turn + 1, excluded.turn)"
)
BOUND_FOR = "UPDATE outbox SET platform = (SELECT r.platform FROM room r WHERE r.id = room_id) WHERE key = ?"
# Also one that was claimed: it is looked for once more before it begins. An edit that is on its way arrives.
WITHDRAWN = "DELETE FROM outbox WHERE key = ? AND (lease_until IS NULL OR unsure = 0)"
# Taken back with it: the daily question that it is, unless it may have arrived before.
NEVER_ASKED = tuple(
    f"{statement} AND EXISTS (SELECT 1 FROM outbox o WHERE o.key = :key AND o.unsure = 0)" for statement in TAKEN_BACK
)
OF_A_LEARNER = frozenset({"daily", "snooze"})  # timers whose key names a learner: "snooze:17:4711"
SET_TO_WAKE = (
    "INSERT INTO wake (key, at, attempts, lease_until) SELECT :key, :at, 0, NULL"
    " WHERE :learner IS NULL OR EXISTS (SELECT 1 FROM learner WHERE id = :learner)"
    " ON CONFLICT (key) DO UPDATE SET at = excluded.at, attempts = 0, lease_until = NULL"
)
LET_SLEEP = "DELETE FROM wake WHERE key = ?"
OUT_OF_REACH = "UPDATE message SET native = '[]' WHERE room_id = ?"
HANDLED = "UPDATE inbox SET said = ?, state = 'done' WHERE id = ? AND state <> 'done'"
TAKEN = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"})
GONE = "SQLITE_CONSTRAINT_FOREIGNKEY"


def plan(changes: Changes) -> list[Step]:
    """The statements of a batch, ready to run: answers are marked as undone before others take their place.

    TypeError for a record that has no table, or an update of one that has no version.
    """
    steps: list[Step] = [(KNOWN, known, Conflict) for known in changes.known.items()]
    steps += [learners.unchanged(act) for act in changes.people if not isinstance(act, Forgotten)]
    steps += [(UNDONE, (undo, answer), AlreadyDone) for answer, undo in changes.undone]
    ranked = [tried(one) for one in changes.tries]
    ranked += [inserted(record) for record in changes.inserts]
    ranked += [updated(record) for record in changes.updates]
    ranked.sort(key=itemgetter(0))  # parents before children; else as given
    steps += [step for _, step in ranked]
    steps += [(COUNTED, (count.revision_id, count.name, count.by), Conflict) for count in changes.counts]
    steps += [step for key, message in changes.outbox.items() for step in posted(key, message)]
    steps += [waking(key, at) for key, at in changes.wakes.items()]
    steps += [(OUT_OF_REACH, (room,), None) for room in changes.moved]
    steps += [step for act in changes.people for step in learners.steps(act)]
    return steps if changes.handled is None else [*steps, handled(changes.handled)]


def posted(key: str, message: Outgoing | None) -> list[Step]:
    """Its turn is its instant: a message that comes again under the key of one that was sent is another one."""
    if message is not None:
        row = dump(replace(message, turn=micros(message.at)), SHAPES[Outgoing])
        return [(POSTED, row, None), (BOUND_FOR, (message.key,), None)]
    asked = pushed(key)
    never = [] if asked is None else [(statement, {**asked, "key": key}, None) for statement in NEVER_ASKED]
    return [*never, (WITHDRAWN, (key,), Conflict)]


def waking(key: str, at: datetime | None) -> Step:
    """Conflict for the timer of a learner who is gone: no foreign key tells."""
    if at is None:
        return LET_SLEEP, (key,), None
    name, *parts = key.split(":")
    learner = int(parts[0]) if name in OF_A_LEARNER else None
    return SET_TO_WAKE, {"key": key, "at": micros(at), "learner": learner}, Conflict


def handled(done: Handled) -> Step:
    return HANDLED, (versioned(Said).dump(done.said), done.id), AlreadyDone


def tried(one: Tried) -> tuple[int, Step]:
    """After the account, which may be new, and before the code itself where it is a wrong one."""
    keys = {"account": one.account_id, "since": micros(one.since), "own": one.own, "everybody": one.everybody}
    return shape(WrongCode).rank, (NOT_TOO_MANY, keys, Conflict)


def inserted(record: object, refusal: Refusal = AlreadyDone) -> tuple[int, Step]:
    known = shape(type(record))
    values = dump(record, known)
    if known.version_at is not None:
        values[known.version_at] = 1
    return known.rank, (known.insert, values, refusal)


def updated(record: Any) -> tuple[int, Step]:
    """Version 0 is a new row; any other is the guard, and goes up by one."""
    known = shape(type(record))
    if known.version_at is None:
        raise TypeError(f"{type(record).__name__} has no version: it is inserted once and never changed")
    if record.version == 0:
        return inserted(record, Conflict)
    values = dump(record, known)
    values[known.version_at] = record.version + 1
    return known.rank, (known.update, guarded(values, known, record.version), Conflict)


def guarded(values: list[Any], known: Shape, version: int) -> list[Any]:
    """The values as the UPDATE names them: all but the key, then the key and the version that was read."""
    key = [values[at] for at in known.key_at]
    for at in reversed(known.key_at):
        del values[at]
    return [*values, *key, version]


def run(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Runs the statements; AlreadyDone or Conflict where one met a row that was there, or none that fits.

    Conflict too where a row refers to one that is gone: its learner has become one with another since.
    """
    execute = connection.execute
    for sql, values, refusal in steps:
        try:
            cursor = execute(sql, values)
            taken = cursor.rowcount if cursor.description is None else cursor.fetchone()
        except sqlite3.IntegrityError as error:
            if refusal is not None and error.sqlite_errorname in TAKEN:
                raise refusal(str(error)) from error
            if error.sqlite_errorname == GONE:
                raise Conflict(str(error)) from error
            raise
        if refusal is not None and not taken:
            raise refusal(sql)
