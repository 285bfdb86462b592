"""A daily question while the platform is out of reach: it comes late; what never came counts for nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.pushes import DAYS_UNANSWERED
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Undeliverable
from bot.ports.daily import Push
from bot.ports.post import Message
from bot.ports.rows import Answer
from tests.services.town import Town, instant

FIRST, SECOND = "一加一是几？", "二是偶数。"
MORNING, LATER, NOON, EVENING = 450, 540, 720, 1200  # 7:30, 9:00, 12:00 and 20:00
WEEKLY = "这几天忙？每日一题先改成每周一次，周日送。"
ALREADY = "这题已经答过了。点错了就点「撤销」，明天再出。"
MOMENT = timedelta(seconds=2)


def unreachable(town: Town, times: int, *, unsure: bool = False) -> None:
    town.office.screens.faults["lin"] = [Undeliverable("out of reach", unsure=unsure) for _ in range(times)]


def reached(town: Town) -> None:
    town.office.screens.faults.clear()


async def a_moment(town: Town) -> None:
    await town.office.move(town.office.clock.now() + MOMENT)


async def pushes(town: Town) -> tuple[Push, ...]:
    found = await town.store.morning((await town.person()).learner.id, town.office.clock.now().date())
    assert found is not None
    return found.pushes


async def answers(town: Town) -> list[Answer]:
    """Of the first question."""
    person = await town.person()
    (question,) = [one.id for one, revision in await town.contents() if "一加一" in str(revision.body)]
    history = await town.store.history(person.learner.id, question)
    return [] if history is None else [*history.answers]


@pytest.mark.parametrize("minutes", [11, 170])
async def test_it_comes_late(town: Town, minutes: int) -> None:
    """However long the platform was away, within the three hours the question comes, once."""
    await town.comes(MORNING)
    await town.at("24 07:29")
    unreachable(town, 999)
    came = instant("24 07:30") + timedelta(minutes=minutes)
    await town.office.move(came)
    reached(town)

    assert await town.at("24 10:29") == [FIRST]
    assert await town.at("24 23:00") == []


async def test_what_never_came_is_not_unanswered(town: Town) -> None:
    """Days on which nothing arrived are no unanswered days: the question goes on coming every day."""
    await town.comes(MORNING)
    unreachable(town, 9999)

    assert await town.at("30 12:00") == []
    daily = await town.daily()
    assert (daily.unanswered, daily.rhythm, await pushes(town)) == (0, "daily", ())
    reached(town)
    before, last = await town.office.move(instant("30 07:30") + timedelta(days=1))
    assert [one.what for one in (*before, *last)] == ["new"]


async def test_a_closed_room_counts_nothing(town: Town) -> None:
    """What was sent to somebody who has blocked the bot never came either."""
    await town.comes(MORNING)
    town.office.screens.faults["lin"] = [Undeliverable("blocked", permanent=True)]
    await town.at("24 07:30")

    assert ((await town.daily()).unanswered, await pushes(town)) == (0, ())


async def test_what_may_have_come_counts(town: Town) -> None:
    """A question that was sent twice, and arrived perhaps, is one of the day's and may be unanswered."""
    await town.comes(MORNING)
    unreachable(town, 2, unsure=True)
    await town.at("24 12:00")

    assert ((await town.daily()).unanswered, len(await pushes(town))) == (1, 1)
    assert town.office.sender.counts.unsure == 1


async def test_nothing_of_it_waits_for_an_answer(town: Town) -> None:
    """What never came is not the question that a letter answers, nor what /study has shown already."""
    await town.comes(MORNING)
    unreachable(town, 999)
    await town.at("24 12:00")
    reached(town)

    assert (await town.store.place((await town.person()).learner.id)).ask_id is None
    assert await town.say("/study") == [FIRST]


async def test_never_two_at_once(town: Town) -> None:
    """The second hour comes while the first question still waits to be sent: that one goes, and a day counts once."""
    await town.comes(MORNING, LATER)
    await town.at("24 07:29")
    unreachable(town, 999)
    await town.at("24 09:00")
    reached(town)

    assert await town.at("24 12:00") == [FIRST]
    assert ((await town.daily()).unanswered, [one.slot for one in await pushes(town)]) == (1, [1])


async def test_a_day_with_another_question_stays_counted(town: Town) -> None:
    """Where the day's second question never came the first one is unanswered all the same."""
    await town.comes(MORNING, NOON)
    await town.at("24 07:30")
    unreachable(town, 999)
    await town.at("24 23:30")

    assert ((await town.daily()).unanswered, [one.slot for one in await pushes(town)]) == (1, [0])


