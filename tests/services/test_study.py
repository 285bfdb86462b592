"""Asking and answering, through the router, on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.question import AskId
from bot.ports.chat import Incoming
from tests.services.conftest import DRAFTS, Chat, NewChat, single


async def test_the_first_five_questions(new_chat: NewChat) -> None:
    """Every kind is asked and answered, and the day ends with the goal."""
    lin = await new_chat()
    assert "一加一是几" in await lin.say("/start")
    said = await lin.press("B 二")
    assert "答对了。B 二" in said
    assert "解析：一个再添一个。三太多。" in said
    assert "出处：算术，第 1 节" in said
    assert "下次：2 天后" in said
    assert "二是偶数" in await lin.press("下一题")
    assert "答对了" in await lin.say("对")
    assert "哪些是偶数" in await lin.press("下一题")
    await lin.press("A 二")
    assert "先选，再提交" not in await lin.press("提交")
    assert "加二是四" in await lin.press("下一题")
    assert "算对吗" in await lin.say("而")
    assert "答对了" in await lin.press("算对")
    assert "小明" in await lin.press("下一题")
    assert "参考答案" in await lin.say("每人一个，再切一个。")
    await lin.press("1 切开一个")
    said = await lin.press("提交")
    assert "答到 2 点里的 1 点" in said
    assert "今天的题做完了：5 题，对 3 题" in said
    assert "今天的题做完了：5 题" in await lin.say("/study")
    assert "为什么" in await lin.press("再来一题")
    await lin.say("不知道")
    assert "答到了" in await lin.press("答到了")
    assert "没有到期的题" in await lin.press("再来一题")
    assert "今天的题做完了" in await lin.say("/daily")


async def test_wrong_first_returns_in_the_session(new_chat: NewChat) -> None:
    """A wrong answer comes back after ten minutes, a right one then the next day; the streak is told once."""
    lin = await new_chat()
    await lin.say("/start")
    said = await lin.press("A 一")
    assert "你选的 A 太少。一个再添一个。" in said
    assert "下次：10 分钟后" in said
    lin.clock.pass_by(minutes=11)
    assert "一加一是几" in await lin.press("下一题")
    assert "下次：明天" in await lin.press("B 二")
    lin.clock.pass_by(days=1)
    await lin.say("/study")
    assert "连续 2 天" in await lin.say("B")


async def test_a_clock_that_was_set_back(new_chat: NewChat) -> None:
    """What is answered later comes later, though the clock has gone back: the second answer decides when it is due."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.press("A 一")
    lin.clock.pass_by(minutes=11)
    await lin.press("下一题")
    lin.clock.pass_by(hours=-5)
    said = await lin.press("B 二")
    person = await lin.person()
    storage = lin.services.house.storage
    second, first = await storage.last_answers(person.learner.id, lin.clock.now().date() - timedelta(days=1), 2)

    assert "下次：明天" in said
    assert (second.outcome, second.at - first.at) == ("right", timedelta.resolution)


async def test_an_answer_counts_once(new_chat: NewChat) -> None:
    """Pressed twice at once and again later: one answer, and what was answered is told."""
    lin = await new_chat()
    await lin.say("/start")
    action = lin.shown["b二"]
    said = await asyncio.gather(lin.act(action), lin.act(action))
    again = await lin.act(action)
    totals, _ = await lin.services.numbers.totals()

    assert sum("答对了" in one for one in said) == 1
    assert "这题已经答过了：B。点错了就点「撤销」" in again
    assert totals.answers == 1
    lin.clock.pass_by(days=8)
    assert "撤销" not in await lin.act(action)


async def test_strangers_and_forgeries_are_refused(new_chat: NewChat) -> None:
    """Another learner's ask, an unknown one, a forged action: told kindly, nothing changes."""
    lin = await new_chat()
    await lin.say("/start")
    wei = await new_chat(account="wei")
    await wei.say("/start")

    assert "不在了" in await wei.act(lin.shown["b二"])
    assert "不在了" in await wei.act(f"a:{AskId(1)}:0")
    assert "不在了" in await wei.act("a:x:0")
    assert "不在了" in await wei.act("zzz")
    assert "不在了" in await wei.act("g:1")
    assert "没有 /nothing" in await wei.say("/nothing")
    assert "没有可撤销的" in await wei.act("u:1")
    assert "没有可撤销的" in await wei.say("/undo")


async def test_undo_takes_an_answer_back(new_chat: NewChat) -> None:
    """As if never asked: it returns the next day, takes no answer today, and counts for memory only then."""
    lin = await new_chat()
    await lin.say("/start")
    action = lin.shown["b二"]
    await lin.act(action)
    assert "当没答过" in await lin.press("撤销")
    assert "明天再出" in await lin.act(action)
    lin.clock.pass_by(days=1)
    assert "一加一是几" in await lin.say("/study")
    await lin.say("B")
    answer = (
        await lin.services.study.house.storage.last_answers((await lin.person()).learner.id, lin.clock.now().date(), 1)
    )[0]
    assert not answer.counts
    assert "已撤销：【单选】一加一是几？你答了 B。" in await lin.say("/undo")
    assert "没有可撤销的" in await lin.say("/undo")


