"""The fake's gateway does what Discord's does, tried with a stock library and with a bare socket."""

import asyncio
import json
import zlib

import discord
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.fakes.clock import Frozen
from tests.fakes.discord import Discord
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_client import Client, connected
from tests.fakes.discord_gateway import Json
from tests.fakes.discord_people import Person


async def told(socket: ClientWebSocketResponse) -> Json:
    message: Json = await socket.receive_json(timeout=5)
    return message


async def greeted(socket: ClientWebSocketResponse, token: str, intents: int = 1) -> list[Json]:
    """HELLO, and what comes after IDENTIFY, in a world of one server."""
    hello = await told(socket)
    await socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
    return [hello, await told(socket), await told(socket)]


async def lost(server: Discord, client: Client) -> None:
    """Returns when the client has come back after its line broke."""
    sessions = len(server.gateway.resumed) + len(server.gateway.identified)
    server.gateway.drop()
    await server.until(lambda: len(server.gateway.resumed) + len(server.gateway.identified) > sessions)
    await server.until(lambda: server.gateway.open)
    assert not client.is_closed()


async def test_a_session_begins(discord_server: Discord, room: Channel, http: ClientSession) -> None:
    """HELLO, READY with a number and a place to come back to, then the servers, numbered on; a heart beats."""
    async with http.ws_connect(discord_server.gateway_url) as socket:
        hello, ready, guild = await greeted(socket, discord_server.token)
        await socket.send_json({"op": 1, "d": 2})
        beaten = await told(socket)

    assert (hello["op"], hello["d"]["heartbeat_interval"], beaten["op"]) == (10, 41250, 11)
    assert (ready["t"], ready["s"], ready["d"]["resume_gateway_url"]) == ("READY", 1, discord_server.gateway_url)
    assert (guild["t"], guild["s"], guild["d"]["channels"][0]["id"]) == ("GUILD_CREATE", 2, str(room.id))


async def test_what_is_told_is_squeezed_into_one_stream(discord_server: Discord, http: ClientSession) -> None:
    """All frames of a connection are one zlib stream, each flushed."""
    stream = zlib.decompressobj()
    async with http.ws_connect(f"{discord_server.gateway_url}?compress=zlib-stream") as socket:
        frames = [(await socket.receive()).data]
        await socket.send_json({"op": 1, "d": None})
        frames.append((await socket.receive()).data)

    assert [json.loads(stream.decompress(frame))["op"] for frame in frames] == [10, 11]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"op": 2, "d": {"token": "no", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": "", "intents": 1 << 15}}, 4014),
        ({"op": 99, "d": None}, 4001),
    ],
)
async def test_a_client_is_shown_the_door(
    discord_server: Discord, http: ClientSession, message: Json, code: int
) -> None:
    """For a wrong token, for an intent that was not granted, for a word that is none."""
    if code == 4014:
        message["d"]["token"] = discord_server.token
    async with http.ws_connect(discord_server.gateway_url) as socket:
        await told(socket)
        await socket.send_json(message)
        closed = await socket.receive(timeout=5)

    assert (closed.type, closed.data) == (WSMsgType.CLOSE, code)


async def test_a_client_that_says_too_much_is_shown_the_door(discord_server: Discord, http: ClientSession) -> None:
    """120 words in a minute and not one more."""
    async with http.ws_connect(discord_server.gateway_url) as socket:
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        received = [await socket.receive(timeout=5) for _ in range(122)]

    assert received[-1].data == 4008


async def test_intents_decide_what_is_heard(discord_server: Discord, mei: Person, room: Channel) -> None:
    """In a channel only what is meant for the bot has words; joining is told to who may know of it."""
    wei = discord_server.person("wei")
    async with connected(discord_server) as client:
        wei.joins(discord_server.world.guilds[0])
        wei.says("大家好", channel=room)
        mei.says("@Studybot 做题", channel=room)
        heard = [await client.heard.get() for _ in range(2)]
        (session,) = discord_server.world.sessions.all.values()

    assert [one.content for one in heard] == ["", "<@4242> 做题"]
    assert [one.author.name for one in heard] == ["wei", "mei"]
    assert [event["t"] for event in session.events[2:]] == ["MESSAGE_CREATE"] * 2


