"""Rounds, mistakes, marks, sets and progress, through the router, on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.practice import heading
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Quote
from bot.domain.question import QuestionId
from bot.ports.chat import Incoming
from tests.services.conftest import NewChat, reading, single


async def test_the_menu_offers_what_there_is(new_chat: NewChat) -> None:
    """/study sent again before an answer brings the menu; kinds, sections and the paper's order make rounds."""
    lin = await new_chat()
    await lin.say("/start")
    assert "练什么" in await lin.say("/study")
    await lin.press("按题型")
    assert "练什么" in await lin.press("返回")
    await lin.press("按章节")
    assert "乙，2 题" in await lin.press("乙 · 2 题")
    assert "这轮还有 1 题" in await lin.say("AB")
    assert "加二是四" in await lin.press("下一题")
    assert "这轮做完了：2 题，对 1 题" in await lin.say("3")
    await lin.say("/study")
    await lin.say("/study")
    assert "从第 1 题起" in await lin.press("按顺序 · 第 1 题起")
    await lin.say("B")
    await lin.press("下一题")
    await lin.say("/study")
    assert "按顺序·第2题起" in lin.shown


async def test_a_round_is_gone_on_with(new_chat: NewChat) -> None:
    """A round left in the middle stands in the menu; one that is over says so."""
    lin = await new_chat()
    await lin.say("/start")
    assert await lin.services.rounds.go_on(await lin.person()) is None
    await lin.say("/study")
    await lin.act("p:kind:single")
    await lin.say("B")
    assert "这轮做完了。" in await lin.act("p:go")
    assert "没有题了" in await lin.act("p:starred")
    await lin.act("p:new")
    await lin.say("/study")
    assert any(label.startswith("接着练") for label in lin.shown)
    assert "偶数" in await lin.act("p:go")


async def test_after_the_papers_end_the_order_begins_again(new_chat: NewChat) -> None:
    """The last one answered in order: the next round starts at the first."""
    lin = await new_chat(single("只有一题吗？"))
    await lin.say("/start")
    await lin.say("/study")
    await lin.press("按顺序 · 第 1 题起")
    await lin.say("B")
    menu = await lin.services.rounds.menu(await lin.person())
    assert menu.place.reached == {str(menu.sets[0].id): 1}
    assert await lin.services.rounds.place_in_order(await lin.person(), menu.sets[0].id) == 1


async def test_mistakes_are_practised_until_right(new_chat: NewChat) -> None:
    """A missed one stays in the round; right on two days it leaves the list, and can be brought back."""
    lin = await new_chat(single("甲的题是什么？"), single("乙的题问什么？", section="乙"))
    await lin.say("/start")
    assert "空的" in await lin.say("/mistakes")
    for _ in range(2):
        await lin.say("A")
        await lin.act("m")
    assert "错题本：2 题" in await lin.say("/mistakes")
    assert "错题 1 题" in await lin.press("甲 · 1 题")
    assert "这轮还有 1 题" in await lin.say("A")
    await lin.press("下一题")
    assert "换一天再答对一次" in await lin.say("B")
    lin.clock.pass_by(days=1)
    await lin.say("/mistakes")
    await lin.press("全部 · 2 题")
    assert "移出错题本" in await lin.say("B")
    assert "错题本：1 题" in await lin.say("/mistakes")
    assert "1 【单选】" in await lin.press("已掌握 · 1 题")
    await lin.press("恢复 1")
    assert "错题本：2 题" in await lin.press("返回")
    assert "已撤销，不恢复" in await lin.press("撤销")


