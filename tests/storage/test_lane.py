"""The lane to a connection's thread, and the private line of aiosqlite that it needs."""

import asyncio
import sqlite3
import threading
import tomllib
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import aiosqlite
import pytest

from bot.storage.faults import Closed
from bot.storage.lane import Came, Lane


class Batches:
    """A batch function that keeps what it was given, and can be held up."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.free = threading.Event()
        self.free.set()

    def __call__(self, connection: sqlite3.Connection, jobs: list[int]) -> list[Came]:
        self.seen.append(jobs)
        assert self.free.wait(5)
        if 13 in jobs:
            raise ZeroDivisionError("the batch itself failed")
        errors = {7: ValueError("seven"), 8: StopIteration()}
        return [Came(connection.execute("SELECT 10 * ?", (job,)).fetchone()[0], errors.get(job)) for job in jobs]


@pytest.fixture
def batches() -> Batches:
    return Batches()


@pytest.fixture
async def lane(batches: Batches) -> AsyncIterator[Lane[int]]:
    async with aiosqlite.connect(":memory:") as connection:
        lane = Lane(connection, batches)
        yield lane
        await lane.close()


def test_the_private_line_is_pinned() -> None:
    """The lane was written against this aiosqlite and no other: read its core.py before this number changes."""
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))["project"]
    pins = [pin for pin in project["dependencies"] if pin.startswith("aiosqlite")]

    assert version("aiosqlite") == "0.22.1"
    assert pins == ["aiosqlite==0.22.1"]


async def test_the_private_line_does_what_we_need() -> None:
    """A pair (future, function) in aiosqlite's queue runs on its thread, and the future gets the result."""
    async with aiosqlite.connect(":memory:") as connection:
        came: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        connection._tx.put_nowait((came, threading.get_ident))

        assert await came == connection._thread.ident


async def test_one_turn_one_call(lane: Lane[int], batches: Batches) -> None:
    """All that is asked in one turn of the loop goes in one call, each with its own answer."""
    values = await asyncio.gather(*(lane.ask(job) for job in range(5)))

    assert values == [0, 10, 20, 30, 40]
    assert batches.seen == [[0, 1, 2, 3, 4]]


async def test_what_waits_goes_together(lane: Lane[int], batches: Batches) -> None:
    """What is asked while the thread is busy waits, and then goes in one call."""
    batches.free.clear()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(lane.ask(0))
        await turns()
        for job in (1, 2, 3):
            tasks.create_task(lane.ask(job))
            await turns()
        batches.free.set()

    assert batches.seen == [[0], [1, 2, 3]]


async def test_an_error_is_one_job_s_own(lane: Lane[int]) -> None:
    """The error of a job is raised where it was asked; the others get their values."""
    results = await asyncio.gather(*(lane.ask(job) for job in (1, 7, 2)), return_exceptions=True)

    assert [results[0], results[2]] == [10, 20]
    assert isinstance(results[1], ValueError)


async def test_stop_iteration_stops_nobody_else(lane: Lane[int]) -> None:
    """A StopIteration, which no future takes, comes as another error, and the others get their values."""
    results = await asyncio.gather(*(lane.ask(job) for job in (8, 2)), return_exceptions=True)

    assert isinstance(results[0], RuntimeError)
    assert results[1] == 20


async def test_a_failed_batch_fails_every_job(lane: Lane[int]) -> None:
    """Where the batch function itself fails nobody waits for ever, and the next batch runs."""
    results = await asyncio.gather(lane.ask(13), lane.ask(1), return_exceptions=True)

    assert [type(result) for result in results] == [ZeroDivisionError, ZeroDivisionError]
    assert await lane.ask(1) == 10


async def test_a_cancelled_waiter_harms_nobody(lane: Lane[int], batches: Batches) -> None:
    """The job of a waiter that was cancelled still runs; the others are told."""
    batches.free.clear()
    async with asyncio.TaskGroup() as tasks:
        first, second = tasks.create_task(lane.ask(1)), tasks.create_task(lane.ask(2))
        await turns()
        first.cancel()
        await turns()
        batches.free.set()

    assert first.cancelled()
    assert second.result() == 20
    assert batches.seen == [[1, 2]]


async def test_close_waits_and_refuses(lane: Lane[int], batches: Batches) -> None:
    """Closing waits for all that was asked; what is asked later is refused."""
    batches.free.clear()
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(lane.ask(1))]
        await turns()
        asked.append(tasks.create_task(lane.ask(2)))
        closing = tasks.create_task(lane.close())
        await turns()
        batches.free.set()
        await closing

        assert [task.done() for task in asked] == [True, True]
    with pytest.raises(Closed):
        await lane.ask(3)


async def turns() -> None:
    """Lets everything that is ready run."""
    loop = asyncio.get_running_loop()
    for _ in range(5):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
