"""Group commit on SQLite: who fails alone, who fails together, and what is on disk then."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.question import QuestionId
from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.storage.faults import Closed, Corrupt, DiskFull, Locked, StorageError
from bot.storage.sqlite import SqliteStorage
from tests.storage import world


async def together(*jobs: Coroutine[Any, Any, object]) -> list[object]:
    """What became of each: what it returned, or its error."""
    return [*await asyncio.gather(*jobs, return_exceptions=True)]


def number(table: str) -> Callable[[sqlite3.Connection], int]:
    def query(connection: sqlite3.Connection) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a test's own word

    return query


def setting(name: str) -> Callable[[sqlite3.Connection], object]:
    def query(connection: sqlite3.Connection) -> object:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    return query


async def statements(storage: SqliteStorage) -> list[str]:
    """A list that fills with every statement the writing connection runs."""
    seen: list[str] = []
    await storage._writer.set_trace_callback(seen.append)
    return seen


async def test_what_refers_to_nothing_is_a_conflict(storage: SqliteStorage) -> None:
    """A row of a learner who has become one with another since: whoever wrote it loads again and decides again."""
    with pytest.raises(Conflict):
        await storage.commit(Changes(inserts=(replace(world.answer(2), question_id=QuestionId(9999)),)))


async def test_one_transaction_for_all(storage: SqliteStorage) -> None:
    """Commits that wait together share one BEGIN and one COMMIT, each in a savepoint of its own."""
    seen = await statements(storage)
    await together(*(storage.commit(world.answered(each)) for each in range(3)))

    assert [seen.count(word) for word in ("BEGIN IMMEDIATE", "SAVEPOINT member", "COMMIT")] == [1, 3, 1]


async def test_members_fail_alone(storage: SqliteStorage) -> None:
    """Done before, in conflict, or simply wrong: a member leaves nothing, and its neighbours are committed."""
    stranger = replace(world.answer(2), rating=5)
    results = await together(
        storage.commit(world.answered(0)),
        storage.commit(Changes(inserts=(world.answer(1), world.answer(0)))),
        storage.commit(Changes(inserts=(world.answer(1),), updates=(world.memory(1, version=5),))),
        storage.commit(Changes(inserts=(world.answer(1), stranger))),
        storage.commit(world.answered(2)),
    )

    assert [type(result) for result in results] == [
        type(None),
        AlreadyDone,
        Conflict,
        sqlite3.IntegrityError,
        type(None),
    ]
    assert await storage.read(number("answer")) == 2


async def test_wrong_records_are_refused_before(storage: SqliteStorage) -> None:
    """What is no record, and a change of what never changes, is a bug that comes through at once."""
    with pytest.raises(TypeError, match="no record of a table"):
        await storage.commit(Changes(inserts=("an answer",)))
    with pytest.raises(TypeError, match="has no version"):
        await storage.commit(Changes(updates=(world.answer(0),)))


async def test_values_keep_their_types(storage: SqliteStorage) -> None:
    """The tables are STRICT: a text in a column of numbers is refused, not stored."""
    wrong: Any = "three"

    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        await storage.commit(Changes(inserts=(replace(world.answer(0), rating=wrong),)))


async def test_checks_are_bugs(storage: SqliteStorage) -> None:
    """A value out of its range is no AlreadyDone: it comes through."""
    with pytest.raises(sqlite3.IntegrityError, match="answer_rating"):
        await storage.commit(Changes(inserts=(replace(world.answer(0), rating=5),)))


async def test_counts_are_counted(storage: SqliteStorage) -> None:
    """Counters of many commits at once add up, none conflicts."""
    await together(*(storage.commit(Changes(counts=(world.count(0, by=by),))) for by in (1, 2, 3, -1)))

    def counted(connection: sqlite3.Connection) -> list[tuple[int, str, int]]:
        return connection.execute("SELECT revision_id, name, n FROM item_count").fetchall()

    assert await storage.read(counted) == [(200, "right", 5)]


async def test_cancelled_waiter(storage: SqliteStorage) -> None:
    """A waiter that is cancelled does not disturb those whose transaction it shared."""
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(storage.commit(world.answered(0)))
        second = tasks.create_task(storage.commit(world.answered(1)))
        third = tasks.create_task(storage.read(number("question")))
        tasks.create_task(cancelled(first))

    assert first.cancelled()
    assert second.exception() is None
    assert third.result() == 3
    assert await storage.read(number("answer")) == 2


async def cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()


async def test_reads_fail_alone(storage: SqliteStorage) -> None:
    """An error in one query comes to the one who asked it."""

    def wrong(connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT n FROM nothing").fetchone()[0])

    results = await asyncio.gather(storage.read(number("question")), storage.read(wrong), return_exceptions=True)

    assert results[0] == 3
    assert isinstance(results[1], sqlite3.OperationalError)


async def test_reads_see_one_snapshot(storage: SqliteStorage) -> None:
    """Two statements of one query see the same, whatever another process commits in between."""

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        before = number("room")(connection)
        with closing(sqlite3.connect(storage._path)) as other, other:
            other.execute("INSERT INTO room (id, platform, native, created_at) VALUES (77, 'x', 'y', 0)")
        return before, number("room")(connection)

    assert await storage.read(twice) == (1, 1)
    assert await storage.read(number("room")) == 2


async def test_reads_cannot_write(storage: SqliteStorage) -> None:
    """A query that writes is refused."""

    def write(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM place")

    with pytest.raises(StorageError):
        await storage.read(write)
    assert await storage.read(number("place")) == 1


async def test_disk_full_inside_a_group(storage: SqliteStorage) -> None:
    """SQLite says FULL in the midst of a group: every member fails, nothing of any is kept, and later it goes on."""
    pages = await (await storage._writer.execute("PRAGMA page_count")).fetchone()
    assert pages is not None
    await storage._writer.execute(f"PRAGMA max_page_count = {pages[0] + 2}")
    vast = replace(world.answer(1), texts=("x" * 100_000,))

    results = await together(
        storage.commit(world.answered(0)),
        storage.commit(Changes(inserts=(vast,))),
        storage.commit(world.answered(2)),
    )

    assert [type(result) for result in results] == [DiskFull] * 3
    assert len({id(result) for result in results}) == 3
    assert await storage.read(number("answer")) == 0
    await storage._writer.execute("PRAGMA max_page_count = 1000000")
    await storage.commit(world.answered(0))
    assert await storage.read(number("answer")) == 1


async def test_commits_wait_for_a_scrub(storage: SqliteStorage) -> None:
    """What is committed while the file is written anew, or its log is emptied, comes after and is kept."""
    results = await together(storage.emptied(), storage.commit(world.answered(0)))
    results += await together(storage.scrub(), *(storage.commit(world.answered(each)) for each in (1, 2)))

    assert results == [True, None, True, None, None]
    assert await storage.read(number("answer")) == 3


async def test_commit_that_fails_at_its_end(storage: SqliteStorage) -> None:
    """An error of COMMIT itself fails every member, and the next commit begins anew."""

    def refuse(action: int, what: str | None, *_: object) -> int:
        return sqlite3.SQLITE_DENY if (action, what) == (sqlite3.SQLITE_TRANSACTION, "COMMIT") else sqlite3.SQLITE_OK

    await storage._writer.set_authorizer(refuse)
    results = await together(storage.commit(world.answered(0)), storage.commit(world.answered(1)))
    await storage._writer.set_authorizer(None)

    assert [type(result) for result in results] == [StorageError] * 2
    assert await storage.read(number("answer")) == 0
    await storage.commit(world.answered(0))
    assert await storage.read(number("answer")) == 1


async def test_another_process_holds_the_lock(storage: SqliteStorage, database: Path) -> None:
    """Waits as long as it is told, then says who is in the way; once the lock is free all goes on."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        results = await together(storage.commit(world.answered(0)), storage.commit(world.answered(1)))
        other.execute("ROLLBACK")
    await storage.commit(world.answered(0))

    assert [type(result) for result in results] == [Locked] * 2
    assert str(results[0]) == f"{database}: another process holds the database; wait until it is done, then try again."


