"""Very many learners due in one minute, by Telegram's limits, while others wait for answers: what it takes."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

import psutil
import pytest

from tests.fakes.telegram_chats import Person
from tests.life.busy import Learner
from tests.life.crowd import CODE, Waiting, moved_in
from tests.life.phones import TelegramPhone
from tests.life.torment import ANSWERS, DAILY
from tests.life.town import Town, town

ANSWERING = 5
ADDED = 10_000
PAUSE_S = 1.25  # between two presses of one person: a chat takes one message a second
LOOK_S, PATIENCE_S = 0.5, 60
LEAST_RATE = 10  # messages a second: Telegram takes 30
MOST_MB = 200
WAITING = "SELECT count(*) FROM outbox"
PUSHED = "SELECT count(*), count(DISTINCT learner_id), count(DISTINCT ask_id) FROM push"


@dataclass
class Rush:
    """How it went: seconds that presses waited for their verdicts, and the program's memory in MB."""

    due: int
    learners: list[Learner] = field(default_factory=list)  # who answered meanwhile
    waits: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    took_s: float = 0

    def __str__(self) -> str:
        p50, p95 = 1000 * median(self.waits), 1000 * quantiles(self.waits, n=20)[-1]
        rate = self.due / self.took_s
        return (
            f"{self.due} due in one minute: delivered in {self.took_s:.1f} s ({rate:.1f}/s); "
            f"{len(self.waits)} answers meanwhile, p50 {p50:.0f} ms, p95 {p95:.0f} ms; "
            f"memory {self.megabytes[0]:.0f} MB before, {max(self.megabytes):.0f} MB at most"
        )


def noon() -> tuple[datetime, str]:
    """Now, and a zone in which it is about noon: no study day begins or ends meanwhile."""
    now = datetime.now(UTC)
    return now, f"Etc/GMT{now.hour - 12:+d}" if now.hour != 12 else "Etc/GMT"


async def rush(folder: Path, due: int) -> Rush:
    """So many daily questions that come due at once, in the machine's own time."""
    now, zone = noon()
    crowd = [Waiting(ADDED + place, now) for place in range(due)]
    await moved_in(folder / "study.db", crowd, questions=300, zone=zone)
    done = Rush(due)
    async with town(folder, opened=False) as found:
        found.telegram.limit()
        sleepers = [found.telegram.person("sleeper", number=one.number) for one in crowd]
        for one in sleepers:
            one.started = True
        await found.open()
        answering = (answers(found, number, done) for number in range(ANSWERING))
        await asyncio.gather(deliveries(found, sleepers, done), *answering)
        whole(found, sleepers, done)
    return done


def whole(found: Town, sleepers: Sequence[Person], done: Rush) -> None:
    """Who was due has one message, a question with its buttons; who answered has a verdict each, stored once."""
    shown = [
        [(DAILY in one.text, bool(one.rows), one.deleted) for one in who.chat.messages.values()] for who in sleepers
    ]
    answered = Counter(ask for one in done.learners for ask in one.answered)

    assert shown == [[(True, True, False)]] * done.due
    assert found.program.rows(PUSHED) == [(done.due, done.due, done.due)]
    assert [set(one.answered) - one.told for one in done.learners] == [set()] * ANSWERING
    assert Counter(ask for (ask,) in found.program.rows(ANSWERS)) == answered


async def deliveries(found: Town, sleepers: list[Person], done: Rush) -> None:
    """Looks now and then whether all have theirs, and what the program holds."""
    process = found.program.process
    assert process is not None
    memory, began = psutil.Process(process.pid), time.perf_counter()
    while not all(one.chat.messages for one in sleepers) or found.program.rows(WAITING) != [(0,)]:
        done.megabytes.append(memory.memory_info().rss / 1e6)
        await asyncio.sleep(LOOK_S)
        assert time.perf_counter() < began + PATIENCE_S + len(sleepers) / LEAST_RATE
    done.took_s = time.perf_counter() - began


async def answers(found: Town, number: int, done: Rush) -> None:
    """Somebody who answers meanwhile, as fast as a chat takes messages."""
    learner = Learner(TelegramPhone(found.telegram.person(f"busy{number}")), Random(number))  # noqa: S311 - choices
    done.learners.append(learner)
    learner.phone.opens(CODE)
    while not done.took_s:
        asked = len(learner.answered)
        if learner.acts() and len(learner.answered) > asked:
            began = time.perf_counter()
            await found.telegram.until(lambda: set(learner.answered) <= learner.told, PATIENCE_S)
            done.waits.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_S)


@pytest.mark.parametrize("due", [500, pytest.param(10_000, marks=pytest.mark.torture)])
async def test_many_due_in_one_minute(due: int, tmp_path: Path) -> None:
    """Five hundred, a twentieth, or all: each gets one message, who answers meanwhile is answered, memory is bounded.

    How long that took is printed, and judged by who reads it.
    """
    done = await rush(tmp_path, due)
    print(done)  # noqa: T201 - the figures

    assert max(done.megabytes) < MOST_MB
    assert all(one.answered for one in done.learners)
    assert len(done.waits) == sum(len(one.answered) for one in done.learners)
