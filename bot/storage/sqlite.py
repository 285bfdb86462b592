"""SQLite: one connection writes, one reads, each on its thread; commits and reads that wait go together."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, Literal, NamedTuple, ParamSpec, Self, TypeVar

import aiosqlite

from bot.ports.changes import Changes
from bot.ports.people import Copy
from bot.storage.backup import copies
from bot.storage.faults import StorageError, fault, plainly
from bot.storage.lane import Came, Lane
from bot.storage.plan import plan, run
from bot.storage.tables import Reader

ENDS_S = 5.0  # what a thread that was told to end may take; it takes none
BUSY_SECONDS = 10.0  # how long to wait for another process, an import beside the running bot

Synchronous = Literal["FULL", "NORMAL"]
Given = ParamSpec("Given")
Result = TypeVar("Result")
Job = Callable[[sqlite3.Connection], Any]


class SqliteStorage:
    """A database file whose schema is current (see migrate.py).

    ``FULL``: what was acknowledged survives a power cut; ``NORMAL``: it survives the end of the program.
    """

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self.on_post: Callable[[], None] = lambda: None  # a message or a timer was committed
        self._commits: Lane[Job] = Lane(writer, partial(committed, path))
        self._reads: Lane[Job] = Lane(reader, partial(answered, path))

    @classmethod
    async def open(
        cls, path: Path | str, *, synchronous: Synchronous = "FULL", busy_seconds: float = BUSY_SECONDS
    ) -> Self:
        """Opens both connections; StorageError says what is wrong with the file."""
        path = Path(path)
        writer = await connected(partial(writing, path, synchronous, busy_seconds))
        try:
            reader = await connected(partial(reading, path, busy_seconds))
        except BaseException:
            await writer.close()
            raise
        return cls(path, writer, reader)

    @property
    def busy(self) -> bool:
        """Whether anything is being read or written."""
        return self._commits.busy or self._reads.busy

    async def close(self) -> None:
        """Waits for what was asked, moves all that was written into the file itself, and closes it."""
        await self._reads.close()
        await self._commits.close()
        await self._reader.close()
        try:
            with plainly(self._path):
                await self._writer.execute("PRAGMA busy_timeout = 0")  # no waiting for another process that reads
                await self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await self._writer.close()

    async def scrub(self) -> bool:
        """Writes the file anew, without what was deleted, and empties the log; commits wait meanwhile.

        ``secure_delete`` overwrites what a page gives up, but not what a page had where its rows were moved closer
        together: after two thousand answers of somebody who was forgotten their account's id was still in an index.
        False where another process reads: it may still be in the log.
        """
        with plainly(self._path):
            try:
                await self._writer.execute("PRAGMA temp_store = FILE")  # a whole copy is no matter for memory
                await self._writer.execute("VACUUM")
            finally:
                await self._writer.execute("PRAGMA temp_store = MEMORY")
        return await self.emptied()

    async def emptied(self) -> bool:
        """Moves what is in the log into the file, and cuts the log; False where another process reads."""
        with plainly(self._path):  # in one go: while its row is unread, no commit can begin a savepoint
            ((busy, _, _),) = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    def copies(self) -> tuple[Copy, ...]:
        """The copies that lie beside the file, newest first."""
        return copies(self._path)

    async def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """What the query returns, on one snapshot that has all that was committed before.

        The query runs on the reading connection's thread and must not keep it. Its errors come through, and
        StorageError where the file or the disk failed.
        """
        found: Result = await self._reads.ask(lambda connection: query(connection, *args, **kwargs))
        return found

    async def foresee(
        self,
        batches: Sequence[Changes],
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """What the query would return after a ``commit`` of the batches, which are not made; errors as of both."""
        steps = [step for changes in batches for step in plan(changes)]

        def seen(connection: sqlite3.Connection) -> Foreseen:
            run(connection, steps)
            return Foreseen(query(connection, *args, **kwargs))

        found: Result = await self._commits.ask(seen)
        return found

    async def commit(self, *batches: Changes) -> None:
        """All of the changes in their order or nothing, on disk when this returns.

        AlreadyDone, Conflict; StorageError when nothing could be written. Cancelled, the changes may or may
        not be committed.
        """
        steps = [step for changes in batches for step in plan(changes)]
        await self._commits.ask(lambda connection: run(connection, steps))
        if any(changes.outbox or changes.wakes for changes in batches):
            self.on_post()

    async def change(
        self,
        act: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """What ``act`` returns, which reads and writes in one; on disk when this returns, as a ``commit`` is."""
        found: Result = await self._commits.ask(lambda connection: act(connection, *args, **kwargs))
        return found


class Foreseen(NamedTuple):
    """What a member saw behind its own writes, which are taken back."""

    value: Any


async def connected(connector: Callable[[], sqlite3.Connection]) -> aiosqlite.Connection:
    connection = aiosqlite.Connection(connector, iter_chunk_size=64)
    thread = connection._thread  # noqa: SLF001 - the library has no other way to either
    thread.daemon = True  # else a program that fails before ``close`` hangs at its end
    try:
        return await connection
    except BaseException:
        thread.join(ENDS_S)  # it tells the loop that it ended, which may be closed by then
        raise


def writing(path: Path, synchronous: Synchronous, busy_seconds: float) -> sqlite3.Connection:
    return prepared(
        path,
        sqlite3.Connection,
        busy_seconds,
        (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "fullfsync = ON",
            "foreign_keys = ON",
            "secure_delete = ON",
        ),
    )


def reading(path: Path, busy_seconds: float) -> sqlite3.Connection:
    return prepared(path, Reader, busy_seconds, ("query_only = ON",))


def prepared(
    path: Path, factory: type[sqlite3.Connection], busy_seconds: float, pragmas: tuple[str, ...]
) -> sqlite3.Connection:
    """A connection without transactions of its own making; StorageError where the file cannot be used."""
    with plainly(path):
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, factory=factory, cached_statements=512
        )
        try:
            for pragma in (*pragmas, "temp_store = MEMORY", "cache_size = -8000"):  # KiB
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema")  # reads the file: only now is it known to be one
        except BaseException:
            connection.close()
            raise
    return connection


def answered(path: Path, connection: sqlite3.Connection, queries: list[Job]) -> list[Came]:
    """Every query's result or error, all on one snapshot."""
    try:
        connection.execute("BEGIN")
        return [looked(path, connection, query) for query in queries]
    except sqlite3.Error as error:
        return [Came(error=told(error, path) or error) for _ in queries]
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def looked(path: Path, connection: sqlite3.Connection, query: Job) -> Came:
    try:
        return Came(query(connection))
    except Exception as error:  # noqa: BLE001 - handed to the one who asked
        return Came(error=told(error, path) or error)


