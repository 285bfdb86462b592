"""One learner on two platforms: linked by a code, taken apart again; nothing is lost, nothing is guessed."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.linking import MOST_ALL, MOST_OWN
from bot.domain.prompt import Text
from bot.ports.changes import Changes, Conflict
from bot.ports.chat import Incoming, Reply
from bot.ports.people import WrongCode
from bot.ports.reads import Person
from bot.ports.rows import Room
from bot.router import Router
from bot.services.linking import Linking
from bot.services.services import Services
from bot.storage.store import Store
from bot.texts import Words, language_of
from tests.services.both import Both, built
from tests.services.conftest import DRAFTS, reading, single

SINGLES = tuple(single(f"第 {n} 题？", number=n, explanation="因为。") for n in range(1, 13))


@pytest.fixture
async def both(store: Store) -> AsyncIterator[Both]:
    """Lin has answered two questions on Telegram, and a minute later begins on Discord."""
    async with built(store, reading(*SINGLES, code="pack")) as both:
        await both.answers("telegram", "B", "A")
        await both.answers("discord", "B")
        both.news()
        yield both


async def code(both: Both, platform: str = "telegram", who: str = "lin") -> str:
    """A fresh code of that account."""
    said = await (both.telegram if platform == "telegram" else both.discord)("/link", who)
    (found,) = set[str](re.findall("L-[2-9A-Z]{6}", said))
    return found


async def linked(both: Both) -> None:
    await both.discord(f"/link {await code(both)}")
    await both.discord("[连接]")


async def terminal_linked(both: Both, say: Callable[[str], Awaitable[str]]) -> None:
    """The terminal gives a code, which is sent where ``say`` says it."""
    (found,) = set[str](re.findall("L-[2-9A-Z]{6}", await both.terminal("/link")))
    await say(f"/link {found}")
    await say("[连接]")


async def test_a_whole_conversation(both: Both) -> None:
    """A code on one platform, what it would do on the other, done; and the same answers are counted on both."""
    given = await both.telegram("/link")
    found = re.findall("L-[2-9A-Z]{6}", given)[0]

    assert given == f"bot: 连接码：{found}\n十分钟内有效，只能用一次。在另一个平台上发给我：/link {found}"
    assert await both.discord(f"/link {found}") == (
        "bot: 连接后，这些账号算一个人，作答合在一起：\nTelegram：2 次作答\nDiscord：1 次作答\n"
        "设置用 Telegram 那边的，那边更早。每日一题只送一份。\n[连接] [先不连]"
    )
    assert await both.discord("[连接]") == "bot~: 已连接：Telegram、Discord，一共 3 次作答。要分开，发 /unlink。"
    assert (await both.person("telegram")).learner == (await both.person("discord")).learner
    assert await both.discord("/stats") == await both.telegram("/stats")
    assert await both.check("discord") == 2


TOLD = "bot: 这个账号和{}上的连接了。不是你连的，发 /unlink 分开。"


async def test_who_gave_the_code_is_told(both: Both) -> None:
    """Once, where it was given and nowhere else: somebody else may have had it. Looking alone tells nobody."""
    found = await code(both)
    await both.discord(f"/link {found}")
    before = both.news()
    await both.discord("[连接]")

    assert before == []
    assert both.news() == [("telegram:lin", TOLD.format(" Discord "))]
    assert "[分开]" in await both.telegram("/unlink")


async def test_of_several_accounts_the_one_with_the_code_is_told(both: Both) -> None:
    """The newest of its rooms, whichever learner came first."""
    await both.terminal("/start")
    await terminal_linked(both, both.discord)
    both.news()
    await both.telegram(f"/link {await code(both, 'discord')}")
    await both.telegram("[连接]")

    assert both.news() == [("discord:lin", TOLD.format(" Telegram "))]


async def test_no_code_where_every_platform_is_linked(both: Both) -> None:
    """It could be used nowhere: /link says which accounts are linked, and how to take them apart; then gives one."""
    await linked(both)
    already = "bot: 已经连接了：Telegram、Discord。一个平台只连一个账号。要分开，发 /unlink。"
    said = [await both.telegram("/link"), await both.discord("/link")]
    await both.discord("/unlink")
    await both.discord("[分开]")

    assert said == [already, already]
    assert await code(both)


async def test_a_code_where_one_platform_is_left(both: Both) -> None:
    """Who has linked a terminal can link the other platform still."""
    await both.terminal("/start")
    await terminal_linked(both, both.discord)

    assert (await both.discord("/link")).startswith("bot: 连接码：")
    assert (await both.terminal("/link")).startswith("bot: 连接码：")


async def test_where_nothing_can_be_said_first_nobody_is_told(both: Both) -> None:
    """The code came from a terminal, or the room takes nothing."""
    await both.terminal("/start")
    given = re.findall("L-[2-9A-Z]{6}", await both.terminal("/link"))[0]
    await both.discord(f"/link {given}")
    await both.discord("[连接]")
    in_terminal = both.news()
    found = await code(both)
    person, now = await both.person("telegram"), both.office.clock.now()
    gone = Room(person.room_id, "telegram", "telegram:lin", now, account_id=person.account_id, gone_at=now)
    await both.store.commit(Changes(updates=(gone,)))
    await both.discord(f"/link {found}")
    await both.discord("[连接]")

    assert (in_terminal, both.news()) == ([], [])


async def test_the_older_learner_s_settings_hold(both: Both) -> None:
    """Whoever sends the code: who began first keeps goal and language; the other's sets come along."""
    await both.services.accounts.change(await both.person("telegram"), goal=20)
    await both.services.accounts.change(await both.person("discord"), goal=1, language="en")
    before = (await both.person("telegram")).learner
    await both.telegram(f"/link {await code(both, 'discord')}")
    await both.telegram("[连接]")

    assert (await both.person("discord")).learner == replace(before, version=before.version + 1)


