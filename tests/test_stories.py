"""Whole conversations, played word for word against the real house."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.given import arranged, begin
from tests.stories.hall import CHANNEL
from tests.stories.house import house, migrated
from tests.stories.notation import Line, Story, parsed, written
from tests.stories.player import Player, Wire

OURS = Path(__file__).parent / "stories"
SHARED = Path(__file__).parents[2] / "shared" / "stories"
WHOLE = (
    "01-first-five-minutes.zh",
    "01-first-five-minutes.en",
    "02a-morning-single.zh",
    "02b-morning-multiple.zh",
    "02c-morning-boolean.zh",
    "02d-morning-blank.zh",
    "02e-morning-case.zh",
    "03a-discord-channel.zh",
    "03b-discord-dm.zh",
    "04b-group-setup.zh",
    "06-group-daily.zh",
    "07-comeback.zh",
    "09-set-end.zh",
    "10-study-menu.zh",
    "11-mistakes-star-stats.zh",
    "12-sets-settings.zh",
    "13-first-five-minutes.zh-Hant",
    "14-discord-setup.zh",
    "15-terminal.zh",
)

Steps = list[tuple[Line, list[str]]]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current database without a row, to be copied."""
    return migrated(tmp_path_factory.mktemp("stories") / "empty.db")


def wires(story: Story) -> tuple[Wire, ...]:
    """Where a story is played: with buttons, in the terminal, or both."""
    by_platform: dict[str, tuple[Wire, ...]] = {
        "any": ("telegram", "discord" if story.room else "terminal"),
        "terminal": ("terminal",),
        "discord": ("discord",),
    }
    return by_platform.get(story.header["platform"], ("telegram",))


def room(story: Story, wire: Wire) -> str:
    """The native id of the room that the story's people share."""
    return CHANNEL if wire == "discord" else story.room


async def heard(player: Player, name: str, platform: str) -> Steps:
    """The story's steps, with what the bot really says, after what is given."""
    await begin(player, name)
    return [(line, await player.answers(line, listed)) for line, listed in player.story.steps(platform)]


def updated(story: Story, steps: Steps, platform: str) -> Story:
    """The story with the bot's lines as heard on that platform, where they stand; passages for others stay."""
    heard_after = {id(line): [*map(spoken, told)] for line, told in steps}
    silent = {id(line) for line, listed in story.steps(platform) if not listed}
    lines: list[Line] = []
    told: list[Line] = []
    played = True
    for line in story.lines:
        if line.kind == "only":
            played = line.meant_for(platform)
        if line.kind != "bot" or not played:
            lines.append(line)
            told = heard_after.get(id(line), told)
        if id(line) in silent or (line.kind == "bot" and played):
            lines += told
            told = []
    return replace(story, lines=lines)


def spoken(text: str) -> Line:
    """What the bot said, as a line."""
    who, _, words = text.partition(": ")
    return Line("bot", words, who)


def shared(name: str) -> Story:
    """A reference story; skips the test, loudly, where it is absent."""
    file = SHARED / f"{name}.chat"
    if not file.exists():
        pytest.skip(f"../shared/stories/{name}.chat is absent: the story is NOT PLAYED here")
    return parsed(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WHOLE)
async def test_shared(name: str, tmp_path: Path, empty: Path) -> None:
    """The reference conversations come out word for word: every message listed, and none besides."""
    story = shared(name)
    for wire in wires(story):
        place = tmp_path / f"{wire}.db"
        order = arranged(name, room(story, wire))
        async with house(story, place, empty=empty, wire=wire, arrange=order) as player:
            steps = await heard(player, name, wire)

        assert list(story.steps(wire)) == steps


def own() -> Iterator[tuple[Path, Wire]]:
    for file in sorted(OURS.glob("*.chat")):
        yield from ((file, wire) for wire in wires(parsed(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(("file", "wire"), [*own()], ids=lambda part: part.stem if isinstance(part, Path) else part)
async def test_ours(file: Path, wire: Wire, tmp_path: Path, empty: Path, pytestconfig: pytest.Config) -> None:
    """Our own conversations come out word for word; --update-stories rewrites the bot's lines."""
    story = parsed(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    # What holds anywhere is told as it is where nothing is said first; "telegram, discord": the program is on both.
    several: dict[str, tuple[str, ...]] = {"any": (), "telegram, discord": ("telegram", "discord")}
    first = several.get(story.header["platform"])
    place = tmp_path / "story.db"
    order = arranged(file.stem, room(story, wire)) or list
    async with house(story, place, empty=empty, wire=wire, arrange=order, platforms=first) as player:
        steps = await heard(player, file.stem, wire)
    if pytestconfig.getoption("--update-stories") and (story.room or wire == wires(story)[0]):
        story = updated(story, steps, wire)
        await asyncio.to_thread(file.write_text, written(story), encoding="utf-8")

    assert list(story.steps(wire)) == steps


async def test_unlisted_message(tmp_path: Path, empty: Path) -> None:
    """A message of the bot that a story does not list makes it fail, on both wires."""
    head = "platform: any\nlanguage: zh-Hans\nset: xai\nclock: 2026-11-23 20:10\nlin: /nothing\n"
    story = parsed(head)
    for wire in wires(story):
        async with house(story, tmp_path / f"{wire}.db", empty=empty, wire=wire) as player:
            steps = await heard(player, "", wire)

        assert list(story.steps(wire)) != steps
        assert list(updated(story, steps, wire).steps(wire)) == steps
