"""A message of Discord's as a story lists it, and what can be pressed on it: from its components."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Part = Mapping[str, Any]

TEXT, BUTTON, ROW, FILE = 10, 2, 1, 13
LISTS = frozenset({3, 8})  # of options, of channels
CHOOSE = "选择："  # stands before what a list says while nothing is chosen; and before what is chosen
_SAID = re.compile(r"\\(.)")  # a sign that is only to be read


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, or a list with what its options are called and stand for (none of them for a list of channels)."""

    action: str
    kind: int
    options: Mapping[str, str]


def lines(parts: Sequence[Part]) -> Iterator[str]:
    """Texts line by line, then the buttons, a row a line; files by their names."""
    for part in parts:
        if part["type"] == TEXT:
            yield from (_SAID.sub(r"\1", line.removeprefix("-# ")) for line in part["content"].split("\n"))
        elif part["type"] == ROW:
            yield " ".join(f"[{label(one)}]" for one in part["components"])
        elif part["type"] == FILE:
            yield f"(file {part['file']['url'].rpartition('/')[2]})"


def pressable(parts: Sequence[Part]) -> Iterator[tuple[str, Pressable]]:
    """What can be pressed, by its label; a list by that of nothing chosen."""
    for one in (one for part in parts if part["type"] == ROW for one in part["components"]):
        options = {option["label"]: option["value"] for option in one.get("options", ())}
        yield label(one), Pressable(one["custom_id"], one["type"], options)


def label(component: Part) -> str:
    return f"{CHOOSE}{component['placeholder']}" if component["type"] in LISTS else str(component["label"])


def listed(head: str, parts: Sequence[Part]) -> str:
    """The message as the bot's line in a story."""
    return f"{head}: " + "\n  ".join(lines(parts))
