"""Broadcasts: the next piece, how far one has come, the button that ends it."""

from collections.abc import Sequence
from datetime import datetime

from bot.commands.command import Context, Press, Timer, button, number
from bot.domain.prompt import Text
from bot.ports.broadcasts import Headway
from bot.ports.chat import Reply
from bot.services.broadcasts import PROGRESS, WAKE
from bot.services.services import Services


async def piece(services: Services, words: str, _at: datetime) -> None:
    """Some more learners get theirs."""
    await services.broadcasts.piece(number(words))


async def progress(services: Services, words: str, _at: datetime) -> None:
    """The message about it tells what is true now."""
    found = await services.broadcasts.progress(number(words))
    if found is not None:
        await services.broadcasts.tell(found, told(found))


def told(found: Headway) -> Reply:
    """How far it has come; while it goes on it can be cancelled."""
    arrived, waiting, gone, left, total = found.numbers
    state = found.broadcast.state
    line = Text(f"broadcast.{state}", {"sent": arrived, "total": total})
    rest = Text("broadcast.rest", {"waiting": waiting, "gone": gone, "left": left})
    rows = ((button(f"{WAKE}:{found.broadcast.id}", "button.cancel"),),) if state == "going" else ()
    return Reply(blocks=(line, rest), rows=rows, edit=True, silent=True)


async def cancelled(context: Context, words: str) -> Sequence[Reply]:
    """What has not begun is taken back."""
    return [told(await context.services.broadcasts.cancel(context.person, number(words)))]


COMMANDS = ()
PRESSES = (Press(WAKE, cancelled),)
TIMERS = (Timer(WAKE, piece), Timer(PROGRESS, progress))
