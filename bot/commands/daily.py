"""The daily question: whether, when and by which clock; what a timer brings; later, weekly, stop."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from bot.commands import cards
from bot.commands.command import Awaited, Command, Context, Handler, Press, Timer, button, number, paired, say, typable
from bot.domain import clocks, hours, pushes
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Arg, Choice, Text
from bot.domain.question import AskId, LearnerId
from bot.ports.chat import Reply, Rows
from bot.ports.reads import Person
from bot.ports.rows import Learner
from bot.services.daily import SNOOZE_WAKE, WAKE, Planned
from bot.services.mornings import Due
from bot.services.services import Services
from bot.services.study import Told
from bot.services.times import clock, clock_time

A_DAY = 1_440  # minutes


async def offer(context: Context, found: Told) -> Sequence[Reply]:
    """The question about the daily question, below a verdict, where it is its time."""
    platform = context.incoming.platform
    if not context.services.dailies.wanted(found, platform, goal_done=cards.rest(found) == 0):
        return []
    await context.services.dailies.put(found)
    return [await where(context) if context.incoming.here else asked(context, first=found.sitting.daily is None)]


async def where(context: Context, *, edit: bool = False) -> Reply:
    """By private message, or only in the channel where it hangs for all? Nobody is written to who did not say so."""
    hangs = not context.incoming.here or await context.services.groups.comes(context.incoming)
    channel = (button("hours:nowhere:channel", "button.channel_only"),) if hangs else ()
    places = (button("hours:dm", "button.by_dm"), *channel, button("hours:nowhere", "hours.none"))
    return say("hours.where", rows=(places,), edit=edit)


def asked(context: Context, *, first: bool = False, edit: bool = False) -> Reply:
    """Every day? With the two hours that are likeliest, by the clock that is thought to be the learner's."""
    learner, now = context.person.learner, context.services.house.clock.now()
    one, other = clocks.suggestions(now, learner.zone)
    rows = (
        (_at(one), _at(other)),
        (button("d:other", "button.other_time"), button("d:clock", "button.wrong_clock")),
        (button("d:no", "button.not_now"),),
    )
    return say("offer.first" if first else "offer.again", clock(now, learner.zone, guessed=first), rows=rows, edit=edit)


def _at(minutes: int) -> Choice:
    return button(f"d:at:{minutes}", "button.daily_at", {"time": clock_time(minutes)})


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the question, or of what it leads to."""
    what, _, value = words.partition(":")
    return await ACTS.get(what, _again)(context, value)


async def _again(context: Context, _value: str) -> Sequence[Reply]:
    await context.services.study.wait_for(context.person, "")
    return [asked(context, edit=True)]


async def _agreed(context: Context, value: str) -> Sequence[Reply]:
    chosen_minutes = number(value)
    if chosen_minutes >= A_DAY:
        raise StudyBotError(Text("ask.unknown"))
    return [agreed(context, await context.services.dailies.at(context.person, chosen_minutes), edit=True)]


async def _other(context: Context, _value: str) -> Sequence[Reply]:
    return await awaiting(context, "hour", "hour.ask", back="d:ask")


async def _refused(context: Context, _value: str) -> Sequence[Reply]:
    return await _stopped(context, "offer.no")


def agreed(context: Context, planned: Planned, *, key: str = "offer.done", edit: bool = False) -> Reply:
    """When the first one comes."""
    moment, learner = planned.next, context.person.learner
    if moment is None:
        return say("offer.no", edit=edit)
    when = day_words(context, moment.at.astimezone(ZoneInfo(learner.zone)).date())
    args: dict[str, Arg] = {"day": when, "time": local_time(moment.at, learner)}
    return say(key, args, edit=edit)


def local_time(at: datetime, learner: Learner) -> str:
    return clock_time(clocks.wall(at, learner.zone))


def day_words(context: Context, day: date) -> Text:
    """Today, tomorrow, or the date; seen from the calendar of the learner."""
    learner = context.person.learner
    today = context.services.house.clock.now().astimezone(ZoneInfo(learner.zone)).date()
    days = (day - today).days
    if days in (0, 1):
        return Text("when.today" if days == 0 else "when.tomorrow")
    return Text("when.date", {"day": day})


async def _clocks(context: Context, _value: str) -> Sequence[Reply]:
    await context.services.study.wait_for(context.person, "")
    return [
        say("clock.which", rows=(*clock_rows(context, "d:zone"), (button("d:none", "button.no_clock"),)), edit=True)
    ]


def clock_rows(context: Context, action: str) -> Rows:
    """Six clocks to choose from; what is pressed is ``action:zone``."""
    learner, now = context.person.learner, context.services.house.clock.now()
    found = clocks.clocks(now, learner.language, shown=learner.zone)
    return paired([button(f"{action}:{zone}", "button.time", {"time": clock_time(wall)}) for wall, zone in found], 3)


async def _chosen_zone(context: Context, value: str) -> Sequence[Reply]:
    return [asked(context.of(await zoned(context, value)), edit=True)]


async def _no_clock(context: Context, _value: str) -> Sequence[Reply]:
    return await awaiting(context, "clock", "clock.ask", back="d:clock")


async def zoned(context: Context, zone: str) -> Person:
    """The person in another zone; StudyBotError where there is no such zone."""
    if zone not in available_timezones():
        raise StudyBotError(Text("ask.unknown"))
    return await context.services.dailies.adapt(context.person, zone=zone)


async def awaiting(context: Context, what: str, key: str, *, back: str) -> Sequence[Reply]:
    """Asks for something to be typed, and remembers what the next text is."""
    await context.services.study.wait_for(context.person, what)
    return [typable(say(key, rows=((button(back, "button.back"),),), edit=context.pressed))]


async def hour_typed(context: Context, words: str) -> Sequence[Reply]:
    """The hour that a learner chose: it holds inside the quiet hours too."""
    minutes = hours.parsed_time(words)
    if minutes is None:
        return [typable(say("hour.unclear", rows=((button("d:ask", "button.back"),),)))]
    planned = await context.services.dailies.at(context.person, minutes)
    await context.services.study.wait_for(context.person, "")
    return [agreed(context, planned)]


async def clock_typed(context: Context, words: str) -> Sequence[Reply]:
    """What the learner's clock shows: the zone follows from it."""
    person = await zone_typed(context, words)
    if person is None:
        return [typable(say("clock.unclear", rows=((button("d:clock", "button.back"),),)))]
    return [asked(context.of(person))]


