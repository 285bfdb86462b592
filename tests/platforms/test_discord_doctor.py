"""What the operator is told of the bot's channels before it listens."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.discord.preflight import preflight
from tests.fakes.discord import TOKEN, Discord
from tests.fakes.discord_chats import Guild
from tests.fakes.discord_rules import Refused


@pytest.fixture
async def server() -> AsyncIterator[Discord]:
    async with Discord() as running:
        yield running


@pytest.fixture
def school(server: Discord) -> Guild:
    return server.guild("school", owner=server.person("hua"), channels=["daily"])


async def told(server: Discord, *rooms: str) -> list[tuple[bool, str]]:
    return await preflight(TOKEN, server.api_url, None, [(room, "daily") for room in rooms])


async def test_all_is_well(server: Discord, school: Guild) -> None:
    """The bot's own name, and each channel."""
    found = await told(server, str(school.channels[0].id))

    assert found == [
        (True, f"Discord, bot Studybot, by {server.api_url}"),
        (True, "Discord, daily: nothing is missing"),
    ]


@pytest.mark.parametrize(
    ("names", "well", "sentence"),
    [
        (
            ("send_messages", "create_public_threads"),
            False,
            "allow Send Messages, Create Public Threads",
        ),
        (("create_public_threads",), True, "allow Create Public Threads"),
        (("view_channel",), False, "the bot does not get in there (50001)"),
    ],
)
async def test_what_is_missing_has_its_name(
    server: Discord,
    school: Guild,
    names: tuple[str, ...],
    well: bool,  # noqa: FBT001 - a column
    sentence: str,
) -> None:
    """As Discord calls it; what only a button needs is well all the same."""
    (daily,) = school.channels
    daily.forbids(*names)
    _, found = await told(server, str(daily.id))

    assert found == (well, f"Discord, daily: {sentence}")


async def test_a_channel_that_is_gone(server: Discord, school: Guild) -> None:
    """The other channels are looked at all the same."""
    _, gone, daily = await told(server, "7", str(school.channels[0].id))

    assert gone == (False, "Discord, daily: the bot does not get in there (10003)")
    assert daily == (True, "Discord, daily: nothing is missing")


async def test_a_wrong_token(server: Discord) -> None:
    """One sentence says what to do."""
    server.token = "another"
    found = await told(server)

    assert found == [(False, "Discord does not know this token: take a new one in the Developer Portal, under Bot")]


async def test_discord_is_away(server: Discord) -> None:
    """It is told, and nothing of the machine's words with it."""
    server.fail("GET /users/@me", Refused("Service Unavailable", status=503))
    found = await told(server)

    assert found == [(False, "Discord is not reached: DiscordServerError")]
