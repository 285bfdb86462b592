"""Where a question begins: at the start of a line, without a number, or jammed into another."""

import re

from bot.formats.paper import marks
from bot.formats.paper.items import Item, Trail
from bot.formats.paper.numbers import number_of, places
from bot.formats.paper.pieces import Piece

_OPTION = re.compile(r"\s*[\[(]?[Aa]\s?[.、:)\]]|\s*A(?=[\s\u3400-\u9fff])")
_LABEL = re.compile(r"\s*[\[(]?[A-Ha-h]\s?[.、:)\]]|\s*A(?=[\s\u3400-\u9fff])")
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


def turned(pieces: list[Piece]) -> list[Piece]:
    """The pieces, where the bracket for the answer stands before the number with it behind the stem, as in most papers.

    Letters are an answer where options begin behind them; (B) 2.5 is an option.
    """
    return [_turned(piece, pieces[at + 1 : at + 2]) for at, piece in enumerate(pieces)]


def _turned(piece: Piece, following: list[Piece]) -> Piece:
    front = marks.FRONT.match(piece.shade) if piece.start and not piece.mark else None
    if front is None:
        return piece
    begin, end = front.span(1)
    options = _OPTIONS.search(piece.shade, end)
    if front["letters"] and not options and not any(_OPTION.match(one.shade) for one in following):
        return piece
    place = options.start() if options else len(piece.shade)
    text, shade = (whole[end:place] + whole[begin:end] + whole[place:] for whole in (piece.text, piece.shade))
    return Piece(piece.line, text, shade, "", piece.start, piece.lead, piece.whole)


def accepted(trail: Trail, at: int, *, number: int, form: str | None) -> bool:
    """Whether a number, written in that form at the start of a piece, begins a question."""
    item = trail.current()
    if item is None:
        return _opening(trail, at, number)
    if item.style == "case" or (trail.asked and trail.region == "body"):
        return False
    goes_on = trail.lists.get(form) == number - 1  # a list: （1）（2） does not go on with 3.
    if number == trail.next:
        return form in _NAMED or _follows(trail, at, item, goes_on=goes_on)
    settled = item.keyed or trail.region == "why"
    skipped = 0 < number - trail.next <= _WIDEST_GAP and not goes_on
    return settled and (skipped or number == 1) and _promising(trail, at, shade=trail.pieces[at].shade, number=number)


def _opening(trail: Trail, at: int, number: int) -> bool:
    """Whether a number begins the first question of the paper or of a section."""
    if number == trail.next and trail.section.sort:
        return True
    near = number == trail.next or 0 < number - trail.next <= _WIDEST_GAP or not trail.items
    return near and (bool(trail.section.sort) or _promising(trail, at, shade=trail.pieces[at].shade, number=number))


def _follows(trail: Trail, at: int, item: Item, *, goes_on: bool) -> bool:
    """Whether the expected number begins a question, or goes on with a list in the text before it."""
    number = trail.next
    if goes_on:
        return _sure(trail, at, number)
    if trail.region != "body":
        return True
    if trail.section.sort in ("boolean", "blank", "case"):
        return True
    promising = _promising(trail, at, shade=trail.pieces[at].shade, number=number)
    return promising or bool(_OPTIONS.search("".join(item.body)[-_NEAR:]))


def _sure(trail: Trail, at: int, number: int) -> bool:
    if trail.section.sort != "case":
        return _promising(trail, at, shade=trail.pieces[at].shade, number=number)
    following = trail.pieces[at + 1] if at + 1 < len(trail.pieces) else None
    return trail.pieces[at].shade.rstrip().endswith("?") or (following is not None and following.mark == "key")


def _promising(trail: Trail, at: int, *, shade: str, number: int) -> bool:
    """Whether what stands here and below looks like a question: options, a gap, a key."""
    head = shade[:_NEAR]  # a slice: what follows may be megabytes
    if _OPTIONS.search(head) or marks.GAP.search(head) or _JUDGED.search(head) or _TAGGED.search(head):
        return True
    for piece in trail.pieces[at + 1 : at + _AHEAD]:
        if piece.mark == "section" or (piece.start and number_of(piece.shade) in (number + 1, trail.next)):
            return False
        if piece.mark == "key" or _OPTION.match(piece.shade):
            return True
    return False


def headless(trail: Trail, at: int) -> bool:
    """Whether a question without a number begins here: the one before has its key, and options follow."""
    item, piece = trail.current(), trail.pieces[at]
    if not piece.start or (item is not None and (trail.region == "body" or not item.key)):
        return False
    if _LABEL.match(piece.shade):
        return False
    ahead = trail.pieces[at + 1 : at + (2 if trail.region == "why" and item else 6)]
    for following in ahead:
        if following.mark or (following.start and marks.ITEM.match(following.shade)):
            return False
        if _OPTION.match(following.shade):
            return True
    return False


def jammed(trail: Trail, at: int, piece: Piece) -> int:
    """Where within a piece the next number begins a question; -1 where none does."""
    item = trail.current()
    if (item is not None and item.style == "case") or trail.section.sort == "case":
        return -1
    found = -1
    for place, end in places(piece.shade, str(trail.next)):
        if not _jams(trail, at, piece, place=place, end=end):
            continue
        if _ended(trail, piece, place):
            return place
        found = place if found < 0 else found
    return found


def _jams(trail: Trail, at: int, piece: Piece, *, place: int, end: int) -> bool:
    """Whether the number between two places, in the middle of a piece, may begin a question."""
    before = piece.shade[max(0, place - _NEAR) : place].rstrip()
    if not before or before[-1] in "-—~":
        return False
    opened = trail.current() is not None
    body = not opened or trail.region == "body"
    if piece.shade[end : end + 1].isdigit() and (body or not _ended(trail, piece, place)):
        return False  # 2.5 is a number; 5.2024年是闰年 is a question, behind a whole sentence or key
    if body and (_LABELLED.search(before) or (opened and not _OPTIONS.search(before))):
        return False  # an option that is a number, or no options yet
    return _promising(trail, at, shade=piece.shade[end : end + _NEAR], number=trail.next)


def _ended(trail: Trail, piece: Piece, place: int) -> bool:
    """Whether what stands before a place is a whole sentence or a whole key."""
    before = piece.shade[max(0, place - _NEAR) : place].rstrip()
    return before[-1:] in _ENDS or (trail.region == "key" and bool(_SHORT_KEY.fullmatch(before)))
