"""/setup in a server: which channel, what the bot still lacks there, at what hour."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Context, say
from bot.commands.venue import course, press, title
from bot.domain import clocks
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Arg, Choice, Text
from bot.ports.chat import THREADS, Need, Reply, Rows
from bot.ports.groups import Venue
from bot.services.times import clock, clock_time

CHANNEL = "channel"
NEEDED: frozenset[Need] = frozenset({"see", "say"})  # without them there is nothing; the rest does for some buttons
LACKING = ("setup.lacks_one", "setup.lacks_two")


async def setup(context: Context, _words: str) -> Sequence[Reply]:
    """For who runs the server where it is said: to which channel?"""
    if not context.incoming.here:
        return [say("setup.where")]
    if await context.services.groups.absent(context.incoming.platform, context.incoming.here):
        return [say("setup.absent", rows=((Choice("invite", Text("button.invite"), of="invite"),),))]
    if not await context.services.groups.may_run(context.incoming):
        return [say("setup.admins")]
    return [_which(context)]


async def again(context: Context, _venue: Venue, _value: str) -> Sequence[Reply]:
    """Another channel."""
    return [_which(context)]


def _which(context: Context) -> Reply:
    pick = Choice(f"room:{CHANNEL}", Text("button.pick_channel"), of="channel")
    return say("setup.which", rows=((pick,),), edit=context.pressed)


async def chosen(context: Context) -> Sequence[Reply]:
    """The channel: its id and its name came with the press."""
    if len(context.incoming.values) != 2:  # noqa: PLR2004 - those two
        raise StudyBotError(Text("ask.unknown"))
    native, name = context.incoming.values
    venue = await context.services.groups.begun(replace(context.incoming, room=native, group=name), context.person)
    return await ready(context, venue, "")


async def ready(context: Context, venue: Venue, _value: str) -> Sequence[Reply]:
    """The hour, once the bot may do there what it has to; else what it lacks."""
    lacks = await context.services.groups.lacks(venue.room)
    change = press(venue, "again", "button.other_channel")
    if NEEDED & set(lacks):
        key = LACKING[len(lacks) - 1] if len(lacks) <= len(LACKING) else "setup.lacks"
        needs = tuple(Text(f"need.{one}") for one in lacks)
        blocks = (Text(key, {**title(venue), "needs": needs, "count": len(lacks)}), Text("setup.then_check"))
        return [Reply(blocks=blocks, rows=((_check(venue), change),), edit=context.pressed)]
    below = (_check(venue), change) if lacks else (change,)
    return [Reply(blocks=(_fits(lacks), _hour(context, venue)), rows=(*_hours(venue), below), edit=context.pressed)]


def _check(venue: Venue) -> Choice:
    return press(venue, "check", "button.check_again")


def _fits(lacks: Sequence[Need]) -> Text:
    """That questions can be sent, and what goes without all the same."""
    missing = tuple(need for need in lacks if need in THREADS)
    return Text("setup.no_thread", {"needs": quoted(missing)}) if missing else Text("setup.fits")


def quoted(needs: Sequence[Need]) -> Arg:
    """Permissions by their names, in quotes."""
    return tuple(Text("need.quoted", {"need": Text(f"need.{one}")}) for one in needs)


def _hour(context: Context, venue: Venue) -> Text:
    return Text("setup.hour", clock(context.services.house.clock.now(), course(venue).zone))


def _hours(venue: Venue) -> Rows:
    suggested = tuple(
        press(venue, f"hour:{one}", "button.daily_at", {"time": clock_time(one)}) for one in clocks.GROUP_SUGGESTIONS
    )
    return (suggested, (press(venue, "other", "button.other_time"), press(venue, "clock", "button.wrong_clock")))
