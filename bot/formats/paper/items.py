"""Pieces to items: where one question ends and the next begins."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.formats.format import TooLarge
from bot.formats.paper import marks
from bot.formats.paper.deadline import Deadline
from bot.formats.paper.numbers import RANGE, number_of, places, value_of
from bot.formats.paper.pieces import Piece
from bot.formats.paper.sections import Section, untyped

MOST_ITEMS = 20_000

Region = Literal["body", "key", "why", "mine"]


@dataclass(slots=True)
class Item:
    """A question as it stands in the paper, growing while it is read: its texts by region, and its lines."""

    section: Section
    number: int | None
    line: int
    body: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    keyed: bool = False  # a key mark was seen, or the table at the end had one
    style: Literal["", "case"] = ""
    last: int = 0

    def add(self, region: Region, piece: Piece, text: str) -> None:
        """Put text where it belongs; a new line only where the paper had one."""
        target: list[str] = getattr(self, region)
        if piece.start and target:
            target.append("\n")
        target.append(text)
        self.last = piece.line
        if not piece.whole and piece.line not in self.damaged:
            self.damaged.append(piece.line)


_OPTION = re.compile(r"\s*[\[(]?[Aa]\s?[.、:)\]]|\s*A(?=[\s\u3400-\u9fff])")
_OPTIONS = re.compile(r"(?<![A-Za-z])[Aa]\s?[.、:)\]]")
_LABELLED = re.compile(r"(?<![A-Za-z])[A-Ha-h]\s?[.、:)\]]\s*$")
_JUDGED = re.compile(r"\(\s*[√×TF对错]\s*\)\s*[。.]?\s*$|[√×]\s*$")
_ENDS = frozenset("。.!?;)】]》”\"'")
_AHEAD = 14  # pieces that are looked at to see whether a number begins a question
_NEAR = 400  # characters of them
_NAMED = ("english", "nth", "titled")  # numbers that say what they are: Question 3, 第3题
_WIDEST_GAP = 30  # missing numbers that are still the same count
_TAGGED = re.compile(r"[\[【(](?:[单多]项?选|不定项|判断|填空|选择|案例|简答|问答|论述)")
_SHORT_KEY = re.compile(r"\s*(?:[A-H][A-H、,\s]{0,15}|[A-H]|[√×TF]|不?正确|错误?|对|不对|是|否)\s*[。.]?\s*")


class Scan:
    """One pass over the pieces; ``items`` is what it found, ``rest`` where the key table at the end begins."""

    def __init__(self, pieces: list[Piece], deadline: Deadline) -> None:
        self.pieces = pieces
        self.deadline = deadline
        self.items: list[Item] = []
        self.sections: list[Section] = []
        self.title = ""
        self.rest = len(pieces)
        self._section = Section()
        self._next = 1
        self._region: Region = "body"
        self._lists: dict[str | None, int] = {}  # lists within the present region: how written, their last number
        self._closed = True  # no item is open: a heading came, or nothing yet
        self._asked = False
        self._bare = 0  # items without a key

    def run(self) -> None:
        """Read all pieces; TooLarge for too many questions, TooSlow past the deadline."""
        take: dict[str, Callable[[int, Piece], None]] = {
            "section": self._open, "key": self._key, "why": self._why, "mine": self._mine, "": self._plain,
        }  # fmt: skip
        for at, piece in enumerate(self.pieces):
            if at % 64 == 0:
                self.deadline.check()
            if self._table_at(at, piece):
                self.rest = at
                return
            take[piece.mark](at, piece)

    # --- what a piece does

    def _open(self, at: int, piece: Piece) -> None:
        self._section = piece.section or Section()
        self.sections.append(self._section)
        self._next = 1 if self._restarts(at) else self._next
        self._closed = True

    def _restarts(self, at: int) -> bool:
        """Whether numbers begin again behind a heading: unless the next number that comes goes on."""
        ahead = (number_of(piece.shade) for piece in self.pieces[at + 1 : at + 4] if piece.start)
        return next((number != self._next for number in ahead if number is not None), True)

    def _key(self, at: int, piece: Piece) -> None:
        item = self._current()
        if item is None:
            return self._plain(at, piece)
        if item.keyed and self._region == "why":  # the explanation speaks of an answer
            return item.add("why", piece, piece.lead + piece.text)
        self._bare -= not item.keyed
        item.keyed = True
        self._enter("key", piece)
        return self._within(at, piece)

    def _why(self, at: int, piece: Piece) -> None:
        item = self._current()
        if item is None:
            return self._plain(at, piece)
        if self._region == "body" and not piece.start:  # 域名解析: in a stem
            return item.add("body", piece, piece.lead + piece.text)
        self._enter("why", piece)
        return self._within(at, piece)

    def _mine(self, at: int, piece: Piece) -> None:
        if self._current() is not None:
            self._enter("mine")
        self._within(at, piece)

    def _plain(self, at: int, piece: Piece) -> None:
        if piece.start and self._begins(at, piece):
            return
        if piece.start and self._current() is None and (section := self._untyped(at, piece)):
            self._open(at, section)
        elif self._current() is None and not self.items and not self._headless(at, piece):
            self.title = self.title or piece.text.strip()
            self._within(at, piece)
        elif self._headless(at, piece):
            self._begin(at, piece, None, 0)
        else:
            self._within(at, piece)

    # --- where a question begins

    def _begins(self, at: int, piece: Piece) -> bool:
        """Begin a question at the start of a line, if one begins there."""
        if case := marks.CASE.match(piece.shade):
            if self._section.sort in ("case", ""):
                self._begin(at, piece, value_of(case["number"]), case.end(), style="case")
                return True
            return False
        found = marks.ITEM.match(piece.shade)
        if found is None:
            return False
        number = value_of(next(filter(None, found.groups())))
        if not self._accepted(at, piece, number, found.lastgroup):
            self._lists[found.lastgroup] = number
            return False
        self._begin(at, piece, number, found.end())
        return True

    def _accepted(self, at: int, piece: Piece, number: int, form: str | None) -> bool:
        item = self._current()
        if item is None:
            return self._opening(at, piece, number)
        if item.style == "case" or (self._asked and self._region == "body"):
            return False
        goes_on = self._lists.get(form) == number - 1  # a list: （1）（2） does not go on with 3.
        if number == self._next:
            return form in _NAMED or self._follows(at, piece, item, goes_on=goes_on)
        settled = item.keyed or self._region == "why"
        skipped = 0 < number - self._next <= _WIDEST_GAP and not goes_on
        return settled and (skipped or number == 1) and self._promising(at, piece.shade, number)

    def _opening(self, at: int, piece: Piece, number: int) -> bool:
        """Whether a number begins the first question of the paper or of a section."""
        if number == self._next and self._section.sort:
            return True
        near = number == self._next or 0 < number - self._next <= _WIDEST_GAP or not self.items
        return near and (bool(self._section.sort) or self._promising(at, piece.shade, number))

    def _follows(self, at: int, piece: Piece, item: Item, *, goes_on: bool) -> bool:
        """Whether the expected number begins a question, or goes on with a list in the text before it."""
        number = self._next
        if goes_on:
            return self._sure(at, piece, number)
        if self._region != "body":
            return True
        if self._section.sort in ("boolean", "blank", "case"):
            return True
        return self._promising(at, piece.shade, number) or bool(_OPTIONS.search("".join(item.body)[-_NEAR:]))

    def _sure(self, at: int, piece: Piece, number: int) -> bool:
        if self._section.sort != "case":
            return self._promising(at, piece.shade, number)
        following = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        return piece.shade.rstrip().endswith("?") or (following is not None and following.mark == "key")

    def _promising(self, at: int, shade: str, number: int) -> bool:
        """Whether what stands here and below looks like a question: options, a gap, a key."""
        head = shade[:_NEAR]  # a slice: what follows may be megabytes
        if _OPTIONS.search(head) or marks.GAP.search(head) or _JUDGED.search(head) or _TAGGED.search(head):
            return True
        for piece in self.pieces[at + 1 : at + _AHEAD]:
            if piece.mark == "section" or (piece.start and number_of(piece.shade) in (number + 1, self._next)):
                return False
            if piece.mark == "key" or _OPTION.match(piece.shade):
                return True
        return False

    def _headless(self, at: int, piece: Piece) -> bool:
        """Whether a question without a number begins here: the one before has its key, and options follow."""
        item = self._current()
        if not piece.start or (item is not None and (self._region == "body" or not item.key)):
            return False
        if _OPTION.match(piece.shade):
            return False
        ahead = self.pieces[at + 1 : at + (2 if self._region == "why" and item else 6)]
        for following in ahead:
            if following.mark or (following.start and marks.ITEM.match(following.shade)):
                return False
            if _OPTION.match(following.shade):
                return True
        return False

    def _untyped(self, at: int, piece: Piece) -> Piece | None:
        section = untyped(piece.text, piece.shade, piece.line)
        following = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if section is None or following is None or number_of(following.shade) != 1:
            return None
        return Piece(piece.line, piece.text, piece.shade, "section", section=section)

    def _begin(self, at: int, piece: Piece, number: int | None, skip: int, *, style: Literal["", "case"] = "") -> None:
        self._add(piece, number, style)
        self._within(at, _after(piece, skip))

    def _add(self, piece: Piece, number: int | None, style: Literal["", "case"] = "") -> None:
        if len(self.items) >= MOST_ITEMS:
            raise TooLarge(f"The file has more than {MOST_ITEMS:,} questions; split it into smaller files.", piece.line)
        self.items.append(Item(self._section, number, piece.line, style=style))
        self._bare += 1
        self._next = number + 1 if number is not None else self._next + (self._next > 1)
        self._closed = False
        self._asked = False
        self._enter("body")

    # --- text that goes on

    def _within(self, at: int, piece: Piece) -> None:
        """Add a piece to the open region, and begin the questions that are jammed into it."""
        while True:
            self.deadline.check()
            place = self._jammed(at, piece)
            head = piece if place < 0 else _upto(piece, place)
            if (item := self._current()) is not None:
                self._asked = self._asked or bool(marks.ASKED.match(piece.shade))
                item.add(self._region, head, head.text)
            if place < 0:
                return
            found = marks.ITEM.match(piece.shade, place)
            self._add(piece, self._next)
            piece = _after(piece, found.end() if found else place)

    def _jammed(self, at: int, piece: Piece) -> int:
        """Where within a piece the next number begins a question; -1 where none does."""
        item = self._current()
        if (item is not None and item.style == "case") or self._section.sort == "case":
            return -1
        found = -1
        for place, end in places(piece.shade, str(self._next)):
            if not self._jams(at, piece, place, end):
                continue
            if self._ended(piece, place):
                return place
            found = place if found < 0 else found
        return found

    def _jams(self, at: int, piece: Piece, place: int, end: int) -> bool:
        """Whether the number between two places, in the middle of a piece, may begin a question."""
        before = piece.shade[max(0, place - _NEAR) : place].rstrip()
        if not before or before[-1] in "-—~":
            return False
        opened = self._current() is not None
        body = not opened or self._region == "body"
        if piece.shade[end : end + 1].isdigit() and (body or not self._ended(piece, place)):
            return False  # 2.5 is a number; 5.2024年是闰年 is a question, behind a whole sentence or key
        if body and (_LABELLED.search(before) or (opened and not _OPTIONS.search(before))):
            return False  # an option that is a number, or no options yet
        return self._promising(at, piece.shade[end : end + _NEAR], self._next)

    def _ended(self, piece: Piece, place: int) -> bool:
        """Whether what stands before a place is a whole sentence or a whole key."""
        before = piece.shade[max(0, place - _NEAR) : place].rstrip()
        return before[-1:] in _ENDS or (self._region == "key" and bool(_SHORT_KEY.fullmatch(before)))

    def _current(self) -> Item | None:
        return None if self._closed or not self.items else self.items[-1]

    def _enter(self, region: Region, piece: Piece | None = None) -> None:
        """Begin a region; a list may begin at once behind its mark: 答案:(1)甲."""
        self._region = region
        self._lists = {}
        found = marks.ITEM.match(piece.shade) if piece else None
        if piece and found and number_of(found[0]) == 1 and not piece.shade[found.end() : found.end() + 1].isdigit():
            self._lists[found.lastgroup] = 1

    # --- the keys at the end

    def _table_at(self, at: int, piece: Piece) -> bool:
        """Whether the keys of all questions begin here."""
        if piece.mark != "key" or not piece.start or piece.text.strip() or not self.items:
            return False
        following = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if following is None or self._bare < min(2, len(self.items)):
            return False
        if following.mark == "section" or RANGE.match(following.shade):
            return True
        return self._section.sort != "case" and number_of(following.shade) is not None


def _after(piece: Piece, place: int) -> Piece:
    return Piece(piece.line, piece.text[place:], piece.shade[place:], "", start=True, whole=piece.whole)


def _upto(piece: Piece, place: int) -> Piece:
    return Piece(piece.line, piece.text[:place], piece.shade[:place], piece.mark, piece.start, piece.lead, piece.whole)
