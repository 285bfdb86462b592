"""Who is forgotten among many rows: no page of the file keeps a byte of them."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

from bot.domain.question import AccountId, AnswerId, AskId, LearnerId, RoomId
from bot.ports.changes import Changes
from bot.ports.people import Forgotten
from bot.ports.rows import Account, Room
from bot.storage.sqlite import SqliteStorage
from tests.storage import world

OTHER = LearnerId(0x51A7_0000_0000_0001)
THEIRS, THERE = AccountId(0x51A7_0000_0000_0002), RoomId(0x51A7_0000_0000_0003)
MANY, AT_ONCE = 3_000, 50


async def answered(storage: SqliteStorage) -> None:
    """Two learners answer by turns, in no order that an index likes."""
    dice = random.Random(3)  # noqa: S311 - the dice of a test
    people = (replace(world.learner(), id=OTHER), Account(THEIRS, OTHER, "telegram", "native-of-theirs", world.NOW))
    await storage.commit(Changes(inserts=(*people, Room(THERE, "telegram", "r", world.NOW, account_id=THEIRS))))
    numbers = dice.sample(range(1_000, 2**40), MANY)
    for start in range(0, MANY, AT_ONCE):
        asks, answers = [], []
        for number in numbers[start : start + AT_ONCE]:
            theirs = dice.random() < 0.5
            learner, room, account = (OTHER, THERE, THEIRS) if theirs else (world.LEARNER, world.ROOM, world.ACCOUNT)
            asks.append(replace(world.ask(0), id=AskId(number), learner_id=learner, room_id=room))
            one = replace(world.answer(0), id=AnswerId(number), ask_id=AskId(number), account_id=account)
            answers.append(replace(one, undone_by=1 if dice.random() < 0.3 else None))
        await storage.commit(Changes(inserts=(*asks, *answers)))


def stored(database: Path) -> bytes:
    """The file and its log."""
    return database.read_bytes() + database.with_name(f"{database.name}-wal").read_bytes()


async def test_no_page_keeps_a_byte(storage: SqliteStorage, database: Path) -> None:
    """Not in the tables, the indexes, between their rows, nor in the log; the other's answers are all there."""
    await answered(storage)
    secret = [*(one.to_bytes(8, "big") for one in (OTHER, THEIRS, THERE)), b"native-of-theirs"]
    await storage.scrub()
    before = stored(database)
    await storage.commit(Changes(people=(Forgotten(OTHER),)))
    scrubbed, after = await storage.scrub(), stored(database)

    assert scrubbed
    assert [one in before for one in secret] == [True] * len(secret)
    assert [one in after for one in secret] == [False] * len(secret)
    assert await storage.read(whose) == [world.ACCOUNT]


def whose(db: sqlite3.Connection) -> list[int]:
    return [row[0] for row in db.execute("SELECT DISTINCT account_id FROM answer")]
