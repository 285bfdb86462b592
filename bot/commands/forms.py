"""The form that a question's button opens, at once: answers to type, key points to tick."""

from collections.abc import Sequence

from bot.commands import cards
from bot.commands.command import Command, Context, Press, number
from bot.domain.errors import StudyBotError
from bot.domain.kind import State
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Prompt, Text
from bot.domain.question import AskId
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.services.services import Services
from bot.services.study import Repeated, shown

FILLED_IN = ("texts", "writing", "points")  # what a form asks for


async def opened(services: Services, incoming: Incoming) -> Said | None:
    """The form for the presser's own question that waits, by one read; None where it takes more to say what is so."""
    words = incoming.words.partition(":")[2]
    if not words.isdecimal():
        return None
    found = await services.house.storage.opening(incoming.platform, incoming.account, AskId(number(words)))
    if found is None:
        return None
    prompt = BY_NAME[found.revision.kind].show(found.revision.body, found.ask.shown, found.state or State())
    replies = filled_in(prompt, found.ask.id)
    return Said(replies, Reader(found.learner.language, found.learner.script)) if replies else None


def filled_in(prompt: Prompt, ask: AskId) -> tuple[Reply, ...]:
    """What is asked for, to be filled in; nothing where a press is enough."""
    return (Reply(prompt=cards.pressable(prompt, ask), form=True),) if prompt.takes in FILLED_IN else ()


async def form(context: Context, words: str) -> Sequence[Reply]:
    """Without an ask a form for whatever may be typed; an answered one tells its answer, another's is nobody's."""
    if not words:
        return [Reply(form=True)]
    sitting = await context.services.study.sitting(context.person, AskId(number(words)))
    if sitting.taken is not None:
        return [cards.already(Repeated(sitting, sitting.taken, reachable=False))]
    replies = filled_in(shown(sitting.card, sitting.ask, sitting.state or State()), sitting.ask.id)
    if not replies:
        raise StudyBotError(Text("ask.unknown"))
    return replies


COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("form", form, answers="form"),)
