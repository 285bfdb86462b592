"""A server where the bot runs with its whole core over the wire: who is there, and what they see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.__main__ import menu
from bot.commands import ANSWERS
from bot.router import Router
from bot.services.ids import Ids
from bot.services.post import Bell, Counts, Sender, Ticker
from bot.services.services import Services
from bot.services.today import House
from bot.storage.store import Store
from bot.texts import language_of
from tests.fakes.dice import Straight
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import Interaction
from tests.fakes.discord_messages import Message
from tests.fakes.discord_people import Person
from tests.fakes.wired_discord import Menu, Wired

MENU = Menu(menu(), ANSWERS)


@dataclass
class Campus:
    """A server where the bot runs with its whole core; ``hua`` manages it, ``lin`` and ``zhou`` are members."""

    wire: Wired
    services: Services
    daily: Channel
    people: dict[str, Person]
    asked: list[Interaction] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    async def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        return await rows(self.wire, table)

    async def uses(self, who: Person, words: str, channel: Channel | None = None) -> str:
        return await self._told(who, who.uses(words, channel=channel), channel)

    async def presses(self, who: Person, label: str, channel: Channel | None = None) -> str:
        return await self._told(who, who.presses(label, channel=channel), channel)

    async def forges(self, who: Person, action: str, message: Message, **more: Any) -> str:
        return await self._told(who, who.forges(action, message, **more), message.channel)

    async def _told(self, who: Person, asked: Interaction | None, channel: Channel | None) -> str:
        """What the person sees afterwards that was not there before."""
        assert asked is not None
        self.asked.append(asked)
        before = {(one.id, one.text) for one in self.seen(who, channel)}
        await self.wire.quiet()
        return "\n".join(one.text for one in self.seen(who, channel) if (one.id, one.text) not in before)

    def seen(self, who: Person, channel: Channel | None = None) -> list[Any]:
        return [one for one in (channel or who.dm).seen(who) if not one.by]

    def newest(self, who: Person, channel: Channel | None = None) -> Message:
        """The newest message of the bot's that somebody has before them."""
        return [one for one in (channel or who.dm).shown_to(who) if one.author is None][-1]

    async def until(self, instant: datetime) -> None:
        """Time passes, from timer to timer."""
        while (due := self.wire.clock.next) is not None and due < instant:
            self.wire.clock.set(due)
            await self.wire.quiet()
        self.wire.clock.set(instant)
        await self.wire.quiet()


async def rows(wire: Wired, table: str) -> Sequence[tuple[object, ...]]:
    """What stands in a table."""
    query = f"SELECT * FROM {table}"  # noqa: S608 - a name that stands in this file
    return await wire.engine.read(lambda db: [tuple(row) for row in db.execute(query)])


def services(wire: Wired) -> Services:
    """The whole core over the wire's database, at work: timers ring, and what the bot says first is sent."""
    dice, clock = Straight(7), wire.clock
    house = House(Store(wire.engine), clock, dice, Ids(dice))
    bundled = {"zh-Hans": "sums", "en": "sums"}
    made = Services(house, "Asia/Shanghai", bundled, platforms={"discord"}, wires={"discord": wire.adapter})
    router, bells = Router(made, language_of), (Bell(clock), Bell(clock))

    def ring() -> None:
        for bell in bells:
            bell.ring()

    wire.core, wire.engine.on_post, wire.adapter.aloud = router.handle, ring, made.groups.aloud
    wire.adapter.start(Ticker(wire.post, clock, bells[0], router.wake, wire.adapter.start).run())
    wire.adapter.start(Sender("discord", wire.adapter, wire.post, clock, bells[1], wire.adapter.start, Counts()).run())
    return made


async def set_up(campus: Campus) -> int:
    """The daily question comes to the channel at noon; the room's id."""
    await campus.uses(campus.hua, "/setup", campus.daily)
    campus.hua.picks_channel("daily", channel=campus.daily)
    await campus.wire.quiet()
    await campus.presses(campus.hua, "每天 12:00", campus.daily)
    await campus.presses(campus.hua, "算术 · 6 题", campus.daily)
    (found,) = await campus.rows("course")
    return int(str(found[0]))
