"""The bell, the tick and the sender: nothing too early, nothing twice, nothing lost that can arrive."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.prompt import Text
from bot.domain.question import RoomId
from bot.ports.changes import Changes, NotStored
from bot.ports.chat import Delivery, Reader, Reply, Undeliverable
from bot.ports.post import Letter, Lost, Outgoing, Wake
from bot.ports.rows import Room
from bot.services.post import BACK_OFF, FEW, LONGEST, MANY, NEVER, ONCE_MORE, TRIES, Bell
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.fakes.clock import Hands
from tests.fakes.wire import Screens, Seen
from tests.stories.office import Office, working

MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=5)
ROOM, OTHER, CONSOLE = RoomId(1), RoomId(2), RoomId(3)
START = Hands().now()


@dataclass(frozen=True, slots=True)
class Unsteady(Outbox):
    """An outbox whose next calls of some names fail, as a full disk would make them."""

    failing: list[str] = field(default_factory=list)

    async def claim_wakes(self, now: datetime, most: int) -> tuple[Wake, ...]:
        self._stumble("wakes")
        return await Outbox.claim_wakes(self, now, most)

    async def claim_letters(self, platform: str, now: datetime, most: int) -> tuple[tuple[Letter, ...], Lost]:
        self._stumble("letters")
        return await Outbox.claim_letters(self, platform, now, most)

    async def delivered(self, message: Outgoing, native: tuple[str, ...], now: datetime) -> None:
        self._stumble("delivered")
        await Outbox.delivered(self, message, native, now)

    async def begun(self, message: Outgoing, now: datetime, *, again: bool = False) -> bool:
        self._stumble("begun")
        return await Outbox.begun(self, message, now, again=again)

    def _stumble(self, name: str) -> None:
        if name in self.failing:
            self.failing.remove(name)
            raise NotStored("the disk is full")


class Pages(Screens):
    """A way out on which two messages make a reply, and the second is refused at first."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[str] = []
        self.given: list[tuple[str, ...]] = []  # what was shown before each attempt

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        del room, reply, reader
        self.given.append(tuple(delivery.shown))
        for page in ("1", "2")[len(delivery.sent) :]:
            if page == "2" and len(self.given) == 1:
                raise Undeliverable("slow down")
            await delivery.begin()
            self.arrived.append(page)
            delivery.sent.append(page)
        return tuple(delivery.sent)


