"""What becomes of a learner as a whole, as statements: joined to another, parted, forgotten."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.ports.changes import Conflict
from bot.ports.people import Forgotten, Joined, Parted

Step = tuple[str, Mapping[str, Any], type[Conflict] | None]


def versions(whose: str) -> str:
    """What changes with every memory, place, daily question, enrolment and mark of some learners."""
    theirs = dict.fromkeys(("memory", "place", "daily", "enrolment"), f"learner_id IN {whose}")
    theirs["mark"] = f"account_id IN (SELECT id FROM account WHERE learner_id IN {whose})"
    return " + ".join(f"(SELECT coalesce(sum(version), 0) FROM {name} WHERE {mine})" for name, mine in theirs.items())


# Runs before all else of a commit: what was read and folded is what is stored. Where rows went with a learner or an
# account the sum says nothing, but there a learner's own version does, which the caller writes or names.
UNCHANGED = f"UPDATE learner SET version = version WHERE id = :giver AND :seen = {versions('(:giver, :taker)')}"

# What the other has by the same key stays as it is.
KEYED: Mapping[str, tuple[str, ...]] = {
    "ask_state": ("ask_id",),
    "enrolment": ("set_id",),
    "push": ("day", "slot"),
    "board_name": ("room_id",),
    "recipient": ("broadcast_id",),
}
OWN = ("memory", "place", "daily")  # of which a learner has their own, and the caller settles the taker's
SNOOZES = """
UPDATE wake SET key = :to_snooze || substr(key, length(:of_snooze) + 1)
WHERE substr(key, 1, length(:of_snooze)) = :of_snooze
"""
# A daily question that waits to be sent goes with its push, that an answer or its end still find it. Who had claimed it
# does not find it any more and begins nothing. One that has begun keeps the key under which its end is told, and so
# does one that both put off on one day: each comes. By another key no platform knows again what it may have got.
UNBEGUN = "(lease_until IS NULL OR unsure = 0)"
HAS_PUSH = "SELECT 1 FROM push p WHERE p.learner_id = :taker AND key = :of_daily || ':' || p.day || ':' || p.slot"
RENAMED = f"""
UPDATE outbox SET key = :to_daily || substr(key, length(:of_daily) + 1), lease_until = NULL,
  unsure_at = NULL
WHERE key > :of_daily || ':' AND key < :of_daily || ';' AND {UNBEGUN}
"""
DAILIES = f"{RENAMED} AND NOT EXISTS ({HAS_PUSH})"
# News that wait to be sent: dropped where the other was reached too, else theirs, that cancelling finds them.
HAS_NEWS = f"""
{UNBEGUN} AND key IN (
  SELECT 'broadcast:' || r.broadcast_id || :of_own FROM recipient r WHERE r.learner_id = :giver AND {{}} (
    SELECT 1 FROM recipient had WHERE had.learner_id = :taker AND had.broadcast_id = r.broadcast_id
  )
)
"""
BROADCASTS = (
    f"DELETE FROM outbox WHERE {HAS_NEWS.format('EXISTS')}",
    f"""
UPDATE outbox SET key = substr(key, 1, length(key) - length(:of_own)) || :to_own, lease_until = NULL,
  unsure_at = NULL
