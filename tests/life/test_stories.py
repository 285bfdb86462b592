"""The stories of every platform, told to the real program over the wire."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import fingerprint
from tests.life.screen import Screen
from tests.life.town import Town, town
from tests.stories.given import ARRANGED, GIVEN
from tests.stories.house import house, migrated
from tests.stories.notation import Line, Story, alike, parsed
from tests.stories.player import moved, zone_of
from tests.stories.sets import packs

SHARED = Path(__file__).parents[3] / "shared" / "stories"
STRAIGHT = ("tests.life.straight",)
NUMBER = 1001  # of the story's person on Telegram
REFERENCES = (
    "01-first-five-minutes.en",
    "01-first-five-minutes.zh",
    "02a-morning-single.zh",
    "02b-morning-multiple.zh",
    "02c-morning-boolean.zh",
    "02d-morning-blank.zh",
    "02e-morning-case.zh",
    "10-study-menu.zh",
    "11-mistakes-star-stats.zh",
    "12-sets-settings.zh",
    "13-first-five-minutes.zh-Hant",
)
PACE = timedelta(seconds=5)
READ = "UPDATE question_set SET digest = :digest WHERE code = :code"

Steps = list[tuple[Line, list[str]]]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current database without a row, to be copied."""
    return migrated(tmp_path_factory.mktemp("life") / "empty.db")


def anywhere(folder: Path) -> list[Path]:
    """Every story in a folder that is for any platform."""
    files = sorted(folder.glob("*.chat"))
    return [file for file in files if parsed(file.read_text(encoding="utf-8")).header.get("platform") == "any"]


async def prepared(file: Path, story: Story, folder: Path, empty: Path) -> datetime:
    """The database as the story finds it: its sets in the order shown, its person's past; the first clock line."""
    first = next(line.text for line in story.lines if line.kind == "clock")
    database = folder / "study.db"
    async with house(story, database, empty=empty, arrange=ARRANGED.get(file.stem)) as player:
        at = moved(player.office.clock.now().astimezone(zone_of(story)), first)
        if file.stem in GIVEN:
            await player.past(GIVEN[file.stem])
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("account", "room"):
            connection.execute(f"UPDATE {table} SET native = ?", (str(NUMBER),))  # noqa: S608 - one of two words
        for code, pack in packs(story).items():  # else the program reads them anew, in their own order
            connection.execute(READ, {"code": code, "digest": fingerprint(pack.read_bytes())})
    return at


@dataclass
class Telling:
    """One story told to the running program."""

    story: Story
    town: Town
    screen: Screen

    async def steps(self) -> Steps:
        """The story's steps, with what the person really sees."""
        return [(line, await self._seen(line, listed)) for line, listed in self.story.steps("telegram")]

    async def _seen(self, line: Line, listed: list[str]) -> list[str]:
        if line.kind == "clock":
            local = self.town.now.astimezone(zone_of(self.story))
            await self.town.wait(max(local, moved(local, line.text)))
        else:
            await self.town.wait(PACE)
            try:
                self._does(line.text)
            except LookupError as missing:
                return [str(missing)]
            await self.town.settle()
        shown = self.screen.looks()
        return [alike(one, head) for one, head in zip(shown, [*listed, *[""] * len(shown)], strict=False)]

    def _does(self, text: str) -> None:
        if text.startswith("["):
            self.screen.presses(text)
        else:
            self.screen.person.says(text)


async def compared(file: Path, folder: Path, empty: Path) -> tuple[Steps, Steps]:
    """The steps of the story in a file as they are listed, and as they were told over the wire."""
    story = parsed(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    at = await prepared(file, story, folder, empty)
    settings = {"STUDYBOT_ZONE": str(zone_of(story))}
    async with town(folder, at, command=STRAIGHT, settings=settings, opened=False) as found:
        who = next(line.who for line in story.lines if line.kind == "said")
        language = story.header["language"].lower()
        person = found.telegram.person(who, language_code=language, number=NUMBER)
        person.started = True
        await found.open()
        told = await Telling(story, found, Screen(person)).steps()
    return list(story.steps("telegram")), told


@pytest.mark.parametrize("name", REFERENCES)
async def test_reference_over_the_wire(name: str, tmp_path: Path, empty: Path) -> None:
    """Word for word, with Telegram's own passages: every message that is listed, and none besides."""
    file = SHARED / f"{name}.chat"
    if not file.exists():
        pytest.skip(f"../shared/stories/{name}.chat is absent: the story is NOT TOLD over the wire here")
    listed, told = await compared(file, tmp_path, empty)

    assert listed == told


def test_every_reference_is_told() -> None:
    """Whatever is for any platform is told here; skipped, loudly, where the references are absent."""
    if not SHARED.exists():
        pytest.skip("../shared/stories is absent: the reference conversations are NOT TOLD over the wire here")

    assert {file.stem for file in anywhere(SHARED)} <= set(REFERENCES)
