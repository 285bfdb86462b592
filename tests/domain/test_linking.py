"""Codes that link two accounts: how they are read, and when they are not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.linking import ALPHABET, LENGTH, MOST_ALL, MOST_OWN, OLD, PREFIX, is_open, parsed


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_read(letters: str) -> None:
    """As it was given, in small letters, without its prefix or the hyphen, with spaces."""
    code = PREFIX + letters
    typed = (code, code.lower(), letters, f"L{letters}", f" {' '.join(code)} ")

    assert [parsed(one) for one in typed] == [code] * len(typed)


@pytest.mark.parametrize("typed", ["", "L-", "L-ABCDE", "L-ABCDEFG", "L-ABCDE0", "L-ABCDEI", "M-ABCDEF", "你好"])
def test_what_is_no_code(typed: str) -> None:
    """Too short, too long, or with letters that no code has."""
    assert parsed(typed) is None


def test_letters_that_cannot_be_mistaken() -> None:
    """No two look alike, and there are as many codes as the limits reckon with."""
    assert not set("0O1IL") & set(ALPHABET)
    assert len(set(ALPHABET)) ** LENGTH == 887_503_681


def test_when_a_code_is_looked_at() -> None:
    """Not after too many wrong ones of one's own; after too many of all only from the old who were not wrong."""
    young, old = OLD - timedelta.resolution, OLD
    tries = [(0, 0, young), (MOST_OWN - 1, MOST_ALL - 1, young), (MOST_OWN, MOST_OWN, old)]
    closed = [(0, MOST_ALL, young), (0, MOST_ALL, old), (1, MOST_ALL, old)]

    assert [is_open(*one) for one in tries] == [True, True, False]
    assert [is_open(*one) for one in closed] == [False, True, False]
