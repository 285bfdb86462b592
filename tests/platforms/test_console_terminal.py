"""The chat as a process of its own: at the end of a pipe, and in a terminal of its own."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator

import pytest

PROGRAM = """
import asyncio
from bot.domain.prompt import Quote
from bot.platforms.console import Speaker, chat
from bot.ports.chat import Reader, Reply, Said
from bot.texts import Words

async def handle(incoming):
    return Said((Reply((Quote(f"{incoming.kind} {incoming.words} ✓"),)),), Reader("en", "written"))

asyncio.run(chat(handle, lambda: Words("en", "written"), speaker=Speaker("me", "here")))
"""
COMMAND = (sys.executable, "-W", "error", "-c", PROGRAM)


def program(stdin: int, stdout: int, stderr: int = subprocess.PIPE, **more: str) -> "subprocess.Popen[bytes]":
    """The chat, started; ``more`` are variables of its environment."""
    path = os.pathsep.join(sys.path)
    known = {**os.environ, "PYTHONPATH": path, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **more}
    return subprocess.Popen(COMMAND, stdin=stdin, stdout=stdout, stderr=stderr, env=known)  # noqa: S603 - our own


def test_a_pipe_is_answered_line_by_line_and_ends_with_its_input() -> None:
    """Plain text, nothing unasked, nothing to stderr, exit code 0."""
    with program(subprocess.PIPE, subprocess.PIPE) as chat:
        out, err = chat.communicate(b"/study\nA")

    assert (chat.returncode, out.decode(), err) == (0, "command /study ✓\n\ntext A ✓\n", b"")


def test_an_old_locale_reads_what_it_can() -> None:
    """A sign that the output's encoding lacks becomes a question mark, and ends nothing."""
    with program(subprocess.PIPE, subprocess.PIPE, PYTHONIOENCODING="latin-1") as chat:
        out, err = chat.communicate("é".encode())

    assert (chat.returncode, out.decode("latin-1"), err) == (0, "text é ?\n", b"")


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    """As in ``studybot chat | head``: no complaint, exit code 0."""
    source, target = os.pipe()
    os.close(source)
    with program(subprocess.PIPE, target) as chat:
        os.close(target)
        _, err = chat.communicate(b"a\nb\n")

    assert (chat.returncode, err) == (0, b"")


@pytest.fixture
def screen() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: ours and the program's."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def test_a_terminal_is_greeted_before_anything_is_typed(screen: tuple[int, int]) -> None:
    """The keyboard's face says /start, shows its mark, answers what is typed and ends with Ctrl-D."""
    ours, theirs = screen
    with program(theirs, theirs, theirs, NO_COLOR="1") as chat:
        os.close(theirs)
        seen = until(ours, "command /start ✓") + until(ours, "›")
        os.write(ours, b"hello\r")
        seen += until(ours, "text hello ✓") + until(ours, "›")
        os.write(ours, b"\x04")
        seen += until(ours, "See you next time.")

    assert (chat.returncode, "Traceback" in seen) == (0, False)


def until(screen: int, words: str) -> str:
    """What the screen shows up to and with these words."""
    seen = b""
    while words.encode() not in seen:
        seen += os.read(screen, 1)
    return seen.decode(errors="replace")