async def test_what_was_undone_waits_for_the_next_day(new_chat: NewChat) -> None:
    """No round of the same day asks it, no menu counts it, no older button takes it; the next day it is back."""
    lin = await new_chat(single("一个问题？"), single("两个问题？"))
    await lin.say("/start")
    older = lin.shown["b二"]
    await lin.act("p:kind:single")
    await lin.say("A")
    await lin.press("下一题")
    await lin.act("x:practise")
    await lin.say("A")
    await lin.say("/undo")

    assert "没有题了" in await lin.act("x:practise")
    assert "两个问题" in await lin.act("p:kind:single")
    assert "一个问题" not in await lin.act(
        "p:order:" + str((await lin.services.sets.shelves(await lin.person()))[0].set.id)
    )
    assert "明天再出" in await lin.act(older)
    lin.clock.pass_by(days=1)
    assert "一个问题" in await lin.act("p:kind:single")


async def test_a_round_goes_on_without_what_was_undone(new_chat: NewChat) -> None:
    """A mistake missed again and taken back is not asked at the round's end: the round is over."""
    lin = await new_chat(single("一个问题？"))
    await lin.say("/start")
    await lin.say("A")
    lin.clock.pass_by(days=1)
    await lin.act("x:practise")
    await lin.say("A")
    await lin.say("/undo")

    assert "这轮做完了" in await lin.act("p:go")


async def test_undo_reaches_thirty_answers_and_no_further(new_chat: NewChat) -> None:
    """What was taken back keeps its place among the thirty: repeated, undo comes to an end."""
    lin = await new_chat(*(single(f"第{number}个问题问什么？", number=number) for number in range(1, 33)))
    await lin.say("/start")
    for _ in range(32):
        await lin.say("B")
        await lin.act("m")
    await lin.act(lin.shown["蒙的"])
    said = [await lin.say("/undo") for _ in range(31)]

    assert "第32个问题" in said[0]
    assert "第3个问题" in said[29]
    assert "没有可撤销的" in said[30]


async def test_a_star_is_put_and_taken(new_chat: NewChat) -> None:
    """The question shown last is starred once; without one there is nothing to star."""
    lin = await new_chat()
    assert "还没有收藏" in await lin.say("/star")
    await lin.say("/start")
    assert "收藏了：【单选】" in await lin.say("/star")
    assert "已经收藏" in await lin.say("/star")
    assert "取消收藏" in await lin.press("取消收藏")
    assert "不在了" in await lin.act("e:1")


async def test_reports_and_never_again(new_chat: NewChat) -> None:
    """Four reasons; a report and a suspension can be taken back; nobody withdraws another's report."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.press("B 二")
    await lin.press("题目有误")
    await lin.press("返回")
    await lin.press("题目有误")
    assert "记下了，谢谢" in await lin.press("题目不清")
    withdraw = lin.shown["撤销"]
    wei = await new_chat(account="wei")
    await wei.say("/start")
    await wei.say("B")
    with pytest.raises(StudyBotError):
        await wei.services.marks.withdraw(await wei.person(), int(withdraw.split(":")[1]))
    assert "已撤销" in await lin.act(withdraw)
    await lin.press("题目有误")
    assert "不再出" in await lin.press("不再出这题")
    never = lin.shown["撤销"]
    person = await lin.person()
    question = (await lin.services.study.desk(person)).place.ask_id
    assert question is not None
    sitting = await lin.services.study.sitting(person, question)
    assert sitting.memory is not None
    assert sitting.memory.aside == "suspend"
    again = await lin.services.marks.suspend(person, sitting.ask.question_id)
    assert f"e:{again.id}:{question}" == never
    assert "照常出" in await lin.act(never)
    assert (await lin.services.study.house.storage.reports()) == ()


async def test_sets_are_added_chosen_and_left(new_chat: NewChat) -> None:
    """A link adds a set; only one takes part, all again; what is left can be added again."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.services.importing.read(reading(single("别的题问什么？"), title="别的"), "other", source="2")
    assert "没有叫「nothing」的题库" in await lin.say("/start set_nothing")
    assert "别的" in await lin.say("/start set_other")
    await lin.say("/start set_other")
    await lin.say("/sets")
    await lin.press("算术 · 6 题")
    await lin.press("只练这个")
    assert "都练" in lin.shown
    await lin.press("都练")
    await lin.press("别的 · 1 题")
    assert "已退出" in await lin.press("退出")
    assert "已添加" in await lin.press("撤销")
    shelves = await lin.services.sets.shelves(await lin.person())
    assert [shelf.taking_part for shelf in shelves] == [True, True]
    person = await lin.person()
    for shelf in shelves:
        await lin.services.sets.leave(person, shelf.set.code)
    assert "还没有题库" in await lin.say("/stats")
    assert "还没有题库" in await lin.act("m")
    await lin.services.importing.read(reading(single("第三个？"), title="三"), "third", source="3")
    await lin.services.sets.leave(person, "third")
    assert len(await lin.services.sets.shelves(person)) == 3


