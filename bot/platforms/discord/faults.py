"""What an error of Discord's means: to the message, to the room, to the sender."""

from datetime import datetime, timedelta
from enum import Enum, auto

import aiohttp
from discord import DiscordServerError, HTTPException, RateLimited

from bot.platforms.proxy import NOT_HANDED_ON
from bot.ports.chat import Undeliverable

TOO_FAST = timedelta(minutes=1)  # how long opening private chats rests after it was refused
TOO_MANY = 429
WIRE = (HTTPException, RateLimited, aiohttp.ClientError, OSError, TimeoutError)  # what a call can raise


class Away(OSError):  # noqa: N818 - what it says
    """Between two connections nothing goes out."""


class Unheard(OSError):  # noqa: N818 - what it says
    """A try of a call before the last may have arrived."""


class Fate(Enum):
    """What became of a call that was refused."""

    TWICE = auto()  # the interaction was answered before
    LATE = auto()  # it can be answered no more
    GONE = auto()  # the message is not there any more
    CLOSED = auto()  # the room takes nothing
    UNREAD = auto()  # what is replied to is nothing the bot may read
    BUSY = auto()  # too many calls
    LOST = auto()  # the network, or Discord itself: it may have arrived or not
    BUG = auto()  # anything else


CODES = {  # https://discord.com/developers/docs/topics/opcodes-and-status-codes
    40060: Fate.TWICE,
    10062: Fate.LATE,
    10015: Fate.LATE,
    50027: Fate.LATE,
    10008: Fate.GONE,
    50083: Fate.CLOSED,
    10003: Fate.CLOSED,
    10004: Fate.CLOSED,
    10013: Fate.CLOSED,
    50001: Fate.CLOSED,
    50007: Fate.CLOSED,
    50013: Fate.CLOSED,
    50024: Fate.CLOSED,
    50278: Fate.CLOSED,
    40003: Fate.BUSY,
    160002: Fate.UNREAD,
    160004: Fate.TWICE,
}


def fate(error: Exception) -> Fate:
    """What an error means, by Discord's code for it."""
    if isinstance(error, RateLimited) or getattr(error, "status", 0) == TOO_MANY:
        return Fate.BUSY
    if isinstance(error, DiscordServerError) or not isinstance(error, HTTPException):
        return Fate.LOST
    return CODES.get(error.code, Fate.BUG)


def undeliverable(error: Exception, now: datetime) -> Undeliverable:
    """The error as it is told to who waits for the message to arrive."""
    reason = f"{type(error).__name__} {getattr(error, 'code', '')}".rstrip()
    match fate(error):
        case Fate.CLOSED:
            return Undeliverable(reason, permanent=True)
        case Fate.BUSY:
            wait = timedelta(seconds=error.retry_after) if isinstance(error, RateLimited) else TOO_FAST
            return Undeliverable(reason, retry_at=now + wait)
        case Fate.LOST:
            not_sent = isinstance(error, (aiohttp.ClientConnectorError, Away))
            return Undeliverable(reason, unsure=not (not_sent or getattr(error, "status", 0) in NOT_HANDED_ON))
        case _:
            return Undeliverable(reason, refused=True)
