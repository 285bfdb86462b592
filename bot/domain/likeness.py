"""Which questions say the same: equal, or so near that a person should look."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from bot.domain.question import Draft, Pair
from bot.domain.script import fold_radicals, to_simplified

NEAR_RATIO = 85.0  # 0..100; tuned on one paper, where the lowest true pair has 88
SHARED = 0.5  # of the longer list of options
MOST_WORK = 10**11  # characters against characters, some 3 seconds; the time grows with the square

Level = Literal["exact", "near"]

_TAGS = re.compile(
    r"\((?:(?:单|多|不定)项?选(?:择)?题?|判断题?|填空题?|(?:每题|本题|共)?\d+(?:\.\d+)?\s?分|choose \w+|select \w+)\)"
)
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)|-(?=\d)")
_MARK = "\ue000"  # stands for a sign that is part of a number while the other signs go
_KEPT = frozenset("%#&*/@\\" + _MARK)  # C#, R&D and 5% are words, not punctuation
_SPACES = re.compile(r"\s+")
_WIDE_SPACES = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_CUES = re.compile(
    r"不属于|不包括|不正确|不必要|不需要|不可以|不应该|不是|不能|不会|不得|不宜|错误|正确|必要|除了|除外|以外|最|除|无|非|不|未|没有"
    r"|\b(?:not|except|least|most|false|true|incorrect|correct|never|always|cannot|without)\b|n't\b"
)


def normal(text: str) -> str:
    """A text for comparing: NFKC, simplified, lower case, without punctuation and tags such as (多选) and (1分).

    Signs within numbers (3.5, -1) and symbols of other words (C#, 5%) stay.
    """
    folded = to_simplified(unicodedata.normalize("NFKC", fold_radicals(text))).casefold()
    folded = _DECIMAL.sub(
        lambda sign: _MARK + ("1" if sign[0] == "." else "2" if sign[0] == "-" else ""), _TAGS.sub("", folded)
    )
    bare = "".join(_shown(character) for character in folded)
    restored = bare.replace(_MARK + "1", ".").replace(_MARK + "2", "-").replace(_MARK, "")
    return _WIDE_SPACES.sub("", _SPACES.sub(" ", restored)).strip()


def _shown(character: str) -> str:
    if unicodedata.category(character)[0] != "P" or character in _KEPT:
        return character
    return " " if character.isascii() and character != "'" else ""


def stem_ratio(first: str, second: str) -> float:
    """How alike two stems are, 0..100: rapidfuzz's ratio of their normal forms."""
    return fuzz.ratio(normal(first), normal(second))


def alike(first: Draft, second: Draft) -> Level | None:
    """``exact``: same stem, same options; ``near``: like stems, equal cue words and numbers, half the options."""
    one, other = _trait(first), _trait(second)
    if one.exact == other.exact:
        return "exact"
    if one.block != other.block or not _share(one.options, other.options):
        return None
    return "near" if fuzz.ratio(one.stem, other.stem) >= NEAR_RATIO else None


@dataclass(frozen=True, slots=True)
class Likenesses:
    """All pairs that were found, in order; ``whole`` unless near ones were not looked for everywhere."""

    pairs: tuple[Pair, ...]
    whole: bool


def pairs(drafts: Sequence[Draft]) -> tuple[Pair, ...]:
    """The pairs among drafts, in order; each exact repeat stands with the first of its like only."""
    return search(drafts).pairs


def search(drafts: Sequence[Draft], work: int = MOST_WORK) -> Likenesses:
    """The pairs among drafts, and whether the search was whole: near ones only as far as ``work`` reaches."""
    firsts: dict[tuple[object, ...], int] = {}
    found: list[Pair] = []
    blocks: dict[tuple[object, ...], list[tuple[int, _Trait]]] = {}
    for place, draft in enumerate(drafts):
        trait = _trait(draft)
        first = firsts.setdefault(trait.exact, place)
        if first != place:
            found.append(Pair(first, place, "exact"))
        else:
            blocks.setdefault(trait.block, []).append((place, trait))
    left = work
    for cost, block in sorted(((_work(block), block) for block in blocks.values()), key=lambda one: one[0]):
        left -= cost
        found.extend(_near(block) if left >= 0 else ())
    return Likenesses(tuple(sorted(found, key=lambda pair: (pair.first, pair.second))), whole=left >= 0)


def _work(block: list[tuple[int, "_Trait"]]) -> int:
    return sum(len(trait.stem) for _, trait in block) ** 2 if len(block) > 1 else 0


@dataclass(frozen=True, slots=True)
class _Trait:
    """What of a question is compared. Only questions of one ``block`` can be near each other."""

    stem: str
    options: frozenset[str]
    exact: tuple[object, ...]
    block: tuple[object, ...]


def _trait(draft: Draft) -> _Trait:
    stem = normal("\n".join((draft.stem, *(part.stem for part in draft.parts))))
    options = frozenset(normal(option.text) or option.text for option in draft.options)
    sort = "choice" if options else draft.kind
    cues = tuple(sorted(_CUES.findall(stem)))
    return _Trait(stem, options, (sort, stem, options), (sort, cues, tuple(_NUMBERS.findall(stem))))


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    longer = max(len(one), len(other))
    return not longer or len(one & other) >= SHARED * longer


def _near(block: list[tuple[int, _Trait]]) -> list[Pair]:
    index: dict[str, list[int]] = {}
    for at, (_, trait) in enumerate(block):
        for option in trait.options:
            index.setdefault(option, []).append(at)
    if index and sum(len(places) ** 2 for places in index.values()) < len(block) ** 2:
        return _near_by_options(block, index)
    return _near_by_stems(block)


def _near_by_options(block: list[tuple[int, _Trait]], index: dict[str, list[int]]) -> list[Pair]:
    """The near pairs among questions that have few options in common: few stems are compared."""
    found = []
    for at, (place, trait) in enumerate(block):
        others = {other for option in trait.options for other in index[option] if other > at}
        for other, other_trait in (block[another] for another in others):
            if _share(trait.options, other_trait.options) and fuzz.ratio(trait.stem, other_trait.stem) >= NEAR_RATIO:
                found.append(Pair(place, other, "near"))
    return found


def _near_by_stems(block: list[tuple[int, _Trait]]) -> list[Pair]:
    stems = [trait.stem for _, trait in block]
    found = []
    for at, (place, trait) in enumerate(block[:-1]):
        alike_stems = process.extract(
            trait.stem, stems[at + 1 :], scorer=fuzz.ratio, score_cutoff=NEAR_RATIO, limit=None
        )
        for _, _, offset in alike_stems:
            other, other_trait = block[at + 1 + offset]
            if _share(trait.options, other_trait.options):
                found.append(Pair(place, other, "near"))
    return found
