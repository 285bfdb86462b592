"""/star, what is wrong with a question, never again, and taking such a word back."""

from collections.abc import Sequence

from bot.commands import cards
from bot.commands.command import Command, Context, Press, button, named, number, say
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Choice, Text
from bot.domain.question import AskId
from bot.ports.chat import Reply, Rows
from bot.services.marks import Reason
from bot.services.study import Told

REASONS: tuple[Reason, ...] = ("key", "unclear", "explanation")


async def star(context: Context, _words: str) -> Sequence[Reply]:
    """Stars the question answered or shown last."""
    card = await context.services.study.last_shown(context.person)
    if card is None:
        return [say("star.none")]
    mark, new = await context.services.marks.star(context.person, card.question.id)
    rows = ((button(f"e:{mark.id}", "button.unstar"),),)
    return [say("star.done", named(card), rows=rows) if new else say("star.already", rows=rows)]


async def report(context: Context, words: str) -> Sequence[Reply]:
    """What is wrong with it? Four reasons, the last of which suspends."""
    ask, _, reason = words.partition(":")
    found = await _told(context, ask)
    if reason in REASONS:
        return [await _reported(context, found, reason)]
    if reason == "never":
        return [await _suspended(context, found)]
    if reason == "back":
        return [below(found, (), cards.buttons(found))]
    said = Text("report.ask_named", named(found.sitting.card)) if cards.behind(found.sitting) else Text("report.ask")
    return [below(found, (said,), _reasons(ask))]


def _reasons(ask: str) -> Rows:
    return (
        (button(f"r:{ask}:key", "report.key"), button(f"r:{ask}:unclear", "report.unclear")),
        (button(f"r:{ask}:explanation", "report.explanation"), button(f"r:{ask}:never", "report.never")),
        (button(f"r:{ask}:back", "button.back"),),
    )


async def _reported(context: Context, found: Told, reason: Reason) -> Reply:
    revision = found.sitting.card.revision
    stored = await context.services.marks.report(context.person, revision.question_id, revision.id, reason)
    undo = button(f"v:{stored.id}:{found.sitting.ask.id}", "button.undo")
    guess = (button(f"g:{found.answer.id}", "button.guessed"),) if cards.guessable(found) else ()
    return below(found, (Text("report.stored"),), (cards.forward(found), (*guess, undo)))


async def _suspended(context: Context, found: Told) -> Reply:
    mark = await context.services.marks.suspend(context.person, found.sitting.ask.question_id)
    undo = button(f"e:{mark.id}:{found.sitting.ask.id}", "button.undo")
    return below(found, (Text("suspend.done"),), (cards.forward(found), (undo,)))


async def withdrawn(context: Context, words: str) -> Sequence[Reply]:
    """Takes a report back."""
    stored, _, ask = words.partition(":")
    found = await _told(context, ask)
    await context.services.marks.withdraw(context.person, number(stored))
    return [below(found, (Text("report.taken_back"),), cards.buttons(found))]


async def ended(context: Context, words: str) -> Sequence[Reply]:
    """Takes back a star, a suspension, or a question brought back."""
    mark, _, ask = words.partition(":")
    taken, card = await context.services.marks.end(context.person, number(mark))
    if taken.name == "suspend" and ask:
        found = await _told(context, ask)
        return [below(found, (Text("suspend.undone"),), cards.buttons(found))]
    key = "star.removed" if taken.name == "star" else "mistakes.restore_undone"
    rows: Rows = () if taken.name == "star" else ((back(),),)
    return [say(key, named(card), rows=rows, edit=True)]


def back() -> Choice:
    return button("x:back", "button.back")


async def _told(context: Context, ask: str) -> Told:
    """The answer below which a button was pressed, told again."""
    study = context.services.study
    sitting = await study.sitting(context.person, AskId(number(ask)))
    if sitting.answer is None or sitting.memory is None:
        raise StudyBotError(Text("ask.undone"))
    return study.told_again(context.person, sitting, sitting.answer, sitting.memory)


def below(found: Told, lines: tuple[Text, ...], rows: Rows) -> Reply:
    """Lines below a question and its verdict, which stay."""
    return Reply(
        prompt=found.prompt,
        kept=cards.told(found),
        blocks=lines,
        rows=rows,
        slot=cards.slot(found.sitting.ask.id),
        edit=True,
    )


COMMANDS = (Command("star", star),)
PRESSES = (Press("r", report), Press("v", withdrawn), Press("e", ended))
