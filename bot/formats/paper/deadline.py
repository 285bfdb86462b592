"""How long reading may take, and what it costs to ask."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.formats.format import TooSlow

LIMIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The instant, in seconds of ``clock``, after which reading ends."""

    clock: Callable[[], float]
    end: float

    def left(self) -> float:
        """Seconds to the end."""
        return self.end - self.clock()

    def check(self) -> None:
        """Nothing, in time; TooSlow after the end."""
        if self.clock() > self.end:
            raise TooSlow(f"Reading this file takes over {LIMIT_SECONDS:.0f} seconds; split it into smaller files.")


def begun(clock: Callable[[], float]) -> Deadline:
    """A deadline that starts now."""
    return Deadline(clock, clock() + LIMIT_SECONDS)
