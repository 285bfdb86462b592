"""The fake Discord limits, fails, hangs and drops as it is told to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest
from aiohttp import ClientConnectionError, ClientTimeout

from tests.fakes.clock import Frozen
from tests.fakes.discord import Discord
from tests.fakes.discord_bare import COMMAND, Bare
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_client import Client, connected
from tests.fakes.discord_interactions import SAY
from tests.fakes.discord_limits import INVALID
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import NO_PERMISSION, Refused, limited

MESSAGES = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def hurried() -> AsyncIterator[Discord]:
    """A fake on the machine's own clock: a library that has to wait waits in earnest."""
    async with Discord() as running:
        yield running


async def test_a_bucket_is_emptied_and_filled_again(bare: Bare, room: Channel, clock: Frozen) -> None:
    """Every answer tells what is left; the one too many tells how long to wait, and that is enough."""
    bare.server.limit()
    address = f"{bare.server.api_url}/channels/{room.id}/messages"
    head = {"Authorization": f"Bot {bare.server.token}"}
    left = []
    for _ in range(5):
        async with bare.http.post(address, json={"content": "!"}, headers=head) as response:
            left.append(response.headers["X-RateLimit-Remaining"])
    async with bare.http.post(address, json={"content": "!"}, headers=head) as response:
        told = await response.json()
    clock.pass_by(timedelta(seconds=told["retry_after"]))
    again, _ = await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"})

    assert (left, response.status, again) == (["4", "3", "2", "1", "0"], 429, 200)
    assert (told["retry_after"], told["global"], response.headers["X-RateLimit-Scope"]) == (5.0, False, "user")
    assert response.headers["Via"]


async def test_each_channel_has_a_bucket_of_its_own(bare: Bare, room: Channel) -> None:
    """And each sort of call."""
    assert room.guild
    other = room.guild.channel("闲聊")
    bare.server.limit()
    for _ in range(6):
        await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"})
    elsewhere, _ = await bare.call(f"POST /channels/{other.id}/messages", {"content": "!"})
    read, _ = await bare.call(f"GET /channels/{room.id}")

    assert (bare.server.calls(MESSAGES)[5].status, elsewhere, read) == (429, 200, 200)


async def test_fifty_a_second_in_all(bare: Bare, room: Channel) -> None:
    """Interactions are no part of it."""
    await bare.call("PUT /applications/4242/commands", [COMMAND])
    bare.server.limit()
    assert room.guild
    rooms = [room.guild.channel(str(number)) for number in range(60)]
    codes = [(await bare.call(f"GET /channels/{one.id}"))[0] for one in rooms]
    _, told = await bare.call(f"GET /channels/{room.id}")
    answered = await bare.answer(room.guild.owner.uses("/study"), SAY, {"content": "!"})  # type: ignore[attr-defined]

    assert (codes.count(200), told["global"], answered) == (50, True, 0)
    assert bare.server.limits.peak == 50


async def test_a_library_waits_as_it_is_told(hurried: Discord) -> None:
    """After a 429 it sends the same again; before an empty bucket it waits by itself."""
    mei = hurried.person("mei")
    room = hurried.guild("考试", owner=mei, channels=["每日一题"]).channels[0]
    async with connected(hurried) as client:
        channel = client.get_partial_messageable(room.id)
        hurried.fail(MESSAGES, limited(0.05, "shared"))
        await channel.send("0")
        hurried.limit(scale=20)
        for number in range(1, 7):
            await channel.send(str(number))

    assert [one.text for one in room.seen(mei)] == list("0123456")
    assert [call.status for call in hurried.calls(MESSAGES)] == [429, *[200] * 7]
    assert hurried.invalid == 0


