"""Dice whose throws are known."""

from collections.abc import Sequence
from random import Random
from typing import Any


class Straight(Random):
    """Keeps every order, a permutation like any other; what else is thrown follows the seed."""

    def sample(self, population: Sequence[Any], k: int, *, counts: Any = None) -> list[Any]:
        del counts
        return list(population[:k])
