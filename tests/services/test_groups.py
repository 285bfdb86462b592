"""Groups: set up by who runs them, asked once a day, answered by each for themselves, through the real core."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands.board import ALERT, WORDS
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.question import AskId, Draft, Option, RoomId
from bot.ports.chat import Incoming
from bot.ports.groups import Course, Venue
from bot.ports.reads import Person
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import LANGUAGES, Language, Words, language_of
from tests.services.conftest import (  # noqa: F401 - fixtures
    DRAFTS,
    Standing,
    Straight,
    clock,
    reading,
    single,
    store,
)
from tests.services.square import GROUP, Town, Wired

BEIJING = ZoneInfo("Asia/Shanghai")
NewTown = Callable[..., Awaitable[Town]]


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)


def town_of(store: Store, clock: Standing) -> Town:  # noqa: F811 - the fixtures
    dice, wire = Straight(7), Wired({(GROUP, "hua"), (GROUP, "ming")})
    house = House(store, clock, dice, Ids(dice))
    services = Services(house, zone="Asia/Shanghai", bundled={"zh-Hans": "own"}, wires={"test": wire})
    assert isinstance(store.engine, SqliteStorage)
    return Town(Router(services, language_of), services, clock, Outbox(store.engine), wire)


@pytest.fixture
def new_town(store: Store, clock: Standing) -> NewTown:  # noqa: F811
    """A town at 20:55; the set "sums" holds the drafts given."""

    async def made(*drafts: Draft) -> Town:
        town = town_of(store, clock)
        clock.instant = at(24, 20, 55)
        await town.services.importing.read(reading(*(drafts or DRAFTS)), "sums", source="1")
        return town

    return made


async def running(town: Town) -> None:
    """The group studies "sums" at 12:00, and it is a minute before the first question."""
    await town.happens("room", "hua", "added", GROUP)
    await town.presses("hua", "选题库", GROUP)
    await town.says("hua", f"/start {town.opened}")
    await town.presses("hua", next(label for label in town.shown if label.startswith("算术")))
    await town.presses("hua", "每天 12:00")
    await town.until(at(25, 11, 59))
    town.news()


async def venue(town: Town) -> Venue:
    found = await town.services.house.storage.venue_of("test", GROUP)
    assert found is not None
    return found


async def course(town: Town) -> Course:
    found = (await venue(town)).course
    assert found is not None
    return found


async def test_a_group_is_set_up(new_town: NewTown) -> None:
    """Added: one message, nothing starts; an administrator chooses set and hour in private, nobody else may."""
    town = await new_town()
    hello = await town.happens("room", "hua", "added", GROUP)
    assert hello == "大家好。我每天出一题，各答各的，到点公布解析。\n管理员先选题库。\n[选题库][用法]"
    assert "8 小时后公布答案和解析" in await town.presses("wei", "用法", GROUP)
    assert "这一步要管理员来" in await town.presses("wei", "选题库", GROUP)
    assert town.opened == ""
    assert (await town.services.numbers.totals())[0].learners == 0
    await town.presses("hua", "选题库", GROUP)
    link = town.opened
    assert "那个群的管理员" in await town.says("wei", f"/start {link}")
    assert "给「群」用哪个题库？\n[算术 · 6 题]" in await town.says("hua", f"/start {link}")
    await town.presses("hua", "算术 · 6 题")
    assert "群里每天一题？现在是北京时间 20:55。" in await town.happens(
        "press", "hua", town.shown["每天 9:00"].replace("hour:", "hours:")
    )
    assert "7:00 到 13:50 之间" in await town.presses("hua", "别的时间")
    assert "要在 22:00 前" in await town.says("hua", "19:00")
    assert "没看懂" in await town.says("hua", "早点")
    said = await town.says("hua", "12:00")
    assert said == "好，明天 12:00 群里见，20:00 公布答案。想改或停，在群里发 /settings。"
    assert town.news() == []
    assert (await course(town)).zone == "Asia/Shanghai"


async def test_the_question_of_the_day(new_town: NewTown) -> None:
    """It hangs for all, each press is answered to the presser alone, and the counter follows ten seconds apart."""
    town = await new_town(single("一加一是几？", explanation="一个再添一个。", reference="算术"))
    await running(town)
    await town.until(at(25, 12))
    stem = "一加一是几？\n20:00 公布答案 · "
    buttons = "[A 一][B 二][C 三]\n[看解析]"
    assert [(GROUP, f"{stem}还没有人答\n{buttons}")] == town.news()
    assert not town.wire.sent[-1][1].silent
    told = await town.presses("wei", "A 一", GROUP)
    assert told == "✗ 答错了，正确答案是 B 二。点「看解析」，私聊里马上看。"
    assert await town.presses("wei", "B 二", GROUP) == "这题已经答过了：A。"
    for name in ("a", "b", "c"):
        assert "✓ 答对了。B 二" in await town.presses(name, "B 二", GROUP)
    assert town.news() == []
    await town.until(at(25, 12, 0, 10))
    assert [(GROUP, f"{stem}4 人答了\n{buttons}")] == town.news()
    await town.until(at(25, 13))
    assert town.news() == []
    learner = (await known(town, "wei")).learner
    assert (learner.zone, learner.language) == ("Asia/Shanghai", "zh-Hans")
    await town.until(at(25, 20))
    ((room, words),) = town.news()
    assert room == GROUP
    assert words.split("\n") == [
        "一加一是几？",
        "A 一 · 1 人",
        "B 二 · 3 人 · 正确答案",
        "C 三 · 0 人",
        "4 人答了，3 人答对。",
        "解析：一个再添一个。",
        "出处：算术",
        "[我的答案][题目有误]",
    ]
    assert await town.presses("wei", "B 二", GROUP) == "这题已经答过了：A。"
    assert await town.presses("new", "B 二", GROUP) == "已经公布了，正确答案是 B 二。"


async def known(town: Town, who: str) -> Person:
    found = await town.services.house.storage.person("test", who, who)
    assert found is not None
    return found


async def test_the_explanation_is_one_press_away(new_town: NewTown) -> None:
    """It is the presser's first hello: the own answer, its explanation, the group's set from then on."""
    town = await new_town()
    await running(town)
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    assert await town.says("zhou", f"/start why_{ask}") == "先答再看。20:00 也会在群里公布。"
    await town.presses("wei", next(label for label in town.shown if town.shown[label] == f"a:{ask}:0"), GROUP)
    said = await town.says("wei", f"/start why_{ask}")
    assert "你选了" in said
    assert said.endswith(("[下一题]\n[撤销][题目有误]", "[下一题]\n[蒙的][撤销][题目有误]"))
    assert "哪里不对？" in await town.says("wei", f"/start wrong_{ask}")
    shelves = await town.services.sets.shelves(await known(town, "wei"))
    assert [shelf.taking_part for shelf in shelves] == [True]
    await town.services.sets.leave(await known(town, "wei"), "sums")
    await town.says("wei", f"/start mine_{ask}")
    shelves = await town.services.sets.shelves(await known(town, "wei"))
    assert [shelf.taking_part for shelf in shelves] == [False]
    assert "已撤销" in await town.presses("wei", "撤销")
    assert "这题撤销了" in await town.happens("press", "wei", f"a:{ask}:0", GROUP)
    assert "这题撤销了" in await town.says("wei", f"/start why_{ask}")


async def test_after_the_reveal_the_question_comes_privately(new_town: NewTown) -> None:
    """Who has not answered gets it alone; the room's counts stay, and few answers are not told apart."""
    town = await new_town(single("一加一是几？"))
    await running(town)
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    await town.presses("wei", "B 二", GROUP)
    await town.until(at(25, 20))
    assert town.news()[-1][1].split("\n")[1:5] == ["A 一", "B 二 · 正确答案", "C 三", "1 人答了。"]
    assert "一加一是几" in await town.says("zhou", f"/start wrong_{ask}")
    assert "一加一是几" in await town.presses("zhou", "我的答案")
    await town.presses("zhou", "A 一")
    assert "你选了 A 一，正确答案是 B 二。" in await town.presses("zhou", "我的答案")
    await town.until(at(25, 21))
    assert town.news() == []