@pytest.mark.parametrize("parting", ["telegram", "discord"])
async def test_linked_again_the_older_s_settings_hold(both: Both, parting: str) -> None:
    """Whichever side parted: who began first is said to be, and keeps what was set since."""
    before = {one: (await both.person(one)).learner.created_at for one in ("telegram", "discord")}
    await linked(both)
    side = both.telegram if parting == "telegram" else both.discord
    await side("/unlink")
    await side("[分开]")
    await both.services.accounts.change(await both.person("telegram"), goal=20)
    await both.services.accounts.change(await both.person("discord"), goal=1)
    after = {one: (await both.person(one)).learner.created_at for one in before}

    assert before == after
    assert "设置用 Telegram 那边的，那边更早。" in await both.discord(f"/link {await code(both)}")
    await both.discord("[连接]")
    assert (await both.person("discord")).learner.goal == 20


async def test_who_was_linked_once_is_no_older(both: Both) -> None:
    """Left by the older account, a learner is as old as the account that stays: a third that came between is older."""
    await both.terminal("/start")
    both.office.clock.set(both.office.clock.now() + timedelta(minutes=1))
    await both.discord("/start", "kai")
    await both.telegram(f"/link {await code(both, 'discord', 'kai')}")
    await both.telegram("[连接]")
    await both.telegram("/unlink")
    await both.telegram("[分开]")
    await both.terminal(f"/link {await code(both, 'discord', 'kai')}")
    await both.services.accounts.change(await both.person("terminal"), goal=20)

    assert "设置用终端那边的，那边更早。" in await both.terminal(f"/link {await code(both, 'discord', 'kai')}")
    await both.terminal("[连接]")
    assert (await both.person("discord", "kai")).learner.goal == 20


async def test_it_can_be_left_alone(both: Both) -> None:
    """Not now: nothing has changed, and the code goes on being valid."""
    found = await code(both)
    await both.discord(f"/link {found}")

    assert await both.discord("[先不连]") == "bot~: 没有连接，什么都没变。"
    assert (await both.person("telegram")).learner != (await both.person("discord")).learner
    assert "[连接]" in await both.discord(f"/link {found}")


WRONG = "bot: 这个码不对，或者过期了。在另一个平台上发 /link，可以要一个新的。"


async def test_a_code_works_once_and_for_ten_minutes(both: Both) -> None:
    """Wrong, replaced by a newer one, used or too old: the same words, so that nobody learns which."""
    first, second = await code(both), await code(both)
    assert await both.discord(f"/link {first}") == WRONG
    assert await both.discord("/link L-222222") == WRONG
    assert await both.discord("/link 你好") == WRONG
    await both.discord(f"/link {second}")
    both.office.clock.set(both.office.clock.now() + timedelta(minutes=10))
    assert await both.discord("[连接]") == WRONG
    third = await code(both)
    await both.discord(f"/link {third}")
    await both.discord("[连接]")
    await both.telegram("/unlink")
    await both.telegram("[分开]")

    assert await both.discord(f"/link {third}") == WRONG


