"""Which read draft is which stored question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.likeness import pairs, stem_ratio
from bot.domain.question import Doubt, Draft, Option, Part, Reading
from bot.ports.rows import Question, Revision

SAME_STEM = 60  # percent: at the same section and number, at least this alike, it is the same question

Stored = tuple[Question, Revision]


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft on its way in: the body made of it (None where none can be), the doubts left, its fingerprint."""

    draft: Draft
    body: object | None
    doubts: tuple[Doubt, ...]
    digest: str


def once(reading: Reading) -> tuple[Draft, ...]:
    """The drafts, exact repeats only once: the first of each."""
    again = {pair.second for pair in reading.pairs if pair.level == "exact"}
    return tuple(draft for place, draft in enumerate(reading.drafts) if place not in again)


def matched(entries: Sequence[Entry], contents: Sequence[Stored]) -> dict[int, Stored]:
    """For each entry (by position) the stored question that it is; what is not listed is new.

    The author's own id decides, then equal content, then the same section and number with a stem that is
    alike, then a near duplicate. A stored question is taken once.
    """
    found: dict[int, Stored] = {}
    taken: set[int] = set()
    for candidates in (_by_ref, _by_content, _by_number, _by_likeness):
        open_entries = [(place, one) for place, one in enumerate(entries) if place not in found]
        left = [stored for stored in contents if stored[0].id not in taken]
        for place, stored in candidates(open_entries, left):
            if place not in found and stored[0].id not in taken:
                found[place] = stored
                taken.add(stored[0].id)
    return found


Open = Sequence[tuple[int, Entry]]
Found = Iterator[tuple[int, Stored]]


def _by_ref(entries: Open, left: Sequence[Stored]) -> Found:
    known = {stored[0].ref: stored for stored in left if stored[0].ref}
    for place, one in entries:
        if one.draft.ref in known:
            yield place, known[one.draft.ref]


def _by_content(entries: Open, left: Sequence[Stored]) -> Found:
    known = {stored[1].digest: stored for stored in left}
    for place, one in entries:
        if one.digest in known:
            yield place, known[one.digest]


def _by_number(entries: Open, left: Sequence[Stored]) -> Found:
    known: dict[tuple[str, int | None], Stored] = {
        (stored[0].section, stored[0].number): stored for stored in left if stored[0].number is not None
    }
    for place, one in entries:
        stored = known.get((one.draft.section, one.draft.number))
        if stored is not None and stem_ratio(_asked(one.draft), _asked(_draft(stored[1]))) >= SAME_STEM:
            yield place, stored


def _asked(draft: Draft) -> str:
    """The stem, with the questions of a case: an open one has nothing else."""
    return "\n".join((draft.stem, *(part.stem for part in draft.parts)))


def _by_likeness(entries: Open, left: Sequence[Stored]) -> Found:
    drafts = [*(_draft(stored[1]) for stored in left), *(one.draft for _, one in entries)]
    for pair in pairs(drafts):
        if pair.first < len(left) <= pair.second:
            yield entries[pair.second - len(left)][0], left[pair.first]


def _draft(revision: Revision) -> Draft:
    """What likeness looks at: the stem, the options, the questions of a case."""
    if revision.draft is not None:
        return revision.draft
    body: Any = revision.body
    options: tuple[Option, ...] = getattr(body, "options", ())
    parts: tuple[Part, ...] = getattr(body, "parts", ())
    return Draft(revision.kind, body.stem, options, parts=parts)
