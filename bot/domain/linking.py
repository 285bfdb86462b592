"""Codes that link two accounts: how they look, and how many wrong ones are borne."""

import re
from datetime import timedelta
from unicodedata import normalize

PREFIX = "L-"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another: no 0 and O, no 1, I and L
LENGTH = 6
VALID = timedelta(minutes=10)

# 31 letters in 6 places are 887,503,681 codes. One account may be wrong 5 times in 10 minutes, and all together 30
# times: then only accounts are heard that are a day old and were not wrong in these 10 minutes, so that guessers do
# not keep everybody from linking. A thousand new accounts that try one each are heard 30 times: while ten codes are
# valid, one of them is met with a chance of 30 * 10 / 887,503,681, one in three million. Kept up for a year (52,560
# times ten minutes) against one code that is always valid that is a chance of 0.18 %. Whoever has old accounts adds
# one try for each: with a hundred of them that year's chance is 52,560 * 130 / 887,503,681, 0.77 %.
WINDOW = timedelta(minutes=10)
MOST_OWN = 5
MOST_ALL = 30
OLD = timedelta(days=1)

_CODE = re.compile(f"(?:L-?)?([{ALPHABET}]{{{LENGTH}}})")


def parsed(typed: str) -> str | None:
    """The code in what was typed: in any case, full-width, with spaces or without the prefix; None where it is none."""
    plain = "".join(normalize("NFKC", typed).upper().split())
    found = _CODE.fullmatch(plain)
    return None if found is None else PREFIX + found[1]


def is_open(own: int, everybody: int, age: timedelta) -> bool:
    """Whether a code is looked at, after so many wrong ones of an account of some age, and of all, in the window."""
    if everybody >= MOST_ALL and age < OLD:
        return False
    return own < (MOST_OWN if everybody < MOST_ALL else 1)
