"""The daily question: never two for one, never a nuisance, never a lie about when it comes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.pushes import DAYS_UNANSWERED
from bot.domain.question import LearnerId
from bot.ports.changes import Changes
from bot.services.ids import Ids
from bot.services.mornings import Crowd
from tests.fakes.clock import Frozen
from tests.fakes.dice import Straight
from tests.services.town import Town, instant, told

FIRST, SECOND = "一加一是几？", "二是偶数。"
CLOSED = "考试过了，不再送题。学过的都留着；想练，发 /study。"
MORNING, EVENING = 450, 1200  # 7:30 and 20:00


async def test_every_day(town: Town) -> None:
    """One question a day at the chosen hour; the one that nobody answered goes before the next comes."""
    await town.comes(MORNING)

    assert await town.at("24 07:29") == []
    assert await town.at("24 07:30") == [FIRST]
    assert await town.at("25 07:29") == []
    assert await town.at("25 07:30") == ["(deleted)", FIRST]


async def test_old_one_keeps_its_text(town: Town) -> None:
    """A question older than two days is not taken away: it loses its buttons."""
    person = await town.comes(MORNING)
    await town.at("24 07:30")
    await town.services.dailies.change(person, replace(await town.daily(), rhythm="weekly"))

    assert await town.at("29 07:30") == ["(stripped)", FIRST]


async def test_answered_before(town: Town) -> None:
    """An answer since the study day began makes the first one needless, one since the slot before the second."""
    await town.comes(MORNING, EVENING)
    await town.at("24 07:00")
    await town.say("二")

    assert await town.at("24 07:30") == []
    assert await town.at("24 20:00") == [SECOND]
    await town.at("25 03:59")
    await town.say("错")
    assert await town.at("25 07:30") == [SECOND]
    await town.say("对")
    assert await town.at("25 20:00") == []


async def test_no_more_than_were_chosen(town: Town) -> None:
    """A slot that is moved behind the one that was sent waits for the next day, and that is what is said."""
    person = await town.comes(MORNING)
    await town.at("24 07:40")
    planned = await town.services.dailies.at(person, 480)

    assert planned.next is not None
    assert planned.next.day == date(2026, 11, 25)
    assert await town.at("25 07:59") == []
    assert await town.at("25 08:00") == ["(deleted)", FIRST]


async def test_said_when_it_comes(town: Town) -> None:
    """An hour that today's answers make needless is not promised for today."""
    await town.comes(MORNING)
    await town.at("24 06:00")
    await town.say("二")
    planned = await town.services.dailies.at(await town.person(), MORNING)

    assert planned.next is not None
    assert planned.next.day == date(2026, 11, 25)


async def test_second_slot_is_still_to_come(town: Town) -> None:
    """An answer before the day's first slot leaves the second one as it is planned."""
    await town.comes(MORNING, EVENING)
    await town.at("24 07:00")
    await town.say("二")
    planned = await town.services.dailies.change(await town.person(), await town.daily())

    assert planned.next is not None
    assert planned.next.at == instant("24 20:00")


async def test_travels(town: Town) -> None:
    """A learner who travels is asked at the hour of the new clock, and not twice on one day."""
    person = await town.comes(MORNING)
    await town.at("24 07:30")
    await town.services.dailies.adapt(person, zone="Europe/Berlin")

    assert await town.at("25 14:29") == []
    assert await town.at("25 14:30") == ["(deleted)", FIRST]


@pytest.mark.parametrize(
    ("what", "comes"),
    [
        (lambda town, who: town.services.hours.toggle(who, 5), True),
        (lambda town, who: town.services.hours.add(who, EVENING), True),
        (lambda town, who: town.services.dailies.adapt(who, zone="Asia/Singapore"), True),
        (lambda town, who: town.services.dailies.adapt(who, zone="America/New_York"), False),
        (lambda town, who: town.services.hours.toggle(who, 1), False),  # today's own
        (lambda town, who: town.services.hours.move(who, MORNING, EVENING), False),
        (lambda town, who: town.services.dailies.rhythm(who, "off"), False),
        (lambda town, who: town.services.calendar.pause(who, date(2026, 11, 24)), False),
    ],
)
async def test_changed_while_it_waits_for_its_turn(town: Town, what: Any, comes: bool) -> None:  # noqa: FBT001 - a table
    """Those of one minute come one after the other: what is changed meanwhile takes no question away that it leaves."""
    for who in ("hua", "lin", "wei", "zhou"):
        await town.comes(MORNING, who=who)
    await town.at("24 07:30")
    who, *_ = [name for name in ("hua", "lin", "wei", "zhou") if not await pushed(town, name)]
    await what(town, await town.person(who))
    await town.at("24 07:31")

    assert await pushed(town, who) == comes
    assert await town.at("24 19:59") == []


