"""A learner's whole life with the bot: the real program over the wire, on a clock that jumps from day to day."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.question import KindName
from tests.life.life import Life, life
from tests.life.town import town

SEED = Path(__file__).parents[3] / "shared" / "papers" / "seed.txt"
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
DAILY = "Daily question"
KINDS: tuple[tuple[KindName, str], ...] = (
    ("single", "Choose one"),
    ("multiple", "Choose all"),
    ("boolean", "True or false"),
    ("blank", "Fill in"),
    ("case", "Case"),
)


async def met(one: Life) -> None:
    """The first five minutes: a link, three answers, and the daily question at nine."""
    assert "64 questions" in await one.says("/start set_xai-en")
    for _ in range(2):
        assert "Noted" in await one.presses("Don't know")
        await one.presses("Next")
    assert "One question a day?" in await one.presses("Don't know")
    await one.presses("Another time")
    assert "tomorrow at 9:00" in await one.says("9:00")


@pytest.mark.parametrize(
    ("language", "zone", "friday"),
    [
        ("de", BERLIN, datetime(2026, 10, 23, 20, tzinfo=BERLIN)),
        ("de", BERLIN, datetime(2027, 3, 26, 20, tzinfo=BERLIN)),
        ("en-gb", LONDON, datetime(2026, 10, 23, 20, tzinfo=LONDON)),
        ("en-gb", LONDON, datetime(2027, 3, 26, 20, tzinfo=LONDON)),
    ],
)
async def test_nine_is_nine(language: str, zone: ZoneInfo, friday: datetime, tmp_path: Path) -> None:
    """The clocks change on Sunday: the daily question comes at nine by the wall all the same, on each day once."""
    async with town(tmp_path, friday) as found:
        one = life(found, zone, language)
        await met(one)
        came = []
        for _ in range(4):
            assert DAILY not in await one.until("8:59", days=1)
            assert DAILY in await one.until("9:30")
            came.append(one.newest.at.astimezone(zone))
            assert "Noted" in await one.presses("Don't know")

    assert [at.strftime("%a %H:%M") for at in came] == ["Sat 09:00", "Sun 09:00", "Mon 09:00", "Tue 09:00"]


async def test_every_kind_right_and_wrong(tmp_path: Path) -> None:
    """From the menu, a round of each kind: what is right is called right, what is wrong is not, both are explained."""
    told = []
    async with town(tmp_path, datetime(2026, 10, 23, 20, tzinfo=LONDON)) as found:
        one = life(found, LONDON, "en-gb")
        await met(one)
        for kind, label in KINDS:
            await one.menu()
            await one.presses("By kind")
            await one.presses(one.button(label))
            told += [(kind, await one.answers(right=True))]
            await one.presses("Next")
            told += [(kind, await one.answers(right=False))]

    assert [verdict[:1] for _, verdict in told] == [*["✓", "✗"] * 4, "✓", "○"], told  # a case is never wrong


async def test_a_life(tmp_path: Path) -> None:
    """A paper is imported beside the running bot and studied; undo, a freeze, blocked, and back."""
    if not SEED.exists():
        pytest.skip("../shared/papers/seed.txt is absent: the import beside the running bot is NOT TRIED here")
    async with town(tmp_path, datetime(2026, 10, 23, 20, tzinfo=BERLIN)) as found:
        one = life(found, BERLIN, "de")
        await met(one)

        assert "50 new" in await found.program.runs("import", str(SEED), "--set", "seed", "--yes")
        assert "47 questions" in await one.says("/start set_seed")
        assert "Noted" in await one.presses("Don't know")

        assert DAILY in await one.until("9:30", days=1)
        await one.presses("Don't know")
        assert "it returns tomorrow" in await one.presses("Undo")

        await one.presses("Next")
        await one.presses("Don't know")
        assert DAILY in await one.until("9:30", days=1)
        assert (await one.until("9:30", days=1)).startswith("bot~: (deleted)")
        assert "A freeze covered yesterday" in await one.presses("Don't know")

        one.person.blocks()
        assert await one.until("9:30", days=2) == ""
        one.person.unblocks()
        assert await one.until("12:00") == ""
        assert "bot: " in await one.says("/study")
        assert DAILY in await one.until("9:30", days=1)
