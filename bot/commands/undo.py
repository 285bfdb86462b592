"""/undo and the button below a verdict: an answer is taken back."""

from collections.abc import Sequence

from bot.commands import cards
from bot.commands.command import Command, Context, Press, button, named, number, plain, say
from bot.domain.prompt import Quote, Text
from bot.domain.question import AnswerId
from bot.ports.chat import Reply
from bot.services.undo import TakenBack


async def undo(context: Context, _words: str) -> Sequence[Reply]:
    """Takes back the last answer, and names it."""
    found = await context.services.undoing.last(context.person)
    return [say("undo.nothing") if found is None else Reply(blocks=(_named(found),))]


def _named(found: TakenBack) -> Text:
    """Which answer was taken back."""
    card = found.sitting.card
    args = {**named(card), "gap": cards.gap(Quote(plain(card)))}
    given = cards.given(found.sitting, found.answer)
    return Text("undo.named_silent", args) if given is None else Text("undo.named", {**args, "given": given})


async def pressed(context: Context, words: str) -> Sequence[Reply]:
    """Takes back the answer above the button."""
    found = await context.services.undoing.answer(context.person, AnswerId(number(words)))
    ask = found.sitting.ask.id
    rows = ((button(f"n:{ask}", "button.next"),),)
    state = found.sitting.state
    return [
        Reply(
            prompt=found.prompt,
            blocks=(_named(found) if cards.behind(found.sitting) else Text("undo.done"),),
            rows=rows,
            slot=cards.slot(ask),
            edit=True,
            redraw=state is not None and state.hinted,  # what the hint took away is there again
        )
    ]


COMMANDS = (Command("undo", undo),)
PRESSES = (Press("u", pressed),)
