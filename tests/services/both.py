"""A house that talks on two platforms, and people who speak from both: what they see, as a story lists it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.question import QuestionId, Reading
from bot.ports.chat import Incoming, Reply
from bot.ports.reads import Person
from bot.router import Router
from bot.services import remembering
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words, language_of
from tests.fakes.clock import Hands
from tests.fakes.dice import Straight
from tests.fakes.wire import Seen
from tests.services.town import instant
from tests.stories import view
from tests.stories.office import Office, working

WORDS = Words("zh-Hans", "zh-Hans")


@dataclass
class Both:
    """Telegram and Discord over one database, in Shanghai; the clock shows noon of Monday, November 23.

    Somebody's private room has the name of the platform and theirs, for both platforms lead to the same screens.
    """

    store: Store
    services: Services
    router: Router
    office: Office
    shown: dict[str, dict[str, str]] = field(default_factory=dict)  # actions by label, by room

    async def telegram(self, words: str, who: str = "lin", **more: Any) -> str:
        """What is answered there to a line; in brackets it is a press."""
        return await self._said("telegram", words, who, **more)

    async def discord(self, words: str, who: str = "lin", **more: Any) -> str:
        return await self._said("discord", words, who, **more)

    async def terminal(self, words: str, who: str = "lin", **more: Any) -> str:
        """Where nothing can be said first."""
        return await self._said("terminal", words, who, **more)

    async def _said(self, platform: str, words: str, who: str, **more: Any) -> str:
        room = f"{platform}:{who}"
        incoming = Incoming("text", platform, room, room, words, language="zh-Hans", **more)
        if words.startswith("["):
            action = self.shown[incoming.room][words[1:-1]]
            incoming = Incoming("press", platform, room, room, action, language="zh-Hans", **more)
        elif words.startswith("/"):
            incoming = Incoming("command", platform, room, room, words, language="zh-Hans", **more)
        said = await self.router.handle(incoming)
        await self.office.settled()
        return "\n".join(self._drawn(incoming.room, reply) for reply in said.replies)

    def _drawn(self, room: str, reply: Reply) -> str:
        self.shown.setdefault(room, {}).update(view.pressable(reply, WORDS))
        return view.told(reply, WORDS).replace("\n  ", "\n")

    async def at(self, clock: str) -> list[tuple[str, str]]:
        """Moves the clock to a day of November and an hour, as "24 07:30"; what the bot says first, and where."""
        before, last = await self.office.move(instant(clock))
        return self.seen(*before, *last)

    def news(self) -> list[tuple[str, str]]:
        """What the bot said first, or changed, since this was asked last."""
        return self.seen(*self.office.screens.taken())

    def seen(self, *what: Seen) -> list[tuple[str, str]]:
        gone = ("deleted", "stripped")
        return [(one.room, one.what if one.what in gone else self._drawn(one.room, one.reply)) for one in what]

    async def person(self, platform: str = "telegram", who: str = "lin") -> Person:
        room = f"{platform}:{who}"
        found = await self.store.person(platform, room, room)
        assert found is not None
        return found

    async def questions(self) -> list[QuestionId]:
        found = await self.store.set("sums")
        assert found is not None
        return [question.id for question, _ in await self.store.contents(found.id)]

    async def answers(self, platform: str, *given: str, who: str = "lin") -> None:
        """So many questions asked and answered there, one after the other, a minute apart."""
        for words in given:
            self.office.clock.set(self.office.clock.now() + timedelta(minutes=1))
            await self._said(platform, "/study", who, first=True)
            await self._said(platform, words, who)

    async def check(self, platform: str, who: str = "lin") -> int:
        """Every stored memory is the fold over the learner's history; how many there are."""
        person = await self.person(platform, who)
        found = await self.store.histories(person.learner.id)
        for question, history in found.items():
            assert history.memory == remembering.folded(person.learner, history, question)
        return len(found)


@asynccontextmanager
async def built(store: Store, contents: Reading) -> AsyncIterator[Both]:
    clock, dice = Hands(instant("23 12:00")), Straight(7)
    house = House(store, clock, dice, Ids(dice))
    places = {"telegram", "discord"}
    services = Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"}, platforms=places)
    await services.importing.read(contents, "sums", source="1")
    router, engine = Router(services, language_of), store.engine
    assert isinstance(engine, SqliteStorage)
    async with working(engine, router.wake, clock) as office:
        yield Both(store, services, router, office)
