"""A learner who changes platform in the middle: one daily question; what waits elsewhere says it was answered."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.commands import cards
from bot.domain.question import AskId
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Undeliverable
from bot.ports.post import Message
from bot.ports.rows import Room
from bot.storage.codec import micros
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.services.both import Both, built
from tests.services.conftest import reading
from tests.services.test_linking import SINGLES, linked, terminal_linked
from tests.services.town import instant

STEM = "【单选】第 1 题？"


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Both]:
    """Lin is one learner on both, and has a daily question at 7:30, set on Telegram."""
    async with built(store, reading(*SINGLES, code="pack")) as both:
        await both.telegram("/start")
        await both.discord("/start")
        await linked(both)
        await both.services.dailies.at(await both.person("telegram"), 450)
        both.news()
        yield both


async def test_answered_on_the_other_platform(both: Both) -> None:
    """The same question, asked there anew, is answered; here the text stays, the buttons go, and one line says so."""
    ((room, sent),) = await both.at("24 07:30")
    assert (room, sent.rpartition("\n")[2]) == ("telegram:lin", "[不会] [提示] [稍后]")
    there = await both.discord("/daily")
    assert there == sent
    verdict = await both.discord("[B 二]")
    changed = both.news()

    assert "✓ 答对了" in verdict
    assert changed == [("telegram:lin", "bot~: …\n已在 Discord 上答过。")]
    assert await both.telegram("[B 二]") == "bot: 已在 Discord 上答过。"
    assert await both.check("telegram") == 1


async def test_another_question_does_not_say_so(both: Both) -> None:
    """Only the same question is answered; the one that waits goes on waiting, and goes before the next comes."""
    await both.at("24 07:30")
    await both.discord("/study")
    await both.discord("[不会]")
    await both.discord("[下一题]")
    both.news()
    await both.discord("[B 二]")

    assert both.news() == []


async def test_answered_where_it_waits(both: Both) -> None:
    """Asked on both and answered where it came: the other, which is no message that is known, is answered too."""
    await both.at("24 07:30")
    await both.discord("/daily")
    await both.telegram("[B 二]")

    assert await both.discord("[B 二]") == "bot: 已在 Telegram 上答过。"


async def test_what_is_typed_answers_what_was_seen(both: Both) -> None:
    """Typed where the question was not shown, a letter is no answer: the question is shown there first."""
    await both.at("24 07:30")
    shown = await both.discord("B")
    assert shown.startswith(f"bot: {STEM}")

    assert "✓ 答对了" in await both.discord("B")


@pytest.mark.parametrize("words", ["/study", "/start"])
async def test_what_waits_is_asked_where_it_is_wanted(both: Both, words: str) -> None:
    """However it is asked for, the question that waits elsewhere is the one that comes."""
    await both.at("24 07:30")

    assert (await both.discord(words)).startswith(f"bot: {STEM}")
    assert (await both.discord("/study")).startswith("bot: 练什么")


async def test_the_next_one_waits_elsewhere(both: Both) -> None:
    """下一题 on one platform, while a question waits on the other."""
    await both.discord("/study")
    await both.discord("[B 二]")
    await both.telegram("/study")

    assert (await both.discord("[下一题]")).startswith("bot: 【单选】第 2 题？")


async def test_the_daily_question_follows(both: Both) -> None:
    """It comes where its learner answered last; never to both."""
    await both.at("23 12:10")
    await both.answers("discord", "B")
    assert [room for room, _ in await both.at("24 07:30")] == ["discord:lin"]
    await both.answers("telegram", "B")
    both.news()

    assert [room for room, said in await both.at("25 07:30") if said != "deleted"] == ["telegram:lin"]


async def test_the_terminal_is_no_place_to_be_written_to(both: Both) -> None:
    """An answer in the terminal moves nothing: it cannot be written to first."""
    await both.terminal("/start")
    await terminal_linked(both, both.telegram)
    both.news()
    await both.answers("terminal", "B")

    assert [room for room, _ in await both.at("24 07:30")] == ["telegram:lin"]


async def test_the_learner_names_the_place(both: Both) -> None:
    """In /settings, where there are several: it comes there whatever is answered elsewhere, until it follows again."""
    await both.telegram("/settings")
    assert (await both.telegram("[每日一题]")).split("\n")[1] == "[送到哪里]"
    asked = "bot~: 每日一题送到哪里？\n[{}Telegram] [{}Discord]\n[{}最后作答的地方] [返回]"
    assert await both.telegram("[送到哪里]") == asked.format("", "", "✓ ")
    await both.telegram("[Discord]")
    assert await both.telegram("[送到哪里]") == asked.format("", "✓ ", "")
    await both.answers("telegram", "B")
    await both.telegram("/settings")
    await both.telegram("[每日一题]")
    await both.services.dailies.at(await both.person("telegram"), 450)
    assert [room for room, _ in await both.at("24 07:30")] == ["discord:lin"]
    await both.telegram("[送到哪里]")
    await both.telegram("[最后作答的地方]")

    assert [room for room, said in await both.at("25 07:30") if said != "deleted"] == ["telegram:lin"]


async def test_one_platform_has_no_choice(both: Both) -> None:
    """Who speaks from one place is not asked where."""
    await both.telegram("/start", "hua")
    await both.services.dailies.at(await both.person(who="hua"), 450)
    await both.telegram("/settings", "hua")

    assert "送到哪里" not in await both.telegram("[每日一题]", "hua")


async def test_what_is_typed_belongs_to_its_room(both: Both) -> None:
    """An hour that was asked for on Telegram is no answer to a question on Discord, nor the other way round."""
    await both.discord("/study")
    await both.services.study.wait_for(await both.person("telegram"), "name:0")
    assert "✓ 答对了" in await both.discord("B")

    assert await both.telegram("B") == "bot: 好，榜上叫「B」。\n[返回]"


async def test_a_closed_room_is_left_for_another(both: Both) -> None:
    """Where its room takes nothing the daily question comes to the learner's other platform; nothing is said of it."""
    await both.services.dailies.named(await both.person("telegram"), (await both.person("telegram")).room_id)
    both.office.screens.faults["telegram:lin"] = [Undeliverable("blocked", permanent=True)]
    assert await both.at("24 07:30") == []
    assert [room for room, _ in await both.at("25 07:30")] == ["discord:lin"]
    daily = await both.store.daily((await both.person()).learner.id)
    assert daily is not None

    assert (daily.rhythm, daily.fixed) == ("daily", False)


@pytest.mark.parametrize("closed", ["telegram", "discord"])
async def test_who_speaks_while_their_room_is_closed(both: Both, closed: str) -> None:
    """Heard in a shared room, with another platform open: nothing is said, it comes there."""
    person = await both.person(closed)
    room = Room(person.room_id, closed, f"{closed}:lin", both.office.clock.now(), account_id=person.account_id)
    await both.store.commit(Changes(updates=(replace(room, gone_at=both.office.clock.now()),)))
    await both.services.groups.here(Incoming("room", closed, f"{closed}:lin", "群", "added", group="群"))
    said = both.telegram if closed == "telegram" else both.discord

    assert "私信发不过去" not in await said("/stats", here="群")
    other = "discord:lin" if closed == "telegram" else "telegram:lin"
    assert [room for room, _ in await both.at("24 07:30")] == [other]


async def test_who_has_no_other_room(both: Both) -> None:
    """With no other platform open the daily question ends, and whoever it was sent to is told once."""
    await both.discord("/unlink")
    await both.discord("[分开]")
    person, now = await both.person("telegram"), both.office.clock.now()
    room = Room(person.room_id, "telegram", "telegram:lin", now, gone_at=now, account_id=person.account_id)
    await both.store.commit(Changes(updates=(room,)))
    assert await both.at("24 08:00") == []

    assert "私信发不过去" in await both.telegram("/stats", here="群")
    assert "私信发不过去" not in await both.telegram("/stats", here="群")


async def test_a_timer_of_nobody_stops(both: Both) -> None:
    """A timer that was claimed while its learner was forgotten does nothing, and comes no more."""
    engine, at = both.store.engine, micros(both.office.clock.now())
    assert isinstance(engine, SqliteStorage)
    rows, left = [("daily:7", at), ("snooze:7:1", at)], "INSERT INTO wake (key, at, attempts) VALUES (?, ?, 0)"
    await engine.change(lambda db: db.executemany(left, rows).rowcount)
    engine.on_post()
    with capture_logs() as lines:
        await both.office.settled()

    assert (lines, await both.office.ticker.post.next_wake()) == ([], instant("24 07:30"))


@pytest.mark.parametrize("how", ["alert", "whisper"])
async def test_answered_in_a_group(both: Both, how: str) -> None:
    """The same question, answered where others do: where it waits on the other platform it says so."""
    both.office.screens.whispers = how == "whisper"
    both.services.wires["discord"] = both.office.screens  # type: ignore[index] # a house gets its wires once
    person, found = await both.person("discord"), await both.store.set("sums")
    assert found is not None
    venue = await both.services.groups.here(Incoming("room", "discord", "discord:lin", "群", "added", group="群"))
    venue = await both.services.groups.choose(venue, person, found.id)
    assert venue.course is not None
    await both.services.groups.change(venue, replace(venue.course, hour=480))
    await both.at("24 07:30")
    await both.at("24 08:00")
    hung = next(one for one in both.office.screens.shown.values() if one.room == "群")
    assert hung.reply.prompt is not None
    ask = AskId(int(hung.reply.prompt.choices[1].action.split(":")[1]))
    question = (await both.services.boards.notice(ask)).ask.question_id
    lin = await both.person("telegram")
    place = await both.store.place(lin.learner.id)
    waits, changes = await both.services.study.asking(lin, question, place, purpose="study")
    shown = Message(lin.room_id, cards.slot(waits.ask.id), ("telegram:lin:7",), both.office.clock.now())
    await both.store.commit(changes + Changes(inserts=(shown,)))
    both.news()
    action = hung.reply.prompt.choices[1].action
    await both.router.handle(Incoming("press", "discord", "discord:lin", "群", action, group="群"))
    await both.office.settled()

    assert ("telegram:lin", "bot~: …\n已在 Discord 上答过。") in both.news()
