"""A broadcast of the real program, killed in its middle: it goes on where it stood, and everybody gets it once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.domain.prompt import Quote
from bot.ports.chat import Reply
from bot.services.broadcasts import Broadcasts
from bot.services.ids import Ids
from bot.services.today import House
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.fakes.clock import Frozen
from tests.life.crowd import Waiting, moved_in
from tests.life.torment import ADDED, Torment
from tests.life.town import town

MANY, KILLS = 800, 5
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEWS = "Maintenance tonight."


async def begin(database: Path, who: str) -> None:
    """Somebody has told everybody."""
    store = Store(await SqliteStorage.open(database, synchronous="NORMAL"))
    try:
        dice = Random(2)  # noqa: S311 - ids of examples
        person = await store.person("telegram", who, who)
        assert person is not None
        await Broadcasts(House(store, Frozen(NOON), dice, Ids(dice))).begin(person, Reply((Quote(NEWS),)))
    finally:
        await store.close()


async def test_killed_in_its_middle(tmp_path: Path) -> None:
    """Five kills: nobody is passed over, nobody told twice but who was just being told, and it is told to be done."""
    crowd = [Waiting(ADDED + place, NOON + timedelta(hours=7)) for place in range(MANY)]
    await moved_in(tmp_path / "study.db", crowd, questions=3)
    await begin(tmp_path / "study.db", str(ADDED))
    async with town(tmp_path, NOON, opened=False) as found:
        people = [found.telegram.person(f"p{one.number}", number=one.number) for one in crowd]
        for one in people:
            one.started = True
        await found.open()
        torment = Torment(found, [], {}, Random(KILLS), step_calls=50)  # noqa: S311 - moments
        for _ in range(KILLS):
            await torment.survives()
        await found.wait(timedelta(minutes=5))
        torment.looks()
    seen = Counter({one.id: sum(shown.text == NEWS for shown in one.chat.seen(one)) for one in people})
    twice = {str(number) for number, times in seen.items() if times > 1}
    missing = {str(number) for number, times in seen.items() if not times}
    told = [shown.text for shown in people[0].chat.seen(people[0]) if shown.text.startswith("Broadcast")]

    assert missing <= {native for native, times in torment.in_flight.items() if times > 1}
    assert twice <= torment.in_flight.keys()
    assert [line.partition(":")[0] for line in told[-1:]] == ["Broadcast done"]
