"""Answers a second through the whole core, against the same statements in bare sqlite3, one commit each.

An answer is the press that answers: router, command, grading, memory, one read and one commit, the reply as a
value. The questions are asked beforehand, for the core and for the floor alike.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.app import settle
from bot.clock import SystemClock
from bot.domain.question import Draft, Option, Reading
from bot.platforms.discord.update import own_room
from bot.ports.changes import Changes
from bot.ports.chat import Incoming
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage import sqlite as engine
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.storage.tables import Reader
from tests.bench.figure import Figure

LEARNERS = 64
TIMES = 5
FLOOR = "the same statements, bare sqlite3, a commit each"
Statement = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Core:
    """The program without a platform, on one database file."""

    engine: SqliteStorage
    store: Store
    services: Services
    router: Router

    @classmethod
    async def opened(cls, path: Path, platforms: Collection[str] = ()) -> "Core":
        engine = await SqliteStorage.open(path)
        store = Store(engine)
        dice = Random(1)  # noqa: S311 - a benchmark's dice
        services = Services(
            House(store, SystemClock(), dice, Ids(dice)),
            zone="Asia/Shanghai",
            bundled={"zh-Hans": "sums"},
            platforms=platforms,
        )
        settle()
        return cls(engine, store, services, Router(services, lambda _tag: "zh-Hans"))


def hello(learner: int, words: str, kind: str = "command", platform: str = "bench") -> Incoming:
    room = own_room(str(learner)) if platform == "discord" else str(learner)
    return Incoming(kind, platform, str(learner), room, words, language="zh-Hans")  # type: ignore[arg-type]


async def prepared(path: Path, learners: int, each: int, platform: str = "bench") -> list[list[Incoming]]:
    """A database with learners who wait before ``each`` questions; the presses that answer them."""
    migrate(path)
    core = await Core.opened(path)
    options = (Option("one"), Option("two"), Option("three"), Option("four"))
    drafts = tuple(Draft("single", f"Question {n}?", options=options, right=(n % 4,)) for n in range(each + 1))
    await core.services.importing.read(Reading("Sums", drafts, code="sums"), "sums", source="1")
    presses = [await waiting(core, learner, each, platform) for learner in range(learners)]
    await core.store.close()
    return presses


async def waiting(core: Core, learner: int, each: int, platform: str) -> list[Incoming]:
    start = hello(learner, "/start", platform=platform)
    await core.router.handle(start)
    person = await core.services.accounts.known(start)
    shelf = (await core.services.sets.shelves(person))[0] if person else None
    assert person is not None
    assert shelf is not None
    presses = []
    for question, _ in (await core.store.contents(shelf.set.id))[:each]:
        place = await core.store.place(person.learner.id)
        asked = await core.services.study.ask(person, question.id, place, purpose="study")
        presses.append(hello(learner, f"a:{asked.ask.id}:0", "press", platform))
    return presses


async def through_the_core(path: Path, presses: Sequence[Sequence[Incoming]]) -> float:
    """Seconds for all presses: each learner one after the other, the learners together."""
    core = await Core.opened(path)

    async def learner(mine: Sequence[Incoming]) -> None:
        for press in mine:
            await core.router.handle(press)

    began = time.perf_counter()
    await asyncio.gather(*map(learner, presses))
    took = time.perf_counter() - began
    (stored, _) = await core.services.numbers.totals()
    assert stored.answers == sum(map(len, presses)), stored
    await core.store.close()
    return took


@contextmanager
def recorded(batches: list[list[Statement]]) -> Iterator[None]:
    """Every statement run meanwhile: each batch is the reads before a commit, and the commit."""
    reads: list[Statement] = []

    class Recording(Reader):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if sql.lstrip().startswith("SELECT"):
                reads.append((sql, parameters))
            return super().execute(sql, parameters)

    planned = vars(engine)["plan"]

    def plan(changes: Changes) -> Any:
        steps = planned(changes)
        batches.append([*reads, *((sql, values) for sql, values, _ in steps)])
        reads.clear()
        return steps

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "Reader", Recording)
        patch.setattr(engine, "plan", plan)
        yield


def bare(path: Path, batches: Sequence[Sequence[Statement]]) -> float:
    """Seconds for the same statements in one thread of bare sqlite3, rows fetched, one commit a batch."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        for sql, values in batch:
            connection.execute(sql, values).fetchall()
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


async def figures(folder: Path, *, count: int) -> list[Figure]:
    """One learner alone, and 64 at once."""
    return [
        await _figure(folder / "one", 1, count, "answers/s, one learner", "≥ 0.25"),
        await _figure(folder / "many", LEARNERS, max(2, count // 10), "answers/s, 64 learners at once", "≥ 1.00"),
    ]


def copied(database: Path, name: str) -> Path:
    copy = database.with_name(name)
    shutil.copy(database, copy)
    return copy


async def _figure(folder: Path, learners: int, each: int, name: str, aim: str) -> Figure:
    folder.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    first = folder / "first.db"
    presses = await prepared(first, learners, each)
    batches: list[list[Statement]] = []
    with recorded(batches):
        await through_the_core(copied(first, "recorded.db"), presses)
    took, floor = [], []
    for turn in range(TIMES):  # by turns, for a disk has its moods
        took.append(await through_the_core(copied(first, f"core{turn}.db"), presses))
        floor.append(bare(copied(first, f"bare{turn}.db"), batches))
    total = learners * each
    return Figure(name, total / min(took), total / min(floor), "1/s", aim, f"{FLOOR}, best of {TIMES} each")
