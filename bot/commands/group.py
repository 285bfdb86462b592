"""What an administrator settles for a group, unseen by the others: its set, hour, zone, sound, exam date."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from bot.commands import losses, setup
from bot.commands.board import wall
from bot.commands.command import Awaited, Command, Context, Press, button, number, paired, say, typable
from bot.commands.venue import course, press, studied, title, when, whispers
from bot.domain import clocks, hours
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Arg, Choice, Text
from bot.domain.question import RoomId, SetId
from bot.ports.chat import Reply, Rows
from bot.ports.groups import Course, Venue
from bot.ports.rows import Set
from bot.services.losses import Loss
from bot.services.times import clock, clock_time
from bot.services.titles import shortly, titled

Act = Callable[[Context, Venue, str], Awaitable[Sequence[Reply]]]

BEFORE = frozenset(
    {"set", "hours", "hour", "other", "clock", "zone", "none", "check", "again"}
)  # acts that need no set


async def opened(context: Context, words: str) -> Sequence[Reply]:
    """The link out of a group: its page, or first the question which set it studies."""
    venue = await context.services.groups.managed(RoomId(number(words)), context.incoming)
    return await (page(context, venue, "") if studied(venue) else _sets(context, venue, ""))


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button: what, of which room, and a value."""
    what, _, rest = words.partition(":")
    if what == setup.CHANNEL:
        return await setup.chosen(context)
    room, _, value = rest.partition(":")
    venue = await context.services.groups.managed(RoomId(number(room)), context.incoming)
    await context.services.study.wait_for(context.person, "")
    if not (studied(venue) or (what in BEFORE and (what == "set" or venue.course is not None))):
        return await _sets(context, venue, "")
    return await ACTS.get(what, page)(context, venue, value)


