"""Which face the terminal has: a keyboard and a screen, or a pipe."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.platforms.console.drawer import Drawer
from bot.platforms.console.loop import Console, Face, Speaker
from bot.platforms.console.plain import Plain
from bot.platforms.platform import Command, Handle, no_files
from bot.ports.chat import Files
from bot.texts import Words


async def chat(
    handle: Handle,
    words: Callable[[], Words],
    *,
    speaker: Speaker,
    commands: Sequence[Command] = (),
    history: Path | None = None,
    opening: str = "/start",
    files: Files = no_files,
) -> None:
    """Talks with whoever is at standard input until it ends, or nobody reads the output any more.

    ``history`` is the file of lines typed at the keyboard, ``opening`` what is said for the person there first.
    ``files`` are put into the present folder.
    """
    try:
        face = _face(words, commands, history)
        if face.opening:
            face.opening = opening
        await Console(handle, words, face, speaker, drawer=Drawer(files)).run()
    except BrokenPipeError:
        silence()  # `studybot chat | head`


def silence() -> None:
    """Nobody takes the output: what is still buffered goes nowhere, or Python would complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _face(words: Callable[[], Words], commands: Sequence[Command], history: Path | None) -> Face:
    if sys.stdin.isatty() and sys.stdout.isatty():
        from bot.platforms.console.keyboard import Keyboard  # noqa: PLC0415 - prompt_toolkit takes 150 ms

        return Keyboard(words, commands, history)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an old locale has no ✓; the rest is still read
    return Plain(sys.stdin.fileno(), sys.stdout)