def committed(path: Path, connection: sqlite3.Connection, members: list[Job]) -> list[Came]:
    """One transaction for all; a member that fails leaves no trace, an error that ends it fails every member."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        results = [member(connection, act) for act in members]
        connection.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - handed to those who asked
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return [Came(error=ended(error, path)) for _ in members]
    return results


def member(connection: sqlite3.Connection, act: Job) -> Came:
    """One member's changes in a savepoint; raises where the transaction cannot go on."""
    connection.execute("SAVEPOINT member")
    try:
        value = act(connection)
    except Exception as error:
        if fault(error, "") or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO member")
        connection.execute("RELEASE member")
        return Came(error=error)
    if isinstance(value, Foreseen):
        connection.execute("ROLLBACK TO member")
    connection.execute("RELEASE member")
    return Came(value.value if isinstance(value, Foreseen) else value)


def told(error: Exception, path: Path) -> StorageError | None:
    """The error in plain words with what it came from, or None."""
    found = fault(error, path)
    if found is not None:
        found.__cause__ = error
    return found


def ended(error: Exception, path: Path) -> StorageError:
    """Why a transaction ended: each member gets an error of its own, for each is raised in another task."""
    found = told(error, path) or StorageError(f"{path}: the transaction could not be committed; nothing was written.")
    found.__cause__ = error
    return found
