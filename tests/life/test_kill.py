"""kill -9 of the running bot under busy learners: what was acknowledged is there, and what is owed arrives."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.life.torment import torment
from tests.life.town import Platform


@pytest.mark.parametrize(
    ("kills", "on"),
    [
        (20, ("telegram", "discord")),
        pytest.param(200, ("telegram",), marks=pytest.mark.torture),
        pytest.param(200, ("discord",), marks=pytest.mark.torture),
    ],
)
async def test_killed_under_busy_learners(kills: int, on: Sequence[Platform], tmp_path: Path) -> None:
    """Again and again: nothing acknowledged is lost or counts twice (looked at after each kill), every reply arrives.

    Nobody's daily question is missing but what two kills met in its sending, none comes twice but what was in flight.
    """
    done = await torment(tmp_path, kills, on=on)
    print(done)  # noqa: T201 - the figures

    assert done.missing <= done.given_up
    assert done.twice <= done.in_flight.keys()
    assert done.answers > kills
