"""A house at work in a town: learners who are written to, and the clock that is moved."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.question import Reading
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Reply
from bot.ports.daily import Daily
from bot.ports.reads import Person
from bot.ports.rows import Question, Revision, Room
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words, language_of
from tests.fakes.clock import Hands
from tests.fakes.dice import Straight
from tests.fakes.wire import Seen
from tests.stories.office import Office, working

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = Words("zh-Hans", "zh-Hans")


@dataclass
class Town:
    """The whole house at work, in Shanghai; the clock shows noon of Monday, November 23."""

    store: Store
    services: Services
    router: Router
    office: Office
    pressable: dict[str, str] = field(default_factory=dict)  # actions of what was shown last, by label

    async def say(self, words: str, who: str = "lin") -> list[str]:
        """What is answered."""
        kind: Any = "command" if words.startswith("/") else "text"
        return await self._hear(Incoming(kind, "telegram", who, who, words, language="zh-Hans"))

    async def press(self, label: str, who: str = "lin") -> list[str]:
        return await self._hear(Incoming("press", "telegram", who, who, self.pressable[label], language="zh-Hans"))

    async def _hear(self, incoming: Incoming) -> list[str]:
        said = await self.router.handle(incoming)
        await self.office.settled()
        for reply in said.replies:
            self._offer(reply)
        return [first(reply) for reply in said.replies]

    async def at(self, clock: str) -> list[str]:
        """Moves the clock to a day of November and an hour, as "24 07:30"; what the bot says or takes away."""
        return told(self._seen(await self.office.move(instant(clock))))

    async def jumps(self, clock: str) -> list[str]:
        """The same, while the program does not run."""
        self.office.clock.set(instant(clock))
        await self.office.settled()
        return told(self._seen(([], self.office.screens.taken())))

    def _seen(self, seen: tuple[list[Seen], list[Seen]]) -> list[Seen]:
        whole = [*seen[0], *seen[1]]
        for one in whole:
            self._offer(one.reply)
        return whole

    def _offer(self, reply: Reply) -> None:
        extras = (*reply.prompt.choices, *reply.prompt.extras) if reply.prompt else ()
        choices = [*extras, *(choice for row in reply.rows for choice in row)]
        self.pressable |= {WORDS.say(choice.label): choice.action for choice in choices}

    async def comes(self, *hours: int, who: str = "lin", **what: Any) -> Person:
        """A learner with daily questions at those hours; ``what`` else is known of them."""
        await self.say("/start", who)
        person = await self.person(who)
        if what:
            person = await self.services.accounts.change(person, **what)
        await self.services.dailies.at(person, hours[0])
        if hours[1:]:
            daily = await self.services.dailies.of(person)
            await self.services.dailies.change(person, replace(daily, hours=hours))
        await self.office.settled()
        return person

    async def person(self, who: str = "lin") -> Person:
        found = await self.store.person("telegram", who, who)
        assert found is not None
        return found

    async def daily(self) -> Daily:
        found = await self.store.daily((await self.person()).learner.id)
        assert found is not None
        return found

    async def contents(self) -> tuple[tuple[Question, Revision], ...]:
        found = await self.store.set("sums")
        assert found is not None
        return await self.store.contents(found.id)

    async def gone(self, who: str = "lin") -> None:
        person = await self.person(who)
        now = self.office.clock.now()
        row = Room(person.room_id, "telegram", who, now, gone_at=now)
        await self.store.commit(Changes(updates=(row,)))


def instant(clock: str) -> datetime:
    day, _, hour = clock.partition(" ")
    return datetime.fromisoformat(f"2026-11-{int(day):02} {hour}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def first(reply: Reply) -> str:
    """The first line of a message."""
    block = reply.prompt.stem[0] if reply.prompt else reply.blocks[0]
    return WORDS.say(block).partition("\n")[0]


def told(seen: Sequence[Seen]) -> list[str]:
    return [first(one.reply) if one.what == "new" else f"({one.what})" for one in seen]


@asynccontextmanager
async def built(store: Store, contents: Reading) -> AsyncIterator[Town]:
    """A town where those questions are studied."""
    clock, dice = Hands(instant("23 12:00")), Straight(7)
    house = House(store, clock, dice, Ids(dice))
    services = Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"}, platforms={"telegram"})
    await services.importing.read(contents, "sums", source="1")
    router, engine = Router(services, language_of), store.engine
    assert isinstance(engine, SqliteStorage)
    async with working(engine, router.wake, clock) as office:
        yield Town(store, services, router, office)
