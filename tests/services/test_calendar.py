"""A pause and an exam date: what they move, what they keep, and that taking them back leaves nothing behind."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.ports.rows import Learner, MemoryRow
from bot.router import Router
from bot.services import remembering
from bot.services.calendar import LAST_DAY, LAST_INSTANT, days_left
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.store import Store
from tests.services.conftest import Chat, NewChat, Standing, Straight, single

TODAY = date(2026, 11, 23)  # a Monday, 20:00 in Shanghai
DRAFTS = tuple(single(f"第{n}个问题问什么？", number=n) for n in range(1, 13))
ON = "到期的题都排在这之前；考完不再送。"


@pytest.fixture
def services(store: Store, clock: Standing) -> Services:
    """A house whose platform can be written to first."""
    dice = Straight(7)
    house = House(store, clock, dice, Ids(dice))
    return Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"}, platforms={"test"})


async def memories(chat: Chat) -> dict[int, MemoryRow]:
    """All of them, by question; each is what replaying its history gives."""
    learner = (await chat.person()).learner
    store = chat.services.house.storage
    rows = await store.due(learner.id, day=LAST_DAY, now=LAST_INSTANT)
    for row in rows:
        history = await store.history(learner.id, row.question_id)
        assert history is not None
        assert remembering.folded(learner, history, row.question_id) == row
    return {row.question_id: row for row in rows}


async def due_days(chat: Chat) -> list[date]:
    return sorted(row.due_day for row in (await memories(chat)).values() if row.due_day)


async def learner_of(chat: Chat) -> Learner:
    return (await chat.person()).learner


async def answered(chat: Chat, count: int) -> str:
    """So many questions, all right; the last verdict."""
    said = ""
    for _ in range(count):
        await chat.services.study.next(await chat.person(), beyond=True)
        said = await chat.say("B")
    return said


async def studied(new_chat: NewChat, count: int = 12) -> Chat:
    """Somebody who has answered so many of twelve questions today."""
    lin = await new_chat(*DRAFTS)
    await lin.say("/start")
    await answered(lin, count)
    return lin


async def test_a_pause_spreads_the_load_and_is_taken_back_whole(new_chat: NewChat) -> None:
    """What comes due in it is spread over the days after it, the goal's number a day; undone, all is as before."""
    lin = await studied(new_chat)
    before = await memories(lin)

    assert await lin.say("/pause") == "暂停几天？也可以发日期，比如 12-10。"
    assert await lin.press("1 周") == "暂停到 11 月 30 日，这几天不送。到期的题分到后面几天；想练，发 /study。"
    first = date(2026, 12, 1)
    assert await due_days(lin) == [first] * 5 + [first + timedelta(1)] * 5 + [first + timedelta(2)] * 2
    learner = await learner_of(lin)
    assert (learner.paused_until, learner.pauses) == (date(2026, 11, 30), (("2026-11-23", "2026-11-30"),))
    undo = lin.shown["撤销"]
    assert await lin.act(undo) == "已撤销，照常送。"
    assert due_of(await memories(lin)) == due_of(before)
    assert (await learner_of(lin)).pauses == ()
    assert await lin.act(undo) == "这次暂停已经结束了。"


def due_of(rows: dict[int, MemoryRow]) -> dict[int, tuple[date | None, datetime | None]]:
    return {question: (row.due_day, row.due_at) for question, row in rows.items()}


async def test_a_pause_keeps_the_streak(new_chat: NewChat) -> None:
    """Days of a pause neither break nor count; ended early it still covers those that are over."""
    lin = await studied(new_chat, 1)
    lin.clock.pass_by(days=1)
    await answered(lin, 1)

    assert "连续 2 天留着" in await lin.say("/pause 12-10")
    lin.clock.pass_by(days=8)
    await lin.press("撤销")
    learner = await learner_of(lin)
    assert (learner.paused_until, learner.pauses) == (None, (("2026-11-24", "2026-12-01"),))
    assert "连续 3 天" in await answered(lin, 1)


async def test_a_pause_in_the_place_of_another(new_chat: NewChat) -> None:
    """The present one is told; a new one takes its place from the same first day, and one undo ends it."""
    lin = await studied(new_chat)
    before = await memories(lin)
    await lin.say("/pause 11-26")
    assert await lin.say("/pause") == "现在暂停到 11 月 26 日。改成几天？也可以发日期，比如 12-10。"
    assert "11 月 24 日" in await lin.say("11-24")
    assert (await learner_of(lin)).pauses == (("2026-11-23", "2026-11-24"),)
    assert (await due_days(lin))[0] == min(row.due_day for row in before.values() if row.due_day)
    await lin.say("/pause")
    await lin.press("撤销")
    assert due_of(await memories(lin)) == due_of(before)


