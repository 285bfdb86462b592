"""What every group of commands keeps, and none may be left out of the list."""

from pathlib import Path

import bot.commands
from bot.commands import COMMANDS, GROUPS, PRESSES

SHARED = {"__init__", "command", "cards", "elsewhere", "venue"}  # files of commands/ that answer nothing by themselves
ELSEWHERE = {
    "board",
    "losses",
    "mine",
    "room",
    "setup",
}  # timers, links, what happens in a room: nothing a learner says


def test_every_group_is_listed() -> None:
    """A group that is written but not listed would never be heard."""
    folder = Path(str(bot.commands.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - SHARED - ELSEWHERE
    listed = {str(getattr(group, "__name__", "")).rpartition(".")[2] for group in GROUPS}

    assert files == listed


def test_every_name_is_given_once() -> None:
    """Two groups with one name would hide each other; the names fit what platforms take."""
    assert len(COMMANDS) == sum(len(group.COMMANDS) for group in GROUPS)
    assert len(PRESSES) == sum(len(group.PRESSES) for group in GROUPS)
    assert all(name.isascii() and name.isalpha() and name.islower() and len(name) <= 32 for name in COMMANDS)
