"""A clock that stands until it is moved."""

from datetime import UTC, datetime, timedelta


class Frozen:
    """bot.ports.clock.Clock, kept to its promise: aware UTC, and who sleeps wakes at the instant, never before."""

    def __init__(self, instant: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    async def sleep_until(self, instant: datetime) -> None:
        self._instant = max(self._instant, instant)

    def set(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def pass_by(self, time: timedelta) -> None:
        self._instant += time
