"""Every fault of a database at the start or beside another process: its sentence, its exit code, nothing lost."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.storage.faults import Locked, ReadOnly, StorageError
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from tests.storage import world
from tests.storage.conftest import seal
from tests.storage.later import add

ROOT = Path(world.__file__).parents[2]
PAGE_BYTES = 4096
HOLD = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another process that holds the database until the end of the ``with``."""
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield
        other.communicate()


def truncated(path: Path) -> None:
    """Cut off in the middle, as a copy that was interrupted."""
    path.write_bytes(path.read_bytes()[: 10 * PAGE_BYTES])


def garbled(path: Path) -> None:
    """A page of the schema overwritten; the file's head is that of a database."""
    content = bytearray(path.read_bytes())
    content[100:PAGE_BYTES] = b"\xa5" * (PAGE_BYTES - 100)
    path.write_bytes(content)


def text(path: Path) -> None:
    path.write_text("These are my notes.\n" * 1000)


def strange(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (id INTEGER)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "code"), [(truncated, 65), (garbled, 65), (text, 65), (strange, 65), (folder, 66), (newer, 78)]
)
def test_each_fault_is_one_sentence(database: Path, spoil: Callable[[Path], None], code: int) -> None:
    """A start on a spoilt file ends with one line that names it, its own exit code, and every byte as it was."""
    spoil(database)
    before = database.read_bytes() if database.is_file() else None
    with pytest.raises(StorageError) as caught:
        migrate(database)
    after = database.read_bytes() if database.is_file() else None

    assert caught.value.exit_code == code
    assert str(caught.value).startswith(f"{database}: ")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert before == after


def test_damage_behind_the_schema(database: Path, later: Path) -> None:
    """Damage among the rows is found when the copy is made: the migration is not begun."""
    content = bytearray(database.read_bytes())
    content[5 * PAGE_BYTES : 9 * PAGE_BYTES] = b"\xa5" * (4 * PAGE_BYTES)
    database.write_bytes(content)
    add(later, "0009", "0008")

    with pytest.raises(StorageError, match="damaged") as caught:
        migrate(database, migrations=later)
    assert caught.value.exit_code == 65
    assert database.read_bytes() == content


def test_a_disk_that_became_read_only(small_disk: Path) -> None:
    """A database that is current, on a disk that may no longer be written, is told at the start."""
    path = small_disk / "studybot.db"
    migrate(path)
    seal(small_disk)

    with pytest.raises(ReadOnly, match="may not be written") as caught:
        migrate(path)
    assert caught.value.exit_code == 77


async def test_another_process_holds_it(storage: SqliteStorage, database: Path, later: Path) -> None:
    """A lock of a real other process fails a commit and a migration alike; reading goes on, and later all does."""
    add(later, "0009", "0008")
    with held(database):
        with pytest.raises(Locked) as committing:
            await storage.commit(world.answered(0))
        with pytest.raises(Locked) as migrating:
            migrate(database, migrations=later, lock_seconds=0.1)
        during = await storage.read(answers)
    await storage.commit(world.answered(0))

    assert [committing.value.exit_code, migrating.value.exit_code] == [75, 75]
    assert [during, await storage.read(answers)] == [0, 1]


def answers(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM answer").fetchone()[0])


async def test_two_processes_write(database: Path) -> None:
    """An import beside the running bot: both commit, each waits for the other, nothing of either is lost."""
    storage = await SqliteStorage.open(database, busy_seconds=60)
    await storage.commit(world.people())
    await storage.commit(world.contents())
    command = (sys.executable, "-m", "tests.storage.writer", str(database), "0")
    other = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT)
    assert other.stdout is not None
    acknowledged = [int(await other.stdout.readline())]
    await asyncio.gather(*(storage.commit(world.answered(each)) for each in range(3)))
    acknowledged += [int(await other.stdout.readline()) for _ in range(6)]
    other.kill()
    await other.communicate()
    stored = await storage.read(ids)
    await storage.close()

    assert {400, 401, 402, *acknowledged} <= stored


def ids(connection: sqlite3.Connection) -> set[int]:
    return {id_ for (id_,) in connection.execute("SELECT id FROM answer")}
