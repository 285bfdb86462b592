"""What holds of two learners who become one, and what each has again once they are two."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.domain.kind import Given
from bot.domain.prompt import Quote
from bot.domain.question import QuestionId
from bot.ports.broadcasts import Broadcast, Recipient
from bot.ports.chat import Reader, Reply
from bot.ports.rows import Changes, Conflict
from bot.services.services import Services
from bot.storage.store import Store
from tests.services.both import Both, built
from tests.services.conftest import reading
from tests.services.test_linking import SINGLES, code, linked

NEWS = Reply((Quote("消息"),))


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Both]:
    """Lin has answered two questions on Telegram, and a minute later begins on Discord."""
    async with built(store, reading(*SINGLES, code="pack")) as both:
        await both.answers("telegram", "B", "A")
        await both.answers("discord", "B")
        both.news()
        yield both


async def parted(both: Both) -> None:
    await both.discord("/unlink")

    assert "分开了" in await both.discord("[分开]")


@pytest.mark.parametrize("platforms", [("telegram",), ("telegram", "terminal")])
async def test_set_aside_by_all(both: Both, platforms: tuple[str, ...]) -> None:
    """Each account has set a question aside that only one of them answered: taken apart, it is so for that one."""
    question = (await both.questions())[8]
    await answered(both, question)
    if "terminal" in platforms:
        await both.answers("terminal", "B")
    for platform in ("discord", *platforms):
        await both.services.marks.suspend(await both.person(platform), question)
    await linked(both)
    if "terminal" in platforms:
        (found,) = set[str](re.findall("L-[2-9A-Z]{6}", await both.telegram("/link")))
        await both.terminal(f"/link {found}")
        await both.terminal("[连接]")
    await parted(both)

    assert [await both.check("telegram"), await both.check("discord")] == [2, 2]
    assert await both.store.mark((await both.person("discord")).learner.id, question, "suspend")


async def answered(both: Both, question: QuestionId) -> None:
    """That question is asked and answered on Discord."""
    person = await both.person("discord")
    asked = await both.services.study.ask(person, question, await both.store.place(person.learner.id), purpose="study")
    await both.services.study.answer(person, asked.ask.id, Given(texts=("B",)))


async def test_two_accounts_set_aside_what_a_third_answered(both: Both) -> None:
    """Only one of the two words can go with the answers; parting fails for none of them."""
    question = (await both.questions())[8]
    await linked(both)
    await both.answers("terminal", "B")
    for platform in ("telegram", "terminal"):
        await both.services.marks.suspend(await both.person(platform), question)
    (found,) = set[str](re.findall("L-[2-9A-Z]{6}", await both.telegram("/link")))
    await both.terminal(f"/link {found}")
    await both.terminal("[连接]")
    await answered(both, question)
    await parted(both)

    assert await both.store.mark((await both.person("discord")).learner.id, question, "suspend")
    assert await both.check("discord") == 2


async def test_a_word_on_a_question_that_nobody_answered(both: Both) -> None:
    """It stays with the account that said it."""
    await linked(both)
    question = (await both.questions())[9]
    await both.services.marks.suspend(await both.person("discord"), question)
    await parted(both)
    people = await both.person("telegram"), await both.person("discord")

    assert [bool(await both.store.mark(one.learner.id, question, "suspend")) for one in people] == [False, True]


async def test_two_part_at_once(both: Both) -> None:
    """Of two accounts that leave each other one does: no learner is left without an account."""
    await both.telegram("/start", "kai")
    await both.discord("/start", "kai")
    await both.discord(f"/link {await code(both, who='kai')}", "kai")
    await both.discord("[连接]", "kai")
    turns = both.store.turn(), both.store.turn()
    for turn, platform in zip(turns, ("telegram", "discord"), strict=True):
        services: Services = both.services.on(turn)
        await services.linking.unlink(await both.person(platform, "kai"))
    await turns[0].settle(Changes())

    with pytest.raises(Conflict):
        await turns[1].settle(Changes())


async def test_news_reach_a_person_once(both: Both) -> None:
    """Taken apart while a broadcast is going, neither side has it again; those whose turn it is not yet get it."""
    await linked(both)
    await both.services.dailies.at(await both.person("discord"), 1140)
    for who in ("hua", "kai"):
        await both.telegram("/start", who)
        await both.services.dailies.at(await both.person(who=who), 1140)
    await both.services.accounts.change(await both.person(who="hua"), quiet=(660, 900))  # sleeps until three
    await both.services.broadcasts.begin(await both.person(who="hua"), NEWS)
    await both.office.settled()
    first = [room for room, said in (*both.news(), *await both.at("23 12:10")) if "消息" in said]
    await parted(both)
    then = [room for room, said in (*await both.at("23 15:30"), *await both.at("24 23:00")) if "消息" in said]

    assert (sorted(first), then) == (["discord:lin", "telegram:kai"], ["telegram:hua"])


async def test_who_parts_stops_no_broadcast(both: Both) -> None:
    """The new learner is the youngest of all; those between are reached all the same, and the numbers hold."""
    await linked(both)
    await both.services.dailies.at(await both.person("discord"), 1140)
    await both.telegram("/start", "hua")
    await both.services.dailies.at(await both.person(who="hua"), 1140)
    lin, hua, now = await both.person(), await both.person(who="hua"), both.office.clock.now()
    id_, reader = both.services.house.ids.new(now), Reader("zh-Hans", "zh-Hans")
    news = Broadcast(id_, hua.account_id, hua.room_id, NEWS, reader, now)
    reached = Recipient(news.id, lin.learner.id, now, "written")
    await both.store.commit(Changes(inserts=(news,), updates=(reached,)))
    await both.services.linking.unlink(await both.person("discord"))
    headway = await both.store.headway(news.id)

    assert [one.learner_id for one in await both.store.recipients(news.id, now, 9)] == [hua.learner.id]
    assert headway is not None
    assert (headway.fates, headway.unreached) == ({"written": 1, "left": 1}, 1)
