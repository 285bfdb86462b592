"""A database on disk, new for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from tests.storage import world


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of an empty database with the newest schema."""
    path = tmp_path / "studybot.db"
    migrate(path)
    return path


@pytest.fixture
async def storage(database: Path) -> AsyncIterator[SqliteStorage]:
    """An open storage with the small world in it; not synchronous, for that is not what most tests are about."""
    storage = await SqliteStorage.open(database, synchronous="NORMAL", busy_seconds=0.2)
    await storage.commit(world.people())
    await storage.commit(world.contents())
    yield storage
    await storage.close()
