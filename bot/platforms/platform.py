"""The socket for platforms: what each one offers to the program, and what it is given."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

from bot.domain.prompt import Block, Text
from bot.ports.chat import File, Incoming, Said

Handle = Callable[[Incoming], Awaitable[Said]]  # the whole core, as a platform sees it
Command = tuple[str, Text]  # "study", and what it is for: what a platform offers after a slash


async def no_files(file: File, say: Callable[[Block], str]) -> bytes:
    """The files of a program that has none."""
    del say
    raise LookupError(file.name)


class Unusable(Exception):  # noqa: N818 - what it says
    """A platform that cannot be connected until somebody changes a setting; the message says which, in one sentence."""


class Platform(Protocol):
    """One wire of one platform, made ready by the program with a ``Handle``.

    ``name`` stands in every Incoming. All that arrives goes to the handle, one person's in order; the
    replies are drawn in the reader's words, and content in them can do nothing but be read.
    """

    name: ClassVar[str]

    async def run(self) -> None:
        """Listens and answers until the wire ends or the task is cancelled."""
        ...
