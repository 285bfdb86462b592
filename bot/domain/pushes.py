"""Never a nuisance: whether something is sent unasked, and how the bot grows quiet by itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.domain.hours import ordered

MOST_SLOTS = 3  # a study day
SNOOZE = 9  # the slot of a question that the learner put off
DAYS_UNANSWERED = 4  # then weekly, and it is said
WEEKS_UNANSWERED = 3  # then silence, and it is not
BROADCASTS = 2  # a week
THIN_ANSWERS = 2  # fewer make a thin day of a group's question
THIN_DAYS = 5  # in a row; then the administrator is asked

_WEEK = range(7)  # Monday is 0

Rhythm = Literal["off", "daily", "weekly", "silent"]
Decision = Literal["ask", "weekly", "silence", "skip", "close"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with the daily question.

    ``hours``: minutes after midnight. ``unanswered``: study days (weekly: Sundays) with a push and without an
    answer, since the last counting one. ``offering``: the question about it may be put once more. ``exam`` is the
    exam's day, ``paused`` the last day of a pause.
    """

    hours: tuple[int, ...]
    rhythm: Rhythm = "daily"
    unanswered: int = 0
    offering: bool = False
    off_days: frozenset[int] = frozenset()  # weekdays, 0 = Monday
    exam: date | None = None
    paused: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """A slot's hour has come, or a snooze's (``SNOOZE``).

    ``asked``: dailies sent on this study day, ``others``: what else was sent unasked, but for the snooze, which is
    ``snoozed``. ``begun``: a counting answer was given on this study day; ``answered``: also since the previous
    slot (hours.since), so that this one is needless.
    """

    day: date
    slot: int = 0
    asked: int = 0
    others: int = 0
    snoozed: bool = False
    begun: bool = False
    answered: bool = False


def decision(standing: Standing, occasion: Occasion) -> Decision:
    """What is done: ask; say that it becomes weekly, in the question's place; fall silent; close after the exam.

    At most the chosen slots (of 3) and one snooze a study day; nothing in a pause or on an answered day; on an off-day
    nothing but a snooze: who put a question off was told when it comes.
    """
    snooze = occasion.slot == SNOOZE
    if not _is_open(standing, occasion.day) or (_is_off(standing, occasion.day) and not snooze):
        return "skip"
    if standing.exam is not None and occasion.day > standing.exam:
        return "skip" if snooze else "close"
    if occasion.answered or _is_full(standing, occasion):
        return "skip"
    if snooze:  # asked for: neither the rhythm nor the count of unanswered days concerns it
        return "ask"
    return _weekly(standing, occasion) if standing.rhythm == "weekly" else _daily(standing, occasion)


def broadcast_decision(standing: Standing, occasion: Occasion, *, lately: int) -> Literal["send", "wait", "leave"]:
    """What a learner gets of a broadcast who got ``lately`` in the last seven days: it, another day, or peace.

    It goes to who has a question every day, inside that day's number of messages, twice a week at most.
    """
    over = standing.exam is not None and occasion.day > standing.exam
    if standing.rhythm != "daily" or over or lately >= BROADCASTS:
        return "leave"
    if not _is_open(standing, occasion.day) or _is_off(standing, occasion.day):
        return "wait"
    return "wait" if _is_full(standing, occasion) else "send"


def after(standing: Standing, decided: Decision, *, occasion: Occasion) -> Standing:
    """The standing once a decision was carried out. Whoever closes forgets the exam, or starting again would close."""
    match decided:
        case "ask":
            first = occasion.slot != SNOOZE and occasion.asked == 0 and not occasion.begun
            return replace(standing, unanswered=standing.unanswered + first)
        case "weekly":
            return replace(standing, rhythm="weekly", unanswered=0)
        case "silence":
            return replace(standing, rhythm="silent", unanswered=0, offering=True)
        case "close":
            return replace(standing, rhythm="off", unanswered=0, exam=None)
        case _:
            return standing


def answered(standing: Standing) -> Standing:
    """After a counting answer, wherever it was given: the count begins anew, the rhythm is the learner's to change."""
    return replace(standing, unanswered=0)


def planned(standing: Standing) -> tuple[tuple[int, ...], frozenset[int]]:
    """The hours and the off-days that slots are planned with: weekly the first hour of one day, none when quiet."""
    hours = tuple(ordered(standing.hours))
    if standing.rhythm == "daily":
        return hours[:MOST_SLOTS], standing.off_days
    if standing.rhythm == "weekly":
        return hours[:1], frozenset(_WEEK) - {weekday(standing.off_days)}
    return (), standing.off_days


def weekday(off_days: Collection[int]) -> int | None:
    """The day of a weekly question: Sunday, or the last one before it that is not off; None when all are."""
    return max((day for day in _WEEK if day not in off_days), default=None)


def room_decision(day: date, *, weekly: bool, exam: date | None) -> Decision:
    """What a group's hour brings: its question, on Sundays only where it is weekly, or the end after the exam."""
    if exam is not None and day > exam:
        return "close"
    return "skip" if weekly and day.weekday() != weekday(()) else "ask"


def thin(days: int, answers: int) -> int:
    """A group's thin days in a row, after one more day with so many answers."""
    return days + 1 if answers < THIN_ANSWERS else 0


def worrying(thin_days: int) -> bool:
    """Whether the administrator is asked now: on the fifth thin day in a row, and not again until it was better."""
    return thin_days == THIN_DAYS


def _is_open(standing: Standing, day: date) -> bool:
    if standing.rhythm in {"off", "silent"}:
        return False
    return standing.paused is None or day > standing.paused


def _is_off(standing: Standing, day: date) -> bool:
    return day.weekday() in standing.off_days


def _is_full(standing: Standing, occasion: Occasion) -> bool:
    if occasion.slot == SNOOZE:
        return occasion.snoozed
    return occasion.asked + occasion.others >= min(len(standing.hours), MOST_SLOTS)


def _daily(standing: Standing, occasion: Occasion) -> Decision:
    # Once something was asked today, today is among the unanswered days.
    ignored = occasion.asked == 0 and standing.unanswered >= DAYS_UNANSWERED
    return "weekly" if ignored else "ask"


def _weekly(standing: Standing, occasion: Occasion) -> Decision:
    if occasion.slot or occasion.asked or occasion.day.weekday() != weekday(standing.off_days):
        return "skip"
    return "silence" if standing.unanswered >= WEEKS_UNANSWERED else "ask"
