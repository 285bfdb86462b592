"""Who wants to be forgotten is: in every table, on every platform, and in the bytes of the files."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.kind import State
from bot.domain.question import RevisionId
from bot.ports.broadcasts import Broadcast, Recipient
from bot.ports.changes import Changes, Conflict, Count
from bot.ports.chat import Incoming, Reader, Reply
from bot.ports.groups import Course
from bot.ports.people import EVERYWHERE
from bot.ports.post import Arrival, Outgoing
from bot.ports.rows import AskState
from bot.services.groups import privately
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.services.both import Both, built
from tests.services.conftest import DRAFTS, reading
from tests.services.test_linking import linked

TYPED = "一句只有我打过的话"
NAME = "榜上的林"
GROUP = "群"


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Both]:
    async with built(store, reading(*DRAFTS, code="pack")) as both:
        yield both


@pytest.fixture
async def lived(both: Both) -> Both:
    """Lin has done whatever leaves a trace, on both platforms; Hua has studied too."""
    await both.answers("telegram", "B", "正确", "AB", TYPED)
    await both.answers("discord", "A")
    await both.answers("telegram", "B", who="hua")
    await both.discord("/link")
    await linked(both)
    person, question = await both.person(), (await both.questions())[0]
    await both.services.marks.star(person, question)
    await both.services.marks.suspend(person, question)
    card = await both.services.study.last_shown(person)
    assert card is not None
    await both.services.marks.report(person, question, card.revision.id, "key")
    await both.services.undoing.last(person)
    await both.services.dailies.at(person, 450)
    await both.services.dailies.at(await both.person(who="hua"), 450)
    await both.at("24 07:31")
    await both.telegram("[稍后]")
    place = await both.store.place(person.learner.id)
    assert place.ask_id is not None
    await both.store.commit(Changes(updates=(AskState(place.ask_id, person.learner.id, State(hinted=True)),)))
    await both.services.naming.change(person, EVERYWHERE, name=NAME)
    await both.discord("/link L-222222")
    await sets_up_a_course(both)
    now, key = both.office.clock.now(), "later"
    later = Outgoing(key, person.room_id, Reply(), Reader("en", "written"), now + timedelta(days=1))
    await both.store.commit(Changes(outbox={key: later}))
    await tells_everybody(both)
    return both


async def tells_everybody(both: Both) -> None:
    """Lin began a broadcast, which Lin and Hua got."""
    person, hua, now = await both.person(), await both.person(who="hua"), both.office.clock.now()
    news = Broadcast(7, person.account_id, person.room_id, Reply(), Reader("en", "written"), now)
    got = tuple(Recipient(7, one.learner.id, now, "written") for one in (person, hua))
    await both.store.commit(Changes(inserts=(news,), updates=got))


async def sets_up_a_course(both: Both) -> None:
    """Lin runs a group, whose course bears their account."""
    hello = Incoming("room", "telegram", "telegram:lin", GROUP, "added", group=GROUP)
    venue, person = await both.services.groups.here(hello), await both.person()
    found = await both.store.set("sums")
    assert found is not None
    await both.services.groups.choose(venue, person, found.id)


def engine(both: Both) -> SqliteStorage:
    assert isinstance(both.store.engine, SqliteStorage)
    return both.store.engine


async def forgotten(both: Both) -> str:
    """What is answered to who confirms; the arrival of it is kept as a platform keeps it, until it was answered."""
    raw = f'{{"from": "telegram:lin", "text": "{TYPED}"}}'
    post, now = Outbox(engine(both)), both.office.clock.now()
    await post.take_in(
        [Arrival("telegram:1", "telegram", "telegram:lin", raw, now), Arrival("telegram:9", "telegram", "x", "{}", now)]
    )
    await both.telegram("/forgetme")
    said = await both.telegram("[全部删掉]", id="telegram:1")
    await post.take_in((), ["telegram:1"])
    return said


def traces(both: Both) -> bytes:
    """The bytes of the database and of its log."""
    path: Path = engine(both)._path
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


async def rows(both: Both) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(engine(both)._path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608


async def test_the_conversation(both: Both) -> None:
    """What it means, in words, and two buttons; afterwards the next word begins anew."""
    await both.answers("telegram", "B")

    assert await both.telegram("/forgetme") == (
        "bot: 删掉你的一切？作答、记忆、收藏、设置，连同 Telegram 上的账号，马上就删，收不回来。\n"
        "群和频道里的题照出；题目的统计留着，里面认不出你。想先留一份，发 /mydata。\n[全部删掉] [先不删]"
    )
    assert await both.telegram("[先不删]") == "bot~: 什么都没删。"
    assert await both.telegram("[全部删掉]") == "bot~: 都删掉了。再发消息，就是重新开始。"
    assert "今天答了 0 次" in await both.telegram("/stats")
    assert (await both.telegram("[全部删掉]")).startswith("bot~: 删掉你的一切？")


async def test_no_row_is_left(lived: Both) -> None:
    """Of the learner nothing is left in any table; another's rows, the sets, the course and the counters stay."""
    before = await rows(lived)
    await forgotten(lived)
    after = await rows(lived)
    learner = (await lived.person(who="hua")).learner.id

    kept = {"alembic_version", "item_count", "question", "question_set", "revision", "course", "wrong_code"}
    assert {name: count for name, count in after.items() if name in kept} == {
        name: count for name, count in before.items() if name in kept
    }
    assert {name: count for name, count in after.items() if name not in kept} == {
        **dict.fromkeys(set(before) - kept, 0),
        "learner": 1,
        "account": 1,
        "room": 2,
        "enrolment": 1,
        "ask": 2,
        "answer": 1,
        "memory": 1,
        "place": 1,
        "daily": 1,
        "push": 1,
        "recipient": 1,
        "message": 1,
        "wake": 2,
        "inbox": 1,
    }
    assert await lived.check("telegram", "hua") == 1
    assert learner == (await lived.store.side(learner)).learner.id


