"""Glosses that a document site put into the bytes of a paper, ``書(shū)``, and taking them out again."""

# The site inserted "(pinyin)" after about 90 two-byte patterns of the GBK text. Where a pattern straddled two
# characters, the lead byte of the next one and the "(" became "?", and the text up to the next ASCII byte was
# decoded one byte off: 因為SHAP became 因?yàn)镾HAP (F2 9E is 驗).

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.formats.paper.deadline import Deadline

_LETTERS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê"
_ALIGNED = re.compile(rf"([\u3400-\u9fff\uf900-\ufaff])\(([{_LETTERS}]{{1,7}})\)")
_STRADDLED = re.compile(rf"([^\x00-\x7f]|[,:])\?([{_LETTERS}]{{1,7}})\)")
_LEFT = re.compile(rf"\?[{_LETTERS}]{{1,7}}\)|[\u3400-\u9fff]\((?=[a-z]*[^\x00-\x7f)])[{_LETTERS}]{{1,7}}\)|\ufffd")
_ENOUGH = 5  # confirmed glosses in a file before anything is touched: a language paper may have some of its own
_FIT = str.maketrans({",": "，", ":": "："})  # the site made these two ASCII after it had shifted the bytes
_UNFIT = str.maketrans({"，": ",", "：": ":"})
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A line without its glosses; ``whole`` when nothing of it is known to be lost."""

    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What the undamaged lines of a file attest: glossed characters, and which character follows which."""

    pairs: frozenset[tuple[str, str]]
    before: dict[str, frozenset[str]]  # character -> the characters that stand before it


def repairer(lines: Iterable[str], deadline: Deadline) -> Callable[[str], Repaired]:
    """What repairs the lines of one file; leaves every line alone where the file has fewer than five glosses."""
    glossed = [line for line in lines if "(" in line and _ALIGNED.search(line)]
    seen = [found for line in glossed for found in _ALIGNED.findall(line)]
    confirmed = [pair for pair in seen if len(seen) >= _ENOUGH and pair[1] in _readings(pair[0])]
    if len(confirmed) < _ENOUGH:
        return lambda text: Repaired(text, whole="\ufffd" not in text)
    known = _Known(frozenset(confirmed), _followed(line for line in glossed if not _STRADDLED.search(line)))
    return lambda text: _repaired(text, known, deadline)


def _followed(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        text = _ALIGNED.sub(_without, line)
        for first, second in pairwise(text):
            found.setdefault(second, set()).add(first)
    return {second: frozenset(firsts) for second, firsts in found.items()}


def _repaired(text: str, known: _Known, deadline: Deadline) -> Repaired:
    if ")" not in text:
        return Repaired(text, whole="\ufffd" not in text)
    lost = False
    place = _STRADDLED.search(text)
    while place:
        deadline.check()
        rest = _realigned(place[1], place[2], text[place.end() :], known)
        if rest is not None:
            lost = lost or _lost(place[1] + rest, known)
            text = text[: place.end(1)] + rest
        place = _STRADDLED.search(text, place.end(1) if rest is not None else place.end())
    text = _ALIGNED.sub(_without, text)
    return Repaired(text, whole=not lost and not _LEFT.search(text))


def _lost(text: str, known: _Known) -> bool:
    """Whether two bytes fell out of what had been shifted.

    The site dropped what GBK leaves unassigned, so that 它提 (CB FC CC E1) without FC CC became 酸 (CB E1): a
    character that stands nowhere else between its neighbours, where two known ones would.
    """
    end = next((at for at, character in enumerate(text) if character.isascii()), len(text))
    return any(_merged(text[at - 1], text[at], text[at + 1], known) for at in range(1, end - 1))


def _merged(left: str, character: str, right: str, known: _Known) -> bool:
    ahead = known.before.get(right, frozenset())
    if character in ahead or left in known.before.get(character, frozenset()):
        return False
    code = character.encode("gb18030")
    return any(_joint(code, second, known) for second in ahead if "\u3400" <= second <= "\u9fff")


def _joint(code: bytes, second: str, known: _Known) -> bool:
    """Whether some known character and ``second`` lose their middle and leave ``code``."""
    pair = second.encode("gb18030")
    if pair[-1] != code[-1]:
        return False
    for middle in (*range(0xAA, 0xB0), *range(0xF8, 0xFF)):
        first = bytes([code[0], middle]).decode("gbk", "ignore")
        if first in known.before and not bytes([middle, pair[0]]).decode("gbk", "ignore"):
            return True
    return False


def _without(place: re.Match[str]) -> str:
    return place[1] if place[2] in _readings(place[1]) else place[0]


def _realigned(before: str, gloss: str, rest: str, known: _Known) -> str | None:
    """What stood after ``before``: the lost byte put back and the shifted stretch decoded again."""
    again = _STRADDLED.search(rest)
    stretch, tail = (rest[: again.end(1)], rest[again.end(1) :]) if again else (rest, "")
    code = _encoded(_ALIGNED.sub(_without, stretch))
    found = {}
    for byte, character in _owners(_encoded(before), gloss):
        text = _rejoined(bytes([byte]) + code, tail, again[2] if again else "", known)
        if text is not None:
            found[character] = text
    best = _best(found, gloss, known)
    return best if best is None or "，" in rest or "：" in rest else best.translate(_UNFIT)


def _rejoined(code: bytes, tail: str, gloss: str, known: _Known) -> str | None:
    """The stretch decoded, and the text behind it.

    Where a second gloss stands behind a stretch that is still shifted, its character's second byte is what was
    lost there, and from its ")" on the text is in step again.
    """
    text, left = _decoded(code)
    if text is None or not left:
        return text if text is None else text + tail
    if not gloss:
        return None
    owner = _best({character: character for _, character in _owners(left, gloss)}, gloss, known)
    return None if owner is None else text + owner + tail[len(gloss) + 2 :]


def _best(found: dict[str, str], gloss: str, known: _Known) -> str | None:
    """The only candidate, or the only one that the file attests with that gloss."""
    best = [text for character, text in found.items() if (character, gloss) in known.pairs] or list(found.values())
    return best[0] if len(best) == 1 else None


def _owners(code: bytes, gloss: str) -> list[tuple[int, str]]:
    """The characters with that reading whose first byte is the last of ``code``: (second byte, character)."""
    found = []
    for second in range(0x80, 0xFF):
        character = bytes([code[-1], second]).decode("gbk", "ignore")
        if len(character) == 1 and gloss in _readings(character):
            found.append((second, character))
    return found


def _encoded(text: str) -> bytes:
    return b"\x80".join(part.translate(_FIT).encode("gb18030") for part in text.split("€"))


def _decoded(code: bytes) -> tuple[str | None, bytes]:
    """The text, or None where it is none, and the byte left over at its end."""
    try:
        decoder = codecs.getincrementaldecoder("gb18030")()
        text = decoder.decode(code)
    except UnicodeDecodeError:
        return None, b""
    return (None if _PRIVATE.search(text) else text), decoder.getstate()[0]


@cache
def _readings(character: str) -> frozenset[str]:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - 40 MB, for papers with glosses alone

    return frozenset(PINYIN_DICT.get(ord(character), "").split(","))
