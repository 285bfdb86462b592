"""How a learner stands before a daily question: rows as what domain/pushes and domain/hours decide on."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import hours, pushes
from bot.domain.day import starts, study_day
from bot.domain.hours import Moment
from bot.domain.pushes import Occasion, Standing
from bot.ports.daily import Daily, Morning, Push
from bot.ports.rows import Learner

SNOOZE = timedelta(hours=3)


def standing(learner: Learner, daily: Daily) -> Standing:
    return Standing(
        hours=daily.hours,
        rhythm=daily.rhythm,
        unanswered=daily.unanswered,
        offering=daily.offering,
        off_days=frozenset(learner.off_days),
        exam=learner.exam,
        paused=learner.paused_until,
    )


def slot(found: Morning, now: datetime) -> Moment | None:
    """The slot that is due by now, not void, and not made needless by something sent since."""
    planned, off = pushes.planned(standing(found.learner, found.daily))
    after, zone, exam = newest(found.pushes), ZoneInfo(found.learner.zone), found.learner.exam
    if exam is not None and study_day(now, zone) > exam:
        off = frozenset(found.learner.off_days)
    moment = hours.missed(now, planned, zone, off_days=off, after=after)
    return None if moment is None or _sent_since(found, moment.at) else moment


def snooze(found: Morning, at: datetime, now: datetime) -> Moment | None:
    """The moment of a question that was put off to an instant, or the slot that is due at that very instant.

    None where it is void, or another came meanwhile.
    """
    if now >= hours.void_at(at) or _sent_since(found, at):
        return None
    own = slot(found, now)
    if own is not None and own.at == at:
        return own
    return Moment(at, study_day(now, ZoneInfo(found.learner.zone)), pushes.SNOOZE)


def sent(found: Morning, now: datetime) -> Occasion:
    """What was sent on the study day of an instant."""
    return _sent_on(found, study_day(now, ZoneInfo(found.learner.zone)))


def _sent_on(found: Morning, day: date) -> Occasion:
    today, zone = [push for push in found.pushes if push.day == day], ZoneInfo(found.learner.zone)
    snoozed = sum(push.slot == pushes.SNOOZE for push in today)
    others = sum(study_day(at, zone) == day for at in found.news)
    return Occasion(day, asked=len(today) - snoozed, others=others, snoozed=bool(snoozed))


def occasion(found: Morning, moment: Moment) -> Occasion:
    """What was sent and answered on the moment's study day."""
    answered = found.answered
    return replace(
        _sent_on(found, moment.day),
        slot=moment.slot,
        begun=answered is not None,
        answered=answered is not None and answered >= since(found.learner, found.daily, moment),
    )


def upcoming(learner: Learner, daily: Daily, now: datetime, *, after: hours.After) -> Moment | None:
    """The next slot, after a pause where there is one; None where nothing will come.

    Behind the exam the first one, which ends it, also where the question comes once a week.
    """
    planned, off = pushes.planned(standing(learner, daily))
    zone, exam = ZoneInfo(learner.zone), learner.exam
    if learner.paused_until is not None:
        now = max(now, starts(learner.paused_until + timedelta(days=1), zone) - timedelta.resolution)
    moment = hours.upcoming(now, planned, zone, off_days=off, after=after)
    if exam is None or moment is None or moment.day <= exam:
        return moment
    end = (exam, pushes.SNOOZE)  # behind every slot of its day
    return hours.upcoming(now, planned, zone, off_days=learner.off_days, after=max(after or end, end))


def newest(found: Collection[Push]) -> tuple[date, int] | None:
    """The newest slot that was sent."""
    return max(((push.day, push.slot) for push in found if push.slot != pushes.SNOOZE), default=None)


def since(learner: Learner, daily: Daily, moment: Moment) -> datetime:
    """From when on an answer makes the moment needless."""
    if moment.slot == pushes.SNOOZE:
        return moment.at - SNOOZE
    return hours.since(moment, daily.hours, ZoneInfo(learner.zone))


def _sent_since(found: Morning, at: datetime) -> bool:
    return any(push.at >= at for push in found.pushes)
