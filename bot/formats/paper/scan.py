"""Pieces to items: one pass over the paper."""

from collections import Counter
from collections.abc import Callable
from typing import Literal

from bot.formats.paper import marks
from bot.formats.paper.begins import accepted, headless, jammed, turned
from bot.formats.paper.deadline import Deadline
from bot.formats.paper.items import Trail
from bot.formats.paper.numbers import RANGE, number_of, value_of
from bot.formats.paper.pieces import Piece
from bot.formats.paper.sections import Section, untyped


class Scan:
    """One pass over the pieces; ``trail.items`` is what it found, ``rest`` where the key table at the end begins."""

    def __init__(self, pieces: list[Piece], deadline: Deadline) -> None:
        self.trail = Trail(turned(pieces), deadline)
        self.sections: list[Section] = []
        self.strays: Counter[Section] = Counter()  # lines below a heading that belong to no question
        self.title = ""
        self.rest = len(pieces)

    def run(self) -> None:
        """Read all pieces; TooLarge for too many questions, TooSlow past the deadline."""
        take: dict[str, Callable[[int, Piece], None]] = {
            "section": self._open, "key": self._key, "why": self._why, "mine": self._mine, "": self._plain,
        }  # fmt: skip
        for at, piece in enumerate(self.trail.pieces):
            if at % 64 == 0:
                self.trail.deadline.check()
            if self._table_at(at, piece):
                self.rest = at
                return
            take[piece.mark](at, piece)

    def _open(self, at: int, piece: Piece) -> None:
        self.trail.section = piece.section or Section()
        self.sections.append(self.trail.section)
        self.trail.next = 1 if self._restarts(at) else self.trail.next
        self.trail.closed = True

    def _restarts(self, at: int) -> bool:
        """Whether numbers begin again behind a heading: unless the next number that comes goes on."""
        ahead = (number_of(piece.shade) for piece in self.trail.pieces[at + 1 : at + 4] if piece.start)
        return next((number != self.trail.next for number in ahead if number is not None), True)

    def _key(self, at: int, piece: Piece) -> None:
        item = self.trail.current()
        if item is None:
            return self._plain(at, piece)
        if item.keyed and self.trail.region == "why":  # the explanation speaks of an answer
            return item.add("why", piece, piece.lead + piece.text)
        self.trail.bare -= not item.keyed
        item.keyed = True
        self.trail.enter("key", piece)
        return self._within(at, piece)

    def _why(self, at: int, piece: Piece) -> None:
        item = self.trail.current()
        if item is None:
            return self._plain(at, piece)
        if self.trail.region == "body" and not piece.start:  # 域名解析: in a stem
            return item.add("body", piece, piece.lead + piece.text)
        self.trail.enter("why", piece)
        return self._within(at, piece)

    def _mine(self, at: int, piece: Piece) -> None:
        if self.trail.current() is not None:
            self.trail.enter("mine")
        self._within(at, piece)

    def _plain(self, at: int, piece: Piece) -> None:
        if piece.start and self._begins(at, piece):
            return
        if piece.start and self.trail.current() is None and (section := self._untyped(at, piece)):
            self._open(at, section)
        elif self.trail.current() is None and not self.trail.items and not headless(self.trail, at):
            self.title = self.title or piece.text.strip()
            self._within(at, piece)
        elif headless(self.trail, at):
            self._begin(at, piece, number=None, skip=0)
        else:
            self._within(at, piece)

    def _begins(self, at: int, piece: Piece) -> bool:
        """Begin a question at the start of a line, if one begins there."""
        if case := marks.CASE.match(piece.shade):
            if self.trail.section.sort in ("case", ""):
                self._begin(at, piece, number=value_of(case["number"]), skip=case.end(), style="case")
                return True
            return False
        found = marks.ITEM.match(piece.shade)
        if found is None:
            return False
        number = value_of(next(filter(None, found.groups())))
        if not accepted(self.trail, at, number=number, form=found.lastgroup):
            self.trail.lists[found.lastgroup] = number
            return False
        self._begin(at, piece, number=number, skip=found.end())
        return True

    def _untyped(self, at: int, piece: Piece) -> Piece | None:
        section = untyped(piece.text, piece.shade, piece.line)
        following = self.trail.pieces[at + 1] if at + 1 < len(self.trail.pieces) else None
        if section is None or following is None or number_of(following.shade) != 1:
            return None
        return Piece(piece.line, piece.text, piece.shade, "section", section=section)

    def _begin(self, at: int, piece: Piece, *, number: int | None, skip: int, style: Literal["", "case"] = "") -> None:
        self.trail.add(piece, number, style)
        self._within(at, _after(piece, skip))

    def _within(self, at: int, piece: Piece) -> None:
        """Add a piece to the open region, and begin the questions that are jammed into it."""
        while True:
            self.trail.deadline.check()
            place = jammed(self.trail, at, piece)
            head = piece if place < 0 else _upto(piece, place)
            if (item := self.trail.current()) is not None:
                self.trail.asked = self.trail.asked or bool(marks.ASKED.match(piece.shade))
                item.add(self.trail.region, head, head.text)
            elif head.text.strip():
                self.strays[self.trail.section] += 1
            if place < 0:
                return
            found = marks.ITEM.match(piece.shade, place)
            self.trail.add(piece, self.trail.next)
            piece = _after(piece, found.end() if found else place)

    def _table_at(self, at: int, piece: Piece) -> bool:
        """Whether the keys of all questions begin here."""
        if piece.mark != "key" or not piece.start or piece.text.strip() or not self.trail.items:
            return False
        following = self.trail.pieces[at + 1] if at + 1 < len(self.trail.pieces) else None
        if following is None or self.trail.bare < min(2, len(self.trail.items)):
            return False
        if following.mark == "section" or RANGE.match(following.shade):
            return True
        return self.trail.section.sort != "case" and number_of(following.shade) is not None


def _after(piece: Piece, place: int) -> Piece:
    return Piece(piece.line, piece.text[place:], piece.shade[place:], "", start=True, whole=piece.whole)


def _upto(piece: Piece, place: int) -> Piece:
    return Piece(piece.line, piece.text[:place], piece.shade[:place], piece.mark, piece.start, piece.lead, piece.whole)