@dataclass
class House:
    """Ticker and sender at work, and what the ticker handed over."""

    store: Store
    post: Unsteady
    office: Office
    woken: list[Wake]
    happened: list[Seen] = field(default_factory=list)

    async def writes(self, *messages: Outgoing) -> None:
        await self.writes_only(*messages)
        await self.office.settled()

    async def writes_only(self, *messages: Outgoing) -> None:
        """The same, and nobody waits until they were sent."""
        await self.store.commit(Changes(outbox={message.key: message for message in messages}))

    async def withdraws(self, key: str) -> None:
        await self.store.commit(Changes(outbox={key: None}))
        await self.office.settled()

    async def sets(self, **wakes: datetime) -> None:
        await self.store.commit(Changes(wakes=wakes))
        await self.office.settled()

    async def passes(self, time: timedelta) -> None:
        before, last = await self.office.move(self.office.clock.now() + time)
        self.happened += [*before, *last]

    async def waits(self) -> list[timedelta]:
        """How long it waits each time, until nothing is left to wait for."""
        found: list[timedelta] = []
        while (due := self.office.clock.next) is not None and due.year < NEVER.year:
            found.append(due - self.office.clock.now())
            await self.passes(found[-1])
        return found

    def fails(self, *faults: Exception, room: RoomId = ROOM) -> None:
        self.office.screens.faults[str(room)] = list(faults)

    def seen(self) -> list[tuple[str, str]]:
        """What happened since it was asked last: in which room, and what."""
        found, self.happened = [*self.happened, *self.office.screens.taken()], []
        return [(one.room, one.what) for one in found]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Sent, dropped, unsure."""
        counts = self.office.sender.counts
        return counts.sent, counts.dropped, counts.unsure


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async with at_work(store) as house:
        yield house


@asynccontextmanager
async def at_work(store: Store) -> AsyncIterator[House]:
    engine = store.engine
    assert isinstance(engine, SqliteStorage)
    clock, post, woken = Hands(START), Unsteady(engine), list[Wake]()
    rooms = [Room(room, "telegram", str(room), START) for room in (ROOM, OTHER)]
    await store.commit(Changes(inserts=(*rooms, Room(CONSOLE, "terminal", "tty", START))))

    async def wake(one: Wake) -> None:
        woken.append(one)
        if one.attempts < 3:  # the third time it succeeds
            return
        await store.commit(Changes(wakes={one.key: None}))

    async with working(engine, wake, clock, post=post) as office:
        await office.settled()
        yield House(store, post, office, woken)


def message(key: str, room: RoomId = ROOM, at: datetime = START, **reply: Any) -> Outgoing:
    return Outgoing(key, room, Reply(blocks=(Text("offer.no"),), **reply), Reader("en", "written"), at)


async def slept(bell: Bell, until: datetime | None, act: Callable[[], object] = lambda: None) -> bool:
    """Whether a rest ends by itself after an act."""
    rest = asyncio.ensure_future(bell.rest(until))
    await asyncio.sleep(0)
    act()
    done, _ = await asyncio.wait([rest], timeout=0.02)
    rest.cancel()
    return bool(done)


async def test_rests_until_the_instant() -> None:
    """Who rests does so until the instant, and without one for good."""
    clock = Hands(START)
    bell = Bell(clock)

    assert not await slept(bell, None, lambda: clock.pass_by(timedelta(days=999)))
    assert not await slept(bell, clock.now() + MINUTE, lambda: clock.pass_by(MINUTE - timedelta.resolution))
    assert await slept(bell, clock.now() + MINUTE, lambda: clock.pass_by(MINUTE))


async def test_rung_while_resting() -> None:
    """Who is rung for goes on at once; the next rest is a whole one again."""
    bell = Bell(Hands(START))

    assert await slept(bell, None, bell.ring)
    assert not await slept(bell, None)


async def test_rung_again_while_waking() -> None:
    """A ring that comes while the first one is being heard disturbs nobody."""
    bell = Bell(Hands(START))
    rest = asyncio.ensure_future(bell.rest(None))
    await asyncio.sleep(0)
    for _ in range(4):
        bell.ring()
        await asyncio.sleep(0)
    await rest

    assert rest.exception() is None


async def test_rung_before_resting() -> None:
    """What was rung for before the rest is not missed."""
    bell = Bell(Hands(START))
    bell.ring()

    assert await slept(bell, None)


async def test_resting() -> None:
    """A bell tells whether somebody rests there whom nobody rang for."""
    bell = Bell(Hands(START))
    states = [bell.resting]
    rest = asyncio.ensure_future(bell.rest(None))
    await asyncio.sleep(0)
    states.append(bell.resting)
    bell.ring()
    states.append(bell.resting)
    await rest

    assert states == [False, True, False]


async def test_tick(house: House) -> None:
    """Timers are handed over at their instants, also one that was set while the ticker slept."""
    await house.sets(late=START + 2 * MINUTE)
    await house.sets(soon=START + MINUTE)
    await house.passes(MINUTE - timedelta.resolution)

    assert house.woken == []
    await house.passes(timedelta.resolution)
    assert [wake.key for wake in house.woken] == ["soon"]
    await house.passes(MINUTE)
    assert [wake.key for wake in house.woken] == ["soon", "late"]


async def test_tick_again(house: House) -> None:
    """A timer whose work failed comes again when its lease has run out, later each time, until it succeeds."""
    await house.sets(a=START)
    await house.passes(LEASE)
    await house.passes(2 * LEASE)
    await house.passes(100 * LEASE)

    assert [wake.attempts for wake in house.woken] == [1, 2, 3]


async def test_tick_goes_on(house: House) -> None:
    """Where timers cannot be read the ticker tries again a little later."""
    await house.sets(a=START + MINUTE)
    house.post.failing.append("wakes")
    await house.passes(MINUTE)

    assert house.woken == []
    await house.passes(BACK_OFF)
    assert [wake.key for wake in house.woken] == ["a"]


async def test_sends(house: House) -> None:
    """A message is sent at its instant, once."""
    await house.writes(message("a", at=START + MINUTE))

    assert house.seen() == []
    await house.passes(MINUTE)
    await house.passes(LEASE)
    assert house.seen() == [("1", "new")]
    assert house.counts == (1, 0, 0)


async def test_edits_what_was_shown(house: House) -> None:
    """An edit changes its slot's message; taken away it is gone, and past two days it only loses its buttons."""
    await house.writes(message("a", slot="board"))
    await house.writes(message("b", slot="board", edit=True))
    await house.writes(message("c", slot="board", away=True))
    await house.writes(message("d", slot="board"))
    await house.passes(timedelta(hours=48))
    await house.writes(message("e", slot="board", away=True))

    assert house.seen() == [("1", "new"), ("1", "edited"), ("1", "deleted"), ("1", "new"), ("1", "stripped")]


