"""A small world to store: one learner, one set, a few questions asked."""

from datetime import UTC, date, datetime

from bot.domain.kinds import single
from bot.domain.question import (
    AccountId,
    AnswerId,
    AskId,
    LearnerId,
    Option,
    QuestionId,
    RevisionId,
    RoomId,
    SetId,
)
from bot.ports.changes import Changes, Count
from bot.ports.place import Place
from bot.ports.rows import Account, Answer, Ask, Enrolment, Learner, MemoryRow, Question, Revision, Room, Set
from bot.ports.storage import Storage

NOW = datetime(2026, 3, 14, 1, 59, 26, 535_897, tzinfo=UTC)
DAY = date(2026, 3, 14)
LEARNER, ACCOUNT, ROOM, SET = LearnerId(1), AccountId(2), RoomId(3), SetId(4)
BODY = single.Body("What does LoRA train?", (Option("All weights"), Option("Two small matrices", why="yes")), 1)


def learner(version: int = 0, goal: int = 5) -> Learner:
    return Learner(LEARNER, NOW, "en", "written", "UTC", goal=goal, off_days=(5, 6), version=version)


def question(number: int) -> Question:
    id_, revision_id = QuestionId(100 + number), RevisionId(200 + number)
    return Question(id_, SET, revision_id, "single", f"q{number}", "LoRA", number, number, number, ("lora",), "live")


def revision(number: int) -> Revision:
    id_, question_id = RevisionId(200 + number), QuestionId(100 + number)
    return Revision(id_, question_id, "single", BODY, None, "Because.", "", "Hu 2021", f"d{number}", NOW)


def ask(number: int) -> Ask:
    question_id, revision_id = QuestionId(100 + number), RevisionId(200 + number)
    return Ask(AskId(300 + number), question_id, revision_id, (1, 0), ROOM, LEARNER, "study", NOW)


def answer(number: int, id_: int | None = None, undone_by: int | None = None) -> Answer:
    """The answer to ask ``number``; its id is 400 and the number unless told."""
    return Answer(
        id=AnswerId(400 + number if id_ is None else id_),
        ask_id=AskId(300 + number),
        question_id=QuestionId(100 + number),
        revision_id=RevisionId(200 + number),
        account_id=ACCOUNT,
        at=NOW,
        day=DAY,
        outcome="right",
        score=1.0,
        marked=(1,),
        texts=(),
        hinted=False,
        guessed=False,
        rating=3,
        interval_days=2,
        due_at=None,
        counts=True,
        undone_by=undone_by,
    )


def memory(number: int, version: int = 0, lapses: int = 0) -> MemoryRow:
    return MemoryRow(
        learner_id=LEARNER,
        question_id=QuestionId(100 + number),
        set_id=SET,
        stability_days=2.3065,
        difficulty=2.118,
        phase="review",
        step=None,
        lapses=lapses,
        answers=1,
        last_day=DAY,
        due_day=date(2026, 3, 16),
        due_at=None,
        missed=None,
        right_day=DAY,
        aside=None,
        version=version,
    )


def count(number: int, name: str = "right", by: int = 1) -> Count:
    return Count(RevisionId(200 + number), name, by)


def people() -> Changes:
    """One learner with an account, in a room."""
    account = Account(ACCOUNT, LEARNER, "terminal", "me", NOW)
    room = Room(ROOM, "terminal", "tty", NOW)
    return Changes(inserts=(account, room), updates=(learner(), Place(LEARNER)))


def contents(questions: int = 3) -> Changes:
    """A set with questions 0, 1, … of it, asked in the room. Children stand before their parents on purpose."""
    numbers = range(questions)
    course = Set(SET, "lora", "LoRA", "LoRA", "en", "MIT", partial=True, digest="d", created_at=NOW)
    enrolment = Enrolment(LEARNER, SET, active=True, departed=False, added_at=NOW)
    return Changes(
        inserts=(*map(ask, numbers), *map(revision, numbers)),
        updates=(enrolment, *map(question, numbers), course),
    )


def answered(number: int) -> Changes:
    """All that one answer changes when it is the learner's first to this question."""
    return Changes(inserts=(answer(number),), updates=(memory(number),), counts=(count(number),))


async def known(storage: Storage) -> Learner:
    """The learner as stored."""
    found = await storage.learner(LEARNER)
    assert found is not None
    return found
