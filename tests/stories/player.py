"""Playing a story against the real house: router, services and a SQLite file, with a frozen clock and straight dice."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from bot.app import BUNDLED, read
from bot.domain.question import Draft, Reading
from bot.domain.script import to_script
from bot.ports.chat import Incoming
from bot.ports.rows import Question, Revision
from bot.ports.storage import Person
from bot.router import Router
from bot.services.accounts import SCRIPTS
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.migrate import migrate, shipped
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words, language_of
from tests.fakes.clock import Frozen
from tests.fakes.dice import Straight
from tests.stories import view
from tests.stories.notation import Line, Story
from tests.stories.past import Past
from tests.stories.terminal import Seat

PACKS = Path(__file__).parent / "packs"
ZONES = {"zh-Hans": "Asia/Shanghai", "zh-Hant": "Asia/Taipei", "en": "Europe/London"}
PACE = "5 s"

Arrange = Callable[[list[Draft]], list[Draft]]


@dataclass
class Player:
    """One story's house, and what its people see: messages with buttons (``seats`` empty), or the terminal."""

    story: Story
    store: Store
    services: Services
    router: Router
    clock: Frozen
    wire: Literal["telegram", "terminal"]
    pressable: dict[str, dict[str, str]] = field(default_factory=dict)  # every label shown, by person
    seats: dict[str, Seat] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.story)

    @property
    def who(self) -> str:
        """The person whose story it is: who speaks first."""
        return next(line.who for line in self.story.lines if line.kind == "said")

    async def answers(self, line: Line, listed: list[str]) -> list[str]:
        """What the bot says to one line of the story; in the terminal as ``listed``, where that is what it shows."""
        if line.kind == "clock":
            self.clock.set(moved(self.clock.now().astimezone(self.zone), line.text))
            return []
        self.clock.pass_by(timedelta(seconds=int(self.story.header.get("pace", PACE).split()[0])))
        if self.wire == "terminal":
            return await self._seat(line.who).answers(line.text, listed)
        incoming = self._incoming(line)
        incoming = replace(incoming, label=(await self._words(incoming)).is_label(line.text))
        replies = await self.router.handle(incoming)
        words = await self._words(incoming)
        for reply in replies:
            self.pressable.setdefault(line.who, {}).update(view.pressable(reply, words))
        alone = line.who if incoming.kind == "press" else ""
        return [view.told(reply, words, alone=alone) for reply in replies]

    def _incoming(self, line: Line) -> Incoming:
        language = self.story.header["language"]
        if line.text.startswith("["):
            action = self.pressable.get(line.who, {}).get(line.text[1:-1])
            if action is None:
                raise AssertionError(f"{line.who} was never shown {line.text}")
            return Incoming("press", self.wire, line.who, line.who, action, language=language)
        kind: Literal["command", "text"] = "command" if line.text.startswith("/") else "text"
        return Incoming(kind, self.wire, line.who, line.who, line.text, language=language)

    async def _words(self, incoming: Incoming) -> Words:
        person = await self.services.accounts.known(incoming)
        if person is None:
            language = language_of(incoming.language)
            return Words(language, SCRIPTS[language])
        return Words(language_of(person.learner.language), person.learner.script)

    def _seat(self, who: str) -> Seat:
        if who not in self.seats:
            exact = self.story.header["platform"] == "terminal"
            language = self.story.header["language"]
            self.seats[who] = Seat(self.router.handle, self._words, who, language, exact=exact)
        return self.seats[who]

    async def past(self, given: Callable[[Past], None]) -> None:
        """The story's person is no new one: that is their past, seen from the story's first clock line."""
        first = next(line.text for line in self.story.lines if line.kind == "clock")
        self.clock.set(moved(self.clock.now().astimezone(self.zone), first))
        hello = Incoming("text", self.wire, self.who, self.who, "", language=self.story.header["language"])
        person = await self.services.accounts.welcomed(hello, self.story.header["language"], with_set=True)
        past = Past(self.services.study.house, person, await self._contents(person))
        given(past)
        await past.write()

    async def _contents(self, person: Person) -> list[tuple[Question, Revision]]:
        shelf = next(shelf for shelf in await self.services.sets.shelves(person) if shelf.taking_part)
        return list(await self.store.contents(shelf.set.id))


def moved(local: datetime, words: str) -> datetime:
    """The clock after a clock line: an instant, an hour of the same day, +20 s, +1 min, +1 day 12:30."""
    ahead = re.match(r"\+(\d+) (s|min|day)", words)
    day = re.match(r"(\d{4})-(\d{2})-(\d{2})", words)
    hour = re.search(r"(\d+):(\d+)", words)
    if ahead:
        unit = {"s": "seconds", "min": "minutes", "day": "days"}[ahead[2]]
        local += timedelta(**{unit: int(ahead[1])})
    if day:
        local = local.replace(year=int(day[1]), month=int(day[2]), day=int(day[3]))
    return local.replace(hour=int(hour[1]), minute=int(hour[2]), second=0, microsecond=0) if hour else local


def zone_of(story: Story) -> ZoneInfo:
    """The zone that the first clock line names, or that of the story's language."""
    named = next(line.text for line in story.lines if line.kind == "clock").split()[2:]
    return ZoneInfo(named[0] if named else ZONES[story.header["language"]])


def shown_first(story: Story) -> Arrange:
    """The questions that the story shows come first, in its order."""
    said = "\n".join(line.text for line in story.lines if line.kind == "bot")
    script = SCRIPTS[story.header["language"]]

    def arranged(drafts: list[Draft]) -> list[Draft]:
        places = {draft.ref: said.find(to_script(draft.stem or draft.parts[0].stem, script)) for draft in drafts}
        first = sorted((one for one in drafts if places[one.ref] >= 0), key=lambda one: places[one.ref])
        return [*first, *(one for one in drafts if places[one.ref] < 0)]

    return arranged


@cache
def reading(file: Path) -> Reading:
    return read(file.read_bytes(), file.name)


def packs(story: Story) -> dict[str, Path]:
    """The files of the sets in a story's house, by code: what ships, and its own where it has one."""
    files = [*sorted(shipped("questions").glob("*.yaml")), *PACKS.glob(f"{story.header['set']}.yaml")]
    return {file.stem: file for file in files}


@asynccontextmanager
async def house(
    story: Story,
    path: Path,
    *,
    empty: Path,
    wire: Literal["telegram", "terminal"] = "telegram",
    arrange: Arrange | None = None,
) -> AsyncIterator[Player]:
    """A new database at the path, a copy of the ``empty`` one, with the story's sets in it."""
    await asyncio.to_thread(shutil.copyfile, empty, path)
    store = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    try:
        clock = Frozen()
        dice: Random = Random(int(story.header["seed"])) if "seed" in story.header else Straight(1)  # noqa: S311 - a story's fuzz, no secret
        services = Services.of(House(store, clock, dice, Ids(dice)), zone=str(zone_of(story)), bundled=BUNDLED)
        for code, file in packs(story).items():
            whole = reading(file)
            drafts = (arrange or shown_first(story))(list(whole.drafts))
            await services.importing.read(replace(whole, drafts=tuple(drafts)), code, source=code)
        yield Player(story, store, services, Router(services, language_of), clock, wire)
    finally:
        await store.close()


def migrated(path: Path) -> Path:
    """A database without a row at the path."""
    migrate(path)
    return path
