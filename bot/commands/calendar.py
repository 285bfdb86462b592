"""/pause and /exam: days without a push, and the day up to which all is learned."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.commands.command import Awaited, Command, Context, Press, button, say, typable
from bot.domain.errors import StudyBotError
from bot.domain.hours import parsed_date
from bot.domain.prompt import Choice, Text
from bot.ports.chat import Reply, Rows

DAYS, WEEKS = (3,), (1, 2)  # offered
WEEK = 7  # days
LEAST_STREAK = 2  # days: shorter ones are not told
PAUSE_EXAMPLE, EXAM_EXAMPLE = "12-10", "12-19"


async def pause(context: Context, words: str) -> Sequence[Reply]:
    """How long; or up to the day that stands behind the command."""
    if words:
        return await pause_typed(context, words)
    await context.services.study.wait_for(context.person, "pause")
    last = context.services.calendar.paused(context.person.learner)
    choices = (
        *(button(f"pause:{days}", "pause.days", count=days) for days in DAYS),
        *(button(f"pause:{weeks * WEEK}", "pause.weeks", count=weeks) for weeks in WEEKS),
    )
    below = (_back(context),) if last is None else (_resume(last), _back(context))
    asked = Text("pause.ask") if last is None else Text("pause.again", {"day": last})
    return [typable(Reply(blocks=(asked,), rows=(choices, below), edit=context.pressed))]


async def pause_typed(context: Context, words: str) -> Sequence[Reply]:
    """The last day of it."""
    last = _later(context, words)
    if last is None:
        return await _unclear(context, "pause", PAUSE_EXAMPLE)
    return [await _paused(context, last)]


async def pause_chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button: so many days, or the pause taken back."""
    what, _, value = words.partition(":")
    if what == "back":
        await context.services.calendar.resume(context.person, _day(value))
        return [say("pause.undone", edit=True)]
    if what in {str(days) for days in (*DAYS, *(weeks * WEEK for weeks in WEEKS))}:
        return [await _paused(context, _today(context) + timedelta(days=int(what)))]
    return await pause(context, "")


async def _paused(context: Context, last: date) -> Reply:
    await context.services.study.wait_for(context.person, "")
    streak = await context.services.calendar.pause(context.person, last)
    rows: Rows = ((_resume(last),),)
    if streak < LEAST_STREAK:
        return say("pause.done", {"day": last}, rows=rows, edit=context.pressed)
    return say("pause.streak", {"day": last}, rows=rows, edit=context.pressed, count=streak)


def _resume(last: date) -> Choice:
    return button(f"pause:back:{last.isoformat()}", "button.undo")


async def exam(context: Context, words: str) -> Sequence[Reply]:
    """Which day it is; or the day that stands behind the command."""
    if words:
        return await exam_typed(context, words)
    await context.services.study.wait_for(context.person, "exam")
    day = context.services.calendar.exam_of(context.person.learner)
    if day is None:
        return [typable(say("exam.ask", rows=((_back(context),),), edit=context.pressed))]
    left = (day - _today(context)).days
    rows = ((_withdraw(day, None), _back(context)),)
    return [typable(say("exam.again", {"day": day}, rows=rows, edit=context.pressed, count=left))]


async def exam_typed(context: Context, words: str) -> Sequence[Reply]:
    """The exam's day."""
    day = _later(context, words)
    if day is None:
        return await _unclear(context, "exam", EXAM_EXAMPLE)
    await context.services.study.wait_for(context.person, "")
    before = context.services.calendar.exam_of(context.person.learner)
    left = await context.services.calendar.exam(context.person, day)
    return [say("exam.done", {"day": day}, rows=((_withdraw(day, before),),), count=left)]


async def exam_chosen(context: Context, words: str) -> Sequence[Reply]:
    """The button that takes a date back; the one before it holds again."""
    what, _, value = words.partition(":")
    if what != "back":
        return await exam(context, "")
    day, _, earlier = value.partition(":")
    if context.services.calendar.exam_of(context.person.learner) != _day(day):
        raise StudyBotError(Text("exam.none"))
    before = _day(earlier) if earlier else None
    if before is not None and before <= _today(context):
        before = None
    await context.services.study.wait_for(context.person, "")
    await context.services.calendar.exam(context.person, before)
    return [say("exam.undone", edit=True) if before is None else say("exam.as_before", {"day": before}, edit=True)]


def _withdraw(day: date, before: date | None) -> Choice:
    back = f"exam:back:{day.isoformat()}"
    return button(back if before is None or before == day else f"{back}:{before.isoformat()}", "button.undo")


async def _unclear(context: Context, what: str, example: str) -> Sequence[Reply]:
    """The next text is to be the date all the same."""
    await context.services.study.wait_for(context.person, what)
    return [typable(say("date.unclear", {"example": example}, rows=((_back(context),),)))]


def _back(context: Context) -> Choice:
    """One page up: there is no "more" where nothing is sent first."""
    pushed = context.incoming.platform in context.services.dailies.platforms
    return button("c:more" if pushed else "c:back", "button.back")


def _today(context: Context) -> date:
    return context.services.house.today(context.person.learner)[1]


def _later(context: Context, words: str) -> date | None:
    """The day that was typed, where it is after today."""
    today = _today(context)
    found = parsed_date(words, today)
    return found if found is not None and found > today else None


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise StudyBotError(Text("ask.unknown")) from None


COMMANDS = (Command("pause", pause, takes=True), Command("exam", exam, takes=True))
PRESSES = (Press("pause", pause_chosen), Press("exam", exam_chosen))
AWAITED = (Awaited("pause", pause_typed), Awaited("exam", exam_typed))
