"""Stories of other platforms, as far as the terminal's house plays them: without pushes and what hangs on them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tests.stories.notation import Line, Story


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a story is played: the passages, each from a line to a line that begin so ("" is the story's end).

    ``later`` are words that come with pushes, taken out of the bot's lines. ``opening`` is said in the place of
    a first question that is pushed.
    """

    passages: tuple[tuple[str, str], ...] = (("", ""),)
    later: str = r" \[稍后\]"
    opening: str = ""


PAGES = r" ?\[(每日一[题題]|安[静靜][时時]段|更多)\]|每日一[题題]：[^·]* · |\n  /pause [^\n]*"
STRETCHES: Mapping[str, Stretch] = {
    "02a-morning-single.zh": Stretch(opening="/daily"),
    "02b-morning-multiple.zh": Stretch(),
    "02e-morning-case.zh": Stretch(),
    "07-comeback.zh": Stretch((("lin: /study", "lin: [错误]"),)),
    "09-set-end.zh": Stretch((("lin: /study", "lin: /daily"),)),
    "12-sets-settings.zh": Stretch(
        (("lin: /sets", "lin: [10 题]"), ("lin: [语言]", "lin: [简体中文]"), ("lin: /help", "")), PAGES
    ),
}


def played(story: Story, stretch: Stretch) -> Story:
    """The story with what is played of it, and every clock line before the end."""
    lines = tuple(_kept(story, stretch))
    if stretch.opening:
        first = next(at for at, line in enumerate(lines) if line.kind == "bot")
        who = next(line.who for line in lines if line.kind == "said")
        lines = (*lines[:first], Line("said", stretch.opening, who), *lines[first:])
    return replace(story, lines=lines)


def _kept(story: Story, stretch: Stretch) -> Iterator[Line]:
    passages = iter(stretch.passages)
    begins, ends = next(passages)
    inside = closing = False
    for line in story.lines:
        moves = line.kind in ("said", "clock")
        if closing and moves:
            inside = closing = False
            begins, ends = next(passages, ("never", ""))
            if begins == "never":
                return
        inside = inside or str(line).startswith(begins)
        if inside or line.kind == "clock":
            yield replace(line, text=_without(line.text, stretch.later)) if line.kind == "bot" else line
        closing = closing or (inside and moves and bool(ends) and str(line).startswith(ends))


def _without(text: str, later: str) -> str:
    """The text without those words, and without lines that they leave empty."""
    lines = re.sub(later, "", text).split("\n")
    return "\n".join(line.rstrip() if line.startswith("  ") else line for line in lines if line.strip())
