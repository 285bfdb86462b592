"""discord.py, as it is, at the other end of the fake's wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import discord
from yarl import URL

from tests.fakes.discord import Discord

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
Asked = discord.Interaction["Client"]


class Client(discord.AutoShardedClient):
    """A client that answers nothing by itself: ``asked`` has the interactions, ``heard`` the messages of others."""

    def __init__(self, intents: discord.Intents = INTENTS) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.1)
        self.asked: asyncio.Queue[Asked] = asyncio.Queue()
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The five seconds that Discord wants between two shards are not waited for."""

    async def on_interaction(self, asked: Asked) -> None:
        await self.asked.put(asked)

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            await self.heard.put(message)

    async def hears(self, event: str) -> None:
        """Returns when the library was told of something that is about to be told."""
        await self.wait_for("socket_event_type", check=lambda told: told == event, timeout=5)

    async def next(self) -> Asked:
        """The next interaction."""
        async with asyncio.timeout(5):
            return await self.asked.get()


def data(asked: Asked) -> dict[str, Any]:
    """What an interaction carries."""
    return cast("dict[str, Any]", asked.data)


def point(server: Discord) -> None:
    """Turns the library to the fake."""
    discord.http.Route.BASE = server.api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(server.gateway_url)


@asynccontextmanager
async def connected(server: Discord, client: Client | None = None) -> AsyncIterator[Client]:
    """A client that is logged in and ready, as long as the block lasts."""
    point(server)
    running = client or Client()
    await running.login(server.token)
    listening = asyncio.create_task(running.connect())
    ready = asyncio.create_task(running.wait_until_ready())
    try:
        await asyncio.wait({listening, ready}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        if running.is_ready():
            yield running
    finally:
        ready.cancel()
        await running.close()
        await listening
