"""Days on which few answer a group's question: each is counted once, and the administrator is asked once."""

import asyncio

import pytest

from bot.domain.question import AskId
from bot.ports.post import Wake
from bot.services.groups import REVEAL
from tests.services.conftest import clock, store  # noqa: F401 - fixtures
from tests.services.square import GROUP, Town
from tests.services.test_groups import NewTown, at, course, new_town, running, venue  # noqa: F401 - a fixture


async def hanging(town: Town, day: int) -> AskId:
    """The question of that day hangs in the group, a minute before its answer is told."""
    await town.until(at(day, 19, 59))
    found = (await venue(town)).untold
    assert found is not None
    return found.ask_id


async def days(town: Town) -> int:
    return (await course(town)).thin


def worries(town: Town) -> list[str]:
    return [room for room, said in town.news() if "[换题库]" in said]


async def test_an_answer_that_is_told_again(new_town: NewTown) -> None:  # noqa: F811
    """Refused, and told when the group takes it: the day is one day."""
    town = await new_town()
    await running(town)
    await hanging(town, 25)
    town.wire.barred.add(GROUP)
    await town.until(at(25, 21))
    before = await days(town)
    town.wire.barred.clear()
    await town.happens("room", "hua", "added", GROUP)
    await town.until(at(25, 21, 1))

    assert (before, await days(town)) == (1, 1)
    assert [room for room, said in town.news() if "正确答案" in said] == [GROUP]


async def test_the_administrator_is_asked_once(new_town: NewTown) -> None:  # noqa: F811
    """The fifth thin day's answer is refused and told later: the question what shall become of it comes once."""
    town = await new_town()
    await running(town)
    await hanging(town, 29)
    town.wire.barred.add(GROUP)
    await town.until(at(29, 21))
    asked = worries(town)
    town.wire.barred.clear()
    await town.happens("room", "hua", "added", GROUP)
    await town.until(at(29, 21, 1))

    assert (asked, worries(town), await days(town)) == (["hua"], [], 5)


@pytest.mark.parametrize("together", [True, False])
async def test_a_timer_that_is_handled_twice(new_town: NewTown, *, together: bool) -> None:  # noqa: F811
    """A claim that lapsed, or a process that ended too early: the answer is told once, and counted once."""
    town = await new_town()
    await running(town)
    ask = await hanging(town, 25)
    town.news()
    wake = Wake(f"{REVEAL}:{ask}", at(25, 20), 1, None)
    town.clock.instant = at(25, 20)
    if together:
        await asyncio.gather(*(town.router.wake(wake) for _ in range(3)))
    else:
        await town.router.wake(wake)
        await town.settle()
        await town.router.wake(wake)
    await town.settle()

    assert await days(town) == 1
    assert [room for room, said in town.news() if "正确答案" in said] == [GROUP]
