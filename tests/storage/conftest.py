"""A database on disk, new for every test; disks that are full or sealed."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage.migrate import migrate, shipped
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


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A folder of migrations like ours, to which a test adds."""
    folder = tmp_path / "migrations"
    shutil.copytree(shipped("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount(folder, "size=1m")
    yield folder
    unmount(folder)


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Path]:
    """A folder that the system really keeps from us: by its rights, or for root by a read-only mount."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.geteuid():
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
    else:
        mount(folder, "ro,size=1m")
        yield folder
        unmount(folder)


def mount(folder: Path, options: str) -> None:
    """Mounts a file system in memory; skips the test where that is not allowed."""
    if os.geteuid() or sys.platform != "linux":
        pytest.skip("only root on Linux may mount a file system: NOT TESTED here")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    run = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - the system's own, a path of ours
    if run.returncode:
        pytest.skip(f"this machine mounts nothing: NOT TESTED here ({run.stderr.decode().strip()})")


def unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 - the system's own, a path of ours


def seal(disk: Path) -> None:
    """From now on a mounted disk may only be read."""
    command = ["mount", "-o", "remount,ro", str(disk)]
    subprocess.run(command, check=True)  # noqa: S603 - the system's own, a path of ours
