"""A story told to the running program over the wire, on the platform where it is played."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.app import fingerprint
from bot.domain.prompt import Text
from bot.services.accounts import SCRIPTS
from bot.texts import Words, language_of
from tests.life.circle import ADDS, GROUP, circle
from tests.life.guild import FIRST, Guild, guild
from tests.life.town import Platform, Town, town
from tests.stories.given import MANAGER, NEEDS, arranged, begin
from tests.stories.hall import CHANNEL
from tests.stories.house import ADMIN, house
from tests.stories.notation import Line, Story, alike
from tests.stories.player import PACE, Player, moved, zone_of
from tests.stories.sets import Arrange, packs
from tests.stories.terminal import parts

NOTES = ("prompt.blank", "prompt.blanks_two", "prompt.writing")  # how to type: needless beside a form
STRAIGHT = ("tests.life.straight",)
READ = "UPDATE question_set SET digest = :digest WHERE code = :code"
NATIVE = "UPDATE {table} SET native = :number WHERE native = :name"

Steps = list[tuple[Line, list[str]]]


class Stage(Protocol):
    """Where a story is played: people who do what a line says, and what they see anew.

    ``counted``: what was seen and need not be listed.
    """

    @property
    def counted(self) -> set[str]: ...

    def does(self, line: Line) -> None:
        """LookupError where nobody could do that."""
        ...

    def looks(self) -> list[str]:
        """What was shown since the last look, as a story lists it."""
        ...


@dataclass
class Telling:
    """One story told to the running program, on one platform."""

    story: Story
    town: Town
    stage: Stage
    on: Platform

    async def steps(self) -> Steps:
        """The story's steps, with what the people really see."""
        return [(line, await self._seen(line, listed)) for line, listed in self.story.steps(self.on)]

    async def _seen(self, line: Line, listed: list[str]) -> list[str]:
        if line.kind == "clock":
            local = self.town.now.astimezone(zone_of(self.story))
            await self.town.wait(max(local, moved(local, line.text)))
        else:
            await self.town.wait(timedelta(seconds=int(self.story.header.get("pace", PACE).split()[0])))
            try:
                self.stage.does(line)
            except LookupError as missing:
                return [str(missing)]
            await self.town.settle()
        shown = [one for one in self.stage.looks() if one in listed or one not in self.stage.counted]
        return [self._alike(one, head) for one, head in zip(shown, [*listed, *[""] * len(shown)], strict=False)]

    def _alike(self, shown: str, listed: str) -> str:
        """The listed message where this is what is shown; by other means on Discord, unless the story is its own."""
        free = self.on == "discord" and self.story.header["platform"] == "any"
        return listed if free and same(shown, listed, _words(self.story)) else alike(shown, listed)


def same(shown: str, listed: str, words: Words) -> bool:
    """Whether both say the same and offer the same buttons, however these stand, a form in the place of typing."""
    notes = {words.say(Text(key)) for key in NOTES}
    form = words.say(Text("button.answer"))
    texts, buttons = parts(listed)
    wanted = [text for text in texts if text not in notes], buttons
    texts, buttons = parts(shown)
    seen = texts, [one for one in buttons if one != form]
    return shown.partition(": ")[0] == listed.partition(": ")[0] and seen == wanted


async def compared(
    name: str, story: Story, folder: Path, *, empty: Path, on: Platform, arrange: Arrange | None = None
) -> tuple[Steps, Steps]:
    """A story's steps as they are listed, and as they were told over the wire.

    ``arrange`` orders the questions of a story that needs no order of its own.
    """
    at = await prepared(name, story, folder, empty=empty, on=on, arrange=arrange)
    settings = {"STUDYBOT_ZONE": str(zone_of(story))}
    if ADMIN in story.people:
        settings["STUDYBOT_ADMINS"] = f"{on}:{FIRST + story.people.index(ADMIN)}"
    async with town(folder, at, command=STRAIGHT, settings=settings, on=[on], opened=False) as found:
        stage = STAGES[on](story, found)
        if name in NEEDS and isinstance(stage, Guild):
            stage.lacks(MANAGER)
        await found.open()
        told = await Telling(story, found, stage, on).steps()
    return list(story.steps(on)), told


async def prepared(
    name: str, story: Story, folder: Path, *, empty: Path, on: Platform, arrange: Arrange | None
) -> datetime:
    """The database as the story finds it: its sets in the order shown, its people's past; the first clock line."""
    database = folder / "study.db"
    order = arranged(name, ROOMS[on]) or arrange
    async with house(story, database, empty=empty, wire=on, arrange=order, awake=False) as player:
        await begin(player, name)
        at = player.beginning
        natives = {**dict(_natives(player)), player.shared: ROOMS[on]}
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("account", "room"):
            for name_, number in natives.items():
                connection.execute(NATIVE.format(table=table), {"name": name_, "number": number})
        for code, pack in packs(story).items():  # else the program reads them anew, in their own order
            connection.execute(READ, {"code": code, "digest": fingerprint(pack.read_bytes())})
    return at


def _natives(player: Player) -> Iterator[tuple[str, str]]:
    """The people's names, and those of their rooms, with what the platform calls them."""
    for place, who in enumerate(player.story.people):
        yield who, str(FIRST + place)
        yield player.own_room(who), player.own_room(str(FIRST + place))


def _circle(story: Story, found: Town) -> Stage:
    """Who is alone with the bot may be written to first; in a group it is already where nobody adds it."""
    language, others = story.header["language"].lower(), sum(line.crowd for line in story.lines)
    made = circle(found, story.people, room=story.room, language=language, others=others)
    for screen in made.screens.values():
        screen.person.started = not story.room
    if not any(line.text.startswith(ADDS) for line in story.lines):
        made.group.chat.bot = "member"
    return made


def _guild(story: Story, found: Town) -> Stage:
    others = sum(line.crowd for line in story.lines)
    return guild(found, story.people, room=story.room, locale=LOCALES[story.header["language"]], others=others)


def _words(story: Story) -> Words:
    language = story.header["language"]
    return Words(language_of(language), SCRIPTS[language])


LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}
STAGES: Mapping[Platform, Callable[[Story, Town], Stage]] = {"telegram": _circle, "discord": _guild}
ROOMS: Mapping[Platform, str] = {"telegram": str(GROUP), "discord": CHANNEL}
