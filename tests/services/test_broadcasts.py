"""Broadcasts: everybody once, inside everybody's limits, told of as they go, and taken back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest

from bot.domain.errors import StudyBotError
from bot.domain.prompt import Quote
from bot.domain.question import AccountId, LearnerId, RoomId
from bot.ports.broadcasts import Recipient
from bot.ports.changes import Changes, Conflict
from bot.ports.chat import Reply, Undeliverable
from bot.ports.daily import Daily, Push
from bot.ports.post import Wake
from bot.ports.reads import Person
from bot.ports.rows import Account, Learner, Room
from bot.services.broadcasts import LASTS, PIECE, TELLS
from bot.storage.store import Store
from tests.fakes.wire import Seen
from tests.services.conftest import DRAFTS, reading
from tests.services.town import WORDS, Town, built

NEWS = "Maintenance tonight."
DAY = timedelta(days=1)
NUMBERS = count(100)


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """Hua, who starts broadcasts and has no questions of her own, at noon in Shanghai."""
    async with built(store, reading(*DRAFTS, code="pack")) as town:
        await town.say("/start", "hua")
        yield town


async def learner(town: Town, name: str, **what: Any) -> Daily:
    """Somebody with a question every day at 19:00, whatever else is known of them or of it."""
    now, number = town.office.clock.now(), next(NUMBERS)
    own = {key: what.pop(key) for key in set(what).intersection(Learner.__slots__)}
    who = Learner(LearnerId(number), now, "en", "written", "Asia/Shanghai", **own)
    room = Room(RoomId(number), "telegram", name, now)
    daily = Daily(who.id, room.id, (1140,), "daily", offering=False)
    daily = replace(daily, **what)
    account = Account(AccountId(number), who.id, "telegram", name, now)
    await town.store.commit(Changes(inserts=(who, room, account), updates=(daily,)))
    return replace(daily, version=1)


async def begun(town: Town, words: str = NEWS) -> int:
    """A broadcast, and all that is due at once is done; sent, too, unless nothing gets through."""
    id_ = await town.services.broadcasts.begin(await town.person("hua"), Reply((Quote(words),)))
    if town.office.screens.open.is_set():
        await town.office.settled()
    ticker = town.office.ticker
    while ticker.under_way or not ticker.bell.resting:  # noqa: ASYNC110 - no one event says that it has come to rest
        await asyncio.sleep(0.0005)
    return id_


async def passed(town: Town, time: timedelta) -> list[Seen]:
    """All that was seen meanwhile."""
    return town._seen(await town.office.move(town.office.clock.now() + time))


def got(seen: list[Seen], words: str = NEWS) -> list[str]:
    """The rooms that were told."""
    return sorted(one.room for one in seen if one.reply.blocks == (Quote(words),))


def lines(one: Seen) -> str:
    buttons = [WORDS.say(choice.label) for row in one.reply.rows for choice in row]
    return "\n".join([*(WORDS.say(block) for block in one.reply.blocks), *buttons])


def progress(seen: list[Seen]) -> list[str]:
    """What the message about it said, at each change."""
    return [lines(one) for one in seen if one.room == "hua"]


async def test_everybody_once(town: Town) -> None:
    """Everybody who has a question a day is told, once; whoever started it sees how far it came, edited in place."""
    for name in ("a", "b", "c"):
        await learner(town, name)
    await begun(town)
    seen = await passed(town, timedelta(minutes=1))

    assert got(seen) == ["a", "b", "c"]
    assert [one.what for one in seen if one.room == "hua"] == ["new", "edited"]
    assert progress(seen) == [
        "群发：3 人里送到 0 人\n等着 3 · 送不到 0 · 不打扰 0\n取消",
        "群发完了：3 人里送到 3 人\n等着 0 · 送不到 0 · 不打扰 0",
    ]
    assert await passed(town, DAY) == []


async def test_in_pieces(town: Town) -> None:
    """No more is written than the lane takes; the counter is edited at most every ten seconds, where it changed."""
    for number in range(2 * PIECE + 1):
        await learner(town, str(number))
    town.office.screens.open.clear()
    id_ = await begun(town)
    for _ in range(3):
        await town.router.wake(Wake(f"broadcast:{id_}", town.office.clock.now()))
    found = await town.store.headway(id_)
    assert found is not None
    full = (found.waiting, found.unreached)
    town.office.screens.open.set()
    await town.office.settled()
    at, seen = [town.office.clock.now()], town.office.screens.taken()
    for _ in range(40):
        fresh = await passed(town, timedelta(seconds=1))
        at += [town.office.clock.now()] if progress(fresh) else []
        seen += fresh

    assert full == (PIECE, PIECE + 1)
    assert (len(got(seen)), len(set(got(seen)))) == (2 * PIECE + 1, 2 * PIECE + 1)
    assert min(later - earlier for earlier, later in pairwise(at)) >= TELLS


async def test_goes_on_where_it_stood(town: Town) -> None:
    """A piece that was not committed is made again, one that was is not: each learner has one row."""
    for number in range(PIECE + 5):
        await learner(town, str(number))
    id_ = await begun(town)
    turn = town.store.turn()
    await town.services.on(turn).broadcasts.piece(id_)
    await town.router.wake(Wake(f"broadcast:{id_}", town.office.clock.now()))
    seen = await passed(town, timedelta(minutes=5))

    assert got(seen) == sorted(map(str, range(PIECE + 5)))


async def test_left_in_peace(town: Town) -> None:
    """Nobody is told who has no question a day: off, weekly or silent; nor after their exam."""
    for rhythm in ("off", "weekly", "silent"):
        await learner(town, rhythm, rhythm=rhythm)
    today = town.office.clock.now().date()
    await learner(town, "examined", exam=today - DAY)
    await begun(town)
    seen = await passed(town, DAY)

    assert got(seen) == []
    assert progress(seen)[-1] == "群发完了：1 人里送到 0 人\n等着 0 · 送不到 0 · 不打扰 1"


async def test_quiet_hours_wait(town: Town) -> None:
    """In quiet hours it waits for the later of their end and the learner's own hour."""
    await learner(town, "early", quiet=(660, 900), hours=(540,))
    await learner(town, "late", quiet=(660, 900), hours=(1080,))
    await begun(town)

    assert got(await passed(town, timedelta(hours=3) - timedelta.resolution)) == []
    assert got(await passed(town, timedelta(seconds=5))) == ["early"]
    assert got(await passed(town, timedelta(hours=3, seconds=5))) == ["late"]


