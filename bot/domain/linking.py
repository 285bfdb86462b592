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
# one try for each: with a hundred of them that year's chance is 52,560 * 130 / 887,503,681, 0.77 %. It is no more where
# they all try at once: a try is counted by the commit that holds what was answered to it.
WINDOW = timedelta(minutes=10)
MOST_OWN = 5
MOST_ALL = 30
OLD = timedelta(days=1)
ANY = 1_000_000_000

_CODE = re.compile(f"(?:L-?)?([{ALPHABET}]{{{LENGTH}}})")


def parsed(typed: str) -> str | None:
    """The code in what was typed: in any case, full-width, with spaces or without the prefix; None where it is none."""
    plain = "".join(normalize("NFKC", typed).upper().split())
    found = _CODE.fullmatch(plain)
    return None if found is None else PREFIX + found[1]


def is_open(own: int, everybody: int, age: timedelta) -> bool:
    """Whether a code is looked at, after so many wrong ones of an account of some age, and of all, in the window."""
    most_own, most_all = limits(everybody, age)
    return own < most_own and everybody < most_all


def limits(everybody: int, age: timedelta) -> tuple[int, int]:
    """From how many wrong codes on an account of some age is not heard, its own and all; there are ``everybody``."""
    return (1, ANY) if everybody >= MOST_ALL and age >= OLD else (MOST_OWN, MOST_ALL)
