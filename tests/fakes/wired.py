"""The adapter for Telegram at one end of a real wire, the Bot API on loopback at the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.prompt import Quote, Text
from bot.platforms.platform import Command
from bot.platforms.telegram.telegram import Telegram as Adapter
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.fakes.clock import Frozen
from tests.fakes.telegram import Telegram as Server
from tests.fakes.telegram_chats import Chat, Seen

READER = Reader("en", "written")
COMMANDS = [Command(name, Text(f"command.{name}"), Text(f"command.{name}.about")) for name in ("study", "help")]
Answers = Callable[[Incoming], Awaitable[tuple[Reply, ...]]]


class Ended(Exception):  # noqa: N818 - what it says
    """Ends the tasks of a wire."""


def text(words: str, **more: Any) -> Reply:
    return Reply((Quote(words),), **more)


async def echo(incoming: Incoming) -> tuple[Reply, ...]:
    return (text(f"heard {incoming.words}"),)


@dataclass(slots=True)
class Wired:
    """A running adapter: ``answers`` is its core, ``heard`` all that came to it."""

    server: Server
    adapter: Adapter
    post: Outbox
    clock: Frozen
    answers: Answers
    heard: list[Incoming] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Said:
        self.heard.append(incoming)
        return Said(await self.answers(incoming), READER)

    async def seen(self, chat: Chat, count: int = 1) -> list[Seen]:
        """The bot's messages in a chat that are not taken away, as soon as there are so many."""
        found = await self.server.until(lambda: _said(chat) if len(_said(chat)) >= count else [])
        await self.quiet()
        return _said(chat) or found

    async def quiet(self) -> None:
        """Returns when nothing is on its way."""
        while self._stirs():  # noqa: ASYNC110 - no one event says so
            await asyncio.sleep(0.005)

    def _stirs(self) -> bool:
        listener = self.adapter.listener
        if listener is None or self.adapter.busy or self.post.engine.busy:
            return True
        return bool(self.server.world.updates or listener.intake.queues)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call.params for call in self.server.log if call.method == method]


def _said(chat: Chat) -> list[Seen]:
    messages = [message for message in chat.messages.values() if message.author is None and not message.deleted]
    shown = {one.id: one for person in chat.world.people.values() for one in chat.seen(person)}
    return [shown[message.id] for message in messages if message.id in shown]


@asynccontextmanager
async def wired(folder: Path, answers: Answers = echo, *, server: Server | None = None) -> AsyncIterator[Wired]:
    """The adapter, listening; a server that is given goes on running afterwards."""
    path, clock = folder / "post.db", Frozen()
    await asyncio.to_thread(migrate, path)
    engine = await SqliteStorage.open(path, synchronous="NORMAL")
    running = server or Server(clock.now)
    if server is None:
        await running.start()
    try:
        async with tasks() as start:
            made = _made(running, engine, clock, answers, start)
            start(made.adapter.run())
            yield made
    finally:
        if server is None:
            await running.stop()
        await engine.close()


Start = Callable[[Coroutine[Any, Any, None]], object]


def _made(server: Server, engine: SqliteStorage, clock: Frozen, answers: Answers, start: Start) -> Wired:
    post = Outbox(engine)

    async def handle(incoming: Incoming) -> Said:
        return await made.handle(incoming)

    adapter = Adapter(
        token=server.token,
        api_url=server.url,
        proxy=None,
        commands=COMMANDS,
        handle=handle,
        post=post,
        clock=clock,
        start=start,
    )
    made = Wired(server, adapter, post, clock, answers)
    return made


@asynccontextmanager
async def tasks() -> AsyncIterator[Start]:
    """A group whose tasks end with the block."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group.create_task
            _end()
    except* Ended:
        pass


def _end() -> None:
    raise Ended
