"""Options of the whole test suite."""

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-stories", action="store_true", help="rewrite the bot's lines of tests/stories/*.chat")