async def test_progress_in_numbers(new_chat: NewChat) -> None:
    """What was answered, what comes due, and when the next one does."""
    lin = await new_chat(single("一个问题？"), single("两个问题？"))
    assert (await lin.services.numbers.totals())[1] == 0
    await lin.say("/start")
    person = await lin.person()
    assert await lin.services.numbers.upcoming(person) is None
    await lin.say("A")
    assert "到期：今天 1 题" in await lin.say("/stats")
    soon = await lin.services.numbers.upcoming(await lin.person())
    assert soon is not None
    assert soon.at == lin.clock.now() + timedelta(minutes=10)
    await lin.press("下一题")
    await lin.say("B")
    lin.clock.pass_by(minutes=11)
    await lin.act("m")
    await lin.say("B")
    later = await lin.services.numbers.upcoming(await lin.person())
    assert later is not None
    assert (later.count, later.at) == (1, None)
    assert "下次：明天 1 题" in await lin.act("m")


async def test_one_account_in_two_rooms(new_chat: NewChat) -> None:
    """A learner is the same in another room; two first messages at once make one learner."""
    lin = await new_chat()
    first = Incoming("command", "test", "lin", "room", "/start", language="zh-Hans")
    await asyncio.gather(lin.router.handle(first), lin.router.handle(first))
    await lin.router.handle(Incoming("command", "test", "lin", "elsewhere", "/study", language="zh-Hans"))
    wei = await new_chat(account="wei")
    await wei.say("/start set_sums")
    totals, _ = await lin.services.numbers.totals()

    assert totals.learners == 2


async def test_without_a_bundled_set(new_chat: NewChat) -> None:
    """In a language without a set of its own a learner starts with none, and is told the way."""
    lin = await new_chat()
    replies = (await lin.router.handle(Incoming("command", "test", "ana", "r", "/start", language="en"))).replies

    assert [getattr(block, "key", "") for block in replies[-1].blocks] == ["nothing.no_sets"]


async def test_what_is_overdue_is_not_what_comes_next(new_chat: NewChat) -> None:
    """The next ones are those of the next day that has any, behind what is due already."""
    lin = await new_chat(single("一个问题？"), single("两个问题？"))
    await lin.say("/start")
    await lin.say("B")
    lin.clock.pass_by(days=3)
    await lin.act("p:new")
    await lin.say("B")
    found = await lin.services.numbers.upcoming(await lin.person())
    assert found is not None
    assert (found.day - lin.clock.now().date()).days == 2


async def test_ids_that_name_nothing(new_chat: NewChat) -> None:
    """A question that is not there is refused wherever it is named."""
    lin = await new_chat()
    await lin.say("/start")
    person, nothing = await lin.person(), QuestionId(1)
    place = (await lin.services.study.desk(person)).place
    with pytest.raises(StudyBotError):
        await lin.services.marks.restore(person, nothing)
    with pytest.raises(StudyBotError):
        await lin.services.marks.card(nothing)
    with pytest.raises(StudyBotError):
        await lin.services.study.ask(person, nothing, place, purpose="study")