async def test_the_button_pressed_twice(both: Both) -> None:
    """The code is used up, and the two are one: it is said again, and is no wrong code; nobody is told again."""
    await both.discord(f"/link {await code(both)}")
    first = await both.discord("[连接]")
    both.news()
    said = [await both.discord("[连接]") for _ in range(MOST_OWN + 1)]

    assert said == [first] * (MOST_OWN + 1)
    assert both.news() == []
    assert await both.discord("/link L-222222") == WRONG


async def test_the_button_of_a_code_of_others(both: Both) -> None:
    """Who has two accounts is told of another's code what everybody is, and each try counts."""
    await linked(both)
    both.shown["discord:lin"]["连接"] = "link:yes:L-222222"
    said = [await both.discord("[连接]") for _ in range(MOST_OWN + 1)]

    assert said == [WRONG] * MOST_OWN + [WAIT]


async def test_the_button_of_one_s_own_code_that_is_too_old(both: Both) -> None:
    """One account alone was linked with nothing."""
    both.shown["telegram:lin"]["连接"] = f"link:yes:{await code(both)}"
    both.office.clock.set(both.office.clock.now() + timedelta(minutes=10))

    assert await both.telegram("[连接]") == WRONG


async def test_the_button_after_all_was_deleted(both: Both) -> None:
    """The first word of an account that begins anew can be that: the code is valid, and links."""
    await both.discord(f"/link {await code(both)}")
    await both.discord("/forgetme")
    await both.discord("[全部删掉]")

    assert await both.discord("[连接]") == "bot~: 已连接：Telegram、Discord，一共 2 次作答。要分开，发 /unlink。"
    assert (await both.person("telegram")).learner == (await both.person("discord")).learner


async def test_the_button_after_a_break(both: Both) -> None:
    """Who is back after a week has what came due spread first, in the same turn, and is linked."""
    await both.services.accounts.change(await both.person("telegram"), goal=1)
    await both.office.move(both.office.clock.now() + timedelta(days=20))
    both.shown["telegram:lin"]["连接"] = f"link:yes:{await code(both, 'discord')}"
    said = await both.telegram("[连接]")

    assert said.startswith("bot: 欢迎回来。")
    assert said.endswith("bot~: 已连接：Telegram、Discord，一共 3 次作答。要分开，发 /unlink。")
    assert await both.check("telegram") == 2


async def test_how_a_code_is_typed(both: Both) -> None:
    """Small letters, full-width ones, spaces, and no prefix: it is the same code."""
    found = await code(both)
    for typed in (found.lower(), found[2:], " ".join(found), found.replace("L-", "Ｌ－")):
        assert "[连接]" in await both.discord(f"/link {typed}")


async def test_one_s_own_code(both: Both) -> None:
    """Sent where it was given, or on a platform that is linked already."""
    own = "bot: 这是你自己的码。到另一个平台上发给我。"

    assert await both.telegram(f"/link {await code(both)}") == own
    await both.terminal("/start")
    await terminal_linked(both, both.telegram)
    assert await both.terminal(f"/link {await code(both)}") == own


async def test_two_accounts_of_one_platform(both: Both) -> None:
    """A learner has one account of a platform: there is no telling which of two is meant."""
    await both.telegram("/start", "hua")
    said = await both.telegram(f"/link {await code(both)}", "hua")

    assert said == "bot: 两个账号都在 Telegram 上。一个平台只连一个账号。"


async def test_three_platforms(both: Both) -> None:
    """Who is linked links a third, which gives the code, and each account is told with its answers."""
    await linked(both)
    await both.answers("terminal", "B")
    (found,) = set[str](re.findall("L-[2-9A-Z]{6}", await both.terminal("/link")))
    said = await both.telegram(f"/link {found}")
    assert "Telegram：2 次作答\nDiscord：1 次作答\n终端：1 次作答" in said
    await both.telegram("[连接]")

    assert await both.check("telegram") == 2
    assert len({(await both.person(one)).learner.id for one in ("telegram", "discord", "terminal")}) == 1


WAIT = "bot: 现在看不了码，十分钟后再发。"


async def test_five_wrong_codes_then_a_wait(both: Both) -> None:
    """After five wrong codes in ten minutes not even the right one is looked at; then it is again."""
    for number in range(MOST_OWN):
        assert await both.discord(f"/link L-22222{'ABCDEF'[number]}") == WRONG
    found = await code(both)
    assert await both.discord(f"/link {found}") == WAIT
    both.office.clock.set(both.office.clock.now() + timedelta(minutes=10))

    assert "[连接]" in await both.discord(f"/link {await code(both)}")