async def test_a_pause_after_a_pause(new_chat: NewChat) -> None:
    """One that is over stays in the streak; undoing the next does not touch it."""
    lin = await studied(new_chat)
    await lin.say("/pause 11-24")
    kept = await memories(lin)
    lin.clock.pass_by(days=3)
    await lin.say("/pause 11-29")
    assert (await learner_of(lin)).pauses == (("2026-11-23", "2026-11-24"), ("2026-11-26", "2026-11-29"))
    await lin.press("撤销")

    assert (await learner_of(lin)).pauses == (("2026-11-23", "2026-11-24"),)
    assert due_of(await memories(lin)) == due_of(kept)


async def test_nothing_is_sent_in_a_pause(new_chat: NewChat) -> None:
    """The timer is set beyond it, and back when it is taken back."""
    lin = await studied(new_chat)
    await lin.services.dailies.at(await lin.person(), 450)
    store = lin.services.house.storage
    morning = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    minute = timedelta(minutes=1)

    assert await store.crowd(morning, morning + minute) == 1
    await lin.say("/pause 11-26")
    assert await store.crowd(morning, morning + timedelta(days=3)) == 0
    assert await store.crowd(morning + timedelta(days=3), morning + timedelta(days=3) + minute) == 1
    await lin.press("撤销")
    assert await store.crowd(morning, morning + minute) == 1


async def test_dates_that_are_none(new_chat: NewChat) -> None:
    """A day that is over, today, or no day: asked again, and the next text is the date; forged buttons are refused."""
    lin = await studied(new_chat, 1)
    exam, pause = (f"没看懂。发个以后的日期，比如 {day}。" for day in ("12-19", "12-10"))

    assert await lin.say("/exam 2026-11-20") == exam
    assert await lin.say("11-23") == exam
    assert await lin.say("12-20") == f"考试：12 月 20 日，还有 27 天。{ON}"
    assert await lin.say("/pause x") == pause
    assert await lin.say("下周") == pause
    assert "不在了" in await lin.act("pause:back:x")
    assert await lin.act("pause:4") == "暂停几天？也可以发日期，比如 12-10。"
    assert await lin.act("exam:back:2026-12-19") == "考试日期后来改过了。"


async def test_an_exam_brings_all_before_it_and_is_taken_back(new_chat: NewChat) -> None:
    """At once, over the last days before it; another date moves all anew; undone, the date before holds, then none."""
    lin = await studied(new_chat)
    before = await memories(lin)
    assert await lin.say("/exam") == "哪天考？发给我，比如 12-19。"
    assert await lin.say("11-26") == f"考试：11 月 26 日，还有 3 天。{ON}"
    soon = await due_days(lin)
    assert max(soon) < date(2026, 11, 26)
    first = lin.shown["撤销"]
    assert await lin.say("/exam 11-25") == f"考试：11 月 25 日，还有 2 天。{ON}"
    assert max(await due_days(lin)) < date(2026, 11, 25)
    assert await lin.act(first) == "考试日期后来改过了。"
    assert await lin.press("撤销") == "已撤销，考试还是 11 月 26 日。"
    assert await due_days(lin) == soon
    assert await lin.say("/exam") == "考试：11 月 26 日，还有 3 天。要改，发个日期，比如 12-19。"
    assert await lin.press("撤销") == "已撤销，到期的题排回原来的日子。"
    assert due_of(await memories(lin)) == due_of(before)


async def test_a_date_before_that_is_over(new_chat: NewChat) -> None:
    """Undo does not bring back an exam that has been meanwhile."""
    lin = await studied(new_chat, 1)
    await lin.say("/exam 11-25")
    await lin.say("/exam 12-20")
    lin.clock.pass_by(days=3)

    assert await lin.press("撤销") == "已撤销，到期的题排回原来的日子。"
    assert (await learner_of(lin)).exam is None


