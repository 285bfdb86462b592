"""Ids: in the order of time, never twice."""

# ruff: noqa: S311 - dice that can be thrown again

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.services.ids import Ids, new_ask_id, new_id

NOW = datetime(2026, 3, 14, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2091, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside


@given(INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=30)), st.integers())
def test_in_the_order_of_time(now: datetime, later: timedelta, seed: int) -> None:
    """An id made a microsecond or more later is greater, and fits 63 bits."""
    dice = Random(seed)
    first, second = new_id(now, dice), new_id(min(now + later, datetime(2091, 1, 1, tzinfo=UTC)), dice)

    assert 0 <= first < 2**63
    assert first < second or now + later > datetime(2091, 1, 1, tzinfo=UTC)


def test_while_the_clock_stands() -> None:
    """Ten thousand ids of one instant are all different and rise, also when the clock is set back."""
    ids = Ids(Random(1))
    made = [ids.new(NOW) for _ in range(10_000)] + [ids.new(NOW - timedelta(days=1))]

    assert made == sorted(set(made))


def test_the_same_dice_the_same_ids() -> None:
    """Ids repeat with the seed, and differ between processes of the same instant."""
    same = [Ids(Random(seed)).new(NOW) for seed in (1, 1, 2)]

    assert same[0] == same[1] != same[2]


def test_ask_ids() -> None:
    """40 bits at most, and never the 0 that means none."""

    class Zero(Random):
        def getrandbits(self, k: int, /) -> int:  # noqa: ARG002 - the dice's own shape
            return 0

    assert 0 < Ids(Random(5)).ask() < 2**40
    assert new_ask_id(Zero()) == 1
