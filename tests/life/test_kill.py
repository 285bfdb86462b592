"""kill -9 of the running bot under busy learners: what was acknowledged is there, and what is owed arrives."""

from pathlib import Path

import pytest

from tests.life.torment import judged, torment
from tests.life.town import Platform


async def test_killed_under_busy_learners(tmp_path: Path) -> None:
    """Twenty times, on both platforms: nothing acknowledged is lost, nothing counts twice, every reply arrives."""
    judged(await torment(tmp_path, 20, on=("telegram", "discord")))


@pytest.mark.torture
@pytest.mark.parametrize("on", ["telegram", "discord"])
async def test_killed_again_and_again(on: Platform, tmp_path: Path) -> None:
    """Two hundred times, on each by itself."""
    judged(await torment(tmp_path, 200, on=(on,)))
