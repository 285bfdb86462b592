"""Time: the only source of now and of waiting."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Instants are aware UTC."""

    def now(self) -> datetime: ...

    async def sleep_until(self, instant: datetime) -> None: ...
