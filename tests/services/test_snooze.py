"""A question that was put off: once a day, out of the night, and not when it is needless."""

from datetime import timedelta

import pytest

from bot.domain.question import AskId
from tests.services.town import Town, instant

FIRST, CASE = "一加一是几？", "小明有三个苹果。"
MORNING, EVENING = 450, 1200  # 7:30 and 20:00


async def test_stopped_after_it_was_put_off(town: Town) -> None:
    """Who stops the daily question does not get the one that was put off either."""
    person = await town.comes(MORNING)
    await town.at("24 07:30")
    await town.press("稍后")
    await town.services.dailies.rhythm(person, "off")

    assert await town.at("24 12:00") == []


async def test_put_off_and_answered(town: Town) -> None:
    """What was put off does not come again once it was answered."""
    await town.comes(MORNING)
    await town.at("24 07:30")
    await town.press("稍后")
    await town.press("不会")

    assert await town.at("24 12:00") == []
    assert await town.press("稍后") == ["这题已经答过了。"]


async def test_put_off_over_the_night(town: Town) -> None:
    """In the evening put off, it is what the morning's slot asks; answered by then, that asks something else."""
    await town.comes(MORNING)
    await town.at("24 07:30")
    await town.at("24 21:00")

    assert await town.press("稍后") == ["好，明天 7:30 再送一次。"]
    await town.press("不会")
    assert await town.at("25 07:30") == [FIRST]
    assert await town.at("25 12:00") == []


async def test_put_off_twice_over(town: Town) -> None:
    """A question that was put off over the night is one of the day's, and can be put off itself."""
    await town.comes(MORNING)
    await town.at("24 07:30")
    await town.at("24 21:00")
    await town.press("稍后")
    await town.at("25 07:30")

    assert await town.press("稍后") == ["好，10:30 再送一次。"]
    assert await town.at("25 10:30") == ["(deleted)", FIRST]
    assert await town.press("稍后") == ["今天已经推后过一次了。"]


async def test_put_off_between_two(town: Town) -> None:
    """A slot that comes before what was put off takes it away; then that very question comes again."""
    await town.comes(MORNING, 540)
    await town.at("24 07:30")
    await town.press("稍后")

    assert await town.at("24 09:00") == ["(deleted)", FIRST]
    assert await town.at("24 10:30") == ["(deleted)", FIRST]
    assert (await town.daily()).unanswered == 1


async def test_put_off_and_too_late(town: Town) -> None:
    """What was put off is void three hours after its time."""
    await town.comes(EVENING)
    await town.at("23 20:00")
    await town.press("稍后")

    assert await town.jumps("24 23:30") == []


async def test_put_off_and_something_came(town: Town) -> None:
    """Where another one was sent since its time, what was put off is needless."""
    person = await town.comes(MORNING)
    await town.at("24 07:30")
    await town.press("稍后")
    await town.services.dailies.at(person, 630)
    await town.at("25 10:30")

    assert await town.services.mornings.due_again(person.learner.id, AskId(1), town.office.clock.now()) is None


async def test_case_is_put_off(town: Town) -> None:
    """Who has no daily question can put off a case; put off in the evening it comes when the night is over."""
    await town.say("/start")
    person = await town.person()
    case = next(one.id for one, revision in await town.contents() if revision.kind == "case")
    asked = await town.services.study.ask(person, case, await town.store.place(person.learner.id), purpose="study")
    await town.at("23 21:00")

    assert await town.services.dailies.snooze(person, asked.ask.id) == instant("24 07:00")
    await town.office.settled()
    assert await town.at("24 07:00") == [CASE]
    assert await town.at("30 12:00") == []


@pytest.mark.parametrize("off_days", [(2,), (2, 3)])
async def test_put_off_onto_a_day_off(town: Town, off_days: tuple[int, ...]) -> None:
    """What was put off comes when it was promised, on a day without a daily question too; nothing else comes then."""
    await town.comes(MORNING, off_days=off_days)
    await town.at("24 07:30")
    await town.at("24 22:30")

    assert await town.press("稍后") == ["好，明天 7:30 再送一次。"]
    assert await town.at("25 07:30") == ["(deleted)", FIRST]
    assert await town.at("25 23:59") == []
    assert (await town.daily()).unanswered == 1


async def test_never_again_after_it_was_put_off(town: Town) -> None:
    """A question that is asked no more does not come again, nor one that is nobody's."""
    person = await town.comes(MORNING)
    await town.at("24 07:30")
    await town.press("不会")
    ask = (await town.store.place(person.learner.id)).ask_id
    assert ask is not None
    sitting = await town.services.study.sitting(person, ask)
    await town.services.marks.suspend(person, sitting.card.question.id)
    now = town.office.clock.now()
    mornings = town.services.mornings

    assert await mornings._again(person, ask) is None
    assert await mornings._again(person, AskId(4711)) is None
    due = await mornings.due_again(person.learner.id, AskId(4711), now + timedelta(hours=4))
    assert due is not None
    assert due.decided == "skip"
