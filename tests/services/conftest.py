"""A house to live in: the real store over a real file, a clock that stands, dice that keep the order."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain.question import Blank as Gap
from bot.domain.question import Draft, Option, Part, Reading
from bot.ports.chat import Incoming, Reply
from bot.ports.reads import Person
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words, fold, language_of
from tests.services.town import Town, built


@dataclass
class Standing:
    """A clock that stands until it is set; nobody sleeps longer than it takes to set it on."""

    instant: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    async def sleep_until(self, instant: datetime) -> None:
        self.instant = max(self.instant, instant)

    def pass_by(self, **time: float) -> None:
        self.instant += timedelta(**time)


class Straight(Random):
    """Dice whose shuffles keep the order, a permutation like any other."""

    def sample(self, population: Sequence[int], k: int) -> list[int]:  # type: ignore[override]
        return list(population)[:k]


def single(stem: str, *, section: str = "甲", number: int | None = None, right: int = 1, **more: str) -> Draft:
    options = (Option("一", "太少。"), Option("二"), Option("三"))
    return Draft("single", stem, options=options, right=(right,), section=section, number=number, **more)  # type: ignore[arg-type]


DRAFTS = (
    single("一加一是几？", number=1, explanation="一个再添一个。", contrast="三太多。", reference="算术，第 1 节"),
    Draft("boolean", "二是偶数。", truth=True, section="甲", number=2),
    Draft(
        "multiple",
        "哪些是偶数？",
        options=(Option("二"), Option("四"), Option("五")),
        right=(0, 1),
        section="乙",
        number=1,
    ),
    Draft("blank", "____加二是四。", blanks=(Gap(("二", "2"), ("而",)),), section="乙", number=2),
    Draft(
        "case",
        "小明有三个苹果。",
        parts=(Part("怎样分给两个人？"),),
        model_answer="切开一个，每人一个半。",
        points=("切开一个", "每人一个半"),
        section="丙",
        number=1,
    ),
    Draft("case", "", parts=(Part("为什么？"),), model_answer="因为。", section="丙", number=2),
)


def reading(*drafts: Draft, title: str = "算术", code: str = "") -> Reading:
    return Reading(title=title, drafts=drafts, code=code, language="zh-Hans")


@dataclass
class Chat:
    """One person before the real core; labels are pressed by their words, as long as they are on screen."""

    router: Router
    services: Services
    clock: Standing
    account: str = "lin"
    shown: dict[str, str] = field(default_factory=dict)

    async def say(self, words: str) -> str:
        kind = "command" if words.startswith("/") else "text"
        return await self._send(kind, words)

    async def press(self, label: str) -> str:
        assert fold(label) in self.shown, (label, sorted(self.shown))
        return await self.act(self.shown[fold(label)])

    async def act(self, action: str) -> str:
        return await self._send("press", action)

    async def _send(self, kind: str, words: str) -> str:
        said = Words("zh-Hans", "zh-Hans")
        label = kind == "text" and said.is_label(words)
        incoming = Incoming(kind, "test", self.account, "room", words, language="zh-Hans", label=label)  # type: ignore[arg-type]
        replies = (await self.router.handle(incoming)).replies
        for reply in replies:
            self._offer(reply, said)
        return "\n".join(line for reply in replies for line in _lines(reply, said))

    def _offer(self, reply: Reply, said: Words) -> None:
        prompt = reply.prompt
        choices = [*prompt.choices, *prompt.extras] if prompt and prompt.open else []
        for choice in [*choices, *(choice for row in reply.rows for choice in row)]:
            for label in (said.say(choice.label), f"{choice.letter} {said.say(choice.label)}"):
                self.shown[fold(label)] = choice.action

    async def person(self) -> Person:
        incoming = Incoming("text", "test", self.account, "room", "")
        found = await self.services.accounts.known(incoming)
        assert found is not None
        return found


def _lines(reply: Reply, said: Words) -> list[str]:
    prompt = reply.prompt
    stem = [said.say(block) for block in prompt.stem] if prompt and (prompt.open or reply.redraw) else []
    options = [f"{choice.letter} {said.say(choice.label)}" for choice in prompt.choices] if prompt and stem else []
    notes = [said.say(note) for note in prompt.notes] if prompt and stem else []
    return [*stem, *options, *notes, *(said.say(block) for block in reply.blocks)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "study.db"
    migrate(path)
    opened = Store(await SqliteStorage.open(path))
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Standing:
    return Standing()


@pytest.fixture
def services(store: Store, clock: Standing) -> Services:
    dice = Straight(7)
    house = House(store, clock, dice, Ids(dice))
    return Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"})


NewChat = Callable[..., Awaitable[Chat]]


@pytest.fixture
def new_chat(services: Services, clock: Standing) -> NewChat:
    """A person who has just arrived; the set "sums" holds the drafts given."""

    async def made(*drafts: Draft, account: str = "lin", code: str = "pack") -> Chat:
        await services.importing.read(reading(*(drafts or DRAFTS), code=code), "sums", source="1")
        return Chat(Router(services, language_of), services, clock, account)

    return made


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """Learners who are written to."""
    async with built(store, reading(*DRAFTS, code="pack")) as town:
        yield town
