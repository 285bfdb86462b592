"""What the tests of the fakes share."""

import warnings
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, ClientTimeout

from tests.fakes.clock import Frozen
from tests.fakes.discord import Discord
from tests.fakes.discord_bare import Bare
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.fakes.discord_spec import SPEC, Spec, specification

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)  # for its voice, unused here
    from tests.fakes.discord_client import Client, connected


@pytest.fixture
def clock() -> Frozen:
    return Frozen()


@pytest.fixture
async def discord_server(clock: Frozen) -> AsyncIterator[Discord]:
    async with Discord(clock.now) as running:
        yield running


@pytest.fixture
def mei(discord_server: Discord) -> Person:
    return discord_server.person("mei", locale="zh-CN")


@pytest.fixture
def room(discord_server: Discord, mei: Person) -> Channel:
    """The only channel of a server of mei's."""
    return discord_server.guild("考试", owner=mei, channels=["每日一题"]).channels[0]


@pytest.fixture
async def client(discord_server: Discord, room: Channel) -> AsyncIterator[Client]:
    """A client in that server."""
    assert room.bot_here
    async with connected(discord_server) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession(timeout=ClientTimeout(total=5)) as session:
        yield session


@pytest.fixture
def discord_spec() -> Spec:
    found = specification()
    if found is None:
        pytest.skip(f"ABSENT: {SPEC.name} of ../shared/specs; nothing is compared with the specification")
    return found


@pytest.fixture
def bare(http: ClientSession, discord_server: Discord) -> Bare:
    return Bare(http, discord_server)
