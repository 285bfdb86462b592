"""The other end of the program's held clock: a hand that moves it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PATIENCE_S = 60  # real seconds that a step may take on a machine with much else to do


class Gone(Exception):  # noqa: N818 - what it says
    """The program at the other end has ended."""


class Hand:
    """Listens where the program asks for its clock; ``now`` is what the clock shows.

    A program that starts anew calls again, and is told the same instant.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._folder = TemporaryDirectory(prefix="clock")  # a socket's path may have 107 bytes: no place under tmp_path
        self._callers: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self._ear: asyncio.StreamReader | None = None
        self._mouth: asyncio.StreamWriter | None = None

    @property
    def path(self) -> Path:
        return Path(self._folder.name) / "s"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._called, self.path)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._let_go()
        if self._server is not None:
            self._server.close()
        self._folder.cleanup()

    async def holds(self) -> None:
        """Takes the next program that calls by the hand."""
        self._let_go()
        async with asyncio.timeout(PATIENCE_S):
            self._ear, self._mouth = await self._callers.get()

    async def move(self, to: datetime) -> datetime | None:
        """The clock shows that instant, and all that was due is done; the next instant somebody waits for, if any.

        Gone where the program ended meanwhile.
        """
        if self._ear is None or self._mouth is None:
            raise Gone
        self.now = to
        try:
            self._mouth.write(f"{(to - EPOCH) // MICROSECOND}\n".encode())
            await self._mouth.drain()
            async with asyncio.timeout(PATIENCE_S):
                line = await self._ear.readline()
        except ConnectionError:
            raise Gone from None
        if not line.startswith(b"idle "):
            raise Gone
        micros = int(line.removeprefix(b"idle "))
        return EPOCH + micros * MICROSECOND if micros else None

    async def _called(self, ear: asyncio.StreamReader, mouth: asyncio.StreamWriter) -> None:
        await self._callers.put((ear, mouth))

    def _let_go(self) -> None:
        if self._mouth is not None:
            self._mouth.close()
        self._ear = self._mouth = None
