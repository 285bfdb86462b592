"""Storage for the handling of one Incoming: what is committed is held back, to go together with the answer."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.question import LearnerId
from bot.ports.changes import Changes
from bot.ports.people import Copy
from bot.ports.rows import Learner

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Engine(Protocol):
    """A database as the store uses it: one read on one snapshot, of what is or of what would be; one commit."""

    async def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result: ...

    async def foresee(
        self,
        batches: Sequence[Changes],
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result: ...

    async def commit(self, *batches: Changes) -> None: ...

    async def scrub(self) -> bool: ...

    async def emptied(self) -> bool: ...

    def copies(self) -> tuple[Copy, ...]: ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Held:
    """An engine that commits at ``settle`` only; until then it reads as if it had.

    Were a part committed before, and the program killed then, the arrival would be handled again and find its own
    work done: somebody's answer would be called an old one, and its verdict never told.

    What is held back stays in its order: each was decided on what the one before it had made.
    """

    engine: Engine
    pending: tuple[Changes, ...] = ()
    learner: Learner | None = None
    known: dict[LearnerId, int] = field(default_factory=dict)

    async def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        if not self.pending:
            return await self.engine.read(query, *args, **kwargs)
        held, self.pending = self.pending, ()
        found = await self.engine.foresee(held, query, *args, **kwargs)
        self.pending = held  # where it could not have been committed, nothing is left to commit again
        return found

    async def foresee(
        self,
        batches: Sequence[Changes],
        query: Callable[Concatenate[sqlite3.Connection, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        return await self.engine.foresee((*self.pending, *batches), query, *args, **kwargs)

    async def commit(self, *batches: Changes) -> None:
        self.pending += tuple(filter(None, batches))
        for row in (row for changes in batches for row in (*changes.inserts, *changes.updates)):
            if isinstance(row, Learner):
                self.learner = row

    def knows(self, learner: Learner) -> None:
        """What is held back was decided on this row: it is the same when all is committed."""
        if not self.pending:  # else it may be of the turn's own making
            self.known.setdefault(learner.id, learner.version)

    async def settle(self, more: Changes) -> None:
        batches, self.pending = (*self.pending, more), ()
        if any(batches):
            await self.engine.commit(Changes(known=self.known), *batches)

    async def scrub(self) -> bool:
        return await self.engine.scrub()

    async def emptied(self) -> bool:
        return await self.engine.emptied()

    def copies(self) -> tuple[Copy, ...]:
        return self.engine.copies()

    async def close(self) -> None:
        await self.engine.close()
