"""What every inbox, outbox and set of timers promises, whatever database is behind it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.prompt import Text
from bot.domain.question import RoomId
from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.ports.chat import Reader, Reply, Said
from bot.ports.groups import Course
from bot.ports.post import Arrival, Handled, Letter, Lost, Message, Outgoing, Post
from bot.ports.rows import Room
from bot.ports.storage import Storage
from bot.storage.migrate import migrate
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.storage import world

NOW = world.NOW
MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=5)
READER = Reader("en", "written")
OTHER = RoomId(9)
SAID = Said((Reply(blocks=(Text("offer.no"),)),), READER)


@dataclass(frozen=True, slots=True)
class House:
    """A database with two rooms, as storage and as post."""

    storage: Storage
    post: Post

    async def writes(self, *messages: Outgoing) -> None:
        await self.storage.commit(Changes(outbox={message.key: message for message in messages}))

    async def claims(self, at: datetime = NOW, most: int = 9) -> list[str]:
        return [letter.message.key for letter in await self.letters(at, most)]

    async def letters(self, at: datetime = NOW, most: int = 9) -> tuple[Letter, ...]:
        return (await self.post.claim_letters("terminal", at, most))[0]

    async def letter(self, at: datetime = NOW) -> Letter:
        (found,) = await self.letters(at)
        return found

    async def begins(self, at: datetime = NOW) -> bool:
        """The one message that waits is claimed and begun."""
        return await self.post.begun((await self.letter(at)).message, at)


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
        await house.storage.commit(Changes(inserts=(Room(OTHER, "terminal", "42", NOW),)))
        yield house


def message(key: str, room: RoomId = world.ROOM, at: datetime = NOW, slot: str | None = None) -> Outgoing:
    return Outgoing(key, room, Reply(blocks=(Text("offer.no"),), slot=slot), READER, at)


def arrival(number: int) -> Arrival:
    return Arrival(f"telegram:{number}", "telegram", "lin", "{}", NOW)


async def test_letter_comes_whole(house: House) -> None:
    """What is claimed names its room as the platform does, and is leased to the one who claimed it."""
    told = replace(message("a", OTHER), lane="timed", void_at=NOW + MINUTE)
    await house.writes(told)
    found = await house.letter()
    leased = replace(told, lease_until=NOW + LEASE, turn=found.message.turn, platform="terminal")

    assert Letter(leased, "42", gone=False, shown=None) == found


async def test_not_before_its_instant(house: House) -> None:
    """A message waits for its instant; the next one's is known."""
    await house.writes(message("a", at=NOW + MINUTE))

    assert await house.post.next_letter("terminal") == NOW + MINUTE
    assert await house.claims(NOW + MINUTE - timedelta.resolution) == []
    assert await house.claims(NOW + MINUTE) == ["a"]


async def test_each_platform_by_itself(house: House) -> None:
    """What waits for one platform is not claimed for another, nor waited for, nor given up with it."""
    away = RoomId(8)
    await house.storage.commit(Changes(inserts=(Room(away, "telegram", "42", NOW),)))
    await house.writes(message("a", away), replace(message("b", away), void_at=NOW))

    assert await house.claims() == []
    assert await house.post.next_letter("terminal") is None
    assert await house.post.next_letter("telegram") == NOW
    letters, lost = await house.post.claim_letters("telegram", NOW, 9)
    assert ([letter.message.key for letter in letters], lost) == (["a"], Lost(void=1))


async def test_nothing_waits(house: House) -> None:
    """Where nothing waits there is no next instant."""
    assert await house.post.next_letter("terminal") is None
    assert await house.post.next_wake() is None


async def test_claim_is_a_lease(house: House) -> None:
    """What is claimed is nobody else's until the lease runs out; not begun, it has surely not arrived."""
    await house.writes(message("a"))
    await house.letter()

    assert await house.claims(NOW + LEASE - timedelta.resolution) == []
    assert await house.post.next_letter("terminal") == NOW + LEASE
    assert (await house.letter(NOW + LEASE)).message.unsure == 0


async def test_begun(house: House) -> None:
    """A message that has begun may have arrived: whoever claims it after that knows."""
    await house.writes(message("a"))

    assert await house.begins()
    assert (await house.letter(NOW + LEASE)).message.unsure == 1


async def test_begun_and_replaced(house: House) -> None:
    """A message that was replaced before it began is not sent at all; the newer one is free then."""
    await house.writes(message("a"))
    old = (await house.letter()).message
    await house.writes(message("a", slot="board"))

    assert not await house.post.begun(old, NOW)
    await house.post.postponed(old, NOW + MINUTE, unsure=False)
    assert (await house.letter()).message.reply.slot == "board"


