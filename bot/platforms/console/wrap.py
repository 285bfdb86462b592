"""Lines broken to a width in columns, as Chinese and English are broken."""

import re
from collections.abc import Iterator

_OPEN = re.escape("（「『《〈【〔“‘([")
_STOPS = re.escape(",.;:?!%")
_CLOSE = _STOPS + re.escape("）」』》〉】〕”’)]，。、；：？！…％")
_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff"
    "\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
_NARROW = rf"[^\s{_WIDE}{_OPEN}{_CLOSE}]+"
# What stays together: a Latin word (4.1 is one) or one wide character, its marks and the space after it.
_PIECE = re.compile(rf"[{_OPEN}]*(?:{_NARROW}(?:[{_STOPS}]+{_NARROW})*|.)[{_CLOSE}]*\s*", re.DOTALL)


def columns(text: str) -> int:
    """How many columns a terminal gives to the text: two for a wide character, none for a combining one."""
    from rich.cells import cell_len  # noqa: PLC0415 - a pipe needs no widths

    return cell_len(text)


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """The text in lines of at most ``width`` columns; those after the first are set in by ``hang``.

    No line begins with a closing mark or ends with an opening one; only what is wider than a line is cut.
    """
    if columns(text) <= width or width <= hang + 2:
        return [text]
    found = [""]
    for piece in _pieces(text, width - hang):
        if columns(found[-1] + piece.rstrip()) > width:
            found = [*found, " " * hang] if found[-1].strip() else [*found[:-1], " " * hang if found[1:] else ""]
        found[-1] += piece
    return [line.rstrip() for line in found]


def _pieces(text: str, width: int) -> Iterator[str]:
    for match in _PIECE.finditer(text):
        yield from [match[0]] if columns(match[0].rstrip()) <= width else _cut(match[0], width)


def _cut(piece: str, width: int) -> Iterator[str]:
    part = ""
    for letter in piece:
        if columns(part + letter) > width:
            yield part
            part = ""
        part += letter
    yield part
