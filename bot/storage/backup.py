"""Copies of a database, made while it is in use."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot.ports.people import Copy
from bot.storage.faults import LOCKED, Corrupt, Exists, Locked, NotAFile, StorageError, plainly

BUSY_SECONDS = 10.0
DAILY = "daily"  # "studybot.db.daily-2026-11-24": of upkeep.py
BEFORE = "before"  # "studybot.db.before-0003": of migrate.py
PRIVATE = 0o600  # what learners wrote is read by the file's owner alone
COPY = re.compile(rf"{DAILY}-(\d{{4}}-\d{{2}}-\d{{2}})|{BEFORE}-\d+")


def opened(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection to a file that is there: none is made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=busy_seconds, isolation_level=None)


def copies(path: Path) -> tuple[Copy, ...]:
    """What upkeep.py and migrate.py have copied beside a database, newest first."""
    found = (part for part in path.parent.glob(f"{path.name}.*") if part.is_file())
    dated = (Copy(part.name, made) for part in found if (made := copied_on(path, part)) is not None)
    return tuple(sorted(dated, key=lambda copy: (copy.made, copy.name), reverse=True))


def copied_on(path: Path, part: Path) -> date | None:
    """The day of a copy; None for a file that is none."""
    found = COPY.fullmatch(part.name.removeprefix(f"{path.name}."))
    if found is None:
        return None
    return date.fromisoformat(found[1]) if found[1] else datetime.fromtimestamp(part.stat().st_mtime, UTC).date()


def tidied(path: Path) -> None:
    """Takes away what a copy beside the database left that was killed: nobody is told of it, and it grows old."""
    for kind in (DAILY, BEFORE):
        for left in path.parent.glob(f"{path.name}.{kind}-*.part*"):
            left.unlink()


def used_bytes(path: Path) -> int:
    """The size of a database, with what waits in its write-ahead log."""
    return sum(part.stat().st_size for part in (path, log(path)) if part.exists())


def log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def backup(path: Path, target: Path, *, overwrite: bool = False, busy_seconds: float = BUSY_SECONDS) -> None:
    """Copies the database to ``target``: whole and checked, or not at all, while others read and write it.

    Exists unless ``overwrite``; Locked where another process keeps it to itself for longer than ``busy_seconds``;
    StorageError for whatever else is in the way, which names the file that it is about.
    """
    if not path.is_file():
        raise StorageError(f"{path}: there is no database to back up.")
    if target.is_dir():
        raise NotAFile(f"{target}: a folder; name a file in it.")
    if target.exists() and (target.samefile(path) or not overwrite):
        raise Exists(f"{target}: is there already; choose another name, or replace it with --overwrite.")
    copy(path, target, busy_seconds=busy_seconds)


def copy(path: Path, target: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
    """Copies beside the target first, checks and syncs that, then renames it; an old target stays until then."""
    part = target.with_name(f"{target.name}.part")
    with plainly(target):
        part.unlink(missing_ok=True)
        try:
            fill(path, part, busy_seconds)
            shutil.copymode(path, part)
            sync(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync(target.parent)


def fill(path: Path, part: Path, busy_seconds: float) -> None:
    part.touch(mode=PRIVATE)
    with closing(sqlite3.connect(part, isolation_level=None)) as made:
        with closing(readable(path, busy_seconds)) as source:
            source.backup(made, progress=partial(unlocked, path))
        with plainly(path):  # damage was in what was copied
            ((found,),) = made.execute("PRAGMA integrity_check(1)")
        made.execute("PRAGMA journal_mode = DELETE")  # one file: a copy has no log beside it
    if found != "ok":
        raise Corrupt(f"{path}: damaged ({found}); no copy was made. Restore an older backup.")


def readable(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """A connection to a file that was read from: what is wrong with it is told here."""
    with plainly(path):
        connection = opened(path, busy_seconds)
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema")
        except BaseException:
            connection.close()
            raise
    return connection


def unlocked(path: Path, status: int, left: int, total: int) -> None:  # noqa: ARG001 - as sqlite3 calls it
    """Locked where a step of the copy had to give up: sqlite3 itself would try for ever."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise Locked(LOCKED[1].format(path=path))


def sync(path: Path) -> None:
    """Waits until a file, or a folder's list of names, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders, and keeps their names by itself
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
