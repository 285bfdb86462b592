"""What Discord's refusals mean."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from discord import DiscordServerError, Forbidden, HTTPException, NotFound, RateLimited

from bot.platforms.discord.faults import TOO_FAST, Away, Fate, fate, undeliverable

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NOBODY: Any = SimpleNamespace(host="discord.com", port=443, ssl=True)


def refusal(kind: type[HTTPException], status: int, code: int) -> HTTPException:
    response: Any = SimpleNamespace(status=status, reason="no")
    return kind(response, {"code": code, "message": "a secret"})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal(HTTPException, 400, 40060), Fate.TWICE),
        (refusal(HTTPException, 400, 160004), Fate.TWICE),
        (refusal(NotFound, 404, 10062), Fate.LATE),
        (refusal(NotFound, 404, 10015), Fate.LATE),
        (refusal(HTTPException, 401, 50027), Fate.LATE),
        (refusal(NotFound, 404, 10008), Fate.GONE),
        (refusal(NotFound, 404, 10003), Fate.CLOSED),
        (refusal(Forbidden, 403, 50007), Fate.CLOSED),
        (refusal(Forbidden, 403, 50278), Fate.CLOSED),
        (refusal(HTTPException, 400, 40003), Fate.BUSY),
        (refusal(HTTPException, 429, 0), Fate.BUSY),
        (RateLimited(90), Fate.BUSY),
        (refusal(DiscordServerError, 502, 0), Fate.LOST),
        (aiohttp.ServerDisconnectedError(), Fate.LOST),
        (TimeoutError(), Fate.LOST),
        (Away(), Fate.LOST),
        (refusal(HTTPException, 400, 50035), Fate.BUG),
    ],
)
def test_each_refusal_has_its_fate(error: Exception, expected: Fate) -> None:
    """By Discord's own number for it, else by what broke."""
    assert fate(error) == expected


@pytest.mark.parametrize(
    ("error", "permanent", "unsure", "wait"),
    [
        (refusal(Forbidden, 403, 50007), True, False, None),
        (refusal(HTTPException, 400, 40003), False, False, TOO_FAST),
        (RateLimited(90), False, False, timedelta(seconds=90)),
        (aiohttp.ServerDisconnectedError(), False, True, None),
        (refusal(DiscordServerError, 500, 0), False, True, None),
        (refusal(DiscordServerError, 502, 0), False, False, None),
        (refusal(DiscordServerError, 503, 0), False, False, None),
        (refusal(DiscordServerError, 504, 0), False, True, None),
        (aiohttp.ClientConnectorError(NOBODY, OSError()), False, False, None),
        (Away(), False, False, None),
        (refusal(HTTPException, 400, 50035), False, False, None),
    ],
)
def test_the_sender_is_told_what_it_needs(
    error: Exception,
    permanent: bool,  # noqa: FBT001 - a column
    unsure: bool,  # noqa: FBT001 - a column
    wait: timedelta | None,
) -> None:
    """Permanent, when to try again, and whether it may have arrived; nothing of what was to be said."""
    found = undeliverable(error, NOW)

    assert (found.permanent, found.unsure) == (permanent, unsure)
    assert found.retry_at == (None if wait is None else NOW + wait)
    assert found.refused == (fate(error) is Fate.BUG)
    assert "secret" not in str(found)