async def test_one_after_the_other(house: House) -> None:
    """In one room the old daily is gone before the new one comes, whatever becomes of it; other rooms do not wait."""
    await house.writes(message("first", slot="ask:1"))
    house.fails(Undeliverable("slow down", retry_at=START + MINUTE))
    old = message("away:1", slot="ask:1", away=True)
    await house.writes(message("daily:1"), old, message("daily:2", OTHER))

    assert house.seen() == [("1", "new"), ("2", "new")]
    await house.passes(MINUTE)
    assert house.seen() == [("1", "deleted"), ("1", "new")]


async def test_backs_off(house: House) -> None:
    """A message that is refused is tried again, each time after twice as long, and dropped in the end."""
    house.fails(*(Undeliverable("can't parse", refused=True) for _ in range(TRIES)))
    await house.writes(message("a"))
    waits = await house.waits()

    assert [min(LONGEST, BACK_OFF * (1 << attempt)) for attempt in range(TRIES - 1)] == waits
    assert house.counts == (0, 1, 0)


async def test_out_of_reach(house: House) -> None:
    """However often a platform is not to be reached, the message comes when it is: five minutes later at most."""
    house.fails(*(Undeliverable("no network") for _ in range(5 * TRIES)))
    await house.writes(message("a"))
    waits = await house.waits()

    assert (len(waits), max(waits)) == (5 * TRIES, LONGEST)
    assert house.counts == (1, 0, 0)


async def test_out_of_reach_for_a_day(house: House) -> None:
    """A message without an end is tried for a day; then it is dropped, and counted."""
    house.fails(*(Undeliverable("no network") for _ in range(999)))
    await house.writes(message("a"))
    waits = await house.waits()

    assert sum(waits, timedelta()) == BACK_OFF + timedelta(days=1)
    assert house.counts == (0, 1, 0)


async def test_void(house: House) -> None:
    """A message is tried until it is void, and not sent after; the next of its room does not wait longer."""
    house.fails(*(Undeliverable("no network") for _ in range(4)))
    await house.writes(replace(message("a"), void_at=START + MINUTE), message("b"))
    await house.passes(MINUTE)

    assert house.seen() == [("1", "new")]
    assert house.counts == (1, 1, 0)


async def test_void_while_nobody_sent(house: House) -> None:
    """What was void before anybody took it is dropped, and counted."""
    await house.writes(replace(message("a"), void_at=START))

    assert house.seen() == []
    assert house.counts == (0, 1, 0)


