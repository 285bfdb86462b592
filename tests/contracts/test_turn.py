"""What a turn of every storage promises: all of its commits go together with the answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain.prompt import Text
from bot.domain.question import LearnerId
from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.ports.chat import Reader, Reply, Said
from bot.ports.post import Arrival, Handled, Outgoing, Post
from bot.ports.storage import Storage
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.storage import world

SAID = Said((Reply(blocks=(Text("offer.no"),)),), Reader("en", "written"))
HANDLED = Changes(handled=Handled("telegram:1", SAID))
GOAL = Changes(updates=(world.learner(1, goal=20),))
LANGUAGE = Changes(updates=(replace(world.learner(2, goal=20), language="zh-Hans"),))


@dataclass(frozen=True, slots=True)
class House:
    """A database in which one thing has arrived, as storage and as post."""

    storage: Storage
    post: Post

    async def goal(self) -> int:
        return (await world.known(self.storage)).goal

    async def state(self) -> str:
        (arrival,) = await self.post.owed("telegram")
        return arrival.state


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[House]:
    path = folder / "studybot.db"
    migrate(path)
    engine = await SqliteStorage.open(path, synchronous="NORMAL")
    yield House(Store(engine), Outbox(engine))
    await engine.close()


Adapter = Callable[[Path], AbstractAsyncContextManager[House]]
ADAPTERS: dict[str, Adapter] = {"sqlite": sqlite}


@pytest.fixture(params=ADAPTERS)
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    async with ADAPTERS[request.param](tmp_path) as house:
        await house.storage.commit(world.people())
        await house.post.take_in([Arrival("telegram:1", "telegram", "lin", "{}", world.NOW)])
        yield house


async def test_held_back(house: House) -> None:
    """A commit is held back to the end, and goes with the answer."""
    turn = house.storage.turn()
    await turn.commit(GOAL)

    assert (await house.goal(), await house.state()) == (5, "new")
    await turn.settle(HANDLED)
    assert (await house.goal(), await house.state()) == (20, "done")


async def test_both_or_nothing(house: House) -> None:
    """Where the answer was given before, what was held back is not committed either."""
    await house.storage.commit(HANDLED)
    turn = house.storage.turn()
    await turn.commit(GOAL)

    with pytest.raises(AlreadyDone):
        await turn.settle(HANDLED)
    assert await house.goal() == 5


async def test_reads_what_it_wrote(house: House) -> None:
    """Whatever is asked next sees the commit, as nobody else does before the answer goes with it."""
    turn = house.storage.turn()
    await turn.commit(GOAL)

    assert (await world.known(turn)).goal == 20
    assert (await house.goal(), await house.state()) == (5, "new")
    await turn.settle(HANDLED)
    assert (await house.goal(), await house.state()) == (20, "done")


async def test_two_are_one(house: House) -> None:
    """A second commit goes with the first one, and counts on it."""
    turn = house.storage.turn()
    await turn.commit(GOAL)
    await turn.commit(LANGUAGE)

    assert (await world.known(turn)).language == "zh-Hans"
    assert await house.goal() == 5
    await turn.settle(HANDLED)
    learner = await world.known(house.storage)
    assert (learner.language, learner.goal) == ("zh-Hans", 20)


async def test_in_their_order(house: House) -> None:
    """What one commit of the turn says first, the next can take back."""
    later = Outgoing("later", world.ROOM, Reply(), SAID.reader, world.NOW)
    turn = house.storage.turn()
    await turn.commit(Changes(outbox={"later": later}))
    await turn.commit(Changes(outbox={"later": None}))
    await turn.settle(HANDLED)

    assert (await house.post.claim_letters("terminal", world.NOW, 9))[0] == ()


@pytest.mark.parametrize("ending", ["settle", "read"])
async def test_conflict(house: House, ending: str) -> None:
    """That a row changed meanwhile is told by whatever is read next, or at the end; nothing is left to commit again."""
    turn = house.storage.turn()
    await turn.commit(GOAL)
    await house.storage.commit(GOAL)

    endings: dict[str, Callable[[], Awaitable[object]]] = {
        "settle": lambda: turn.settle(HANDLED),
        "read": lambda: turn.learner(world.LEARNER),
    }

    with pytest.raises(Conflict):
        await endings[ending]()
    assert await house.state() == "new"
    await turn.settle(HANDLED)
    assert await house.state() == "done"


@pytest.mark.parametrize("read", ["person", "learner"])
async def test_who_was_read_has_changed(house: House, read: str) -> None:
    """Whatever a turn commits was decided on the learner it read: where their row is another by now it is nothing."""
    turn = house.storage.turn()
    await (turn.learner(world.LEARNER) if read == "learner" else turn.person("terminal", "me", "tty"))
    await turn.commit(Changes(wakes={"later": world.NOW}))
    await house.storage.commit(GOAL)

    with pytest.raises(Conflict):
        await turn.settle(HANDLED)
    assert (await house.state(), await house.post.next_wake()) == ("new", None)


async def test_who_is_not_there(house: House) -> None:
    """Of who was read and is nobody nothing is held."""
    turn = house.storage.turn()
    found = await turn.person("terminal", "you", "tty"), await turn.learner(LearnerId(9999))
    await turn.settle(HANDLED)

    assert (found, await house.state()) == ((None, None), "done")


async def test_nothing_to_settle(house: House) -> None:
    """A turn that wrote nothing commits nothing."""
    turn = house.storage.turn()
    await turn.settle(Changes())

    assert turn.changed is None
    assert await house.goal() == 5


def test_nothing_to_add() -> None:
    """Changes and nothing are those changes, whichever comes first."""
    assert GOAL + Changes() == Changes() + GOAL == GOAL
    assert not Changes() + Changes()


async def test_learner_as_committed(house: House) -> None:
    """A turn knows the learner as they were committed last in it."""
    turn = house.storage.turn()
    await turn.commit(GOAL)
    await turn.commit(LANGUAGE)

    assert turn.changed == LANGUAGE.updates[0]