WHERE {HAS_NEWS.format("NOT EXISTS")}
""",
)
NO_DAILY = "DELETE FROM wake WHERE key = :of_daily"
# Used up, and known again for a day: the button may be pressed twice.
CODES = """
UPDATE link_code SET until = 0, version = version + 1
WHERE account_id IN (SELECT id FROM account WHERE learner_id = :taker)
"""
NO_MORE = "DELETE FROM learner WHERE id = :giver AND version = :version"

ACCOUNT = "UPDATE account SET learner_id = :taker WHERE id = :account AND learner_id = :giver"
ROOMS = "(SELECT id FROM room WHERE account_id = :account)"
ASKS = f"UPDATE ask SET learner_id = :taker WHERE learner_id = :giver AND room_id IN {ROOMS}"
STATES = """
UPDATE ask_state SET learner_id = :taker WHERE learner_id = :giver AND ask_id IN (
  SELECT id FROM ask WHERE learner_id = :taker UNION SELECT ask_id FROM answer WHERE account_id = :account
)
"""
PUSHES = f"UPDATE push SET learner_id = :taker WHERE learner_id = :giver AND room_id IN {ROOMS}"
PLACE = """
UPDATE place SET ask_id = NULL, version = version + 1
WHERE learner_id = :giver AND ask_id IN (SELECT id FROM ask WHERE learner_id = :taker)
"""
ANSWERS = "SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id WHERE a.question_id = {of}.question_id"
# A new due day, or a word that sets a question aside, goes with the answers to it, whoever was speaking then.
WORDS = f"""
UPDATE {{of}} SET account_id = {{to}} WHERE account_id IN (SELECT id FROM account WHERE learner_id = {{speaker}})
AND EXISTS ({ANSWERS} AND c.learner_id = {{other}}) AND NOT EXISTS ({ANSWERS} AND c.learner_id = {{speaker}})
"""
# Of one name an account has one open mark on a question (the index mark_once): where it has, the other side keeps its
# own, and of two of that side's the older one goes.
MARKS = f"""
{WORDS} AND name <> 'star' AND (name = 'restore' OR ended_at IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM mark had JOIN account c ON c.id = had.account_id
  WHERE had.question_id = mark.question_id AND had.name = mark.name AND had.ended_at IS NULL
  AND (had.account_id = {{to}} OR (c.learner_id = {{speaker}} AND had.id < mark.id))
))
"""
FIRST = "(SELECT min(id) FROM account WHERE learner_id = :giver)"
NO_HISTORY = """
DELETE FROM memory WHERE learner_id = :giver AND NOT EXISTS (
  SELECT 1 FROM answer a JOIN account c ON c.id = a.account_id
  WHERE c.learner_id = :giver AND a.question_id = memory.question_id AND a.undone_by IS NULL
) AND NOT EXISTS (
  SELECT 1 FROM reschedule r JOIN account c ON c.id = r.account_id
  WHERE c.learner_id = :giver AND r.question_id = memory.question_id AND r.ended_at IS NULL
)
"""
PUT_OFF = """
UPDATE wake SET key = :to_snooze || substr(key, length(:of_snooze) + 1)
WHERE substr(key, 1, length(:of_snooze)) = :of_snooze
AND CAST(substr(key, length(:of_snooze) + 1) AS BIGINT) IN (SELECT id FROM ask WHERE learner_id = :taker)
"""
NAMES = """
INSERT INTO board_name (learner_id, room_id, name, hidden, version)
SELECT :taker, room_id, name, hidden, 1 FROM board_name WHERE learner_id = :giver
"""
# What one person got they do not get again. What waits for its hour comes to the side that keeps the daily question.
# While a broadcast is going its numbers count those it was written to: there the new learner is left in peace.
NEWS = """
INSERT INTO recipient (broadcast_id, learner_id, at, fate, version)
SELECT broadcast_id, :taker, at, CASE WHEN EXISTS (
  SELECT 1 FROM broadcast b WHERE b.id = recipient.broadcast_id AND b.state = 'going'
) THEN 'left' ELSE fate END, 1
FROM recipient WHERE learner_id = :giver AND fate <> 'later'
"""
PARTED = (
    ASKS,
    STATES,
    PUSHES,
    PLACE,
    WORDS.format(of="reschedule", speaker=":giver", other=":taker", to=":account"),
    WORDS.format(of="reschedule", speaker=":taker", other=":giver", to=FIRST),
    MARKS.format(of="mark", speaker=":giver", other=":taker", to=":account"),
    MARKS.format(of="mark", speaker=":taker", other=":giver", to=FIRST),
    NO_HISTORY,
    PUT_OFF,
    NAMES,
    NEWS,
    f"{RENAMED} AND EXISTS ({HAS_PUSH})",
)

MINE = "(SELECT id FROM account WHERE learner_id = :learner)"
PRIVATE = f"(SELECT id FROM room WHERE account_id IN {MINE})"
OWN_ASK = f"(learner_id = :learner OR room_id IN {PRIVATE})"
# Children before their parents. What arrived and is not handled yet is: of it nothing is left once it was answered.
FORGOTTEN = (
    "DELETE FROM wake WHERE key = :of_daily OR substr(key, 1, length(:of_snooze)) = :of_snooze",
    f"DELETE FROM outbox WHERE room_id IN {PRIVATE}",
    f"DELETE FROM message WHERE room_id IN {PRIVATE}",
    """
    DELETE FROM inbox WHERE state <> 'new' AND EXISTS (
      SELECT 1 FROM account c
      WHERE c.learner_id = :learner AND c.platform = inbox.platform AND c.native = inbox.account
    )
    """,
    f"DELETE FROM push WHERE learner_id = :learner OR room_id IN {PRIVATE}",
    f"DELETE FROM broadcast WHERE account_id IN {MINE} OR room_id IN {PRIVATE}",
    f"DELETE FROM daily WHERE learner_id = :learner OR room_id IN {PRIVATE}",
    *(
        f"DELETE FROM {name} WHERE learner_id = :learner"
        for name in ("place", "memory", "enrolment", "board_name", "recipient")
    ),
    f"DELETE FROM ask_state WHERE learner_id = :learner OR ask_id IN (SELECT id FROM ask WHERE {OWN_ASK})",
    f"DELETE FROM undo WHERE account_id IN {MINE} OR answer_id IN (SELECT id FROM answer WHERE account_id IN {MINE})",
    *(
        f"DELETE FROM {name} WHERE account_id IN {MINE}"
        for name in ("answer", "reschedule", "mark", "report", "link_code")
    ),
    f"DELETE FROM ask WHERE {OWN_ASK}",
    f"UPDATE wrong_code SET account_id = NULL WHERE account_id IN {MINE}",
    f"UPDATE course SET account_id = NULL, version = version + 1 WHERE account_id IN {MINE}",
    f"DELETE FROM room WHERE id IN {PRIVATE}",
    "DELETE FROM account WHERE learner_id = :learner",
    "DELETE FROM learner WHERE id = :learner",
)


def unchanged(act: Joined | Parted) -> Step:
    """Conflict where a memory of either learner is not the one that was read."""
    return UNCHANGED, {"giver": act.giver, "taker": act.taker, "seen": act.seen}, Conflict


def steps(act: Joined | Parted | Forgotten) -> Iterator[Step]:
    """The statements of it, after the rows of the same commit."""
    return STEPS[type(act)](act)


def joined(act: Joined) -> Iterator[Step]:
    given = {**_keys(act.giver, act.taker), "version": act.version}
    yield from ((sql, given, None) for sql in (DAILIES, *BROADCASTS))
    for sql in (*_taken("account"), *_taken("ask"), *(one for name in KEYED for one in _taken(name, *KEYED[name]))):
        yield sql, given, None
    for name in OWN:
        yield f"DELETE FROM {name} WHERE learner_id = :giver", given, None
    yield from ((sql, given, None) for sql in (SNOOZES, NO_DAILY, CODES))
    yield NO_MORE, given, Conflict


def parted(act: Parted) -> Iterator[Step]:
    given = {**_keys(act.giver, act.taker), "account": act.account_id}
    yield ACCOUNT, given, Conflict
    yield from ((sql, given, None) for sql in PARTED)


def forgotten(act: Forgotten) -> Iterator[Step]:
    keys = {"learner": act.learner, "of_daily": f"daily:{act.learner}", "of_snooze": f"snooze:{act.learner}:"}
    yield from ((sql, keys, None) for sql in FORGOTTEN)


def _keys(giver: int, taker: int) -> dict[str, Any]:
    snoozes = {"of_snooze": f"snooze:{giver}:", "to_snooze": f"snooze:{taker}:"}
    dailies = {"of_daily": f"daily:{giver}", "to_daily": f"daily:{taker}"}
    return {"giver": giver, "taker": taker, "of_own": f":{giver}", "to_own": f":{taker}", **dailies, **snoozes}


def _taken(name: str, *key: str) -> tuple[str, ...]:
    """The giver's rows of a table become the taker's, but for those of a key that the taker has."""
    move = f"UPDATE {name} SET learner_id = :taker WHERE learner_id = :giver"
    if not key:
        return (move,)
    same = " AND ".join(f"had.{part} = {name}.{part}" for part in key)
    had = f"SELECT 1 FROM {name} had WHERE had.learner_id = :taker AND {same}"
    return f"DELETE FROM {name} WHERE learner_id = :giver AND EXISTS ({had})", move


STEPS: Mapping[type, Callable[[Any], Iterator[Step]]] = {Joined: joined, Parted: parted, Forgotten: forgotten}
