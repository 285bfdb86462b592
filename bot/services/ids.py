"""Ids that the program makes: in the order of time, without asking the database."""

from datetime import UTC, datetime, timedelta
from random import Random

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
RANDOM_BITS = 12  # below 51 bits of microseconds, which last until 2091
ASK_BITS = 40


def new_id(now: datetime, dice: Random, after: int = 0) -> int:
    """A 63-bit id: microseconds since 2020, then chance. Always above ``after``, the id made last."""
    drawn = ((now - BEGINNING) // MICROSECOND) << RANDOM_BITS | dice.getrandbits(RANDOM_BITS)
    return max(drawn, after + 1)


def new_ask_id(dice: Random) -> int:
    """40 random bits, never 0: short enough for a button, too many to guess."""
    return dice.getrandbits(ASK_BITS) or 1


class Ids:
    """A process's ids: no two alike and each above the last, also while the clock stands or is set back."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._last = 0

    def new(self, now: datetime) -> int:
        self._last = new_id(now, self._dice, self._last)
        return self._last

    def ask(self) -> int:
        return new_ask_id(self._dice)

    def letters(self, alphabet: str, count: int) -> str:
        """So many letters that nobody can guess, where these dice cannot be guessed."""
        return "".join(self._dice.choices(alphabet, k=count))