async def test_waits_as_told(house: House) -> None:
    """Where the platform says when, that holds, and however often it says so the message is not dropped."""
    told = [START + number * MINUTE for number in range(1, 2 * TRIES)]
    house.fails(*(Undeliverable("slow down", retry_at=at) for at in told))
    await house.writes(message("a"))
    await house.passes(told[-1] - START - timedelta.resolution)

    assert house.seen() == []
    await house.passes(timedelta.resolution)
    assert house.seen() == [("1", "new")]
    assert house.counts == (1, 0, 0)


async def test_gone(house: House) -> None:
    """Who blocked the bot gets nothing more: what waits is dropped, and what comes later."""
    house.fails(Undeliverable("blocked", permanent=True))
    await house.writes(message("a"), message("b"))
    await house.writes(message("c"), message("d", OTHER))

    assert house.seen() == [("2", "new")]
    assert house.counts == (1, 2, 0)


async def test_no_such_wire(house: House) -> None:
    """A message for a platform that cannot be written to is dropped."""
    await house.writes(message("a", CONSOLE))

    assert house.counts == (0, 1, 0)


@pytest.mark.parametrize("fault", [Undeliverable("cut off", unsure=True), RuntimeError("a bug")])
async def test_unsure(house: House, fault: Exception) -> None:
    """What may have arrived is sent once more at most, and counted."""
    house.fails(fault, fault)
    await house.writes(message("a"), message("b"))
    await house.passes(ONCE_MORE - timedelta.resolution)

    assert house.counts == (0, 0, 0)
    await house.passes(timedelta.resolution)
    assert house.counts == (1, 1, 1)


async def test_unsure_but_harmless(house: House) -> None:
    """An edit is repeated until it is sure: done twice it is as done once; unless it would be a message of its own."""
    cut = [Undeliverable("cut off", unsure=True)] * 3
    await house.writes(message("a", slot="board"))
    house.fails(*cut)
    await house.writes(message("b", slot="board", edit=True))
    await house.passes(LEASE)

    assert house.counts == (2, 0, 0)
    house.fails(*cut)
    await house.writes(message("c", slot="other", edit=True))
    await house.passes(LEASE)
    assert house.counts == (2, 1, 1)


async def test_lost_between_processes(house: House) -> None:
    """A message that others took twice, and never told about, is given up and counted."""
    at = START + MINUTE
    await house.writes(message("a", at=at))
    for claimed in (at, at + LEASE):
        (letter,), _ = await house.post.claim_letters("telegram", claimed, 1)
        await house.post.begun(letter.message, claimed)
    await house.passes(MINUTE + 2 * LEASE)

    assert house.seen() == []
    assert house.counts == (0, 0, 1)


async def test_given_up_at_the_start(house: House) -> None:
    """What the start finds begun twice is given up, counted and told."""
    at = START + MINUTE
    await house.writes(message("a", at=at))
    for claimed in (at, at + LEASE):
        (letter,), _ = await house.post.claim_letters("telegram", claimed, 1)
        await house.post.begun(letter.message, claimed)
    with capture_logs() as lines:
        house.office.sender.counts.lose(await house.post.recover())

    assert [(line["event"], line["count"]) for line in lines] == [("given up: sent perhaps, or perhaps not", 1)]
    assert house.counts == (0, 0, 1)


async def test_replaced_before_it_began(house: House) -> None:
    """A message that was replaced while it waited for its turn is not sent; the newer one is, once."""
    house.office.screens.open.clear()
    await house.store.commit(Changes(outbox={"a": message("a")}))
    await until(lambda: house.office.sender.under_way == 1)
    await house.store.commit(Changes(outbox={"a": message("a", slot="newer")}))
    house.office.screens.open.set()
    await house.office.settled()

    assert [one.reply.slot for one in house.office.screens.taken()] == ["newer"]
    assert house.counts == (1, 0, 0)