async def test_inside_the_days_number(town: Town) -> None:
    """It counts as one of the day's messages: where those were sent it waits for the next day, else they give way."""
    daily, now = await learner(town, "a", hours=(450,)), town.office.clock.now()
    push = Push(daily.learner_id, now.date(), 0, None, daily.room_id, now - timedelta(hours=5))
    await town.store.commit(Changes(inserts=(push,), wakes={f"daily:{daily.learner_id}": now + timedelta(hours=19.5)}))
    await begun(town)

    assert got(await passed(town, timedelta(hours=19.5) - timedelta.resolution)) == []
    seen = await passed(town, timedelta(hours=1))
    assert [one.room for one in seen if one.room == "a"] == ["a"]


async def test_two_a_week(town: Town) -> None:
    """Of three in a week only two come; of those over two days ago nobody is told any more."""
    await learner(town, "a", hours=(450, 750, 1200), quiet=(0, 0))
    for number in range(4):
        await begun(town, str(number))
        await passed(town, timedelta(minutes=1) if number < 2 else 7 * DAY)
    seen = [one for one in town.office.screens.shown.values() if one.room == "a"]

    assert [one.reply.blocks for one in seen] == [(Quote("0"),), (Quote("1"),), (Quote("3"),)]


async def test_grows_old(town: Town) -> None:
    """Who could not be told for two days, for a pause or a day off, is left in peace; who can be, is told then."""
    today = town.office.clock.now().date()
    await learner(town, "off", off_days=(0,), quiet=(0, 0))
    await learner(town, "paused", paused_until=today + 9 * DAY)
    await begun(town)
    seen = await passed(town, LASTS)

    assert got(seen) == ["off"]
    assert progress(seen)[-1] == "群发完了：2 人里送到 1 人\n等着 0 · 送不到 0 · 不打扰 1"


async def test_gone(town: Town) -> None:
    """Rooms that take nothing are passed over, or found out: both are counted."""
    await learner(town, "a")
    await learner(town, "b")
    await town.gone("a")
    town.office.screens.faults["b"] = [Undeliverable("blocked", permanent=True)]
    await begun(town)
    seen = await passed(town, timedelta(minutes=1))

    assert progress(seen)[-1] == "群发完了：2 人里送到 0 人\n等着 0 · 送不到 2 · 不打扰 0"