async def _sets(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    found = await _offered(context, venue)
    if not found:
        return [say("group.no_sets")]
    rows: list[tuple[Choice, ...]] = [
        (button(f"room:set:{venue.room.id}:{one.id}", "sets.row", {"title": titled(one)}, count=count),)
        for one, count in found
    ]
    if studied(venue):
        rows.append((press(venue, "page", "button.back"),))
    key = "setup.which_set" if whispers(context) else "group.which_set"
    return [say(key, title(venue), rows=tuple(rows), edit=context.pressed)]


async def _offered(context: Context, venue: Venue) -> Sequence[tuple[Set, int]]:
    """First those in the language of who sets the group up; in private nothing else, until one is studied."""
    found = await context.services.groups.sets()
    known = ("", context.person.learner.language.partition("-")[0])  # a paper need not say its language
    own = [pair for pair in found if pair[0].language.partition("-")[0] in known]
    if whispers(context):
        return [*own, *(pair for pair in found if pair not in own)]
    return found if studied(venue) or not own else own


async def _set(context: Context, venue: Venue, value: str) -> Sequence[Reply]:
    """The set is chosen; the first time the hour comes next, or all is settled."""
    changed = await context.services.groups.choose(venue, context.person, SetId(number(value)))
    if course(changed).hour is None:
        return await _hours(context, changed, "")
    return await page(context, changed, "") if studied(venue) else [_agreed(context, changed)]


async def _hours(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    if not studied(venue):
        return await setup.ready(context, venue, "")
    now, zone = context.services.house.clock.now(), course(venue).zone
    suggested = tuple(
        press(venue, f"hour:{one}", "button.daily_at", {"time": clock_time(one)}) for one in clocks.GROUP_SUGGESTIONS
    )
    others = (press(venue, "other", "button.other_time"), press(venue, "clock", "button.wrong_clock"))
    rows = (suggested, others, (press(venue, "no", "button.not_now"),))
    key = "setup.daily" if whispers(context) else "group.daily"
    return [say(key, {**title(venue), **clock(now, zone)}, rows=rows, edit=context.pressed)]


async def _hour(context: Context, venue: Venue, value: str) -> Sequence[Reply]:
    minutes = number(value)
    if not hours.group_hour(minutes):
        raise StudyBotError(Text("ask.unknown"))
    settled = replace(course(venue), hour=minutes, weekly=False, thin=0)
    changed = await context.services.groups.change(venue, settled)
    return [_agreed(context, changed)] if studied(venue) else await _sets(context, changed, "")


async def _mended(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    """Whether questions get through again: when the next one comes, or what is still missing."""
    missing = await context.services.losses.missing(venue.room)
    if not missing:
        return [_agreed(context, venue)]
    return [losses.told(Loss(venue, course(venue), "lacks", missing), edit=True)]


def _agreed(context: Context, venue: Venue) -> Reply:
    """When the first one comes, and its answer."""
    moment, zone = context.services.groups.next(venue), course(venue).zone
    if moment is None:
        return say("group.stopped", title(venue), edit=context.pressed)
    args: dict[str, Arg] = {
        **title(venue),
        "day": when(context.services, moment.at, zone),
        "time": wall(moment.at, zone),
        "reveal": wall(hours.reveal_at(moment.at), zone),
    }
    return say("setup.done" if whispers(context) else "group.done", args, edit=context.pressed)


async def _other(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _awaiting(context, venue, "room_hour", say("group.hour_ask"), back="hours")


async def _awaiting(context: Context, venue: Venue, what: str, reply: Reply, *, back: str) -> Sequence[Reply]:
    """Asks for something to be typed, and remembers for which room it is."""
    await context.services.study.wait_for(context.person, f"{what}:{venue.room.id}")
    return [typable(replace(reply, rows=((press(venue, back, "button.back"),),), edit=context.pressed))]


async def _clocks(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    now, zone = context.services.house.clock.now(), course(venue).zone
    found = clocks.clocks(now, context.person.learner.language, shown=zone)
    times = [press(venue, f"zone:{zone}", "button.time", {"time": clock_time(one)}) for one, zone in found]
    rows: Rows = (*paired(times, 3), (press(venue, "none", "button.no_clock"),))
    return [say("clock.which", rows=rows, edit=context.pressed)]


async def _none(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _awaiting(context, venue, "room_clock", say("clock.ask"), back="clock")


async def _zone(context: Context, venue: Venue, value: str) -> Sequence[Reply]:
    if value not in available_timezones():
        raise StudyBotError(Text("ask.unknown"))
    changed = await context.services.groups.change(venue, replace(course(venue), zone=value))
    return await (_hours if course(changed).hour is None else page)(context, changed, "")


async def _refused(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return [say("group.not_now", title(venue), edit=context.pressed)]


async def page(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    """All that can be settled; what is changed leads back to it."""
    known = course(venue)
    blocks = (Text("group.title", title(venue)), _summary(venue), *_exam_line(known))
    rows = (
        (press(venue, "sets", "settings.sets"), press(venue, "hours", "button.change_hour")),
        (press(venue, "sound", "button.sound", marked=known.sound), press(venue, "exam", "button.exam_day")),
        (press(venue, "clock", "button.wrong_clock"), *_rhythm(venue)),
    )
    return [Reply(blocks=blocks, rows=rows, edit=context.pressed)]


def _summary(venue: Venue) -> Text:
    known = course(venue)
    name = "" if venue.set is None else shortly(venue.set)
    if known.hour is None:
        return Text("group.line", {"set": name, "rhythm": Text("group.stops")})
    args: dict[str, Arg] = {"time": clock_time(known.hour)}
    rhythm = Text("group.weekly_at" if known.weekly else "group.daily_at", args)
    return Text("group.line", {"set": name, "rhythm": rhythm})


def _exam_line(known: Course) -> tuple[Text, ...]:
    return () if known.exam is None else (Text("group.exam_line", {"day": known.exam}),)


def _rhythm(venue: Venue) -> tuple[Choice, ...]:
    known = course(venue)
    if known.hour is None:
        return ()
    daily_again = (press(venue, "daily", "button.keep_daily"),) if known.weekly else ()
    return (*daily_again, press(venue, "stop", "button.stop"))


async def _changed(context: Context, venue: Venue, changed: Course) -> Sequence[Reply]:
    return await page(context, await context.services.groups.change(venue, changed), "")


async def _sound(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _changed(context, venue, replace(course(venue), sound=not course(venue).sound))


async def _daily(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _changed(context, venue, replace(course(venue), weekly=False, thin=0))


async def _weekly(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    changed = await context.services.groups.change(venue, replace(course(venue), weekly=True, thin=0))
    moment, zone = context.services.groups.next(changed), course(changed).zone
    if moment is None:
        return [say("group.stopped", title(venue), edit=context.pressed)]
    return [say("group.weekly_done", {"time": wall(moment.at, zone)}, edit=context.pressed)]


async def _stop(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    await context.services.groups.change(venue, replace(course(venue), hour=None, weekly=False, thin=0))
    return [say("group.stopped", title(venue), edit=context.pressed)]


async def _exam(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _awaiting(context, venue, "room_exam", say("group.exam_ask"), back="page")


async def _no_exam(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    return await _changed(context, venue, replace(course(venue), exam=None))


async def _awaited(context: Context) -> Venue:
    """The room for which something was to be typed."""
    awaits = await context.services.study.awaited(context.person)
    return await context.services.groups.managed(RoomId(number(awaits.partition(":")[2])), context.incoming)


async def hour_typed(context: Context, words: str) -> Sequence[Reply]:
    """The group's hour: early enough for the reveal, eight hours later, before 22:00."""
    venue, minutes = await _awaited(context), hours.parsed_time(words)
    if minutes is None or not hours.group_hour(minutes):
        key = "group.hour_unclear" if minutes is None else "group.hour_outside"
        return [typable(say(key, rows=((press(venue, "hours", "button.back"),),)))]
    await context.services.study.wait_for(context.person, "")
    return await _hour(context, venue, str(minutes))


async def clock_typed(context: Context, words: str) -> Sequence[Reply]:
    """What a clock shows where the group is."""
    venue, minutes = await _awaited(context), hours.parsed_time(words)
    if minutes is None:
        return [typable(say("clock.unclear", rows=((press(venue, "clock", "button.back"),),)))]
    await context.services.study.wait_for(context.person, "")
    now, language = context.services.house.clock.now(), context.person.learner.language
    return await _zone(context, venue, clocks.nearest(now, minutes, language=language))


async def exam_typed(context: Context, words: str) -> Sequence[Reply]:
    """The day of the group's exam; the day after it the questions end."""
    venue = await _awaited(context)
    today = _today(context, venue)
    day = hours.parsed_date(words, today)
    if day is None:
        return [typable(say("group.exam_unclear", rows=((press(venue, "page", "button.back"),),)))]
    await context.services.study.wait_for(context.person, "")
    await context.services.groups.change(venue, replace(course(venue), exam=day))
    rows = ((press(venue, "noexam", "button.undo"),),)
    return [say("group.exam_done", {**title(venue), "day": day}, rows=rows, count=(day - today).days)]


def _today(context: Context, venue: Venue) -> date:
    return context.services.house.clock.now().astimezone(ZoneInfo(course(venue).zone)).date()


ACTS: dict[str, Act] = {
    "sets": _sets,
    "set": _set,
    "hours": _hours,
    "hour": _hour,
    "other": _other,
    "clock": _clocks,
    "zone": _zone,
    "none": _none,
    "no": _refused,
    "sound": _sound,
    "daily": _daily,
    "weekly": _weekly,
    "stop": _stop,
    "exam": _exam,
    "check": setup.ready,
    "again": setup.again,
    "mend": _mended,
    "noexam": _no_exam,
}
COMMANDS = (Command("setup", setup.setup),)
PRESSES = (Press("room", chosen),)
AWAITED = (Awaited("room_hour", hour_typed), Awaited("room_clock", clock_typed), Awaited("room_exam", exam_typed))
