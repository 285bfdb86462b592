"""What every file format keeps, run over all that are listed, and none may be left out of the list."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.formats
from bot.formats import FORMATS
from bot.formats.format import Format, UnreadableError

SHARED = {"__init__", "format"}  # files of formats/ that are no format
EVERY = pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.NAME)


def test_every_format_is_listed() -> None:
    """A format that is written but not listed would never read a file."""
    folder = Path(str(bot.formats.__file__)).parent
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}

    assert found - SHARED == {one.NAME for one in FORMATS}


@EVERY
@given(data=st.binary(max_size=200), name=st.text(max_size=20))
def test_anything_is_read_or_refused(format_: Format, data: bytes, name: str) -> None:
    """Whether a file fits is said of any bytes; reading gives drafts, or the one error."""
    assert format_.fits(data, name) in {True, False}
    with suppress(UnreadableError):
        assert format_.read(data, name, tick=lambda _done, _total: None).drafts
