"""What can be wrong with a database, each with one clear sentence and an exit code (sysexits.h's numbers)."""

# ruff: noqa: N818 - StorageError is the family; each member says what is wrong

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from bot.ports.changes import NotStored


class StorageError(NotStored):
    """The database could not be used: nothing of the failed commit was kept, nothing older was lost.

    The message is one sentence for the operator; ``exit_code`` is what the program ends with.
    """

    exit_code: ClassVar[int] = 74  # EX_IOERR: the disk or the system failed


class Corrupt(StorageError):
    """The file is damaged, or no database of this program."""

    exit_code = 65  # EX_DATAERR


class NotAFile(StorageError):
    """A folder stands where the database should be."""

    exit_code = 66  # EX_NOINPUT


class DiskFull(StorageError):
    """No room to write, or too little to keep a copy before a migration."""

    exit_code = 73  # EX_CANTCREAT


class Locked(StorageError):
    """Another process held the database for longer than the program waits."""

    exit_code = 75  # EX_TEMPFAIL


class ReadOnly(StorageError):
    """The file or its folder may not be written."""

    exit_code = 77  # EX_NOPERM


class Newer(StorageError):
    """A later version of the program wrote this database."""

    exit_code = 78  # EX_CONFIG


class Exists(StorageError):
    """The target of a backup is there already."""

    exit_code = 64  # EX_USAGE


class Closed(StorageError):
    """The storage was closed before it was asked."""

    exit_code = 70  # EX_SOFTWARE


Told = tuple[type[StorageError], str]
FULL: Told = (DiskFull, "{path}: the disk is full; free some space, nothing was lost.")
READ_ONLY: Told = (ReadOnly, "{path}: the file or its folder may not be written; check owner and permissions.")
CORRUPT: Told = (Corrupt, "{path}: damaged, or no database of this program; restore a backup or choose another file.")
LOCKED: Told = (Locked, "{path}: another process holds the database; wait until it is done, then try again.")
FAILED: Told = (StorageError, "{path}: reading or writing failed ({name}); look at the disk, nothing was lost.")
MISSING: Told = (StorageError, "{path}: cannot be opened; check that its folder exists and may be entered.")

# The primary code of an SQLite error, https://sqlite.org/rescode.html. Each of them ends the transaction.
ENDING: dict[int, Told] = {
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_NOMEM: FAILED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_INTERRUPT: FAILED,
    sqlite3.SQLITE_IOERR: FAILED,
    sqlite3.SQLITE_CORRUPT: CORRUPT,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: MISSING,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_NOTADB: CORRUPT,
}
EXTENDED: dict[int, Told] = {  # where the primary code says less
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
}


def fault(error: BaseException, path: Path | str) -> StorageError | None:
    """The error in plain words; None where it is no fault of the file, the disk or the system but a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    told = None if code is None else EXTENDED.get(code, ENDING.get(code & 0xFF))
    if told is None:
        return None
    if told is MISSING and _sealed(Path(path)):
        told = READ_ONLY
    family, sentence = told
    return family(sentence.format(path=path, name=getattr(error, "sqlite_errorname", "")))


def _sealed(path: Path) -> bool:
    """Whether the file is there, and its folder keeps SQLite from the log that it needs beside it."""
    return path.exists() and not os.access(path.parent, os.W_OK)


SYSTEM: dict[int, Told] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EROFS: READ_ONLY,
    errno.ENOENT: MISSING,
    errno.ENOTDIR: MISSING,
    errno.EEXIST: MISSING,  # a file where the folder should be
}


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turns what the disk, the system or SQLite raise about ``path`` into a StorageError; a bug comes through."""
    try:
        yield
    except OSError as error:
        family, sentence = SYSTEM.get(error.errno or 0, FAILED)
        raise family(sentence.format(path=path, name=error.strerror)) from error
    except sqlite3.Error as error:
        raise fault(error, path) or error from error
