"""/mistakes: the list of what was missed, practised until right, what was mastered, and what is set aside."""

from collections.abc import Sequence
from typing import Literal

from bot.commands.command import Command, Context, Press, button, named, number, paired, say
from bot.commands.practice import begin, heading, print_of, section
from bot.domain.prompt import Text
from bot.domain.question import QuestionId
from bot.ports.chat import Reply
from bot.ports.reads import Wish

MOST_LISTED = 10  # questions in one message
LISTS: tuple[Literal["mastered", "aside"], ...] = ("mastered", "aside")


async def mistakes(context: Context, words: str) -> Sequence[Reply]:
    """How many, by section, the mastered ones, and those set aside."""
    groups = await context.services.rounds.groups(context.person, "missed")
    total = sum(group.count for group in groups)
    rows = [(section(group, "x:section"),) for group in groups] if len(groups) > 1 else []
    if total:
        rows.insert(0, (button("x:all", "button.all", count=total),))
    lists = [(what, len(await context.services.rounds.listed(context.person, what))) for what in LISTS]
    rows += [(button(f"x:{what}", f"button.{what}", count=count),) for what, count in lists if count]
    edit = words == "back"
    if not total:
        return [say("mistakes.empty", rows=tuple(rows), edit=edit)]
    return [say("mistakes.list", rows=tuple(rows), edit=edit, count=total)]


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the list."""
    what, _, rest = words.partition(":")
    if what == "back":
        return await mistakes(context, what)
    if what in ("all", "practise"):
        return await begin(context, Wish("missed"), Text("round.missed"), edit=what == "all")
    if what in LISTS:
        return [await _listed(context, what)]
    if what == "restore":
        return [await _restored(context, QuestionId(number(rest)))]
    return await _section(context, rest)


async def _section(context: Context, wanted: str) -> Sequence[Reply]:
    for group in await context.services.rounds.groups(context.person, "missed"):
        if print_of(group.name) == wanted:
            name = Text("name", {"name": heading(group)})
            return await begin(context, Wish("missed", name=group.name), name)
    return [say("mistakes.empty", edit=True)]


async def _listed(context: Context, what: Literal["mastered", "aside"]) -> Reply:
    """Mastered questions, or those set aside: as many as fit one message, each with its way back."""
    listed = (await context.services.rounds.listed(context.person, what))[:MOST_LISTED]
    lines = tuple(Text("mistakes.item", {"number": place, **named(card)}) for place, card in enumerate(listed, start=1))
    restore = [
        button(f"x:restore:{card.question.id}", "button.restore", {"number": place})
        for place, card in enumerate(listed, start=1)
    ]
    rows = (*paired(restore, 4), (button("x:back", "button.back"),))
    return Reply(blocks=(Text(f"mistakes.{what}", count=len(listed)), *lines), rows=rows, edit=True)


async def _restored(context: Context, question: QuestionId) -> Reply:
    mark = await context.services.marks.restore(context.person, question)
    card = await context.services.marks.card(question)
    rows = ((button(f"e:{mark.id}", "button.undo"), button("x:back", "button.back")),)
    return say("mistakes.restored", named(card), rows=rows, edit=True)


COMMANDS = (Command("mistakes", mistakes, listed=True),)
PRESSES = (Press("x", chosen),)
