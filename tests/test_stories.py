"""Whole conversations, played word for word against the real house."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.given import GIVEN, Given, build
from tests.stories.notation import Line, Story, parsed, written
from tests.stories.player import house, zone_of

OURS = Path(__file__).parent / "stories"
SHARED = Path(__file__).parents[2] / "shared" / "stories"
PLAYED = (
    "01-first-five-minutes.zh",
    "01-first-five-minutes.en",
    "13-first-five-minutes.zh-Hant",
    "15-terminal.zh",
    *GIVEN,
)


LATER = " [稍后]"  # the snooze comes with pushed questions; until then nothing offers it


def stored(file: Path) -> Story:
    return parsed(file.read_text(encoding="utf-8").replace(LATER, ""))


def store(file: Path, story: Story) -> None:
    file.write_text(written(story), encoding="utf-8")


async def heard(story: Story, database: Path, given: Given | None = None) -> list[tuple[Line, list[str]]]:
    """The story's steps, with what the bot really says, after what is given."""
    async with house(story, database) as player:
        if given is not None:
            first = next(line for line in story.lines if line.kind == "clock")
            player.clock.move(first.text, zone_of(story))
            await build(player, given)
        return [(line, await player.answers(line)) for line, _ in story.steps("terminal")]


def updated(story: Story, steps: list[tuple[Line, list[str]]]) -> Story:
    """The story with the bot's lines as heard; it has no passages for some platforms only."""
    heard_after = iter(steps)
    lines: list[Line] = []
    for line in story.lines:
        if line.kind != "bot":
            lines.append(line)
        if line.kind in ("said", "clock"):
            spoken = [text.partition(": ") for text in next(heard_after)[1]]
            lines += [Line("bot", text, who) for who, _, text in spoken]
    return replace(story, lines=lines)


@pytest.mark.parametrize("name", PLAYED)
async def test_shared(name: str, tmp_path: Path) -> None:
    """The reference conversations come out word for word: every message listed, and none besides."""
    file = SHARED / f"{name}.chat"
    if not file.exists():
        pytest.skip(f"../shared/stories/{name}.chat is absent: the story is NOT PLAYED here")
    story = stored(file)
    steps = await heard(story, tmp_path / "story.db", GIVEN.get(name))

    assert list(story.steps("terminal")) == steps


@pytest.mark.parametrize("file", sorted(OURS.glob("*.chat")), ids=lambda file: file.stem)
async def test_ours(file: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Our own conversations come out word for word; --update-stories rewrites the bot's lines."""
    story = stored(file)
    steps = await heard(story, tmp_path / "story.db")
    if pytestconfig.getoption("--update-stories"):
        story = updated(story, steps)
        store(file, story)

    assert list(story.steps("terminal")) == steps


async def test_unlisted_message(tmp_path: Path) -> None:
    """A message of the bot that a story does not list makes it fail."""
    head = "platform: any\nlanguage: zh-Hans\nset: xai\nclock: 2026-11-23 20:10\nlin: /nothing\n"
    story = parsed(head)
    steps = await heard(story, tmp_path / "story.db")

    assert list(story.steps("terminal")) != steps
    assert list(updated(story, steps).steps("terminal")) == steps
