"""The stories of every platform, told to the real program over the wire."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.telling import compared
from tests.life.town import Platform
from tests.stories.house import migrated
from tests.stories.notation import parsed

SHARED = Path(__file__).parents[3] / "shared" / "stories"
# As they are told where the bot says nothing first: without 稍后, the question about a daily one, its settings.
QUIET = {"cases", "commands", "kinds", "mistakes", "open", "settings"}
LISTS = {"reports"}  # where Discord has a list to choose from
OURS = Path(__file__).parents[1] / "stories"
FORMS = ("channel.en", "data.zh-Hant", "forms.zh-Hans", "joined.zh-Hans")  # Discord's alone
ANY = (
    "01-first-five-minutes.en",
    "01-first-five-minutes.zh",
    "02c-morning-boolean.zh",
    "02d-morning-blank.zh",
    "10-study-menu.zh",
    "11-mistakes-star-stats.zh",
    "13-first-five-minutes.zh-Hant",
)
TELEGRAM = (
    "02a-morning-single.zh",
    "02b-morning-multiple.zh",
    "02e-morning-case.zh",
    "04b-group-setup.zh",
    "06-group-daily.zh",
    "12-sets-settings.zh",
)
DISCORD = ("03a-discord-channel.zh", "03b-discord-dm.zh", "14-discord-setup.zh")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current database without a row, to be copied."""
    return migrated(tmp_path_factory.mktemp("life") / "empty.db")


def anywhere(folder: Path) -> list[Path]:
    """Every story in a folder that is for any platform."""
    files = sorted(folder.glob("*.chat"))
    return [file for file in files if parsed(file.read_text(encoding="utf-8")).header.get("platform") == "any"]


@pytest.mark.parametrize(
    ("name", "on"),
    [
        *((name, "telegram") for name in (*ANY, *TELEGRAM)),
        *((name, "discord") for name in (*ANY, *DISCORD)),
    ],
)
async def test_reference_over_the_wire(name: str, on: Platform, tmp_path: Path, empty: Path) -> None:
    """Word for word, with the platform's own passages: every message that is listed, and none besides."""
    file = SHARED / f"{name}.chat"
    if not file.exists():
        pytest.skip(f"../shared/stories/{name}.chat is absent: the story is NOT TOLD over the wire here")
    story = parsed(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    listed, told = await compared(name, story, tmp_path, empty=empty, on=on)

    assert listed == told


def own() -> Iterator[tuple[Path, Platform]]:
    """What is a group's on each of its platforms; what is anywhere on Telegram, and in one language on Discord too."""
    yield from ((OURS / f"{name}.chat", "discord") for name in FORMS)
    yield OURS / "run.zh-Hant.chat", "telegram"  # the setting itself
    for file in sorted(OURS.glob("*.chat")):
        story, name = parsed(file.read_text(encoding="utf-8")), file.stem.partition(".")[0]
        if story.header["platform"] not in ("any", "telegram") or name in QUIET:
            continue
        if story.room or story.header["platform"] == "any":
            yield file, "telegram"
        if story.header["platform"] == "any" and name not in LISTS and (story.room or story.header["language"] == "en"):
            yield file, "discord"


@pytest.mark.parametrize(("file", "on"), [*own()], ids=lambda part: part.stem if isinstance(part, Path) else part)
async def test_ours_over_the_wire(file: Path, on: Platform, tmp_path: Path, empty: Path) -> None:
    """Our own conversations, from the same files: word for word where they are for that platform alone."""
    story = parsed(await asyncio.to_thread(file.read_text, encoding="utf-8"))
    listed, told = await compared(file.stem, story, tmp_path, empty=empty, on=on, arrange=list)

    assert listed == told


def test_every_reference_is_told() -> None:
    """Whatever is for any platform is told here; skipped, loudly, where the references are absent."""
    if not SHARED.exists():
        pytest.skip("../shared/stories is absent: the reference conversations are NOT TOLD over the wire here")

    assert {file.stem for file in anywhere(SHARED)} == set(ANY)