async def zone_typed(context: Context, words: str) -> Person | None:
    """The person in the zone whose clock shows what was typed; None where that is no time."""
    minutes = hours.parsed_time(words)
    if minutes is None:
        return None
    now = context.services.house.clock.now()
    await context.services.study.wait_for(context.person, "")
    return await zoned(context, clocks.nearest(now, minutes, language=context.person.learner.language))


async def answered_weekly(context: Context, words: str) -> Sequence[Reply]:
    """A button below "weekly": keep it daily, stop, or leave it so."""
    dailies = context.services.dailies
    if words == "stop":
        return await _stopped(context, "weekly.stopped")
    planned = await dailies.rhythm(context.person, "daily" if words == "keep" else "weekly")
    if planned.next is None:
        return await _stopped(context, "weekly.stopped")
    learner = context.person.learner
    time = local_time(planned.next.at, learner)
    if words == "keep":
        day = day_words(context, planned.next.at.astimezone(ZoneInfo(learner.zone)).date())
        return [say("weekly.kept", {"time": time, "day": day}, edit=True)]
    weekday = planned.next.at.astimezone(ZoneInfo(learner.zone)).weekday()
    return [say("weekly.agreed", {"day": Text(f"weekday.{weekday}"), "time": time}, edit=True)]


async def _stopped(context: Context, key: str) -> Sequence[Reply]:
    await context.services.dailies.rhythm(context.person, "off")
    return [say(key, edit=True)]


async def later(context: Context, words: str) -> Sequence[Reply]:
    """The same question once more, in three hours."""
    sitting = await context.services.study.sitting(context.person, AskId(number(words)))
    if sitting.taken is not None:
        raise StudyBotError(Text("ask.done_silent"))
    at = await context.services.dailies.snooze(context.person, sitting.ask.id)
    if at is None:
        return [Reply(blocks=(Text("snooze.once"),), private=True)]
    learner, house = context.person.learner, context.services.house
    day = at.astimezone(ZoneInfo(learner.zone)).date()
    key = "snooze.done" if day == house.clock.now().astimezone(ZoneInfo(learner.zone)).date() else "snooze.tomorrow"
    return [Reply(blocks=(Text(key, {"time": local_time(at, learner)}),), private=True)]


async def slot(services: Services, words: str, at: datetime) -> None:
    """A daily question's hour has come."""
    due = await services.mornings.due(LearnerId(number(words)), at)
    if due is not None:
        await services.mornings.carry(due, _drawn(due))


async def snoozed(services: Services, words: str, at: datetime) -> None:
    """What was put off comes again."""
    learner, _, ask = words.partition(":")
    due = await services.mornings.due_again(LearnerId(number(learner)), AskId(number(ask)), at)
    if due is not None:
        await services.mornings.carry(due, _drawn(due))


def _drawn(due: Due) -> Reply | None:
    match due.decided:
        case "ask" if due.asked is not None:
            return cards.pushed(due.asked)
        case "weekly":
            day = pushes.weekday(due.found.learner.off_days)
            return say("weekly.told", {"day": Text(f"weekday.{day}")}, rows=(WEEKLY,))
        case "close":
            return say("exam.over")
        case _:
            return None


WEEKLY = (button("w:keep", "button.keep_daily"), button("w:stop", "button.stop"), button("w:so", "button.so_be_it"))
ACTS: dict[str, Handler] = {
    "at": _agreed,
    "other": _other,
    "clock": _clocks,
    "zone": _chosen_zone,
    "none": _no_clock,
    "no": _refused,
}
COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("d", chosen), Press("w", answered_weekly), Press("z", later))
AWAITED = (Awaited("hour", hour_typed), Awaited("clock", clock_typed))
TIMERS = (Timer(WAKE, slot), Timer(SNOOZE_WAKE, snoozed))
