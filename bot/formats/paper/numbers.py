"""Numbers as papers write them: before a question, within a line, in a range of keys."""

import re
from collections.abc import Iterator

from bot.formats.paper.marks import ITEM

RANGE = re.compile(r"\s*(\d{1,5})\s?[-~—–至到]\s?(\d{1,5})\s?[题.:、]?\s*")
_SEPARATED = re.compile(r"\s?[.、)]\s*|\s?题\s*")
_DECIMAL = re.compile(r"\d\.")
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九十")}


def places(shade: str, digits: str) -> Iterator[tuple[int, int]]:
    """Where a number stands with its separator, but not first or within another number: (start, end)."""
    place = shade.find(digits, 1)
    while place >= 0:
        end = _SEPARATED.match(shade, place + len(digits))
        start = place - 1 if shade[place - 1] == "第" else place
        if end and start and not shade[start - 1].isdigit() and not _DECIMAL.match(shade, max(0, start - 2), start):
            yield start, end.end()
        place = shade.find(digits, place + 1)


def number_of(shade: str) -> int | None:
    """The number that a line begins with, as a question does; None where it begins otherwise."""
    found = ITEM.match(shade)
    return value_of(next(filter(None, found.groups()))) if found else None


def value_of(digits: str) -> int:
    """The number that digits or Chinese numerals up to 99 say."""
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_CHINESE.get(tens, 1) * 10 if ten else 0) + _CHINESE.get(ones, 0)
