"""Text on its way to a screen: made harmless, measured, and cut where a reader would."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from unicodedata import category

_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Refused or dropped by platforms, or without width and so good for nothing but disguise: controls, lone surrogates,
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
SHORT, KEPT = 1_000, 2_048  # characters of a text that is kept clean, and how many are
_JOINING = re.compile("[\u200d\u1160-\u11ff\ud7b0-\ud7ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_HALVES = re.compile("[\U0001f1e6-\U0001f1ff]+$")  # of flags: each two are one
_FLAGS = 256  # of them looked back at; no longer row is anybody's text


def clean(text: str) -> str:
    """The text without what platforms refuse and what could disguise it.

    Every end of a line becomes a line feed; ``_REMOVED`` goes, and so does an isolate of direction that has no
    partner on its line. Short texts are kept: a question is read by many.
    """
    return (_cleaned if len(text) <= SHORT else _cleaned.__wrapped__)(text)


@lru_cache(maxsize=KEPT)
def _cleaned(text: str) -> str:
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


def units(text: str) -> int:
    """The length of a plain text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cuts(text: str, limit_units: int) -> Iterator[int]:
    """Where it is cut into pieces of at most so many units each: behind a line, a sentence, a word, a letter."""
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


def nearest(pages: Sequence[str], reads: str) -> int:
    """Which page a message with that text was: the one that begins most alike; the first where none does."""
    if len(pages) <= 1:
        return 0
    alike = [_alike(page.strip(), reads.strip()) for page in pages]
    return alike.index(max(alike))


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
