"""Cases and open questions: situation, questions, model answer, key points."""

import re
from dataclasses import dataclass

from bot.domain.question import Part
from bot.formats.paper.marks import ASKED, shadow


@dataclass(frozen=True, slots=True)
class Case:
    """A case's texts; ``situation`` is empty for an open question."""

    situation: str
    parts: tuple[Part, ...]
    answer: str
    points: tuple[str, ...]


_POINT = re.compile(r"\s*(?:\(?(\d{1,2})\)?\s?[.、)]|([①-⑳]))\s*")
_BULLET = re.compile(r"\s*[-•·*]\s*")
_LONGEST_POINT = 300
_FEWEST_POINTS = 2


def case(body: str, key: str) -> Case:
    """What a case's text and its key, where it has one, say."""
    lines = body.split("\n")
    asked = [at for at, line in enumerate(lines) if ASKED.match(shadow(line))]
    if not asked:
        return Case("", (Part(body.strip()),), key, points(key))
    situation = "\n".join(lines[: asked[0]]).strip()
    ends = [*asked[1:], len(lines)]
    texts = ["\n".join(lines[start:end]) for start, end in zip(asked, ends, strict=True)]
    if not key.strip():
        texts[-1], key = _answered(texts[-1])
    return Case(situation, tuple(Part(text.strip()) for text in texts), key.strip(), points(key))


def _answered(text: str) -> tuple[str, str]:
    """The last question and, without a mark, the answer in the lines below it."""
    first, _, below = text.partition("\n")
    label = ASKED.match(shadow(first))
    if label and not first[label.end() :].strip():  # the label stands alone: the question is in the lines below
        return text, ""
    return first, below


def points(answer: str) -> tuple[str, ...]:
    """The points of a model answer that is nothing but points 1, 2, 3 … a line each; else none."""
    lines = [line for line in answer.split("\n") if line.strip()]
    found = [_POINT.match(shadow(line)) for line in lines]
    numbers = [_value(match) for match in found if match]
    if len(numbers) < _FEWEST_POINTS or numbers != list(range(1, len(numbers) + 1)):
        return ()
    if not found[0] or any(_BULLET.match(line) for line in lines):
        return ()
    texts = _gathered(lines, found)
    return texts if all(0 < len(text) <= _LONGEST_POINT for text in texts) else ()


def _gathered(lines: list[str], found: list[re.Match[str] | None]) -> tuple[str, ...]:
    texts: list[str] = []
    for line, match in zip(lines, found, strict=True):
        if match:
            texts.append(line[match.end() :].strip())
        else:
            texts[-1] = f"{texts[-1]} {line.strip()}"
    return tuple(texts)


def _value(match: re.Match[str]) -> int:
    return int(match[1]) if match[1] else ord(match[2]) - ord("①") + 1