async def test_no_byte_is_left(lived: Both) -> None:
    """After the scrub neither file holds an id, as a number or in digits, a name or a typed text of theirs."""
    side = await lived.store.side((await lived.person()).learner.id)
    ids = [side.learner.id, *(account.id for account, _ in side.accounts), *(room.id for room in side.rooms)]
    words = ["telegram:lin", "discord:lin", TYPED, NAME]
    secret = [*(id_.to_bytes(8, "big") for id_ in ids), *(word.encode() for word in words)]
    digits = [str(id_).encode() for id_ in ids]
    found = traces(lived)
    assert [one in found for one in (*secret, digits[0])] == [True] * (len(secret) + 1)
    await forgotten(lived)
    lived.office.clock.set(lived.office.clock.now() + timedelta(minutes=1))
    await lived.office.settled()
    found = traces(lived)

    assert [one for one in (*secret, *digits) if one in found] == []
    assert b"telegram:hua" in found


async def test_a_timer_that_was_under_way(lived: Both) -> None:
    """What a morning decided before its learner was forgotten, and would commit after, leaves no timer of theirs."""
    learner, turn = (await lived.person()).learner.id, lived.store.turn()
    due = await lived.services.on(turn).mornings.due(learner, lived.office.clock.now())
    await forgotten(lived)
    with pytest.raises(Conflict):
        await turn.settle(Changes())
    await passed(lived, timedelta(minutes=2))

    assert due is None
    assert str(learner).encode() not in traces(lived)


async def test_a_course_goes_on_without_its_founder(lived: Both) -> None:
    """The group has its question; who would be told that none are left is nobody."""
    await forgotten(lived)
    venue = await lived.store.venue_of("telegram", GROUP)
    assert venue is not None
    course = venue.course
    assert isinstance(course, Course)

    assert (course.account_id, course.set_id is None) == (None, False)
    assert await privately(lived.services.house, course.account_id, "empty:7", Reply()) == {}


async def test_counters_stay_without_a_person(lived: Both) -> None:
    """How a question is answered is known as before."""

    def counted(db: sqlite3.Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in db.execute("SELECT * FROM item_count ORDER BY revision_id, name")]

    before = await engine(lived).read(counted)
    await forgotten(lived)

    assert await engine(lived).read(counted) == before


