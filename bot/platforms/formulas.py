"""Formulas in content: found, said in plain text where Unicode can, else left to be drawn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.domain.prompt import Quote
from bot.platforms.speech import DEEPEST, LONGEST, TOKEN, linear, plain, whole
from bot.platforms.symbols import DRAWN

_CLOSES = {r"\(": r"\)", r"\[": r"\]", "$$": "$$", "$": "$"}
_MARK = re.compile(r"\\[()\[\]$\\]|\$\$?")
# What stands between two single dollars and is a formula, no money and no shell.
_MATHS = re.compile(r".*[\\^_=+<>].*|[A-Za-z]{1,2}'*|-?\d+(\.\d+)?%?|[A-Za-z]\([\w,. ]+\)|[^\s\w]?\w[-*/|]\w")
_MONEY = re.compile(r"\d[^\\]*\s[a-z]{2,}\b")  # "$5 plus tax = 6$": an amount and a word
_GLUED = re.compile("[A-Za-z0-9]")  # US$5
_FOREIGN = re.compile("[^\x20-\x7e\n\xa0-\u03ff\u2000-\u22ff]")  # what the fonts of formulas may lack


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of content: text to read, code, or the source of a formula that only a picture shows."""

    text: str
    kind: Literal["text", "code", "latex"] = "text"


@dataclass(frozen=True, slots=True)
class Latex:
    """Formulas that stand on one picture, in their order, numbered from 1 where there are several."""

    formulas: tuple[str, ...]

    @property
    def alt(self) -> str:
        """In words, for who cannot see the picture."""
        said = tuple(linear(formula) for formula in self.formulas)
        if len(said) == 1:
            return said[0]
        return "; ".join(f"({number}) {one}" for number, one in enumerate(said, 1))


def pieces(quote: Quote) -> tuple[Piece, ...]:
    """The content in stretches; a formula that Unicode can say is text already."""
    if quote.markup == "code":
        return (Piece(quote.text, "code"),)
    if quote.markup == "latex":
        return (_formula(quote.text.strip().strip("$").strip()),)
    if "$" not in quote.text and "\\" not in quote.text:
        return (Piece(quote.text),)
    return tuple(_found(quote.text))


def _found(text: str) -> Iterator[Piece]:
    end = 0
    for opening, closing in _spans(text):
        yield Piece(text[end : opening.start()])
        yield _formula(text[opening.end() : closing.start()].strip())
        end = closing.end()
    yield Piece(text[end:])


def _spans(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """The marks around each formula, in one pass over a text of any size."""
    opening: re.Match[str] | None = None
    for mark in _MARK.finditer(text):
        if opening and _CLOSES[opening[0]] == mark[0] and _encloses(opening, mark, text):
            yield opening, mark
            opening = None
        elif mark[0] in _CLOSES:
            opening = mark


def _encloses(opening: re.Match[str], closing: re.Match[str], text: str) -> bool:
    source = text[opening.end() : closing.start()]
    if opening[0] != "$":
        return not source.isspace() and source != ""
    around = (
        _GLUED.search(text[max(opening.start() - 1, 0) : opening.start()])
        or text[closing.end() : closing.end() + 1].isdigit()
    )
    tight = source.strip() == source and "\n" not in source
    return not around and tight and _MATHS.fullmatch(source) is not None and _MONEY.match(source) is None


def _formula(source: str) -> Piece:
    return Piece(source, "code") if len(source) > LONGEST else _told(source)


@lru_cache(maxsize=1024)
def _told(source: str) -> Piece:
    said = plain(source)
    if said is not None:
        return Piece(said)
    if drawable(source):
        return Piece(source, "latex")
    said = whole(source)
    return Piece(source, "code") if said is None else Piece(said)


def drawable(source: str) -> bool:
    """Whether the drawing process is asked: short, balanced, of known commands and letters."""
    if len(source) > LONGEST:
        return False
    tokens = [token for token in TOKEN.findall(source) if not token.isspace()]
    known = all(token[1:] in DRAWN for token in tokens if token[0] == "\\")
    depths = (*_depths(tokens), 0)
    tame = _FOREIGN.search(source) is None and "$" not in tokens and "&" not in tokens
    return bool(tokens) and known and tame and min(depths) >= 0 and max(depths) <= DEEPEST and depths[-2] == 0


def _depths(tokens: list[str]) -> Iterator[int]:
    depth = 0
    for token in tokens:
        depth += (token == "{") - (token == "}")  # noqa: S105 - a bracket opens nothing of ours
        yield depth
