"""What a person can say, the same on every platform: one module a group, listed here."""

from collections.abc import Sequence
from typing import Protocol

from bot.commands import (
    board,
    broadcast,
    calendar,
    daily,
    forgetting,
    forms,
    group,
    help,  # noqa: A004 - /help
    hours,
    linking,
    losses,
    marks,
    mistakes,
    naming,
    practice,
    quiet,
    room,
    run,
    sets,
    settings,
    stats,
    study,
    undo,
)
from bot.commands.command import Awaited, Command, Context, Press, Timer
from bot.ports.chat import Answers, Incoming, Reader, Reply
from bot.services.services import Services


class Group(Protocol):
    """What a module of commands offers."""

    @property
    def COMMANDS(self) -> tuple[Command, ...]: ...  # noqa: N802 - a module's constant

    @property
    def PRESSES(self) -> tuple[Press, ...]: ...  # noqa: N802


GROUPS: tuple[Group, ...] = (
    study,
    forms,
    practice,
    mistakes,
    stats,
    sets,
    run,
    settings,
    naming,
    hours,
    quiet,
    calendar,
    undo,
    marks,
    daily,
    group,
    linking,
    forgetting,
    broadcast,
    help,
)
COMMANDS = {command.name: command for one in GROUPS for command in one.COMMANDS}
PRESSES = {press.name: press for one in GROUPS for press in one.PRESSES}
# How each action is answered: "/study" a command's, "a" a button's.
ANSWERS: dict[str, Answers] = {
    **{f"/{one.name}": one.answers for one in COMMANDS.values()},
    **{one.name: one.answers for one in PRESSES.values()},
}
AWAITED: dict[str, Awaited] = {
    one.name: one for module in (daily, hours, quiet, calendar, group, naming, run) for one in module.AWAITED
}
TIMERS: dict[str, Timer] = {
    one.name: one for one in (*daily.TIMERS, *board.TIMERS, *losses.TIMERS, *forgetting.TIMERS, *broadcast.TIMERS)
}


async def heard(context: Context, words: str) -> Sequence[Reply]:
    """A typed text: what was asked for, else the answer to the question that waits."""
    awaits = await context.services.study.awaited(context.person)
    awaited = AWAITED.get(awaits.partition(":")[0])
    return await (study.typed if awaited is None else awaited.run)(context, words)


async def arrived(services: Services, incoming: Incoming, reader: Reader) -> Sequence[Reply]:
    """What happens in a room; a command there that is not one of these is meant for another bot."""
    name = incoming.words.removeprefix("/").partition(" ")[0].partition("@")[0].lower()
    if incoming.kind == "command" and name not in COMMANDS:
        return ()
    return await room.arrived(services, incoming, reader)
