"""Where files go that are sent to the terminal: into the folder that the program was started in."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.domain.prompt import Block
from bot.ports.chat import File, Files


@dataclass(frozen=True, slots=True)
class Drawer:
    """A folder, and who makes the files."""

    files: Files
    folder: Path = Path()

    async def put(self, file: File, say: Callable[[Block], str]) -> Path:
        """Where the file is now; never in the place of one that is there."""
        return await asyncio.to_thread(_written, self.folder, file.name, await self.files(file, say))


def _own(path: str, flags: int) -> int:
    """What is about one person is for that person's eyes."""
    return os.open(path, flags, 0o600)


def _written(folder: Path, name: str, data: bytes) -> Path:
    whole = folder.absolute() / name
    for number in count(2):
        try:
            with open(whole, "xb", opener=_own) as made:
                made.write(data)
        except FileExistsError:
            whole = folder.absolute() / f"{Path(name).stem}-{number}{Path(name).suffix}"
        else:
            return whole
    raise AssertionError("numbers do not end")
