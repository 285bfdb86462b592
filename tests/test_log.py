"""The log: one object a line, and nothing in it that a person said."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import log


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Where the log goes during a test; then it is as it was."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    log.to_file(tmp_path / "studybot.log", "info")
    yield tmp_path / "studybot.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def failed(words: str) -> None:
    raise ValueError(str(len(words)))


def test_a_failure_is_one_line_without_what_was_said(file: Path) -> None:
    """The traceback is told once, as fields, and without the values of variables: they hold answers and tokens."""
    try:
        failed("a learner's own words")
    except ValueError:
        structlog.get_logger("bot.test").exception("bug", incident="7")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)

    assert (told["event"], told["level"], told["incident"]) == ("bug", "error", "7")
    assert [frame["name"] for frame in told["exception"][0]["frames"]][-1] == "failed"
    assert "own words" not in line


def test_below_the_level_nothing_is_written(file: Path) -> None:
    """At the level info, debug is not kept."""
    structlog.get_logger("bot.test").debug("much")
    structlog.get_logger("bot.test").info("little")

    assert [json.loads(line)["event"] for line in file.read_text(encoding="utf-8").splitlines()] == ["little"]