async def pushed(town: Town, who: str) -> bool:
    """Whether somebody's question of the day was sent."""
    found = await town.store.morning((await town.person(who)).learner.id, date(2026, 11, 24))
    return found is not None and found.pushes != ()


async def test_nothing_to_plan_anew(town: Town) -> None:
    """Who has no daily question gets none by changing the zone."""
    await town.say("/start")
    await town.services.dailies.adapt(await town.person(), zone="Europe/Berlin")

    assert await town.at("26 12:00") == []


async def test_after_downtime(town: Town) -> None:
    """Back within three hours the newest missed one is sent, never two; later none, and the next comes in time."""
    await town.comes(MORNING, 540)

    assert await town.jumps("24 09:20") == [FIRST]
    assert await town.at("24 18:00") == []
    assert await town.jumps("25 12:00") == []
    assert await town.at("26 07:30") == ["(deleted)", FIRST]


async def test_downtime_over_the_night(town: Town) -> None:
    """An answer of the new study day makes an hour of the old one needless too."""
    await town.comes(210)
    Frozen.set(town.office.clock, instant("24 04:10"))  # nobody wakes
    await town.say("二")

    assert await town.jumps("24 04:11") == []


async def test_stays_off_what_is_gone(town: Town) -> None:
    """Nothing is planned for a room that takes nothing."""
    await town.comes(MORNING)
    await town.gone()

    assert await town.at("26 12:00") == []
    assert await town.services.mornings.due((await town.person()).learner.id, town.office.clock.now()) is None


async def test_pause(town: Town) -> None:
    """In a pause nothing comes; on the day after it does."""
    person = await town.comes(MORNING, paused_until=date(2026, 11, 25))
    await town.services.dailies.again(person)

    assert await town.at("26 07:29") == []
    assert await town.at("26 07:30") == [FIRST]


async def test_pause_ends_with_the_day(town: Town) -> None:
    """The first hour of the first day after a pause is not missed."""
    await town.comes(240, paused_until=date(2026, 11, 25))

    assert await town.at("26 04:00") == [FIRST]


async def test_off_days(town: Town) -> None:
    """On weekdays that are off nothing comes."""
    await town.comes(MORNING, off_days=(1, 2))

    assert await town.at("26 07:29") == []
    assert await town.at("26 07:30") == [FIRST]


@pytest.mark.parametrize(
    ("off_days", "exam", "quiet", "end", "expected"),
    [
        ((), 25, "26 07:29", "26 07:30", [CLOSED]),
        ((3,), 25, "27 07:29", "27 07:30", [CLOSED]),  # not on a day that is off
        ((5, 6), 28, "27 07:29", "27 07:30", [FIRST]),
    ],
)
async def test_exam_is_over_for_who_is_asked_once_a_week(
    town: Town, off_days: tuple[int, ...], exam: int, quiet: str, end: str, expected: list[str]
) -> None:
    """The day after the exam is not their day of the week, and closes it all the same."""
    person = await town.comes(MORNING, off_days=off_days)
    await town.services.dailies.rhythm(person, "weekly")
    await town.services.calendar.exam(await town.person(), date(2026, 11, exam))

    assert await town.at(quiet) == []
    assert await town.at(end) == expected
    assert await town.at("30 07:29") == []
    assert await town.at("30 07:30") == (["(stripped)", CLOSED] if expected == [FIRST] else [])


async def test_exam_is_over(town: Town) -> None:
    """The day after the exam one message closes it, and nothing follows."""
    await town.comes(MORNING, exam=date(2026, 11, 24))

    assert await town.at("24 07:30") == [FIRST]
    closed = await town.at("25 07:30")
    assert closed == ["(deleted)", CLOSED]
    assert await town.at("28 12:00") == []
    learner = (await town.person()).learner
    assert (learner.exam, (await town.daily()).rhythm) == (None, "off")


