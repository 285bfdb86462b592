"""What is said of a room where questions come no more, to who set it up."""

from datetime import datetime

from bot.commands.command import Timer, number
from bot.commands.setup import quoted
from bot.commands.venue import press, title
from bot.domain.prompt import Arg, Text
from bot.domain.question import RoomId
from bot.ports.chat import Reply, Rows
from bot.services.groups import LEFT, REFUSED
from bot.services.losses import Loss, Why
from bot.services.services import Services

SAID: dict[Why, tuple[str, str]] = {  # why, and what can be done
    "left": ("refused.left", "refused.then_add"),
    "barred": ("refused.barred", "refused.then_let"),
    "lost": ("refused.lost", "refused.then_setup"),
    "shut": ("refused.shut", "refused.then_setup"),
    "lacks": ("refused.lacks", "setup.then_check"),
}
CHECKED: frozenset[Why] = frozenset({"lost", "shut", "lacks"})  # else the room itself says that it is back


def told(loss: Loss, *, edit: bool = False) -> Reply:
    """That questions come there no more, why, and what can be done."""
    reason, way = SAID[loss.why]
    args: dict[str, Arg] = {"needs": quoted(loss.lacks)} if loss.lacks else {}
    rows: Rows = ((press(loss.venue, "mend", "button.check_again"),),) if loss.why in CHECKED else ()
    return Reply(blocks=(Text(reason, {**title(loss.venue), **args}), Text(way)), rows=rows, edit=edit)


async def refused(services: Services, words: str, _at: datetime) -> None:
    """A message was refused."""
    await _tell(services, await services.losses.refused(RoomId(number(words))))


async def left(services: Services, words: str, _at: datetime) -> None:
    """The bot was taken out, and has not come back."""
    await _tell(services, await services.losses.left(RoomId(number(words))))


async def _tell(services: Services, loss: Loss | None) -> None:
    if loss is not None:
        await services.losses.tell(loss, told(loss))


TIMERS = (Timer(REFUSED, refused), Timer(LEFT, left))
