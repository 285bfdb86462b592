"""What the tests of the platforms share: a server with the whole core."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes.clock import Hands
from tests.fakes.wired_discord import wired
from tests.platforms.campus import MENU, Campus, services
from tests.services.conftest import DRAFTS, reading
from tests.services.test_groups import at


@pytest.fixture
async def campus(tmp_path: Path) -> AsyncIterator[Campus]:
    """Five to nine, and nobody has met the bot yet. In the end no rule was broken, nobody pinged, no bug met."""
    with capture_logs() as logs:
        async with wired(tmp_path, clock=Hands(at(24, 20, 55)), menu=MENU) as wire:
            made = services(wire)
            await made.importing.read(reading(*DRAFTS), "sums", source="1")
            people = {name: wire.server.person(name, locale="zh-CN") for name in ("hua", "lin", "zhou", "eve")}
            school = wire.server.guild(
                "school", owner=people["hua"], members=[people["lin"], people["zhou"]], channels=["daily"]
            )
            wire.server.guild("elsewhere", owner=people["eve"], channels=["talk"])
            await wire.quiet()
            found = Campus(wire, made, school.channels[0], people, logs=logs)
            yield found
            await wire.quiet()
            assert wire.server.violations == []
            bodies = [one.body.get("data") or one.body for one in wire.server.log if isinstance(one.body, dict)]
    assert [one["allowed_mentions"] for one in bodies if "components" in one and "title" not in one] == [
        {"parse": []} for one in bodies if "components" in one and "title" not in one
    ]
    assert [one for one in logs if one["log_level"] in {"error", "critical"}] == []
