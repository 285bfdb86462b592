"""A question that waits on another platform, once it was answered on this one."""

from dataclasses import replace

from bot.commands import cards
from bot.commands.command import Context
from bot.domain.kind import State
from bot.domain.prompt import Text
from bot.ports.chat import Reply
from bot.services.study import Told, shown
from bot.services.titles import called


async def told(context: Context, found: Told) -> None:
    """Its messages say where it was answered, and lose their buttons."""
    platform, study = context.incoming.platform, context.services.study
    for ask in found.sitting.elsewhere:
        there = await study.sitting(context.person, ask)
        prompt = replace(shown(there.card, there.ask, there.state or State()), open=False)
        line = Text("ask.elsewhere", {"platform": called(platform)})
        reply = Reply((line,), prompt=prompt, slot=cards.slot(ask), edit=True)
        await study.tell_elsewhere(context.person, there.ask, reply)
