"""Private chats that nobody knows yet, opened one by one: how fast, in which order, and who comes in vain."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.platforms.discord.calls import Calls
from bot.platforms.discord.chats import BETWEEN, Chats
from bot.platforms.discord.faults import Away
from bot.ports.chat import Undeliverable
from tests.fakes.clock import Stepping

MANY = 100
AT_ONCE = timedelta()
START = Stepping().now()
Late = Callable[[int], timedelta]


class Opened(Calls):
    """Discord, which opens every chat that it is asked for while it is there, and keeps when."""

    def __init__(self, clock: Stepping) -> None:
        super().__init__()
        self.clock = clock
        self.at: dict[str, datetime] = {}
        self.asked: list[datetime] = []
        self.back = START  # nobody is there until then

    async def private(self, user: str) -> str:
        self.asked.append(self.clock.now())
        if self.clock.now() < self.back:
            raise Away
        self.at[user] = self.clock.now()
        return f"chat of {user}"


@dataclass
class Crowd:
    """People to whom something is to be said; each is tried again when they are told to be, or so ``late``.

    Once they were told, nobody does anything before ``awake``.
    """

    clock: Stepping = field(default_factory=Stepping)
    late: Late = lambda _: AT_ONCE
    awake: datetime = START
    in_vain: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.opened = Opened(self.clock)
        self.chats = Chats(self.opened, self.clock)

    async def says(self, number: int) -> None:
        """As the outbox does: what could not be reached is tried again after pauses, each twice as long."""
        user, failures = f"u{number}", 0
        while user not in self.opened.at:
            try:
                await self.chats.of(user)
            except Undeliverable as wait:
                self.in_vain[user] = self.in_vain.get(user, 0) + 1
                await self.clock.sleep_until(max(self.awake, (wait.retry_at or START) + self.late(number)))
            except Away:
                failures += 1
                await self.clock.sleep_until(self.clock.now() + min(300, 5 << failures) * BETWEEN)

    async def all(self, *others: Awaitable[None]) -> None:
        """Returns when something was said to everybody."""
        waiting = [asyncio.ensure_future(one) for one in (*map(self.says, range(MANY)), *others)]
        await self.clock.run()
        await asyncio.gather(*waiting)

    @property
    def seconds(self) -> list[float]:
        """When the chats were opened, after the start."""
        return [(at - START).total_seconds() for at in self.opened.at.values()]

    @property
    def order(self) -> list[int]:
        """Whose were opened, the first ones first."""
        return [int(user[1:]) for user in self.opened.at]


def closest(instants: Sequence[datetime]) -> timedelta:
    return min(later - one for one, later in pairwise(instants))


async def test_one_a_second() -> None:
    """Everybody comes at one instant: each is told theirs, and opens then, in the order in which they came."""
    crowd = Crowd()
    await crowd.all()

    assert crowd.seconds == [float(number) for number in range(MANY)]
    assert crowd.order == [*range(MANY)]
    assert crowd.in_vain == {f"u{number}": 1 for number in range(2, MANY)}  # the second waits there


@pytest.mark.parametrize(
    "late",
    [
        lambda number: timedelta(milliseconds=number * 37 % 1000),
        lambda number: timedelta(seconds=60, milliseconds=number * 37 % 1000),
        lambda _: timedelta(hours=1),
    ],
    ids=["a little", "a minute", "an hour"],
)
async def test_who_is_late(late: Late) -> None:
    """However late everybody comes, none are opened closer, and nobody comes in vain for it."""
    crowd = Crowd(late=late)
    await crowd.all()

    assert closest(crowd.opened.asked) >= BETWEEN
    assert set(crowd.in_vain.values()) == {1}
    assert len(crowd.opened.at) == MANY


@pytest.mark.parametrize(("awake", "last"), [(50, MANY + 50), (3600, 3600 + MANY)], ids=["half of them", "all of them"])
async def test_many_are_late_together(awake: int, last: int) -> None:
    """The machine slept: those whose instants are over come at once, and have another one each; no second is lost."""
    crowd = Crowd(awake=START + timedelta(seconds=awake))
    await crowd.all()

    assert closest(crowd.opened.asked) >= BETWEEN
    assert set(crowd.in_vain.values()) == {1, 2}
    assert max(crowd.seconds) <= last
    assert len(crowd.opened.at) == MANY


@pytest.mark.parametrize("back", [30, 300, 1800], ids=["half a minute", "five minutes", "half an hour"])
async def test_after_an_outage(back: int) -> None:
    """Nobody was reached for a while: then all are, a second apart, with an instant of their own once more each."""
    crowd = Crowd()
    crowd.opened.back = START + timedelta(seconds=back)
    await crowd.all()

    assert closest(crowd.opened.asked) >= BETWEEN
    assert len(crowd.opened.at) == MANY
    assert max(crowd.seconds) <= back + 300 + MANY  # the longest pause of the outbox


async def test_nobody_starves() -> None:
    """Whoever goes on coming stands behind those who wait."""
    crowd = Crowd()

    async def more() -> None:
        for number in range(MANY, 3 * MANY):
            await crowd.clock.sleep_until(START + (number - MANY) * BETWEEN / 2)
            await crowd.says(number) if number % 2 else asyncio.ensure_future(crowd.says(number))

    await crowd.all(more())

    assert crowd.order[:MANY] == [*range(MANY)]
    assert closest(crowd.opened.asked) >= BETWEEN


async def test_who_speaks_meanwhile() -> None:
    """A chat that its person opened is not opened again, by who waits for it either."""
    crowd = Crowd()
    await crowd.chats.of("u1")
    waiting = asyncio.ensure_future(crowd.chats.of("u2"))
    await asyncio.sleep(0)
    crowd.chats.keep("u2", "theirs")
    await crowd.clock.run()

    assert (await waiting, await crowd.chats.of("u2")) == ("theirs", "theirs")
    assert len(crowd.opened.asked) == 1


async def test_who_waits_is_forgotten() -> None:
    """Of those who never came back nothing is known once everybody's instant is over."""
    crowd = Crowd()
    for number in range(9):
        asyncio.ensure_future(crowd.chats.of(f"u{number}")).add_done_callback(lambda done: done.exception())
    await crowd.clock.run()
    waited = len(crowd.chats.turns)
    crowd.clock.pass_by(timedelta(hours=1))
    await crowd.chats.of("u9")

    assert (waited, crowd.chats.turns) == (7, {})