async def test_a_thousand_accounts_get_nowhere(both: Both) -> None:
    """All together are wrong thirty times in ten minutes; from then on nobody's code is looked at."""
    found = await code(both)
    said = [await both.discord("/link L-222222", f"guesser{n}") for n in range(MOST_ALL + 5)]

    assert said == [WRONG] * MOST_ALL + [WAIT] * 5
    assert await both.discord(f"/link {found}") == WAIT


async def test_a_thousand_accounts_at_once_get_nowhere(both: Both) -> None:
    """Together they are looked at as often as one after the other; a right code after them is told from no other."""
    found = await code(both)
    wrong = (both.discord("/link L-222222", f"guesser{n}") for n in range(MOST_ALL + 5))
    with capture_logs() as logs:
        said = await asyncio.gather(*wrong, both.discord(f"/link {found}"))

    assert said == [WRONG] * MOST_ALL + [WAIT] * 6
    assert [log["everybody"] for log in logs if log["log_level"] == "warning"] == [MOST_ALL]


async def test_guessers_do_not_keep_others_from_linking(both: Both) -> None:
    """Once all together were wrong thirty times, who is a day old is heard, until they are wrong themselves."""
    await both.at("24 13:00")
    found = await code(both)
    for n in range(MOST_ALL):
        await both.discord("/link L-222222", f"guesser{n}")
    assert "[连接]" in await both.discord(f"/link {found}")
    assert await both.discord("/link L-222222") == WRONG

    assert await both.discord(f"/link {found}") == WAIT


async def test_guessers_at_once_do_not_keep_others_from_linking(both: Both) -> None:
    """Who is a day old is heard in the midst of them."""
    await both.at("24 13:00")
    found = await code(both)
    wrong = [both.discord("/link L-222222", f"guesser{n}") for n in range(MOST_ALL + 5)]
    *_, said = await asyncio.gather(*wrong, both.discord(f"/link {found}"))

    assert "[连接]" in said


async def test_wrong_codes_are_logged(both: Both) -> None:
    """With the counts and never with the code; once it is said that new accounts are not heard any more."""
    with capture_logs() as logs:
        for n in range(MOST_ALL):
            await both.discord("/link L-222222", f"guesser{n // 4}")
    told = [log for log in logs if "link code" in log["event"]]

    assert told[4] == {"event": "wrong link code", "log_level": "info", "own": 1, "everybody": 5}
    assert [log["log_level"] for log in told] == ["info"] * MOST_ALL + ["warning"]
    assert "222222" not in str(logs)


async def test_codes_are_kept_as_digests(both: Both) -> None:
    """Who reads the database finds no code in it."""
    found = await code(both)
    engine = both.store.engine
    rows = await engine.read(lambda db: [tuple(row) for row in db.execute("SELECT * FROM link_code")])

    assert [(len(row[1]), found[2:] in str(row)) for row in rows] == [(64, False)]


async def test_places_and_papers_come_along(both: Both) -> None:
    """In the paper's order it goes on where the one was that had come further; an open question stays open."""
    telegram, discord = await both.person("telegram"), await both.person("discord")
    there, here = [await both.store.place(one.learner.id) for one in (telegram, discord)]
    await both.store.commit(Changes(updates=(replace(there, reached={"1": 3, "2": 5}, ask_id=None),)))
    await both.store.commit(Changes(updates=(replace(here, reached={"1": 7}),)))
    await linked(both)
    place = await both.store.place(telegram.learner.id)

    assert (place.reached, place.ask_id) == ({"1": 7, "2": 5}, here.ask_id)


async def test_a_set_that_either_studies_is_studied(both: Both) -> None:
    """Left on one side and taken on the other, a set takes part."""
    telegram = await both.person("telegram")
    await both.services.sets.leave(telegram, "sums")
    await linked(both)

    assert [shelf.taking_part for shelf in await both.services.sets.shelves(telegram)] == [True]


async def test_a_word_on_a_question_follows(both: Both) -> None:
    """A question that was starred or set aside on either side is so for the one learner."""
    person = await both.person("discord")
    card = await both.services.study.last_shown(person)
    assert card is not None
    await both.services.marks.suspend(person, card.question.id)
    await linked(both)
    history = await both.store.history((await both.person("telegram")).learner.id, card.question.id)

    assert history is not None
    assert history.memory is not None
    assert history.memory.aside == "suspend"


async def test_a_star_from_both_sides(both: Both) -> None:
    """Starred on both before, a question is not starred any more once that was taken back on one."""
    for platform in ("telegram", "discord"):
        person = await both.person(platform)
        question = (await both.questions())[0]
        await both.services.marks.star(person, question)
    await linked(both)
    person = await both.person("discord")
    star, new = await both.services.marks.star(person, question)
    await both.services.marks.end(person, star.id)

    assert (new, await both.store.mark(person.learner.id, question, "star")) == (False, None)


async def test_one_daily_question(both: Both) -> None:
    """Both had one: the older's hours hold, the younger's that waits goes; it comes where they answered last."""
    await both.services.dailies.at(await both.person("telegram"), 450)
    await both.services.dailies.at(await both.person("discord"), 480)
    both.news()
    first = await both.at("24 09:00")
    assert [room for room, _ in first] == ["telegram:lin", "discord:lin"]
    await linked(both)

    assert sorted(both.news()) == [("discord:lin", "deleted"), ("telegram:lin", TOLD.format(" Discord "))]
    assert await both.at("25 07:29") == []
    assert [room for room, _ in await both.at("25 09:00")] == ["telegram:lin", "discord:lin"]
    assert both.office.clock.next is not None


async def test_the_younger_s_daily_question_where_there_is_no_other(both: Both) -> None:
    """Who has one on one side only goes on having it, with what was put off there."""
    person = await both.person("discord")
    await both.services.dailies.at(person, 480)
    (_, asked), *_ = await both.at("24 08:00")
    await both.discord("[稍后]")
    await linked(both)
    both.news()

    assert asked.startswith("bot: 【单选】")
    assert [said for _, said in await both.at("24 11:30")] == ["deleted", asked]
    assert [room for room, said in await both.at("25 08:00") if said != "deleted"] == ["discord:lin"]


async def test_no_interval_reaches_past_the_exam(both: Both) -> None:
    """The exam's day of the learner who is kept holds for what the other had learned too."""
    for day in ("24 12:00", "26 12:00", "30 12:00"):
        await both.at(day)
        await both.answers("discord", "B", "B")
    person = await both.person("telegram")
    exam = both.services.house.today(person.learner)[1] + timedelta(days=3)
    await both.services.calendar.exam(person, exam)
    await linked(both)
    found = await both.store.histories(person.learner.id)

    assert max(one.memory.due_day for one in found.values() if one.memory and one.memory.due_day) < exam
    assert await both.check("discord") == len(found)


async def test_taken_apart(both: Both) -> None:
    """Each account has its own answers again, whoever took them back meanwhile; both go on studying."""
    await linked(both)
    await both.answers("discord", "B", "A")
    await both.telegram("/undo")
    assert await both.discord("/unlink") == (
        "bot: 把 Discord 上的账号分开？以后各算各的：\nTelegram：2 次作答\nDiscord：2 次作答\n"
        "设置两边都留着。\n[分开] [先不分]"
    )
    assert await both.discord("[先不分]") == "bot~: 没有分开，什么都没变。"
    await both.discord("/unlink")
    assert await both.discord("[分开]") == "bot~: 分开了。这个账号有 2 次作答。"

    assert [await both.check("telegram"), await both.check("discord")] == [2, 3]
    assert "【单选】" in await both.telegram("/study")
    assert "【单选】" in await both.discord("/study")


async def test_nothing_to_take_apart(both: Both) -> None:
    """Who has one account is told so."""
    assert await both.telegram("/unlink") == "bot: 没有可以分开的：你只有这一个账号。"


@pytest.mark.parametrize("parting", ["telegram", "discord"])
async def test_the_daily_question_stays_where_it_came(both: Both, parting: str) -> None:
    """Taken apart, the one daily question goes on in its room; the other side is sent nothing, and not asked either."""
    await linked(both)
    await both.services.dailies.at(await both.person("telegram"), 450)
    side = both.telegram if parting == "telegram" else both.discord
    said = await side("/unlink")
    assert "每日一题还是送到 Telegram。" in said
    await side("[分开]")
    both.news()

    assert [room for room, _ in await both.at("24 09:00")] == ["telegram:lin"]
    other = await both.store.daily((await both.person("discord")).learner.id)
    assert other is not None
    assert (other.rhythm, other.offering) == ("off", False)


async def test_what_was_read_is_what_is_linked(both: Both) -> None:
    """An answer that comes between reading and linking makes it a conflict: all is read and decided again."""
    found = await code(both)
    services: Services = both.services.on(both.store.turn())
    person = await both.person("discord")
    await services.linking.link(person, found, Reply())
    await both.answers("telegram", "B")

    with pytest.raises(Conflict):
        await services.house.storage.person("discord", "discord:lin", "discord:lin")


async def test_who_speaks_while_they_are_linked(both: Both) -> None:
    """An answer of the younger learner that was decided before and comes after is decided anew."""
    person = await both.person("discord")
    turn = both.store.turn()
    asked = await both.services.on(turn).study.next(person)
    assert asked is not None
    await linked(both)

    with pytest.raises(Conflict):
        await turn.settle(Changes())


ACTS: dict[str, Callable[[Linking, Person], Awaitable[object]]] = {
    "parting": lambda linking, person: linking.parting(person),
    "unlink": lambda linking, person: linking.unlink(person),
    "pair": lambda linking, person: linking.pair(person, "L-222222"),
    "link": lambda linking, person: linking.link(person, "L-222222", Reply()),
}


@pytest.mark.parametrize("act", ACTS)
async def test_who_is_forgotten_meanwhile(both: Both, act: str) -> None:
    """Forgotten from the other account, between hearing and reading: a conflict, so they are heard again."""
    await linked(both)
    person = await both.person("discord")
    await both.services.forgetting.forget(await both.person("telegram"))

    with pytest.raises(Conflict):
        await ACTS[act](both.services.linking, person)


@pytest.mark.parametrize("act", ["parting", "unlink"])
async def test_who_was_taken_apart_meanwhile(both: Both, act: str) -> None:
    """The account is no longer the one learner's who was read: neither they nor the others are told about it."""
    await linked(both)
    person = await both.person("discord")
    await both.services.linking.unlink(person)

    with pytest.raises(Conflict):
        await ACTS[act](both.services.linking, person)


async def test_help_and_groups(both: Both) -> None:
    """/help names both where there are several platforms; in a group it is one line that leads to private."""
    assert "/link 连接别的平台 · /unlink 分开" in await both.telegram("/help")
    await both.telegram("/link", group="群")

    assert [said for _, said in both.news()] == ["bot: 到私聊里练，这里不刷屏。\n[开始练习]"]


async def test_wrong_codes_are_counted_without_a_person(both: Both) -> None:
    """A row of a wrong code may lack its account: it counts for all all the same."""
    now = both.office.clock.now()
    await both.store.commit(Changes(inserts=tuple(WrongCode(n + 1, None, now) for n in range(MOST_ALL))))

    assert await both.discord("/link L-222222") == WAIT


async def test_other_kinds(store: Store) -> None:
    """Blanks, cases, several right ones: what is stored is the fold after linking and after parting."""
    async with built(store, reading(*DRAFTS, code="pack")) as both:
        await both.answers("telegram", "B", "正确", "AB", "二")
        await both.answers("discord", "A", "错误", "A", "不会")
        await linked(both)
        counts = [await both.check("telegram")]
        await both.telegram("/unlink")
        await both.telegram("[分开]")

        assert [*counts, await both.check("telegram"), await both.check("discord")] == [4, 4, 4]


@pytest.mark.parametrize(("where", "told"), [("telegram", False), ("terminal", True)])
async def test_a_house_with_one_platform(both: Both, where: str, told: bool) -> None:  # noqa: FBT001 - an example's value
    """No code is given that could be used nowhere; from the terminal there is somewhere to go."""
    services = replace(both.services, platforms=("telegram",))
    router = Router(services, language_of)
    link, help_ = [
        await router.handle(Incoming("command", where, "lin", "lin", words, language="zh-Hans"))
        for words in ("/link", "/help")
    ]
    said = Words("zh-Hans", "zh-Hans")

    assert ("连接码" in said.say(link.replies[0].blocks[0])) is told
    assert told or said.say(link.replies[0].blocks[0]) == "这里只有这一个平台，没有别处可连。"
    assert (Text("help.link") in help_.replies[0].blocks) is told


async def test_a_chinese_name_of_a_platform_has_no_blanks(both: Both) -> None:
    """Beside a Latin one there are."""
    await both.terminal("/start")
    await both.telegram("/start")

    assert "，连同终端上的账号，" in await both.terminal("/forgetme")
    assert "，连同 Telegram 上的账号，" in await both.telegram("/forgetme")