async def test_several_are_toggled_each_for_themselves(new_town: NewTown) -> None:
    """State is per learner; the alert says what one has, and submit decides."""
    options = (Option("二"), Option("四"), Option("五"))
    town = await new_town(Draft("multiple", "哪些是偶数？", options=options, right=(0, 1)))
    await running(town)
    await town.until(at(25, 12))
    assert "[提交]" in town.news()[-1][1]
    assert await town.presses("wei", "提交", GROUP) == "先选，再提交。"
    assert await town.presses("wei", "A 二", GROUP) == "你选了 A，选好点「提交」。"
    assert await town.presses("lin", "C 五", GROUP) == "你选了 C，选好点「提交」。"
    assert await town.presses("lin", "C 五", GROUP) == "一个都没选，选好点「提交」。"
    assert await town.presses("wei", "B 四", GROUP) == "你选了 A、B，选好点「提交」。"
    assert "✓ 答对了。A 二、B 四" in await town.presses("wei", "提交", GROUP)
    await town.presses("lin", "A 二", GROUP)
    assert "少选了 B 四。正确答案是 A 二、B 四。点「看解析」" in await town.presses("lin", "提交", GROUP)
    ask = town.shown["看解析"].removeprefix("/start why_")
    assert "这题不在了" in await town.happens("press", "wei", f"a:{ask}:h", GROUP)
    assert "你选了 A 二，正确答案是 A 二、B 四。" in await town.presses("lin", "看解析")
    assert "你选了 A 二、B 四，答对了。" in await town.presses("wei", "看解析")


