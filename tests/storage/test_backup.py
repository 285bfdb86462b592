"""Copies of a database in use, and what the doctor says of one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.prompt import Text
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.post import Arrival, Outgoing
from bot.storage.backup import backup, unlocked
from bot.storage.doctor import LOOSE, checks, size
from bot.storage.faults import Corrupt, Exists, Locked, NotAFile, ReadOnly, StorageError
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.storage import world
from tests.storage.conftest import seal


async def test_a_running_bot_is_copied_whole(storage: SqliteStorage, database: Path, tmp_path: Path) -> None:
    """What was committed is in the copy, also what still waits in the log; the copy is one file, and works."""
    await storage.commit(world.answered(0))
    target = tmp_path / "copies" / "monday.db"
    target.parent.mkdir()
    backup(database, target)
    copied = await SqliteStorage.open(target)
    answers = await copied.read(lambda connection: connection.execute("SELECT id FROM answer").fetchall())
    await copied.close()

    assert answers == [(400,)]
    assert [path.name for path in target.parent.iterdir()] == ["monday.db"]


def test_what_is_there_stays(database: Path, tmp_path: Path) -> None:
    """A file that is there is replaced only where that is said, and the database itself never."""
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(Exists, match=r"is there already; .* with --overwrite"):
        backup(database, target)
    kept = target.read_text()
    backup(database, target, overwrite=True)

    assert kept == "precious"
    assert target.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(Exists):
        backup(database, database, overwrite=True)


def test_a_damaged_database_replaces_no_copy(database: Path, tmp_path: Path) -> None:
    """Where the copy does not stand the check, the old copy stays and no half one is left."""
    target = tmp_path / "copy.db"
    backup(database, target)
    before = target.read_bytes()
    damage(database)

    with pytest.raises(Corrupt):
        backup(database, target, overwrite=True)
    assert target.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def damage(database: Path) -> None:
    """Overwrites a page in the middle of the file, as a bad disk would."""
    with database.open("r+b") as file:
        for page in range(5, 9):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_database_that_is_kept_locked(database: Path, tmp_path: Path, mode: str) -> None:
    """A process that keeps the database to itself is waited for as long as is said, not for ever."""
    target = tmp_path / "copy.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Locked, match=r"studybot\.db: another process"):
            backup(database, target, busy_seconds=0.1)

    assert not target.exists()


def test_a_lock_in_the_midst_of_a_copy() -> None:
    """A step that met a lock ends the copy; any other goes on."""
    unlocked(Path("studybot.db"), sqlite3.SQLITE_OK, 1, 2)
    with pytest.raises(Locked):
        unlocked(Path("studybot.db"), sqlite3.SQLITE_BUSY, 1, 2)


@pytest.mark.parametrize("size", [0, 4096])
def test_a_fault_of_the_source_is_told_of_the_source(database: Path, tmp_path: Path, size: int) -> None:
    """What is damaged is named, not where the copy was to stand."""
    content = bytearray(database.read_bytes())
    content[size:] = b"\xa5" * (len(content) - size)
    database.write_bytes(content)
    with pytest.raises(Corrupt, match=r"studybot\.db: damaged"):
        backup(database, tmp_path / "copy.db")


def test_targets_that_cannot_be(database: Path, tmp_path: Path) -> None:
    """No database, a folder for a file, a folder that is not there: each is told."""
    with pytest.raises(StorageError, match="there is no database"):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
    with pytest.raises(NotAFile):
        backup(database, tmp_path)
    with pytest.raises(StorageError, match=r"copy\.db"):
        backup(database, tmp_path / "none" / "copy.db")
    assert not issubclass(ReadOnly, NotAFile)


def test_a_sound_database(database: Path) -> None:
    """Of a sound database everything is well, each in a sentence."""
    found = checks(database)

    assert [check.name for check in found] == ["writable", "disk", "schema", "integrity", "references", "post", "log"]
    assert all(check.ok for check in found)
    assert found[2].detail == "version 0008"


def test_a_database_that_may_not_be_written(small_disk: Path) -> None:
    """The doctor says what the next start would."""
    path = small_disk / "studybot.db"
    migrate(path)
    seal(small_disk)
    found = checks(path)

    assert (found[0].name, found[0].ok) == ("writable", False)
    assert found[0].detail == f"{small_disk} and {path} may not be written; check owner and permissions"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0.0 MB"), (409_600, "0.4 MB"), (25_000_000, "25.0 MB"), (84_600_000_000, "84.6 GB"), (10**13, "10,000.0 GB")],
)
def test_sizes_are_said_as_people_read_them(count: int, expected: str) -> None:
    """Megabytes, then gigabytes, with one digit behind the point."""
    assert expected == size(count)


def test_a_damaged_database(database: Path) -> None:
    """Damage is found and told, not raised."""
    damage(database)
    found = checks(database)

    assert not all(check.ok for check in found)
    assert any("damaged" in check.detail for check in found if not check.ok)


def test_lost_references(database: Path) -> None:
    """Rows that point to nothing are counted, those that no foreign key guards too."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO account VALUES (1, 99, 'terminal', 'me', 0)")
        connection.execute("INSERT INTO question_set VALUES (1, 'c', '', '', '', '', 0, '', 0, 1)")
        connection.execute(
            "INSERT INTO question VALUES (1, 1, 77, 'single', '', '', NULL, 1, 1, '[]', 'live', '[]', 1)"
        )
    found = {check.name: check for check in checks(database)}

    assert found["references"].ok is False
    assert found["references"].detail == "2 point to nothing"
    assert len(LOOSE) == 2


def test_no_database_yet(tmp_path: Path) -> None:
    """Before the first start there is nothing to complain of."""
    (check,) = checks(tmp_path / "studybot.db")

    assert check.ok
    assert "not there yet" in check.detail


def test_no_database_at_all(tmp_path: Path) -> None:
    """A file of something else is one check that failed, in the words of the start."""
    path = tmp_path / "notes.db"
    path.write_text("notes " * 1000)
    (check,) = (found for found in checks(path) if not found.ok)

    assert "no database of this program" in check.detail


async def test_the_doctor_counts_what_waits(storage: SqliteStorage, database: Path) -> None:
    """Messages in the outbox with the oldest one's instant, and what was set aside."""
    reply, reader = Reply((Text("offer.no"),)), Reader("en", "written")
    letters = [Outgoing(key, world.ROOM, reply, reader, world.NOW) for key in ("a", "b")]
    await storage.commit(Changes(outbox={letter.key: letter for letter in letters}))
    post = Outbox(storage)
    await post.take_in([Arrival("telegram:1", "telegram", "lin", "{}", world.NOW)])
    for _ in range(3):
        await post.failed("telegram:1")
    found = {check.name: check for check in checks(database)}

    assert found["post"].ok
    since = f"the oldest for {world.NOW:%Y-%m-%d %H:%M} UTC"
    assert found["post"].detail == f"messages that wait: 2, {since}; arrivals set aside: 1"
