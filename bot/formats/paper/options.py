"""The options within a question's text, found by their order: A, then B, then C in one style."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from bot.formats.paper.marks import shadow


@dataclass(frozen=True, slots=True)
class Label:
    """An option's letter at a place: where it begins, where its text begins, how it is written."""

    letter: str
    start: int
    end: int
    style: str
    opens: bool  # it begins a line


_LABEL = re.compile(r"([\[(]?)\s?([A-Ha-h])\s?([.、):\]])\s*")
_BARE = re.compile(r"(?:^|\n)\s*()([A-H])()(?:\s+|(?=[\u3400-\u9fff\d]))")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS = "ABCDEFGH"
_INDENT = 12
_LONGEST = 20_000  # characters of a question; options are not looked for in more
_MOST_FIRST = 6  # places of an A that are tried: more of them are text, not options


def split(body: str) -> tuple[str, tuple[str, ...]]:
    """The stem and the options' texts; no options where fewer than two are in order."""
    labels = _best(shadow(body)) if len(body) <= _LONGEST else []
    if not labels:
        return body.strip(), ()
    ends = [label.start for label in labels[1:]] + [len(body)]
    texts = tuple(_text(body[label.end : end], label.letter) for label, end in zip(labels, ends, strict=True))
    return body[: labels[0].start].strip(), texts


def _text(raw: str, letter: str) -> str:
    """An option's text without a second label (A、A.地球) and with its lines joined."""
    text = " ".join(raw.split("\n")).strip()
    again = _LABEL.match(shadow(text))
    if again and again[2].upper() == letter and again[3] in ".、:)" and again.end() < len(text):
        return text[again.end() :].strip()
    return text


def _best(shade: str) -> list[Label]:
    styles: dict[str, list[Label]] = {}
    for label in [*_labels(shade, _LABEL), *_labels(shade, _BARE)]:
        styles.setdefault(label.style, []).append(label)
    chains = [chain for labels in styles.values() for chain in _chains(labels)]
    good = [chain for chain in chains if len(chain) > 1]
    return max(good, key=lambda chain: (len(chain), sum(one.opens for one in chain), chain[0].start), default=[])


def _labels(shade: str, pattern: re.Pattern[str]) -> list[Label]:
    found = []
    for match in pattern.finditer(shade):
        bracket, letter, sign = match.groups()
        opens = match[0].startswith("\n") or _opens(shade, match.start())
        if not _fits(shade, match.start(2), letter, opens=opens):
            continue
        style = f"{bracket}{sign}{'a' if letter.islower() else 'A'}"
        found.append(Label(letter.upper(), match.start() if bracket else match.start(2), match.end(), style, opens))
    return found


def _opens(shade: str, place: int) -> bool:
    """Whether a line begins at a place, blanks apart."""
    before = shade[max(0, place - _INDENT) : place].rstrip(" ")
    return before.endswith("\n") or (not before and place < _INDENT)


def _fits(shade: str, place: int, letter: str, *, opens: bool) -> bool:
    """Whether a letter may be a label: not the end of a word, as in DNA. or a)."""
    if opens or place == 0:
        return True
    joined = _LATIN.match(shade, place - 1) is not None
    return not (joined and (letter.islower() or letter == "A"))


def _chains(labels: list[Label]) -> list[list[Label]]:
    """The labels in order from each A on."""
    places: dict[str, list[Label]] = {}
    for label in labels:
        places.setdefault(label.letter, []).append(label)
    first = places.get("A", [])
    tried = first if len(first) <= _MOST_FIRST else [*first[: _MOST_FIRST // 2], *first[-_MOST_FIRST // 2 :]]
    return [_chain(start, places) for start in tried]


def _chain(start: Label, places: dict[str, list[Label]]) -> list[Label]:
    chain = [start]
    for letter in _LETTERS[1:]:
        following = places.get(letter, [])
        after = following[bisect_right(following, chain[-1].start, key=lambda label: label.start) :]
        if not after:
            break
        chain.append(next((label for label in after if label.opens), after[0]))
    return chain
