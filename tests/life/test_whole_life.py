"""A learner's whole life with the bot: the real program over the wire, on a clock that jumps from day to day."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.life.circle import Circle, circle
from tests.life.life import PACE, Life, asked, life, pressed
from tests.life.town import Town, town
from tests.stories.notation import Line

SEED = Path(__file__).parents[3] / "shared" / "papers" / "seed.txt"
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
COUNTED = timedelta(seconds=10)
DAILY = "Daily question"
KINDS = ("Choose one", "Choose all", "True or false", "Fill in", "Case")
GROUP = "Exam friends"


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
    async with town(tmp_path, datetime(2026, 10, 23, 20, tzinfo=LONDON)) as found:
        one = life(found, LONDON, "en-gb")
        await met(one)
        told = await each_kind(one)

    assert [verdict[:1] for verdict in told] == ["✓", "✗"] * 4 + ["✓", "○"], told  # a case is never wrong


async def each_kind(one: Life) -> list[str]:
    """What is told to a right and a wrong answer of each kind."""
    told = []
    for label in KINDS:
        await one.menu()
        await one.presses("By kind")
        await one.presses(one.button(label))
        told += [await one.answers(right=True)]
        await one.presses("Next")
        told += [await one.answers(right=False)]
    return told


async def acts(found: Town, ring: Circle, who: str, words: str, *more: str) -> str:
    """Somebody does that in the group, and more; what all of them see of it."""
    seen = []
    for what in (words, *more):
        await found.wait(PACE)
        ring.does(Line("said", what if what.startswith("(") else f"[{what}]", f"{who}@{GROUP}"))
        await found.settle()
        seen += ring.looks()
    return "\n".join(seen)


async def set_up(found: Town, ring: Circle) -> None:
    """Added to a group the bot says one message; its administrator chooses set and hour, in private."""
    ring.looks()
    told = await acts(found, ring, "ana", f"(adds the bot to {GROUP})")
    assert [line for line in told.split("\n") if line.startswith("bot")] == [told.split("\n")[0]]
    assert "This takes an administrator" in await acts(found, ring, "ben", "Choose a set")
    assert f"Which set for {GROUP}?" in await acts(found, ring, "ana", "Choose a set")
    one = Life(found, ring.screens["ana"], BERLIN)
    assert "One question a day for the group?" in await one.presses(one.button("Explainable AI"))
    assert "See you in the group today at 12:00" in await one.presses("Daily 12:00")


async def group_day(found: Town, ring: Circle) -> None:
    """The question at its hour, answered by each alone, counted, told; in private it counts for who answered."""
    at_home = {name: Life(found, screen, BERLIN) for name, screen in ring.screens.items()}
    await at_home["ana"].until("12:00")
    hung = [*ring.group.chat.messages.values()][-1]
    right, wrong = pressed(hung, right=True), pressed(hung, right=False)
    ring.looks()
    for name in ("ana", "ben"):
        told = await acts(found, ring, name, *right)
        assert f"bot>{name}: ✓ Right" in told
        assert told.endswith(". Press Explanation to read why in private.")
    assert "bot>cleo: ✗ Not quite" in await acts(found, ring, "cleo", *wrong)
    assert "bot>ben: Already answered" in await acts(found, ring, "ben", right[0])
    assert "bot: (" in (read := await acts(found, ring, "ben", "Explanation"))
    assert "Why: " in read
    await found.wait(COUNTED)
    assert "3 have answered" in ring.group.chat.messages[hung.id].text

    await at_home["ana"].until("20:00")
    assert "3 answered, 2 right." in ring.group.looks()[-1]
    assert "You chose" in await acts(found, ring, "cleo", "My answer")
    assert asked(hung).stem in await acts(found, ring, "dan", "My answer")
    assert (await at_home["dan"].answers(right=True)).startswith("✓ Right")
    assert ring.group.looks() == []
    studied = [await at_home[name].says("/stats") for name in ("ben", "cleo", "dan")]
    assert all("64 questions, 1 studied" in told for told in studied)


async def test_a_life(tmp_path: Path) -> None:
    """A paper is imported beside the running bot, and all that a learner meets comes after it, one after the other.

    The daily question while the clocks change, each kind right and wrong, undo, a freeze, a group, blocked, and back.
    """
    if not SEED.exists():
        pytest.skip("../shared/papers/seed.txt is absent: the import beside the running bot is NOT TRIED here")
    async with town(tmp_path, datetime(2026, 10, 23, 20, tzinfo=BERLIN)) as found:
        ring = circle(found, ["ana", "ben", "cleo", "dan"], room=GROUP, language="de")
        one = Life(found, ring.screens["ana"], BERLIN)
        await met(one)

        assert "50 new" in await found.program.runs("import", str(SEED), "--set", "seed", "--yes")
        assert DAILY in await one.until("9:30", days=1)
        assert len(await each_kind(one)) == 2 * len(KINDS)
        assert "47 questions" in await one.says("/start set_seed")
        assert "Noted" in await one.presses("Don't know")

        assert DAILY in await one.until("9:30", days=1)
        assert one.newest.at.astimezone(BERLIN) == datetime(2026, 10, 25, 9, tzinfo=BERLIN)  # that night it fell back
        await one.presses("Don't know")
        assert "it returns tomorrow" in await one.presses("Undo")

        await one.presses("Next")
        await one.presses("Don't know")
        assert DAILY in await one.until("9:30", days=1)
        assert (await one.until("9:30", days=1)).startswith("bot~: (deleted)")
        assert "A freeze covered yesterday" in await one.presses("Don't know")

        await set_up(found, ring)
        await group_day(found, ring)

        one.person.blocks()
        assert await one.until("9:30", days=2) == ""
        one.person.unblocks()
        assert await one.until("12:00") == ""
        assert "bot: " in await one.says("/study")
        assert DAILY in await one.until("9:30", days=1)
