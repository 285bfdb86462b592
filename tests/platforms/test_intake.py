"""The intake by itself: what was left of the last time is read in pieces, and every arrival is answered in order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.platforms.intake import FORGOTTEN_AT, MOST_WAITING, Attempt, Intake
from bot.ports.post import Arrival, Placed
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from tests.fakes.clock import Frozen

PEOPLE, EACH, HOG = 60, 12, 700


@dataclass(frozen=True, slots=True)
class Slow(Outbox):
    """An inbox that forgets only when it may."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def take_in(
        self, arrivals: Sequence[Arrival], finished: Sequence[str] = (), placed: Sequence[Placed] = ()
    ) -> None:
        self.asked.set()
        await self.may.wait()
        await Outbox.take_in(self, arrivals, finished, placed)


async def test_what_was_left_goes_on_in_pieces(tmp_path: Path) -> None:
    """More than a piece of many people, and of one alone: all are answered in order, and few wait in memory."""
    await asyncio.to_thread(migrate, tmp_path / "post.db")
    engine = await SqliteStorage.open(tmp_path / "post.db", synchronous="NORMAL")
    post, clock = Outbox(engine), Frozen()
    who = [str(number % PEOPLE) for number in range(PEOPLE * EACH)] + ["hog"] * HOG
    left = [Arrival(f"telegram:{at}", "telegram", one, "{}", clock.now()) for at, one in enumerate(who)]
    await post.take_in(left)
    answered: dict[str, list[str]] = defaultdict(list)
    waiting: list[int] = []

    async def answer(arrival: Arrival, attempt: Attempt) -> None:
        assert attempt.said is None
        answered[arrival.account].append(arrival.id)
        waiting.append(max(len(queue.waiting) for queue in intake.queues.values()))

    async with asyncio.TaskGroup() as tasks:
        intake = Intake("telegram", post, clock, answer, tasks.create_task)
        ids = await intake.begin()
    rest = await post.owed("telegram")
    await engine.close()

    assert ids == [arrival.id for arrival in left]
    assert dict(answered) == {one: [arrival.id for arrival in left if arrival.account == one] for one in set(who)}
    assert max(waiting) <= MOST_WAITING
    assert rest == ()


async def test_what_was_answered_is_not_answered_again(tmp_path: Path) -> None:
    """While one person waits for an answer, and nobody comes, the others are forgotten: a crash owes them nothing."""
    await asyncio.to_thread(migrate, tmp_path / "post.db")
    engine = await SqliteStorage.open(tmp_path / "post.db", synchronous="NORMAL")
    post, clock, may = Outbox(engine), Frozen(), asyncio.Event()
    await post.take_in(
        [Arrival(f"telegram:{at}", "telegram", str(at), "{}", clock.now()) for at in range(3 * FORGOTTEN_AT)]
    )

    async def answer(arrival: Arrival, attempt: Attempt) -> None:
        del attempt
        if arrival.account == "0":
            await may.wait()

    async with asyncio.TaskGroup() as tasks:
        intake = Intake("telegram", post, clock, answer, tasks.create_task)
        await intake.begin()
        left = await post.owed("telegram")
        while len(left) > FORGOTTEN_AT:
            left = await post.owed("telegram")
        may.set()
    await engine.close()

    assert left[0].id == "telegram:0"


async def test_who_leaves_has_forgotten_what_was_answered(tmp_path: Path) -> None:
    """The row of the last answer is gone when it has left, however slow the disk: the next start owes nobody."""
    await asyncio.to_thread(migrate, tmp_path / "post.db")
    engine = await SqliteStorage.open(tmp_path / "post.db", synchronous="NORMAL")
    post, clock = Slow(engine), Frozen()
    await Outbox(engine).take_in([Arrival("telegram:1", "telegram", "lin", "{}", clock.now())])

    async def answer(arrival: Arrival, attempt: Attempt) -> None:
        del arrival, attempt

    async with asyncio.TaskGroup() as tasks:
        intake = Intake("telegram", post, clock, answer, tasks.create_task)
        await intake.begin()
        await post.asked.wait()
        leaving = tasks.create_task(intake.leave())
        await asyncio.sleep(0)
        early = leaving.done()
        post.may.set()
        await leaving
        rest = await post.owed("telegram")
    await engine.close()

    assert (early, rest) == (False, ())
