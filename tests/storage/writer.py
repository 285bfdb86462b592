"""A process of its own that commits without end and says what was acknowledged, until it is killed.

``python -m tests.storage.writer PATH STEPS``: kills itself before the statement of that number; 0: never.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from bot.domain.question import AskId
from bot.ports.changes import Changes
from bot.storage.sqlite import SqliteStorage
from tests.storage import world

TOGETHER = 3
FIRST = 10_000


async def main(path: Path, steps: int) -> None:
    storage = await SqliteStorage.open(path)
    start = await storage.read(lambda connection: connection.execute("SELECT max(id) FROM answer").fetchone()[0])
    if steps:
        await storage._writer.set_trace_callback(Fuse(steps))
    for number in count((start or FIRST) + 1, TOGETHER):
        await asyncio.gather(*(told(storage, number + each) for each in range(TOGETHER)))


async def told(storage: SqliteStorage, number: int) -> None:
    await storage.commit(answered(number))
    os.write(sys.stdout.fileno(), f"{number}\n".encode())


def answered(number: int) -> Changes:
    """A question asked and answered, and counted: rows that must come together or not at all."""
    ask, answer = world.ask(number % 3), world.answer(number % 3, id_=number)
    ask_id = AskId(number)
    return Changes(inserts=(replace(ask, id=ask_id), replace(answer, ask_id=ask_id)), counts=(world.count(number % 3),))


class Fuse:
    """Counts statements as SQLite begins them, and kills this process before the last one."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self, _: str) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
