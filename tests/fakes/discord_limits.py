"""How much Discord takes: buckets by route and place, fifty a second in all, and who asks for nothing but refusals."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes.discord_routes import Call
from tests.fakes.discord_rules import Refused, limited

WHOLE, INVALID = 50, 10_000  # calls a second, refused calls in ten minutes
SECOND, INVALID_SPAN = timedelta(seconds=1), timedelta(minutes=10)
UNLIMITED = "POST /interactions/{interaction_id}/{interaction_token}/callback"
# How many in how many seconds: Discord tells no numbers but these, in its answers.
BUCKETS = {
    "POST /channels/{channel_id}/messages": (5, 5),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5),
    "POST /channels/{channel_id}/messages/{message_id}/threads": (5, 60),
    "POST /users/@me/channels": (10, 10),
}
USUAL = (10, 5)


@dataclass(slots=True)
class Bucket:
    """So many calls from the first one on, until its time is over."""

    name: str
    most: int
    span: timedelta
    until: datetime | None = None
    used: int = 0

    def take(self, now: datetime) -> None:
        """Counts one call, or Refused where it is one too many."""
        if self.until is None or now >= self.until:
            self.until, self.used = now + self.span, 0
        if self.used >= self.most:
            raise limited(self.reset_after(now))
        self.used += 1

    def reset_after(self, now: datetime) -> float:
        return round(max(0.0, (self.until - now).total_seconds()) if self.until else 0.0, 3)

    def headers(self, now: datetime) -> dict[str, str]:
        after = self.reset_after(now)
        return {
            "X-RateLimit-Limit": str(self.most),
            "X-RateLimit-Remaining": str(self.most - self.used),
            "X-RateLimit-Reset": f"{now.timestamp() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(slots=True)
class Limits:
    """``on``: it refuses what is too much. It counts in any case: ``peak`` is the most of all calls in one second."""

    on: bool = False
    scale: float = 1
    peak: int = 0
    _buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)
    _recent: list[datetime] = field(default_factory=list)
    _invalid: list[datetime] = field(default_factory=list)

    def check(self, call: Call) -> dict[str, str]:
        """The headers of the answer; Refused with a 429 where this is one too many."""
        if not call.path.keys() & {"interaction_token", "webhook_token"}:
            self._count(call.at)
        return self._taken(call) if self.on and call.route != UNLIMITED else {}

    def _count(self, now: datetime) -> None:
        """All calls but those of an interaction share a limit."""
        span = SECOND / self.scale
        self._recent = [at for at in self._recent if now - at < span]
        if self.on and len(self._recent) >= WHOLE:
            raise limited((self._recent[0] + span - now).total_seconds(), "global")
        self._recent.append(now)
        self.peak = max(self.peak, len(self._recent))

    def _taken(self, call: Call) -> dict[str, str]:
        bucket = self._bucket(call)
        bucket.take(call.at)
        return bucket.headers(call.at)

    def _bucket(self, call: Call) -> Bucket:
        places = ("channel_id", "guild_id", "webhook_id", "webhook_token")
        major = tuple(call.path[name] for name in places if name in call.path)
        most, seconds = BUCKETS.get(call.route, USUAL)
        bucket = Bucket(f"{abs(hash(call.route)):x}", most, timedelta(seconds=seconds) / self.scale)
        return self._buckets.setdefault((call.route, *major), bucket)

    def refused(self, refused: Refused, now: datetime) -> None:
        """Counts what Discord calls an invalid request."""
        if refused.status in {401, 403} or (refused.status == 429 and refused.scope != "shared"):
            self._invalid.append(now)

    def invalid(self, now: datetime) -> int:
        """How many there were in the last ten minutes; at ten thousand Discord's proxy shuts the door."""
        return sum(now - at < INVALID_SPAN for at in self._invalid)
