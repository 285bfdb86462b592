"""The notation of stories: a .chat file as its header and its lines, and the way back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

HEADER = ("platform", "room", "language", "set", "given", "seed", "pace")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a story: what somebody said, a message of the bot, the clock, a passage's platforms, a comment."""

    kind: Literal["said", "bot", "clock", "only", "comment"]
    text: str  # as it stands after the colon; a comment with its #
    who: str = ""  # lin, lin@room, 6 others@room, bot, bot~, bot~@room

    @property
    def name(self) -> str:
        """Who that is, wherever it is said."""
        return self.who.partition("@")[0]

    @property
    def room(self) -> str:
        """The room that several share; "" in private."""
        return self.who.partition("@")[2]

    @property
    def crowd(self) -> int:
        """How many people without a name that are, 0 for one with a name."""
        found = re.fullmatch(r"(\d+) others?", self.name)
        return int(found[1]) if found else 0

    def meant_for(self, platform: str) -> bool:
        """Whether an "only" line lets what follows be played on a platform."""
        return self.text == "any" or platform in self.text.split(", ")

    def __str__(self) -> str:
        return self.text if self.kind == "comment" else f"{self.who or self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it is played: a step is what moves it, and the bot's messages that follow."""

    header: Mapping[str, str]
    lines: Sequence[Line]

    @property
    def people(self) -> list[str]:
        """Who speaks, the person whose story it is first."""
        said = (line for line in self.lines if line.kind == "said")
        return list(dict.fromkeys(line.name for line in said if not line.crowd))

    @property
    def room(self) -> str:
        """The room that several share; "" where all is private."""
        return self.header.get("room", "").partition("group ")[2]

    def steps(self, platform: str) -> Iterator[tuple[Line, list[str]]]:
        """The clock's and the learners' lines played on a platform, each with what the bot must answer."""
        step: tuple[Line, list[str]] | None = None
        played = True
        for line in self.lines:
            if line.kind == "only":
                played = line.meant_for(platform)
            elif line.kind == "bot" and played:
                if step is None:
                    raise ValueError(f"nobody spoke before: {line}")
                step[1].append(str(line))
            elif line.kind in ("said", "clock") and played:
                yield from [step] if step else []
                step = (line, [])
        yield from [step] if step else []


def parsed(text: str) -> Story:
    """The story in a file's text; ValueError for a line that is none."""
    header: dict[str, str] = {}
    lines: list[Line] = []
    for raw in text.splitlines():
        if raw.startswith("  ") and lines:
            lines.append(_longer(lines.pop(), raw))
        elif raw:
            head, _, rest = raw.partition(": ")
            if head in HEADER:
                header[head] = rest
            else:
                lines.append(_line(raw, head, rest))
    return Story(header, lines)


def _longer(line: Line, raw: str) -> Line:
    return Line(line.kind, f"{line.text}\n{raw}", line.who)


def _line(raw: str, head: str, rest: str) -> Line:
    if raw.startswith("#"):
        return Line("comment", raw)
    if head == "clock":
        return Line("clock", rest)
    if head == "only":
        return Line("only", rest)
    if not rest:
        raise ValueError(f"no line of a story: {raw}")
    return Line("bot" if head.startswith("bot") else "said", rest, head)


def written(story: Story) -> str:
    """The file's text again: the comments that stand first, the header, the rest."""
    lines = [str(line) for line in story.lines]
    first = next((at for at, line in enumerate(story.lines) if line.kind != "comment"), len(lines))
    header = [f"{name}: {words}" for name, words in story.header.items()]
    return "\n".join((*lines[:first], *header, *lines[first:], ""))


def alike(shown: str, listed: str) -> str:
    """The listed message where this is what is shown; a leading … is the question that stays above."""
    head, dots, below = listed.partition(": …\n  ")
    if not dots or not shown.startswith(f"{head}: "):
        return shown
    above = shown.removesuffix(below)
    return listed if above != shown and above.endswith("\n  ") and above.strip() != f"{head}:" else shown
