"""What the use cases ask of storage: one method a need, each answered in one go from one snapshot."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from bot.domain.history import Reason
from bot.domain.question import AccountId, AnswerId, AskId, LearnerId, QuestionId, RoomId, SetId
from bot.ports.broadcasts import Headway, Recipient
from bot.ports.changes import Changes
from bot.ports.daily import Daily, Morning
from bot.ports.groups import Board, Noon, Venue
from bot.ports.people import BoardName, Copy, LinkCode, Side
from bot.ports.place import Place
from bot.ports.reads import (
    Card,
    Desk,
    Group,
    History,
    Menu,
    Notice,
    Opening,
    Person,
    Progress,
    Shelf,
    Sitting,
    Totals,
    Wish,
)
from bot.ports.rows import (
    Account,
    Answer,
    Learner,
    Mark,
    MemoryRow,
    Question,
    Report,
    Revision,
    Set,
)


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

    async def sitting(self, ask: AskId, person: Person, *, day: date, now: datetime) -> Sitting | None:
        """All that an answer of that person to that ask needs, on their study day; whoever the ask is for."""
        ...

    async def opening(self, platform: str, native: str, ask: AskId) -> Opening | None:
        """The account's own question, by one query; None where it is another's, or was answered already."""
        ...

    async def desk(
        self, person: Person, *, day: date, now: datetime, long: bool = True, in_set: SetId | None = None
    ) -> Desk:
        """Of one set or of all active ones; without the ``long`` ones, which take more than a moment."""
        ...

    async def days(self, learner: LearnerId) -> tuple[date, ...]:
        """Study days with a surviving answer, ascending."""
        ...

    async def due(self, learner: LearnerId, *, day: date, now: datetime) -> tuple[MemoryRow, ...]:
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

    async def menu(self, learner: LearnerId, *, day: date, now: datetime) -> Menu:
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

    async def pool(self, learner: LearnerId, wish: Wish, *, day: date, now: datetime) -> tuple[QuestionId, ...]:
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

    async def progress(self, learner: LearnerId, *, day: date, now: datetime) -> Progress:
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
        """A learner as a whole, who was read before; Conflict where they are no more."""
        ...

    async def link_code(self, account: AccountId) -> LinkCode | None:
        """The account's own, valid or not."""
        ...

    async def coded(self, digest: str, now: datetime) -> Account | None:
        """The account whose valid code that is."""
        ...

    async def wrong_codes(self, account: AccountId, since: datetime) -> tuple[int, int, datetime]:
        """How many codes since an instant were none: the account's, and everybody's; and when the account came.

        Conflict where the account is no more.
        """
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

    So all that one Incoming led to is one commit in its order, with what is answered. Conflict and AlreadyDone are
    raised by whatever is read next, or by ``settle``: Conflict too where a ``person`` or ``learner`` who was read has
    another row by now. Who joins, parts or changes a setting writes it, so nothing decided on the one before is kept.
    """

    @property
    def changed(self) -> Learner | None:
        """The learner as they were committed last in this turn."""
        ...

    async def settle(self, more: Changes) -> None:
        """Commits what was held back, and ``more`` with it."""
        ...
