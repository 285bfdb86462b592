"""From the outcome to memory's rating."""

import pytest

from bot.domain.kind import Outcome, Verdict
from bot.domain.question import KindName
from bot.domain.rating import AGAIN, GOOD, HARD, rating

KINDS: list[KindName] = ["single", "multiple", "boolean", "blank", "case"]


def verdict(outcome: Outcome, *, hinted: bool = False) -> Verdict:
    return Verdict(outcome, 0.5, (), hinted=hinted)


@pytest.mark.parametrize("kind", KINDS)
def test_right_is_good_and_hard_after_a_hint(kind: KindName) -> None:
    """An exact answer is Good; Easy is never given by itself."""
    assert rating(kind, verdict("right"), guessed=False) == GOOD
    assert rating(kind, verdict("right", hinted=True), guessed=False) == HARD


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hinted", [False, True])
@pytest.mark.parametrize("outcome", ["wrong", "unknown"])
def test_wrong_and_unknown_are_again(kind: KindName, outcome: Outcome, *, hinted: bool) -> None:
    """Hard is a pass, so what was not known is never Hard."""
    assert rating(kind, verdict(outcome, hinted=hinted), guessed=False) == AGAIN


@pytest.mark.parametrize("kind", KINDS)
def test_part_is_a_pass_only_in_a_case(kind: KindName) -> None:
    """Some of a case's points are Hard; some of the options or blanks are Again."""
    assert rating(kind, verdict("partial"), guessed=False) == (HARD if kind == "case" else AGAIN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_guess_is_forgotten(kind: KindName) -> None:
    """Guessed right, memory takes Again."""
    assert rating(kind, verdict("right"), guessed=True) == AGAIN
