"""Pictures of formulas, drawn in a process of their own: the bot's memory holds no matplotlib."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from bot.platforms.formulas import Latex
from bot.ports.clock import Clock

IDLE = timedelta(seconds=60)
_HANG_S = 10.0
_KEPT = 64  # pictures of about 15 kB: one question goes to many rooms
# What the process is given of the environment: where its library and its cache are, and nothing that is secret.
_NEEDED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "MPLCONFIGDIR", "PATH", "PYTHONPATH", "TMPDIR")
_COMMAND = (sys.executable, "-m", "bot.platforms.ink")


class Drawing:
    """The drawing process: it starts when first asked and ends when nobody asked for ``IDLE``.

    ``command`` and ``hang_s`` are for tests: another process, and how long a picture may take.
    """

    def __init__(self, clock: Clock, *, command: Sequence[str] = _COMMAND, hang_s: float = _HANG_S) -> None:
        self._clock = clock
        self._command = tuple(command)
        self._hang_s = hang_s
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._asked = asyncio.Event()
        self._last = clock.now()
        self._pictures: dict[Latex, bytes] = {}

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def png(self, latex: Latex) -> bytes | None:
        """The picture; None where it cannot be drawn, for whatever reason: then the text says the source."""
        async with self._turn:
            if latex not in self._pictures:
                picture = await self._drawn(latex)
                if not picture:
                    return None
                self._keep(latex, picture)
            return self._pictures[latex]

    async def run(self) -> None:
        """Ends the process when it is idle, until this is cancelled; a task of the program's."""
        try:
            while True:
                await self._asked.wait()
                await self._clock.sleep_until(self._last + IDLE)
                async with self._turn:
                    if self._clock.now() >= self._last + IDLE:
                        self._asked.clear()
                        await self._end()
        finally:
            await self._end()

    def _keep(self, latex: Latex, picture: bytes) -> None:
        if len(self._pictures) >= _KEPT:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[latex] = picture

    async def _drawn(self, latex: Latex) -> bytes:
        """Empty where it failed; a process that hung or broke is gone then, and the next call starts another."""
        self._last = self._clock.now()
        self._asked.set()
        try:
            # A fuse on another process, burning in the machine's time: no clock of ours moves what hangs.
            async with asyncio.timeout(self._hang_s):
                return await self._exchange(latex)
        except (OSError, EOFError, TimeoutError):
            await self._end()
            return b""
        except asyncio.CancelledError:
            await self._end()  # half an answer would be taken for the next one's
            raise

    async def _exchange(self, latex: Latex) -> bytes:
        if not self.running:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment()
            )
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(json.dumps(latex.formulas).encode() + b"\n")
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(4), "big")
        return await process.stdout.readexactly(length)

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended by itself
                process.kill()
        await process.wait()
        if self._process is process:  # who is cancelled in the wait leaves it to be waited for again
            self._process = None


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}