async def test_weekly_is_said_however_late(town: Town) -> None:
    """That it becomes weekly is no question: it has no hour, and is said when the platform is back."""
    person = await town.comes(MORNING)
    await town.services.dailies.change(person, replace(await town.daily(), unanswered=DAYS_UNANSWERED))
    await town.at("24 07:29")
    unreachable(town, 999)
    await town.at("24 12:00")
    reached(town)

    assert await town.at("24 13:00") == [WEEKLY]


async def test_an_answer_withdraws_it(town: Town) -> None:
    """An answer given while the day's question waits to be sent makes it needless, in the same commit."""
    await town.comes(MORNING)
    await town.at("24 07:28")
    await town.say("/study")
    unreachable(town, 4)
    await town.at("24 07:30")
    await a_moment(town)
    await town.press("不会")

    assert await town.at("24 12:00") == []
    assert ((await town.daily()).unanswered, await pushes(town)) == (0, ())
    assert len(await answers(town)) == 1


async def test_an_answer_to_what_may_have_come(town: Town) -> None:
    """It is not sent again once it was answered; it was one of the day's."""
    await town.comes(MORNING)
    unreachable(town, 1, unsure=True)
    assert await town.at("24 07:30") == [FIRST]
    await town.press("不会")

    assert await town.at("24 12:00") == []
    assert len(await pushes(town)) == 1


async def test_what_is_on_its_way_is_let_come(town: Town) -> None:
    """A question that is being sent cannot be taken back: it comes, and what was answered counts once."""
    await town.comes(MORNING)
    await town.at("24 07:28")
    await town.say("/study")
    answer = Incoming("press", "telegram", "lin", "lin", town.pressable["不会"], language="zh-Hans")
    screens = town.office.screens
    screens.landing.clear()
    screens.begun.clear()
    town.office.clock.set(instant("24 07:30"))
    await screens.begun.wait()
    town.office.clock.pass_by(MOMENT)
    await town.router.handle(answer)
    screens.landing.set()

    assert await town.at("24 07:31") == [FIRST]
    assert await town.press("不会") == [ALREADY]
    assert len(await answers(town)) == 1


async def test_the_open_question_comes_in_its_own_place(town: Town) -> None:
    """The day's question is the one that waits already: the older message goes, and only one counts."""
    await town.comes(MORNING)
    await town.at("24 07:28")
    await town.say("/study")
    person, now = await town.person(), town.office.clock.now()
    older, place = town.pressable["不会"], await town.store.place(person.learner.id)
    await town.store.commit(Changes(inserts=(Message(person.room_id, f"ask:{place.ask_id}", ("lin:7",), now),)))

    assert await town.at("24 07:30") == ["(deleted)", FIRST]
    await town.press("不会")
    town.pressable["不会"] = older
    assert await town.press("不会") == [ALREADY]
    assert len(await answers(town)) == 1


async def test_what_was_answered_is_not_open(town: Town) -> None:
    """Of two asks of one question the answered one settles both: neither is put off, nor waits for a letter."""
    await town.comes(MORNING)
    await town.at("24 07:28")
    await town.say("/study")
    older = town.pressable["不会"]
    await town.at("24 07:30")
    town.pressable["不会"] = older
    await a_moment(town)
    await town.press("不会")

    assert await town.press("稍后") == ["这题已经答过了。"]
    assert await town.say("/study") == [SECOND]


async def test_a_verdict_stays(town: Town) -> None:
    """A question that is about to be taken away, and is answered just then, stays with its verdict."""
    await town.comes(MORNING)
    await town.at("24 07:30")
    await town.at("25 07:29")
    unreachable(town, 3)
    await town.at("25 07:30")
    await town.press("不会")

    assert await town.at("25 12:00") == []


async def test_asked_again_only_on_another_day(town: Town) -> None:
    """What was missed before the first hour is a step of the day's learning: no later hour of the day sends it."""
    await town.comes(MORNING, EVENING)
    await town.at("24 07:00")
    await town.say("/study")
    await town.press("不会")

    assert await town.at("24 20:00") == ["(deleted)", SECOND]  # yesterday evening's goes


async def test_clock_set_back(town: Town) -> None:
    """After a clock was set back a question that comes again can be answered again."""
    await town.comes(EVENING)
    await town.say("/study")
    await town.press("不会")
    town.office.clock.set(instant("23 11:30"))
    person = await town.person()
    (question,) = {one.question_id for one in await answers(town)}
    await town.services.study.ask(person, question, await town.store.place(person.learner.id), purpose="study")

    await town.say("二")

    assert len(await answers(town)) == 2
