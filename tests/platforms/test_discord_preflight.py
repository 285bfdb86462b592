"""What the bot may do in its channels, asked over the wire: each channel by itself, whatever another one says."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.discord.preflight import preflight
from tests.fakes.discord import Discord as Server
from tests.fakes.discord_chats import Guild
from tests.fakes.discord_rules import NO_ACCESS

CHANNEL = "GET /channels/{channel_id}"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running
    assert running.violations == []


@pytest.fixture
def school(server: Server) -> Guild:
    """A server with two channels where the bot is."""
    return server.guild("school", owner=server.person("lin"), channels=["daily", "weekly"])


async def found(server: Server, school: Guild) -> list[tuple[bool, str]]:
    rooms = [(str(one.id), one.name) for one in school.channels]
    _, *rest = await preflight(server.token, server.api_url, None, rooms)
    return rest


async def test_what_is_missing_is_named(server: Server, school: Guild) -> None:
    """By the names that Discord's settings have; nothing where all is there."""
    school.channels[0].forbids("send_messages_in_threads")

    assert await found(server, school) == [
        (True, "Discord, daily: allow Send Messages in Threads"),
        (True, "Discord, weekly: nothing is missing"),
    ]


async def test_one_channel_that_is_not_answered_for(server: Server, school: Guild) -> None:
    """The bot may not look in, or the line breaks: of the others it is told all the same."""
    server.fail(CHANNEL, NO_ACCESS)
    refused = await found(server, school)
    server.drop(CHANNEL, times=2)  # aiohttp asks once more
    broken = await found(server, school)

    assert refused == [
        (False, "Discord, daily: the bot does not get in there (50001)"),
        (True, "Discord, weekly: nothing is missing"),
    ]
    assert broken == [
        (False, "Discord, daily: the bot does not get in there (ServerDisconnectedError)"),
        (True, "Discord, weekly: nothing is missing"),
    ]


async def test_a_channel_of_an_unknown_sort(server: Server, school: Guild) -> None:
    """The library cannot read what Discord adds later."""
    school.channels[0].odd = 99

    assert await found(server, school) == [
        (False, "Discord, daily: the bot does not get in there (InvalidData)"),
        (True, "Discord, weekly: nothing is missing"),
    ]
