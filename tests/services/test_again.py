"""What may have arrived, sent again: without end while its platform knows it by its key, once where it does not."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.ports.chat import Delivery, Reader, Reply, Undeliverable
from bot.services.post import BACK_OFF, ONCE_MORE
from bot.storage.store import Store
from tests.fakes.clock import Hands
from tests.fakes.wire import Screens
from tests.services.test_post import House, at_work, message

MINUTE = timedelta(minutes=1)
CUT = Undeliverable("cut off", unsure=True)
AWAY = Undeliverable("no network")
START = Hands().now()


class Forgetting(Screens):
    """A way out that knows no message again, and tells when it was tried: so many seconds after the start."""

    def __init__(self, clock: Hands) -> None:
        super().__init__()
        self.clock = clock
        self.tried: list[float] = []

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        self.tried.append((self.clock.now() - START).total_seconds())
        return await super().deliver(room, reply, reader, delivery)


class Knowing(Forgetting):
    """One that knows a message by its key, from the instant at which it came and no longer than it says."""

    remembers = 2 * MINUTE

    def __init__(self, clock: Hands) -> None:
        super().__init__(clock)
        self.known: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def _happened(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        now = self.clock.now()
        at, native = self.known.get(delivery.key, (now, ()))
        if native and now - at < self.remembers:
            return native
        native = super()._happened(room, reply, reader, delivery)
        self.known[delivery.key] = now, native
        return native


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async with at_work(store) as house:
        yield house


def wired(house: House, sort: type[Forgetting] = Knowing, *faults: Any) -> Forgetting:
    """The way out to the room, with what goes wrong there."""
    wire = sort(house.office.clock)
    wire.faults["1"] = list(faults)
    house.office.sender.wire = wire
    return wire


@pytest.mark.parametrize(("sort", "tried", "copies"), [(Forgetting, [0, 60], 2), (Knowing, [0, 5, 15, 35, 75, 135], 2)])
async def test_never_sure(house: House, sort: type[Forgetting], tried: list[float], copies: int) -> None:
    """Known by its key it is tried again soon, until the platform may have forgotten it; then once, and is given up."""
    wire = wired(house, sort, *[CUT] * 99)
    await house.writes(message("a"))
    await house.passes(timedelta(hours=1))

    assert tried == wire.tried
    assert [one.what for one in wire.taken()] == ["new"] * copies
    assert house.counts == (0, 1, 1)


@pytest.mark.parametrize(("sort", "counts"), [(Forgetting, (0, 1, 1)), (Knowing, (1, 0, 0))])
async def test_broken_twice(house: House, sort: type[Forgetting], counts: tuple[int, int, int]) -> None:
    """Two connections that break one after the other lose nothing where the message is known again."""
    wire = wired(house, sort, CUT, CUT)
    await house.writes(message("a"))
    await house.passes(timedelta(hours=1))

    assert counts == house.counts
    assert len(wire.taken()) == (1 if sort is Knowing else 2)


@pytest.mark.parametrize(
    ("between", "counts"),
    [
        (AWAY, (1, 0, 0)),
        (Undeliverable("slow down", retry_at=START + 2 * MINUTE - timedelta.resolution), (1, 0, 0)),
        (Undeliverable("slow down", retry_at=START + 2 * MINUTE), (0, 1, 1)),
    ],
    ids=["away", "soon enough", "too late"],
)
async def test_counted_from_the_first(house: House, between: Undeliverable, counts: tuple[int, int, int]) -> None:
    """What is sure between two doubts does not begin the time anew; an attempt that begins after it is the one."""
    wired(house, Knowing, CUT, between, CUT)
    await house.writes(message("a"))
    await house.passes(timedelta(hours=1))

    assert counts == house.counts


async def test_the_last_is_a_minute_later(house: House) -> None:
    """An attempt that began in time and ended after it: the next one is as on a platform that knows nothing again."""
    wire = wired(house, Knowing, CUT)
    wire.landing.clear()
    await house.writes_only(message("a"))
    await wire.begun.wait()
    house.office.clock.pass_by(BACK_OFF)
    wire.landing.set()
    await house.office.settled()
    wire.faults["1"], ended = [CUT], START + 3 * MINUTE
    wire.begun.clear()
    wire.landing.clear()
    house.office.clock.pass_by(BACK_OFF)
    await wire.begun.wait()
    house.office.clock.set(ended)
    wire.landing.set()
    await house.office.settled()

    assert house.office.clock.next == ended + ONCE_MORE
    await house.passes(ONCE_MORE)
    assert house.counts == (1, 0, 0)


@pytest.mark.parametrize(
    ("began", "counts"),
    [(MINUTE, (1, 0, 0)), (timedelta(), (1, 0, 0)), (-MINUTE, (0, 1, 1)), (3 * MINUTE, (0, 1, 1))],
    ids=["at once", "in time", "too late", "set back"],
)
async def test_after_a_kill(house: House, began: timedelta, counts: tuple[int, int, int]) -> None:
    """What a process that is no more had begun is known as well, by when it began; a clock set back tells no time."""
    at = START + MINUTE
    wired(house, Knowing, CUT)
    await house.writes(message("a", at=at))
    (letter,), _ = await house.post.claim_letters("telegram", at, 1)
    await house.post.begun(letter.message, START + began)
    house.office.sender.counts.lose(await house.post.recover())
    house.office.sender.bell.ring()
    await house.passes(MINUTE)
    await house.passes(timedelta(hours=1))

    assert counts == house.counts


async def test_killed_again_and_again(house: House) -> None:
    """However many processes are killed over it while it is known, it is tried, and comes."""
    at = START + MINUTE
    wired(house, Knowing)
    await house.writes(message("a", at=at))
    for second in range(3):
        (letter,), _ = await house.post.claim_letters("telegram", at, 1)
        await house.post.begun(letter.message, at + timedelta(seconds=second), again=second > 0)
        house.office.sender.counts.lose(await house.post.recover())
    house.office.sender.bell.ring()
    await house.passes(MINUTE)

    assert house.counts == (1, 0, 0)


async def test_an_answer_meanwhile(house: House) -> None:
    """Between two attempts it can be taken back, as anything that waits."""
    wire = wired(house, Knowing, *[CUT] * 2)
    await house.writes(message("a"))
    await house.withdraws("a")
    await house.passes(timedelta(hours=1))

    assert (wire.tried, house.counts) == ([0], (0, 0, 0))
