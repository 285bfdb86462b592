"""The face of a pipe: a line an utterance, plain text, the end of the input is the end."""

import asyncio
import codecs
import os
from collections.abc import AsyncIterator, Sequence
from typing import TextIO

from bot.platforms.console.loop import LONGEST
from bot.platforms.console.view import Line

_CHUNK_BYTES = 65_536


class Plain:
    """Reads the file descriptor ``source`` as UTF-8 (a byte order mark is dropped), prints to ``target``."""

    opening = ""

    def __init__(self, source: int, target: TextIO) -> None:
        self._source = source
        self._target = target
        self._begun = False

    async def lines(self) -> AsyncIterator[str]:
        """The lines; one that is too long is cut while it is read, so it costs no memory, and is too long still."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        begun = ""
        async for chunk in _chunks(self._source):
            *whole, rest = (begun + decoder.decode(chunk)).split("\n")
            begun = rest[: LONGEST + 1]
            for line in whole:
                yield line
        last = begun + decoder.decode(b"", final=True)
        if last:
            yield last

    def write(self, drawn: Sequence[Line], labels: Sequence[str]) -> None:
        del labels  # they stand in the text
        text = "\n".join(line.text for line in drawn)
        self._target.write(f"\n{text}\n" if self._begun else f"{text}\n")
        self._target.flush()
        self._begun = True


async def _chunks(source: int) -> AsyncIterator[bytes]:
    """What arrives, without a thread: one that waits in a read would keep the program from ending at Ctrl-C."""
    while True:
        await _readable(source)
        chunk = os.read(source, _CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


async def _readable(source: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(source, ready.set)
    except (PermissionError, NotImplementedError):
        return  # a plain file is always readable; a loop without readers (Windows) has to wait in the read
    try:
        await ready.wait()
    finally:
        loop.remove_reader(source)
