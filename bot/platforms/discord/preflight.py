"""What the bot may do in its channels, asked of Discord without listening: for who runs it."""

import asyncio
from collections.abc import Iterator, Sequence

import discord
from discord import DiscordException, LoginFailure, Permissions
from discord.utils import oauth_url

from bot.platforms.discord.client import Client
from bot.platforms.discord.faults import WIRE
from bot.platforms.discord.raw import Raw
from bot.platforms.proxy import connector
from bot.ports.chat import Need

LOOK_S = 20.0
NAMES: dict[Need, str] = {
    "see": "View Channel",
    "say": "Send Messages",
    "picture": "Attach Files",
    "thread": "Create Public Threads",
    "talk": "Send Messages in Threads",
}
WANTED = Permissions(
    view_channel=True,
    send_messages=True,
    attach_files=True,
    create_public_threads=True,
    send_messages_in_threads=True,
)
Finding = tuple[bool, str]  # whether it is well, and a sentence


def lacking(allowed: Permissions) -> tuple[Need, ...]:
    """What of all that the bot needs it is not allowed, the most needful first."""
    needs: dict[Need, bool] = {
        "see": allowed.view_channel,
        "say": allowed.send_messages,
        "picture": allowed.attach_files or not allowed.send_messages,  # taken away with it, and given back with it
        "thread": allowed.create_public_threads,
        "talk": allowed.send_messages_in_threads,
    }
    return tuple(need for need, given in needs.items() if not given)


def invitation(app: int | None) -> str:
    """The address at which who manages a server adds the bot to it, with all that it needs there."""
    return oauth_url(app or "", permissions=WANTED, scopes=("bot", "applications.commands"))


async def preflight(token: str, api_url: str, proxy: str | None, rooms: Sequence[tuple[str, str]]) -> list[Finding]:
    """The bot's own account, and what it lacks in each of the channels (native id and name)."""
    async with Client(_deaf, api_url=api_url, gateway=None, connector=connector(proxy)) as client:
        try:
            async with asyncio.timeout(LOOK_S):
                await client.login(token)
                name = "" if client.user is None else client.user.name
                return [(True, f"Discord, bot {name}, by {api_url}"), *[await _looked(client, room) for room in rooms]]
        except LoginFailure:
            return [(False, "Discord does not know this token: take a new one in the Developer Portal, under Bot")]
        except WIRE as error:
            return [(False, f"Discord is not reached: {type(error).__name__}")]


async def _deaf(_raw: Raw) -> None:
    """Nothing is listened to."""


async def _looked(client: Client, room: tuple[str, str]) -> Finding:
    native, title = room
    try:
        lacks = lacking(await _allowed(client, int(native)))
    except (DiscordException, *WIRE) as error:
        reason = getattr(error, "code", type(error).__name__)
        return False, f"Discord, {title}: the bot does not get in there ({reason})"
    if not lacks:
        return True, f"Discord, {title}: nothing is missing"
    return not {"see", "say"} & set(lacks), f"Discord, {title}: allow {', '.join(_named(lacks))}"


async def _allowed(client: Client, channel_id: int) -> Permissions:
    """What the bot may do in a channel."""
    found = await client.fetch_channel(channel_id)
    if not isinstance(found, discord.abc.GuildChannel) or client.user is None:
        return Permissions.none()
    guild = await client.fetch_guild(found.guild.id)
    channel = await guild.fetch_channel(channel_id)
    return channel.permissions_for(await guild.fetch_member(client.user.id))


def _named(lacks: Sequence[Need]) -> Iterator[str]:
    return (NAMES[need] for need in lacks)
