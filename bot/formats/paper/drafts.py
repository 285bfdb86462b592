"""Items to drafts: what kind a question is, what its key says, and every doubt about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.question import Doubt, Draft, Option
from bot.formats.paper import keys
from bot.formats.paper.cases import case
from bot.formats.paper.items import Item
from bot.formats.paper.marks import shadow
from bot.formats.paper.options import split
from bot.formats.paper.sections import Sort, sort_of

_TAG = re.compile(r"\s*[\[【(]\s?([^\[\]【】()\s]{2,8})\s?[\]】)]\s*")
_MANY = re.compile(
    r"\((?:多选|多项选择|不定项)题?\)|(?:choose|select) (?:two|three|four|all|\d)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:参考(?:文献|资料)?|参见|详见|参阅|出自|来源|出处)\s?[:]?\s*(《[^《》]{1,120}》[^。!?《》]{0,80})[。.]?\s*$"
)
_LEADING = re.compile(
    r"\s*(?:根据|依据|按照|依照|参考)\s?(《[^《》]{1,120}》[^。,;!?《》]{0,40}[节章条页款])\s?[,。:;]"
)
_CUT = re.compile(r"(?:[:,、;(\[【《—-]|(?:^|\n)\s*\d{1,2}[.、)])\s*$")
_AGAIN = re.compile(r"\s*[\[【(]?(?:答案|题目|试题)?解析[\]】)]?\s*:\s*")


@dataclass(frozen=True, slots=True)
class _Read:
    """A question's texts once its options, tag and gap are told apart."""

    stem: str
    options: tuple[str, ...]
    key: str
    sort: Sort
    inside: str  # letters that stood in the stem


def draft(item: Item) -> Draft:
    """The draft of an item, with its doubts; nothing in it is guessed."""
    read = _read(item)
    why, reference = _referenced(_joined(item.why))
    made = replace(
        _made(read, item),
        explanation=why,
        reference=reference,
        section=item.section.name,
        number=item.number,
        line=item.line,
    )
    return replace(made, doubts=tuple(_doubts(made, item, read)))


def _joined(texts: list[str]) -> str:
    """A region's text, without the bracket that its mark had opened."""
    text = "".join(texts).strip()
    shade = shadow(text)
    return text[:-1].rstrip() if shade.endswith(")") and shade.count(")") > shade.count("(") else text


def _read(item: Item) -> _Read:
    body = _joined(item.body)
    tag = _TAG.match(shadow(body))
    tagged: Sort = sort_of(tag[1]) if tag else ""
    if tag and tagged:
        body = body[tag.end() :]
    stem, options = split(body) if item.section.sort != "case" else (body, ())
    key = _joined(item.key)
    if not options and item.section.sort not in ("boolean", "blank", "case"):
        key, options = _options_behind(key)
    inside, stem = keys.letters_in(stem) if options else ("", stem)
    key = key or inside
    return _Read(stem, options, key, _sort(item.section.sort, tagged, stem=stem, options=options, key=key), inside)


def _options_behind(key: str) -> tuple[str, tuple[str, ...]]:
    """The key, and the options where they stand on the lines below it."""
    head, _, below = key.partition("\n")
    before, options = split(below)
    return (key, ()) if before or not options else (head, options)


def _sort(heading: Sort, tagged: Sort, *, stem: str, options: tuple[str, ...], key: str) -> Sort:
    """The kind by heading, then tag, then options and key; "____" in a stem with options is still a choice."""
    told = heading if heading not in ("", "choice") else tagged or heading
    if told == "single" and options and _MANY.search(shadow(stem)):
        return _choice(stem, options, key)  # (多选) among the single ones, where the key has the last word
    if told not in ("", "choice"):
        return told
    if options:
        return _choice(stem, options, key)
    if keys.truth(key) is not None or keys.truth_in(stem)[0] is not None:
        return "boolean"
    return "blank" if keys.gaps(stem) else "case"


def _choice(stem: str, options: tuple[str, ...], key: str) -> Sort:
    if keys.judged(options):
        return "boolean"
    right = keys.letters(key, options)
    many = len(right) > 1 if right else _MANY.search(shadow(stem)) is not None
    return "multiple" if many else "single"