async def test_answers_stay_before_the_exam(new_chat: NewChat) -> None:
    """Every later interval too, for tomorrow at the earliest; undo and the exam taken back know the whole one."""
    lin = await studied(new_chat, 0)
    await lin.say("/exam 11-24")
    assert "下次：明天" in await lin.say("B")
    assert await due_days(lin) == [date(2026, 11, 24)]
    await lin.say("/exam 12-20")
    assert await due_days(lin) == [date(2026, 11, 25)]
    lin.clock.pass_by(days=2)
    await answered(lin, 1)
    lin.clock.pass_by(days=9)
    assert "下次：15 天后" in await answered(lin, 1)
    assert date(2026, 12, 19) in await due_days(lin)
    await lin.say("/undo")
    await memories(lin)
    lin.clock.pass_by(days=1)
    await answered(lin, 1)
    await lin.say("/exam")
    await lin.press("撤销")
    assert max(await due_days(lin)) > date(2026, 12, 20)


async def test_a_pause_and_a_return_stay_before_the_exam(new_chat: NewChat) -> None:
    """What they spread does not reach past it, but where the pause itself does, before the pause's end."""
    lin = await studied(new_chat)
    await lin.say("/exam 12-3")
    await lin.say("/pause 12-1")
    assert max(await due_days(lin)) == date(2026, 12, 2)
    await lin.say("/pause 12-10")
    assert max(await due_days(lin)) == date(2026, 12, 2)
    await lin.press("撤销")
    lin.clock.pass_by(days=8)
    assert "欢迎回来" in await lin.say("/study")
    assert max(await due_days(lin)) == date(2026, 12, 2)


async def test_the_days_left_are_told_once_a_week(new_chat: NewChat) -> None:
    """As the last line of the week's first verdict, with a daily question or without."""
    lin = await studied(new_chat, 3)
    await lin.say("/exam 12-19")
    lin.clock.pass_by(days=1)
    assert "离考试" not in await answered(lin, 1)
    lin.clock.pass_by(days=8)
    assert (await answered(lin, 1)).splitlines()[-1] == "离考试还有 17 天。"
    assert "离考试" not in await answered(lin, 1)


@pytest.mark.parametrize(
    ("exam", "days", "expected"),
    [
        (None, (), None),
        (TODAY, (), None),
        (TODAY + timedelta(1), (TODAY - timedelta(1), TODAY), 1),
        (TODAY + timedelta(20), (TODAY - timedelta(7),), 20),
    ],
)
async def test_when_days_are_told(
    new_chat: NewChat, exam: date | None, days: tuple[date, ...], expected: int | None
) -> None:
    """Not without an exam, not on its day; weeks begin on Monday."""
    lin = await studied(new_chat, 0)
    person = await lin.services.accounts.change(await lin.person(), exam=exam)

    assert days_left(person.learner, days, TODAY) == expected


async def test_one_page_up(new_chat: NewChat, store: Store, clock: Standing) -> None:
    """返回 leads to where it was asked from: to "more", and to the settings where there is no such page."""
    lin = await studied(new_chat, 0)
    await lin.say("/settings")
    await lin.press("更多")
    await lin.press("暂停")
    assert lin.shown["返回"] == "c:more"
    assert await lin.press("返回") == "更多"
    assert await lin.press("考试日期") == "哪天考？发给我，比如 12-19。"
    house = House(store, clock, Straight(7), Ids(Straight(7)))
    alone = Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"})
    terminal = Chat(Router(alone, lambda _tag: "zh-Hans"), alone, clock)
    await terminal.say("/exam")
    assert terminal.shown["返回"] == "c:back"
    assert await terminal.press("返回") == "设置\n目标：每天 5 题 · 语言：简体中文"


Act = Callable[[Chat], Awaitable[object]]
ACTS: tuple[Act, ...] = (
    lambda chat: answered(chat, 1),
    lambda chat: answered(chat, 3),
    lambda chat: chat.say("/undo"),
    lambda chat: chat.say(f"/exam {(chat.clock.now() + timedelta(days=2)).date()}"),
    lambda chat: chat.say(f"/exam {(chat.clock.now() + timedelta(days=25)).date()}"),
    lambda chat: chat.act("pause:3"),
    lambda chat: chat.act("pause:14"),
    lambda chat: chat.act(chat.shown.get("撤销", "c")),
    lambda chat: chat.act(chat.shown.get("蒙的", "c")),
    lambda chat: chat.say("/study"),
)


@pytest.mark.parametrize("seed", range(3))
async def test_replaying_gives_the_stored_state(new_chat: NewChat, seed: int) -> None:
    """Whatever order answers, undo, pauses and exam dates come in, the histories hold all of it."""
    lin, dice = await studied(new_chat, 3), Random(seed)  # noqa: S311 - an example's dice
    for _ in range(30):
        await dice.choice(ACTS)(lin)
        await memories(lin)
        lin.clock.pass_by(hours=dice.choice((0, 1, 8, 24, 72, 240)))

    assert await memories(lin)
