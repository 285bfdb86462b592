"""All that waits for one connection goes to its thread in one call."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import aiosqlite

from bot.storage.faults import Closed

Job = TypeVar("Job")


class Came(NamedTuple):
    """What became of one job: a value or an error."""

    value: Any = None
    error: BaseException | None = None


class Lane(Generic[Job]):
    """Jobs for one connection: what is asked while its thread is busy, or in one turn of the loop, goes together.

    ``batch`` runs on the connection's thread and returns one ``Came`` a job. A waiter that is cancelled is no
    longer told; its job and those of the others run as if it were there.
    """

    def __init__(
        self,
        connection: aiosqlite.Connection,
        batch: Callable[[sqlite3.Connection, list[Job]], list[Came]],
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._waiting: list[tuple[Job, asyncio.Future[Any]]] = []
        self._done: asyncio.Future[list[Came]] | None = None  # of the batch that is under way or about to start
        self._closed = False

    @property
    def busy(self) -> bool:
        return self._done is not None

    async def ask(self, job: Job) -> Any:
        """What ``batch`` made of the job; raises its error. Closed after ``close``."""
        if self._closed:
            raise Closed("the database was closed")
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((job, told))
        if self._done is None:
            self._done = loop.create_future()
            loop.call_soon(self._start, self._done)  # not at once: the others of this turn come along
        return await told

    async def close(self) -> None:
        """Takes no more jobs; returns when those that were asked are done."""
        self._closed = True
        while self._done is not None:
            await asyncio.wait({self._done})

    def _start(self, done: asyncio.Future[list[Came]]) -> None:
        taken, self._waiting = self._waiting, []
        jobs = [job for job, _ in taken]
        done.add_done_callback(lambda done: self._finish(taken, done))
        # The one line behind aiosqlite's back: its public calls are one thread hop a statement, and its
        # ``_execute`` is a coroutine that stops with its waiter. Pinned in pyproject, tested in test_lane.py.
        self._connection._tx.put_nowait((done, lambda: self._batch(self._connection._conn, jobs)))  # noqa: SLF001

    def _finish(self, taken: list[tuple[Job, asyncio.Future[Any]]], done: asyncio.Future[list[Came]]) -> None:
        failed = done.exception()
        results = done.result() if failed is None else [Came(error=failed)] * len(taken)
        for (_, told), came in zip(taken, results, strict=True):
            tell(told, came)
        self._done = asyncio.get_running_loop().create_future() if self._waiting else None
        if self._done is not None:
            self._start(self._done)


def tell(told: asyncio.Future[Any], came: Came) -> None:
    if told.done():  # cancelled meanwhile
        return
    if came.error is None:
        told.set_result(came.value)
    elif isinstance(came.error, StopIteration):  # a future refuses it, and the rest of the batch would wait for ever
        told.set_exception(RuntimeError("a query asked an iterator for more than it had"))
    else:
        told.set_exception(came.error)
