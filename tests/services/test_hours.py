"""The daily question in /settings: hours, days, none; quiet hours and the clock."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.prompt import Text
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Said
from bot.ports.daily import Daily
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.store import Store
from tests.services.conftest import Chat, NewChat, Standing, Straight

SETTINGS = "设置\n每日一题：{} · 目标：每天 5 题 · 语言：简体中文"


@pytest.fixture
def services(store: Store, clock: Standing) -> Services:
    """A house whose platform can be written to first."""
    dice = Straight(7)
    house = House(store, clock, dice, Ids(dice))
    return Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "sums"}, platforms={"test"})


async def daily_of(chat: Chat) -> Daily:
    found = await chat.services.house.storage.daily((await chat.person()).learner.id)
    assert found is not None
    return found


async def next_at(chat: Chat) -> datetime | None:
    """When the next timer is set to, wherever the learner is."""
    store = chat.services.house.storage
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    if not await store.crowd(since, until):
        return None
    while since < until:
        middle = since + (until - since) // 2
        since, until = (middle, until) if await store.crowd(middle, until) else (since, middle)
        if until - since < (datetime.resolution * 2):
            break
    return since


async def started(new_chat: NewChat) -> Chat:
    """Somebody on the page of the daily question, which comes at 7:30."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.services.dailies.at(await lin.person(), 450)
    await lin.say("/settings")
    await lin.press("每日一题")
    return lin


async def test_off_until_an_hour_is_chosen(new_chat: NewChat) -> None:
    """Nothing is sent before it is wanted; then one of three hours, and off again."""
    lin = await new_chat()
    await lin.say("/start")

    assert await lin.say("/settings") == SETTINGS.format("不送")
    assert await lin.press("每日一题") == "每日一题：不送。"
    assert await lin.press("改时间") == "每天几点？"
    assert await lin.press("12:30") == "每日一题：每天 12:30。"
    assert await lin.press("不送") == "每日一题：不送。"
    assert (await daily_of(lin)).rhythm == "off"


async def test_three_hours_a_day(new_chat: NewChat) -> None:
    """Hours are added up to three, in the study day's order, changed one by one and dropped, but for the last."""
    lin = await started(new_chat)
    add = lin.shown["再加一次"]

    assert await lin.act(add) == "再加几点？一天最多三次。"
    assert await lin.press("20:00") == "每日一题：每天 7:30、20:00。"
    assert await lin.act("hours:add_at:30") == "每日一题：每天 7:30、20:00、0:30。"
    assert await lin.act("hours:add_at:31") == "一天最多三次。"
    assert await lin.act("hours:add_at:30") == "每日一题：每天 7:30、20:00、0:30。"
    assert await lin.act("hours:add_at:1440") == "这题不在了。发 /study 出新的。"
    assert await lin.press("改时间") == "改哪一次？"
    assert await lin.act("hours:change:1200") == "20:00 改到几点？"
    assert await lin.press("18:00") == "每日一题：每天 7:30、18:00、0:30。"
    assert await lin.act("hours:drop:450") == "每日一题：每天 18:00、0:30。"
    assert await lin.act("hours:drop:30") == "每日一题：每天 18:00。"
    assert await lin.act("hours:drop:1080") == "每日一题：每天 18:00。"
    assert await lin.act("hours:change") == "18:00 改到几点？"


async def test_an_hour_is_typed(new_chat: NewChat) -> None:
    """What is asked for may be typed; what is no time is asked again, and any page ends the waiting."""
    lin = await started(new_chat)
    await lin.press("再加一次")

    assert await lin.press("别的时间") == "每天几点？发给我，比如 6:50。"
    assert await lin.say("早上") == "没看懂。发个时间，比如 6:50。"
    assert await lin.say("6:50") == "每日一题：每天 6:50、7:30。"
    await lin.act("hours:other:move:410")
    assert await lin.say("7点") == "每日一题：每天 7:00、7:30。"
    await lin.act("hours:other:add_at")
    await lin.act("hours")
    assert (await lin.services.study.place(await lin.person())).awaits == ""


async def test_days_without_one(new_chat: NewChat) -> None:
    """A day is switched off and on; the last one stays; the timer passes over it."""
    lin = await started(new_chat)
    assert await next_at(lin) == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday 7:30 in Shanghai
    assert await lin.press("哪几天") == "哪几天送？"
    assert await lin.press("二") == "哪几天送？"
    assert (await lin.person()).learner.off_days == (1,)
    assert await next_at(lin) == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert await lin.act("hours") == "每日一题：7:30，周二不送。"
    for day in (0, 2, 3, 4, 5):
        await lin.act(f"hours:day:{day}")
    assert "至少留一天" in await lin.act("hours:day:6")
    await lin.act("hours:day:1")
    assert await lin.act("hours") == "每日一题：7:30，周一、周三、周四、周五、周六不送。"
    assert "不在了" in await lin.act("hours:day:7")


