"""The log: a constant message and facts as fields, never an answer's text, a token or a name."""

import logging
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

# Whose words say what is wrong with the machine and repeat nothing that somebody wrote.
PLAIN = (
    "OSError",
    "OperationalError",
    "IntegrityError",
    "TelegramError",
    "NotStored",
    "Locked",
    "DiskFull",
    "ReadOnly",
)


class Log(logging.FileHandler):
    """A file that is made, with its folder, for the first line; where it cannot be written, lines go nowhere."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database's folder
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Nothing: a full disk stops no chat, and the database tells it."""


def to_file(path: Path, level: str) -> None:
    """What the bot says from ``level`` on goes to a file, one JSON object a line; it is made with the first of them.

    Of the libraries only warnings are kept: below, they log whole messages, and addresses with the token in them.
    """
    handler = Log(path, encoding="utf-8", delay=True)
    stamped: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        silent,
    ]
    finished: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=finished, foreign_pre_chain=[named, *stamped]))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level.upper())
    structlog.configure(
        processors=[*stamped, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def named(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A library's warning, without its words: they are filled in already, and may hold what was written."""
    record: logging.LogRecord = event["_record"]
    return {**event, "event": "library", "library": record.name, "line": f"{record.module}:{record.lineno}"}


def silent(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An exception is its class and its place: the words of many repeat what somebody wrote."""
    _silence(event.get("exception") or ())
    return event


def _silence(exceptions: Iterable[MutableMapping[str, Any]]) -> None:
    for one in exceptions:
        if one["exc_type"] not in PLAIN:
            one["exc_value"] = ""
        one["exc_notes"] = []
        for inner in one["exceptions"]:
            _silence(inner)
