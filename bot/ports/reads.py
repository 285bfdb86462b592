"""What storage finds: records of what a use case needs together, read in one go; and what a learner may wish for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.domain.kind import State
from bot.domain.question import AccountId, AskId, KindName, QuestionId, RoomId, SetId
from bot.ports.daily import Daily
from bot.ports.groups import Board, Course
from bot.ports.place import Place
from bot.ports.rows import Answer, Ask, Enrolment, Learner, Mark, MemoryRow, Question, Reschedule, Revision, Room, Set


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks, from which account, in which room; ``gone``: nothing could be sent there up to now.

    ``here``: the shared room in which they alone hear what is said, as in Incoming.
    """

    learner: Learner
    account_id: AccountId
    room_id: RoomId
    gone: bool = False
    here: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A question with its present revision and its set."""

    question: Question
    revision: Revision
    set: Set


@dataclass(frozen=True, slots=True)
class Opening:
    """A question that waits for its learner's answer, as a form for it needs it."""

    learner: Learner
    ask: Ask
    revision: Revision
    state: State | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a learner did on one study day, and whether they were here before it.

    ``answered`` and ``right`` count different questions by their first answer of the day.
    """

    answered: int
    right: int
    earlier: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """One learner before one ask: all that grading, scheduling and telling need.

    ``answer`` is the surviving one. ``undone``: an answer to this ask was taken back. ``seen_undone``: the
    learner's newest answer to this question was taken back. ``available``: other questions that could still
    be asked today, counted up to what is left of the goal. ``others_missed``: there are mistakes beside
    this question. ``latest``: the newest instant of what happened between the learner and the
    question: an answer, undone or not, a reschedule, a mark. ``earlier_answers``: the learner's, counted up to 3, and
    not at all where the question about the ``daily`` was put already. ``answered_on``: the platform on which another
    account of theirs has answered the question since it was asked. ``answered_since``: this account's own answer of
    the day to another ask of the question, since this one was asked; None before a group's ask. ``elsewhere``: asks of
    the same question on screen in the private room of another account of theirs, not answered there. ``needless``:
    keys of messages that are needless once this is answered: a daily question that is not on its way yet, and what
    would take this ask away.
    """

    ask: Ask
    card: Card
    state: State | None
    state_version: int
    answer: Answer | None
    undone: bool
    seen_undone: bool
    memory: MemoryRow | None
    place: Place
    tally: Tally
    available: int
    daily: Daily | None = None
    earlier_answers: int = 0
    latest: datetime | None = None
    answered_on: str = ""
    answered_since: Answer | None = None
    elsewhere: tuple[AskId, ...] = ()
    needless: tuple[str, ...] = ()
    others_missed: bool = False

    @property
    def taken(self) -> Answer | None:
        """The answer that leaves nothing to be answered."""
        return self.answer or self.answered_since


@dataclass(frozen=True, slots=True)
class Desk:
    """One learner before the next question.

    ``open`` is the ask shown last while it waits for an answer. ``due``: at most 50 memories, by due day.
    ``due_count`` is bounded by 50 too.
    """

    place: Place
    open: Sitting | None
    tally: Tally
    due: tuple[MemoryRow, ...]
    new: QuestionId | None


@dataclass(frozen=True, slots=True)
class History:
    """All that happened between one learner and one question, in the order (instant, id)."""

    answers: tuple[Answer, ...]  # the surviving ones
    reschedules: tuple[Reschedule, ...]  # those that have not ended
    marks: tuple[Mark, ...]
    memory: MemoryRow | None
    kind: KindName
    set_id: SetId


@dataclass(frozen=True, slots=True)
class Group:
    """Some of a learner's questions under one name (a section, a topic, a kind): how many.

    ``language`` is that of the set which the name is from (of one of them, where several have it), "" of a kind.
    """

    name: str
    count: int
    language: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What /study can offer beside the next question: how many of each."""

    due: int
    new: int
    missed: int
    starred: int
    place: Place
    sets: tuple[Set, ...]  # the active ones


@dataclass(frozen=True, slots=True)
class Shelf:
    """A set as one learner has it; ``enrolment`` is None where they never added it.

    ``explained``: every one of its questions has an explanation.
    """

    set: Set
    enrolment: Enrolment | None
    questions: int
    studied: int
    explained: bool

    @property
    def mine(self) -> bool:
        """Whether the learner has it."""
        return self.enrolment is not None and not self.enrolment.departed

    @property
    def taking_part(self) -> bool:
        """Whether its questions are asked."""
        return self.enrolment is not None and self.enrolment.active and not self.enrolment.departed


@dataclass(frozen=True, slots=True)
class Progress:
    """The numbers of /stats. ``days`` are all study days with an answer; ``ahead`` the due days from today on."""

    questions: int
    studied: int
    today: tuple[int, int]  # answers, right ones
    week: tuple[int, int]
    ahead: tuple[tuple[date, int], ...]
    later_today: datetime | None  # the next step that comes due today
    missed: int
    mastered: int
    starred: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole database in numbers, for the operator."""

    learners: int
    answers: int
    due: int
    sets: int
    questions: int
    days: tuple[date, ...]  # study days of the learner who has most
    learner: Learner | None  # that learner


@dataclass(frozen=True, slots=True)
class Notice:
    """A group's question as it hangs there, with the answers to it.

    ``picked`` counts those that marked an option, by its place in the body; ``posted``: its message has arrived.
    """

    board: Board
    room: Room
    course: Course
    ask: Ask
    card: Card
    answers: int = 0
    right: int = 0
    picked: Mapping[int, int] = field(default_factory=dict)
    posted: bool = False


Pool = Literal["due", "new", "missed", "mastered", "aside", "starred", "section", "kind", "order"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner wants to practise, of one set or of all active ones.

    ``name`` is the section or kind (of missed: the section, "" for all); ``start`` the place from which on the
    paper's order is wanted.
    """

    pool: Pool
    name: str = ""
    in_set: SetId | None = None
    start: int = 1