async def test_a_statement(new_town: NewTown) -> None:
    """True and false are told in words."""
    town = await new_town(Draft("boolean", "二是偶数。", truth=True))
    await running(town)
    await town.until(at(25, 12))
    assert "✗ 答错了，这句话是正确的。点「看解析」" in await town.presses("wei", "错误", GROUP)
    assert "你选了「错误」。✗ 答错了，这句话是正确的。" in await town.presses("wei", "看解析")
    for name in ("a", "b"):
        await town.presses(name, "正确", GROUP)
    await town.until(at(25, 20))
    assert town.news()[-1][1].split("\n")[1:4] == ["正确 · 2 人 · 正确答案", "错误 · 1 人", "3 人答了，2 人答对。"]
    assert await town.presses("zhou", "错误", GROUP) == "已经公布了，正确答案是 正确。"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_alert_fits(new_town: NewTown, language: str) -> None:
    """Two hundred characters hold every alert: the letters alone where the options are long."""
    options = tuple(Option(f"{name}{'很长的选项' * 8}") for name in "甲乙丙丁戊己庚辛")
    town = await new_town(Draft("multiple", "哪些？", options=options, right=(0, 1, 2, 3, 4)))
    await running(town)
    await town.until(at(25, 12))
    town.language = language
    hello = Incoming("text", "test", "wei", "wei", "", language=language)
    person = await town.services.accounts.welcomed(hello, language, with_set=False)
    ask = town.shown["看解析"].removeprefix("/start why_")
    for place in (1, 5, 6, 7):
        await town.happens("press", "wei", f"a:{ask}:{place}", GROUP)
    said = await town.happens("press", "wei", f"a:{ask}:s", GROUP)

    assert person.learner.language == language
    assert "很长" not in said
    assert len(said) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_may_be_told_fits_an_alert(language: Language) -> None:
    """The interface's own words stay within their share of an alert."""
    said = Words(language, "written")
    parts = {"first": "verdict.multiple.wrong", "second": "verdict.multiple.answer"}
    two = Text("board.two", {name: Text(key, {"extra": "", "answers": ""}) for name, key in parts.items()})
    longest = [
        Text("board.alert", {"verdict": two}),
        Text("board.alert", {"verdict": Text("verdict.single.wrong", {"answer": ""})}),
        Text("board.alert_right", {"verdict": Text("verdict.multiple.right", {"answers": ""})}),
        Text("board.closed", {"answer": ""}),
    ]

    assert [text for text in longest if len(said.say(text)) > WORDS] == []
    assert len(said.say(Text("group.usage"))) <= ALERT
    assert len(said.say(Text("group.admins"))) <= ALERT


