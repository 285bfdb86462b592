"""What a file format offers: does it fit, read it, and the errors that say why it cannot be read."""

from collections.abc import Callable
from typing import Protocol

from bot.domain.question import Reading

LIMIT_BYTES = 50 * 1024 * 1024  # no reader takes more, so no more has to be read from a file

Tick = Callable[[int, int], None]  # (done, total), in the reader's own unit; for a progress bar


class UnreadableError(ValueError):
    """A file that cannot be read: a stable ``code``, one sentence, and the 1-based line where there is one."""

    code = "unreadable"

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class NotAPaper(UnreadableError):  # noqa: N818 - the family's name says that it is an error
    """Nothing in the file looks like a question, or it is no text at all."""

    code = "not-a-paper"


class TooLarge(UnreadableError):  # noqa: N818 - the family's name says that it is an error
    """More bytes, lines, characters or questions than a reader takes."""

    code = "too-large"


class TooSlow(UnreadableError):  # noqa: N818 - the family's name says that it is an error
    """Reading took longer than it may."""

    code = "too-slow"


class Format(Protocol):
    """What a format's module offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """The format's name, one word."""
        ...

    def fits(self, data: bytes, name: str) -> bool:
        """Whether the file looks like this format; quick, and never raises."""
        ...

    def read(self, data: bytes, name: str, *, tick: Tick) -> Reading:
        """The drafts of a file called ``name``; UnreadableError where there are none to be had."""
        ...
