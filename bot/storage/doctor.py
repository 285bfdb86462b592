"""What can be checked about a database, for who runs the bot."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.storage.backup import log, opened, used_bytes
from bot.storage.codec import instant
from bot.storage.faults import StorageError, plainly
from bot.storage.migrate import ROOM, current, free_bytes, shipped, version

LOG_LIMIT_BYTES = 256 * 1024 * 1024  # a log that grows past this is never folded in: some process keeps reading


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, whether it is well, and a sentence with the facts."""

    name: str
    ok: bool
    detail: str


# References that no foreign key holds, because two tables refer to each other.
LOOSE = (
    "SELECT count(*) FROM question q LEFT JOIN revision r ON r.id = q.revision_id WHERE r.id IS NULL",
    "SELECT count(*) FROM answer a WHERE undone_by IS NOT NULL AND undone_by NOT IN (SELECT id FROM undo)",
)

WAITING = "SELECT count(*), min(at) FROM outbox"
ASIDE = "SELECT count(*) FROM inbox WHERE state = 'aside'"


def checks(path: Path) -> list[Check]:
    """All that is to be known of the file; raises nothing, says everything. Reads only."""
    if not path.exists():
        return [Check("database", ok=True, detail=f"{path}: not there yet; the first start makes it.")]
    found: list[Check] = []
    try:
        with plainly(path):
            found.extend(looked(path))
    except StorageError as error:
        found.append(Check("database", ok=False, detail=str(error)))
    return found


def looked(path: Path) -> Iterator[Check]:
    yield writable(path)
    yield room(path)  # on a full disk nothing below can be read
    yield schema(path)
    with closing(opened(path)) as connection:
        yield integrity(connection)
        yield references(connection)
        if current(path, shipped("migrations")):
            yield post(connection)
    yield written(path)


def schema(path: Path) -> Check:
    newest = current(path, shipped("migrations"))
    detail = f"version {version(path)}" + ("" if newest else "; the next start brings it up to date")
    return Check("schema", ok=True, detail=detail)


def writable(path: Path) -> Check:
    sealed = [str(place) for place in (path.parent, path) if not os.access(place, os.W_OK)]
    detail = (
        f"{' and '.join(sealed)} may not be written; check owner and permissions" if sealed else "file and folder are"
    )
    return Check("writable", not sealed, detail)


def integrity(connection: sqlite3.Connection) -> Check:
    faults = [fault for (fault,) in connection.execute("PRAGMA integrity_check(10)")]
    ok = faults == ["ok"]
    return Check("integrity", ok, "every page is sound" if ok else f"damaged, restore a backup: {'; '.join(faults)}")


def references(connection: sqlite3.Connection) -> Check:
    lost = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    lost += sum(connection.execute(query).fetchone()[0] for query in LOOSE)
    return Check("references", not lost, "every row's others are there" if not lost else f"{lost} point to nothing")


def post(connection: sqlite3.Connection) -> Check:
    """What waits to be sent, and what was given up; both go on by themselves."""
    (waiting, oldest), (aside,) = (connection.execute(query).fetchone() for query in (WAITING, ASIDE))
    since = "" if oldest is None else f", the oldest for {instant(oldest):%Y-%m-%d %H:%M} UTC"
    return Check("post", ok=True, detail=f"messages that wait: {waiting}{since}; arrivals set aside: {aside}")


def room(path: Path) -> Check:
    free, used = free_bytes(path.parent), used_bytes(path)
    return Check("disk", free >= used * ROOM, f"{size(free)} free, the database has {size(used)}")


def written(path: Path) -> Check:
    waiting = log(path).stat().st_size if log(path).exists() else 0
    return Check("log", waiting <= LOG_LIMIT_BYTES, f"{size(waiting)} wait to be folded into the file")


def size(count_bytes: int) -> str:
    """As a person reads it: 0.4 MB, 84.6 GB."""
    units = ((10**9, "GB"), (10**6, "MB"))
    unit, name = next((known for known in units if count_bytes >= known[0]), units[-1])
    return f"{count_bytes / unit:,.1f} {name}"


CHANNELS = """
SELECT r.native, r.title FROM room r JOIN course c ON c.room_id = r.id
WHERE r.platform = ? AND r.gone_at IS NULL AND c.hour IS NOT NULL ORDER BY r.id
"""


def channels(path: Path, platform: str) -> list[tuple[str, str]]:
    """The shared rooms of a platform that get questions: native id and title; none where that cannot be read."""
    if not path.exists():
        return []
    try:
        with plainly(path), closing(opened(path)) as connection:
            return connection.execute(CHANNELS, (platform,)).fetchall()
    except StorageError:
        return []  # its own checks say why