async def test_nothing_left(town: Town) -> None:
    """Where there is nothing to ask nothing is said, nor counted as unanswered."""
    await town.comes(MORNING, goal=0)

    assert await town.at("25 12:00") == []
    assert (await town.daily()).unanswered == 0


async def test_nobody(town: Town) -> None:
    """A timer of a learner without a daily question stops."""
    await town.say("/start")
    learner = (await town.person()).learner.id
    await town.store.commit(
        Changes(wakes={f"daily:{learner}": instant("23 13:00"), f"snooze:{learner}:1": instant("23 13:00")})
    )

    assert await town.at("23 13:00") == []
    assert town.office.clock.next == datetime(9999, 1, 1, tzinfo=UTC)


async def test_silence(town: Town) -> None:
    """Four days, three Sundays, and then nothing: nine messages to who never answers."""
    await town.comes(MORNING)
    whole = await town.at("30 12:00")
    for _ in range(8):
        before, last = await town.office.move(town.office.clock.now() + timedelta(days=7))
        whole += told([*before, *last])

    assert len([one for one in whole if not one.startswith("(")]) == 4 + 1 + 3
    daily = await town.daily()
    assert (daily.rhythm, daily.offering, daily.unanswered) == ("silent", True, 0)


async def test_answering_keeps_it(town: Town) -> None:
    """Any answer within the four days lets the count begin anew."""
    await town.comes(MORNING)
    await town.at("26 08:00")

    assert (await town.daily()).unanswered == 3
    await town.say("/study")
    await town.press("不会")
    assert (await town.daily()).unanswered == 0


async def test_spread(town: Town) -> None:
    """Those of one minute are spread over it; who comes when is the same the next day."""
    people = [await town.comes(MORNING, who=f"learner {number}") for number in range(5)]
    days = []
    for day in (24, 25):
        await town.at(f"{day} 07:29")
        days.append(await _moments(town, until=f"{day} 07:31"))

    assert len(people) == len(days[0])
    assert len(set(days[0].values())) > 3
    assert {who: at + timedelta(days=1) for who, at in days[0].items()} == days[1]
    assert max(days[0].values()) < instant("24 07:31")


async def test_no_more_a_second_than_the_platform_takes(town: Town) -> None:
    """Ten thousand of one minute take 400 seconds, about as many in each."""
    at = instant("24 07:30")
    ids = Ids(Straight(3))
    learners = [LearnerId(ids.new(at - timedelta(hours=number))) for number in range(10_000)]
    mornings = replace(town.services.mornings, crowd=Crowd(at, 10_000))
    moment = (await _planned(town)).next
    assert moment is not None
    waits = [(await mornings._turn(learner, moment, at) - at).total_seconds() for learner in learners]
    slices = [sum(start <= wait < end for wait in waits) for start, end in pairwise(range(0, 401, 20))]

    assert sum(slices) == 10_000
    assert max(slices) < 600
    assert min(slices) > 400


async def _planned(town: Town) -> Any:
    person = await town.comes(MORNING)
    return await town.services.dailies.change(person, await town.daily())


async def _moments(town: Town, *, until: str) -> dict[str, datetime]:
    """When each room got its message."""
    found: dict[str, datetime] = {}
    while (due := town.office.clock.next) is not None and due < instant(until):
        _, seen = await town.office.move(due)
        found |= {one.room: due for one in seen if one.what == "new"}
    return found


@pytest.mark.parametrize(("off_days", "day"), [((), "周日"), ((6,), "周六"), ((5, 6), "周五")])
async def test_the_day_of_the_week_is_the_one_that_it_is(town: Town, off_days: tuple[int, ...], day: str) -> None:
    """Where Sunday is a day off the weekly question comes on another, and that one is named."""
    person = await town.comes(MORNING, off_days=off_days)
    await town.services.dailies.change(person, replace(await town.daily(), unanswered=DAYS_UNANSWERED))

    assert await town.at("24 07:30") == [f"这几天忙？每日一题先改成每周一次，{day}送。"]