def _made(read: _Read, item: Item) -> Draft:
    if read.sort == "boolean":
        return _boolean(read)
    if read.sort == "blank":
        found = keys.blanks(read.key, keys.gaps(read.stem)) if read.key else None
        return Draft("blank", read.stem, blanks=found)
    if read.sort == "case":
        found_case = case(read.stem, read.key)
        return Draft(
            "case",
            found_case.situation,
            parts=found_case.parts,
            model_answer=found_case.answer or None,
            points=() if _is_cut(found_case.answer, item) else found_case.points,
        )
    right = keys.letters(read.key, read.options) if read.key else None
    if right is not None and right[-1] >= len(read.options):
        right = None
    kind: Literal["single", "multiple"] = "multiple" if read.sort == "multiple" else "single"
    return Draft(kind, read.stem, tuple(map(Option, read.options)), right)


def _boolean(read: _Read) -> Draft:
    stem = keys.unticked(read.stem)
    said, bare = keys.truth_in(stem)
    pair = keys.judged(read.options)
    if pair and (right := keys.letters(read.key, read.options)) and right in ((0,), (1,)):
        return Draft("boolean", bare, truth=pair[right[0]])
    return Draft("boolean", bare, truth=keys.truth(read.key) if read.key else said)


def _referenced(text: str) -> tuple[str, str]:
    """The explanation, and the reference that ends it (taken off) or begins it (left in the sentence)."""
    while again := _AGAIN.match(shadow(text)):
        text = text[again.end() :]
    shade = shadow(text)
    if trailing := _TRAILING.search(shade, max(0, len(shade) - 260)):
        return text[: trailing.start()].rstrip(" ,，;；(（"), text[trailing.start(1) : trailing.end(1)].strip()
    if leading := _LEADING.match(shade):
        return text, text[leading.start(1) : leading.end(1)]
    return text, ""


def _is_cut(text: str, item: Item) -> bool:
    return bool(_CUT.search(shadow(text))) and bool(item.last)


def _doubts(made: Draft, item: Item, read: _Read) -> Iterator[Doubt]:
    for line in item.damaged:
        yield Doubt("gloss-unrepaired", f"Line {line} lost characters that could not be put back.")
    if not (made.stem or made.parts[:1]):
        yield Doubt("no-stem", "There is a key but no question.")
    yield from _of_kind(made, read)
    if read.inside and _joined(item.key) and keys.letters(read.inside, read.options) != made.right:
        yield Doubt("key-conflict", f"The key says {_joined(item.key)}, the stem says {read.inside}.")
    if _is_cut(made.explanation, item) or _is_cut(made.model_answer or "", item):
        yield Doubt("cut-off", "The text breaks off in the middle of a sentence or list.")


def _of_kind(made: Draft, read: _Read) -> Iterator[Doubt]:
    if made.kind in ("single", "multiple"):
        yield from _of_choice(made, read)
    elif not read.key and made.truth is None and made.model_answer is None:
        yield Doubt("no-key", "The paper gives no key for this question.")
    elif made.kind == "boolean" and made.truth is None:
        yield Doubt("key-unclear", f"The key {read.key[:60]!r} is neither true nor false.")
    elif made.kind == "blank" and (count := keys.gaps(made.stem)) != len(made.blanks or ()):
        yield Doubt("blank-count", f"The stem has {count} blanks, the key has {len(made.blanks or ())} answers.")


def _of_choice(made: Draft, read: _Read) -> Iterator[Doubt]:
    if len(made.options) < 2:  # noqa: PLR2004 - fewer are no choice
        yield Doubt("no-options", "Fewer than two options were found.")
    elif not all(option.text for option in made.options):
        yield Doubt("empty-option", "An option has no text.")
    if not read.key:
        yield Doubt("no-key", "The paper gives no key for this question.")
    elif made.right is None:
        yield _wrong_key(read)
    elif made.kind == "single" and len(made.right) > 1:
        yield Doubt("key-not-single", f"The key names {len(made.right)} options of a question with one right answer.")


def _wrong_key(read: _Read) -> Doubt:
    if keys.letters(read.key, read.options) is None:
        return Doubt("key-unclear", f"The key {read.key[:60]!r} does not say which option is right.")
    return Doubt("key-names-no-option", f"The key {read.key[:60]!r} names an option that is not there.")
