"""Lines cut where something begins within them: a heading, the key, the explanation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.formats.format import TooLarge
from bot.formats.paper import marks
from bot.formats.paper.deadline import Deadline
from bot.formats.paper.lines import Line
from bot.formats.paper.sections import Section, heading, inside

Mark = Literal["", "key", "why", "mine", "section"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: ``mark`` is what it begins with (taken off ``text``), ``start`` whether the line begins here.

    ``lead`` is the mark as written, for where the piece turns out to be plain text.
    """

    line: int
    text: str
    shade: str
    mark: Mark = ""
    start: bool = True
    lead: str = ""
    whole: bool = True
    section: Section | None = None


LIMIT_PIECES = 250_000  # the parts of 30,000 questions

_CUES = ("答", "解", "析", "nswer", "NSWER", "xplan", "olution", "ationale", "eedback", "ns:", "key", "KEY", "Key")


def pieces_of(lines: list[Line], deadline: Deadline) -> list[Piece]:
    """All pieces of a paper in its order."""
    found: list[Piece] = []
    for count, line in enumerate(lines):
        if count % 256 == 0:
            deadline.check()
        _bear(line, len(found))
        section = heading(line.text, line.shade, line.number)
        if section is not None:
            found.append(_heading(line, 0, len(line.text), section))
        else:
            found.extend(_cut(line, deadline))
    return found


def _bear(line: Line, before: int) -> None:
    """Nothing, where a line leaves the pieces within their limit; TooLarge else, before they are made."""
    cues = sum(map(line.shade.count, (*_CUES, "题"))) if len(line.shade) > LIMIT_PIECES else 0
    if before + cues > LIMIT_PIECES:
        raise TooLarge("This is more than an exam paper: there are too many parts in it.", line.number)


def _heading(line: Line, start: int, end: int, section: Section) -> Piece:
    return Piece(
        line.number, line.text[start:end], line.shade[start:end], "section", start == 0, "", line.whole, section
    )


def _cut(line: Line, deadline: Deadline) -> Iterator[Piece]:
    """The line's pieces: everything between two headings, cut again at its marks."""
    at = 0
    for start, end in inside(line.shade):
        deadline.check()
        section = heading(line.text[start:end], line.shade[start:end], line.number)
        if section is None:
            continue
        yield from _marked(line, at, start)
        yield _heading(line, start, end, section)
        at = end
    yield from _marked(line, at, len(line.text))


def _marked(line: Line, start: int, end: int) -> Iterator[Piece]:
    if start >= end:
        return
    found = _marks(line.shade, start, end)
    if not found or found[0][0] > start:
        found.insert(0, (start, start, ""))
    ends = [begin for begin, _, _ in found[1:]] + [end]
    for (begin, after, mark), stop in zip(found, ends, strict=True):
        text, shade = line.text[after:stop], line.shade[after:stop]
        if mark or text.strip():
            yield Piece(line.number, text, shade, mark, begin == start, line.text[begin:after], line.whole)


def _marks(shade: str, start: int, end: int) -> list[tuple[int, int, Mark]]:
    """Where marks begin and end between two places of a shadow, in order and apart."""
    if not any(cue in shade for cue in _CUES):
        return []
    found: list[tuple[int, int, Mark]] = []
    for mark, pattern in (("mine", marks.MINE), ("key", marks.KEY), ("why", marks.WHY)):
        found.extend((m.start(), m.end(), mark) for m in pattern.finditer(shade, start, end))  # type: ignore[misc]
    if start == 0:
        found.extend(_first(shade, end))
    return _apart(sorted(found, key=lambda one: (one[0], -one[1])))


def _first(shade: str, end: int) -> Iterator[tuple[int, int, Mark]]:
    """A mark that counts only where a line begins."""
    blank = len(shade) - len(shade.lstrip())
    if why := marks.WHY_AT_START.match(shade, blank, end):
        yield 0, why.end(), "why"
    elif key := marks.KEY_AT_START.match(shade, blank, end):
        yield 0, key.end(), "key"


def _apart(found: list[tuple[int, int, Mark]]) -> list[tuple[int, int, Mark]]:
    kept: list[tuple[int, int, Mark]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept
