"""Where one person can be told anything in a room that others share: set up, asked, answered, talked about there."""

from dataclasses import replace

import pytest

from bot.domain.question import Draft, Option
from bot.ports.chat import NEEDS, Incoming
from tests.services.conftest import DRAFTS, Standing, clock, reading, single, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import at, known, town_of, venue

HOURS = "[每天 9:00][每天 12:00]\n[别的时间][时间不对]"
CHECKABLE = f"每天几点？现在是北京时间 20:55。\n{HOURS}\n[再查一次][换个频道]"
LACKS = "在「每日一题」里，我还缺{}：{}。\n请在这个频道的权限设置里打开，再点「再查一次」。\n[再查一次][换个频道]"
ONE = single("一加一是几？", explanation="一个再添一个。", section="算术")


@pytest.fixture
async def town(store, clock: Standing) -> Town:  # type: ignore[no-untyped-def]  # noqa: F811, ANN001 - the fixtures
    """A server at 20:55, which hua and ming run; nobody else has been met."""
    made = town_of(store, clock)
    made.services = replace(made.services, platforms={"test"})
    made.router._services = made.services
    made.wire.whispers, clock.instant = True, at(24, 20, 55)
    await made.services.importing.read(reading(*DRAFTS), "sums", source="1")
    return made


async def pick(town: Town, who: str = "hua", native: str = GROUP) -> str:
    """The channel is chosen from the list."""
    return await town.whispers(who, "选一个频道", values=(native, "每日一题"))


async def set_up(town: Town, *drafts: Draft) -> None:
    """The channel studies "own" at 12:00, and it is a minute before the first question."""
    await town.services.importing.read(reading(*drafts, title="自己的"), "own", source="2")
    await town.whispers("hua", "/setup")
    await pick(town)
    await town.whispers("hua", "每天 12:00")
    await town.whispers("hua", next(label for label in town.shown if label.startswith("自己的")))
    await town.until(at(25, 11, 59))
    town.news()


async def hung(town: Town, *drafts: Draft) -> str:
    """The question hangs; the id of its ask."""
    await set_up(town, *drafts)
    await town.until(at(25, 12))
    town.news()
    return next(action for label, action in town.shown.items() if label.startswith("A ")).split(":")[1]


async def press(town: Town, who: str, action: str) -> str:
    """A press on what hangs for all."""
    return await town.handled(Incoming("press", "test", who, GROUP, action, language="zh-Hans", group="每日一题"))


async def test_a_server_is_set_up(town: Town) -> None:
    """Only who runs it may; what is missing is named, then channel, hour and set, and the channel stays quiet."""
    town.wire.lacking = ("say", "thread")

    assert await town.whispers("wei", "/setup") == "这一步要服务器管理员来。你可以先自己练：发 /study。"
    assert await town.whispers("hua", "/setup") == "每日一题发到哪个频道？\n[选一个频道]"
    assert await pick(town) == LACKS.format("两项权限", "发送消息、创建公开子区")
    town.wire.lacking = ("thread",)
    fits = "可以发题了。没有「创建公开子区」，公布后就没有「讨论」。\n每天几点？现在是北京时间 20:55。"
    assert await town.whispers("hua", "再查一次") == f"{fits}\n{HOURS}\n[再查一次][换个频道]"
    which = await town.whispers("hua", "每天 12:00")
    assert which == "「每日一题」用哪个题库？新题库由机器人管理员添加。\n[算术 · 6 题]"
    assert (
        await town.whispers("hua", "算术 · 6 题")
        == "好，明天 12:00 在「每日一题」见，20:00 公布答案。想改或停，在频道里发 /settings。"
    )
    assert town.news() == []


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        (("say",), LACKS.format("一项权限", "发送消息")),
        (("see", "say", "picture"), LACKS.format(" 3 项权限", "查看频道、发送消息、附加文件")),
        ((), f"可以发题了。\n每天几点？现在是北京时间 20:55。\n{HOURS}\n[换个频道]"),
        (("talk",), f"可以发题了。没有「在子区中发送消息」，公布后就没有「讨论」。\n{CHECKABLE}"),
        (
            ("thread", "talk"),
            f"可以发题了。没有「创建公开子区」、「在子区中发送消息」，公布后就没有「讨论」。\n{CHECKABLE}",
        ),
        (("picture",), f"可以发题了。\n{CHECKABLE}"),
    ],
)
async def test_what_is_lacking_is_counted(town: Town, lacking: tuple[str, ...], told: str) -> None:
    """What only a button needs stops nothing."""
    town.wire.lacking = lacking  # type: ignore[assignment]  # of Need
    await town.whispers("hua", "/setup")

    assert await pick(town) == told


async def test_the_hour_may_be_another(town: Town) -> None:
    """Another channel, another clock, another time, each with a way back to where it was; then the set."""
    await town.whispers("hua", "/setup")
    await pick(town)

    assert await town.whispers("hua", "换个频道") == "每日一题发到哪个频道？\n[选一个频道]"
    await pick(town)
    assert "你那里现在几点？" in await town.whispers("hua", "时间不对")
    assert "21:55" in await town.whispers("hua", "21:55")
    assert "7:00 到 13:50 之间" in await town.whispers("hua", "别的时间")
    assert "每天几点？" in await town.whispers("hua", "返回")
    await town.whispers("hua", "别的时间")
    assert "用哪个题库" in await town.whispers("hua", "10:30")
    assert (await venue(town)).course is not None


async def test_a_set_up_that_is_left_begins_again(town: Town) -> None:
    """/setup of a channel that has a course keeps what was chosen; nothing starts without a set."""
    await town.whispers("hua", "/setup")
    await pick(town)
    first = await venue(town)
    await town.whispers("ming", "/setup")
    await pick(town, "ming")

    assert await venue(town) == first
    assert first.course is not None
    assert (first.course.set_id, town.services.groups.next(first)) == (None, None)


@pytest.mark.parametrize("who", ["wei", "hua"])
async def test_a_channel_of_somebody_else(town: Town, who: str) -> None:
    """Whoever names it: it is set up by who runs its server alone."""
    await town.whispers("hua", "/setup")
    told = await pick(town, who, GROUP if who == "wei" else "-7")

    assert told == "这一步要那个群的管理员来。你可以先自己练：发 /study。"
    assert await town.services.house.storage.venue_of("test", "-7") is None


async def test_a_list_without_a_channel(town: Town) -> None:
    """A forged press with anything but one channel is not one."""
    await town.whispers("hua", "/setup")

    assert await town.whispers("hua", "选一个频道", values=("1",)) == "这题不在了。发 /study 出新的。"


async def test_where_the_platform_does_not_answer(town: Town) -> None:
    """Who runs it, and what is lacking, is not known now: it is to be tried again."""
    await town.whispers("hua", "/setup")
    await pick(town)
    town.wire.barred.add(GROUP)
    told = [await town.whispers("hua", words) for words in ("/setup", "换个频道", "/settings")]

    assert len({*told}) == 1
    assert "再" in told[0]


async def test_where_the_bot_is_not(town: Town) -> None:
    """Nothing is set up: who asks is told how the bot is added, whoever they are; what was begun there waits."""
    await set_up(town, ONE)
    pages = await town.whispers("hua", "/settings")
    town.wire.lacking = NEEDS
    town.wire.admins.clear()
    added = "我不是这里的成员，每日一题发不过来：请管理服务器的人点「加到服务器」，再在频道里发 /setup。\n[加到服务器]"
    gone = "那个频道不在了，或者我不在那个服务器里了。先把我加回去，或者换个频道发 /setup。"

    assert [await town.whispers(who, "/setup") for who in ("hua", "wei")] == [added] * 2
    assert await town.whispers("hua", "选一个频道", values=(GROUP, "每日一题")) == gone
    assert "「每日一题」" in pages
    assert await town.whispers("hua", "改时间") == gone
    assert "目标：每天 5 题" in await town.whispers("hua", "/settings")
    assert await town.services.groups.talks((await venue(town)).room) is False


async def test_it_is_settled_where_it_is_said(town: Town) -> None:
    """/setup in private says where; /settings in the channel is the channel's, for who runs it, else one's own."""
    await set_up(town, ONE)

    assert "Discord 在服务器的频道里发 /setup" in await town.says("hua", "/setup")
    assert "「每日一题」" in await town.whispers("hua", "/settings")
    assert "目标：每天 5 题" in await town.whispers("wei", "/settings")
    assert "目标：每天 5 题" in await town.whispers("hua", "/settings", "-7")


