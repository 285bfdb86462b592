"""Our program before a press: the whole of it, from the inbox to the edited message."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.platforms.telegram.telegram import Telegram
from bot.storage.outbox import Outbox
from tests.bench.answers import Core

TOKEN = "1:bench"


async def ready(url: str, database: Path) -> Coroutine[Any, Any, None]:
    """Inbox, grading, memory, one commit on disk, the drawn verdict; without the limiter, which the others lack."""
    core = await Core.opened(database, platforms={"telegram"})
    tasks: set[asyncio.Task[None]] = set()

    def start(work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    telegram = Telegram(TOKEN, url, None, (), core.router.handle, Outbox(core.engine), SystemClock(), start)
    telegram.limiter.turn = free  # type: ignore[method-assign] # see above
    return telegram.run()


async def free(*_: object, **__: object) -> None:
    """No waiting for Telegram's limits."""