async def test_copies_are_named(both: Both) -> None:
    """Backups and copies made before a migration still hold it: which, and when the last of them is gone."""
    await both.answers("telegram", "B")
    path = engine(both)._path
    for name in ("daily-2026-11-23", "daily-2026-11-22", "daily-2026-11-22.part", "else"):
        path.with_name(f"{path.name}.{name}").touch()
    said = await forgotten(both)

    assert said == (
        "bot~: 都删掉了。再发消息，就是重新开始。\n"
        "备份里还有，12 月 23 日前删完：study.db.daily-2026-11-23、study.db.daily-2026-11-22。"
    )


async def test_a_message_that_was_on_its_way(lived: Both) -> None:
    """What is delivered to somebody who is forgotten meanwhile is no fault, and leaves no row."""
    room = (await lived.person()).room_id
    await forgotten(lived)
    message = Outgoing("gone", room, Reply(slot="ask:1"), Reader("en", "written"), lived.office.clock.now())
    await Outbox(engine(lived)).delivered(message, ("7",), lived.office.clock.now())

    assert await lived.store.venue(room) is None


async def test_a_scrub_waits_for_who_reads(lived: Both) -> None:
    """Another process that reads keeps the log; the scrub comes again in a minute."""
    await forgotten(lived)
    path = engine(lived)._path
    await engine(lived)._writer.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM learner").fetchall()
        await lived.store.commit(Changes(counts=(Count((await cards(lived)), "right", 1),)))
        lived.office.clock.set(lived.office.clock.now() + timedelta(minutes=1))
        await lived.office.settled()
        assert b"telegram:lin" in traces(lived)
        other.execute("ROLLBACK")
    lived.office.clock.set(lived.office.clock.now() + timedelta(minutes=1))
    await lived.office.settled()

    assert b"telegram:lin" not in traces(lived)


async def test_a_scrub_waits_for_the_log_alone(lived: Both) -> None:
    """While somebody reads only the log is tried again each minute; the file was written anew already."""
    await forgotten(lived)
    await Outbox(engine(lived)).take_in((), ["telegram:9"])
    await engine(lived)._writer.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(engine(lived)._path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM learner").fetchall()
        for _ in range(3):
            await passed(lived, timedelta(minutes=1))
        timers = await wakes(lived)
        other.execute("ROLLBACK")
    await passed(lived, timedelta(minutes=1))

    assert (timers, await wakes(lived)) == (["scrub:log"], [])


async def test_a_late_reply_is_scrubbed_too(both: Both) -> None:
    """What the platform could not answer for a while is overwritten within an hour after it went."""
    await both.answers("telegram", "B")
    post, now = Outbox(engine(both)), both.office.clock.now()
    await post.take_in([Arrival("telegram:1", "telegram", "telegram:lin", TYPED, now)])
    await both.telegram("/forgetme")
    await both.telegram("[全部删掉]", id="telegram:1")
    await passed(both, timedelta(minutes=2))
    before = TYPED.encode() in traces(both)
    await post.take_in((), ["telegram:1"])
    await passed(both, timedelta(hours=1))

    assert (before, TYPED.encode() in traces(both), await wakes(both)) == (True, False, [])


async def test_a_scrub_an_hour(both: Both) -> None:
    """Who asks again at once has to wait: the file is not written anew each minute."""
    await both.answers("telegram", "B")
    await forgotten(both)
    await passed(both, timedelta(minutes=1))
    await both.telegram(TYPED)
    await forgotten(both)
    await Outbox(engine(both)).take_in((), ["telegram:9"])
    await passed(both, timedelta(minutes=58))
    before = TYPED.encode() in traces(both)
    await passed(both, timedelta(minutes=2))

    assert (before, TYPED.encode() in traces(both), await wakes(both)) == (True, False, [])


async def passed(both: Both, time: timedelta) -> None:
    await both.office.move(both.office.clock.now() + time)


async def wakes(both: Both) -> list[str]:
    """The timers of scrubs."""
    return await engine(both).read(lambda db: [key for (key,) in db.execute("SELECT key FROM wake") if "scrub" in key])


async def cards(both: Both) -> RevisionId:
    found = await both.store.card((await both.questions())[0])
    assert found is not None
    return found.revision.id