async def test_privileges_have_to_be_granted(discord_server: Discord) -> None:
    """A library that asks for what the application was not given is not let in; then it is."""
    intents = discord.Intents(guilds=True, members=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(discord_server, Client(intents)):
            pass
    discord_server.gateway.allowed = intents.value
    async with connected(discord_server, Client(intents)) as client:
        ready = client.is_ready()

    assert ready


async def test_what_was_missed_comes_after_a_break(
    discord_server: Discord, client: Client, mei: Person, room: Channel
) -> None:
    """The session is resumed, and nothing is lost, nor told twice."""
    mei.says("@Studybot 一", channel=room)
    await client.heard.get()
    await lost(discord_server, client)
    mei.says("@Studybot 二", channel=room)
    heard = await client.heard.get()

    assert heard.content.endswith("二")
    assert (len(discord_server.gateway.identified), len(discord_server.gateway.resumed)) == (1, 1)


async def test_a_resumed_session_may_repeat_itself(
    discord_server: Discord, client: Client, mei: Person, room: Channel
) -> None:
    """Told to, it comes once more with what was told already."""
    mei.says("@Studybot 一", channel=room)
    await client.heard.get()
    discord_server.gateway.overlap = 1
    await lost(discord_server, client)
    again = await asyncio.wait_for(client.heard.get(), 5)

    assert again.content.endswith("一")


async def test_a_session_that_is_forgotten_begins_anew(
    discord_server: Discord, client: Client, mei: Person, room: Channel
) -> None:
    """What happened meanwhile was told to nobody."""
    discord_server.gateway.forget()
    mei.says("@Studybot 一", channel=room)
    await discord_server.gateway.reconnect()
    await discord_server.until(lambda: len(discord_server.gateway.identified) == 2)
    mei.says("@Studybot 二", channel=room)
    heard = await asyncio.wait_for(client.heard.get(), 15)

    assert heard.content.endswith("二")


async def test_discord_asks_to_come_back(discord_server: Discord, client: Client, mei: Person, room: Channel) -> None:
    """Before a restart of its own, or because a session is over: the library follows."""
    await discord_server.gateway.reconnect()
    await discord_server.until(lambda: len(discord_server.gateway.resumed) == 1)
    await discord_server.gateway.invalidate(resumable=True)
    await discord_server.until(lambda: len(discord_server.gateway.resumed) == 2)
    mei.says("@Studybot 一", channel=room)
    heard = await asyncio.wait_for(client.heard.get(), 5)

    assert heard.content.endswith("一")


async def test_lines_are_closed(discord_server: Discord, client: Client, mei: Person) -> None:
    """With a code that lets the library come back."""
    await discord_server.gateway.close(4000)
    await discord_server.until(lambda: discord_server.gateway.resumed)
    mei.says("一")

    assert (await asyncio.wait_for(client.heard.get(), 5)).content == "一"


async def test_shards_share_the_servers(discord_server: Discord, mei: Person, clock: Frozen) -> None:
    """Each is told of its own; direct messages come to the first."""
    for name in "甲乙":
        discord_server.guild(name, owner=mei, channels=["x"])
        clock.set(clock.now().replace(microsecond=1000))
    discord_server.shards = 2
    async with connected(discord_server) as client:
        shards = {guild.name: guild.shard_id for guild in client.guilds}
        mei.says("私信")
        await client.heard.get()

    assert shards == {guild.name: (guild.id >> 22) % 2 for guild in discord_server.world.guilds}
    assert set(shards.values()) == {0, 1}


async def test_an_outage_ends(discord_server: Discord, client: Client, mei: Person) -> None:
    """Nobody listens, then somebody does, under the same address."""
    await discord_server.stop()
    await discord_server.start()
    await discord_server.until(lambda: discord_server.gateway.open)
    await discord_server.until(lambda: len(discord_server.gateway.identified) + len(discord_server.gateway.resumed) > 1)
    mei.says("回来了")
    heard = await asyncio.wait_for(client.heard.get(), 5)

    assert heard.content == "回来了"
