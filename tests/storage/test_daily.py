"""What is known before a daily question, as the queries find it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.pushes import SNOOZE
from bot.ports.changes import Changes
from bot.ports.chat import Reader, Reply
from bot.ports.daily import Daily, Morning, Push
from bot.ports.place import Place
from bot.ports.post import Lost, Message, Outgoing
from bot.ports.rows import Room, Undo
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.storage import world

DAILY = Daily(world.LEARNER, world.ROOM, (450, 1200), "daily", unanswered=2)
A_DAY = timedelta(days=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    path = tmp_path / "studybot.db"
    migrate(path)
    opened = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    await opened.commit(world.people())
    await opened.commit(world.contents(4))
    yield opened
    await opened.close()


async def morning(store: Store, day: date = world.DAY) -> Morning:
    found = await store.morning(world.LEARNER, day)
    assert found is not None
    return found


def push(number: int, ago: int = 0, slot: int = 0) -> Push:
    """The push of ask ``number``, so many days ago."""
    return Push(world.LEARNER, world.DAY - ago * A_DAY, slot, world.ask(number).id, world.ROOM, world.NOW - ago * A_DAY)


def shown(number: int) -> Message:
    return Message(world.ROOM, f"ask:{world.ask(number).id}", ("7",), world.NOW)


async def test_no_daily(store: Store) -> None:
    """Who has no daily question has no morning."""
    assert await store.morning(world.LEARNER, world.DAY) is None


async def test_daily_comes_back(store: Store) -> None:
    """The learner, the row and nothing else, where nothing was sent or answered."""
    await store.commit(Changes(updates=(DAILY,)))
    expected = Morning(
        learner=world.learner(1), daily=replace(DAILY, version=1), gone=False, pushes=(), answered=None, waiting=()
    )

    assert expected == await morning(store)


async def test_pushes_of_a_week(store: Store) -> None:
    """Pushes of eight days are known, the newest first."""
    rows = (push(0), push(1, slot=1), push(2, ago=8), push(3, ago=9))
    await store.commit(Changes(updates=(DAILY,), inserts=rows))

    assert {rows[0], rows[1], rows[2]} == {*(await morning(store)).pushes}
    assert rows[2] == (await morning(store)).pushes[-1]


async def test_newest_answer(store: Store) -> None:
    """The newest answer since the study day began is known, taken back ones aside."""
    later = replace(world.answer(1), at=world.NOW + A_DAY, day=world.DAY + A_DAY)
    await store.commit(Changes(updates=(DAILY,), inserts=(world.answer(0), later)))

    assert (await morning(store)).answered == world.NOW + A_DAY
    undo = Undo(900, world.ACCOUNT, later.id, world.NOW, "undo")
    await store.commit(Changes(inserts=(undo,), undone=((later.id, undo.id),)))
    assert (await morning(store)).answered == world.NOW
    assert (await morning(store, world.DAY + A_DAY)).answered is None


async def test_waiting(store: Store) -> None:
    """What was sent waits while it is on screen and nobody answered it."""
    rows = (push(0), push(1, ago=1), push(2, ago=2))
    messages = (shown(1), shown(2))
    await store.commit(Changes(updates=(DAILY,), inserts=(*rows, *messages, world.answer(2))))

    assert (await morning(store)).waiting == (rows[1],)


async def test_gone(store: Store) -> None:
    """Whether the room takes anything is known."""
    room = Room(world.ROOM, "terminal", "tty", world.NOW, gone_at=world.NOW, version=1)
    await store.commit(Changes(updates=(DAILY, room)))

    assert (await morning(store)).gone


def daily_of(slot: int, *, unsure: int = 0) -> Outgoing:
    """The message of that slot's push."""
    key = f"daily:{world.LEARNER}:{world.DAY}:{slot}"
    return Outgoing(key, world.ROOM, Reply(), Reader("en", "written"), world.NOW, void_at=world.NOW, unsure=unsure)


@pytest.mark.parametrize(
    ("slot", "others", "answered", "unanswered"),
    [
        (0, (), False, 1),
        (1, (0,), False, 2),  # the day has another, which was not answered
        (0, (SNOOZE,), False, 1),
        (SNOOZE, (), False, 2),  # it was asked for, and not counted
        (0, (), True, 2),  # it began anew since
    ],
)
async def test_never_asked(
    store: Store,
    slot: int,
    others: tuple[int, ...],
    answered: bool,  # noqa: FBT001 - a column
    unanswered: int,
) -> None:
    """What is void unsent is no push, is not the open question, and is not counted where it was."""
    pushes = [push(number, slot=one) for number, one in enumerate((slot, *others), 1)]
    place = Place(world.LEARNER, world.ask(1).id, version=1)
    await store.commit(Changes(inserts=tuple(pushes), updates=(DAILY, place), outbox={"daily": daily_of(slot)}))
    if answered:
        await store.commit(Changes(inserts=(world.answer(1),)))
    assert isinstance(store.engine, SqliteStorage)
    _, lost = await Outbox(store.engine).claim_letters("terminal", world.NOW, 9)
    found = await morning(store)

    assert lost == Lost(void=1)
    assert (found.daily.unanswered, {one.slot for one in found.pushes}) == (unanswered, set(others))
    assert (await store.place(world.LEARNER)).ask_id is None


async def test_perhaps_asked(store: Store) -> None:
    """What may have arrived stays a push, counted, and the open question."""
    place = Place(world.LEARNER, world.ask(1).id, version=1)
    rows = Changes(inserts=(push(1),), updates=(DAILY, place), outbox={"daily": daily_of(0, unsure=1)})
    await store.commit(rows)
    assert isinstance(store.engine, SqliteStorage)
    await Outbox(store.engine).claim_letters("terminal", world.NOW, 9)
    found = await morning(store)

    assert (found.daily.unanswered, found.pushes) == (2, (push(1),))
    assert (await store.place(world.LEARNER)).ask_id == world.ask(1).id
