"""The router: what goes wrong inside is told outside, and nobody waits for another."""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.commands.command import Command, Context
from bot.commands.room import EVENTS
from bot.ports.changes import Conflict, NotStored
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.router import ATTEMPTS, Router
from bot.services.services import Services
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.services.conftest import clock, services, store  # noqa: F401 - fixtures

HELLO = Incoming("command", "test", "lin", "room", "/go", language="zh-Hans")


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    """A command /go that fails; the list counts its runs."""
    runs: list[int] = []

    async def go(_context: Context, _words: str) -> Sequence[Reply]:
        runs.append(1)
        raise error

    monkeypatch.setitem(COMMANDS, "go", Command("go", go))
    return runs


def locks() -> int:
    return sum(isinstance(one, asyncio.Lock) for one in gc.get_objects())


def key(said: Said) -> str:
    return str(getattr(said.replies[0].blocks[0], "key", ""))


@pytest.fixture
def router(services: Services) -> Router:  # noqa: F811 - the fixture
    return Router(services, lambda _tag: "zh-Hans")


async def test_a_bug_is_told_with_its_number(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caught once at the top: the person sees an incident number, and the next message is answered."""
    failing(monkeypatch, RuntimeError("oops"))

    assert key(await router.handle(HELLO)) == "error.bug"
    assert key(await router.handle(replace(HELLO, words="/help"))) == "help.study"


async def test_a_full_disk_is_told(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was stored, and the person knows it."""
    failing(monkeypatch, NotStored("full"))

    assert key(await router.handle(HELLO)) == "error.storage"


async def test_a_conflict_is_tried_again(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most five times; then the person is asked to."""
    runs = failing(monkeypatch, Conflict("row"))

    assert key(await router.handle(HELLO)) == "error.busy"
    assert len(runs) == ATTEMPTS


async def test_one_person_is_served_in_order(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same account waits its turn, another one does not."""
    said: list[str] = []
    gate, other = asyncio.Event(), asyncio.Event()

    async def go(context: Context, words: str) -> Sequence[Reply]:
        if words == "1":
            await gate.wait()
        said.append(f"{context.incoming.account}{words}")
        if words == "3":
            other.set()
        return []

    monkeypatch.setitem(COMMANDS, "go", Command("go", go))
    who = [
        replace(HELLO, words="/go 1"),
        replace(HELLO, words="/go 2"),
        replace(HELLO, account="wei", room="wei", words="/go 3"),
    ]

    async def opened() -> None:
        await other.wait()
        gate.set()

    await asyncio.gather(*(router.handle(incoming) for incoming in who), opened())

    assert said == ["wei3", "lin1", "lin2"]


async def test_who_was_served_is_forgotten(router: Router) -> None:
    """No lock is left of those who spoke, however many they were."""
    before = locks()
    await asyncio.gather(*(router.handle(replace(HELLO, account=str(n), words="/nothing")) for n in range(5)))

    assert locks() == before


async def test_an_event_of_a_room_that_failed_is_brought_again(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would see an apology: the platform hears of the failure, and keeps the event."""

    async def full(*_: object) -> Sequence[Reply]:
        raise NotStored("full")

    async def broken(*_: object) -> Sequence[Reply]:
        raise RuntimeError("oops")

    moved = Incoming("room", "test", "", "-1", "moved -1001", group="g", id="test:1")
    monkeypatch.setitem(EVENTS, "moved", full)
    with pytest.raises(NotStored):
        await router.handle(moved)
    monkeypatch.setitem(EVENTS, "moved", broken)
    with pytest.raises(RuntimeError):
        await router.handle(moved)


@pytest.mark.parametrize("wrong", ["/nothing", "/go"])
async def test_who_chose_a_language_reads_also_what_went_wrong_in_it(
    router: Router, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    """An unknown command and a full disk are told as everything else is, whatever the platform says of the reader."""
    failing(monkeypatch, NotStored("full"))
    await router.handle(replace(HELLO, words="/start"))
    await router.handle(replace(HELLO, kind="press", words="c:language:en"))

    assert (await router.handle(replace(HELLO, words=wrong))).reader.language == "en"


async def test_a_stranger_is_told_in_the_language_of_their_platform(
    services: Services,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    """Also where nothing at all can be read of them."""
    gone = Store(await SqliteStorage.open(tmp_path / "study.db"))
    await gone.close()
    routers = [
        Router(replace(services, house=replace(services.house, storage=storage)), lambda _tag: "zh-Hant")
        for storage in (services.house.storage, gone)
    ]
    unknown, unread = (await routers[0].handle(HELLO), await routers[1].handle(replace(HELLO, words="/help")))

    assert [key(one) for one in (unknown, unread)] == ["error.command", "error.storage"]
    assert [one.reader for one in (unknown, unread)] == [Reader("zh-Hant", "zh-Hant")] * 2
