"""Telegram's HTML: content made harmless, and a long message in valid pieces."""

from dataclasses import dataclass
from html import escape as quoted
from html.parser import HTMLParser
from itertools import pairwise

from bot.platforms.writing import clean, cuts, units

MESSAGE_UNITS = 4096  # UTF-16 units of a text after its entities are parsed, as Telegram counts
CAPTION_UNITS = 1024


def escape(text: str) -> str:
    """Content as HTML that can do nothing but be read; ``clean`` says what is taken away."""
    return quoted(clean(text))


def code(text: str) -> str:
    """Code as HTML: a block where it has several lines."""
    name = "pre" if "\n" in clean(text) else "code"
    return f"<{name}>{escape(text)}</{name}>"


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
    return tuple(_between(runs, start, end) for start, end in pairwise((0, *cuts(text, limit_units))))


def _between(runs: list[_Run], start: int, end: int) -> str:
    parts, at = [], 0
    for run in runs:
        first, last = max(start - at, 0), min(end - at, len(run.text))
        if first < last:
            parts.append(run.html(first, last))
        at += len(run.text)
    return "".join(parts)