async def test_commands_and_files_in_a_group(new_town: NewTown) -> None:
    """One silent line, taken away after a minute; /settings for who runs it; a paper before a set is chosen."""
    town = await new_town()
    await town.happens("room", "hua", "added", GROUP)
    assert (
        await town.happens("file", "wei", "seed.TXT", GROUP) == "收到试卷。请到私聊里核对，这里不刷屏。\n[去私聊核对]"
    )
    assert await town.happens("file", "wei", "cat.jpg", GROUP) == ""
    assert "studybot import" in await town.presses("wei", "去私聊核对")
    assert "studybot import" in await town.happens("file", "wei", "seed.txt")
    await running(town)
    assert await town.happens("file", "wei", "seed.txt", GROUP) == ""
    assert await town.says("wei", "/study", GROUP) == ""
    assert town.news() == [(GROUP, "到私聊里练，这里不刷屏。\n[开始练习]")]
    assert town.wire.sent[-1][1].silent
    await town.until(at(25, 11, 59, 59))
    assert town.news() == []
    await town.until(at(25, 12, 0, 0))
    assert town.wire.sent[-2][1].away or town.wire.sent[-1][1].away
    town.news()
    await town.says("wei", "/settings", GROUP)
    assert "这一步要管理员来" in town.news()[-1][1]
    await town.until(at(25, 12, 0, 10))
    await town.says("hua", "/settings@bot", GROUP)
    assert town.news()[-1] == (GROUP, "到私聊里改，这里不刷屏。\n[设置]")
    assert "「群」的设置\n题库：算术 · 每天 12:00" in await town.presses("hua", "设置")
    assert await town.says("wei", "/ban", GROUP) == ""
    assert await town.says("wei", "早上好", GROUP) == ""
    assert "这题不在了" in await town.happens("press", "wei", "m", GROUP)
    assert town.news() == []


async def test_one_line_however_many_ask(new_town: NewTown) -> None:
    """A line takes the place of the one before, ten seconds apart, and what is asked in between is one line."""
    town = await new_town()
    await running(town)
    line = (GROUP, "到私聊里练，这里不刷屏。\n[开始练习]")
    await town.says("wei", "/study", GROUP)
    for second in range(1, 9):
        await town.until(at(25, 11, 59, second))
        await town.says("wei", "/study", GROUP)
    await town.says("wei", "/settings", GROUP)
    assert [one for one in town.news() if one[1]] == [line]
    await town.until(at(25, 11, 59, 10))
    taken, said = town.news()
    assert (taken, "这一步要管理员来" in said[1], town.wire.changed[-2]) == ((GROUP, ""), True, ("1",))
    await town.until(at(25, 12, 0, 9))
    assert [words for _, words in town.news() if "还没有人答" not in words] == []
    await town.until(at(25, 12, 0, 10))
    assert town.news() == [(GROUP, "")]


async def test_nobody_keeps_a_question_from_hanging(new_town: NewTown) -> None:
    """Somebody asks something every second, and the room takes one message a second: the question is the next."""
    town = await new_town()
    await running(town)
    await town.says("wei", "/study", GROUP)
    town.clock.instant = at(25, 12)
    for wake in await town.post.claim_wakes(town.clock.now(), 9):
        await town.router.wake(wake)
    town.clock.instant = at(25, 12, 0, 1)
    await town.router.handle(Incoming("command", "test", "wei", GROUP, "/study", language="zh-Hans", group="群"))
    letters, _ = await town.post.claim_letters("test", town.clock.now(), 9)

    assert [letter.message.key.partition(":")[0] for letter in letters] == ["board"]


async def test_an_administrator_who_speaks_as_the_group(new_town: NewTown) -> None:
    """Nobody knows who it is: the line's button leads whoever presses it to their own chat, where they are asked."""
    town = await new_town()
    await running(town)
    await town.says("", "/settings", GROUP)
    assert town.news() == [(GROUP, "到私聊里改，这里不刷屏。\n[设置]")]
    assert "「群」的设置" in await town.presses("hua", "设置")
    assert "那个群的管理员" in await town.presses("wei", "设置")
    await town.says("", "/exam 11-30", GROUP)
    assert (await course(town)).exam == date(2026, 11, 30)


