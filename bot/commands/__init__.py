"""What a person can say, the same on every platform: one module a group, listed here."""

from typing import Protocol

from bot.commands import help, marks, mistakes, practice, sets, settings, stats, study, undo  # noqa: A004 - /help
from bot.commands.command import Command, Press


class Group(Protocol):
    """What a module of commands offers."""

    @property
    def COMMANDS(self) -> tuple[Command, ...]: ...  # noqa: N802 - a module's constant

    @property
    def PRESSES(self) -> tuple[Press, ...]: ...  # noqa: N802


GROUPS: tuple[Group, ...] = (study, practice, mistakes, stats, sets, settings, undo, marks, help)
COMMANDS = {command.name: command for group in GROUPS for command in group.COMMANDS}
PRESSES = {press.name: press for group in GROUPS for press in group.PRESSES}