async def test_begun_too_late(house: House) -> None:
    """Whose claim ran out sends nothing any more, and takes nothing from who has the message now."""
    await house.writes(message("a"))
    late = (await house.letter()).message
    now = (await house.letter(NOW + LEASE)).message

    assert not await house.post.begun(late, NOW + LEASE)
    await house.post.postponed(late, NOW + MINUTE, unsure=False)
    assert await house.post.begun(now, NOW + LEASE)


async def test_given_up_after_two_leases(house: House) -> None:
    """A message of which nobody knows the end twice is given up, and counted."""
    await house.writes(message("a"))
    await house.begins()
    await house.begins(NOW + LEASE)

    assert await house.post.claim_letters("terminal", NOW + 2 * LEASE, 9) == ((), Lost(unsure=1))
    assert await house.post.next_letter("terminal") is None


async def test_delivered_is_forgotten(house: House) -> None:
    """What arrived is not sent again, and its slot's message is remembered for an edit."""
    await house.writes(message("a", slot="board"))
    await house.post.delivered((await house.letter()).message, ("7", "8"), NOW)
    await house.writes(message("b", slot="board"))

    assert (await house.letter()).shown == Message(world.ROOM, "board", ("7", "8"), NOW)


async def test_taken_away(house: House) -> None:
    """A message that was taken away is nobody's slot any more."""
    await house.writes(message("a", slot="board"))
    await house.post.delivered((await house.letter()).message, ("7",), NOW)
    away = Outgoing("b", world.ROOM, Reply(slot="board", away=True), READER, NOW)
    await house.writes(away)
    await house.post.delivered((await house.letter()).message, ("7",), NOW)
    await house.writes(message("c", slot="board"))

    assert (await house.letter()).shown is None


async def test_replaced_before_it_was_sent(house: House) -> None:
    """A message gives way to a newer one of its key, with its new instant."""
    await house.writes(message("a"))
    await house.writes(message("a", at=NOW + MINUTE))

    assert await house.claims() == []
    assert await house.claims(NOW + MINUTE) == ["a"]


async def test_replaced_while_being_sent(house: House) -> None:
    """What arrived meanwhile does not pass for the newer one: that is sent next."""
    await house.writes(message("a"))
    sent = (await house.letter()).message
    await house.writes(message("a", slot="board"))

    assert await house.claims() == []
    await house.post.delivered(sent, ("7",), NOW)
    assert (await house.letter()).message.reply.slot == "board"


@pytest.mark.parametrize("fate", ["postponed", "undeliverable"])
async def test_replaced_while_failing(house: House, fate: str) -> None:
    """A failure of the old message is none of the newer one."""
    await house.writes(message("a"))
    sent = (await house.letter()).message
    await house.writes(message("a", slot="board"))
    if fate == "postponed":
        await house.post.postponed(sent, NOW + MINUTE, unsure=True)
    else:
        await house.post.undeliverable(sent, NOW, gone=False)
    found = (await house.letter()).message

    assert (found.reply.slot, found.attempts, found.unsure) == ("board", 0, 0)


async def test_withdrawn(house: House) -> None:
    """An unsent message can be taken back."""
    await house.writes(message("a"))
    await house.storage.commit(Changes(outbox={"a": None}))

    assert await house.claims() == []


async def test_withdrawn_too_late(house: House) -> None:
    """Nothing that has begun, or is gone, can be taken back: whoever wants to decides anew."""
    await house.writes(message("a"))
    await house.begins()

    for key in ("a", "b"):
        with pytest.raises(Conflict):
            await house.storage.commit(Changes(outbox={key: None}))


async def test_void(house: House) -> None:
    """A message whose time is over is never sent, and counted, also where its room waits for another."""
    await house.writes(replace(message("b"), void_at=NOW + 2 * MINUTE), message("a"))
    first = await house.letter()
    await house.post.postponed(first.message, NOW + 3 * MINUTE, unsure=False)

    assert first.message.key == "a"
    assert await house.post.claim_letters("terminal", NOW + 2 * MINUTE, 9) == ((), Lost(void=1))
    assert await house.claims(NOW + 3 * MINUTE) == ["a"]


async def test_end(house: House) -> None:
    """Until when a message may be sent is known with it; one that has no end gets one with its first failure."""
    await house.writes(replace(message("a"), void_at=NOW + 2 * MINUTE), message("b", OTHER))
    first = await house.letters()
    for letter in first:
        await house.post.postponed(letter.message, NOW + MINUTE, unsure=False)

    assert [letter.message.void_at for letter in first] == [NOW + 2 * MINUTE, None]
    second = await house.letters(NOW + MINUTE)
    assert [letter.message.void_at for letter in second] == [NOW + 2 * MINUTE, NOW + MINUTE + timedelta(days=1)]


async def test_postponed(house: House) -> None:
    """A failed message comes again at another instant, and knows how often it failed."""
    await house.writes(message("a"))
    await house.post.postponed((await house.letter()).message, NOW + MINUTE, unsure=True)

    assert await house.post.next_letter("terminal") == NOW + MINUTE
    assert await house.claims() == []
    again = (await house.letter(NOW + MINUTE)).message
    assert (again.attempts, again.unsure) == (1, 1)


async def test_mark_is_taken_back(house: House) -> None:
    """A message that began and surely did not arrive is as it was; one that perhaps did is unsure once, not twice."""
    await house.writes(message("a"))
    for unsure in (False, True):
        found = (await house.letter()).message
        await house.post.begun(found, NOW)
        await house.post.postponed(found, NOW, unsure=unsure)

        assert (await house.letter(NOW + LEASE)).message.unsure == unsure
        await house.post.recover()


async def test_since_when_it_is_unsure(house: House) -> None:
    """Since the first attempt of which nobody knows the end began, whatever comes of later ones; else it is not."""
    await house.writes(message("a"))
    seen = []
    for minute, unsure in enumerate((False, True, True, False)):
        at = NOW + minute * MINUTE
        found = (await house.letter(at)).message
        await house.post.begun(found, at, again=found.unsure > 0)
        await house.post.postponed(found, at, unsure=unsure and not found.unsure)
        seen.append((found.unsure, found.unsure_at))

    assert seen == [(0, None), (0, None), (1, NOW + MINUTE), (1, NOW + MINUTE)]


async def test_known_again_it_is_no_more_unsure(house: House) -> None:
    """However many processes die over a message that its platform knows by its key, it is not given up for it."""
    await house.writes(message("a"))
    await house.begins()
    for minute in range(1, 4):
        given_up = await house.post.recover()
        found = (await house.letter(NOW + minute * MINUTE)).message
        await house.post.begun(found, NOW + minute * MINUTE, again=True)

        assert (given_up, found.unsure, found.unsure_at) == (0, 1, NOW)


async def test_a_newer_one_is_not_unsure(house: House) -> None:
    """What takes the place of a message that may have arrived surely did not."""
    await house.writes(message("a"))
    await house.begins()
    await house.post.recover()
    await house.writes(message("a"))
    found = (await house.letter()).message

    assert (found.unsure, found.unsure_at) == (0, None)


async def test_half_of_it_arrived(house: House) -> None:
    """A message of several pages knows which arrived; one that takes its place begins anew."""
    await house.writes(message("a"))
    await house.post.postponed((await house.letter()).message, NOW, sent=("7", "8"), unsure=False)
    half = (await house.letter()).message
    await house.writes(message("a"))
    await house.post.postponed(half, NOW, sent=("7", "8", "9"), unsure=False)

    assert half.sent == ("7", "8")
    assert (await house.letter()).message.sent == ()


async def test_one_a_room(house: House) -> None:
    """Messages of one room are claimed one after the other, those of others beside them."""
    await house.writes(message("a"), message("b"), message("c", OTHER))

    assert await house.claims() == ["a", "c"]
    assert await house.claims() == []
    assert await house.post.next_letter("terminal") == NOW + LEASE


async def test_next_of_a_room(house: House) -> None:
    """When one has arrived the next of its room is free."""
    await house.writes(message("a"), message("b"))
    await house.post.delivered((await house.letter()).message, ("7",), NOW)

    assert await house.claims() == ["b"]


async def test_failed_one_stays_first(house: House) -> None:
    """While a message waits for its next attempt nothing overtakes it in its room, urgent or not."""
    await house.writes(message("b"))
    await house.post.postponed((await house.letter()).message, NOW + MINUTE, unsure=False)
    await house.writes(replace(message("a"), lane="timed"), message("c", OTHER))

    assert await house.claims() == ["c"]
    assert await house.post.next_letter("terminal") == NOW + MINUTE
    assert await house.claims(NOW + MINUTE) == ["b"]