async def test_the_page_of_a_group(new_town: NewTown) -> None:
    """Hour, sound, zone, set, exam date and stop; what is changed leads back."""
    town = await new_town()
    await running(town)
    link = f"/start group_{(await venue(town)).room.id}"
    await town.says("hua", link)
    assert "[有声音]" in await town.presses("hua", "✓ 有声音")
    assert not (await course(town)).sound
    await town.presses("hua", "时间不对")
    zone = next(action for action in town.shown.values() if action.startswith("room:zone:"))
    assert "「群」的设置" in await town.happens("press", "hua", zone)
    assert "这题不在了" in await town.happens("press", "hua", f"room:zone:{(await venue(town)).room.id}:Mars")
    await town.presses("hua", "时间不对")
    await town.presses("hua", "都不是")
    assert "没看懂" in await town.says("hua", "正午")
    assert "「群」的设置" in await town.says("hua", "11:59")
    assert (await course(town)).zone == "Asia/Shanghai"
    await town.presses("hua", "考试日期")
    assert "没看懂" in await town.says("hua", "从前")
    assert "考试：11 月 26 日，还有 1 天" in await town.says("hua", "11-26")
    assert "考试" in await town.says("hua", link)
    assert (await course(town)).exam == date(2026, 11, 26)
    assert "考试：" not in await town.happens("press", "hua", f"room:noexam:{(await venue(town)).room.id}")
    await town.presses("hua", "题库")
    assert "「群」的设置" in await town.presses("hua", "算术 · 6 题")
    await town.presses("hua", "改时间")
    assert "今天 12:00 群里见" in await town.presses("hua", "每天 12:00")
    room = (await venue(town)).room.id
    assert "这题不在了" in await town.happens("press", "hua", f"room:hour:{room}:1200")
    assert "周日 12:00" in await town.happens("press", "hua", f"room:weekly:{room}")
    assert "每周日 12:00" in await town.says("hua", link)
    assert "· 每天 12:00" in await town.presses("hua", "照旧每天")
    assert "不再出题" in await town.presses("hua", "停")
    assert "停着" in await town.says("hua", link)
    assert "不再出题" in await town.happens("press", "hua", f"room:weekly:{room}")
    await town.until(at(26, 12))
    assert town.news() == []
    await town.presses("hua", "改时间")
    assert "先不出" in await town.presses("hua", "先不用")


async def test_an_exam_ends_it_the_day_after(new_town: NewTown) -> None:
    """Its last question comes on the day; the day after one message, also where questions come on Sundays only."""
    town = await new_town()
    await running(town)
    room = (await venue(town)).room.id
    await town.happens("press", "hua", f"room:weekly:{room}")
    await town.happens("press", "hua", f"room:exam:{room}")
    await town.says("hua", "11-30")
    town.news()
    await town.until(at(29, 12))
    assert [room for room, _ in town.news()] == [GROUP]
    await town.until(at(30, 12))
    town.news()
    await town.until(at(1, 12, month=12))
    assert town.news() == [(GROUP, "考试过了，这里不再出题。想再出，管理员在这里发 /settings。")]
    await town.until(at(9, 12, month=12))
    assert town.news() == []


async def test_the_whole_set_before_anything_comes_again(new_town: NewTown) -> None:
    """Of six questions the three that a press can answer, each once in three days, with one board a day."""
    town = await new_town()
    await running(town)
    stems = []
    for day in (25, 26, 27):
        await town.until(at(day, 12))
        stems.append(town.news()[-1][1].split("\n")[0])

    assert len(set(stems)) == 3


async def test_few_answers_are_told_the_administrator(new_town: NewTown) -> None:
    """Five days with fewer than two: asked privately, once; weekly, another set, or stop."""
    town = await new_town()
    await running(town)
    for day in range(25, 30):
        await town.until(at(day, 21))
    private = [words for room, words in town.news() if room == "hua"]
    assert private == ["「群」最近 5 次的题，每次不到 2 人答。怎么办？\n[每周一次][换题库][停]"]
    assert "改成每周一次，周日 12:00" in await town.presses("hua", "每周一次")
    await town.until(at(5, 21, month=12))
    assert town.news() == []
    for day in (6, 13, 20, 27):
        await town.until(at(day, 21, month=12))
    assert [room for room, _ in town.news()] == [GROUP] * 8
    await town.until(datetime(2027, 1, 3, 13, tzinfo=UTC))
    assert town.news()[-1] == ("hua", "「群」最近 5 次的题，每次不到 2 人答。怎么办？\n[换题库][停]")


