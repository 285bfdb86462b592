"""What the use cases ask of storage: one method a need, each answered in one go from one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bot.domain.history import Reason
from bot.domain.kind import State
from bot.domain.question import AccountId, AnswerId, AskId, KindName, LearnerId, QuestionId, RoomId, SetId
from bot.ports.broadcasts import Headway, Recipient
from bot.ports.daily import Daily, Morning
from bot.ports.groups import Board, Course, Noon, Venue
from bot.ports.people import BoardName, Copy, LinkCode, Side
from bot.ports.rows import (
    Account,
    Answer,
    Ask,
    Changes,
    Enrolment,
    Learner,
    Mark,
    MemoryRow,
    Place,
    Question,
    Report,
    Reschedule,
    Revision,
    Room,
    Set,
)


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
    be asked today, counted up to the goal. ``others_missed``: there are mistakes beside
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
    """Some of a learner's questions under one name (a section, a topic, a kind): how many."""

    name: str
    count: int


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


class Storage(Protocol):
    """Every read sees all that was committed before it was asked. Unknown ids give None or ()."""

    def turn(self) -> "Turn":
        """The same storage, for the handling of one Incoming."""
        ...

    async def commit(self, changes: Changes) -> None:
        """All or nothing. AlreadyDone, Conflict; StorageError when nothing could be written."""
        ...

    async def person(self, platform: str, native: str, room: str) -> Person | None:
        """Who that account is; ``room_id`` is 0 where nobody has spoken in that room before."""
        ...

    async def room(self, platform: str, native: str) -> RoomId | None:
        """The room of a platform's own id; None where nobody has spoken there."""
        ...

    async def learner(self, learner: LearnerId) -> Learner | None:
        """The learner as they are now."""
        ...

    async def card(self, question: QuestionId) -> Card | None:
        """A question with its present revision, whatever its state."""
        ...

    async def sitting(self, ask: AskId, person: Person, day: date, now: datetime) -> Sitting | None:
        """All that an answer of that person to that ask needs, on their study day; whoever the ask is for."""
        ...

    async def opening(self, platform: str, native: str, ask: AskId) -> Opening | None:
        """The account's own question, by one query; None where it is another's, or was answered already."""
        ...

    async def desk(
        self, person: Person, day: date, now: datetime, *, cases: bool = True, in_set: SetId | None = None
    ) -> Desk:
        """Of one set or of all active ones; without ``cases``, which take more than a moment."""
        ...

    async def days(self, learner: LearnerId) -> tuple[date, ...]:
        """Study days with a surviving answer, ascending."""
        ...

    async def due(self, learner: LearnerId, day: date, now: datetime) -> tuple[MemoryRow, ...]:
        """Everything due, without bound: for a return after a break."""
        ...

    async def answer(self, answer: AnswerId) -> Answer | None:
        """An answer, also one that was taken back."""
        ...

    async def last_answers(self, learner: LearnerId, since: date, limit: int) -> tuple[Answer, ...]:
        """The surviving ones among the last ``limit`` answers since a study day, newest first.

        An answer that was called a guess is one with the answer that stands in its place.
        """
        ...

    async def history(self, learner: LearnerId, question: QuestionId) -> History | None:
        """All that was ever done about a question by a learner's accounts; None where there is no such question."""
        ...

    async def rescheduled(self, learner: LearnerId, reason: Reason, since: datetime) -> Mapping[QuestionId, History]:
        """The histories of all questions with a reschedule of that reason, since an instant, that has not ended."""
        ...

    async def place(self, learner: LearnerId) -> Place:
        """Where the learner is; a new row (version 0) for who was nowhere yet."""
        ...

    async def menu(self, learner: LearnerId, day: date, now: datetime) -> Menu:
        """How many questions of the active sets may be asked: due at that instant, new, missed, starred."""
        ...

    async def missed(self, learner: LearnerId, day: date) -> bool:
        """Whether there is anything on the list of mistakes that may be asked on this day."""
        ...

    async def groups(
        self, learner: LearnerId, by: Literal["section", "kind", "missed"], *, in_set: SetId | None, day: date
    ) -> tuple[Group, ...]:
        """The learner's questions (or mistakes) by section or topic, or by kind; in the paper's order.

        As in ``menu`` and ``pool`` (but for what is mastered or aside), none whose answer was undone on this day.
        """
        ...

    async def pool(self, learner: LearnerId, wish: Wish, day: date, now: datetime) -> tuple[QuestionId, ...]:
        """The questions wished for: first the due ones, then the new, then the rest, each in the paper's order."""
        ...

    async def cards(self, questions: Sequence[QuestionId]) -> tuple[Card, ...]:
        """Those questions, in the order asked for, without those that there are not."""
        ...

    async def mark(self, learner: LearnerId, question: QuestionId, name: str) -> Mark | None:
        """The mark that has not ended."""
        ...

    async def mark_of(self, mark: int) -> Mark | None:
        """A mark by its id, also one that has ended."""
        ...

    async def report_of(self, report: int) -> Report | None:
        """A report by its id, also one that was withdrawn."""
        ...

    async def shelves(self, learner: LearnerId) -> tuple[Shelf, ...]:
        """Every set there is, the learner's own first."""
        ...

    async def progress(self, learner: LearnerId, day: date, now: datetime) -> Progress:
        """A learner's numbers on a study day; ``now`` decides what is due within it."""
        ...

    async def set(self, code: str) -> Set | None:
        """The set of that code."""
        ...

    async def contents(self, set_id: SetId) -> tuple[tuple[Question, Revision], ...]:
        """Every question of a set, archived ones too, in the paper's order."""
        ...

    async def totals(self, day: date) -> Totals:
        """The numbers of the whole database; what is due, on that study day."""
        ...

    async def daily(self, learner: LearnerId) -> Daily | None:
        """A learner's daily question as it was set; None where it never was."""
        ...

    async def morning(self, learner: LearnerId, day: date) -> Morning | None:
        """None where the learner has no daily question."""
        ...

    async def crowd(self, since: datetime, until: datetime) -> int:
        """How many timers come due between two instants."""
        ...

    async def reports(self) -> tuple[tuple[Report, Card], ...]:
        """Reports that were not withdrawn, newest first."""
        ...

    async def venue(self, room: RoomId) -> Venue | None:
        """A room with what is studied there."""
        ...

    async def venue_of(self, platform: str, native: str) -> Venue | None:
        """The same, by the platform's own id of the room."""
        ...

    async def venues(self, platform: str, chat: str) -> tuple[Venue, ...]:
        """A chat and its topics, which are rooms of their own: "chat/topic"."""
        ...

    async def told_at(self, room: RoomId, slot: str) -> datetime | None:
        """When what a room's slot holds was said; None where it holds nothing."""
        ...

    async def group_sets(self) -> tuple[tuple[Set, int], ...]:
        """The sets with a question that suits a group, and how many questions each has."""
        ...

    async def noon(self, room: RoomId) -> Noon | None:
        """A group before its next question."""
        ...

    async def board(self, ask: AskId) -> Board | None:
        """The board of a group's ask; None for an ask that hangs nowhere."""
        ...

    async def notice(self, ask: AskId) -> Notice | None:
        """A group's question as it hangs there; None for an ask that hangs nowhere."""
        ...

    async def board_name(self, learner: LearnerId, room: RoomId) -> BoardName | None:
        """What was chosen for that very room, or for EVERYWHERE."""
        ...

    async def in_groups(self, learner: LearnerId) -> bool:
        """Whether the learner has answered a group's question."""
        ...

    async def everything(self, learner: LearnerId) -> Mapping[str, tuple[object, ...]]:
        """All records that are about a learner, by the name of their table; none where there is no such learner."""
        ...

    async def scrub(self) -> bool:
        """Leaves nothing on the disk of what was deleted, but in the copies; False where the log is not ``emptied``."""
        ...

    async def emptied(self) -> bool:
        """Whether nothing is in the log any more: False while another process reads it."""
        ...

    async def unanswered(self, since: datetime, until: datetime) -> bool:
        """Whether anything that arrived between the two is still in the inbox, and not set aside."""
        ...

    async def copies(self) -> tuple[Copy, ...]:
        """The copies of the database that lie beside it, newest first."""
        ...

    async def side(self, learner: LearnerId) -> Side:
        """A learner as a whole; whoever asks knows that there is such a learner."""
        ...

    async def link_code(self, account: AccountId) -> LinkCode | None:
        """The account's own, valid or not."""
        ...

    async def coded(self, digest: str, now: datetime) -> Account | None:
        """The account whose valid code that is."""
        ...

    async def wrong_codes(self, account: AccountId, since: datetime) -> tuple[int, int, datetime]:
        """How many codes since an instant were none: the account's, and everybody's; and when the account came."""
        ...

    async def histories(self, learner: LearnerId) -> Mapping[QuestionId, History]:
        """Every question that the learner has a memory of, or that something of theirs makes one of."""
        ...

    async def owner(self, account: AccountId | None) -> tuple[RoomId, Learner] | None:
        """Whose account that is, and the private room that has its name; None where they never met there."""
        ...

    async def headway(self, broadcast: int) -> Headway | None:
        """How far a broadcast has come."""
        ...

    async def recipients(self, broadcast: int, now: datetime, most: int) -> tuple[Recipient, ...]:
        """Whose turn it is: first those who are due again, then new ones in the order of learners."""
        ...

    async def unsent(self, broadcast: int) -> tuple[Recipient, ...]:
        """Those whose message can still be taken back."""
        ...


class Turn(Storage, Protocol):
    """Storage that holds its commits back to the end, and reads as if it had made them.

    So all that one Incoming led to is one commit, together with what is answered. Conflict and AlreadyDone are
    raised by whatever is read next, or by ``settle``.
    """

    @property
    def changed(self) -> Learner | None:
        """The learner as they were committed last in this turn."""
        ...

    async def settle(self, more: Changes) -> None:
        """Commits what was held back, and ``more`` with it."""
        ...
