"""A form opens at once: one read of the database, and none of it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Concatenate, ParamSpec, TypeVar

import pytest

from bot.domain.question import Draft
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Reader, Said
from bot.ports.people import Copy
from bot.router import Router
from bot.storage.store import Store
from bot.storage.turn import Engine
from bot.texts import language_of
from tests.services.conftest import DRAFTS, Standing, clock, reading, single, store  # noqa: F401 - fixtures
from tests.services.square import Town
from tests.services.test_groups import known, town_of

Given = ParamSpec("Given")
Result = TypeVar("Result")
Query = Callable[Concatenate[Connection, Given], Result]


@dataclass(slots=True)
class Counted:
    """An engine that counts what is asked of it."""

    engine: Engine
    asked: list[str] = field(default_factory=list)

    async def read(self, query: Query[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        self.asked.append(query.__name__)
        return await self.engine.read(query, *args, **kwargs)

    async def foresee(
        self, batches: Sequence[Changes], query: Query[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        self.asked.append(f"foresee {query.__name__}")
        return await self.engine.foresee(batches, query, *args, **kwargs)

    async def commit(self, *batches: Changes) -> None:
        self.asked.append("commit")
        await self.engine.commit(*batches)

    async def scrub(self) -> bool:
        return await self.engine.scrub()

    async def emptied(self) -> bool:
        return await self.engine.emptied()

    def copies(self) -> tuple[Copy, ...]:
        return self.engine.copies()

    async def close(self) -> None:
        await self.engine.close()


async def asked(store: Store, clock: Standing, draft: Draft) -> tuple[Town, Counted, str]:  # noqa: F811 - the fixtures
    """Mei was asked that; what counts what comes then, and the ask's id."""
    town, counted = town_of(store, clock), Counted(store.engine)
    await town.services.importing.read(reading(draft), "own", source="1")
    await town.says("mei", "/start set_own")
    town.router = Router(town.services.on(Store(counted)), language_of)
    place = await town.services.study.place(await known(town, "mei"))
    return town, counted, str(place.ask_id)


async def presses(town: Town, action: str, who: str = "mei", here: str = "") -> Said:
    return await town.router.handle(Incoming("press", "test", who, who, action, language="en", here=here))


@pytest.mark.parametrize("here", ["", "4711"], ids=["private", "channel"])
async def test_a_form_is_one_read(store: Store, clock: Standing, here: str) -> None:  # noqa: F811
    """A blank's, wherever it is opened, in its learner's words: by one query, and nothing is kept."""
    town, counted, ask = await asked(store, clock, DRAFTS[3])
    said = await presses(town, f"form:{ask}", here=here)
    (reply,) = said.replies

    assert counted.asked == ["opening"]
    assert (reply.form, said.reader) == (True, Reader("zh-Hans", "zh-Hans"))
    assert reply.prompt is not None
    assert (reply.prompt.kind, reply.prompt.fields) == ("blank", 1)


async def test_a_form_goes_on_where_the_answer_stands(store: Store, clock: Standing) -> None:  # noqa: F811
    """Of a case first the text, then which of its points were in it."""
    town, counted, ask = await asked(store, clock, DRAFTS[4])
    written = (await presses(town, f"form:{ask}")).replies[0].prompt
    await town.says("mei", "切开一个，每人一个半。")
    counted.asked.clear()
    points = (await presses(town, f"form:{ask}")).replies[0].prompt

    assert counted.asked == ["opening"]
    assert written is not None
    assert points is not None
    assert (written.takes, points.takes, len(points.choices)) == ("writing", "points", 2)


async def test_what_takes_more_to_say(store: Store, clock: Standing) -> None:  # noqa: F811
    """Answered before, where a press is enough, another's, none at all: told in words, and no form opens."""
    town, counted, ask = await asked(store, clock, DRAFTS[3])
    await town.says("mei", "二")
    await town.says("wei", "/help")
    told = [
        town.drawn((await presses(town, action, who)).replies[0], Reader("zh-Hans", "zh-Hans"))
        for action, who in ((f"form:{ask}", "mei"), (f"form:{ask}", "wei"), ("form:x", "mei"), ("form:7", "mei"))
    ]
    counted.asked.clear()
    (whatever,) = (await presses(town, "form:")).replies

    assert told == ["这题已经答过了：二。", *["这题不在了。发 /study 出新的。"] * 3]
    assert (whatever.form, whatever.prompt, counted.asked) == (True, None, ["person"])


async def test_where_a_press_is_enough_no_form_opens(store: Store, clock: Standing) -> None:  # noqa: F811
    """Its buttons are there."""
    town, _, ask = await asked(store, clock, single("一加一是几？"))
    (reply,) = (await presses(town, f"form:{ask}")).replies

    assert not reply.form
