"""kill -9 of a real process between any two steps: what was acknowledged is there, nothing twice."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.storage.sqlite import SqliteStorage
from tests.storage import world

ROOT = Path(__file__).parents[2]


def killed(database: Path, kill: int) -> list[int]:
    """What a writer had acknowledged when it was killed: every second time before a statement, else at any moment."""
    steps = kill // 2 + 1 if kill % 2 == 0 else 0
    command = [sys.executable, "-m", "tests.storage.writer", str(database), str(steps)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:  # noqa: S603 - our own
        assert writer.stdout is not None
        first = b""
        if not steps:
            first = writer.stdout.readline()
            time.sleep(Random(kill).uniform(0, 0.03))  # noqa: S311 - any moment, of another process
            writer.kill()
        rest = writer.stdout.read()
    assert writer.returncode == -signal.SIGKILL
    return [int(line) for line in (first + rest).split(b"\n")[:-1]]


def torment(database: Path, kills: int) -> None:
    """Kills writers one after another and looks at what each left."""
    asyncio.run(seed(database))
    acknowledged: list[int] = []
    for kill in range(kills):
        acknowledged += killed(database, kill)
        with closing(sqlite3.connect(database)) as connection:
            look(connection, acknowledged)
    assert len(acknowledged) > kills


async def seed(database: Path) -> None:
    storage = await SqliteStorage.open(database)
    await storage.commit(world.people())
    await storage.commit(world.contents())
    await storage.close()


def look(connection: sqlite3.Connection, acknowledged: list[int]) -> None:
    """All that was acknowledged is stored; each answer with its ask and its count, none twice; the file is sound."""
    answers = dict(connection.execute("SELECT id, ask_id FROM answer"))
    (asks,) = connection.execute("SELECT count(*) FROM ask WHERE id > 10000").fetchone()
    (counted,) = connection.execute("SELECT coalesce(sum(n), 0) FROM item_count").fetchone()

    assert set(acknowledged) <= set(answers)
    assert len(acknowledged) == len(set(acknowledged))
    assert len(answers) == asks == counted
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_killed_between_two_steps(database: Path) -> None:
    """Twenty times."""
    torment(database, 20)


@pytest.mark.torture
def test_killed_again_and_again(database: Path) -> None:
    """Two hundred times."""
    torment(database, 200)
