"""/mydata and /forgetme: all that is stored about a learner is handed over, or deleted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands.command import Command, Context, Press, Timer, button, say
from bot.domain.prompt import Quote, Text
from bot.ports.chat import Reply
from bot.services.forgetting import LOG, SCRUB, Left
from bot.services.services import Services
from bot.services.titles import called


async def mydata(context: Context, _words: str) -> Sequence[Reply]:
    """A file with everything."""
    return [replace(say("mydata.here"), file=context.services.export.file(context.person))]


async def forget(context: Context, _words: str) -> Sequence[Reply]:
    """What it means, and a button that does it."""
    learner = context.person.learner.id
    side = await context.services.house.storage.side(learner)
    platforms = tuple(called(platform) for platform in side.platforms)
    blocks = (Text("forget.ask", {"platforms": platforms}), Text("forget.stays"))
    rows = ((button(f"forget:{learner}", "button.forget"), button("forget:no", "button.dont_forget")),)
    return [Reply(blocks=blocks, rows=rows, edit=context.pressed)]


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """The buttons: of this very learner, for who has begun anew since may have old ones on screen."""
    if words == "no":
        return [say("forget.no", edit=True)]
    if words != str(context.person.learner.id):
        return await forget(context, "")
    left = await context.services.forgetting.forget(context.person)
    return [Reply(blocks=(Text("forget.done"), *_copies(left)), edit=True)]


def _copies(left: Left) -> tuple[Text, ...]:
    if left.until is None:
        return ()
    names = tuple(Quote(copy.name) for copy in left.copies)
    return (Text("forget.copies", {"copies": names, "day": left.until}),)


async def scrub(services: Services, words: str, at: datetime) -> None:
    """What was deleted is overwritten, in the file or in its log alone."""
    await (services.forgetting.empty() if words == LOG else services.forgetting.scrub(at))


COMMANDS = (Command("mydata", mydata), Command("forgetme", forget))
PRESSES = (Press("forget", chosen),)
TIMERS = (Timer(SCRUB, scrub),)
