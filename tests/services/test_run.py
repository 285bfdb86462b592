"""Bot admins run the sets: another title and its undo, what learners report; nobody else does."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.commands.run import LONGEST, NEWEST
from bot.domain.question import Blank, Draft
from bot.ports.chat import Incoming, Reply
from bot.ports.rows import Set
from bot.router import Router
from bot.services.services import Services
from bot.texts import Words
from tests.services.conftest import DRAFTS, Chat, NewChat, clock, new_chat, reading, single, store  # noqa: F401 - fixtures
from tests.services.conftest import services as plain_services  # noqa: F401 - a fixture

ADMIN = "lin"
GONE = "这题不在了。发 /study 出新的。"
STAYS = "这次改名已不能撤销，可以再改一次。"
FORGED = ("title:{id}", "undo:{id}:1", "reports:{id}", "title", "nothing:{id}", "")


@pytest.fixture
def services(plain_services: Services) -> Services:  # noqa: F811 - the fixture
    """A house whose bot admin is lin; wei runs a group."""
    return replace(plain_services, admins={("test", ADMIN)})


async def the_set(chat: Chat) -> Set:
    found = await chat.services.house.storage.set("sums")
    assert found is not None
    return found


async def page(chat: Chat) -> str:
    """The set's page."""
    await chat.say("/sets")
    return await chat.act(f"s:open:{(await the_set(chat)).id}")


async def renamed(chat: Chat, title: str) -> str:
    await page(chat)
    await chat.press("改名")
    return await chat.say(title)


async def reports(chat: Chat, reason: str = "答案不对") -> None:
    """The next question is answered, and reported."""
    await chat.say("/study")
    await chat.press("不会")
    await chat.press("题目有误")
    await chat.press(reason)


def another(chat: Chat, account: str) -> Chat:
    """Somebody else before the same house."""
    return Chat(chat.router, chat.services, chat.clock, account)


async def started(new_chat: NewChat, *drafts: Draft) -> Chat:  # noqa: F811
    chat = await new_chat(*drafts)
    await chat.say("/start")
    return chat


async def test_another_title(new_chat: NewChat) -> None:  # noqa: F811
    """Told back clean; the short title follows, and the next text is an answer again."""
    chat = await started(new_chat)

    assert (
        await renamed(chat, "  2026 年  加减法\n单元测试（含答案） ")
        == "好，这个题库叫「2026 年 加减法 单元测试（含答案）」。"
    )
    assert (await the_set(chat)).short_title == "加减法 单元测试"
    await chat.say("高等数学")
    assert (await the_set(chat)).title == "2026 年 加减法 单元测试（含答案）"


@pytest.mark.parametrize("title", ["@", "x" * (LONGEST + 1)])
async def test_a_title_that_cannot_be(new_chat: NewChat, title: str) -> None:  # noqa: F811
    """It is asked for again: the next text is the title all the same."""
    chat = await started(new_chat)

    assert await renamed(chat, title) == "这个用不了。发 1 到 64 个字，不带 @。"
    assert await chat.say("x" * LONGEST) == f"好，这个题库叫「{'x' * LONGEST}」。"


async def test_going_back_asks_no_more(new_chat: NewChat) -> None:  # noqa: F811
    """What is typed then is an answer."""
    chat = await started(new_chat)
    await page(chat)
    await chat.press("改名")
    await chat.press("返回")
    await chat.say("高等数学")

    assert (await the_set(chat)).title == "算术"


@pytest.mark.parametrize("back", ["/study", "/daily", "/start", "提示"])
async def test_back_at_the_question_a_text_is_its_answer(new_chat: NewChat, back: str) -> None:  # noqa: F811
    """Whoever was asked for a title and turns to the question that waits does not rename the set by answering."""
    chat = await started(new_chat, Draft("blank", "____加二是四。", blanks=(Blank(("二二",)),)))
    await chat.say("/daily")
    await page(chat)
    await chat.press("改名")
    await (chat.say if back.startswith("/") else chat.press)(back)

    assert (await chat.say("二二")).startswith("✓ 答对了。二二")
    assert (await the_set(chat)).title == "算术"


async def test_the_title_may_be_typed_into_a_form(services: Services, new_chat: NewChat) -> None:  # noqa: F811
    """When it is asked for, and when it was unclear."""
    chat = await started(new_chat)
    of = (await the_set(chat)).id
    pressed = Incoming("press", "test", ADMIN, "room", f"run:title:{of}", language="zh-Hans")
    router = Router(services, lambda _tag: "zh-Hans")
    said = [await router.handle(pressed), await router.handle(replace(pressed, kind="text", words="@"))]

    assert [[reply.form for reply in one.replies] for one in said] == [[True], [True]]


async def test_undo_brings_both_titles_back(new_chat: NewChat) -> None:  # noqa: F811
    """Also a short one that no title leads to."""
    chat = await started(new_chat)
    before = await chat.services.sets.rename(await the_set(chat), "算术", "加减")
    await renamed(chat, "高等数学")

    assert await chat.press("撤销") == "已撤销，题库还叫「算术」。"
    assert await the_set(chat) == replace(before, version=before.version + 2)


async def test_an_undo_has_its_time(new_chat: NewChat) -> None:  # noqa: F811
    """Not of an earlier title, not after somebody else's, not twice: nothing is changed behind anybody's back."""
    chat = await started(new_chat)
    await renamed(chat, "高等数学")
    first = chat.shown["撤销"]
    await renamed(chat, "初等数学")
    told = [await chat.act(first)]
    await chat.services.sets.rename(await the_set(chat), "数学")
    told.append(await chat.press("撤销"))
    await renamed(chat, "算术")
    await chat.press("撤销")
    told.append(await chat.press("撤销"))

    assert told == [STAYS] * 3
    assert (await the_set(chat)).title == "数学"