async def test_days_need_no_daily_question(new_chat: NewChat) -> None:
    """The days hold for the streak too: they may be set where nothing is sent."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.act("hours:day:6")

    assert (await lin.person()).learner.off_days == (6,)
    assert await next_at(lin) is None


async def test_weekly_and_daily_again(new_chat: NewChat) -> None:
    """Who was asked weekly sees it, may keep it at another time, and goes back with one press."""
    lin = await started(new_chat)
    person = await lin.person()
    await lin.services.dailies.rhythm(person, "weekly")

    assert await lin.say("/settings") == SETTINGS.format("周日 7:30")
    assert await lin.press("每日一题") == "每日一题：每周一次，周日 7:30。"
    assert await lin.act("hours:move:450:480") == "每日一题：每周一次，周日 8:00。"
    assert await lin.press("照旧每天") == "每日一题：每天 8:00。"
    assert (await daily_of(lin)).rhythm == "daily"


async def test_an_hour_at_the_beginning_of_the_day(new_chat: NewChat) -> None:
    """After a pause the first question may come at four o'clock sharp."""
    lin = await started(new_chat)
    await lin.act("hours:move:450:240")
    await lin.say("/pause 11-30")

    assert await next_at(lin) == datetime(2026, 11, 30, 20, tzinfo=UTC)


async def test_quiet_hours(new_chat: NewChat) -> None:
    """One of three spans, or one that is typed."""
    lin = await started(new_chat)
    said = "安静时段：{}。你自己定的每日一题照送。"
    await lin.say("/settings")

    assert await lin.press("安静时段") == said.format("22:00–7:00")
    assert await lin.press("21:00–7:00") == said.format("21:00–7:00")
    assert await lin.act("quiet:other") == "几点到几点？发给我，比如 21:00–7:00。"
    assert await lin.say("21:00") == "没看懂。发个时段，比如 21:00–7:00。"
    assert await lin.say("21–x") == "没看懂。发个时段，比如 21:00–7:00。"
    assert await lin.say("晚上 9 点半到早上 6 点") == said.format("21:30–6:00")
    assert (await lin.person()).learner.quiet == (1_290, 360)
    assert "不在了" in await lin.act("quiet:1:00–2:00")


async def test_another_clock(new_chat: NewChat) -> None:
    """The zone follows from what the clock shows, and the next question from the zone."""
    lin = await started(new_chat)
    await lin.say("/settings")
    await lin.press("更多")

    assert await lin.press("时间不对") == "你那里现在几点？"
    assert await lin.press("12:00") == SETTINGS.format("7:30")
    assert (await lin.person()).learner.zone == "Europe/London"
    assert await next_at(lin) == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert await lin.act("zone:none") == "把你那里的时间发给我，比如 14:05。"
    assert await lin.say("x") == "没看懂。发个时间，比如 14:05。"
    assert await lin.say("13:01") == SETTINGS.format("7:30")
    assert (await lin.person()).learner.zone == "Europe/Berlin"
    assert "不在了" in await lin.act("zone:Nowhere")


async def test_the_offer_keeps_its_clock(new_chat: NewChat) -> None:
    """The same clocks stand below the question about the daily question, and lead back to it."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.act("d:clock")
    press = Incoming("press", "test", lin.account, "room", lin.shown["12:00"])
    said = await lin.router.handle(press)
    await lin.act("d:none")
    unclear = await lin.say("x")
    typed = await lin.router.handle(replace(press, kind="text", words="13:01"))

    assert (keys(said), unclear, keys(typed)) == (["offer.again"], "没看懂。发个时间，比如 14:05。", ["offer.again"])
    assert (await lin.person()).learner.zone == "Europe/Berlin"


def keys(said: Said) -> list[str]:
    return [block.key for reply in said.replies for block in reply.blocks if isinstance(block, Text)]


async def test_silence_shows_as_none(new_chat: NewChat) -> None:
    """Where the bot fell silent by itself nothing is sent, and the page says so."""
    lin = await started(new_chat)
    found = await daily_of(lin)
    await lin.services.house.storage.commit(
        Changes(updates=(Daily(found.learner_id, found.room_id, (450,), "silent", version=found.version),))
    )

    assert await lin.say("/settings") == SETTINGS.format("不送")
