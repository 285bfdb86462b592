"""The face of a pipe: bytes in, lines out, plain text back."""

import asyncio
import os
import tempfile
from io import StringIO

import pytest

from bot.platforms.console.loop import LONGEST
from bot.platforms.console.plain import Plain
from bot.platforms.console.view import Line


async def read(content: bytes) -> list[str]:
    """What the pipe's face reads from a file with this content."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return [line async for line in Plain(file.fileno(), StringIO()).lines()]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"/study\nA\n", ["/study", "A"]),
        (b"/study\r\nA", ["/study\r", "A"]),
        ("\ufeff不会\n".encode(), ["不会"]),
        (b"\xff\xfe\n", ["��"]),
        ("不会".encode()[:-1], ["不�"]),
        (b"\n\nA", ["", "", "A"]),
    ],
)
async def test_a_pipe_is_read_line_by_line(content: bytes, expected: list[str]) -> None:
    """UTF-8 with or without a mark, broken or whole, with a last line that may lack its end."""
    assert expected == await read(content)


async def test_a_line_without_end_costs_no_memory() -> None:
    """Of a line of a million letters no more is kept than is read."""
    first, second = await read(b"x" * 1_000_000 + b"\nA")

    assert (len(first) <= LONGEST + 65_536, second) == (True, "A")


async def test_a_pipe_waits_for_its_writer() -> None:
    """Lines come as they are written, and the end of the writer is the end."""
    source, target = os.pipe()
    heard: list[str] = []

    async def write() -> None:
        for part in (b"/stu", b"dy\nA", b"\n"):
            await asyncio.sleep(0)
            os.write(target, part)
        os.close(target)

    async def listen() -> None:
        heard.extend([line async for line in Plain(source, StringIO()).lines()])

    await asyncio.gather(listen(), write())
    os.close(source)

    assert heard == ["/study", "A"]


def test_a_pipe_gets_plain_text_with_a_blank_line_between() -> None:
    """No colour, no blank line first or last."""
    out = StringIO()
    face = Plain(0, out)
    face.write([Line("a", "right", 1), Line("b")], ())
    face.write([Line("c")], ())

    assert out.getvalue() == "a\nb\n\nc\n"