async def test_order(house: House) -> None:
    """First what somebody waits for, then what has its time, then the rest; of each the oldest."""
    rooms = [RoomId(20 + number) for number in range(4)]
    await house.storage.commit(
        Changes(inserts=tuple(Room(room, "terminal", str(room), NOW) for room in rooms)),
    )
    earlier = NOW - MINUTE
    await house.writes(
        message("pushed", rooms[0], earlier),
        replace(message("timed", rooms[1]), lane="timed"),
        replace(message("earlier", rooms[2], earlier), lane="timed"),
        replace(message("answer", rooms[3]), lane="answer"),
    )

    assert await house.claims(most=3) == ["answer", "earlier", "timed"]


async def test_of_one_room_the_oldest(house: House) -> None:
    """Nothing overtakes what is older in its own room, whoever waits for it."""
    await house.writes(message("pushed", at=NOW - MINUTE), replace(message("answer"), lane="answer"))

    assert await house.claims() == ["pushed"]


async def test_when_a_slot_was_told(house: House) -> None:
    """The instant at which its message arrived; None before, and in other rooms."""
    await house.writes(message("a", slot="board"))
    before = await house.storage.told_at(world.ROOM, "board")
    await house.post.delivered((await house.letter()).message, ("7",), NOW + MINUTE)

    assert before is None
    assert await house.storage.told_at(world.ROOM, "board") == NOW + MINUTE
    assert await house.storage.told_at(OTHER, "board") is None


async def test_old_goes_before_new(house: House) -> None:
    """Of one instant the message that takes the old question away goes before the new question."""
    await house.writes(message("daily:1:2026-03-14:0"), message("away:17"))

    assert await house.claims() == ["away:17"]


async def test_moved_room(house: House) -> None:
    """What was said in a room before it moved is known to have been said, and is out of reach; other rooms' is not."""
    for room in (world.ROOM, OTHER):
        await house.writes(message("a", room, slot="board"))
        await house.post.delivered((await house.letter()).message, ("7",), NOW)
    await house.storage.commit(Changes(moved=(world.ROOM,)))
    await house.writes(message("a", slot="board"), message("b", OTHER, slot="board"))
    shown = [(letter.message.key, letter.shown and letter.shown.native) for letter in await house.letters()]

    assert shown == [("a", ()), ("b", ("7",))]


async def test_gone_room(house: House) -> None:
    """A room that takes nothing more loses what waits for it, and says so to whatever comes later."""
    await house.writes(message("a"), message("b"))
    await house.post.undeliverable((await house.letter()).message, NOW, gone=True)

    assert await house.claims() == []
    await house.writes(message("c"))
    assert (await house.letter()).gone


async def test_gone_room_where_something_is_studied(house: House) -> None:
    """A timer is set for it, the first time; a room where nothing is studied is nobody's business."""
    await house.storage.commit(Changes(updates=(Course(OTHER, world.ACCOUNT, "UTC", "en", "written"),)))
    for room in (OTHER, OTHER, world.ROOM):
        await house.writes(message("a", room))
        await house.post.undeliverable((await house.letter()).message, NOW, gone=True)
    (first, *others) = await house.post.claim_wakes(NOW, 9)

    assert ((first.key, first.at), others) == ((f"refused:{OTHER}", NOW), [])


async def test_undeliverable(house: House) -> None:
    """A message that cannot arrive is dropped alone."""
    await house.writes(message("a"), message("b"))
    await house.post.undeliverable((await house.letter()).message, NOW, gone=False)

    assert not (await house.letter()).gone


async def test_timer_is_leased(house: House) -> None:
    """A timer that nobody moved comes again, later each time."""
    await house.storage.commit(Changes(wakes={"daily:1": NOW}))
    (first,) = await house.post.claim_wakes(NOW, 9)

    assert await house.post.claim_wakes(NOW + LEASE - timedelta.resolution, 9) == ()
    assert await house.post.next_wake() == NOW + LEASE
    (second,) = await house.post.claim_wakes(NOW + LEASE, 9)
    assert (first.attempts, second.attempts) == (1, 2)
    assert await house.post.next_wake() == NOW + 3 * LEASE


async def test_timer_is_moved(house: House) -> None:
    """A timer that was set anew, or let sleep, is no longer the one that was claimed."""
    await house.storage.commit(Changes(wakes={"a": NOW, "b": NOW}))
    await house.post.claim_wakes(NOW, 9)
    await house.storage.commit(Changes(wakes={"a": NOW + MINUTE, "b": None}))

    assert await house.post.next_wake() == NOW + MINUTE
    (found,) = await house.post.claim_wakes(NOW + LEASE, 9)
    assert (found.key, found.attempts) == ("a", 1)


