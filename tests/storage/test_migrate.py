"""Bringing a file to the newest schema, and everything that can be in the way."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import faults
from bot.storage.backup import backup
from bot.storage.faults import Corrupt, DiskFull, Locked, Newer, NotAFile, StorageError
from bot.storage.migrate import migrate, version
from tests.storage.later import add


@pytest.fixture
def filled(database: Path) -> Path:
    """A database with something in it, of which the log still holds a part."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO room (id, platform, native, created_at) VALUES (1, 'terminal', 'tty', 0)")
    return database


def rooms(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, native FROM room").fetchall()


def names(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir() if found.is_file())


def test_a_fresh_file(tmp_path: Path) -> None:
    """The folder and the file are made, without a copy of nothing; a second time there is nothing to do."""
    path = tmp_path / "a" / "b" / "studybot.db"

    assert version(path) is None
    assert migrate(path) is True
    assert migrate(path) is False
    assert version(path) == "0008"
    assert set(names(path)) <= {"studybot.db", "studybot.db.lock"}


def test_what_is_made_is_its_owners_alone(tmp_path: Path, later: Path) -> None:
    """The folder, the file, its log, and the copies of it; a folder that was there stays as it is."""
    path = tmp_path / "a" / "studybot.db"
    migrate(path)
    add(later, "0009", "0008")
    migrate(path, migrations=later)
    backup(path, tmp_path / "copy.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM room")
        rights = {one.name: one.stat().st_mode & 0o777 for one in (path.parent, *path.parent.iterdir())}
    names = ("a", "studybot.db", "studybot.db-wal", "studybot.db-shm", "studybot.db.before-0009")

    assert [rights[name] for name in names] == [0o700, *[0o600] * 4]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_fresh_file_that_cannot_be_made(tmp_path: Path, later: Path) -> None:
    """Where there was nothing to copy none is named."""
    add(later, "0009", "0008", more="op.execute('INSERT INTO nowhere VALUES (1)')")

    with pytest.raises(Corrupt, match=r"no such table: nowhere\); nothing was changed\.$"):
        migrate(tmp_path / "studybot.db", migrations=later)


def test_an_empty_file_is_fresh(tmp_path: Path) -> None:
    """A file of no bytes, and one that SQLite made without a table, become databases."""
    nothing, bare = tmp_path / "nothing.db", tmp_path / "bare.db"
    nothing.touch()
    with closing(sqlite3.connect(bare)) as connection:
        connection.execute("PRAGMA user_version = 1")

    assert [migrate(nothing), migrate(bare)] == [True, True]
    assert not [name for name in names(bare) if "before" in name]


def test_a_copy_is_made_before(filled: Path, later: Path) -> None:
    """Before the schema changes the database is copied, with all that was in it; the rows are there afterwards."""
    add(later, "0009", "0008")

    assert migrate(filled, migrations=later) is True
    copy = filled.with_name("studybot.db.before-0009")
    assert (version(filled), rooms(filled)) == ("0009", [(1, "tty")])
    assert (version(copy), rooms(copy)) == ("0008", [(1, "tty")])


def test_two_copies_are_kept(filled: Path, later: Path) -> None:
    """The third copy takes the place of the first."""
    for number, before in (("0009", "0008"), ("0010", "0009"), ("0011", "0010")):
        add(later, number, before)
        migrate(filled, migrations=later)

    assert [name for name in names(filled) if "before" in name] == [
        "studybot.db.before-0010",
        "studybot.db.before-0011",
    ]


def test_no_room_for_a_copy(filled: Path, later: Path) -> None:
    """With less than 1.2 times its size free nothing is begun; with that much it is."""
    add(later, "0009", "0008")
    size = filled.stat().st_size

    with pytest.raises(DiskFull, match=r"a copy is made before the schema changes; free [\d,]+ bytes"):
        migrate(filled, migrations=later, free=lambda _: int(size * 1.2) - 1)
    assert version(filled) == "0008"
    assert migrate(filled, migrations=later, free=lambda _: int(size * 1.2)) is True


def test_a_failing_migration_leaves_nothing(filled: Path, later: Path) -> None:
    """A migration that fails in its second step leaves the schema and the rows as they were; mended, it runs."""
    add(later, "0009", "0008", more="op.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(Corrupt) as raised:
        migrate(filled, migrations=later)
    before = (version(filled), rooms(filled), columns(filled))
    add(later, "0009", "0008")

    assert str(raised.value) == (
        f"{filled}: its schema could not be brought up to date (no such table: nowhere); nothing was changed, "
        f"and {filled}.before-0009 is a copy made before."
    )
    assert before == (
        "0008",
        [(1, "tty")],
        ["account_id", "created_at", "gone_at", "id", "native", "platform", "title", "version"],
    )
    assert migrate(filled, migrations=later) is True


def columns(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(row[1] for row in connection.execute("PRAGMA table_info(room)"))


def test_a_migration_that_loses_a_reference(filled: Path, later: Path) -> None:
    """A migration after which a row points to nothing is taken back."""
    orphan = "INSERT INTO account VALUES (1, 99, 'terminal', 'x', 0)"
    add(later, "0009", "0008", more=f'op.execute("{orphan}")')

    with pytest.raises(Corrupt, match="does not fit what is stored; nothing was changed"):
        migrate(filled, migrations=later)
    assert version(filled) == "0008"


def test_a_newer_database(filled: Path, later: Path) -> None:
    """A database that a later program wrote is not touched."""
    add(later, "0009", "0008")
    migrate(filled, migrations=later)
    bytes_before = filled.read_bytes()

    with pytest.raises(Newer, match=r"a later version of the program wrote this database \(schema 0009\)"):
        migrate(filled)
    assert filled.read_bytes() == bytes_before


def test_a_corrupt_file(tmp_path: Path) -> None:
    """Bytes that are no database are told as that, and stay."""
    path = tmp_path / "studybot.db"
    path.write_bytes(os.urandom(8192))
    bytes_before = path.read_bytes()

    with pytest.raises(Corrupt, match="damaged, or no database of this program"):
        migrate(path)
    assert path.read_bytes() == bytes_before


def test_another_program_s_database(tmp_path: Path) -> None:
    """A database with other tables is not made ours."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (id INTEGER)")

    with pytest.raises(Corrupt, match="a database, but none of this program"):
        migrate(path)


def test_a_folder(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(NotAFile, match="a folder; name a file in it"):
        migrate(tmp_path)


def test_a_path_through_a_file(tmp_path: Path) -> None:
    """A path whose folder is a file is told in a sentence too."""
    tmp_path.joinpath("file").touch()

    with pytest.raises(StorageError, match="studybot"):
        migrate(tmp_path / "file" / "studybot.db")


def test_another_process_migrates(tmp_path: Path) -> None:
    """While another process migrates this one waits, then says who is in the way."""
    path = tmp_path / "studybot.db"
    hold = (
        "import filelock, sys\n"
        "with filelock.FileLock(sys.argv[1]):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", hold, f"{path}.lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match="another process is migrating"):
            migrate(path, lock_seconds=0.1)
        other.communicate()

    assert migrate(path) is True


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    """After migrating, and after failing to, another process may."""
    path = tmp_path / "studybot.db"
    migrate(path)
    path.unlink()

    assert migrate(path, lock_seconds=0) is True


def test_the_database_is_locked(filled: Path, later: Path) -> None:
    """A process that writes meanwhile is told as what it is; nothing changes."""
    add(later, "0009", "0008")
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked, match="another process holds the database"):
            migrate(filled, migrations=later, lock_seconds=0.1)

    assert version(filled) == "0008"


def test_alembic_stays_away_when_current(database: Path) -> None:
    """A start with a current schema imports neither Alembic nor SQLAlchemy."""
    code = (
        "import sys, pathlib\n"
        "from bot.storage.migrate import migrate\n"
        "import bot.storage.sqlite\n"
        "print(migrate(pathlib.Path(sys.argv[1])), sorted({'alembic', 'sqlalchemy'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code, str(database)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own

    assert run.stdout == "False []\n"


def test_exit_codes_are_different() -> None:
    """Each family ends the program with a code of its own, below those of the shell and signals."""
    families: list[type[StorageError]] = [StorageError, *StorageError.__subclasses__()]
    codes = [family.exit_code for family in families]

    assert len(set(codes)) == len(families)
    assert all(64 <= code <= 78 for code in codes)


def test_a_bug_stays_a_bug(tmp_path: Path) -> None:
    """What is no fault of the disk or the file comes through as it is."""
    with pytest.raises(sqlite3.OperationalError, match="syntax error"), faults.plainly(tmp_path):
        sqlite3.connect(":memory:").execute("SELEKT")
