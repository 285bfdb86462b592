"""The library's client: a gateway connection of as many shards as Discord wants, which hands on what it hears."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord import AutoShardedClient, Interaction, Message
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.discord.raw import Raw, of_interaction, of_message
from bot.platforms.discord.tries import trace

# For a limit within a call: the library's five tries end before the call is given up (Calls.longest_s), when nobody
# would know any more that nothing was sent. Who has to wait longer is told when to come back.
LONGEST_WAIT_S = 5.0
READY_S = 1.0  # how long the list of servers may pause before it is whole

log = structlog.get_logger()


def intents() -> discord.Intents:
    """What is heard: nothing that Discord wants to be asked for."""
    found = discord.Intents.none()
    found.guilds = found.guild_messages = found.dm_messages = True
    return found


class Client(AutoShardedClient):
    """``heard`` takes each interaction and each text to the bot, as it is kept.

    The addresses are the library's, for the whole process. ``gateway`` takes the place of what Discord names.
    """

    def __init__(
        self,
        heard: Callable[[Raw], Awaitable[None]],
        *,
        api_url: str,
        gateway: str | None,
        connector: aiohttp.BaseConnector | None,
    ) -> None:
        super().__init__(
            intents=intents(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=READY_S,
            connector=connector,
            http_trace=trace(),
        )
        self.http.max_ratelimit_timeout = LONGEST_WAIT_S  # as an argument it would be half a minute at least
        Route.BASE = api_url
        self._heard = heard
        self._gateway = None if gateway is None else yarl.URL(gateway)
        if self._gateway is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = self._gateway

    def session(self, way: aiohttp.BaseConnector) -> aiohttp.ClientSession:
        """What interactions are answered by: each call has its own fuse (Calls), and a cookie would say nothing."""
        return aiohttp.ClientSession(
            connector=way,
            connector_owner=False,
            headers={"User-Agent": self.http.user_agent},
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        await super().launch_shard(self._gateway or gateway, shard_id, initial=initial)

    async def on_interaction(self, interaction: Interaction[Any]) -> None:
        """Whatever is used, pressed or filled in."""
        if (raw := of_interaction(interaction)) is not None:
            await self._heard(raw)

    async def on_message(self, message: Message) -> None:
        me = self.user
        if me is not None and (raw := of_message(message, me.id)) is not None:
            await self._heard(raw)

    async def on_error(self, event_method: str, /, *_args: Any, **_more: Any) -> None:
        """What cannot be read is told without a word of it."""
        log.exception("event failed", event_name=event_method)  # noqa: LOG004 - called while one is handled
