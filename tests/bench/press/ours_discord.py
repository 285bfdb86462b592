"""Our program on Discord before a press: the whole of it, from the gateway to the changed message."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.commands import ANSWERS
from bot.platforms.discord.discord import Discord
from bot.storage.outbox import Outbox
from tests.bench.answers import Core

TOKEN = "a.bench.token"


async def ready(url: str, database: Path) -> Coroutine[Any, Any, None]:
    """Inbox, grading, memory, one commit on disk, the drawn verdict."""
    core = await Core.opened(database, platforms={"discord"})
    tasks: set[asyncio.Task[None]] = set()

    def start(work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    discord = Discord(
        token=TOKEN,
        api_url=f"{url}/api/v10",
        gateway_url=None,
        proxy=None,
        commands=(),
        answers=ANSWERS,
        handle=core.router.handle,
        post=Outbox(core.engine),
        clock=SystemClock(),
        start=start,
    )
    return discord.run()
