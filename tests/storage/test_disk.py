"""Disks that are full or may not be written: nothing is lost, and the sentence says what to do."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ports.changes import Changes
from bot.storage.backup import backup
from bot.storage.doctor import checks
from bot.storage.faults import DiskFull, ReadOnly
from bot.storage.migrate import migrate, version
from bot.storage.sqlite import SqliteStorage
from tests.storage import world
from tests.storage.conftest import seal
from tests.storage.later import add

VAST = 10**15


def fill(disk: Path, left: int) -> Path:
    """Fills a disk but for so many bytes; remove the file that is returned to have them back."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(disk).free - left))
    return ballast


async def test_full_inside_a_group_commit(small_disk: Path) -> None:
    """No room for what three learners commit together: none is acknowledged, none is stored, and later all go on."""
    path = small_disk / "studybot.db"
    migrate(path)
    storage = await SqliteStorage.open(path)
    await storage.commit(world.people())
    await storage.commit(world.contents())
    ballast = fill(small_disk, left=40_000)
    vast = replace(world.answer(1), texts=("x" * 100_000,))
    changes = (world.answered(0), Changes(inserts=(vast,)), world.answered(2))

    results = await asyncio.gather(*map(storage.commit, changes), return_exceptions=True)
    stored = await storage.read(answers)
    ballast.unlink()
    await asyncio.gather(*map(storage.commit, changes))

    assert [type(result) for result in results] == [DiskFull] * 3
    assert [stored, await storage.read(answers)] == [0, 3]
    await storage.close()


def answers(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM answer").fetchone()[0])


async def test_full_at_the_end(small_disk: Path) -> None:
    """Closing on a full disk loses nothing: what does not fit into the file stays in its log."""
    path = small_disk / "studybot.db"
    migrate(path)
    storage = await SqliteStorage.open(path)
    await storage.commit(world.people())
    await storage.commit(world.contents())
    vast = replace(world.answer(1), texts=("x" * 100_000,))
    await storage.commit(Changes(inserts=(vast,)))
    ballast = fill(small_disk, left=0)
    with pytest.raises(DiskFull):
        await storage.close()
    ballast.unlink()

    with closing(sqlite3.connect(path)) as connection:
        assert answers(connection) == 1


def test_full_inside_a_migration(small_disk: Path, later: Path) -> None:
    """A disk that fills in the midst of a migration ends it: the old schema and every row are there."""
    path = small_disk / "studybot.db"
    migrate(path)
    filler = "x" * 1000
    with closing(sqlite3.connect(path)) as connection, connection:
        rooms = [(n, f"{n}{filler}") for n in range(100)]
        connection.executemany("INSERT INTO room (id, platform, native, created_at) VALUES (?, 't', ?, 0)", rooms)
    doubled = "INSERT INTO room (id, platform, native, created_at) SELECT id + 1000, id, native, 0 FROM room"
    add(later, "0009", "0008", more=f"op.execute('{doubled}')")
    ballast = fill(small_disk, left=300_000)

    with pytest.raises(DiskFull, match="the disk is full"):
        migrate(path, migrations=later, free=lambda _: VAST)
    ballast.unlink()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM room").fetchall() == [(100,)]
    assert version(path) == "0008"


def test_full_inside_a_backup(small_disk: Path, database: Path) -> None:
    """A copy that does not fit leaves no half of it, and the copy before stays."""
    target = small_disk / "copy.db"
    target.write_text("precious")
    ballast = fill(small_disk, left=20_000)

    with pytest.raises(DiskFull):
        backup(database, target, overwrite=True)
    assert sorted(path.name for path in small_disk.iterdir()) == ["ballast", "copy.db"]
    assert target.read_text() == "precious"
    ballast.unlink()


def test_a_sealed_folder(sealed: Path, database: Path) -> None:
    """A folder that may not be written is told before anything is tried."""
    with pytest.raises(ReadOnly, match="may not be written; check owner and permissions"):
        migrate(sealed / "studybot.db")
    with pytest.raises(ReadOnly, match="may not be written; check owner and permissions"):
        migrate(sealed / "sub" / "studybot.db")
    with pytest.raises(ReadOnly, match="may not be written; check owner and permissions"):
        backup(database, sealed / "copy.db")


async def test_full_before_it_is_opened(small_disk: Path) -> None:
    """Not a byte is left for the index of the log: the disk is full, and the doctor names it as what is wrong."""
    path = small_disk / "studybot.db"
    migrate(path)
    ballast = fill(small_disk, left=0)
    with pytest.raises(DiskFull) as raised:
        await SqliteStorage.open(path)
    wrong = [check.name for check in checks(path) if not check.ok]
    ballast.unlink()

    assert raised.value.exit_code == 73
    assert wrong == ["disk", "database"]


def test_a_sealed_source(small_disk: Path, tmp_path: Path) -> None:
    """A database in a folder that may not be written cannot be read either, for its log: that is said."""
    path = small_disk / "studybot.db"
    migrate(path)
    seal(small_disk)

    with pytest.raises(ReadOnly) as raised:
        backup(path, tmp_path / "copy.db")
    assert str(raised.value) == f"{path}: the file or its folder may not be written; check owner and permissions."
    assert list(tmp_path.glob("copy*")) == []
