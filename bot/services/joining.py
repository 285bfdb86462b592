"""Two learners who become one: what each brings, and what of it holds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.domain import pushes
from bot.domain.question import AskId, RoomId
from bot.ports.daily import Daily, Push
from bot.ports.people import Side
from bot.ports.place import Place
from bot.ports.rows import Account, Enrolment, Learner, Room
from bot.services import calendar

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two learners who are to be one, and the code that says so. The settings of ``older``, who came first, hold.

    ``giver``: the account for which the code was made.
    """

    older: Side
    younger: Side
    code: str
    giver: Account

    @property
    def room(self) -> Room | None:
        """The giver's newest private room, unless nothing can be sent there."""
        own = (one for one in _rooms(self) if one.account_id == self.giver.id)
        newest = next(own, None)
        return None if newest is None or newest.gone_at else newest

    @property
    def accounts(self) -> tuple[tuple[Account, int], ...]:
        """Each with the number of its answers, oldest first."""
        return tuple(sorted((*self.older.accounts, *self.younger.accounts), key=lambda one: one[0].created_at))


def kept(pair: Pair, day: date) -> Learner:
    """The older with the pauses of both, for the streak is that of both. Of a pause that runs the later end holds.

    Whoever wished for peace on one side has it: the pause can be taken back.
    """
    learners = (pair.older.learner, pair.younger.learner)
    running = [one.pauses[-1] for one in learners if calendar.ahead(one.paused_until, day)]
    over = sorted({span for one in learners for span in calendar.past(one, day)})
    last_day = max(filter(None, (one.day for one in learners)), default=None)
    merged = replace(pair.older.learner, day=last_day, pauses=tuple(over))
    if not running:
        return merged
    first, last = min(begun for begun, _ in running), max(end for _, end in running)
    return replace(merged, paused_until=date.fromisoformat(last), pauses=(*over, (first, last)))


def united(pair: Pair) -> tuple[Enrolment, ...]:
    """Sets of both in which the younger takes part and the older does not: the one learner does."""
    taking_part = {one.set_id for one in pair.younger.enrolments if one.active and not one.departed}
    idle = (one for one in pair.older.enrolments if one.departed or not one.active)
    return tuple(replace(one, active=True, departed=False) for one in idle if one.set_id in taking_part)


def needless(pair: Pair) -> tuple[tuple[Push, ...], tuple[Push, ...]]:
    """The daily questions that go, on screen and not sent yet: one is asked, never two.

    The younger's on screen where one waits on the other side too; those not sent where the other side had one that
    day, the older's only where the younger's stays on screen.
    """
    older, younger = pair.older, pair.younger
    shown = tuple(one for one in younger.waiting if one.ask_id) if older.waiting else ()
    staying = {one.day for one in younger.waiting if one not in shown}
    unsent = (
        *(one for one in younger.unsent if one.day in older.pushed),
        *(one for one in older.unsent if one.day in staying),
    )
    return shown, tuple(one for one in unsent if one.slot != pushes.SNOOZE)  # that one was asked for


def placed(pair: Pair, gone: Collection[AskId | None]) -> tuple[Place, ...]:
    """Where the newer of the questions is that wait for an answer; else the older's place, if they have one.

    A question that is ``gone`` from the screen waits no more. In the paper's order it is the one that is further on.
    """
    older, younger = pair.older.place, pair.younger.place
    sets = {*older.reached, *younger.reached}
    reached = {one: max(older.reached.get(one, 0), younger.reached.get(one, 0)) for one in sets}
    shown = (side for side in (pair.older, pair.younger) if side.place.ask_id not in {None, *gone})
    at = max(shown, key=lambda side: side.open_since or NEVER, default=pair.older).place
    placed = replace(
        older, ask_id=at.ask_id, here=at.here, round=at.round or older.round or younger.round, reached=reached
    )
    return () if placed == older else (placed,)


def daily_of(pair: Pair, platforms: Collection[str]) -> tuple[Daily, ...]:
    """The older's daily question if it comes, else the younger's if that does, else whichever has hours."""
    older = pair.older.daily
    found = next(_preferred(pair), None)
    if found is None:
        return ()
    version = 0 if older is None else older.version
    daily = replace(found, learner_id=pair.older.learner.id, room_id=_room(pair, found, platforms), version=version)
    return () if daily == older else (daily,)


def _preferred(pair: Pair) -> Iterator[Daily]:
    sides = (pair.older, pair.younger)
    yield from (side.daily for side in sides if side.daily and _comes(side, side.daily))
    yield from (side.daily for side in sides if side.daily and side.daily.hours)
    yield from (side.daily for side in sides if side.daily)


def _comes(side: Side, daily: Daily) -> bool:
    """Whether it is sent, and to a room that takes it."""
    gone = any(room.id == daily.room_id and room.gone_at for room in side.rooms)
    return daily.rhythm in {"daily", "weekly"} and bool(daily.hours) and not gone


def _room(pair: Pair, daily: Daily, platforms: Collection[str]) -> RoomId:
    """The room that the learner has named; else, or where that is gone, the one where they answered last."""
    answered = {**pair.older.answered, **pair.younger.answered}
    open_ = [room for room in _rooms(pair) if room.gone_at is None and room.platform in platforms]
    if not open_ or (daily.fixed and daily.room_id in {room.id for room in open_}):
        return daily.room_id
    return max(open_, key=lambda room: (answered.get(room.id, NEVER), room.id == daily.room_id)).id


def _rooms(pair: Pair) -> tuple[Room, ...]:
    return (*pair.older.rooms, *pair.younger.rooms)
