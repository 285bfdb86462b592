"""What the outbox sends again to Discord, whose connection broke after it had taken the message."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web

from bot.domain.question import RoomId
from bot.platforms.discord.calls import Calls
from bot.platforms.discord.client import LONGEST_WAIT_S
from bot.platforms.discord.discord import REMEMBERS
from bot.platforms.discord.update import own_room
from bot.ports.changes import Changes, NotStored
from bot.ports.chat import Delivery, Reply
from bot.ports.post import Outgoing, Post
from bot.ports.rows import Room
from bot.services.post import Bell, Counts, Sender
from bot.storage.store import Store
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.fakes.discord_routes import Call
from tests.fakes.discord_rules import Refused, limited
from tests.fakes.wired import READER, text
from tests.fakes.wired_discord import Wired, wired
from tests.platforms.test_discord_speaker import OPEN_CHAT, PAGES, SEND, deliver, texts

CHANNEL, PRIVATE = RoomId(1), RoomId(2)
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """An outbox at work over the wire: ``lin`` has a private chat with the bot, and a channel."""

    wire: Wired
    sender: Sender
    lin: Person
    daily: Channel

    async def says(self, room: RoomId, reply: Reply) -> None:
        """The bot first says that there."""
        now = self.wire.clock.now()
        await Store(self.wire.engine).commit(Changes(outbox={"k": Outgoing("k", room, reply, READER, now)}))
        await self.until(now)

    async def until(self, instant: datetime) -> None:
        """Time passes, from attempt to attempt."""
        clock = self.wire.clock
        await self.wire.quiet()
        while (due := clock.next) is not None and due <= instant:
            clock.set(due)
            await self.wire.quiet()
        clock.set(instant)
        await self.wire.quiet()

    async def waiting(self) -> int:
        """How many rows the outbox has."""
        return int((await self.wire.engine.read(lambda db: db.execute("SELECT count(*) FROM outbox").fetchone()))[0])

    def read(self, room: RoomId) -> list[str]:
        return texts(self.lin, self.daily if room == CHANNEL else None)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with wired(tmp_path) as wire:
        lin = wire.server.person("lin")
        (daily,) = wire.server.guild("school", owner=lin, channels=["daily"]).channels
        bell, now = Bell(wire.clock), wire.clock.now()
        rooms = ((CHANNEL, str(daily.id)), (PRIVATE, own_room(str(lin.id))))
        await Store(wire.engine).commit(
            Changes(inserts=tuple(Room(room, "discord", native, now) for room, native in rooms))
        )
        sender = Sender("discord", wire.adapter, wire.post, wire.clock, bell, wire.adapter.start, Counts())
        wire.engine.on_post = bell.ring
        wire.adapter.start(sender.run())
        yield Desk(wire, sender, lin, daily)
        await wire.quiet()
    assert wire.server.violations == []


@pytest.mark.parametrize("room", [CHANNEL, PRIVATE], ids=["channel", "private chat"])
@pytest.mark.parametrize("breaks", [1, 2, 4])
async def test_a_connection_that_breaks_within_two_minutes(desk: Desk, room: RoomId, breaks: int) -> None:
    """However often it does, the message stands there once, and has arrived."""
    start = desk.wire.clock.now()
    desk.wire.server.drop(SEND, times=breaks, after=True)
    await desk.says(room, text("the daily question"))
    await desk.until(start + 2 * MINUTE)

    assert desk.read(room) == ["the daily question"]
    assert len(desk.wire.server.calls(SEND)) == breaks + 1
    assert (desk.sender.counts, await desk.waiting()) == (Counts(sent=1), 0)
    assert len(desk.wire.server.calls(OPEN_CHAT)) == (room == PRIVATE)


async def test_a_connection_that_breaks_at_each_page(desk: Desk) -> None:
    """Every page has a number of its own: none stands there twice."""
    start = desk.wire.clock.now()
    await desk.wire.adapter.deliver(str(desk.daily.id), text(PAGES), READER, Delivery())
    pages = desk.read(CHANNEL)
    desk.wire.server.drop(SEND, after=True)
    for _ in pages[1:]:
        desk.wire.server.spare(SEND)
        desk.wire.server.drop(SEND, after=True)
    await desk.says(CHANNEL, text(PAGES))
    await desk.until(start + 2 * MINUTE)

    assert desk.read(CHANNEL) == 2 * pages
    assert len(desk.wire.server.calls(SEND)) == len(pages) + 2 * len(pages)
    assert (desk.sender.counts, await desk.waiting()) == (Counts(sent=1), 0)


async def test_pages_of_which_nobody_heard(desk: Desk) -> None:
    """The program ended before it was noted that they arrived: sent again from the first one each is known."""
    first, again = [await deliver(desk.wire, desk.daily, text(PAGES), delivery=Delivery(key="k/0")) for _ in range(2)]

    assert (first, len(desk.read(CHANNEL))) == (again, len(first))
    assert len(first) > 1


async def test_a_connection_that_goes_on_breaking(desk: Desk) -> None:
    """When Discord may have forgotten the message it is sent once more, and given up: no more than two stand there."""
    start = desk.wire.clock.now()
    desk.wire.server.drop(SEND, times=99, after=True)
    await desk.says(CHANNEL, text("the daily question"))
    await desk.until(start + 60 * MINUTE)

    assert desk.read(CHANNEL) == ["the daily question"]
    assert desk.sender.counts == Counts(dropped=1, unsure=1)
    last = desk.wire.server.calls(SEND)[-1].at - start
    assert 2 * MINUTE <= last < 4 * MINUTE


async def test_taken_away_between_two_attempts(desk: Desk) -> None:
    """A message that an administrator deleted meanwhile does not come again."""
    start = desk.wire.clock.now()
    desk.wire.server.drop(SEND, after=True)
    await desk.says(CHANNEL, text("the daily question"))
    (shown,) = [one for one in desk.daily.messages.values() if not one.author]
    desk.daily.change(shown, deleted=True)
    await desk.until(start + 60 * MINUTE)

    assert (desk.read(CHANNEL), desk.sender.counts) == ([], Counts(sent=1))


async def test_a_disk_that_is_full_as_it_arrives(desk: Desk) -> None:
    """What was sent is noted as soon as it can be, and not sent again."""
    start, post = desk.wire.clock.now(), Full(desk.sender.post)
    desk.sender.post = cast("Post", post)
    await desk.says(CHANNEL, text("the daily question"))
    await desk.until(start + 60 * MINUTE)

    assert post.refused == TIMES
    assert desk.read(CHANNEL) == ["the daily question"]
    assert (desk.sender.counts, await desk.waiting()) == (Counts(sent=1), 0)


async def test_taken_at_the_librarys_first_try_and_refused_at_its_second(desk: Desk) -> None:
    """The library tells of its last try only: that one before may have arrived is known all the same."""
    start, server = desk.wire.clock.now(), desk.wire.server
    plain, refused = server._outcome, [status for _ in range(3) for status in (504, *[503] * 7)]

    async def outcome(call: Call, request: web.Request) -> web.StreamResponse:
        if call.route != SEND or not refused:
            return await plain(call, request)
        status = refused.pop(0)
        if status == 504:  # and yet it was taken
            server._effect(call)
        return server._refusal(call, Refused("no answer", status=status))

    server._outcome = outcome  # type: ignore[method-assign]
    await desk.says(CHANNEL, text("the daily question"))
    await desk.until(start + 120 * MINUTE)

    assert 1 <= len(desk.read(CHANNEL)) <= 2


async def test_too_many_calls_are_no_doubt(desk: Desk) -> None:
    """Discord takes nothing for some minutes and says so: what was never sent comes then."""
    adapter, server, start = desk.wire.adapter, desk.wire.server, desk.wire.clock.now()
    adapter.client.http.max_ratelimit_timeout, adapter.calls.longest_s = 0.1, 0.6  # a fiftieth of both
    server.fail(SEND, limited(0.3), times=99)
    await desk.says(CHANNEL, text("the daily question"))
    for _ in range(40):
        await desk.until(desk.wire.clock.now() + timedelta(seconds=10))
    server.faults.clear()
    await desk.until(start + 60 * MINUTE)

    assert desk.read(CHANNEL) == ["the daily question"]
    assert desk.sender.counts == Counts(sent=1)


def test_the_limits_fit_one_another() -> None:
    """All tries within a call end before it is given up, and it is tried again while Discord still knows it."""
    tries = 5

    assert tries * LONGEST_WAIT_S < Calls().longest_s < REMEMBERS.total_seconds() / 2


TIMES = 3


@dataclass
class Full:
    """A post whose disk is full whenever it is told that something arrived, a few times."""

    post: Post
    refused: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.post, name)

    async def delivered(self, *given: Any) -> None:
        if self.refused < TIMES:
            self.refused += 1
            raise NotStored("full")
        await self.post.delivered(*given)
