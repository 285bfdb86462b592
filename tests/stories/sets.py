"""The sets in a story's house: what ships and its own, the questions that it shows first."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from bot.app import read
from bot.domain.question import Draft, Reading
from bot.domain.script import to_script
from bot.services.accounts import SCRIPTS
from bot.storage.migrate import shipped
from tests.stories.notation import Story

PACKS = Path(__file__).parent / "packs"

Arrange = Callable[[list[Draft]], list[Draft]]


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