async def test_timers_in_order(house: House) -> None:
    """Timers come in the order of their instants, no more of them than are asked for."""
    await house.storage.commit(Changes(wakes={"a": NOW, "b": NOW - MINUTE, "c": NOW + MINUTE}))

    assert [wake.key for wake in await house.post.claim_wakes(NOW, 1)] == ["b"]
    assert [wake.key for wake in await house.post.claim_wakes(NOW, 9)] == ["a"]


async def test_crowd(house: House) -> None:
    """How many timers come due in a minute, the next minute's not among them."""
    await house.storage.commit(Changes(wakes={"a": NOW, "b": NOW + MINUTE - timedelta.resolution, "c": NOW + MINUTE}))

    assert await house.storage.crowd(NOW, NOW + MINUTE) == 2


async def test_recovers(house: House) -> None:
    """What a process that is no more had claimed is free at once: a message is as it was, a timer runs again."""
    await house.writes(message("a"), message("b"))
    await house.storage.commit(Changes(wakes={"daily:1": NOW}))
    before = await house.letter()
    await house.post.claim_wakes(NOW, 9)

    assert await house.post.recover() == 0
    assert await house.letter() == before
    assert len(await house.post.claim_wakes(NOW, 9)) == 1


async def test_never_lost_unbegun(house: House) -> None:
    """However many processes die while a message waits for its turn, it is not given up for it."""
    await house.writes(message("a"))
    for _ in range(9):
        await house.letter()

        assert await house.post.recover() == 0


async def test_recovers_twice(house: House) -> None:
    """A message that two processes died over, having begun it, is given up, and counted."""
    await house.writes(message("a"))
    await house.begins()
    first = await house.post.recover()
    await house.begins()

    assert (first, await house.post.recover()) == (0, 1)
    assert await house.claims() == []


async def test_taken_in_twice(house: House) -> None:
    """What comes again is known: it stays as it is, handled or not."""
    await house.post.take_in([arrival(1), arrival(2)])
    await house.storage.commit(Changes(handled=Handled("telegram:1", SAID)))
    await house.post.take_in([arrival(1), arrival(2), arrival(3)])

    assert [replace(arrival(1), said=SAID, state="done"), arrival(2), arrival(3)] == [
        *await house.post.owed("telegram")
    ]


async def test_owed_in_order(house: House) -> None:
    """What is owed comes in the order of the platform's numbers, of this platform alone."""
    await house.post.take_in([arrival(10), arrival(9), replace(arrival(8), id="discord:8", platform="discord")])

    assert [arrival(9), arrival(10)] == [*await house.post.owed("telegram")]


async def test_owed_in_pieces(house: House) -> None:
    """What is owed is read piece by piece, each after the last one of the piece before."""
    known = [*map(arrival, range(8, 12)), replace(arrival(3), at=NOW + MINUTE)]
    await house.post.take_in(known)
    first = await house.post.owed("telegram", None, 2)
    second = await house.post.owed("telegram", first[-1], 2)
    third = await house.post.owed("telegram", second[-1], 2)

    assert known == [*first, *second, *third]
    assert await house.post.owed("telegram", third[-1], 2) == ()


async def test_finished_is_forgotten(house: House) -> None:
    """What was answered is forgotten with the next batch; coming again it would be new."""
    await house.post.take_in([arrival(1)])
    await house.post.take_in([arrival(2)], ["telegram:1"])

    assert [arrival(2)] == [*await house.post.owed("telegram")]


async def test_three_failures(house: House) -> None:
    """The third failure sets an arrival aside, the others go on; one that is gone is no longer tried either."""
    await house.post.take_in([arrival(1), arrival(2)])

    assert [await house.post.failed("telegram:1") for _ in range(3)] == [False, False, True]
    assert [arrival(2)] == [*await house.post.owed("telegram")]
    assert await house.post.aside() == 1
    assert await house.post.failed("telegram:7") is True


async def test_handled_once(house: House) -> None:
    """Effects are committed once: a second handling of an arrival leaves nothing behind."""
    await house.post.take_in([arrival(1)])
    await house.storage.commit(Changes(handled=Handled("telegram:1", SAID)))
    again = Changes(wakes={"daily:1": NOW}, handled=Handled("telegram:1", SAID))

    with pytest.raises(AlreadyDone):
        await house.storage.commit(again)
    assert await house.post.next_wake() is None


async def test_the_same_key_again(house: House) -> None:
    """What is said under the key of a message that was sent is another one: no platform may take it for that."""
    turns = []
    for instant in (NOW, NOW + MINUTE):
        await house.writes(message("a", OTHER, at=instant))
        found = await house.letter(instant)
        turns.append(found.message.turn)
        await house.post.delivered(found.message, ("1",), instant)

    assert len(set(turns)) == 2
