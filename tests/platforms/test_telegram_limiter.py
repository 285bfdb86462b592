"""How fast messages go, on a clock that steps from one to the next."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.telegram.limiter import BUCKETS_KEPT, Limiter
from bot.ports.chat import Lane
from tests.fakes.clock import Stepping

Turn = tuple[int, Lane, float]  # a chat, a lane, seconds after the start
Sent = tuple[datetime, int, Lane, int]  # when, where, in which lane, the number of the turn

LANES: tuple[Lane, ...] = ("answer", "timed", "pushed")
TURNS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, -1, -2]), st.sampled_from(LANES), st.integers(0, 8).map(lambda n: n / 4)),
    max_size=90,
)


async def sent(turns: Sequence[Turn], limiter: Limiter | None = None, clock: Stepping | None = None) -> list[Sent]:
    """When each of the turns came, all asked for at their seconds."""
    clock = clock or Stepping()
    limiter = limiter or Limiter(clock)
    found: list[Sent] = []
    began = clock.now()

    async def one(number: int, turn: Turn) -> None:
        chat, lane, after_s = turn
        await clock.sleep_until(began + timedelta(seconds=after_s))
        await limiter.turn(chat, group=chat < 0, lane=lane)
        found.append((clock.now(), chat, lane, number))

    async with asyncio.TaskGroup() as group:
        for number, turn in enumerate(turns):
            group.create_task(one(number, turn))
        await clock.run()
    return found


def most(times: Sequence[datetime], seconds: float) -> int:
    """The most of them in any so many seconds."""
    span = timedelta(seconds=seconds)
    return max((sum(start <= at < start + span for at in times) for start in times), default=0)


@given(TURNS)
@settings(deadline=None, max_examples=60)
async def test_never_more_than_the_limits(turns: list[Turn]) -> None:
    """In any second 30 in all, to a chat three at once and then one; in any minute 20 to a group; none is lost."""
    found = await sent(turns)

    assert sorted(number for *_, number in found) == list(range(len(turns)))
    assert most([at for at, *_ in found], 1) <= 30
    for chat in {chat for chat, *_ in turns}:
        times = [at for at, where, *_ in found if where == chat]
        for seconds in (1, 2, 5, 10):
            assert most(times, seconds) <= 2 + seconds
        assert chat > 0 or most(times, 60) <= 20


@given(TURNS)
@settings(deadline=None, max_examples=60)
async def test_first_come_first_served_in_a_chat(turns: list[Turn]) -> None:
    """Within a chat and a lane nobody overtakes."""
    found = await sent(turns)

    for chat, lane in {(chat, lane) for chat, lane, _ in turns}:
        mine = [number for _, where, how, number in found if (where, how) == (chat, lane)]
        asked = [number for number, turn in enumerate(turns) if turn[:2] == (chat, lane)]
        assert mine == sorted(asked, key=lambda number: (turns[number][2], number))


async def test_a_lane_keeps_its_order_over_all_chats() -> None:
    """A hundred chats with one message each: in the order in which they were asked for."""
    found = await sent([(chat, "pushed", 0) for chat in range(1, 101)])

    assert [number for *_, number in found] == list(range(100))
    assert most([at for at, *_ in found], 1) == 25


async def test_an_answer_goes_before_what_is_pushed() -> None:
    """Ten answers amid a thousand pushed messages wait for none of them."""
    pushed: list[Turn] = [(chat, "pushed", 0) for chat in range(1, 1001)]
    answers: list[Turn] = [(chat, "answer", 5) for chat in range(2001, 2006)]
    found = await sent([*pushed, *answers])
    start = found[0][0]

    assert {at - start for at, _, lane, _ in found if lane == "answer"} == {timedelta(seconds=5)}


@pytest.mark.parametrize("lane", ["timed", "pushed"])
async def test_what_nobody_waits_for_goes_evenly(lane: Lane) -> None:
    """In a full lane too: an answer finds room at every moment of a second, not only before the others went at once."""
    full: list[Turn] = [(chat, lane, 0) for chat in range(1, 501)]
    answers: list[Turn] = [(1000 + tenth, "answer", 1 + tenth / 10) for tenth in range(100)]
    found = await sent([*full, *answers])
    start = found[0][0]
    waits = [at - start - timedelta(seconds=1 + (chat - 1000) / 10) for at, chat, how, _ in found if how == "answer"]

    assert max(waits) <= timedelta(seconds=0.1)


async def test_an_answer_overtakes_what_is_pushed_to_the_same_chat() -> None:
    """Who waits in the long lane of pushed messages gets an answer at once all the same."""
    found = await sent([*[(chat, "pushed", 0.0) for chat in range(1, 501)], (500, "answer", 1)])
    (at,) = [at for at, chat, lane, _ in found if (chat, lane) == (500, "answer")]

    assert at - found[0][0] == timedelta(seconds=1)


async def test_one_chat_with_much_to_say_holds_nobody_up() -> None:
    """Fifty messages to one chat in the same lane: the others go at once."""
    found = await sent([*[(1, "answer", 0.0)] * 50, *[(chat, "answer", 0.0) for chat in range(2, 12)]])  # type: ignore[list-item]

    assert {at for at, chat, *_ in found if chat != 1} == {found[0][0]}


async def test_a_chat_that_is_refused_waits_and_no_other() -> None:
    """After a 429 that chat's turns come when Telegram said, those of another chat at once."""
    clock = Stepping()
    limiter = Limiter(clock)
    began = clock.now()
    limiter.hold(1, timedelta(seconds=40))
    found = await sent([(1, "answer", 0), (1, "answer", 0), (2, "answer", 0)], limiter, clock)

    assert [(chat, (at - began).total_seconds()) for at, chat, *_ in found] == [(2, 0), (1, 40), (1, 40)]


