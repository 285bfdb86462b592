"""Discord's Markdown: text that can do nothing but be read, and code that cannot be broken out of."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.platforms.writing import cuts, units

TEXT_UNITS = 4000  # UTF-16 units of all texts of a message, markup included: never more than Discord counts

# Marks in a text that is to be written; noncharacters, which ``clean`` takes out of all content.
CODE, PLAIN, SMALL = "\ufffe", "\uffff", "\U0001fffe"  # code begins; code ends; a line of small letters

_SIGNS = re.compile(
    r"[\\`*_~|<\[\]@]"  # emphasis, spoilers, mentions, dates, masked links, code
    r"|:(?=//|[^\s:]*(?::|\Z))"  # links, emoji by name
    rf"|(?:^|(?<={SMALL}))[^\S\n]*(?:[#>+-]|\d+(?=\.))",  # headings, quotes, small letters, lists
    re.MULTILINE,
)
_ESCAPED = re.compile(r"\\([^\w\s])")


def texts(text: str) -> tuple[str, ...]:
    """The text in Markdown, in as many pieces as messages have to hold it; none where nothing is to be read."""
    pieces, limit_units = [markdown(text)], TEXT_UNITS
    while any(units(piece) > TEXT_UNITS for piece in pieces):
        pieces = [markdown(piece) for piece in _cut(text, limit_units)]
        limit_units = limit_units * 3 // 4  # markup makes a text three times as long at most
    return tuple(piece for piece in pieces if piece.strip())


def markdown(text: str) -> str:
    """The text in Markdown: read, it is the text, its code in frames and its small lines small."""
    first, *others = text.split(CODE)
    parts = [_escaped(first)]
    for other in others:
        code, _, rest = other.partition(PLAIN)
        glued = len(parts) > 1 and parts[-1] == ""  # the ends of two frames would be taken for one
        parts += (_escaped(code.strip("\n")) if glued else _framed(code.strip("\n")), _escaped(rest))
    return "".join(parts).replace(SMALL, "-# ")


def read(markdown: str) -> str:
    """What is read where somebody wrote ``markdown``: the text, without the backslashes before its signs."""
    return _ESCAPED.sub(r"\1", markdown)


def _cut(text: str, limit_units: int) -> Iterator[str]:
    """Pieces of the text; code that goes on in the next one is code there."""
    for start, end in pairwise((0, *cuts(text, limit_units))):
        within = text.rfind(CODE, 0, start) > text.rfind(PLAIN, 0, start)
        yield f"{CODE if within else ''}{text[start:end]}"


def _escaped(text: str) -> str:
    return _SIGNS.sub(_harmless, text)


def _harmless(found: re.Match[str]) -> str:
    """The sign behind a backslash; of "1." the full stop, which follows."""
    sign = found[0]
    return f"{sign}\\" if sign[-1].isdecimal() else f"{sign[:-1]}\\{sign[-1]}"


def _framed(code: str) -> str:
    """Code of one line stands in the line, of several as a block; what would end its frame is text."""
    if "\n" in code:
        return _escaped(code) if "```" in code else f"```\n{code}\n```"
    return _escaped(code) if "`" in code or not code.strip() else f"`{code}`"
