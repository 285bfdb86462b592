"""Two accounts with any past, linked and taken apart again: what is stored is the fold, before, between and after."""

import asyncio
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.question import QuestionId
from bot.ports.chat import Incoming, Reply
from bot.ports.rows import MemoryRow
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.services.conftest import DRAFTS, Standing, reading
from tests.services.test_replay import STEPS, Life, template  # noqa: F401 - a fixture

Lived = list[tuple[int, str]]  # which of the two does what
HAPPENS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(STEPS)), max_size=12)


async def remembered(life: Life) -> Mapping[QuestionId, MemoryRow]:
    """What is stored of each question, but for how often it was written."""
    person = await life.person()
    found = await life.store.histories(person.learner.id)
    rows = [replace(one.memory, version=0, learner_id=0) for one in found.values() if one.memory]  # type: ignore[arg-type]
    return {row.question_id: row for row in rows}


async def happen(lives: list[Life], what: Lived) -> None:
    for who, name in what:
        await lives[who].happen(name)
        await lives[0].check()
        await lives[1].check()


async def lived(path: Path, what: tuple[Lived, Lived, Lived], seed: int) -> None:
    store = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    try:
        clock, dice = Standing(), random.Random(seed)  # noqa: S311 - the dice of a test
        services = Services(House(store, clock, dice, Ids(dice)), zone="UTC", bundled={"zh-Hans": "sums"})
        done = await services.importing.read(reading(*DRAFTS), "sums", source="1")
        hellos = [Incoming("text", platform, "lin", "lin", "") for platform in ("telegram", "discord")]
        lives = [Life(services, clock, dice, done.set.id, hello) for hello in hellos]
        before, between, after = what
        await happen(lives, before)
        apart = [await remembered(life) for life in lives]
        await linked(lives)
        await happen(lives, between)
        await services.linking.unlink(await lives[dice.randrange(2)].person())
        await happen(lives, after)
        if not between and not after:
            assert apart == [await remembered(life) for life in lives]
    finally:
        await store.close()


async def linked(lives: list[Life]) -> None:
    """The two are one, and each question of either is remembered from the answers of both."""
    one, other = lives
    code = await one.services.linking.code(await one.person())
    await other.services.linking.link(await other.person(), code, Reply())
    await one.check()

    assert (await one.person()).learner == (await other.person()).learner


@settings(max_examples=40)  # each a database of its own
@given(st.tuples(HAPPENS, HAPPENS | st.just([]), HAPPENS | st.just([])), st.integers(0, 2**32))
def test_what_is_stored_is_the_fold(template: Path, what: tuple[Lived, Lived, Lived], seed: int) -> None:  # noqa: F811
    """Linked, memory is that of both answer logs; apart again it is each side's own, with what came meanwhile."""
    path = template.with_name("lives.db")
    shutil.copy(template, path)
    asyncio.run(lived(path, what, seed))
    path.unlink()
