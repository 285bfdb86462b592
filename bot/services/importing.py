"""Reading drafts into a set: what is new, what was revised, what stayed, what is gone."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.domain.errors import DraftError, StudyBotError
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Arg, Text
from bot.domain.question import Doubt, Draft, QuestionId, Reading, RevisionId, SetId
from bot.domain.turns import turns
from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.ports.rows import Question, Revision, Set
from bot.services.matching import Entry, matched, once
from bot.services.titles import short, titled
from bot.services.today import House

ATTEMPTS = 5  # an import whose set another process changed meanwhile reads it again so often
PIECE = 500  # questions a commit: others write in between


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in questions; ``returned`` had been archived, ``review`` of all wait for a person.

    ``changed``: anything at all, a title or an order too.
    """

    set: Set
    new: int
    revised: int
    returned: int
    same: int
    archived: int
    review: int
    changed: bool

    @property
    def live(self) -> int:
        """Questions that can be asked."""
        return self.new + self.revised + self.returned + self.same - self.review


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one question, that go in together, and what they mean."""

    what: str  # new, revised, returned (it was archived), moved (only its place changed), archived
    inserts: tuple[object, ...]
    updates: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Importing:
    """Reads into sets. The same content twice changes nothing; every learner's history stays.

    ``piece``: questions a commit.
    """

    house: House
    piece: int = PIECE

    async def read(
        self, reading: Reading, code: str, *, source: str, accept: Collection[str] = (), replacing: bool = False
    ) -> Imported:
        """Makes the set ``code`` be what the reading says.

        ``source`` is the fingerprint of what was read; ``accept`` are codes of doubts to pass over.
        StudyBotError where more than half of the set would be archived, unless ``replacing``: that is another paper.
        """
        for _ in range(ATTEMPTS):
            try:
                return await self._read(reading, code, source=source, accept=accept, replacing=replacing)
            except (AlreadyDone, Conflict):  # another process reads into the set
                continue
        raise StudyBotError(Text("error.busy"))

    async def _read(
        self, reading: Reading, code: str, *, source: str, accept: Collection[str], replacing: bool
    ) -> Imported:
        entries = [entry(draft, accept, partial=reading.partial) for draft in once(reading)]
        target = await self.house.storage.set(code) or await self._made(reading, code)
        contents = await self.house.storage.contents(target.id)
        records = list(self._records(target, entries, contents, mixed=not reading.code))
        count = [record.what for record in records].count
        present = sum(question.state != "archived" for question, _ in contents)
        if count("archived") * 2 > present and not replacing:
            args: dict[str, Arg] = {"title": titled(target), "code": code, "archived": count("archived")}
            raise StudyBotError(Text("import.another", args, present))
        wanted = named(replace(target, digest=source), reading)
        await self._write(records, target, wanted)
        return Imported(
            wanted,
            new=count("new"),
            revised=count("revised"),
            returned=count("returned"),
            same=len(entries) - count("new") - count("revised") - count("returned"),
            archived=count("archived"),
            review=sum(bool(one.doubts) for one in entries),
            changed=bool(records) or named(target, reading) != target,
        )

    async def _made(self, reading: Reading, code: str) -> Set:
        made = Set(
            id=SetId(self._id()),
            code=code,
            title=code,
            short_title=code,
            language="",
            licence="",
            partial=False,
            digest="",
            created_at=self.house.clock.now(),
            version=1,
        )
        await self.house.storage.commit(Changes(inserts=(named(made, reading),)))
        return named(made, reading)

    def _records(
        self, target: Set, entries: Sequence[Entry], contents: Sequence[tuple[Question, Revision]], *, mixed: bool
    ) -> Iterable[Record]:
        """What has to be written; ``mixed``: new questions come from all sections, else in the file's order."""
        now = self.house.clock.now()
        order = turns([one.draft.section if mixed else "" for one in entries])
        found = matched(entries, contents)
        kept: set[QuestionId] = set()
        for place, one in enumerate(entries):
            known = found.get(place)
            if known is not None:
                kept.add(known[0].id)
            spot = Spot(target.id, place + 1, order[place], now)
            record = self._record(one, spot, known)
            if record is not None:
                yield record
        for question, _ in contents:
            if question.id not in kept and question.state != "archived":
                yield Record("archived", (), (replace(question, state="archived"),))

    def _record(self, one: Entry, spot: "Spot", known: tuple[Question, Revision] | None) -> Record | None:
        if known is None:
            question = QuestionId(self._id())
            revision = self._revision(one, question, spot.now)
            return Record("new", (spot.question(one, question, revision.id), revision))
        question_row, present = known
        back = "returned" if question_row.state == "archived" else ""
        if present.digest == one.digest:
            moved = spot.question(one, question_row.id, present.id, version=question_row.version)
            return None if moved == question_row else Record(back or "moved", (), (moved,))
        revision = self._revision(one, question_row.id, spot.now)
        changed = spot.question(one, question_row.id, revision.id, version=question_row.version)
        return Record(back or "revised", (revision,), (changed,))

    def _revision(self, one: Entry, question: QuestionId, now: datetime) -> Revision:
        return Revision(
            id=RevisionId(self._id()),
            question_id=question,
            kind=one.draft.kind,
            body=one.body,
            draft=one.draft if one.doubts else None,
            explanation=one.draft.explanation,
            contrast=one.draft.contrast,
            reference=one.draft.reference,
            digest=one.digest,
            created_at=now,
        )

    async def _write(self, records: Sequence[Record], target: Set, wanted: Set) -> None:
        """In pieces, each question whole; the last publishes the set.

        Each piece has the set in it: it does not go in after another process's, which Conflict tells.
        """
        for start in range(0, len(records), self.piece):
            piece = records[start : start + self.piece]
            inserts = tuple(row for record in piece for row in record.inserts)
            updates = tuple(row for record in piece for row in record.updates)
            await self.house.storage.commit(Changes(inserts=inserts, updates=(target, *updates)))
            target, wanted = (replace(row, version=row.version + 1) for row in (target, wanted))
        if wanted != target:
            await self.house.storage.commit(Changes(updates=(wanted,)))

    def _id(self) -> int:
        return self.house.ids.new(self.house.clock.now())


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a question stands in a set."""

    set_id: SetId
    place: int
    turn: int
    now: datetime

    def question(self, one: Entry, question: QuestionId, revision: RevisionId, *, version: int = 1) -> Question:
        draft = one.draft
        return Question(
            id=question,
            set_id=self.set_id,
            revision_id=revision,
            kind=draft.kind,
            ref=draft.ref,
            section=draft.section or (draft.topics[0] if draft.topics else ""),
            number=draft.number,
            place=self.place,
            turn=self.turn,
            topics=draft.topics,
            state="review" if one.doubts else "live",
            doubts=one.doubts,
            version=version,
        )


def named(target: Set, reading: Reading) -> Set:
    """The set as the reading calls it."""
    title = reading.title or target.code
    return replace(
        target,
        title=title,
        short_title=reading.short_title or short(title),
        language=reading.language,
        licence=reading.licence,
        partial=reading.partial,
    )


def entry(draft: Draft, accept: Collection[str], *, partial: bool) -> Entry:
    """What becomes of a draft: a doubt that is not accepted, or a body that cannot be made, sends it to review.

    ``partial``: the set gives points for some of what is right, where the kind has shares.
    """
    draft = replace(draft, partial=partial and BY_NAME[draft.kind].SHARES)
    doubts = tuple(doubt for doubt in draft.doubts if doubt.code not in accept)
    body: object | None = None
    try:
        body = BY_NAME[draft.kind].read(draft)
    except DraftError as error:
        doubts = doubts or (Doubt(error.code, str(error)),)
    content = asdict(replace(draft, line=None, number=None, section="", ref="", doubts=()))
    content["doubts"] = [doubt.code for doubt in doubts]
    return Entry(draft, body, doubts, fingerprint([json.dumps(content, ensure_ascii=False, sort_keys=True)]))


def fingerprint(parts: Iterable[str]) -> str:
    """The SHA-256 of texts, in hexadecimal digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
