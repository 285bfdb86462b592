"""Time: the only source of now and of waiting."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Instants are aware UTC."""

    def now(self) -> datetime:
        """This instant."""

    async def sleep_until(self, instant: datetime) -> None:
        """Returns at the instant; earlier by the clock only where it was set back meanwhile: look again."""
