"""Updates taken in over the wire: none lost, none twice, no one holds the others up."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.prompt import Choice, Text
from bot.domain.question import RoomId
from bot.platforms.intake import MOST_WAITING
from bot.platforms.platform import Unusable
from bot.platforms.telegram.listener import ALBUMS, Listener
from bot.platforms.telegram.raw import kept, numbered, whose
from bot.platforms.telegram.update import LONGEST
from bot.ports.changes import Changes, NotStored
from bot.ports.chat import Incoming, Reply
from bot.ports.rows import Room
from bot.storage.store import Store
from tests.fakes.telegram import RIVAL
from tests.fakes.telegram import Telegram as Server
from tests.fakes.telegram_rules import Refused
from tests.fakes.wired import Wired, echo, text, wired
from tests.platforms.test_telegram_speaker import prompt


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path) as running:
        yield running


def words(wire: Wired) -> list[str]:
    return [incoming.words for incoming in wire.heard]


def listener(wire: Wired) -> Listener:
    found = wire.adapter.listener
    assert found is not None
    return found


async def owed(wire: Wired) -> list[str]:
    """What the inbox still keeps, once it is quiet and Telegram knows what was taken."""
    await wire.quiet()
    return [arrival.raw for arrival in await wire.post.owed("telegram")]


async def test_what_is_answered_is_forgotten(wire: Wired) -> None:
    """A text is heard once, answered once, and leaves nothing behind in the inbox."""
    lin = wire.server.person("lin")
    lin.says("hello")
    (shown,) = await wire.seen(lin.chat)

    assert shown.text == "heard hello"
    assert words(wire) == ["hello"]
    assert await owed(wire) == []
    assert wire.server.violations == []


async def test_duplicates_and_a_wrong_order_have_effects_once(wire: Wired) -> None:
    """The same update twice in a batch, and a batch turned round, are each heard once."""
    lin = wire.server.person("lin")
    wire.server.duplicate(2)
    wire.server.reverse()
    for number in range(4):
        lin.says(f"{number}")
    await wire.seen(lin.chat, 4)

    assert sorted(words(wire)) == ["0", "1", "2", "3"]


async def test_where_a_question_is_goes_with_its_arrival(wire: Wired) -> None:
    """A new question's message is known from the commit on that forgets what it answered; an edit adds nothing."""
    lin = wire.server.person("lin")
    await Store(wire.post.engine).commit(Changes(inserts=(Room(RoomId(9), "telegram", str(lin.id), wire.clock.now()),)))

    async def asks(incoming: Incoming) -> tuple[Reply, ...]:
        slot = "ask:8" if incoming.kind == "press" else "ask:7"
        edit = incoming.kind == "press"
        return (Reply(prompt=prompt("single", "one", "two"), slot=slot, edit=edit, redraw=edit), text("below"))

    wire.answers = asks
    lin.says("/study")
    (question, _) = await wire.seen(lin.chat, 2)
    lin.presses("B two")
    await wire.seen(lin.chat, 3)

    assert await owed(wire) == []
    assert await wire.post.engine.read(places) == [(9, "ask:7", f'["{question.id}"]')]