async def test_a_set_that_has_nothing_left(new_town: NewTown) -> None:
    """Archived meanwhile: it stops, and who set it up is told; a set that suits no group is not offered."""
    town = await new_town()
    await running(town)
    await town.services.importing.read(reading(DRAFTS[3]), "sums", source="2", replacing=True)
    await town.until(at(25, 12))
    assert town.news() == [("hua", "「群」的题库里没有适合大家一起答的题了，先停了。换个题库就接着出。\n[换题库]")]
    assert "还没有适合大家一起答的题库" in await town.presses("hua", "换题库")
    room, gone = (await venue(town)).room.id, (await course(town)).set_id
    assert "没有适合大家一起答的题了" in await town.happens("press", "hua", f"room:set:{room}:{gone}")
    assert "停着" in await town.says("hua", f"/start group_{room}")


async def test_an_administrator_whose_room_has_another_name(new_town: NewTown) -> None:
    """Some platforms call a private room by another name than the person: there they are told."""
    town = await new_town()
    await town.happens("room", "hua", "added", GROUP)
    room = (await venue(town)).room.id
    await town.happens("command", "hua", f"/start group_{room}", "elsewhere", title="")
    await running_elsewhere(town, room)
    await town.services.importing.read(reading(DRAFTS[3]), "sums", source="2", replacing=True)
    await town.until(at(25, 12))

    assert [room for room, _ in town.news()] == ["elsewhere"]
    assert (await course(town)).hour is None


async def running_elsewhere(town: Town, room: RoomId) -> None:
    """Set up by an account whose private room has another name than the account, as some platforms have it."""
    sets = await town.services.groups.sets()
    for words in (f"room:set:{room}:{sets[0][0].id}", f"room:hour:{room}:720"):
        await town.router.handle(Incoming("press", "test", "hua", "elsewhere", words, language="zh-Hans"))


async def test_a_bot_that_is_taken_out_and_comes_back(new_town: NewTown) -> None:
    """Gone: its timers sleep. Added again it goes on; speaking is enough where nobody said that it is back."""
    town = await new_town()
    await running(town)
    assert await town.happens("room", "hua", "gone", GROUP) == ""
    room = (await venue(town)).room.id
    assert "不在那个群里了" in await town.says("hua", f"/start group_{room}")
    await town.until(at(25, 13))
    assert town.news() == []
    assert "接着出题：明天 12:00" in await town.happens("room", "hua", "added", GROUP)
    assert await town.happens("room", "hua", "added", GROUP) == ""
    await town.until(at(26, 12))
    ((where, words),) = town.news()
    assert where == GROUP
    await town.happens("room", "hua", "gone", GROUP)
    await town.happens("press", "wei", town.shown[words.split("[")[1].split("]")[0]], GROUP)
    assert (await venue(town)).room.gone_at is None
    await town.happens("room", "hua", "gone", GROUP)
    await town.happens("room", "hua", "gone", GROUP)
    await town.says("wei", "/study", GROUP, title="新名")
    assert (await venue(town)).room.title == "新名"
    await town.until(at(27, 12))
    assert GROUP in [room for room, _ in town.news()]


async def test_a_room_that_takes_nothing(new_town: NewTown) -> None:
    """What cannot be sent marks the room, and is told once; nothing is planned there until it speaks."""
    town = await new_town()
    await running(town)
    town.wire.barred.add(GROUP)
    await town.until(at(25, 12))
    assert (await venue(town)).room.gone_at is not None
    await town.until(at(28, 12))
    assert [where for where, _ in town.news()] == ["hua"]
    assert await town.post.next_wake() is None
    town.wire.barred.clear()
    await town.says("wei", "/study", GROUP)
    assert len(town.news()) == 1
    await town.until(at(28, 12, 30))
    town.wire.barred.add(GROUP)
    room = (await venue(town)).room.id
    assert "现在查不到谁是管理员" in await town.says("hua", f"/start group_{room}")


async def test_a_group_becomes_a_big_one(new_town: NewTown) -> None:
    """Its platform name changes, all else stays, whoever spoke there under the new name already."""
    town = await new_town()
    await running(town)
    room = (await venue(town)).room.id
    await town.says("wei", "/study", "-100")
    await town.happens("room", "", "moved -100", GROUP)
    await town.happens("room", "", "moved -100", GROUP)
    found = await town.services.house.storage.venue_of("test", "-100")
    assert found is not None
    assert found.room.id == room
    town.news()
    await town.until(at(25, 12))
    assert "-100" in [where for where, _ in town.news()]
    await town.happens("room", "", "moved -200", "-100")
    assert (await town.services.house.storage.venue_of("test", "-200")) is not None