async def test_cancelled(town: Town) -> None:
    """Cancelling takes back what has not begun, and ends it; what is on its way arrives, and is counted."""
    for number in range(PIECE + 50):
        await learner(town, str(number), quiet=(0, 0))
    await learner(town, "asleep", quiet=(660, 900))
    id_ = await begun(town)
    await passed(town, timedelta(seconds=1))
    told = await town.press("取消", "hua")
    seen = await passed(town, DAY)
    found = await town.store.headway(id_)

    assert told == [f"群发取消了：{PIECE + 51} 人里送到 {PIECE} 人"]
    assert (got(seen), progress(seen)) == ([], [])
    assert found is not None
    assert found.broadcast.state == "cancelled"
    assert await town.press("取消", "hua") == told


async def test_cancelled_while_it_waits(town: Town) -> None:
    """Messages that wait for their turn are taken back; they do not count against anybody's day."""
    rows = [await learner(town, str(number), quiet=(0, 0)) for number in range(3)]
    town.office.screens.open.clear()
    id_ = await begun(town)
    found = await town.services.broadcasts.cancel(await town.person("hua"), id_)
    town.office.screens.open.set()
    seen = await passed(town, timedelta(minutes=1))
    morning = await town.store.morning(rows[0].learner_id, town.office.clock.now().date())

    assert (found.fates["unsent"], found.numbers) == (3, (0, 0, 0, 0, 3))
    assert got(seen) == []
    assert morning is not None
    assert morning.news == ()


async def test_nobody_elses(town: Town) -> None:
    """Only who started it can cancel it, and only one that there is."""
    await learner(town, "asleep", quiet=(660, 900))
    id_ = await begun(town)
    await town.say("/start", "lin")
    lin, hua = await town.person("lin"), await town.person("hua")
    for person, number in ((lin, id_), (hua, id_ + 1)):
        with pytest.raises(StudyBotError):
            await town.services.broadcasts.cancel(person, number)

    assert (await broadcast_state(town, id_)) == "going"


async def broadcast_state(town: Town, id_: int) -> str:
    found = await town.store.headway(id_)
    assert found is not None
    return found.broadcast.state


async def test_timers_of_nothing_stop(town: Town) -> None:
    """A timer whose broadcast is not there stops."""
    at = town.office.clock.now()
    await town.store.commit(Changes(wakes={"broadcast:7": at, "progress:7": at}))
    await passed(town, DAY)

    assert await town.office.ticker.post.next_wake() is None


async def test_whose_questions_went_away(town: Town) -> None:
    """Who is to be told later, and has no row any more by which to tell them, is counted as gone."""
    person: Person = await town.person("hua")
    await learner(town, "a", quiet=(660, 900))
    id_ = await begun(town)
    await passed(town, timedelta(seconds=1))
    now = town.office.clock.now()
    await town.store.commit(Changes(updates=(Recipient(id_, person.learner.id, now),)))
    await town.services.broadcasts.piece(id_)
    found = await town.store.headway(id_)

    assert found is not None
    assert dict(found.fates) == {"gone": 1, "later": 1}


async def test_cancelled_while_a_piece_is_decided(town: Town) -> None:
    """A piece that was read before the cancelling and comes after it is decided anew: nobody is told."""
    await learner(town, "a", quiet=(660, 900))
    id_ = await begun(town)
    await learner(town, "b", quiet=(0, 0))
    turn = town.store.turn()
    await town.services.on(turn).broadcasts.piece(id_)
    await town.services.broadcasts.cancel(await town.person("hua"), id_)

    with pytest.raises(Conflict):
        await turn.settle(Changes())
    assert got(await passed(town, DAY)) == []


async def test_cancelled_while_a_message_begins(town: Town) -> None:
    """What begins while it is taken back counts as told: it is read and decided again without it."""
    await learner(town, "a", quiet=(0, 0))
    town.office.screens.open.clear()
    id_, post = await begun(town), town.office.sender.post
    turn = town.store.turn()
    await town.services.on(turn).broadcasts.cancel(await town.person("hua"), id_)
    later = town.office.clock.now() + timedelta(minutes=6)
    letters, _ = await post.claim_letters("telegram", later, 9)  # as who has claimed it
    begins = [await post.begun(letter.message, letter.message.at) for letter in letters if letter.native == "a"]
    town.office.screens.open.set()

    with pytest.raises(Conflict):
        await turn.settle(Changes())
    found = await town.services.broadcasts.cancel(await town.person("hua"), id_)
    assert (begins, dict(found.fates)) == ([True], {"written": 1})
