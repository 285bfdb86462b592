"""Groups: what is studied in a room, its question of a day, and both as they are read."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.question import AccountId, AskId, QuestionId, RoomId, SetId
from bot.domain.script import Script
from bot.ports.rows import Room, Set


@dataclass(frozen=True, slots=True)
class Course:
    """What a group studies; key room. ``hour``: minutes after midnight in ``zone``, None while nothing is sent.

    ``account_id`` is the administrator who set it up, None once they are forgotten. ``thin``: days in a row with
    fewer than two answers.
    """

    room_id: RoomId
    account_id: AccountId | None
    zone: str
    language: str
    script: Script
    set_id: SetId | None = None
    hour: int | None = None
    sound: bool = False
    weekly: bool = False
    thin: int = 0
    exam: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """A group's question of a day; key (room, day). ``reveal_at``: when the answer is told.

    ``counted``: among the thin days, or as better than that. An answer that did not arrive is told once more.
    """

    room_id: RoomId
    day: date
    ask_id: AskId
    reveal_at: datetime
    shown: int = 0  # answers that the message tells
    revealed: bool = False
    counted: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Venue:
    """A room, what is studied there (None before it was set up), and the day of its newest question.

    ``untold`` is that question while its answer was not told.
    """

    room: Room
    course: Course | None = None
    set: Set | None = None
    last: date | None = None
    untold: Board | None = None


@dataclass(frozen=True, slots=True)
class Noon:
    """A group before its daily question.

    ``questions``: those of its set that suit a group, in the set's order; ``asked``: the room's, oldest first.
    """

    venue: Venue
    questions: tuple[QuestionId, ...]
    asked: tuple[QuestionId, ...]