async def test_a_turn_that_waits_already_waits_longer() -> None:
    """A 429 that comes while others of the chat wait holds those too."""
    clock = Stepping()
    limiter = Limiter(clock)
    began = clock.now()
    seconds: list[float] = []

    async def one() -> None:
        await limiter.turn(1, group=False, lane="answer")
        seconds.append((clock.now() - began).total_seconds())

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(one())
        await clock.run(began + timedelta(seconds=0.5))
        limiter.hold(1, timedelta(seconds=9))
        await clock.run()

    assert seconds == [0, 0, 0, 9.5, 9.5]


async def test_two_chats_refused_together_hold_all() -> None:
    """Two private chats within a moment: it is the bot that is too fast. Two groups say nothing of the kind."""
    clock = Stepping()
    limiter = Limiter(clock)
    for chat in (-1, -2):
        limiter.hold(chat, timedelta(seconds=40))
    before = await sent([(7, "answer", 0)], limiter, clock)
    for chat in (1, 2):
        limiter.hold(chat, timedelta(seconds=7))
    after = await sent([(8, "answer", 0)], limiter, clock)

    assert after[0][0] - before[0][0] == timedelta(seconds=7)


async def test_who_is_cancelled_has_taken_nothing() -> None:
    """Twenty of a chat's turns are given up while they wait: the next comes as if they had never been."""
    clock = Stepping()
    limiter = Limiter(clock)
    began = clock.now()
    waiting = [asyncio.ensure_future(limiter.turn(1, group=False, lane="answer")) for _ in range(23)]
    await clock.run(began + timedelta(milliseconds=1))
    for one in waiting:
        one.cancel()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    found = await sent([(1, "answer", 0)], limiter, clock)

    assert [type(one) for one in ended].count(asyncio.CancelledError) == 20
    assert found[0][0] - began < timedelta(seconds=1.1)


async def test_idle_buckets_are_dropped() -> None:
    """Ten thousand chats, one message each: only those of the last moments are remembered; who waits is never lost."""
    clock = Stepping()
    limiter = Limiter(clock)
    limiter.hold(-5, timedelta(hours=2))
    held = asyncio.ensure_future(limiter.turn(-5, group=True, lane="answer"))
    await asyncio.sleep(0)
    await sent([(chat, "timed", chat / 20) for chat in range(1, 10_001)], limiter, clock)
    await held

    assert len(limiter._chats) <= 2 * BUCKETS_KEPT
    assert clock.now() - Stepping().now() == timedelta(hours=2)


async def test_waits_are_counted() -> None:
    """Three go at once, the fourth has to wait."""
    clock = Stepping()
    limiter = Limiter(clock)
    found = await sent([(1, "answer", 0.0)] * 4, limiter, clock)

    assert limiter.waits == 1
    assert [a[0] <= b[0] for a, b in pairwise(found)] == [True] * 3


@pytest.mark.parametrize("lane", LANES)
async def test_each_lane_has_its_share(lane: Lane) -> None:
    """A full lane takes 30, 28 or 25 a second, less the margin for the wire."""
    found = await sent([(chat, lane, 0) for chat in range(1, 200)])

    assert most([at for at, *_ in found], 1) == {"answer": 30, "timed": 28, "pushed": 25}[lane]


async def test_a_clock_that_is_set_back_holds_nobody() -> None:
    """What lay ahead by the old clock is forgotten: nobody waits for an hour that comes twice."""
    clock = Stepping()
    limiter = Limiter(clock)
    began = clock.now()
    await sent([(1, "answer", 0.0)] * 3, limiter, clock)
    limiter.hold(1, timedelta(minutes=10))
    clock.set(began - timedelta(hours=1))
    found = await sent([(1, "answer", 0.0)], limiter, clock)

    assert [at for at, *_ in found] == [began - timedelta(hours=1)]


async def test_who_waits_already_is_not_held_by_a_clock_that_is_set_back() -> None:
    """An hour back, who waits for a group waits no longer than was left, and nobody behind them does."""
    clock = Stepping()
    limiter = Limiter(clock)
    began = clock.now()
    await sent([(-1, "answer", 0.0)] * 20, limiter, clock)
    waits = [asyncio.ensure_future(limiter.turn(-1, group=True, lane="answer")) for _ in range(3)]
    await clock.step(clock.now())
    clock.set(began - timedelta(hours=1))
    await clock.run()

    assert [one.done() for one in waits] == [True] * 3
    assert clock.now() - (began - timedelta(hours=1)) < timedelta(minutes=2)


async def test_how_long_a_chat_has_to_wait() -> None:
    """A chat that was refused tells until when; one that nothing went to does not wait."""
    clock = Stepping()
    limiter = Limiter(clock)
    limiter.hold(1, timedelta(minutes=10))

    assert limiter.held_until(1) == clock.now() + timedelta(minutes=10)
    assert limiter.held_until(2) < clock.now()
