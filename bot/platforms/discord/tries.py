"""What became of each try within one call of the library's, which tries again by itself and tells of the last only."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aiohttp import ClientConnectorError, TraceConfig, TraceRequestEndParams, TraceRequestExceptionParams

from bot.platforms.discord.faults import WIRE, Fate, Unheard, fate
from bot.platforms.proxy import NOT_HANDED_ON

FAILED = 500  # and above

_doubtful: ContextVar[list[str] | None] = ContextVar("doubtful", default=None)  # of a call: tries that may have arrived


@contextmanager
def remembered() -> Iterator[None]:
    """A call whose last try was not taken is Unheard where one before may have arrived."""
    doubtful: list[str] = []
    token = _doubtful.set(doubtful)
    try:
        yield
    except WIRE as error:
        if doubtful and fate(error) in {Fate.LOST, Fate.BUSY}:
            raise Unheard(doubtful[0]) from error
        raise
    finally:
        _doubtful.reset(token)


def trace() -> TraceConfig:
    """What tells of each try."""
    told = TraceConfig()
    told.on_request_end.append(_ended)
    told.on_request_exception.append(_broken)
    return told


async def _ended(_session: Any, _context: Any, params: TraceRequestEndParams) -> None:
    status = params.response.status
    if status >= FAILED and status not in NOT_HANDED_ON:
        _note(f"status {status}")


async def _broken(_session: Any, _context: Any, params: TraceRequestExceptionParams) -> None:
    if not isinstance(params.exception, ClientConnectorError):
        _note(type(params.exception).__name__)


def _note(what: str) -> None:
    doubtful = _doubtful.get()
    if doubtful is not None:
        doubtful.append(what)