async def test_a_big_group_keeps_its_messages(new_town: NewTown) -> None:
    """Under the numbers of the small group's messages others hang there: none is touched, and the answer is told."""
    town = await new_town()
    await running(town)
    await town.until(at(25, 12))
    await town.says("wei", "/study", GROUP)
    await town.happens("room", "", "moved -100", GROUP)
    town.wire.changed.clear()
    town.news()
    await town.until(at(25, 21))

    assert [where for where, words in town.news() if "[我的答案]" in words] == ["-100"]
    assert set(town.wire.changed) == {()}


async def test_topics_are_rooms(new_town: NewTown) -> None:
    """A topic has its own course; where the bot leaves the chat, all of them are gone."""
    town = await new_town()
    town.wire.admins.add(("-1/5", "hua"))
    await town.says("hua", "/settings", "-1/5")
    await town.presses("hua", "设置")
    await town.presses("hua", "算术 · 6 题")
    await town.presses("hua", "每天 12:00")
    await town.happens("room", "hua", "gone", GROUP)
    found = await town.services.house.storage.venue_of("test", "-1/5")
    assert found is not None
    assert found.room.gone_at is not None
    assert await town.services.house.storage.venue_of("test", "-10") is None


async def test_topics_come_back_with_their_chat(new_town: NewTown) -> None:
    """Added again, the bot goes on where it was, in a topic too, and does not greet them as if they were new."""
    town = await new_town()
    await running(town)
    town.wire.admins.add(("-1/5", "hua"))
    await town.says("hua", "/settings", "-1/5")
    await town.presses("hua", "设置")
    await town.presses("hua", "算术 · 6 题")
    await town.presses("hua", "每天 9:00")
    await town.happens("room", "hua", "gone", GROUP)
    assert "接着出题：今天 12:00" in await town.happens("room", "hua", "added", GROUP)
    assert await town.happens("room", "hua", "added", GROUP) == ""
    town.news()
    await town.until(at(26, 9))

    assert [where for where, words in town.news() if "还没有人答" in words] == [GROUP, "-1/5"]


async def test_a_topic_goes_on_alone(new_town: NewTown) -> None:
    """Where nothing is studied in the chat itself, its topic's next question is told all the same."""
    town = await new_town()
    town.wire.admins.add(("-1/5", "hua"))
    await town.says("hua", "/settings", "-1/5")
    await town.presses("hua", "设置")
    await town.presses("hua", "算术 · 6 题")
    await town.presses("hua", "每天 12:00")
    await town.happens("room", "hua", "gone", GROUP)

    assert "接着出题：明天 12:00" in await town.happens("room", "hua", "added", GROUP)
    assert await town.happens("room", "hua", "added", GROUP) == ""


async def test_whatever_is_asked_in_a_gone_room_brings_it_back(new_town: NewTown) -> None:
    """The question how it works too: whoever presses there shows that the bot is there."""
    town = await new_town()
    await town.happens("room", "hua", "added", GROUP)
    await town.happens("room", "hua", "gone", GROUP)
    assert "8 小时后公布答案和解析" in await town.presses("wei", "用法", GROUP)
    assert (await venue(town)).room.gone_at is None


async def test_a_private_room_comes_back(new_town: NewTown) -> None:
    """Blocked and let in again, or simply speaking: the daily question is planned again."""
    town = await new_town()
    await town.says("lin", "/start")
    await town.services.dailies.at(await known(town, "lin"), 480)
    planned = await town.post.next_wake()
    await town.happens("room", "lin", "gone")
    await town.until(at(25, 9))
    assert await town.post.next_wake() is None
    await town.happens("room", "lin", "back")
    assert await town.post.next_wake() == at(26, 8)
    assert planned == at(25, 8)
    await town.happens("room", "lin", "gone")
    await town.until(at(26, 9))
    await town.says("lin", "/help")
    assert await town.post.next_wake() == at(27, 8)
    assert await town.happens("room", "nobody", "back") == ""
    assert await town.happens("room", "nobody", "gone") == ""
    assert await town.happens("room", "nobody", "moved 3") == ""
    assert await town.happens("room", "lin", "sings") == ""


