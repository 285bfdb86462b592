"""Names on boards: what is left of what was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.naming import LONGEST, cleaned


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("林", "林"),
        ("  Lin \n Wei ", "Lin Wei"),
        ("@everyone", "everyone"),
        ("<@!123> Lin <#9> <@&7>", "Lin"),
        ("L\u200bi\u202en\u0007", "Lin"),
        ("e\u0301", "é"),
        ("\u200b@", None),
        ("", None),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), None),
    ],
)
def test_a_name(typed: str, expected: str | None) -> None:
    """Without mentions, controls, what has no width and doubled spaces; of a length that a board can hold."""
    assert cleaned(typed) == expected


@given(st.text())
def test_whatever_is_typed(typed: str) -> None:
    """A name mentions nobody, steers nothing, and is the same when it is cleaned again."""
    name = cleaned(typed)

    if name is not None:
        assert "@" not in name
        assert not any(unicodedata.category(letter).startswith("C") for letter in name)
        assert cleaned(name) == name
