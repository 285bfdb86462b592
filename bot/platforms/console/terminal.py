"""Which face the terminal has: a keyboard and a screen, or a pipe."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.platforms.console.drawer import Drawer
from bot.platforms.console.loop import Console, Face, Speaker
from bot.platforms.console.plain import Plain
from bot.platforms.platform import Command, Handle, no_files
from bot.ports.chat import Files
from bot.texts import Words


@dataclass(frozen=True, slots=True)
class Keys:
    """What a person at the keyboard has: commands that are completed, the file of lines typed, what is said first."""

    commands: Sequence[Command] = ()
    history: Path | None = None
    opening: str = "/start"


async def chat(
    handle: Handle,
    words: Callable[[], Words],
    *,
    speaker: Speaker,
    keys: Keys = Keys(),
    files: Files = no_files,
) -> None:
    """Talks with whoever is at standard input until it ends, or nobody reads the output any more.

    ``files`` are put into the present folder.
    """
    try:
        face = _face(words, keys)
        if face.opening:
            face.opening = keys.opening
        await Console(handle, words, face, speaker, drawer=Drawer(files)).run()
    except BrokenPipeError:
        silence()  # `studybot chat | head`


def silence() -> None:
    """Nobody takes the output: what is still buffered goes nowhere, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _face(words: Callable[[], Words], keys: Keys) -> Face:
    if sys.stdin.isatty() and sys.stdout.isatty():
        from bot.platforms.console.keyboard import Keyboard  # noqa: PLC0415 - prompt_toolkit takes 150 ms

        return Keyboard(words, keys.commands, keys.history)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an old locale has no ✓; the rest is still read
    return Plain(sys.stdin.fileno(), sys.stdout)