async def test_two_administrators_at_once(new_town: NewTown) -> None:
    """Both choose, one after the other holds, and both are told what they set."""
    town = await new_town()
    await town.happens("room", "hua", "added", GROUP)
    room = (await venue(town)).room.id
    for who in ("hua", "ming"):
        await town.says(who, f"/start group_{room}")
    action = town.shown["算术 · 6 题"]
    said = await asyncio.gather(*(town.happens("press", who, action) for who in ("hua", "ming")))
    assert all("群里每天一题" in one for one in said)
    await town.happens("press", "hua", f"room:hour:{room}:540")
    await town.happens("press", "ming", f"room:hour:{room}:720")
    assert (await course(town)).hour == 720
    await town.until(at(25, 13))
    assert len(town.news()) == 1


async def test_after_downtime(new_town: NewTown) -> None:
    """Within three hours the question still comes, and is revealed when it was to be; later it does not."""
    town = await new_town()
    await running(town)
    town.clock.instant = at(25, 14, 59)
    await town.settle()
    assert "20:00 公布答案" in town.news()[0][1]
    town.clock.instant = at(26, 15)
    await town.settle()
    assert [words.split("\n")[-1] for _, words in town.news()] == ["[我的答案][题目有误]"]
    await town.until(at(27, 12))
    assert len(town.news()) == 1
    await town.happens("press", "hua", f"room:weekly:{(await venue(town)).room.id}")
    await town.until(at(28, 12))
    town.news()
    town.clock.instant = at(30, 13)  # a Monday, and Sunday's is void
    await town.settle()
    assert town.news() == []
    assert await town.post.next_wake() == at(6, 12, month=12)


async def test_a_clock_that_is_put_forward(new_town: NewTown) -> None:
    """The hour is the wall's, on both sides of a change of clocks."""
    town = await new_town()
    await running(town)
    room = (await venue(town)).room.id
    await town.happens("press", "hua", f"room:zone:{room}:Europe/Berlin")
    town.clock.instant = datetime(2027, 3, 27, 11, tzinfo=UTC)
    await town.settle()
    assert await town.post.next_wake() == datetime(2027, 3, 27, 19, tzinfo=UTC)
    await town.until(datetime(2027, 3, 27, 20, tzinfo=UTC))
    assert await town.post.next_wake() == datetime(2027, 3, 28, 10, tzinfo=UTC)


async def test_what_is_not_there(new_town: NewTown) -> None:
    """Forged links, other rooms, timers of nothing: refused or let sleep."""
    town = await new_town()
    await running(town)
    assert "这题不在了" in await town.says("wei", "/start why_123")
    assert "这题不在了" in await town.says("wei", "/start mine_x")
    assert "那个群的管理员" in await town.says("hua", "/start group_5")
    assert "给「群」" in await town.happens("press", "hua", f"room:sets:{(await venue(town)).room.id}")
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    assert "这题不在了" in await town.happens("press", "wei", f"a:{ask}:0", "-9")
    assert "这题不在了" in await town.happens("press", "wei", f"a:{ask}:0")
    assert "这题不在了" in await town.happens("press", "wei", "a:77:0", GROUP)
    boards = town.services.boards
    assert await boards.due(RoomId(5)) is None
    assert await boards.counted("x") is None
    assert await boards.revealed("77") is None
    assert not (await town.services.groups.returned(await known(town, "wei"))).gone
    with pytest.raises(StudyBotError):
        await boards.notice(AskId(77))


async def test_a_return_is_nobody_elses_business(new_town: NewTown) -> None:
    """Who comes back after a break with much due has the rest spread, and is not welcomed before the group."""
    town = await new_town(*(single(f"第{number}个问题？", number=number) for number in range(1, 10)))
    await town.says("wei", "/start set_sums")
    for _ in range(8):
        await town.says("wei", "B")
        await town.happens("press", "wei", "m")
    await running(town)
    await town.until(at(20, 12, month=12))
    option = next(label for label in town.shown if town.shown[label].startswith("a:"))
    said = await town.presses("wei", option, GROUP)
    desk = await town.services.study.desk(await known(town, "wei"))

    assert "欢迎回来" not in said
    assert len(desk.due) <= 5