async def test_refusals_are_counted(bare: Bare, room: Channel, clock: Frozen) -> None:
    """401, 403 and 429 of the last ten minutes, unless the limit is shared; ten thousand shut the door."""
    room.forbids("send_messages")
    bare.server.fail(MESSAGES, limited(1))
    bare.server.fail(MESSAGES, limited(1, "shared"))
    for _ in range(3):
        await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"})
    counted = bare.server.invalid
    for _ in range(INVALID):
        bare.server.limits.refused(NO_PERMISSION, clock.now())
    async with bare.http.get(f"{bare.server.api_url}/users/@me") as response:
        shut = response.status, response.content_type
    clock.pass_by(timedelta(minutes=10))

    assert (counted, shut, bare.server.invalid) == (2, (429, "text/html"), 0)


async def test_calls_fail_as_they_are_told(client: Client, bare: Bare, room: Channel) -> None:
    """So many times, of one route, as JSON or as a page of a proxy; then all is well."""
    channel = client.get_partial_messageable(room.id)
    bare.server.fail(MESSAGES, Refused("Internal", status=503))
    bare.server.fail(MESSAGES, Refused("Banned", status=429), html=True)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("!")
    with pytest.raises(discord.HTTPException, match="429"):
        await channel.send("!")
    await channel.send("!")

    assert [call.status for call in bare.server.calls(MESSAGES)] == [503, 429, 200]


@pytest.mark.parametrize(("after", "arrived"), [(False, 0), (True, 1)])
async def test_the_line_drops(bare: Bare, room: Channel, mei: Person, *, after: bool, arrived: int) -> None:
    """Before anything was done, or after it: the caller cannot tell which."""
    bare.server.drop(MESSAGES, after=after)
    with pytest.raises(ClientConnectionError):
        await bare.sent(room)

    assert len(room.seen(mei)) == arrived


async def test_a_call_is_spared(bare: Bare, room: Channel, mei: Person) -> None:
    """It goes well, and the next one does not."""
    bare.server.spare(MESSAGES)
    bare.server.drop(MESSAGES)
    await bare.sent(room)
    with pytest.raises(ClientConnectionError):
        await bare.sent(room)

    assert len(room.seen(mei)) == 1


async def test_a_call_hangs(bare: Bare, room: Channel) -> None:
    """It is taken and never answered; the next one is."""
    bare.server.hang(MESSAGES)
    with pytest.raises(TimeoutError):
        await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"}, timeout=ClientTimeout(total=0.2))

    assert (await bare.sent(room)).content == "?"


async def test_who_hangs_is_let_go_at_the_end(bare: Bare, room: Channel) -> None:
    """Nobody waits for a server that has stopped."""
    bare.server.hang(MESSAGES)
    waiting = asyncio.create_task(bare.sent(room))
    await bare.server.until(lambda: bare.server.calls(MESSAGES))
    await bare.server.stop()

    with pytest.raises(ClientConnectionError):
        await waiting


async def test_what_cannot_be_read(bare: Bare, room: Channel) -> None:
    """A body that is no JSON, an address that is none: the second is a violation."""
    broken, told = await bare.call(f"POST /channels/{room.id}/messages", data=b"{")
    nowhere, _ = await bare.call("GET /tea")

    assert (broken, told["code"], nowhere) == (400, 50109, 404)
    assert bare.server.violations == ["GET /tea: is no address, or not built here"]


async def test_the_gateway_can_tell_nonsense(discord_server: Discord) -> None:
    """An interaction without a token: discord.py does not survive it, and says so to who started it."""

    async def told() -> None:
        async with connected(discord_server):
            discord_server.junk("INTERACTION_CREATE", {"id": "1", "type": 99})
            await discord_server.until(lambda: not discord_server.gateway.open)

    with pytest.raises(KeyError, match="token"):
        await told()


async def test_waiting_in_vain_says_what_was_called(bare: Bare) -> None:
    """A test that fails so shows the last calls."""
    await bare.call("GET /users/@me")

    with pytest.raises(TimeoutError, match="GET /users/@me"):
        await bare.server.until(lambda: False, timeout=0.05)


async def test_the_library_can_be_wrong_about_the_token(discord_server: Discord) -> None:
    """It says so, and goes no further."""
    discord_server.token = "another"
    client = Client()
    try:
        discord.http.Route.BASE = discord_server.api_url
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")
    finally:
        await client.close()
