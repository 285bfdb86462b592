"""Quiet hours and the clock in /settings."""

import re
from collections.abc import Sequence

from bot.commands.command import Awaited, Command, Context, Press, button, say, typable
from bot.commands.daily import awaiting, clock_rows, zone_typed, zoned
from bot.commands.settings import settings
from bot.domain.errors import StudyBotError
from bot.domain.hours import parsed_time
from bot.domain.prompt import Text
from bot.ports.chat import Reply
from bot.services.times import clock_time

SPANS = ((1_260, 420), (1_320, 420), (1_380, 480))  # minutes after midnight: from, to
TO = re.compile("[-–—~～至到]|to")
BACK = button("quiet", "button.back")


def _span(span: tuple[int, int]) -> str:
    return f"{clock_time(span[0])}–{clock_time(span[1])}"


async def quiet(context: Context, words: str) -> Sequence[Reply]:
    """The page, after a choice the same with it."""
    if words == "other":
        return await awaiting(context, "quiet", "quiet.ask", back="quiet")
    span = _read(words)
    if span in SPANS:
        return await _changed(context, span)
    if words:
        raise StudyBotError(Text("ask.unknown"))
    await context.services.study.wait_for(context.person, "")
    return [_page(context)]


async def typed(context: Context, words: str) -> Sequence[Reply]:
    """From when to when."""
    span = _read(words)
    if span is None:
        return [typable(say("quiet.unclear", rows=((BACK,),)))]
    await context.services.study.wait_for(context.person, "")
    return await _changed(context, span)


async def _changed(context: Context, span: tuple[int, int]) -> Sequence[Reply]:
    return [_page(context.of(await context.services.accounts.change(context.person, quiet=span)))]


def _page(context: Context) -> Reply:
    present = context.person.learner.quiet
    choices = tuple(
        button(f"quiet:{_span(one)}", "quiet.span", {"span": _span(one)}, marked=one == present) for one in SPANS
    )
    below = (button("quiet:other", "button.other_time"), button("c:back", "button.back"))
    return say("quiet.hours", {"span": _span(present)}, rows=(choices, below), edit=context.pressed)


def _read(words: str) -> tuple[int, int] | None:
    """From, to, as people type it: 21:00–7:00, 21-7, 晚上 9 点到早上 7 点."""
    times = [parsed_time(part) for part in TO.split(words)]
    if len(times) != 2 or times[0] is None or times[1] is None:  # noqa: PLR2004 - from and to
        return None
    return times[0], times[1]


async def zone(context: Context, words: str) -> Sequence[Reply]:
    """What time it is there: the zone follows from it."""
    if words == "none":
        return await awaiting(context, "zone", "clock.ask", back="zone")
    if words:
        return await settings(context.of(await zoned(context, words)), "")
    await context.services.study.wait_for(context.person, "")
    below = (button("zone:none", "button.no_clock"), button("c:more", "button.back"))
    return [say("clock.which", rows=(*clock_rows(context, "zone"), below), edit=True)]


async def zone_told(context: Context, words: str) -> Sequence[Reply]:
    """What the clock there shows."""
    person = await zone_typed(context, words)
    if person is None:
        return [typable(say("clock.unclear", rows=((button("zone", "button.back"),),)))]
    return await settings(context.of(person), "")


COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("quiet", quiet), Press("zone", zone))
AWAITED = (Awaited("quiet", typed), Awaited("zone", zone_told))
