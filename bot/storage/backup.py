"""Copies of a database, made while it is in use."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.faults import Corrupt, Exists, NotAFile, StorageError, plainly

BUSY_SECONDS = 10.0


def opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there: none is made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def used_bytes(path: Path) -> int:
    """The size of a database, with what waits in its write-ahead log."""
    return sum(part.stat().st_size for part in (path, log(path)) if part.exists())


def log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def backup(path: Path, target: Path, *, overwrite: bool = False) -> None:
    """Copies the database to ``target``: whole and checked, or not at all, while others read and write it.

    Exists unless ``overwrite``; StorageError for whatever else is in the way.
    """
    if not path.is_file():
        raise StorageError(f"{path}: there is no database to back up.")
    if target.is_dir():
        raise NotAFile(f"{target}: a folder; name a file in it.")
    if target.exists() and (target.samefile(path) or not overwrite):
        raise Exists(f"{target}: is there already; choose another name, or say that it may be replaced.")
    with plainly(target):
        copy(path, target)


def copy(path: Path, target: Path) -> None:
    """Copies beside the target first, checks and syncs that, then renames it; an old target stays until then."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        fill(path, part)
        shutil.copymode(path, part)
        sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    sync(target.parent)


def fill(path: Path, part: Path) -> None:
    with closing(opened(path)) as source, closing(sqlite3.connect(part, isolation_level=None)) as made:
        source.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")  # one file: a copy has no log beside it
        ((found,),) = made.execute("PRAGMA integrity_check(1)")
    if found != "ok":
        raise Corrupt(f"{path}: damaged ({found}); no copy was made. Restore an older backup.")


def sync(path: Path) -> None:
    """Waits until a file, or a folder's list of names, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders, and keeps their names by itself
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
