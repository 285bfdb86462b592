"""A group's question as its room sees it: nobody's own answer, all of its buttons, the counts at the reveal."""

from dataclasses import replace

import pytest

from bot.domain.question import Draft, Option
from bot.platforms.telegram.view import pages
from bot.ports.chat import Incoming, Reply
from bot.texts import Words
from tests.services.conftest import clock, reading, single, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import NewTown, at, known, new_town, running  # noqa: F401 - a fixture

EVENS = Draft("multiple", "哪些是偶数？", options=(Option("二"), Option("四"), Option("五")), right=(0, 1))
EVEN = Draft("boolean", "二是偶数。", truth=True)
OWN = ("你选了", "你有", "答对了", "答错了", "记下了", "答过", "✓", "✗")  # words of somebody's own answer
TOKENS = ("0", "1", "s", "0", "2", "h", "d", "9", "x", "")


async def press(town: Town, who: str, action: str) -> tuple[Reply, ...]:
    """What a press in the group is answered."""
    incoming = Incoming("press", "test", who, GROUP, action, language="zh-Hans", group="群")
    said = await town.router.handle(incoming)
    await town.settle()
    return said.replies


def drawn(reply: Reply) -> tuple[str, list[str]]:
    """The one message that Telegram makes of a reply: its text, and its buttons."""
    (page,) = pages(reply, Words("zh-Hans", "zh-Hans"))
    return page.html, [key.label for row in page.keys for key in row]


@pytest.mark.parametrize("draft", [single("一加一是几？"), EVENS, EVEN], ids=lambda draft: draft.kind)
async def test_a_private_answer_never_appears_in_the_room(new_town: NewTown, draft: Draft) -> None:  # noqa: F811
    """Whatever is pressed, by whom and when: the presser alone is answered, the room sees numbers and the key."""
    town = await new_town(draft)
    await running(town)
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    answered = [reply for who in ("wei", "lin") for one in TOKENS for reply in await press(town, who, f"a:{ask}:{one}")]
    await town.says("wei", f"/start why_{ask}")
    await town.presses("wei", "撤销")
    for second, moment in enumerate((at(25, 13), at(25, 20), at(26, 11))):
        await town.until(moment)
        answered += [reply for one in TOKENS for reply in await press(town, "wei", f"a:{ask}:{one}")]
        answered += [reply for one in TOKENS for reply in await press(town, f"new{second}", f"a:{ask}:{one}")]
    seen = [words for room, words in town.news() if room == GROUP]

    assert [reply for reply in answered if not reply.private] == []
    assert [words for words in seen if any(own in words for own in OWN)] == []
    assert len(seen) >= 3


async def test_the_counter_keeps_the_buttons(new_town: NewTown) -> None:  # noqa: F811
    """The question stays open while its count is edited: every option can still be pressed."""
    town = await new_town(EVENS)
    await running(town)
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    for token in ("0", "1", "s"):
        await press(town, "wei", f"a:{ask}:{token}")
    await town.until(at(25, 12, 1))
    (first, buttons), (later, kept) = (drawn(reply) for _, reply, _ in town.wire.sent[-2:])

    assert buttons == ["A 二", "B 四", "C 五", "提交", "看解析"]
    assert kept == buttons
    assert later == first.replace("还没有人答", "1 人答了")


@pytest.mark.parametrize(
    ("draft", "counts"),
    [
        (EVEN, ["正确 · 3 人 · 正确答案", "错误 · 0 人"]),
        (single("一加一是几？", right=0), ["A 一 · 3 人 · 正确答案", "B 二 · 0 人", "C 三 · 0 人"]),
    ],
    ids=["boolean", "single"],
)
async def test_the_reveal_tells_the_counts(new_town: NewTown, draft: Draft, counts: list[str]) -> None:  # noqa: F811
    """Each option is a line of the message, whatever it was a button of."""
    town = await new_town(draft)
    await running(town)
    await town.until(at(25, 12))
    ask = town.shown["看解析"].removeprefix("/start why_")
    for name in ("wei", "lin", "mei"):
        await press(town, name, f"a:{ask}:0")
    await town.until(at(25, 20))
    told, buttons = drawn(town.wire.sent[-1][1])

    assert told.split("\n")[1 : len(counts) + 2] == [*counts, "3 人答了，3 人答对。"]
    assert buttons == ["我的答案", "题目有误"]


async def test_who_gets_the_question_privately_gets_its_set(new_town: NewTown) -> None:  # noqa: F811
    """Somebody new who did not answer in the room goes on with the group's set afterwards."""
    town = await new_town(single("一加一是几？"), single("二加二是几？"))
    await running(town)
    await town.until(at(25, 20))
    await town.presses("zhou", "我的答案")

    assert [shelf.taking_part for shelf in await town.services.sets.shelves(await known(town, "zhou"))] == [True]
    assert "[下一题]" in await town.presses("zhou", "不会")


async def test_a_group_is_offered_what_its_administrator_reads(new_town: NewTown) -> None:  # noqa: F811
    """First the sets in that language; all of them later, and where there is none."""
    town = await new_town()
    english = replace(reading(single("One and one?")), title="Sums", short_title="Sums", language="en")
    await town.services.importing.read(english, "sums-en", source="2")
    await town.happens("room", "hua", "added", GROUP)
    await town.presses("hua", "选题库", GROUP)
    link = f"/start {town.opened}"
    first = await town.says("hua", link)
    await town.presses("hua", "算术 · 6 题")
    await town.says("hua", link)

    assert first == "给「群」用哪个题库？\n[算术 · 6 题]"
    assert "[算术 · 6 题]\n[Sums · 1 题]\n[返回]" in await town.presses("hua", "题库")


@pytest.mark.parametrize("taken_out", [False, True])
async def test_an_answer_that_could_not_be_told_is_told_when_the_group_is_back(
    new_town: NewTown,  # noqa: F811 - a fixture
    *,
    taken_out: bool,
) -> None:
    """Barred at the hour, or taken out before it: the question does not hang there with its buttons for ever."""
    town = await new_town()
    await running(town)
    await town.until(at(25, 12))
    town.news()
    if taken_out:
        await town.happens("room", "hua", "gone", GROUP)
    town.wire.barred.add(GROUP)
    await town.until(at(25, 21))
    assert [said for _, said in town.news() if "答案" in said] == []
    town.wire.barred.clear()
    await town.happens("room", "hua", "added", GROUP)
    await town.until(at(25, 21, 1))
    (told,) = [said for where, said in town.news() if "答案" in said]
    await town.until(at(26, 11))

    assert "还没有人答" not in told
    assert [said for _, said in town.news() if "答案" in said] == []