async def test_a_word_on_an_older_question_names_it(new_chat: NewChat) -> None:
    """Below a newer question, Report and Undo say which one they mean."""
    lin = await new_chat(single("哪个是 one?"), single("两个问题？"))
    await lin.say("/start")
    await lin.say("B")
    report, undo = lin.shown["题目有误"], lin.shown["撤销"]
    assert "哪里不对？" in await lin.act(report)
    assert "哪个是" not in await lin.act(report)
    await lin.press("下一题")

    assert "哪里不对？（【单选】哪个是 one?）" in await lin.act(report)
    assert "已撤销：【单选】哪个是 one? 你答了 B。看过答案，这题明天再出。" in await lin.act(undo)


async def test_what_is_forgotten_too_often_is_set_aside_and_brought_back(new_chat: NewChat) -> None:
    """A leech says no next date, counts in no list but its own, and comes back from there; undo puts it back."""
    lin = await new_chat(single("一个问题？"))
    await lin.say("/start")
    await lin.say("B")
    for _ in range(8):
        lin.clock.pass_by(days=6)
        await lin.say("/study")
        said = await lin.say("A")
        lin.clock.pass_by(minutes=11)
        await lin.say("/study")
        await lin.say("B")

    assert "忘了 8 次，先放一边" in said
    assert "下次" not in said
    assert "错题 0 题" in await lin.say("/stats")
    assert "错题本是空的" in await lin.say("/mistakes")
    assert "先放一边：1 题" in await lin.press("放一边 · 1 题")
    assert "已恢复：【单选】一个问题？" in await lin.press("恢复 1")
    assert "错题 1 题" in await lin.say("/stats")
    assert "已撤销，不恢复" in await lin.press("撤销")
    assert "错题 0 题" in await lin.say("/stats")


async def test_what_is_not_known_is_told_in_few_words(new_chat: NewChat) -> None:
    """An unknown command or set is named, not echoed whole."""
    lin = await new_chat()

    assert f"没有 /{'x' * 40}…" in await lin.say("/" + "x" * 5000)
    assert f"「{'y' * 40}…」" in await lin.say("/start set_" + "y" * 5000)


async def test_a_section_stands_without_its_number(new_chat: NewChat) -> None:
    """Menus and rounds count by themselves: 一、单选题 is 单选题 there."""
    lin = await new_chat(single("一个问题？", section="一、单选题"), single("两个问题？", section="十二、"))
    await lin.say("/start")
    await lin.say("/study")
    await lin.press("按章节")

    assert {"单选题·1题", "十二、·1题"} <= set(lin.shown)
    assert "单选题，1 题" in await lin.press("单选题 · 1 题")


async def test_sections_of_no_set(new_chat: NewChat) -> None:
    """A menu that is on screen yet, once the last set is left: there is none, in the menu's own words."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.say("/study")
    await lin.services.sets.leave(await lin.person(), "sums")

    assert await lin.press("按章节") == await lin.say("/study") == "还没有题库。发 /sets 添加。"


async def test_a_sections_name_knows_its_sets_language(new_chat: NewChat) -> None:
    """國語 of a Japanese set stays 國語 for a reader of simplified Chinese."""
    lin = await new_chat()
    japanese = replace(reading(single("一つ？", section="國語"), code="own"), language="ja")
    await lin.services.importing.read(japanese, "own", source="2")
    await lin.say("/start")
    await lin.say("/start set_own")
    groups = await lin.services.rounds.groups(await lin.person(), "section")

    assert [Quote("國語", foreign=True)] == [heading(group) for group in groups if group.language == "ja"]
    assert Quote("甲") in [heading(group) for group in groups]


async def test_the_only_set_is_not_offered_alone(new_chat: NewChat) -> None:
    """只练这个 means something beside other sets only."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.say("/sets")
    await lin.press("算术 · 6 题")

    assert "退出" in lin.shown
    assert "只练这个" not in lin.shown
