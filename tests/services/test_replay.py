"""Replay through the real use cases: whatever a learner does, what is stored is the fold over it."""

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import StudyBotError
from bot.domain.kind import HINT, NO, SUBMIT, UNKNOWN, YES, Given
from bot.domain.prompt import Text
from bot.domain.question import AskId, QuestionId, SetId
from bot.ports.chat import Incoming
from bot.ports.reads import Person, Wish
from bot.services import remembering
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.services.conftest import DRAFTS, Standing, reading

HELLO = Incoming("text", "test", "lin", "room", "")
BEGIN = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKENS = (UNKNOWN, HINT, SUBMIT, YES, NO, "0", "0", "1", "2")
TEXTS = (("二",), ("而",), ("别的",), ())
STEPS = (
    "answer",
    "answer",
    "answer",
    "round",
    "again",
    "undo",
    "guess",
    "report",
    "mark",
    "end",
    "settings",
    "wait",
    "set_back",
)


@dataclass
class Life:
    """A learner of six questions, of every kind, who does whatever the dice say; what they cannot do they are told."""

    services: Services
    clock: Standing
    dice: random.Random
    set_id: SetId
    hello: Incoming = HELLO
    ask: AskId | None = None

    async def person(self) -> Person:
        found = await self.services.accounts.known(self.hello)
        return found or await self.services.accounts.welcomed(self.hello, "zh-Hans", with_set=True)

    @property
    def store(self) -> Store:
        store = self.services.study.house.storage
        assert isinstance(store, Store)
        return store

    async def questions(self) -> list[QuestionId]:
        return [question.id for question, _ in await self.store.contents(self.set_id)]

    async def answered(self) -> list[QuestionId]:
        """The questions that have a memory: the buttons for a word on one stand below an answer."""
        learner = (await self.person()).learner.id
        found = [await self.store.history(learner, question) for question in await self.questions()]
        return [one.memory.question_id for one in found if one is not None and one.memory is not None]

    async def answer(self) -> None:
        """The next question, given whatever comes until it is decided."""
        asked = await self.services.study.next(await self.person(), beyond=True)
        if asked is not None:
            await self._answered(asked.ask.id)

    async def round(self) -> None:
        wish = Wish(self.dice.choice(("new", "missed", "order")), in_set=self.set_id)
        started = await self.services.rounds.start(await self.person(), wish, Text("menu.new"))
        if started is not None:
            await self._answered(started[1].ask.id)

    async def again(self) -> None:
        """The ask before, whether it was answered, undone or neither."""
        if self.ask is not None:
            await self._answered(self.ask)

    async def _answered(self, ask: AskId) -> None:
        self.ask = ask
        for _ in range(4):
            given_ = Given(self.dice.choice(TOKENS)) if self.dice.random() < 0.7 else Given("", self.dice.choice(TEXTS))
            await self.services.study.answer(await self.person(), ask, given_)

    async def undo(self) -> None:
        await self.services.undoing.last(await self.person())

    async def guess(self) -> None:
        person = await self.person()
        answers = await self.store.last_answers(person.learner.id, BEGIN.date() - timedelta(days=1), 30)
        if answers:
            await self.services.undoing.guessed(person, self.dice.choice(answers).id)

    async def report(self) -> None:
        sitting = None if self.ask is None else await self.services.study.sitting(await self.person(), self.ask)
        if sitting is not None:
            card = sitting.card
            await self.services.marks.report(await self.person(), card.question.id, card.revision.id, "key")

    async def mark(self) -> None:
        act = self.dice.choice((self.services.marks.suspend, self.services.marks.restore))
        if answered := await self.answered():
            await act(await self.person(), self.dice.choice(answered))

    async def end(self) -> None:
        person = await self.person()
        history = await self.store.history(person.learner.id, self.dice.choice(await self.questions()))
        if history is not None and history.marks:
            await self.services.marks.end(person, self.dice.choice(history.marks).id)

    async def settings(self) -> None:
        what = self.dice.choice(({"retention": 0.8}, {"retention": 0.95}, {"goal": 1}, {"zone": "Pacific/Kiritimati"}))
        what = self.dice.choice((what, {"zone": "Pacific/Pago_Pago"}))  # a day earlier: the study day stands still
        await self.services.accounts.change(await self.person(), **what)

    async def wait(self) -> None:
        self.clock.pass_by(hours=self.dice.choice((1, 9, 24, 50, 24 * 9, 24 * 70)))

    async def set_back(self) -> None:
        """Somebody sets the machine's clock back."""
        self.clock.pass_by(hours=-self.dice.choice((1, 9, 50)))

    async def happen(self, name: str) -> None:
        self.clock.pass_by(seconds=self.dice.choice((0, 1, 700)))
        act: Callable[[], Awaitable[None]] = getattr(self, name)
        with suppress(StudyBotError):
            await act()

    async def check(self) -> None:
        """Each question's stored memory is the fold over its history."""
        person = await self.person()
        for question in await self.questions():
            history = await self.store.history(person.learner.id, question)
            assert history is not None
            if history.memory is None:
                assert (history.answers, history.reschedules) == ((), ())
            else:
                assert history.memory == remembering.folded(person.learner, history, question)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("replay") / "template.db"
    migrate(path)
    return path


async def lived(path: Path, names: list[str], seed: int) -> None:
    store = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    try:
        clock, dice = Standing(), random.Random(seed)  # noqa: S311 - the dice of a test
        services = Services(House(store, clock, dice, Ids(dice)), zone="UTC", bundled={"zh-Hans": "sums"})
        done = await services.importing.read(reading(*DRAFTS), "sums", source="1")
        life = Life(services, clock, dice, done.set.id)
        for name in names:
            await life.happen(name)
            await life.check()
    finally:
        await store.close()


@settings(max_examples=40)  # each a database of its own
@given(st.lists(st.sampled_from(STEPS), min_size=5, max_size=25), st.integers(0, 2**32))
def test_what_is_stored_is_the_fold(template: Path, names: list[str], seed: int) -> None:
    """After each of any answers, undos, guesses, reports, marks, settings and days, through the real use cases."""
    path = template.with_name("life.db")
    shutil.copy(template, path)
    asyncio.run(lived(path, names, seed))
    path.unlink()