async def test_a_guess_stays_right_and_is_forgotten(new_chat: NewChat) -> None:
    """蒙的: the outcome stays, memory takes Again; pressed twice it says so; after undo it is gone."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.press("B 二")
    guess = lin.shown["蒙的"]
    said = await lin.act(guess)
    assert "答对了" in said
    assert "按不会排：下次 10 分钟后" in said
    assert "撤销了" in await lin.act(guess)
    totals, streak_days = await lin.services.numbers.totals()
    assert (totals.answers, streak_days) == (1, 1)


async def test_typed_text_without_a_question(new_chat: NewChat) -> None:
    """Nothing waits for an answer: the way to one is told."""
    lin = await new_chat()
    assert "/study" in await lin.say("你好")


async def away(new_chat: NewChat, days: int = 40) -> Chat:
    """Someone who answered eight questions, was shown a ninth, and comes back after so many days."""
    lin = await new_chat(*(single(f"第{n}个问题问什么？", number=n) for n in range(1, 10)))
    await lin.say("/start")
    for _ in range(8):
        await lin.say("B")
        await lin.act("m")
    lin.clock.pass_by(days=days)
    return lin


async def test_back_after_weeks(new_chat: NewChat) -> None:
    """The goal's number first, the rest is spread, and no debt is told."""
    lin = await away(new_chat)
    said = await lin.say("/study")
    desk = await lin.services.study.desk(await lin.person())

    assert said.startswith("欢迎回来。先做 5 题")
    assert len(desk.due) == 5


@pytest.mark.parametrize("door", ["B", "/daily", "p:menu", "p:kind:single", "m"])
async def test_every_door_knows_the_return(new_chat: NewChat, door: str) -> None:
    """An old question answered, an old menu, a round, the daily: each welcomes back, once, and spreads the rest."""
    lin = await away(new_chat)
    said = await (lin.say(door) if door in {"B", "/daily"} else lin.act(door))
    menu = await lin.services.rounds.menu(await lin.person())

    assert "欢迎回来。先做 5 题" in said
    assert menu.due == 5
    assert "欢迎回来" not in await lin.say("/study")


async def test_a_form_is_no_return(new_chat: NewChat) -> None:
    """It opens at once and alone, and changes nothing: what comes after it welcomes back."""
    lin = await away(new_chat)
    due = (await lin.services.rounds.menu(await lin.person())).due
    opened = await lin.act("form")
    menu = await lin.services.rounds.menu(await lin.person())

    assert (opened, menu.due, due > 5) == ("", due, True)
    assert "欢迎回来" in await lin.say("/study")


async def test_a_week_without_much_due_is_no_return(new_chat: NewChat) -> None:
    """Nothing is said where the goal holds all that is due."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.say("B")
    lin.clock.pass_by(days=40)

    assert "欢迎回来" not in await lin.say("/study")


async def test_settings_change_what_is_asked(new_chat: NewChat) -> None:
    """A goal of one is done after one; languages and scripts are kept."""
    lin = await new_chat()
    await lin.say("/start")
    await lin.say("/settings")
    await lin.press("目标")
    assert "每天 1 题" in await lin.press("1 题")
    await lin.press("语言")
    await lin.press("题目用字")
    assert "原文" in await lin.press("原文")
    await lin.press("English")
    person = await lin.person()
    assert (person.learner.goal, person.learner.language, person.learner.script) == (1, "en", "written")


async def test_hints_and_unknown(new_chat: NewChat) -> None:
    """A hint takes one of two wrong options away and makes the answer Hard; don't know is Again."""
    lin = await new_chat()
    await lin.say("/start")
    assert "去掉了" in await lin.press("提示")
    assert "答对了" in await lin.say("B")
    await lin.press("下一题")
    assert "记下了。这句话是正确的" in await lin.press("不会")


async def test_a_letter_that_is_none_takes_nothing(new_chat: NewChat) -> None:
    """What cannot be an answer is told, and the question waits on."""
    lin = await new_chat()
    await lin.say("/start")

    assert "没有 E。打 A 到 C" in await lin.say("e")
    assert "答对了" in await lin.say("b")


async def test_a_label_is_never_graded(new_chat: NewChat) -> None:
    """下一题 typed at a gap or a case is no answer: what can be typed is told, and the question waits on."""
    lin = await new_chat(*DRAFTS[3:5])
    await lin.say("/start")
    for label in ("下一题", "撤销", "题目有误", "返回", "提交", "提示"):
        assert "没看懂。打答案，或者：不会" in await lin.say(label)
    await lin.say("二")
    assert "小明" in await lin.press("下一题")
    assert "没看懂。打答案，或者：不会" in await lin.say("返回")
    assert "参考答案" in await lin.say("切开。")


async def test_a_waiting_question_is_shown_where_it_is_not_on_screen(new_chat: NewChat) -> None:
    """/study at the start of a conversation shows the question left open; only sent again it brings the menu."""
    lin = await new_chat()
    await lin.say("/start")
    study = Incoming("command", "test", "lin", "room", "/study", language="zh-Hans")
    shown = (await lin.router.handle(replace(study, first=True))).replies

    assert [reply.prompt is not None for reply in shown] == [True]
    assert "练什么" in await lin.say("/study")
