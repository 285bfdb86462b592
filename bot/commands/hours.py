"""The daily question in /settings: its hours, its days, none."""

from collections.abc import Sequence

from bot.commands.command import Awaited, Command, Context, Handler, Press, button, number, paired, say, typable
from bot.commands.daily import agreed, awaiting, local_time, where
from bot.commands.venue import whispers
from bot.domain.errors import StudyBotError
from bot.domain.hours import parsed_time
from bot.domain.prompt import Choice, Text
from bot.domain.pushes import MOST_SLOTS
from bot.ports.chat import Reply, Rows
from bot.ports.daily import Daily
from bot.services.times import clock_time, is_off, told
from bot.services.titles import called

OFFERED = (450, 750, 1_080, 1_200, 1_290)  # minutes after midnight: breakfast, noon, evening
SUGGESTED = 3  # of them, not chosen yet
A_DAY = 1_440
WEEK = range(7)
PRIVATE = (450, 750, 1_200)
BACK = button("hours", "button.back")
NONE = button("hours:off", "hours.none")
PLACE = (button("hours:room", "hours.place"),)


async def page(context: Context, _words: str) -> Sequence[Reply]:
    """When it comes, and what can be changed about it."""
    await context.services.study.wait_for(context.person, "")
    daily = await context.services.dailies.of(context.person)
    if is_off(daily) and whispers(context):
        return [await where(context, edit=context.pressed)]
    summed = told(daily, context.person.learner)
    several = len(await context.services.dailies.rooms(context.person)) > 1
    rows = (*((PLACE,) if several else ()), *_rows(daily))
    return [Reply(blocks=(summed,), rows=rows, edit=context.pressed)]


