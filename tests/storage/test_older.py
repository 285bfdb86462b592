"""Databases of older schemas, with something in them, as they are after their migrations."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.ports.post import Arrival
from bot.storage.migrate import migrate, version
from bot.storage.queries import post

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def older(tmp_path: Path, later: Path) -> Path:
    """A database as it was before boards were counted, and what is owed to one person had an index."""
    for path in later.joinpath("versions").glob("[0-9]*.py"):
        if path.name[:4] > "0004":
            path.unlink()
    database = tmp_path / "older.db"
    migrate(database, migrations=later)
    return database


BOARDS = """
INSERT INTO room (id, platform, native, created_at) VALUES (1, 'telegram', '-1', 0);
INSERT INTO question_set VALUES (1, 's', 's', 's', 'en', '', 0, '', 0, 1);
INSERT INTO question VALUES (1, 1, 1, 'boolean', '', '', NULL, 1, 1, '[]', 'live', '[]', 1);
INSERT INTO revision VALUES (1, 1, 'boolean', NULL, NULL, '', '', '', '', 0);
INSERT INTO ask VALUES (7, 1, 1, '[]', 1, NULL, 'group', 0), (8, 1, 1, '[]', 1, NULL, 'group', 0);
INSERT INTO board VALUES (1, '2026-11-24', 7, 5, 2, 1, 3), (1, '2026-11-25', 8, 6, 0, 0, 1);
"""


def test_what_was_told_was_counted(older: Path) -> None:
    """A question whose answer was told counts no more among the thin days; one that hangs there still will."""
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.executescript(BOARDS)
    before = version(older)

    assert (before, migrate(older)) == ("0004", True)
    with closing(sqlite3.connect(older)) as connection:
        found = connection.execute("SELECT ask_id, revealed, counted, version FROM board ORDER BY ask_id").fetchall()
    assert found == [(7, 1, 1, 3), (8, 0, 0, 1)]


def test_what_was_owed_is_owed(older: Path) -> None:
    """What arrived before and was not answered is found for its person, in its order, behind all that another sent."""
    arrivals = [Arrival(f"telegram:{number}", "telegram", who(number), "{}", NOON) for number in range(1000)]
    with closing(sqlite3.connect(older)) as connection, connection:
        post.take_in(connection, arrivals, (), ())
    migrate(older)
    with closing(sqlite3.connect(older)) as connection:
        found = post.owed_to(connection, "telegram", "wei", 2)

    assert [arrival.id for arrival in found] == ["telegram:899", "telegram:999"]


def who(number: int) -> str:
    return "wei" if number % 100 == 99 and number > 800 else "lin"
