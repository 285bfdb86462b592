"""The log: a constant message and facts as fields, never an answer's text, a token or a name."""

import logging
from contextlib import suppress
from pathlib import Path

import structlog


class Log(logging.FileHandler):
    """A file that is made, with its folder, for the first line; where it cannot be written, lines go nowhere."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Nothing: a full disk stops no chat, and the database tells it."""


def to_file(path: Path, level: str) -> None:
    """Everything from ``level`` on goes to a file, one JSON object a line."""
    handler = Log(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