async def test_goes_on_at_the_missing_page(house: House) -> None:
    """A message of several pages that was refused half way is not said again from its beginning."""
    pages = Pages()
    house.office.sender.wire = pages
    await house.writes(message("a", slot="long"))
    await house.passes(BACK_OFF)
    await house.writes(message("b", slot="long", edit=True))

    assert pages.arrived[:2] == ["1", "2"]
    assert pages.given == [(), (), ("1", "2")]


async def test_sending_goes_on(house: House) -> None:
    """Where the outbox cannot be read the sender tries again a little later."""
    house.post.failing.append("letters")
    await house.writes(message("a", at=START))
    await house.passes(BACK_OFF)

    assert house.seen() == [("1", "new")]


async def test_sent_and_not_noted(house: House) -> None:
    """Where it could not be noted that a message arrived, that is tried again, and the message not sent."""
    house.post.failing.extend(["delivered", "delivered"])
    await house.writes(message("a"))
    await house.passes(BACK_OFF)

    assert house.seen() == [("1", "new")]
    assert house.counts == (0, 0, 0)
    await house.passes(BACK_OFF)
    await house.passes(LEASE)
    assert house.seen() == []
    assert house.counts == (1, 0, 0)


async def test_begun_and_not_noted(house: House) -> None:
    """Where it could not be noted that a message begins, nothing is sent until its lease has run out."""
    house.post.failing.append("begun")
    await house.writes(message("a"))

    assert house.seen() == []
    await house.passes(LEASE)
    assert house.seen() == [("1", "new")]


async def test_many(house: House) -> None:
    """No more than so many are under way at once; more are taken when half of them have arrived."""
    rooms = [RoomId(100 + number) for number in range(MANY + FEW + 1)]
    await house.store.commit(Changes(inserts=tuple(Room(room, "telegram", str(room), START) for room in rooms)))
    house.office.screens.open.clear()
    await house.store.commit(Changes(outbox={str(room): message(str(room), room) for room in rooms}))
    sender = house.office.sender
    await until(lambda: sender.under_way == MANY)

    assert house.seen() == []
    house.office.screens.open.set()
    await house.office.settled()
    assert len(rooms) == len(house.seen())


async def test_platform_that_hangs(house: House) -> None:
    """However much waits on a platform that takes nothing, another's messages arrive at once."""
    office, elsewhere = house.office, Screens()
    office.screens.open.clear()
    office.senders["discord"].wire = elsewhere
    rooms = [RoomId(100 + number) for number in range(2 * MANY)]
    rows = [Room(room, "telegram", str(room), START) for room in rooms]
    await house.store.commit(Changes(inserts=(*rows, Room(RoomId(99), "discord", "99", START))))
    await house.store.commit(Changes(outbox={str(room): message(str(room), room) for room in rooms}))
    await until(lambda: office.sender.under_way == MANY)
    await house.store.commit(Changes(outbox={"z": message("z", RoomId(99))}))
    await until(lambda: house.office.sender.counts.sent > 0)

    assert ([one.room for one in elsewhere.taken()], house.seen()) == (["99"], [])


async def test_timers_that_wait(house: House) -> None:
    """One that waits holds up no other; no more than so many are under way, and more are taken when half are done."""
    keys, may = [f"timer:{number}" for number in range(MANY + FEW + 1)], asyncio.Event()
    ticker, woken = house.office.ticker, list[str]()

    async def wake(due: Wake) -> None:
        woken.append(due.key)
        await may.wait()

    ticker.wake = wake
    await house.store.commit(Changes(wakes=dict.fromkeys(keys[:1], START)))
    await until(lambda: woken == keys[:1])
    await house.store.commit(Changes(wakes=dict.fromkeys(keys[1:], START)))
    await until(lambda: len(woken) == MANY)
    under_way = ticker.under_way
    may.set()
    await house.office.settled()

    assert under_way == MANY
    assert sorted(woken) == sorted(keys)


async def until(so: Callable[[], bool]) -> None:
    while not so():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.001)