def _rows(daily: Daily) -> Rows:
    change, days = button("hours:change", "hours.change"), button("hours:days", "hours.days")
    back = button("c:back", "button.back")
    if is_off(daily):
        return ((change, back),)
    if daily.rhythm == "weekly":
        return ((button("hours:keep", "button.keep_daily"), change), (days, NONE), (back,))
    if len(daily.hours) >= MOST_SLOTS:
        return ((change, days), (NONE, back))
    return ((change, button("hours:add", "hours.add")), (days, NONE), (back,))


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the page, or of one that it leads to."""
    what, _, value = words.partition(":")
    return await ACTS.get(what, page)(context, value)


async def _change(context: Context, value: str) -> Sequence[Reply]:
    """Another time: of which, where there are several."""
    daily = await context.services.dailies.of(context.person)
    if is_off(daily):
        return [_which(Text("hours.when"), daily, "at")]
    if not value and len(daily.hours) > 1:
        choices = tuple(button(f"hours:change:{one}", "button.time", {"time": clock_time(one)}) for one in daily.hours)
        return [say("hours.which", rows=(choices, (BACK,)), edit=True)]
    old = number(value) if value else daily.hours[0]
    less = (button(f"hours:drop:{old}", "hours.none"),) if len(daily.hours) > 1 else ()
    return [_which(Text("hours.move", {"time": clock_time(old)}), daily, f"move:{old}", less)]


async def _add(context: Context, _value: str) -> Sequence[Reply]:
    return [_which(Text("hours.more"), await context.services.dailies.of(context.person), "add_at")]


def _which(asked: Text, daily: Daily, act: str, less: tuple[Choice, ...] = ()) -> Reply:
    """Three times that are not chosen yet, or one that is typed; what is pressed is ``act:minutes``."""
    free = [minutes for minutes in OFFERED if minutes not in daily.hours][:SUGGESTED]
    choices = [button(f"hours:{act}:{minutes}", "button.time", {"time": clock_time(minutes)}) for minutes in free]
    below = (button(f"hours:other:{act}", "button.other_time"), *less, BACK)
    return Reply(blocks=(asked,), rows=(*paired(choices, SUGGESTED), below), edit=True)


async def _other(context: Context, act: str) -> Sequence[Reply]:
    return await awaiting(context, f"hours:{act}", "hour.ask", back="hours")


async def typed(context: Context, words: str) -> Sequence[Reply]:
    """The time that was asked for."""
    minutes = parsed_time(words)
    if minutes is None:
        return [typable(say("hour.unclear", rows=((BACK,),)))]
    act = (await context.services.study.awaited(context.person)).partition(":")[2]
    return await chosen(context, f"{act}:{minutes}")


async def _at(context: Context, value: str) -> Sequence[Reply]:
    await context.services.dailies.at(context.person, _minutes(value))
    return await page(context, "")


async def _add_at(context: Context, value: str) -> Sequence[Reply]:
    await context.services.hours.add(context.person, _minutes(value))
    return await page(context, "")


async def _move(context: Context, value: str) -> Sequence[Reply]:
    old, _, new = value.partition(":")
    await context.services.hours.move(context.person, number(old), _minutes(new))
    return await page(context, "")


async def _drop(context: Context, value: str) -> Sequence[Reply]:
    await context.services.hours.drop(context.person, number(value))
    return await page(context, "")


async def _off(context: Context, _value: str) -> Sequence[Reply]:
    await context.services.dailies.rhythm(context.person, "off")
    return await page(context, "")


async def _private(context: Context, value: str) -> Sequence[Reply]:
    """By private message, wherever else the learner hears the bot: at what time?"""
    if value:
        await context.services.study.wait_for(context.person, "")
        planned = await context.services.dailies.at(context.person, _minutes(value), here=True)
        return [agreed(context, planned, key="hours.private_done", edit=context.pressed)]
    times = tuple(button(f"hours:dm:{one}", "button.time", {"time": clock_time(one)}) for one in PRIVATE)
    below = (button("hours:other:dm", "button.other_time"), button("zone", "button.wrong_clock"))
    time = local_time(context.services.house.clock.now(), context.person.learner)
    return [say("hours.private", {"clock": Text("clock.guessed", {"time": time})}, rows=(times, below), edit=True)]


async def _nowhere(context: Context, value: str) -> Sequence[Reply]:
    """In the channel alone, where it hangs for all; or nowhere."""
    await context.services.dailies.rhythm(context.person, "off")
    return [say("hours.channel_only" if value else "offer.no", edit=True)]


async def _keep(context: Context, _value: str) -> Sequence[Reply]:
    await context.services.dailies.rhythm(context.person, "daily")
    return await page(context, "")


async def _days(context: Context, _value: str) -> Sequence[Reply]:
    """A tick for each weekday on which it comes."""
    off = context.person.learner.off_days
    choices = [button(f"hours:day:{day}", f"day.{day}", marked=day not in off) for day in WEEK]
    return [say("hours.on_days", rows=(*paired(choices, 4), (BACK,)), edit=True)]


async def _day(context: Context, value: str) -> Sequence[Reply]:
    day = number(value)
    if day not in WEEK:
        raise StudyBotError(Text("ask.unknown"))
    return await _days(context.of(await context.services.hours.toggle(context.person, day)), "")


async def _room(context: Context, value: str) -> Sequence[Reply]:
    """Where it comes: one of the private rooms, or that of the last answer."""
    dailies, rooms = context.services.dailies, await context.services.dailies.rooms(context.person)
    if value:
        room = next((one.id for one in rooms if str(one.id) == value), None)
        await dailies.named(context.person, room)
        return await page(context, "")
    daily = await dailies.of(context.person)
    at = daily.room_id if daily.fixed else None
    choices = tuple(Choice(f"hours:room:{one.id}", called(one.platform), marked=one.id == at) for one in rooms)
    last = button("hours:room:last", "hours.last_place", marked=not daily.fixed)
    return [say("hours.where", rows=(choices, (last, BACK)), edit=True)]


def _minutes(words: str) -> int:
    minutes = number(words)
    if minutes >= A_DAY:
        raise StudyBotError(Text("ask.unknown"))
    return minutes


ACTS: dict[str, Handler] = {
    "change": _change,
    "add": _add,
    "other": _other,
    "at": _at,
    "add_at": _add_at,
    "move": _move,
    "drop": _drop,
    "off": _off,
    "dm": _private,
    "nowhere": _nowhere,
    "room": _room,
    "keep": _keep,
    "days": _days,
    "day": _day,
}
COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("hours", chosen),)
AWAITED = (Awaited("hours", typed),)
