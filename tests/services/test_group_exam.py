"""A group's exam date: typed behind a command in the group, told once a week."""

from datetime import date

from tests.services.conftest import clock, store  # noqa: F401 - fixtures
from tests.services.square import GROUP
from tests.services.test_groups import NewTown, at, course, new_town, running  # noqa: F401 - fixtures


async def test_the_day_is_typed_in_the_group(new_town: NewTown) -> None:  # noqa: F811
    """For who runs it, in one line; a word that is no day is told so, and nobody else can."""
    town = await new_town()
    await town.says("hua", "/exam 12-05", GROUP)
    await town.until(at(24, 20, 56))
    assert [words for _, words in town.news() if words] == ["到私聊里改，这里不刷屏。\n[设置]"]
    await running(town)
    for second, who, words in (
        (10, "wei", "/exam 12-05"),
        (20, "hua", "/exam@studybot 从前"),
        (30, "hua", "/exam"),
        (40, "hua", "/exam 12-05"),
    ):
        await town.says(who, words, GROUP)
        await town.until(at(25, 11, 59, second))

    assert [words for _, words in town.news() if words] == [
        "这一步要管理员来。你可以先自己练：点机器人头像，发 /start。",
        "没看懂。发个以后的日期，比如 12-19。",
        "到私聊里改，这里不刷屏。\n[设置]",
        "考试：12 月 5 日，还有 10 天。考完「群」不再出题。",
    ]
    assert (await course(town)).exam == date(2026, 12, 5)


async def test_the_days_left_are_told_on_mondays(new_town: NewTown) -> None:  # noqa: F811
    """Below the question, once a week; with every question where there is one a week."""
    town = await new_town()
    await running(town)
    await town.says("hua", "/exam 12-20", GROUP)
    await town.until(at(1, 13, month=12))
    told = [words for room, words in town.news() if room == GROUP and "公布答案" in words]
    await town.happens("press", "hua", f"room:weekly:{(await course(town)).room_id}")
    town.news()
    await town.until(at(13, 13, month=12))
    weekly = [words for room, words in town.news() if room == GROUP and "公布答案" in words]

    assert ["离考试还有" in words for words in told] == [False] * 5 + [True, False]
    assert "离考试还有 20 天。" in told[5]
    assert ["离考试还有" in words for words in weekly] == [True, True]
