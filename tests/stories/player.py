"""Playing a story against the real house: router, services and a SQLite file, with a frozen clock and straight dice."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import BUNDLED, read
from bot.domain.question import Reading
from bot.platforms.console import Console, Speaker
from bot.platforms.console.view import Line as Drawn
from bot.ports.chat import Incoming
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.migrate import migrate, shipped
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words, language_of
from tests.stories import view
from tests.stories.notation import Line, Story

PACE = timedelta(seconds=5)


class Straight(Random):
    """Dice that keep every order; seeded, so a story is the same each time."""

    def sample(self, population: Sequence[Any], k: int, *, counts: Any = None) -> list[Any]:
        del counts
        return list(population[:k])


class Frozen:
    """A clock that stands until the story moves it."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 23, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    async def sleep_until(self, instant: datetime) -> None:
        self.instant = max(self.instant, instant)

    def move(self, words: str, zone: ZoneInfo) -> None:
        """As a story's clock line says: +1 min, +1 day 12:30, or an instant."""
        ahead = re.match(r"\+(\d+) (min|day)s?", words)
        hour = re.search(r"(\d+):(\d+)", words)
        local = self.instant.astimezone(zone)
        if ahead:
            local += timedelta(**{"minutes" if ahead[2] == "min" else "days": int(ahead[1])})
        else:
            day = datetime.fromisoformat(words[:10]).replace(tzinfo=zone)
            local = day
        if hour:
            local = local.replace(hour=int(hour[1]), minute=int(hour[2]), second=0)
        self.instant = local.astimezone(UTC)


def zone_of(story: Story) -> ZoneInfo:
    """The zone that the first clock line names."""
    words = next(line.text for line in story.lines if line.kind == "clock").split()
    return ZoneInfo(words[2] if len(words) > 2 else "Asia/Shanghai")


def arranged(reading: Reading, story: Story) -> Reading:
    """The set with the questions that the story shows first, in its order."""
    words = Words(language_of(story.header["language"]), "zh-Hant" if "Hant" in story.header["language"] else "written")
    shown = "\n".join(line.text for line in story.lines if line.kind == "bot")
    places = {draft.stem: shown.find(view_stem(draft.stem, words)) for draft in reading.drafts}
    first = sorted((d for d in reading.drafts if places[d.stem] >= 0), key=lambda d: places[d.stem])
    return replace(reading, drafts=(*first, *(d for d in reading.drafts if places[d.stem] < 0)))


def view_stem(stem: str, words: Words) -> str:
    from bot.domain.script import to_script  # noqa: PLC0415 - OpenCC is loaded where it is needed

    return to_script(stem, words.script)


@dataclass
class Player:
    """One story's house, and what its people see."""

    story: Story
    store: Store
    services: Services
    router: Router
    clock: Frozen
    pressed: dict[str, dict[str, str]] = field(default_factory=dict)  # every label shown, by person
    faces: dict[str, tuple[Console, "Sheet"]] = field(default_factory=dict)

    async def answers(self, line: Line) -> list[str]:
        """What the bot says to one line of the story."""
        if line.kind == "clock":
            self.clock.move(line.text, zone_of(self.story))
            return []
        self.clock.instant += PACE
        if self.story.header["platform"] == "terminal":
            return await self._typed(line)
        incoming = self._incoming(line)
        replies = await self.router.handle(incoming)
        words = await self._words(incoming)
        shown = self.pressed.setdefault(line.who, {})
        for reply in replies:
            shown.update(view.buttons(reply, words))
        return [view.told(reply, words) for reply in replies]

    def _incoming(self, line: Line) -> Incoming:
        language = self.story.header["language"]
        if line.text.startswith("["):
            label = line.text.strip("[]")
            action = self.pressed.get(line.who, {}).get(label)
            if action is None:
                raise AssertionError(f"{line.who} was never shown [{label}]")
            return Incoming("press", "telegram", line.who, line.who, action, language=language)
        kind = "command" if line.text.startswith("/") else "text"
        return Incoming(kind, "telegram", line.who, line.who, line.text, language=language)  # type: ignore[arg-type]

    async def _words(self, incoming: Incoming) -> Words:
        person = await self.store.person(incoming.platform, incoming.account, incoming.room)
        if person is None:
            language = language_of(incoming.language)
            return Words(language, "written" if language == "en" else language)
        return Words(language_of(person.learner.language), person.learner.script)

    async def _typed(self, line: Line) -> list[str]:
        if line.text.startswith("(runs"):
            self.faces[line.who] = self._console(line.who)
        console, sheet = self.faces[line.who]
        if line.text == "(runs studybot chat)":
            await console.hear("/start")
        elif not line.text.startswith("("):
            await console.hear(line.text)
        return sheet.taken()

    def _console(self, who: str) -> tuple[Console, "Sheet"]:
        language = language_of(self.story.header["language"])
        words = Words(language, "written" if language == "en" else language)
        sheet = Sheet()
        return Console(self.router.handle, lambda: words, sheet, Speaker(who, who, language)), sheet


class Sheet:
    """A terminal's face that keeps what was written."""

    opening = ""

    def __init__(self) -> None:
        self._shown: list[str] = []

    async def lines(self) -> AsyncIterator[str]:
        for line in tuple[str, ...]():
            yield line

    def write(self, drawn: Sequence[Drawn], labels: Sequence[str]) -> None:
        del labels
        self._shown.append("bot: " + "\n  ".join(line.text.strip() for line in drawn))

    def taken(self) -> list[str]:
        shown, self._shown = self._shown, []
        return shown


@asynccontextmanager
async def house(story: Story, path: Path) -> AsyncIterator[Player]:
    """A new database at the path, with the bundled sets in it."""
    migrate(path)
    store = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    try:
        clock, dice = Frozen(), Straight(1)
        services = Services.of(House(store, clock, dice, Ids(dice)), zone=str(zone_of(story)), bundled=BUNDLED)
        for file in sorted(shipped("questions").glob("*.yaml")):
            reading = arranged(read(file.read_bytes(), file.name), story)
            await services.importing.read(reading, file.stem, source=file.stem)
        yield Player(story, store, services, Router(services, language_of), clock)
    finally:
        await store.close()