async def test_survives_power_loss(database: Path) -> None:
    """By default each commit is synced to the disk, and the file is guarded as the design says."""
    storage = await SqliteStorage.open(database)
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    found = [await (await storage._writer.execute(f"PRAGMA {name}")).fetchone() for name in names]
    reading = await storage.read(setting("query_only"))
    await storage.close()

    assert found == [("wal",), (2,), (1,), (1,), (10_000,)]
    assert reading == 1


async def test_relaxed_where_told(database: Path) -> None:
    """``NORMAL`` leaves the sync to the checkpoints."""
    storage = await SqliteStorage.open(database, synchronous="NORMAL")
    found = await (await storage._writer.execute("PRAGMA synchronous")).fetchone()
    await storage.close()

    assert found == (1,)


async def test_close_folds_the_log_in(database: Path) -> None:
    """After closing, the file alone has everything, what was asked just before too; nothing more is taken."""
    storage = await SqliteStorage.open(database)
    await together(storage.commit(world.people()), storage.commit(world.contents()), storage.close())

    assert [path.name for path in sorted(database.parent.iterdir()) if "-wal" in path.name] == []
    with closing(sqlite3.connect(database)) as connection:
        assert number("question")(connection) == 3
    with pytest.raises(Closed):
        await storage.commit(world.answered(0))
    with pytest.raises(Closed):
        await storage.read(number("answer"))


async def test_close_beside_a_reader(database: Path) -> None:
    """Another process that reads does not hold up the end."""
    storage = await SqliteStorage.open(database)
    await storage.commit(world.people())
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        number("room")(other)
        await storage.close()

        assert number("learner")(other) == 1


async def test_open_refuses_what_is_no_database(tmp_path: Path) -> None:
    """A file of something else, and a path that cannot be, are told in a sentence."""
    wrong = tmp_path / "notes.txt"
    wrong.write_text("These are my notes.\n" * 100)

    with pytest.raises(Corrupt, match=r"notes\.txt: damaged, or no database of this program"):
        await SqliteStorage.open(wrong)
    with pytest.raises(StorageError, match="cannot be opened"):
        await SqliteStorage.open(tmp_path / "missing" / "x.db")