async def test_a_set_that_is_not_there(new_chat: NewChat) -> None:  # noqa: F811
    """It may be named all the same, by an old button or a forged one."""
    chat = await started(new_chat)

    assert await chat.act("run:title:7") == "这个题库不在了。发 /sets 看有哪些。"
    assert await chat.act("run:title:x") == GONE


async def test_reports(new_chat: NewChat, services: Services) -> None:  # noqa: F811
    """Newest first, the same of one question counted, without who; none of another set, none that was withdrawn."""
    chat = await started(new_chat, *DRAFTS[:2])
    assert "报告" not in "".join(chat.shown)
    await services.importing.read(reading(single("别的题？"), title="别的"), "other", source="1")
    for account in ("wei", "mei"):
        await reports(await begun(another(chat, account)))
    zhou = await begun(another(chat, "zhou"))
    await reports(zhou, "题目不清")
    await reports(zhou, "解析不对")
    await zhou.press("撤销")
    stranger = await begun(another(chat, "hua"), "other")
    await reports(stranger)
    await page(chat)

    assert await chat.press("报告 · 3") == (
        "「算术」：报告 3 次，新的在前。\n【单选】一加一是几？ 题目不清 · 1 次\n【单选】一加一是几？ 答案不对 · 2 次"
    )


async def begun(chat: Chat, code: str = "sums") -> Chat:
    await chat.say(f"/start set_{code}")
    return chat


async def test_the_newest_reports(new_chat: NewChat) -> None:  # noqa: F811
    """Ten are listed, all are counted."""
    chat = await started(new_chat, *(single(f"第 {number} 题是几？{'长' * 40}") for number in range(4)))
    for _ in range(4):
        await reports(chat)
        for reason in ("题目不清", "解析不对"):
            await chat.press("题目有误")
            await chat.press(reason)
    await page(chat)
    head, *lines = (await chat.press("报告 · 12")).split("\n")

    assert head == "「算术」：报告 12 次，新的在前。"
    assert len(lines) == NEWEST
    assert lines[0] == f"【单选】第 3 题是几？{'长' * 32}… 解析不对 · 1 次"


async def test_a_reported_question_that_waits_for_review(new_chat: NewChat, services: Services) -> None:  # noqa: F811
    """Its new revision is no question yet: the report is told by what was read."""
    chat = await started(new_chat, DRAFTS[0])
    await reports(chat)
    broken = replace(DRAFTS[0], right=())
    await services.importing.read(reading(broken, code="pack"), "sums", source="2")
    await page(chat)

    assert (await chat.press("报告 · 1")).endswith("【单选】一加一是几？ 答案不对 · 1 次")


@pytest.mark.parametrize("action", FORGED)
@pytest.mark.parametrize(
    "where",
    [
        {"account": "wei"},
        {"account": "wei", "room": "-1", "here": "-1"},
        {"account": ADMIN, "here": "-1"},
        {"account": ADMIN, "platform": "terminal"},
    ],
)
async def test_nobody_else(services: Services, new_chat: NewChat, action: str, where: dict[str, str]) -> None:  # noqa: F811
    """A learner, who runs a group, a bot admin among others, their name elsewhere: refused like any unknown button."""
    chat = await started(new_chat)
    before = await the_set(chat)
    words = f"run:{action.format(id=before.id)}"
    router = Router(services, lambda _tag: "zh-Hans")
    incoming = replace(Incoming("press", "test", ADMIN, "own", words, language="zh-Hans"), **where)  # type: ignore[arg-type]  # of Incoming
    with capture_logs() as logs:
        said = await router.handle(incoming)
        await router.handle(replace(incoming, kind="text", words="我的题库"))
    unknown = await router.handle(replace(incoming, words="nothing:1"))

    assert said.replies == unknown.replies
    assert next(one["reason"] for one in logs if one["event"] == "refused") == "ask.unknown"
    assert await the_set(chat) == before


async def test_nobody_else_sees_it(services: Services, new_chat: NewChat) -> None:  # noqa: F811
    """The set's page has its row for a bot admin in private, and for nobody else."""
    chat = await started(new_chat)
    await reports(chat)
    router = Router(services, lambda _tag: "zh-Hans")
    opened = Incoming("press", "test", ADMIN, "own", f"s:open:{(await the_set(chat)).id}", language="zh-Hans")
    said = [
        (await router.handle(one)).replies
        for one in (opened, replace(opened, account="wei"), replace(opened, here="-1"))
    ]

    assert [labels(one) for one in said] == [["退出", "改名", "报告 · 1", "返回"], *[["退出", "返回"]] * 2]


def labels(replies: tuple[Reply, ...]) -> list[str]:
    words = Words("zh-Hans", "zh-Hans")
    return [words.say(choice.label) for reply in replies for row in reply.rows for choice in row]


async def test_who_was_a_bot_admin(services: Services, new_chat: NewChat) -> None:  # noqa: F811
    """A title that was asked for before the setting changed is refused, once; then texts are answers."""
    chat = await started(new_chat)
    await page(chat)
    await chat.press("改名")
    later = Chat(Router(replace(services, admins=()), lambda _tag: "zh-Hans"), services, chat.clock)
    told = [await later.say("高等数学"), await later.say("高等数学")]

    assert told[0] == GONE != told[1]
    assert (await the_set(chat)).title == "算术"