def places(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    return db.execute("SELECT room_id, slot, native FROM message").fetchall()


async def test_an_update_that_comes_again_later_is_known(wire: Wired) -> None:
    """Telegram brings an update that was answered and forgotten: nothing happens."""
    lin = wire.server.person("lin")
    lin.says("once")
    await wire.seen(lin.chat)
    first = {"update_id": int(next(iter(listener(wire).intake.recent)).partition(":")[2])}
    wire.server.junk(first | {"message": lin.chat.messages[1].payload()}, numbered=False)
    lin.says("twice")
    await wire.seen(lin.chat, 2)

    assert words(wire) == ["once", "twice"]
    assert await owed(wire) == []


def sends_together(wire: Wired, album: str, *names: str) -> None:
    """Somebody sends files in one go."""
    lin = wire.server.world.people.get(7) or wire.server.person("lin", number=7)
    lin.started = True
    for name in names:
        sent = {"document": {"file_id": "F", "file_name": name}, "media_group_id": album}
        wire.server.junk({"message": {"message_id": 1, "chat": lin.chat.payload(), "from": lin.payload(), **sent}})


async def test_an_album_is_answered_once(wire: Wired) -> None:
    """Of files that are sent together the first that there is anything to say about; the next album anew."""

    async def papers(incoming: Incoming) -> tuple[Reply, ...]:
        return () if incoming.words == "x.exe" else await echo(incoming)

    wire.answers = papers
    sends_together(wire, "1", "x.exe", "a.txt", "b.txt", "c.txt")
    sends_together(wire, "2", "d.txt", "e.txt")
    shown = await wire.seen(wire.server.world.people[7].chat, 2)

    assert [one.text for one in shown] == ["heard a.txt", "heard d.txt"]
    assert await owed(wire) == []


async def test_an_album_is_answered_when_it_can_be(wire: Wired) -> None:
    """Refused twice the answer to its first file comes all the same; only the newest albums are remembered."""
    wire.server.fail("sendMessage", times=2)
    sends_together(wire, "a", "a.txt", "b.txt")
    lin = wire.server.world.people[7].chat
    await wire.seen(lin)
    for number in range(ALBUMS + 1):
        sends_together(wire, f"{number}", "c.txt")
    await wire.seen(lin, ALBUMS + 2)
    sends_together(wire, "a", "d.txt")
    shown = await wire.seen(lin, ALBUMS + 3)

    assert [shown[0].text, shown[-1].text] == ["heard a.txt", "heard d.txt"]


JUNK: list[dict[str, Any]] = [
    {"message": 7},
    {"message": {"text": "no chat", "from": {"id": 1}}},
    {"message": {"text": 7, "chat": {"id": 1, "type": "private"}, "from": {"id": 1}}},
    {"message": {"text": "x", "chat": {"id": 10**30, "type": "private"}, "from": {"id": 1}}},
    {"message": {"text": "x", "chat": {"id": 1, "type": "private"}, "from": {"id": [1]}}},
    {"callback_query": {"id": 7, "from": {"id": 1}, "data": "a", "message": {"chat": {"id": 1, "type": "private"}}}},
    {"my_chat_member": {"chat": None}},
    {"message": {"text": "x", "chat": {"id": True, "type": "private"}, "from": {"id": 1}}},
]


async def test_malformed_updates_are_set_aside_and_the_others_go_on(wire: Wired) -> None:
    """Whatever shape they have: three tries, aside, counted; who speaks after them is answered."""
    lin = wire.server.person("lin")
    for payload in JUNK:
        wire.server.junk(payload)
    lin.says("still here")
    await wire.seen(lin.chat)
    await wire.quiet()

    assert words(wire) == ["still here"]
    assert (listener(wire).intake.counts.aside, await wire.post.aside()) == (len(JUNK), len(JUNK))


@pytest.mark.parametrize("number", [None, 1.5, "x", 10**60, True, [], {}])
async def test_what_has_no_number_is_ignored(wire: Wired, number: object) -> None:
    """It cannot be kept: it is counted, and the offset does not follow it."""
    lin = wire.server.person("lin")
    wire.server.junk({"update_id": number, "message": {}}, numbered=False)
    lin.says("here")
    await wire.seen(lin.chat)

    assert words(wire) == ["here"]
    assert listener(wire).junk >= 1


async def test_a_number_written_as_a_text_is_set_aside(wire: Wired) -> None:
    """It is kept and confirmed, so that it comes no more."""
    lin = wire.server.person("lin")
    wire.server.junk({"update_id": "500001", "message": {"text": "x"}}, numbered=False)
    lin.says("here")
    await wire.seen(lin.chat)

    assert (listener(wire).intake.counts.aside, words(wire)) == (1, ["here"])


async def test_broken_unicode_and_a_megabyte_are_taken(wire: Wired) -> None:
    """A lone surrogate becomes a sign of its own, a text of a megabyte what Telegram could have sent."""
    lin = wire.server.person("lin")
    lin.says("first")
    await wire.seen(lin.chat)
    head = {"chat": {"id": lin.id, "type": "private"}, "from": {"id": lin.id, "is_bot": False}}
    wire.server.junk({"message": head | {"text": "\ud800 a\0b"}})
    wire.server.junk({"message": head | {"text": "长" * 2**20}})
    await wire.seen(lin.chat, 3)

    assert words(wire)[1] == "? ab"
    assert words(wire)[2] == "长" * LONGEST


async def test_one_person_never_holds_another_up(tmp_path: Path) -> None:
    """A thousand updates of one person: at most 50 in memory, another answered meanwhile, then all in order."""
    busiest: list[int] = []
    answered = asyncio.Event()
    wire: Wired

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        if incoming.account == "1002":
            return await echo(incoming)
        busiest.append(len(listener(wire).intake.queues["1001"].waiting))
        await answered.wait()
        return ()

    async with wired(tmp_path, answers) as wire:
        loud, other = wire.server.person("loud"), wire.server.person("other")
        for number in range(1000):
            loud.says(f"{number}")
        other.says("me too")
        await wire.server.until(lambda: len(other.chat.messages) > 1)
        served = len(busiest)
        answered.set()
        await wire.quiet()

    assert [one.words for one in wire.heard if one.account == "1001"] == [f"{number}" for number in range(1000)]
    assert max(busiest) <= MOST_WAITING
    assert served == 1


async def test_three_failures_set_an_update_aside(tmp_path: Path) -> None:
    """A message that Telegram refuses three times is kept aside, the next one is answered."""
    async with wired(tmp_path) as wire:
        lin = wire.server.person("lin")
        wire.server.fail("sendMessage", Refused("can't parse entities: no such tag"), times=3)
        lin.says("first")
        lin.says("second")
        await wire.seen(lin.chat)

    assert [shown.text for shown in lin.chat.seen(lin)] == ["first", "second", "heard second"]
    assert len(words(wire)) == 2  # what was decided is not decided again
    assert listener(wire).intake.counts.aside == 1


async def test_a_reply_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Out of reach between two replies: after a pause the second is said, the first is not said again."""

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        return text(f"one {incoming.words}"), text("two")

    async with wired(tmp_path, answers) as wire:
        lin = wire.server.person("lin")
        lin.says("x")
        await wire.seen(lin.chat, 2)
        sendings = len(wire.calls("sendMessage"))
        wire.server.faults.clear()
        lin.says("y")
        await wire.server.until(lambda: len(wire.calls("sendMessage")) > sendings)
        wire.server.drop("sendMessage")
        wire.server.fail("sendMessage", times=2)
        shown = await wire.seen(lin.chat, 4)

    assert [one.text for one in shown] == ["one x", "two", "one y", "two"]
    assert words(wire) == ["x", "y"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_that_drops_loses_nothing(wire: Wired, *, after: bool) -> None:
    """Before the effect it is said once, after it twice at most; the update is heard once."""
    lin = wire.server.person("lin")
    wire.server.drop("sendMessage", after=after)
    lin.says("x")
    await wire.seen(lin.chat, 1 + after)

    assert [one.text for one in await wire.seen(lin.chat)] == ["heard x"] * (1 + after)
    assert words(wire) == ["x"]


async def test_what_may_have_arrived_is_said_twice_at_most(wire: Wired) -> None:
    """However often the wire breaks after it: then it is given up and counted, and the next one is answered."""
    lin = wire.server.person("lin")
    wire.server.drop("sendMessage", after=True, times=50)
    lin.says("x")
    await wire.seen(lin.chat, 2)
    wire.server.faults.clear()
    lin.says("y")

    assert [one.text for one in await wire.seen(lin.chat, 3)] == ["heard x", "heard x", "heard y"]
    assert listener(wire).intake.counts.unsure == 1


async def test_what_did_not_arrive_is_no_doubt(wire: Wired) -> None:
    """A platform that is away for long takes nothing from an answer: it comes once, as soon as it can."""
    lin = wire.server.person("lin")
    wire.server.fail("sendMessage", Refused("Bad Gateway", code=502), times=12)
    wire.server.fail("sendMessage", Refused("Bad Gateway", code=502), times=12, html=True)
    lin.says("x")

    assert [one.text for one in await wire.seen(lin.chat)] == ["heard x"]
    assert listener(wire).intake.counts.unsure == 0


async def test_a_verdict_is_repeated_until_it_is_sure(tmp_path: Path) -> None:
    """Changed twice a message is as changed once."""

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        done = incoming.kind == "press"
        return (text("done", edit=True) if done else text("asked", rows=((Choice("n:1", Text("button.next")),),)),)

    async with wired(tmp_path, answers) as wire:
        lin = wire.server.person("lin")
        lin.says("x")
        await wire.seen(lin.chat)
        wire.server.drop("editMessageText", times=6)
        lin.presses("Next")
        await wire.server.until(lambda: not wire.server.faults)

        assert [one.text for one in await wire.seen(lin.chat)] == ["done"]


async def test_who_blocked_the_bot_owes_nothing_more(wire: Wired) -> None:
    """The answer to somebody who cannot be reached is given up at once, and counted."""
    lin = wire.server.person("lin")
    lin.says("x")
    lin.deactivates()
    wei = wire.server.person("wei")
    wei.says("y")
    await wire.seen(wei.chat)

    assert await owed(wire) == []
    assert listener(wire).intake.counts.unreachable == 1
    assert listener(wire).intake.counts.aside == 0


async def test_what_was_left_is_answered_at_the_next_start(tmp_path: Path) -> None:
    """An update that was kept and not handled is handled by the next process; it is not asked for again."""
    server = Server()
    async with server:
        lin = server.person("lin")
        async with wired(tmp_path, _never, server=server) as first:
            lin.says("x")
            await server.until(lambda: first.heard)
        async with wired(tmp_path, server=server) as second:
            (shown,) = await second.seen(lin.chat)

    assert shown.text == "heard x"
    assert words(second) == ["x"]


async def _never(_: Incoming) -> tuple[Reply, ...]:
    await asyncio.Event().wait()
    return ()


async def test_nothing_is_forgotten_before_telegram_knows(wire: Wired) -> None:
    """While the poll that confirms hangs, the row of an answered update stays: a crash would bring it again."""
    lin = wire.server.person("lin")
    await wire.server.until(lambda: wire.calls("getUpdates"))
    wire.server.hang("getUpdates")
    lin.says("x")
    await wire.server.until(lambda: len(lin.chat.messages) > 1)
    await wire.server.until(lambda: len(wire.calls("getUpdates")) > 1)
    owing = await wire.post.owed("telegram")

    assert [arrival.account for arrival in owing] == [str(lin.id)]


async def test_another_process_that_polls_is_told_once(wire: Wired, capsys: pytest.CaptureFixture[str]) -> None:
    """409 is said once, and tried again: when the other ends, this one listens."""
    lin = wire.server.person("lin")
    wire.server.fail("getUpdates", Refused(RIVAL, code=409), times=5)
    wire.server.world.stir()
    lin.says("wakes the poll")
    lin.says("x")
    await wire.seen(lin.chat, 2)

    assert capsys.readouterr().out.count("another process polls") == 1
    assert words(wire)[-1] == "x"


async def test_a_token_that_is_taken_back_ends_the_program(tmp_path: Path) -> None:
    """401 three times in a row while running: Unusable, in one sentence."""

    async def run() -> None:
        async with wired(tmp_path) as wire:
            wire.server.fail("getUpdates", Refused("Unauthorized", code=401), times=3)
            wire.server.person("lin").says("x")
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as caught:
        await run()

    found = caught.value.subgroup(Unusable)
    assert found is not None
    assert "BotFather" in str(found.exceptions[0])


async def test_a_page_of_somebody_else_ends_nothing(wire: Wired) -> None:
    """A proxy that finds nothing, however often, knows nothing of the token: the poll is tried again."""
    lin = wire.server.person("lin")
    wire.server.fail("getUpdates", Refused("Not Found", code=404), times=4, html=True)
    lin.says("wakes the poll")
    (shown,) = await wire.seen(lin.chat)

    assert shown.text == "heard wakes the poll"


async def test_leaving_finishes_what_was_begun(tmp_path: Path) -> None:
    """Asked to end, it answers what it has begun, begins nothing, and the rest stays in the inbox."""
    go = asyncio.Event()

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        await go.wait()
        return await echo(incoming)

    async with wired(tmp_path, answers) as wire:
        lin = wire.server.person("lin")
        lin.says("first")
        lin.says("second")
        await wire.server.until(lambda: len(wire.heard) == 1)
        while listener(wire).intake.counts.taken < 2:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.01)
        leaving = asyncio.ensure_future(wire.adapter.leave())
        await asyncio.sleep(0.01)
        go.set()
        await leaving
        left = await wire.post.owed("telegram")

    assert [one.text for one in lin.chat.seen(lin) if not one.by] == ["heard first"]
    assert "second" in [json.loads(one.raw)["message"]["text"] for one in left]


class Full:
    """An inbox on a full disk, for so many calls."""

    def __init__(self, wire: Wired, times: int) -> None:
        self._wire = wire
        self.times = times

    def __getattr__(self, name: str) -> Any:
        async def act(*args: Any) -> Any:
            if self.times and name != "owed":
                self.times -= 1
                raise NotStored("full")
            return await getattr(self._wire.post, name)(*args)

        return act


async def test_a_full_disk_is_waited_for(wire: Wired) -> None:
    """What cannot be kept is not confirmed: it is taken in when there is room again, and nothing ends."""
    lin = wire.server.person("lin")
    lin.says("before")
    await wire.seen(lin.chat)
    full = Full(wire, 3)
    listener(wire).intake.post = full  # a port that fails
    lin.says("x")
    await wire.seen(lin.chat, 2)

    assert words(wire) == ["before", "x"]
    assert full.times == 0


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([], None),
        ("x", None),
        (None, None),
        ({"update_id": 2**60}, None),
        ({"update_id": 7}, 7),
        ({"update_id": "12"}, 12),
    ],
)
def test_numbers_of_anything(raw: object, expected: int | None) -> None:
    """What is no update has no number."""
    assert numbered(raw) == expected


@pytest.mark.parametrize("raw", [{}, {"message": 5}, {"message": {"from": {"id": "1"}}}, {"message": {"from": "id"}}])
def test_malformed_updates_are_nobodys(raw: dict[str, Any]) -> None:
    """They wait behind one another, not behind a person."""
    assert whose(raw) == ""


def test_what_is_kept_is_short_and_whole() -> None:
    """A megabyte is cut to what is read of it; what is small is kept as it came."""
    small = {"update_id": 1, "message": {"text": "长"}}
    large = {"update_id": 1, "message": {"text": "x" * 2**20, "entities": [{}] * 9999}}

    assert json.loads(kept(small)) == small
    assert len(kept(large)) < 10_000


def test_what_is_nested_without_end_is_kept_as_its_number() -> None:
    """Nothing that Telegram sends is nested so deeply; it is set aside like any malformed update, and stops nobody."""
    nested: dict[str, Any] = {"text": "x" * 100_000}
    for _ in range(100_000):
        nested = {"message": nested}

    assert kept({"update_id": 7, **nested}) == '{"update_id": 7}'
