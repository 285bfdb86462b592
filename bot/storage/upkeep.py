"""What a database needs now and then: a copy, old rows gone, counters checked. Each on a connection of its own."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from bot.storage.backup import DAILY, backup, copies, opened, tidied
from bot.storage.codec import micros
from bot.storage.faults import plainly

COPIES_KEPT = 7  # a day each
COPY_KEPT = timedelta(days=30)  # as /forgetme says
ASIDE_KEPT = timedelta(days=30)  # what could not be handled
MESSAGES_KEPT = timedelta(days=30)  # where a message is that may be edited or taken away
PUSHES_KEPT = timedelta(days=400)
CODES_KEPT = timedelta(days=1)  # they are looked at for ten minutes

OLD_ARRIVALS = "DELETE FROM inbox WHERE state = 'aside' AND at < :aside"
OLD_MESSAGES = "DELETE FROM message WHERE at < :messages"
OLD_PUSHES = "DELETE FROM push WHERE at < :pushes"
OLD_CODES = "DELETE FROM link_code WHERE until < :codes"
WRONG_CODES = "DELETE FROM wrong_code WHERE at < :codes"
OLD_RECIPIENTS = "DELETE FROM recipient WHERE at < :messages"
OLD = (OLD_ARRIVALS, OLD_MESSAGES, OLD_PUSHES, OLD_CODES, WRONG_CODES, OLD_RECIPIENTS)
MISCOUNTED = """
SELECT count(*) FROM (
  SELECT revision_id, name, sum(n) AS n FROM (
    SELECT revision_id, outcome AS name, 1 AS n FROM answer WHERE counts = 1 AND undone_by IS NULL
    UNION ALL SELECT revision_id, name, -n FROM item_count WHERE name NOT LIKE 'option:%'
  ) GROUP BY revision_id, name
) WHERE n > 0
"""


def copied(path: Path, now: datetime) -> Path:
    """The day's copy beside the database; of those only the newest are kept. StorageError where it cannot be made."""
    prefix = f"{path.name}.{DAILY}-"
    target = path.with_name(f"{prefix}{now:%Y-%m-%d}")
    with plainly(path.parent):
        tidied(path)
    backup(path, target, overwrite=True)
    with plainly(path.parent):
        daily = sorted(found for found in path.parent.glob(f"{prefix}????-??-??") if found.is_file())
        for old in daily[:-COPIES_KEPT]:
            old.unlink()
        outlived(path, now)
    return target


def outlived(path: Path, now: datetime) -> None:
    """Takes away copies of any kind that are too old: who is forgotten is forgotten in them too."""
    for old in copies(path):
        if old.made <= (now - COPY_KEPT).date():
            path.with_name(old.name).unlink()


def expired(path: Path, now: datetime) -> int:
    """Rows that nobody needs any more, taken away; how many."""
    given = {
        "aside": micros(now - ASIDE_KEPT),
        "messages": micros(now - MESSAGES_KEPT),
        "pushes": micros(now - PUSHES_KEPT),
        "codes": micros(now - CODES_KEPT),
    }
    with plainly(path), closing(opened(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        return sum(connection.execute(sql, given).rowcount for sql in OLD)


def miscounted(path: Path) -> int:
    """How many counters of questions lack answers that there are: 0, unless something is wrong.

    One that says more is right: it counts the answers of who was forgotten too.
    SQLite also learns anew how its rows are spread, by which it chooses its indexes.
    """
    with plainly(path), closing(opened(path)) as connection:
        connection.execute("PRAGMA optimize")
        return int(_one(connection, MISCOUNTED))


def _one(connection: sqlite3.Connection, sql: str) -> int:
    ((found,),) = connection.execute(sql).fetchall()
    return int(found)