async def test_a_press_is_told_all_there_is(town: Town) -> None:
    """The verdict with its explanation and what is next, to the presser alone; the second time that it was answered."""
    ask = await hung(town, ONE, single("二加二是几？"))
    told = await press(town, "wei", f"a:{ask}:0")
    again = await press(town, "wei", f"a:{ask}:1")
    unknown = await press(town, "mei", f"a:{ask}:x")

    assert told.split("\n")[:2] == [
        "✗ 答错了，正确答案是 B 二。",
        "解析：你选的 A 太少。一个再添一个。",
    ]
    assert "[下一题]" in told
    assert again.startswith("这题已经答过了：A")
    assert "记下了" in unknown
    assert "二加二是几？" in await town.whispers("wei", "下一题")


async def test_who_presses_first_has_the_set(town: Town) -> None:
    """The channel's set is theirs from the first press on, and the next question is of it."""
    ask = await hung(town, ONE)
    await press(town, "wei", f"a:{ask}:1")
    shelves = await town.services.sets.shelves(await known(town, "wei"))

    assert [shelf.set.code for shelf in shelves if shelf.taking_part] == ["own"]


@pytest.mark.parametrize(("tag", "language"), [("en-US", "en"), ("zh-TW", "zh-Hant"), (None, "zh-Hans")])
async def test_who_presses_first_is_told_in_their_own_words(town: Town, tag: str | None, language: str) -> None:
    """Not in the channel's, unless nobody knows theirs."""
    ask = await hung(town, ONE)
    said = await town.router.handle(
        Incoming("press", "test", "ana", GROUP, f"a:{ask}:1", language=tag, group="每日一题")
    )

    assert said.reader.language == language
    assert (await known(town, "ana")).learner.language == language


async def test_several_are_chosen_together_or_one_by_one(town: Town) -> None:
    """A list brings them all; one by one each is told what they have."""
    evens = Draft("multiple", "哪些是偶数？", options=(Option("二"), Option("四"), Option("五")), right=(0, 1))
    ask = await hung(town, evens)
    together = await town.handled(
        Incoming("press", "test", "wei", GROUP, f"a:{ask}:s", values=("0", "1"), language="zh-Hans", group="每日一题")
    )
    nothing = await press(town, "mei", f"a:{ask}:s")

    assert together.startswith("✓ 答对了。A 二、B 四")
    assert nothing != ""
    assert await press(town, "mei", f"a:{ask}:0") == "你选了 A，选好点「提交」。"


async def test_the_answer_is_told_and_talked_about(town: Town) -> None:
    """At the reveal the message has all; a thread begins when somebody wants it, and late answers are not taken."""
    ask = await hung(town, ONE)
    for who in ("wei", "mei", "lin"):
        await press(town, who, f"a:{ask}:1")
    await town.until(at(25, 20))
    told = town.news()[-1][1]
    talk = Incoming("press", "test", "wei", GROUP, f"talk:{ask}", language="zh-Hans", group="每日一题")
    (thread,) = (await town.router.handle(talk)).replies

    assert told.endswith("[我的答案][题目有误][讨论]")
    assert thread.thread is not None
    assert "说说你怎么想的" in await town.handled(talk)
    assert "已经公布了，正确答案是 B 二。" in await press(town, "zhou", f"a:{ask}:1")
    assert "这题不在了" in await press(town, "wei", "talk:7")


@pytest.mark.parametrize(("lacking", "barred"), [(("thread",), False), (("talk",), False), ((), True)])
async def test_without_threads_nobody_is_offered_one(town: Town, lacking: tuple[str, ...], barred: bool) -> None:  # noqa: FBT001 - a column
    """Where one may not be opened, or nobody can say."""
    ask = await hung(town, ONE)
    await press(town, "wei", f"a:{ask}:1")
    town.wire.lacking = lacking  # type: ignore[assignment]  # of Need
    if barred:
        town.wire.barred.add(GROUP)
    room = (await venue(town)).room

    assert await town.services.groups.talks(room) is False


async def test_without_a_wire_nothing_is_lacking(town: Town) -> None:
    """Where nothing can be sent, nobody runs anything, and there is nothing to allow."""
    await set_up(town, ONE)
    groups = replace(town.services, wires={}).groups
    room = (await venue(town)).room

    assert (await groups.lacks(room), await groups.talks(room), await groups.runs(room, "hua")) == ((), False, False)


