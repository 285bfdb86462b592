"""The keys at the end of a paper: ranges, single entries, explanations; given to the items they belong to."""

import re
from collections.abc import Sequence

from bot.domain.question import Remark
from bot.formats.paper import marks
from bot.formats.paper.deadline import Deadline
from bot.formats.paper.items import Item
from bot.formats.paper.numbers import RANGE
from bot.formats.paper.pieces import Piece
from bot.formats.paper.sections import Section

_SHORT = re.compile(r"\s*(\d{1,5})\s?[.、:)]?\s*([A-H]{1,8}|[√×TF对错])(?=[\s,;、。\d]|$)[\s,;、。]*")
_TOKENS = re.compile(r"[\s,;、]+")
_CHOICES = {"choice", "single", "multiple"}  # 选择题 may head the keys of both
_SINGLES = re.compile(r"[A-Ha-h√×TF对错]")


class Table:
    """The place among the items up to which keys were given; entries come in the items' order."""

    def __init__(self, items: Sequence[Item], sections: Sequence[Section], deadline: Deadline) -> None:
        self.items = items
        read = {item.section for item in items}
        self._empty = [section for section in sections if section not in read]
        self._astray = False  # within the keys of a section in which no question was found
        self.deadline = deadline
        self.remarks: list[Remark] = []
        self._places: dict[int | None, list[int]] = {}
        for place, item in enumerate(items):
            self._places.setdefault(item.number, []).append(place)
        self._from = 0
        self._item: Item | None = None
        self._why = False
        self._form: str | None = None  # how the numbers of entries are written
        self._lists: dict[str | None, int] = {}  # the last point of a model answer, by how points are written

    def read(self, pieces: Sequence[Piece]) -> None:
        """Give every entry to its item; an entry that fits none is a remark."""
        for at, piece in enumerate(pieces):
            if at % 64 == 0:
                self.deadline.check()
            if piece.mark == "section" and piece.section is not None:
                self._seek(piece.section)
            elif piece.mark == "why" or self._why_goes_on(piece):
                self._explain(piece)
            elif piece.text.strip():
                self._entries(piece)

    def _why_goes_on(self, piece: Piece) -> bool:
        return self._why and not marks.ITEM.match(piece.shade) and not RANGE.match(piece.shade)

    def _seek(self, section: Section) -> None:
        """Go to the items of the section that has this heading's name, or holds the same kind."""
        self._why = False
        same = [place for place, item in enumerate(self.items) if item.section.name == section.name]
        alike = [place for place, item in enumerate(self.items) if section.sort and item.section.sort == section.sort]
        akin = [place for place, item in enumerate(self.items) if {item.section.sort, section.sort} <= _CHOICES]
        self._from = next(iter(same or alike or akin), self._from)
        empty = any(one.name == section.name or one.sort == section.sort for one in self._empty)
        self._astray = empty and not (same or alike or akin)

    def _explain(self, piece: Piece) -> None:
        self._why = True
        if self._item is not None:
            self._item.add("why", piece, piece.text)

    def _entries(self, piece: Piece) -> None:
        self._why = False
        if RANGE.match(piece.shade):
            self._ranges(piece)
        elif short := _shorts(piece.shade):
            self._form = "plain"
            for number, value in short:
                self._give(number, value, piece)
        elif found := marks.ITEM.match(piece.shade):
            self._entry(found, piece)
        elif self._item is not None:
            self._item.add("key", piece, piece.text)

    def _entry(self, found: re.Match[str], piece: Piece) -> None:
        """A long entry; or a point of the model answer before it.

        A point's number is written in another way; in a section of cases it may also be one that no question waits
        for, or go on with the points.
        """
        number, form = int(next(filter(None, found.groups()))), found.lastgroup
        item = self._item
        if item is not None and self._is_point(item, number, form):
            self._lists[form] = number
            item.add("key", piece, piece.text)
        else:
            self._lists, self._form = {}, form
            self._give(number, piece.text[found.end() :], piece)

    def _is_point(self, item: Item, number: int, form: str | None) -> bool:
        another = form != self._form
        if item.section.sort != "case":
            return another and bool(self._form) and not item.section.sort
        waits = any(not self.items[place].keyed for place in self._places.get(number, []))
        return another or not waits or self._lists.get(form) == number - 1

    def _ranges(self, piece: Piece) -> None:
        found = list(RANGE.finditer(piece.shade))
        ends = [match.start() for match in found[1:]] + [len(piece.shade)]
        for match, end in zip(found, ends, strict=True):
            first, last = int(match[1]), int(match[2])
            values = _values(piece.shade[match.end() : end], last - first + 1)
            if not values:
                message = f"The keys {first}-{last} do not have one value for each question."
                self.remarks.append(Remark(piece.line, "key-range", message))
            for number, value in zip(range(first, last + 1), values, strict=False):
                self._give(number, value, piece)

    def _give(self, number: int, value: str, piece: Piece) -> None:
        places = self._places.get(number, [])
        ahead = [place for place in places if place >= self._from] or places
        open_ = [place for place in ahead if not self.items[place].keyed and not self._astray]
        if not open_:
            message = f"There is a key for question {number}, but no such question without a key."
            self.remarks.append(Remark(piece.line, "key-without-question", message))
            self._item = None
            return
        self._from = open_[0]
        self._item = self.items[open_[0]]
        self._item.keyed = True
        self._item.add("key", piece, value.strip())


def _shorts(shade: str) -> list[tuple[int, str]]:
    """The entries of a line that has nothing but short ones: 1.A 2.C 3.AB; none otherwise."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(shade):
        match = _SHORT.match(shade, at)
        if match is None:
            return []
        found.append((int(match[1]), match[2]))
        at = match.end()
    return found


def _values(text: str, count: int) -> list[str]:
    """The values of a range, one a question: BBCB, or AB ACD BC; none where the count differs."""
    tokens = [token for token in _TOKENS.split(text.strip(" .。")) if token]
    if len(tokens) == count:
        return tokens
    joined = "".join(tokens)
    return list(joined) if len(joined) == count and all(map(_SINGLES.fullmatch, joined)) else []
