"""/settings: what is daily, goal, sets, language and script, and the way to the rest."""

from collections.abc import Sequence

from bot.commands import group, naming, setup
from bot.commands.command import Command, Context, Handler, Press, button, paired, say
from bot.commands.sets import sets
from bot.commands.venue import studied
from bot.domain.prompt import Choice, Text
from bot.ports.chat import Reply, Rows
from bot.services.accounts import GOALS
from bot.services.times import brief

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
SCRIPTS = ("zh-Hans", "zh-Hant", "written")
GOAL, SETS = button("c:goal", "settings.goal"), button("c:sets", "settings.sets")
LANGUAGE = button("c:language", "settings.language")
BACK = button("c:back", "button.back")
ROWS: Rows = ((GOAL, SETS), (LANGUAGE,))
WHOLE: Rows = (
    (button("hours", "settings.daily"), GOAL, SETS),
    (LANGUAGE, button("quiet", "settings.quiet"), button("c:more", "settings.more")),
)


async def settings(context: Context, _words: str) -> Sequence[Reply]:
    """All of it on one page; what is changed leads back to it. In a room, for who runs it, the room's own."""
    if context.incoming.here and not context.pressed:
        venue = await context.services.groups.run(context.incoming)
        if venue is not None and studied(venue):
            return await (group.page if venue.room.gone_at is None else setup.ready)(context, venue, "")
    await context.services.study.wait_for(context.person, "")
    learner = context.person.learner
    language = Text(f"language.{learner.language}")
    if context.incoming.platform not in context.services.dailies.platforms:
        summed, rows = Text("settings.line", {"language": language}, learner.goal), ROWS
    else:
        daily = brief(await context.services.dailies.of(context.person), learner)
        summed, rows = Text("settings.whole", {"daily": daily, "language": language}, learner.goal), WHOLE
    return [Reply(blocks=(Text("settings.title"), summed), rows=rows, edit=context.pressed)]


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the page."""
    what, _, value = words.partition(":")
    return await ACTS.get(what, settings)(context, value)


async def _sets(context: Context, _value: str) -> Sequence[Reply]:
    return await sets(context, "back")


async def _goal(context: Context, value: str) -> Sequence[Reply]:
    if value in {str(goal) for goal in GOALS}:
        return await _changed(context, goal=int(value))
    present = context.person.learner.goal
    choices = [button(f"c:goal:{goal}", "goal.n", count=goal, marked=goal == present) for goal in GOALS]
    return [say("goal.ask", rows=(*paired(choices, 3), (BACK,)), edit=True)]


async def _language(context: Context, value: str) -> Sequence[Reply]:
    """The language of the buttons; the script of the questions is another thing."""
    if value in LANGUAGES:
        return await _changed(context, language=value)
    learner = context.person.learner
    choices = tuple(
        button(f"c:language:{language}", f"language.{language}", marked=language == learner.language)
        for language in LANGUAGES
    )
    below = (button("c:script", "settings.script"), BACK)
    return [say("language.ask", {"script": Text(f"script.{learner.script}")}, rows=(choices, below), edit=True)]


async def _script(context: Context, value: str) -> Sequence[Reply]:
    if value in SCRIPTS:
        changed = await context.services.accounts.change(context.person, script=value)
        return await _language(context.of(changed), "")
    present = context.person.learner.script
    choices = tuple(button(f"c:script:{script}", f"script.{script}", marked=script == present) for script in SCRIPTS)
    return [say("script.ask", rows=(choices, (button("c:language", "button.back"),)), edit=True)]


async def _more(context: Context, _value: str) -> Sequence[Reply]:
    """What is seldom set."""
    await context.services.study.wait_for(context.person, "")
    dates: tuple[Choice, ...] = (button("pause", "settings.pause"), button("exam", "settings.exam"))
    names = await naming.row(context)
    rows = (dates, *((names,) if names else ()), (button("zone", "button.wrong_clock"), BACK))
    return [say("settings.more", rows=rows, edit=True)]


async def _hide(context: Context, value: str) -> Sequence[Reply]:
    await naming.hide(context)
    return await _more(context, value)


async def _changed(context: Context, **what: str | int) -> Sequence[Reply]:
    person = await context.services.accounts.change(context.person, **what)
    return await settings(context.of(person), "")


ACTS: dict[str, Handler] = {
    "goal": _goal,
    "sets": _sets,
    "language": _language,
    "script": _script,
    "more": _more,
    "hide": _hide,
}
COMMANDS = (Command("settings", settings, listed=True),)
PRESSES = (Press("c", chosen),)
