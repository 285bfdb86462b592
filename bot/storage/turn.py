"""Storage for the handling of one Incoming: the newest commit is held back, to go together with the answer."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.ports.rows import Changes, Learner

Given = ParamSpec("Given")
Result = TypeVar("Result")
NOTHING = Changes()


class Engine(Protocol):
    """A database as the store uses it: one read on one snapshot, one commit."""

    async def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result: ...

    async def commit(self, changes: Changes) -> None: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Held:
    """An engine that commits only when something else is asked of it, or at ``settle``."""

    engine: Engine
    pending: Changes | None = None
    learner: Learner | None = None

    async def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        await self.settle(NOTHING)
        return await self.engine.read(query, *args, **kwargs)

    async def commit(self, changes: Changes) -> None:
        await self.settle(NOTHING)
        self.pending = changes
        for row in (*changes.inserts, *changes.updates):
            if isinstance(row, Learner):
                self.learner = row

    async def settle(self, more: Changes) -> None:
        held, self.pending = self.pending, None
        changes = more if held is None else held + more
        if changes != NOTHING:
            await self.engine.commit(changes)

    async def close(self) -> None:
        await self.engine.close()
