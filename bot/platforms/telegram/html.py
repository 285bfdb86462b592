"""Telegram's HTML: content made harmless, and a long message in valid pieces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape as quoted
from html.parser import HTMLParser
from itertools import pairwise
from unicodedata import category

MESSAGE_UNITS = 4096  # UTF-16 units of a text after its entities are parsed, as Telegram counts
CAPTION_UNITS = 1024

_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Refused or dropped by Telegram, or without width and so good for nothing but disguise: controls, lone surrogates,
# embeddings and overrides of direction, invisible characters and fillers, noncharacters.
# Joiners (U+200C, U+200D) and marks of direction (U+200E, U+200F, U+061C) stay: scripts and emoji need them.
_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u115f\u1160\u180e\u200b\u202a-\u202e\u2060-\u2065\u206a-\u206f\u3164\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e001f"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_ISOLATES = re.compile("[\u2066-\u2069\n]")
_CLOSING = "\u2069"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

# Where a text may be cut, the best first: behind a line, a sentence, a word.
_BORDERS = (re.compile(r"\n"), re.compile(r"[。！？；…]|[.!?;](?=\s)"), re.compile(r"\s"))
_JOINING = re.compile("[\u200d\u1160-\u11ff\ud7b0-\ud7ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_HALVES = re.compile("[\U0001f1e6-\U0001f1ff]+$")  # of flags: each two are one
_FLAGS = 256  # of them looked back at; no longer row is anybody's text


def clean(text: str) -> str:
    """The text without what Telegram refuses and what could disguise it.

    Every end of a line becomes a line feed; ``_REMOVED`` goes, and so does an isolate of direction that has no
    partner on its line.
    """
    kept = _REMOVED.sub("", _ENDS.sub("\n", text))
    alone = set(_unpaired(kept))
    return "".join(letter for at, letter in enumerate(kept) if at not in alone) if alone else kept


def _unpaired(text: str) -> Iterator[int]:
    """Where an isolate of direction has no partner on its line."""
    opened: list[int] = []
    for found in _ISOLATES.finditer(f"{text}\n"):
        if found[0] == "\n":
            yield from opened
            opened = []
        elif found[0] != _CLOSING:
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            yield found.start()


def isolated(text: str) -> str:
    """Each line that holds right-to-left letters between isolates: what stands around it keeps its order."""
    if _RIGHT_TO_LEFT.search(text) is None:
        return text
    return "\n".join(f"\u2068{line}{_CLOSING}" if line else "" for line in text.split("\n"))


def escape(text: str) -> str:
    """Content as HTML that can do nothing but be read; ``clean`` says what is taken away."""
    return quoted(clean(text))


def code(text: str) -> str:
    """Code as HTML: a block where it has several lines."""
    name = "pre" if "\n" in clean(text) else "code"
    return f"<{name}>{escape(text)}</{name}>"


def units(text: str) -> int:
    """The length of a plain text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text and the tags around it: name and how it was opened, the outermost first."""

    text: str
    tags: tuple[tuple[str, str], ...]

    def html(self, start: int, end: int) -> str:
        opened = "".join(tag for _, tag in self.tags)
        closed = "".join(f"</{name}>" for name, _ in reversed(self.tags))
        return f"{opened}{quoted(self.text[start:end])}{closed}"


class _Reader(HTMLParser):
    """Collects the runs of a message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[_Run] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the library's
        self._open.append((tag, self.get_starttag_text() or f"<{tag}>"))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.runs.append(_Run(data, tuple(self._open)))


def _runs(html: str) -> list[_Run]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.runs


def text_of(html: str) -> str:
    """What a person reads of it."""
    return "".join(run.text for run in _runs(html))


def split(html: str, limit_units: int = MESSAGE_UNITS) -> tuple[str, ...]:
    """The message in pieces that each hold at most so many units; their texts joined are its text.

    Cut behind a line, else a sentence, else a word, else between characters as a person sees them; every piece
    opens and closes its own tags.
    """
    if units(html) <= limit_units:  # with its tags, so without them too
        return (html,)
    runs = _runs(html)
    text = "".join(run.text for run in runs)
    if units(text) <= limit_units:
        return (html,)
    return tuple(_between(runs, start, end) for start, end in pairwise((0, *_cuts(text, limit_units))))


def _cuts(text: str, limit_units: int) -> Iterator[int]:
    end = 0
    while end < len(text):
        start, end = end, _full(text, end, limit_units)
        if end < len(text):
            end = _border(text, (start + end + 1) // 2, end)
        yield end


def _full(text: str, start: int, limit_units: int) -> int:
    """Where a piece that begins there is full."""
    left, end = limit_units, start
    while end < len(text) and left > (text[end] > "\uffff"):
        left -= 1 + (text[end] > "\uffff")
        end += 1
    return max(end, start + 1)


def _border(text: str, least: int, most: int) -> int:
    """The best place for a cut between the two."""
    for border in _BORDERS:
        ends = [found.end() for found in border.finditer(text, least, most) if not _joined(text, found.end())]
        if ends:
            return ends[-1]
    between = (at for at in range(most, least - 1, -1) if not _joined(text, at))
    return next(between, most)  # no character is as long as half a message, but an attack may be


def _joined(text: str, at: int) -> bool:
    """Whether what stands before and after that place is one character to a person."""
    before, after = text[at - 1], text[at]
    if before == "\n":
        return False
    joins = category(after).startswith("M") or before == "\u200d" or _JOINING.match(after) is not None
    return joins or (_HALVES.match(after) is not None and _halved(text, at))


def _halved(text: str, at: int) -> bool:
    """Whether half a flag stands before that place."""
    halves = _HALVES.search(text, max(at - _FLAGS, 0), at)
    return halves is not None and len(halves[0]) % 2 == 1


def _between(runs: list[_Run], start: int, end: int) -> str:
    parts, at = [], 0
    for run in runs:
        first, last = max(start - at, 0), min(end - at, len(run.text))
        if first < last:
            parts.append(run.html(first, last))
        at += len(run.text)
    return "".join(parts)
