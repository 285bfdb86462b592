"""The socket for platforms: what each one offers to the program, and what it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from bot.domain.prompt import Block, Text
from bot.ports.chat import File, Incoming, Reader, Said, Wire

Handle = Callable[[Incoming], Awaitable[Said]]  # the whole core, as a platform sees it
Aloud = Callable[[Incoming], Awaitable[Reader | None]]  # in whose words all are told something; None: nobody knows


@dataclass(frozen=True, slots=True)
class Command:
    """What a platform offers after a slash: what it is ``called`` in words, and ``about`` what it does.

    ``listed`` in the short menu; ``takes``: what may stand behind it.
    """

    name: str
    called: Text
    about: Text
    listed: bool = True
    takes: Text | None = None


async def no_files(file: File, say: Callable[[Block], str]) -> bytes:
    """The files of a program that has none."""
    del say
    raise LookupError(file.name)


async def unknown(incoming: Incoming) -> Reader | None:
    """The words of a program that knows nobody."""
    del incoming
    return None


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


class Wired(Platform, Wire, Protocol):
    """A platform that can be written to. ``busy``: something is being taken in, or said."""

    @property
    def busy(self) -> bool: ...

    @property
    def figures(self) -> dict[str, int]:
        """What an operator may want to know of it since the start."""
        ...

    async def leave(self) -> None:
        """Begins nothing more, and returns when what is under way is said, a few seconds at most."""
        ...
