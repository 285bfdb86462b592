"""The adapter for Discord at one end of a real wire, its API and its gateway on loopback at the other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.prompt import Text
from bot.platforms.discord.discord import Discord as Adapter
from bot.platforms.platform import Command, Handle
from bot.ports.chat import Answers as Answered
from bot.ports.chat import Incoming, Said
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.fakes.clock import Hands
from tests.fakes.discord import Discord as Server
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import Interaction
from tests.fakes.discord_messages import Seen
from tests.fakes.discord_people import Person
from tests.fakes.wired import READER, Answers, Start, echo, tasks


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that are offered, and how each action is answered."""

    commands: Sequence[Command]
    answers: Mapping[str, Answered]


MENU = Menu(
    (
        Command("study", Text("command.study"), Text("command.study.about"), takes=Text("command.pause.takes")),
        Command("help", Text("command.help"), Text("command.help.about")),
    ),
    {"/study": "private", "/help": "room", "a": "edit", "n": "edit", "form": "form"},
)


@dataclass(slots=True)
class Wired:
    """A running adapter: ``answers`` stands for its core, unless it has a whole one; ``heard`` is all that came to it.

    Its clock is the server's too, and stands until it is moved.
    """

    server: Server
    adapter: Adapter
    engine: SqliteStorage
    post: Outbox
    clock: Hands
    answers: Answers = echo
    core: Handle | None = None
    heard: list[Incoming] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Said:
        self.heard.append(incoming)
        if self.core is not None:
            return await self.core(incoming)
        return Said(await self.answers(incoming), READER)

    async def quiet(self, *, passing: timedelta = timedelta()) -> None:
        """Returns when all that happened came to the adapter, and nothing is on its way; so much passes a look."""
        looks = 0
        async with asyncio.timeout(TIRED_S):
            while looks < LOOKS:
                await asyncio.sleep(PAUSE_S)
                self.clock.pass_by(passing)
                looks = 0 if self._under_way() else looks + 1

    async def until(self, predicate: Callable[[], object]) -> None:
        """Returns when something is so that nobody tells of."""
        async with asyncio.timeout(TIRED_S):
            while not predicate():  # noqa: ASYNC110 - as above
                await asyncio.sleep(PAUSE_S)

    def _under_way(self) -> bool:
        return self.adapter.busy or self.engine.busy or not self._all_told()

    def _all_told(self) -> bool:
        """Whether the adapter has heard every event of every shard's session."""
        told = [len(one.events) for one in self.server.world.sessions.all.values() if one.connection]
        heard = [shard._parent.ws.sequence for shard in self.adapter.client.shards.values()]
        return bool(told) and told == heard

    async def seen(self, person: Person, channel: Channel | None = None) -> list[Seen]:
        """The bot's messages that a person has before them, when nothing is on its way."""
        await self.quiet()
        return [one for one in (channel or person.dm).seen(person) if not one.by]

    async def done(self, asked: Interaction | None) -> int:
        """The sort of the first answer to what somebody did, when nothing is on its way."""
        assert asked is not None
        await self.quiet()
        return asked.answered

    def calls(self, route: str) -> list[dict[str, Any]]:
        return [call.body for call in self.server.calls(route)]


LOOKS, PAUSE_S, TIRED_S = 3, 0.004, 10


@asynccontextmanager
async def wired(
    folder: Path,
    answers: Answers = echo,
    *,
    server: Server | None = None,
    clock: Hands | None = None,
    menu: Menu = MENU,
) -> AsyncIterator[Wired]:
    """The adapter, listening; a server that is given goes on running afterwards."""
    async with built(folder, server=server, clock=clock, menu=menu) as made:
        made.answers = answers
        made.adapter.start(made.adapter.run())
        await made.server.until(made.adapter._connected.is_set)
        await made.quiet()
        yield made
        await made.adapter.leave()


@asynccontextmanager
async def built(
    folder: Path, *, server: Server | None = None, clock: Hands | None = None, menu: Menu = MENU
) -> AsyncIterator[Wired]:
    """The same before it listens."""
    path, time = folder / "post.db", clock or Hands()
    await asyncio.to_thread(migrate, path)
    engine = await SqliteStorage.open(path, synchronous="NORMAL")
    running = server or Server(time.now)
    if server is None:
        await running.start()
    try:
        async with tasks() as start:
            yield _made(running, engine, time, menu, start)
    finally:
        if server is None:
            await running.stop()
        await engine.close()


def _made(server: Server, engine: SqliteStorage, clock: Hands, menu: Menu, start: Start) -> Wired:
    post = Outbox(engine)

    async def handle(incoming: Incoming) -> Said:
        return await made.handle(incoming)

    adapter = Adapter(
        token=server.token,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
        proxy=None,
        commands=menu.commands,
        answers=menu.answers,
        handle=handle,
        post=post,
        clock=clock,
        start=start,
    )
    made = Wired(server, adapter, engine, post, clock)
    return made
