"""What is stored: one frozen record a table row. Fields are columns of the same name."""

# Instants are aware UTC (stored as integer microseconds), days are dates (stored as ISO text), tuples,
# mappings and records are stored as JSON. A row with ``version`` is read, changed and written back: 0 is a
# new one, and the version read is the guard.

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bot.domain.history import Reason
from bot.domain.kind import Outcome, State
from bot.domain.question import (
    AccountId,
    AnswerId,
    AskId,
    Doubt,
    Draft,
    KindName,
    LearnerId,
    Order,
    QuestionId,
    RevisionId,
    RoomId,
    SetId,
)
from bot.domain.script import Script

Purpose = Literal["study", "daily", "round", "group"]


@dataclass(frozen=True, slots=True)
class Learner:
    """A person, whatever accounts they speak from. ``day`` is the last study day: it never goes back."""

    id: LearnerId
    created_at: datetime
    language: str  # zh-Hans, zh-Hant, en
    script: Script
    zone: str  # IANA
    goal: int = 5  # different questions a study day
    retention: float = 0.9  # 0.7..0.99
    day: date | None = None
    off_days: tuple[int, ...] = ()  # weekdays without a streak, 0 = Monday
    quiet: tuple[int, int] = (1320, 420)  # minutes after midnight: from, to
    exam: date | None = None
    paused_until: date | None = None
    pauses: tuple[tuple[str, str], ...] = ()  # ISO dates, first and last day
    version: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """Where a learner speaks from; unique (platform, native)."""

    id: AccountId
    learner_id: LearnerId
    platform: str
    native: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Room:
    """A chat; unique (platform, native). ``gone_at``: nothing can be sent there until it speaks again.

    ``account_id``: whose private room it is; None for one that several share.
    """

    id: RoomId
    platform: str
    native: str
    created_at: datetime
    title: str = ""  # a group's name; "" where the room is one person's
    gone_at: datetime | None = None
    account_id: AccountId | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Set:
    """A question set; unique code. ``digest`` is that of the file last read into it, "" until it is whole."""

    id: SetId
    code: str
    title: str
    short_title: str
    language: str
    licence: str
    partial: bool
    digest: str
    created_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set, whatever its revisions; ``turn`` orders new ones, ``place`` (from 1) is the paper's.

    ``section`` is the paper's, or the first topic where it has none.

    ``state``: live is asked; review waits for a person (``doubts``); archived: not in the newest file.
    """

    id: QuestionId
    set_id: SetId
    revision_id: RevisionId
    kind: KindName
    ref: str
    section: str
    number: int | None
    place: int
    turn: int
    topics: tuple[str, ...]
    state: Literal["live", "review", "archived"]
    doubts: tuple[Doubt, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """The content of a question at one time: never changed. A draft that waits for review has no body yet."""

    id: RevisionId
    question_id: QuestionId
    kind: KindName
    body: Any | None  # the kind's Body
    draft: Draft | None  # what was read, while it waits for review
    explanation: str
    contrast: str
    reference: str
    digest: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A set that a learner has; key (learner, set). Inactive ones are not asked; the departed keep their history."""

    learner_id: LearnerId
    set_id: SetId
    active: bool
    departed: bool
    added_at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked: the revision and the order shown, in a room, of one learner or (None) of everyone."""

    id: AskId
    question_id: QuestionId
    revision_id: RevisionId
    shown: Order
    room_id: RoomId
    learner_id: LearnerId | None
    purpose: Purpose
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class AskState:
    """How far one learner is in one ask; key (ask, learner)."""

    ask_id: AskId
    learner_id: LearnerId
    state: State
    version: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was given, what it was worth, and what was decided with it; never changed but for ``undone_by``.

    Belongs to the account that gave it; unique (ask, account) where undone_by is null.
    ``interval_days`` is after fuzz; None while a step is
    due at ``due_at``. ``counts``: it counts in the item's statistics. ``guessed`` answers replace the one
    that the learner called a guess.
    """

    id: AnswerId
    ask_id: AskId
    question_id: QuestionId
    revision_id: RevisionId
    account_id: AccountId
    at: datetime
    day: date
    outcome: Outcome
    score: float
    marked: tuple[int, ...]
    texts: tuple[str, ...]
    hinted: bool
    guessed: bool
    rating: int  # 1 again, 2 hard, 3 good, 4 easy
    interval_days: int | None
    due_at: datetime | None
    counts: bool
    undone_by: int | None = None


@dataclass(frozen=True, slots=True)
class Reschedule:
    """A due day that something other than an answer decided: undo, return after a break, a pause, an exam date.

    Once ``ended_at`` is set (the pause or the exam date was taken back) it is as if it had never been.
    """

    id: int
    account_id: AccountId
    question_id: QuestionId
    at: datetime
    due_day: date
    reason: Reason
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Undo:
    """An answer taken back or replaced: what ``Answer.undone_by`` points to."""

    id: int
    account_id: AccountId
    answer_id: AnswerId
    at: datetime
    reason: Literal["undo", "guessed"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A learner's word on a question: starred, never ask again (suspended), brought back to the mistakes.

    Unique (account, question, name) while not ended, but for restore; ended when ``ended_at`` is set.
    """

    id: int
    account_id: AccountId
    question_id: QuestionId
    name: Literal["star", "suspend", "restore"]
    at: datetime
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """The fold of one learner's history with one question; key (learner, question).

    ``stability_days`` is None where nothing counts (an undone first answer) but a due day or a mark exists.
    ``missed``: None never on the list of mistakes, 0 or 1 right days so far, 2 mastered. ``aside``: not asked
    ("suspend" by the learner, "leech" after 8 lapses).
    """

    learner_id: LearnerId
    question_id: QuestionId
    set_id: SetId
    stability_days: float | None
    difficulty: float | None
    phase: Literal["learning", "review", "relearning"] | None
    step: int | None
    lapses: int
    answers: int
    last_day: date | None
    due_day: date | None
    due_at: datetime | None
    missed: int | None
    right_day: date | None
    aside: Literal["suspend", "leech"] | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A learner says that a question is wrong, and how."""

    id: int
    account_id: AccountId
    question_id: QuestionId
    revision_id: RevisionId
    reason: Literal["key", "unclear", "explanation"]
    at: datetime
    withdrawn_at: datetime | None = None
    version: int = 0
