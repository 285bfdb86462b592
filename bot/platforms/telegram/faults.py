"""What an error of the Bot API means: to the message, to the room, to the sender."""

import os
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import cast

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.ports.chat import Undeliverable

os.environ["PTB_TIMEDELTA"] = "true"  # the library's own switch, read at each use: durations as timedelta, unwarned

# Telegram's words for what is wrong with one message, or with one press.
_SAME = ("message is not modified",)
_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message identifier is not specified",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_LATE = ("query is too old", "query id is invalid")
# Its words for a room that takes nothing any more.
_CLOSED = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "bot was kicked",
    "bot can't initiate conversation",
    "not enough rights to send text messages",
    "have no rights to send a message",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "peer_id_invalid",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "group chat was deactivated",
)
# Its words for a room that takes texts, and no pictures.
_PLAIN = (
    "not enough rights to send photos",
    "not enough rights to send media messages",
    "chat_send_photos_forbidden",
    "chat_send_media_forbidden",
)


class Fate(Enum):
    """What became of a call that was refused."""

    SAME = auto()  # an edit that changes nothing
    GONE = auto()  # the message is not there any more, or too old
    LATE = auto()  # the press is too old to be answered
    CLOSED = auto()  # the room takes nothing
    PLAIN = auto()  # the room takes no pictures
    BUSY = auto()  # too many calls
    LOST = auto()  # the network, or the door is closed to us: it may have arrived or not
    BUG = auto()  # anything else


def fate(error: TelegramError) -> Fate:
    """What an error means, by its class and Telegram's words."""
    words = error.message.casefold()
    if isinstance(error, RetryAfter):
        return Fate.BUSY
    if isinstance(error, ChatMigrated | Forbidden):
        return Fate.CLOSED
    if isinstance(error, BadRequest):
        return next((found for texts, found in _WORDS if any(text in words for text in texts)), Fate.BUG)
    return Fate.LOST if isinstance(error, NetworkError | InvalidToken | Conflict) else Fate.BUG


_WORDS = (
    (_SAME, Fate.SAME),
    (_GONE, Fate.GONE),
    (_LATE, Fate.LATE),
    (_CLOSED, Fate.CLOSED),
    (_PLAIN, Fate.PLAIN),
)


def undeliverable(error: TelegramError, now: datetime) -> Undeliverable:
    """The error as it is told to the sender of the outbox."""
    match fate(error):
        case Fate.CLOSED:
            return Undeliverable(error.message, permanent=not isinstance(error, ChatMigrated))
        case Fate.BUSY:
            return Undeliverable(error.message, retry_at=now + pause(error))
        case Fate.LOST:
            return Undeliverable(error.message, unsure=isinstance(error, TimedOut) or "disconnect" in error.message)
        case _:
            return Undeliverable(error.message, refused=True)


def pause(error: TelegramError) -> timedelta:
    """How long Telegram asks to wait."""
    return cast("timedelta", error.retry_after) if isinstance(error, RetryAfter) else timedelta(0)
