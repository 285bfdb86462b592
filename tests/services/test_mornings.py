"""The daily question as days pass: it comes, waits, goes; a pause holds it, an exam ends it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.domain.question import LearnerId
from bot.ports.changes import Changes
from bot.ports.chat import Reply
from bot.ports.rows import Room
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import Words
from tests.services.conftest import Chat, NewChat, Standing, Straight, _lines, single

DRAFTS = tuple(single(f"第{n}个问题问什么？", number=n) for n in range(1, 31))
DAY = timedelta(days=1)


@pytest.fixture
def services(store: Store, clock: Standing) -> Services:
    """A house whose platform can be written to first."""
    dice = Straight(7)
    house = House(store, clock, dice, Ids(dice))
    return Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"}, platforms={"test"})


@dataclass
class Days:
    """A chat whose timers ring and whose messages arrive while time passes."""

    chat: Chat
    post: Outbox
    shown: dict[str, str] = field(default_factory=dict)  # by slot: what is on screen

    async def passing(self, time: timedelta) -> list[str]:
        """What the bot says first meanwhile, line by line."""
        clock, end = self.chat.clock, self.chat.clock.now() + time
        said: list[str] = []
        while (due := await self.post.next_wake()) is not None and due <= end:
            await clock.sleep_until(due)
            for wake in await self.post.claim_wakes(clock.now(), 9):
                await self.chat.router.wake(wake)
            said += await self._sent()
        await clock.sleep_until(end)
        return said

    async def _sent(self) -> list[str]:
        said: list[str] = []
        while letters := (await self.post.claim_letters("test", self.chat.clock.now(), 9))[0]:
            for letter in letters:
                said += self._arrived(letter.message.reply)
                await self.post.delivered(letter.message, ("1",), self.chat.clock.now())
        return said

    def _arrived(self, reply: Reply) -> list[str]:
        if reply.away:
            self.shown.pop(reply.slot or "", None)
            return []
        lines = _lines(reply, Words("zh-Hans", "zh-Hans"))
        if reply.slot is not None:
            self.shown[reply.slot] = lines[0]
        return lines[:1]


@pytest.fixture
async def days(new_chat: NewChat, store: Store) -> Days:
    """Somebody who has answered three of thirty questions, and gets one every day at 7:30."""
    lin = await new_chat(*DRAFTS)
    await lin.say("/start")
    for _ in range(3):
        await lin.say("B")
        await lin.say("/study")
    await lin.say("A")
    await lin.services.dailies.at(await lin.person(), 450)
    assert isinstance(store.engine, SqliteStorage)
    return Days(lin, Outbox(store.engine))


async def test_one_a_day_and_the_old_one_goes(days: Days) -> None:
    """Every morning a question, in the place of yesterday's; after an answer that morning none."""
    first = await days.passing(DAY)
    second = await days.passing(DAY)
    assert len(first) == len(second) == 1
    assert len(days.shown) == 1
    days.chat.clock.pass_by(hours=11)  # 7:00
    await days.chat.say("/study")
    await days.chat.say("B")

    assert await days.passing(timedelta(hours=2)) == []


async def test_weekly_then_silent_then_asked_once_more(days: Days) -> None:
    """After four unanswered days it is said that it becomes weekly; after three Sundays nothing is, ever."""
    said = await days.passing(5 * DAY)
    assert said[4:] == ["这几天忙？每日一题先改成每周一次，周日送。"]
    said = await days.passing(60 * DAY)
    found = await days.chat.services.house.storage.daily((await days.chat.person()).learner.id)

    assert len(said) == 3
    assert found is not None
    assert (found.rhythm, found.offering) == ("silent", True)
    assert await days.post.next_wake() is None


async def test_a_pause_holds_it(days: Days) -> None:
    """Nothing comes in it, nor what was put off before it; the morning after its last day it comes again."""
    await days.passing(timedelta(hours=12))
    await days.chat.act("z")
    await days.chat.say("/pause 11-27")

    assert await days.passing(timedelta(days=3, hours=22)) == []  # to the 28th, 6:00
    assert len(await days.passing(timedelta(hours=2))) == 1


async def test_an_exam_ends_it_with_one_message(days: Days) -> None:
    """On the exam's day it still comes; the day after one closing message, then nothing, and the date is forgotten."""
    await days.chat.say("/exam 11-25")
    assert len(await days.passing(2 * DAY)) == 2
    assert await days.passing(5 * DAY) == ["考试过了，不再送题。学过的都留着；想练，发 /study。"]

    assert (await days.chat.person()).learner.exam is None


async def test_after_downtime_never_two(days: Days) -> None:
    """What is three hours late does not come; the next one does."""
    days.chat.clock.pass_by(days=3)

    assert await days.passing(DAY) != []
    assert len(days.shown) == 1


async def test_nobody_to_send_to(days: Days) -> None:
    """Where the room is gone, or nobody has a daily question, a timer ends."""
    person, store = await days.chat.person(), days.chat.services.house.storage
    room = Room(person.room_id, "test", "room", days.chat.clock.now(), gone_at=days.chat.clock.now(), version=1)
    await store.commit(Changes(updates=(room,)))
    await days.passing(DAY)
    assert await days.post.next_wake() is None
    wei = Chat(days.chat.router, days.chat.services, days.chat.clock, "wei")
    await wei.say("/start")
    stranger = LearnerId((await wei.person()).learner.id)

    assert await days.chat.services.mornings.due(stranger, days.chat.clock.now()) is None


async def test_nothing_left_to_ask(new_chat: NewChat, store: Store) -> None:
    """Where all is answered and nothing due, the morning passes in silence and the next one is planned."""
    lin = await new_chat(DRAFTS[0])
    await lin.say("/start")
    await lin.say("B")
    await lin.services.dailies.at(await lin.person(), 450)
    assert isinstance(store.engine, SqliteStorage)
    found = Days(lin, Outbox(store.engine))

    assert await found.passing(timedelta(hours=12)) == []
    assert await found.post.next_wake() == datetime.fromisoformat("2026-11-24T23:30:00+00:00")
