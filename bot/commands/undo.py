"""/undo and the button below a verdict: an answer is taken back."""

from collections.abc import Sequence

from bot.commands import cards
from bot.commands.command import Command, Context, Press, button, named, number, say
from bot.domain.prompt import Text
from bot.domain.question import AnswerId
from bot.ports.chat import Reply


async def undo(context: Context, _words: str) -> Sequence[Reply]:
    """Takes back the last answer, and names it."""
    found = await context.services.undoing.last(context.person)
    if found is None:
        return [say("undo.nothing")]
    card = found.sitting.card
    given = cards.given(found.sitting, found.answer)
    if given is None:
        return [say("undo.named_silent", named(card))]
    return [say("undo.named", {**named(card), "given": given})]


async def pressed(context: Context, words: str) -> Sequence[Reply]:
    """Takes back the answer above the button."""
    found = await context.services.undoing.answer(context.person, AnswerId(number(words)))
    ask = found.sitting.ask.id
    rows = ((button(f"n:{ask}", "button.next"),),)
    state = found.sitting.state
    return [
        Reply(
            prompt=found.prompt,
            blocks=(Text("undo.done"),),
            rows=rows,
            slot=cards.slot(ask),
            edit=True,
            redraw=state is not None and state.hinted,  # what the hint took away is there again
        )
    ]


COMMANDS = (Command("undo", undo),)
PRESSES = (Press("u", pressed),)
