"""What every group of commands keeps, and none may be left out of the list."""

from pathlib import Path

import pytest

import bot.commands
from bot.__main__ import menu
from bot.commands import COMMANDS, GROUPS, PRESSES
from bot.texts import LANGUAGES, Language, Words

A_LINE = {"en": 40, "zh-Hans": 20, "zh-Hant": 20}  # characters, on a phone; the platforms take a hundred and more

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_says_what_it_does(language: Language) -> None:
    """Behind the slash stands more than the name again, and it fits a line on a phone."""
    words = Words(language, "written")
    told = {one.name: (words.say(one.called), words.say(one.about)) for one in menu()}

    assert set(told) == set(COMMANDS)
    assert [name for name, (called, about) in told.items() if about == called or len(about) > A_LINE[language]] == []
