"""What stands in a paper: its questions, growing while it is read, and how far the reading has come."""

from dataclasses import dataclass, field
from typing import Literal

from bot.formats.format import TooLarge
from bot.formats.paper import marks
from bot.formats.paper.deadline import Deadline
from bot.formats.paper.numbers import number_of
from bot.formats.paper.pieces import Piece
from bot.formats.paper.sections import Section

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


@dataclass(slots=True)
class Trail:
    """How far a pass over the pieces has come: the questions found, and where it is within the last."""

    pieces: list[Piece]
    deadline: Deadline
    items: list[Item] = field(default_factory=list)
    section: Section = field(default_factory=Section)
    next: int = 1
    region: Region = "body"
    lists: dict[str | None, int] = field(default_factory=dict)  # within the region: how written, their last number
    closed: bool = True  # no item is open: a heading came, or nothing yet
    asked: bool = False
    bare: int = 0  # items without a key

    def current(self) -> Item | None:
        return None if self.closed or not self.items else self.items[-1]

    def enter(self, region: Region, piece: Piece | None = None) -> None:
        """Begin a region; a list may begin at once behind its mark: 答案:(1)甲."""
        self.region = region
        self.lists = {}
        found = marks.ITEM.match(piece.shade) if piece else None
        if piece and found and number_of(found[0]) == 1 and not piece.shade[found.end() : found.end() + 1].isdigit():
            self.lists[found.lastgroup] = 1

    def add(self, piece: Piece, number: int | None, style: Literal["", "case"] = "") -> None:
        if len(self.items) >= MOST_ITEMS:
            raise TooLarge(f"The file has more than {MOST_ITEMS:,} questions; split it into smaller files.", piece.line)
        self.items.append(Item(self.section, number, piece.line, style=style))
        self.bare += 1
        self.next = number + 1 if number is not None else self.next + (self.next > 1)
        self.closed = False
        self.asked = False
        self.enter("body")
