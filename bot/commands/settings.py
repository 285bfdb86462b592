"""/settings: goal, sets, language and script."""

from collections.abc import Sequence

from bot.commands.command import Command, Context, Press, button, paired, say
from bot.commands.sets import sets
from bot.domain.prompt import Choice, Text
from bot.ports.chat import Reply
from bot.services.accounts import GOALS

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
SCRIPTS = ("zh-Hans", "zh-Hant", "written")


async def settings(context: Context, words: str) -> Sequence[Reply]:
    """All of it on one page; what is changed leads back to it."""
    learner = context.person.learner
    summary = Text("settings.line", {"language": Text(f"language.{learner.language}")}, learner.goal)
    rows = (
        (button("c:goal", "settings.goal"), button("c:sets", "settings.sets")),
        (button("c:language", "settings.language"),),
    )
    return [Reply(blocks=(Text("settings.title"), summary), rows=rows, edit=bool(words))]


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the page."""
    what, _, value = words.partition(":")
    if what == "sets":
        return await sets(context, "back")
    if what == "goal":
        return await _goal(context, value)
    if what == "language":
        return await _language(context, value)
    if what == "script":
        return await _script(context, value)
    return await settings(context, "back")


async def _goal(context: Context, value: str) -> Sequence[Reply]:
    if value in {str(goal) for goal in GOALS}:
        return await _changed(context, goal=int(value))
    present = context.person.learner.goal
    choices = [button(f"c:goal:{goal}", "goal.n", count=goal, marked=goal == present) for goal in GOALS]
    return [say("goal.ask", rows=(*paired(choices, 3), (_back(),)), edit=True)]


async def _language(context: Context, value: str) -> Sequence[Reply]:
    """The language of the buttons; the script of the questions is another thing."""
    if value in LANGUAGES:
        return await _changed(context, language=value)
    learner = context.person.learner
    choices = tuple(
        button(f"c:language:{language}", f"language.{language}", marked=language == learner.language)
        for language in LANGUAGES
    )
    below = (button("c:script", "settings.script"), _back())
    return [say("language.ask", {"script": Text(f"script.{learner.script}")}, rows=(choices, below), edit=True)]


async def _script(context: Context, value: str) -> Sequence[Reply]:
    if value in SCRIPTS:
        changed = await context.services.accounts.change(context.person, script=value)
        return await _language(context.of(changed), "")
    present = context.person.learner.script
    choices = tuple(button(f"c:script:{script}", f"script.{script}", marked=script == present) for script in SCRIPTS)
    return [say("script.ask", rows=(choices, (button("c:language", "button.back"),)), edit=True)]


async def _changed(context: Context, **what: str | int) -> Sequence[Reply]:
    person = await context.services.accounts.change(context.person, **what)
    return await settings(context.of(person), "back")


def _back() -> Choice:
    return button("c:back", "button.back")


COMMANDS = (Command("settings", settings, listed=True),)
PRESSES = (Press("c", chosen),)
