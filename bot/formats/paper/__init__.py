"""Exam papers as text, in any encoding and most layouts."""

import re
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from bot.domain.likeness import MOST_WORK, Likenesses, search
from bot.domain.question import Draft, Reading, Remark
from bot.domain.script import to_simplified
from bot.formats.format import NotAPaper, Tick
from bot.formats.paper.deadline import LIMIT_SECONDS, Deadline, begun
from bot.formats.paper.drafts import draft
from bot.formats.paper.encoding import lines_of
from bot.formats.paper.items import Item
from bot.formats.paper.lines import cleaned
from bot.formats.paper.pieces import pieces_of
from bot.formats.paper.scan import Scan
from bot.formats.paper.sections import Section
from bot.formats.paper.table import Table

NAME: Final = "paper"

_TEXTS = (".txt", ".text", ".md", "")
_LANGUAGE_SAMPLE = 4000
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_CHARACTERS = re.compile("[\u3400-\u9fff]")
_MANY_STRAYS = 2  # lines below a heading without a question; one says how to answer
_MOST_A_KANA = 10  # characters; a Japanese sentence has about one for each kana, a Chinese one may have a の


def fits(data: bytes, name: str) -> bool:
    """Whether the file may be a paper: every text may, and only reading it tells."""
    return PurePath(name).suffix.lower() in _TEXTS and bool(data.strip())


def read(data: bytes, name: str, *, tick: Tick, clock: Callable[[], float] = time.monotonic) -> Reading:
    """The questions of a paper, with what is doubtful about them; ``clock`` gives seconds for the deadline.

    ``tick`` counts questions. NotAPaper, TooLarge (50 MB and more), TooSlow (10 seconds).
    """
    deadline = begun(clock)
    kept, dropped = cleaned(lines_of(data, deadline), deadline)
    scan = Scan(pieces_of(kept, deadline), deadline)
    scan.run()
    table = Table(scan.trail.items, scan.sections, deadline)
    table.read(scan.trail.pieces[scan.rest + 1 :])
    drafts, skipped = _drafts(scan.trail.items, deadline, tick)
    if not _is_paper(drafts, scan.sections):
        raise NotAPaper("No questions were found: this is not an exam paper that can be read here.")
    deadline.check()
    alike = search(drafts, MOST_WORK if deadline.left() > LIMIT_SECONDS / 2 else 0)
    return Reading(
        title=scan.title or _stem(name),
        drafts=drafts,
        promised=_promised(scan.sections),
        remarks=(*_counted(scan, drafts), *table.remarks, *skipped, *_told(drafts, alike)),
        pairs=alike.pairs,
        dropped_lines=dropped,
        language=_language(drafts),
    )


def _drafts(items: list[Item], deadline: Deadline, tick: Tick) -> tuple[tuple[Draft, ...], list[Remark]]:
    """The items' drafts; what has a number but nothing of a question is only remarked upon."""
    made: list[Draft] = []
    skipped: list[Remark] = []
    for done, item in enumerate(items, 1):
        if done % 16 == 0:
            deadline.check()
            tick(done, len(items))
        one = draft(item)
        if one.kind == "case" and not item.keyed and not item.section.sort and not item.style:
            skipped.append(Remark(item.line, "not-a-question", "This has a number, but no options, gap or key."))
        else:
            made.append(one)
    tick(len(items), len(items))
    return tuple(made), skipped


def _is_paper(drafts: tuple[Draft, ...], sections: list[Section]) -> bool:
    if any(section.sort for section in sections) and drafts:
        return True
    return any(len(one.options) > 1 or "no-key" not in {doubt.code for doubt in one.doubts} for one in drafts)


def _promised(sections: list[Section]) -> int | None:
    told = [section.promised for section in sections if section.promised is not None]
    return sum(told) if told else None


def _counted(scan: Scan, drafts: tuple[Draft, ...]) -> list[Remark]:
    """What the headings promise and the paper does not keep, section by section and in all."""
    remarks, sections = [], scan.sections
    starts = [one.line or 0 for one in drafts]
    ends = [section.line or 0 for section in sections[1:]] + [1 << 60]
    for section, end in zip(sections, ends, strict=False):
        found = bisect_left(starts, end) - bisect_left(starts, section.line or 0)
        if section.promised is not None and section.promised != found:
            message = f"{section.name}: promised by the heading: {section.promised} questions; found: {found}."
            remarks.append(Remark(section.line, "section-count", message))
        elif section.sort and not found and scan.strays[section] >= _MANY_STRAYS:
            remarks.append(Remark(section.line, "section-empty", f"{section.name}: no question was found below it."))
    promised = _promised(sections)
    if promised not in (None, len(drafts)) and all(section.promised is not None for section in sections):
        message = f"Promised by the headings: {promised} questions; found: {len(drafts)}."
        remarks.append(Remark(None, "count", message))
    return remarks


def _told(drafts: tuple[Draft, ...], alike: Likenesses) -> list[Remark]:
    """Equal questions with different keys, and where duplicates were not looked for."""
    remarks = [
        Remark(
            drafts[pair.second].line,
            "key-differs",
            f"The same question on line {drafts[pair.first].line} has another key.",
        )
        for pair in alike.pairs
        if pair.level == "exact" and _key(drafts[pair.first]) != _key(drafts[pair.second])
    ]
    if not alike.whole:
        message = "So many questions: exact repeats were looked for, near ones only in part."
        remarks.append(Remark(None, "near-not-sought", message))
    return remarks


def _key(one: Draft) -> object:
    texts = frozenset(one.options[place].text for place in one.right) if one.right else None
    return texts, one.truth, one.blanks, one.model_answer


def _stem(name: str) -> str:
    return "" if name in ("", "-") else PurePath(name).stem


def _language(drafts: tuple[Draft, ...]) -> str:
    """The language of the stems: ja by its kana, zh by what OpenCC would change, en for Latin letters."""
    text = "".join(one.stem + "".join(part.stem for part in one.parts) for one in drafts[:200])[:_LANGUAGE_SAMPLE]
    kana, characters = len(_KANA.findall(text)), len(_CHARACTERS.findall(text))
    if kana * _MOST_A_KANA > characters:
        return "ja"
    if characters:
        return "zh-Hans" if to_simplified(text) == text else "zh-Hant"
    return "en" if text.isascii() else ""
