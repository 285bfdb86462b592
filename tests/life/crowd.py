"""People written straight into the database, as so many rows: a crowd that waits for its daily question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.question import AccountId, Draft, LearnerId, Option, Reading, RoomId
from bot.platforms.discord.update import own_room
from bot.ports.changes import Changes
from bot.ports.daily import Daily
from bot.ports.rows import Account, Enrolment, Learner, Room, Set
from bot.services.daily import WAKE
from bot.services.ids import Ids
from bot.services.importing import Importing
from bot.services.today import House
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.fakes.clock import Frozen
from tests.life.town import Platform

CODE = "numbers"
TOGETHER = 500  # learners in one commit


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for the daily question of an instant."""

    number: int
    at: datetime
    platform: Platform = "telegram"


def paper(count: int) -> Reading:
    """So many questions: two of three with one right option, the third to be called true or false."""
    return Reading(title="Numbers", drafts=tuple(map(_draft, range(count))), code=CODE, language="en")


def _draft(number: int) -> Draft:
    if number % 3 == 0:
        return Draft("boolean", f"{number} is even.", truth=number % 2 == 0, ref=f"q{number}")
    options = tuple(Option(f"{number} + {more} = {number + 2}") for more in (1, 2, 3))
    return Draft("single", f"Which is right about {number}?", options=options, right=(1,), ref=f"q{number}")


async def moved_in(database: Path, crowd: Sequence[Waiting], *, questions: int, zone: str = "UTC") -> None:
    """A current database with a set of questions, and the crowd learning it."""
    await asyncio.to_thread(migrate, database)
    store = Store(await SqliteStorage.open(database, synchronous="NORMAL"))
    try:
        dice = Random(1)  # noqa: S311 - ids of examples
        house = House(store, Frozen(), dice, Ids(dice))
        done = await Importing(house).read(paper(questions), CODE, source="1")
        for start in range(0, len(crowd), TOGETHER):
            rows = [_rows(one, done.set, house, zone) for one in crowd[start : start + TOGETHER]]
            await store.commit(sum(rows, Changes()))
    finally:
        await store.close()


def _rows(one: Waiting, set_: Set, house: House, zone: str) -> Changes:
    """All that is known of somebody who came long ago, and waits."""
    now, native = house.clock.now(), str(one.number)
    private = own_room(native) if one.platform == "discord" else native
    learner = Learner(LearnerId(house.ids.new(now)), now, "en", "written", zone, version=1)
    room = Room(RoomId(house.ids.new(now)), one.platform, private, now)
    account = Account(AccountId(house.ids.new(now)), learner.id, one.platform, native, now)
    local = one.at.astimezone(ZoneInfo(zone))
    hours = (local.hour * 60 + local.minute,)
    daily = Daily(learner.id, room.id, hours=hours, rhythm="daily", offers=1, offering=False)
    enrolment = Enrolment(learner.id, set_.id, active=True, departed=False, added_at=now)
    wakes: dict[str, datetime | None] = {f"{WAKE}:{learner.id}": one.at}
    return Changes(inserts=(learner, room, account), updates=(enrolment, daily), wakes=wakes)
