"""What Telegram's refusals mean."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.error import TelegramError as Refusal

from bot.platforms.telegram.faults import Fate, fate, pause, undeliverable

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BadRequest("Message is not modified: specified new message content"), Fate.SAME),
        (BadRequest("Message to edit not found"), Fate.GONE),
        (BadRequest("Message can't be edited"), Fate.GONE),
        (BadRequest("MESSAGE_ID_INVALID"), Fate.GONE),
        (BadRequest("Query is too old and response timeout expired or query id is invalid"), Fate.LATE),
        (BadRequest("Chat not found"), Fate.CLOSED),
        (Forbidden("Forbidden: bot was blocked by the user"), Fate.CLOSED),
        (BadRequest("Not enough rights to send text messages to the chat"), Fate.CLOSED),
        (BadRequest("Have no rights to send a message"), Fate.CLOSED),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), Fate.CLOSED),
        (BadRequest("Not enough rights to send photos to the chat"), Fate.PLAIN),
        (BadRequest("CHAT_SEND_PHOTOS_FORBIDDEN"), Fate.PLAIN),
        (ChatMigrated(-5), Fate.CLOSED),
        (RetryAfter(3), Fate.BUSY),
        (TimedOut(), Fate.LOST),
        (NetworkError("Bad Gateway"), Fate.LOST),
        (InvalidToken("Unauthorized"), Fate.LOST),
        (Conflict("terminated"), Fate.LOST),
        (BadRequest("Can't parse entities"), Fate.BUG),
        (Refusal("anything"), Fate.BUG),
    ],
)
def test_each_refusal_has_its_fate(error: Refusal, expected: Fate) -> None:
    """By the class of the error and Telegram's words, whatever their case."""
    assert fate(error) == expected


def test_the_sender_is_told_what_it_needs() -> None:
    """Permanent, when to try again, whether it may have arrived, and whether it was this very message."""
    told = [undeliverable(error, NOW) for error in (Forbidden("x"), ChatMigrated(-5), RetryAfter(4), TimedOut())]
    refused = undeliverable(BadRequest("Can't parse entities"), NOW)
    unsent = undeliverable(NetworkError("no connection: x"), NOW)

    assert [one.permanent for one in told] == [True, False, False, False]
    assert [one.retry_at for one in told] == [None, None, NOW + timedelta(seconds=4), None]
    assert [one.unsure for one in (*told, unsent)] == [False, False, False, True, False]
    assert [one.refused for one in (*told, unsent, refused)] == [*[False] * 5, True]


def test_a_pause_is_a_duration_and_warns_nobody() -> None:
    """The library's own switch is on: what Telegram asked for, and nothing for other errors."""
    assert (pause(RetryAfter(7)), pause(TimedOut())) == (timedelta(seconds=7), timedelta(0))
