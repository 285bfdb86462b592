"""Brings a database file to the newest schema: under a lock, with a copy made before, all or nothing."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

import bot
from bot.storage.backup import BEFORE, PRIVATE, copy, opened, tidied, used_bytes
from bot.storage.faults import Corrupt, DiskFull, Locked, Newer, NotAFile, ReadOnly, fault, plainly

if TYPE_CHECKING:
    import sqlalchemy

LOCK_SECONDS = 10.0
COPIES_KEPT = 2
PRIVATE_FOLDER = 0o700
ROOM = 1.2  # times the database's size must be free before a copy is made


def shipped(name: str) -> Path:
    """A folder that comes with the program: in the package (installed) or beside it (a checkout)."""
    package = Path(bot.__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def migrate(
    path: Path,
    *,
    migrations: Path | None = None,
    lock_seconds: float = LOCK_SECONDS,
    free: Callable[[Path], int] = free_bytes,
) -> bool:
    """Makes the file current, and there if it is not; True where anything was done.

    StorageError says in one sentence why not, and then nothing was changed. Alembic is imported only where
    there is something to do.
    """
    migrations = migrations or shipped("migrations")
    with plainly(path):
        prepare(path)
        if current(path, migrations):
            return False
        with locked(path, lock_seconds):
            if current(path, migrations):  # another process did it meanwhile
                return False
            kept = keep(path, known(migrations)[-1], free)
            upgrade(path, migrations, lock_seconds, kept)
    return True


def prepare(path: Path) -> None:
    """Makes folder and file, for their owner alone; refuses what can be no database, or one that cannot be written."""
    if path.is_dir():
        raise NotAFile(f"{path}: a folder; name a file in it.")
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise ReadOnly(f"{place}: may not be written; check owner and permissions.")
    path.touch(mode=PRIVATE)  # SQLite gives its log, and we give every copy, the rights of the file


def known(migrations: Path) -> tuple[str, ...]:
    """The schema versions that this program knows, oldest first: what the migrations' file names begin with."""
    found = migrations.joinpath("versions").glob("[0-9]*.py")
    return tuple(sorted(path.name.partition("_")[0] for path in found))


def current(path: Path, migrations: Path) -> bool:
    """Whether the file has the newest schema; Newer, Corrupt."""
    versions, found = known(migrations), version(path)
    if found is not None and found not in versions:
        raise Newer(f"{path}: a later version of the program wrote this database (schema {found}); install that one.")
    return found == versions[-1]


def version(path: Path) -> str | None:
    """The schema version of a file; None for one that is empty or missing. Corrupt for another program's database."""
    if not path.exists() or not path.stat().st_size:
        return None
    with closing(opened(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise Corrupt(f"{path}: a database, but none of this program; choose another file.")
        ((found,),) = connection.execute("SELECT version_num FROM alembic_version")
        return str(found)


def locked(path: Path, seconds: float) -> AbstractContextManager[object]:
    """The lock of who migrates, held until the end of the ``with``; Locked when another process keeps it."""
    try:
        return filelock.FileLock(f"{path}.lock").acquire(timeout=seconds)
    except filelock.Timeout as error:
        raise Locked(f"{path}: another process is migrating the database; wait until it is done.") from error


def keep(path: Path, target: str, free: Callable[[Path], int]) -> Path | None:
    """The copy of a database that holds anything, made before it is changed; DiskFull when there is too little room."""
    if version(path) is None:
        return None
    tidied(path)
    needed = int(used_bytes(path) * ROOM)
    if free(path.parent) < needed:
        raise DiskFull(f"{path}: a copy is made before the schema changes; free {needed:,} bytes, then start again.")
    prefix = f"{path.name}.{BEFORE}-"
    made = path.with_name(prefix + target)
    copy(path, made)
    kept = sorted(found for found in path.parent.iterdir() if found.name.startswith(prefix))
    for old in kept[:-COPIES_KEPT]:
        old.unlink()
    return made


def upgrade(path: Path, migrations: Path, busy_seconds: float, kept: Path | None) -> None:
    """Runs what is missing, in one transaction; Corrupt where the schema is not what its version says."""
    import sqlalchemy  # noqa: PLC0415 - 20 MB that a start with a current schema does without
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - the same

    engine = sqlalchemy.create_engine(
        "sqlite://", creator=lambda: writable(path, busy_seconds), poolclass=sqlalchemy.NullPool
    )
    # The driver begins no transaction before DDL, so we do: a migration is whole or was never there.
    sqlalchemy.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            apply(connection, migrations)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise Corrupt(f"{path}: the new schema does not fit what is stored; nothing was changed.")
    except DBAPIError as error:
        stays = "" if kept is None else f", and {kept} is a copy made before"
        sentence = f"{path}: its schema could not be brought up to date ({error.orig}); nothing was changed{stays}."
        raise fault(error.orig or error, path) or Corrupt(sentence) from error


def apply(connection: "sqlalchemy.Connection", migrations: Path) -> None:
    from alembic import command  # noqa: PLC0415 - see upgrade
    from alembic.config import Config  # noqa: PLC0415 - see upgrade

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    command.upgrade(config, "head")


def writable(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """A connection for the migration: foreign keys are checked at its end, for tables may be rebuilt."""
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection
