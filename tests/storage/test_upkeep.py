"""The nightly work on a database: the day's copy, old rows gone, counters that are what the answers say."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.ports.changes import Changes, Count
from bot.ports.people import LinkCode, WrongCode
from bot.ports.post import Arrival
from bot.storage.backup import copies
from bot.storage.faults import StorageError
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.upkeep import COPIES_KEPT, copied, expired, miscounted
from tests.storage import world

NOW = datetime(2026, 11, 25, 3, 20, tzinfo=UTC)


def test_copies_are_kept_a_week(database: Path) -> None:
    """Each day has its copy, made anew when asked twice; the oldest go."""
    for day in range(COPIES_KEPT + 3):
        copied(database, NOW + timedelta(days=day))
    copied(database, NOW + timedelta(days=COPIES_KEPT + 2))
    kept = sorted(path.name[-10:] for path in database.parent.glob("*.daily-*"))

    assert kept == [f"{NOW + timedelta(days=day):%Y-%m-%d}" for day in range(3, COPIES_KEPT + 3)]


def test_no_copy_is_kept_for_longer_than_a_month(database: Path) -> None:
    """Who is forgotten is forgotten in the copies too: those made before a migration go as the daily ones do."""
    for name in ("daily-2026-10-26", "daily-2026-10-27", "before-0001", "before-0002", "before-x", "daily-x", "else"):
        database.with_name(f"{database.name}.{name}").touch()
    for name, days in (("before-0001", 31), ("before-0002", 29)):
        made = (NOW - timedelta(days=days)).timestamp()
        os.utime(database.with_name(f"{database.name}.{name}"), (made, made))
    copied(database, NOW)

    assert [(copy.name.removeprefix(f"{database.name}."), copy.made) for copy in copies(database)] == [
        ("daily-2026-11-25", date(2026, 11, 25)),
        ("daily-2026-10-27", date(2026, 10, 27)),
        ("before-0002", date(2026, 10, 27)),
    ]
    assert {"studybot.db.before-x", "studybot.db.daily-x"} <= {path.name for path in database.parent.iterdir()}


def test_what_a_killed_copy_left_goes(database: Path) -> None:
    """With the next one: it would be named to nobody and kept for ever."""
    left = ("daily-2026-11-20.part", "daily-2026-11-20.part-journal", "before-0001.part")
    for name in (*left, "mine.part"):
        database.with_name(f"{database.name}.{name}").touch()
    copied(database, NOW)

    assert sorted(path.name for path in database.parent.glob("*.part*")) == [f"{database.name}.mine.part"]


def test_a_copy_of_nothing(tmp_path: Path) -> None:
    """Where there is no database it is said, and nothing is made."""
    with pytest.raises(StorageError, match="no database"):
        copied(tmp_path / "none.db", NOW)

    assert list(tmp_path.iterdir()) == []


async def test_what_was_set_aside_goes_after_a_month(database: Path) -> None:
    """What could not be handled is kept for who looks for the reason; what is still owed stays for ever."""
    storage = await SqliteStorage.open(database)
    post = Outbox(storage)
    old = NOW - timedelta(days=31)
    await post.take_in(
        [Arrival("telegram:1", "telegram", "7", "{}", old), Arrival("telegram:2", "telegram", "7", "{}", old)]
    )
    for _ in range(3):
        await post.failed("telegram:1")
    gone = expired(database, NOW)
    left = await post.owed("telegram")
    await storage.close()

    assert (gone, [arrival.id for arrival in left]) == (1, ["telegram:2"])


async def test_codes_go_after_a_day(storage: SqliteStorage, database: Path) -> None:
    """Codes that link accounts, and wrong ones, are looked at for ten minutes only."""
    old, new = NOW - timedelta(days=2), NOW - timedelta(minutes=1)
    codes = (LinkCode(world.ACCOUNT, "digest", old), WrongCode(1, None, old), WrongCode(2, world.ACCOUNT, new))
    await storage.commit(Changes(inserts=codes))

    assert [expired(database, NOW), expired(database, NOW)] == [2, 0]


async def test_counters_are_held_against_the_answers(storage: SqliteStorage, database: Path) -> None:
    """One that lacks an answer is found; one that says more counts answers of somebody who was forgotten."""
    await storage.commit(world.answered(0))
    found = [miscounted(database)]
    for by in (5, -6):
        await storage.commit(Changes(counts=(Count(world.revision(0).id, "right", by),)))
        found.append(miscounted(database))

    assert found == [0, 0, 1]


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """In plain words, as everywhere."""
    path = tmp_path / "broken.db"
    path.write_bytes(b"no database at all" * 100)

    with pytest.raises(StorageError):
        miscounted(path)


def test_the_world_is_closed(database: Path) -> None:
    """The work leaves no connection open behind it."""
    miscounted(database)
    expired(database, NOW)
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        connection.execute("BEGIN EXCLUSIVE")

    assert True