async def test_where_the_daily_question_goes(town: Town) -> None:
    """By private message only for who asked for it; else in the channel alone, or not at all."""
    await set_up(town, ONE)
    await town.whispers("mei", "/settings")
    asked = await town.whispers("mei", "每日一题")
    when = await town.whispers("mei", "私信")

    assert asked == "每日一题送到哪里？\n[私信][只在频道里][不送]"
    assert when == "现在是 11:59。每天几点？\n[7:30][12:30][20:00]\n[别的时间][时间不对]"
    assert await town.whispers("mei", "7:30") == "好，明天 7:30 私信见。想改或停，发 /settings。"
    daily = await town.services.dailies.of(await known(town, "mei"))
    assert (daily.rhythm, daily.hours, daily.room_id) == ("daily", (450,), (await known(town, "mei")).room_id)


@pytest.mark.parametrize("label", ["只在频道里", "不送"])
async def test_nothing_comes_to_who_wants_nothing(town: Town, label: str) -> None:
    """No private message is sent unasked."""
    await set_up(town, ONE)
    await town.whispers("mei", "/settings")
    await town.whispers("mei", "每日一题")
    told = await town.whispers("mei", label)
    await town.until(at(26, 20))

    assert told != ""
    assert [room for room, _ in town.news() if room == "mei"] == []


@pytest.mark.parametrize(
    ("hangs", "told"),
    [
        (True, "私信发不过去。每日一题改在频道里等你；打开私信后，/settings 可以改回来。\n"),
        (False, "私信发不过去，每日一题先停了；打开私信后，/settings 可以改回来。\n"),
    ],
)
async def test_closed_messages_are_told_once(town: Town, *, hangs: bool, told: str) -> None:
    """Nothing gets through: the daily question ends, and the learner hears it where they are, once."""
    await (set_up(town, ONE) if hangs else town.services.importing.read(reading(ONE), "own", source="2"))
    await town.whispers("mei", "/settings")
    await town.whispers("mei", "每日一题")
    await town.whispers("mei", "私信")
    await town.whispers("mei", "7:30")
    town.wire.barred.add("mei")
    await town.until(at(26, 8))
    first, second = await town.whispers("mei", "/stats"), await town.whispers("mei", "/stats")
    daily = await town.services.dailies.of(await known(town, "mei"))

    assert first.startswith(told)
    assert first.endswith(second)
    assert daily.rhythm == "off"


async def test_who_awaited_nothing_is_told_nothing(town: Town) -> None:
    """A room that takes nothing, of somebody to whom nothing was to come."""
    await town.whispers("mei", "/stats")
    person = await known(town, "mei")
    town.wire.barred.add("mei")
    await town.services.groups.gone(Incoming("room", "test", "mei", "mei", "gone"))

    assert (await known(town, "mei")).gone
    assert "私信" not in await town.whispers("mei", "/stats")
    assert not (await known(town, "mei")).gone
    assert person.room_id == (await known(town, "mei")).room_id


async def test_a_question_that_waits_comes_along(town: Town) -> None:
    """Sent where it was shown last, /study brings the menu; anywhere else the question, for its learner alone."""
    await town.services.importing.read(reading(ONE), "own", source="2")
    asked = await town.says("mei", "/start set_own")
    places = [await town.whispers("mei", "/study") for _ in range(2)]
    places += [await town.whispers("mei", "/study", "-7"), await town.says("mei", "/study")]
    places += [await town.says("mei", "/study"), await town.whispers("mei", "/study")]
    shown = [one.startswith("一加一是几？") for one in places]

    assert "一加一是几？" in asked
    assert shown == [True, False, True, True, False, True]
    assert "✓ 答对了" in await town.whispers("mei", "B 二")


async def test_what_waits_is_the_question_of_now(town: Town) -> None:
    """A new question is before whoever it was asked, wherever the one before was."""
    await town.services.importing.read(reading(ONE, single("二加二是几？")), "own", source="2")
    await town.says("mei", "/start set_own")
    await town.whispers("mei", "不会")
    asked = await town.whispers("mei", "下一题")

    assert "二加二是几？" in asked
    assert "二加二是几？" not in await town.whispers("mei", "/study")
