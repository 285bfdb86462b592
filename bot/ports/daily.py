"""The daily question: how a learner stands with it, and what was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.domain.question import AskId, LearnerId, RoomId
from bot.ports.rows import Learner

Rhythm = Literal["off", "daily", "weekly", "silent"]  # weekly and silent by unanswered pushes, off by the learner


@dataclass(frozen=True, slots=True)
class Daily:
    """A learner's daily question; key learner. Sent to ``room_id`` at ``hours`` (minutes after midnight, local).

    ``unanswered``: study days (weekly: Sundays) since a counting answer on which one was sent. ``offers``: how often
    the question about it was put; ``offering`` while it may be put once more. ``snoozed`` is the newest study day
    with a snooze. ``fixed``: the learner has named the room; else it is the private one where they answered last.
    """

    learner_id: LearnerId
    room_id: RoomId
    hours: tuple[int, ...] = ()
    rhythm: Rhythm = "off"
    unanswered: int = 0
    offers: int = 0
    offering: bool = True
    snoozed: date | None = None
    fixed: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """A daily question that was sent; key (learner, day, slot), so that there is never a second one.

    ``slot``: 0, 1, 2 for the hours of the day in their order, 9 for a snooze.
    """

    learner_id: LearnerId
    day: date
    slot: int
    ask_id: AskId | None  # None: the day's message was no question
    room_id: RoomId
    at: datetime


@dataclass(frozen=True, slots=True)
class Morning:
    """A learner before a daily question.

    ``pushes`` are those of the last eight days, newest first; ``answered`` the newest counting answer since the
    study day began; ``waiting`` what was sent, is on screen and was never answered; ``unsent`` what waits to be sent;
    ``gone``: the room takes nothing; ``news``: when broadcasts were sent, of the last eight days. ``timer``: when the
    next hour is looked at.
    """

    learner: Learner
    daily: Daily
    gone: bool
    pushes: tuple[Push, ...]
    answered: datetime | None
    waiting: tuple[Push, ...]
    unsent: tuple[Push, ...] = ()
    news: tuple[datetime, ...] = ()
    timer: datetime | None = None
