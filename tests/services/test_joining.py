"""What holds of two learners who become one, and what each has again once they are two."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.kind import Given
from bot.domain.prompt import Quote, Text
from bot.domain.question import QuestionId
from bot.ports.broadcasts import Broadcast, Recipient
from bot.ports.changes import Changes, Conflict
from bot.ports.chat import PLATFORMS, Reader, Reply, Undeliverable
from bot.ports.place import Round
from bot.ports.reads import Person
from bot.ports.storage import Turn
from bot.services.progress import streak_of
from bot.services.services import Services
from bot.storage.store import Store
from tests.services.both import Both, built
from tests.services.conftest import reading
from tests.services.test_linking import SINGLES, code, linked, terminal_linked

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


async def gone(both: Both, platform: str = "telegram") -> None:
    """Nothing can be sent to that private room."""
    side = await both.store.side((await both.person(platform)).learner.id)
    room = next(room for room in side.rooms if room.platform == platform)
    await both.store.commit(Changes(updates=(replace(room, gone_at=both.office.clock.now()),)))


async def asked_in(both: Both, clock: str) -> list[str]:
    """The rooms where a question comes by then."""
    return [room for room, said in await both.at(clock) if "【单选】" in said]


async def test_a_daily_question_that_is_off_ends_no_other(both: Both) -> None:
    """The older has hours and wants nothing; what the younger has goes on."""
    older = await both.person("telegram")
    await both.services.dailies.at(older, 450)
    await both.services.dailies.rhythm(older, "off")
    await both.services.dailies.at(await both.person("discord"), 480)
    await linked(both)

    assert await asked_in(both, "24 07:59") == []
    assert await asked_in(both, "24 08:30") == ["discord:lin"]


@pytest.mark.parametrize("hour", ["24 08:30", "24 07:45"])
async def test_a_daily_question_leaves_a_room_that_is_gone(both: Both, hour: str) -> None:
    """Where the older's room takes nothing the younger's daily question holds; without one, it comes to their room."""
    await both.services.dailies.at(await both.person("telegram"), 450)
    if hour == "24 08:30":
        await both.services.dailies.at(await both.person("discord"), 480)
    found = await code(both)
    await gone(both)
    await both.services.linking.link(await both.person("discord"), found, Reply())

    assert await asked_in(both, hour) == ["discord:lin"]


async def test_a_room_that_was_named_is_kept(both: Both) -> None:
    """The daily question goes on coming where the learner wanted it, wherever they answered since."""
    older = await both.person("telegram")
    await both.services.dailies.at(older, 450)
    await both.services.dailies.named(older, older.room_id)
    await linked(both)

    assert await asked_in(both, "24 08:30") == ["telegram:lin"]


async def test_no_room_is_open(both: Both) -> None:
    """Nothing can be said anywhere: the hours are kept for when somebody speaks again."""
    await both.services.dailies.at(await both.person("discord"), 480)
    found, person = await code(both), await both.person("discord")
    await gone(both)
    await gone(both, "discord")
    await both.services.linking.link(person, found, Reply())
    daily = await both.store.daily((await both.person()).learner.id)

    assert daily is not None
    assert (daily.hours, daily.room_id) == ((480,), person.room_id)


async def test_a_daily_question_that_was_put_and_not_taken(both: Both) -> None:
    """Who was asked about it on either side is not asked again on the other."""
    person = await both.person("discord")
    asked = replace(await both.services.dailies.of(person), offers=1, offering=False)
    await both.store.commit(Changes(updates=(asked,)))
    await linked(both)
    daily = await both.store.daily((await both.person()).learner.id)

    assert daily is not None
    assert (daily.hours, daily.offers, daily.offering) == ((), 1, False)


async def test_an_open_question_stays_open(both: Both) -> None:
    """Asked on the younger's side and not answered: what is typed there next is its answer."""
    await both.discord("/study", first=True)
    await linked(both)

    await both.discord("B")

    assert (await both.store.side((await both.person("discord")).learner.id)).answers == 4


async def test_of_two_open_questions_the_newer(both: Both) -> None:
    """Asked on both sides, and the older's last."""
    await both.discord("/study", first=True)
    both.office.clock.set(both.office.clock.now() + timedelta(minutes=1))
    await both.telegram("/study", first=True)
    last = (await both.store.place((await both.person("telegram")).learner.id)).ask_id
    await linked(both)

    assert (await both.store.place((await both.person("discord")).learner.id)).ask_id == last


async def test_a_round_goes_on(both: Both) -> None:
    """A round that the younger is in is the one learner's."""
    place = await both.store.place((await both.person("discord")).learner.id)
    chosen = Round(Text("menu.due"), tuple((await both.questions())[3:6]), 3)
    await both.store.commit(Changes(updates=(replace(place, round=chosen),)))
    await linked(both)

    assert (await both.store.place((await both.person()).learner.id)).round == chosen


async def test_pauses_of_both(both: Both) -> None:
    """A streak that one of them kept over a pause is still that long."""
    for day in ("24", "25"):
        await both.at(f"{day} 12:00")
        await both.answers("discord", "B")
    await both.services.calendar.pause(await both.person("discord"), date(2026, 11, 28))
    await both.at("29 12:00")
    await both.answers("discord", "B")

    before = await streak(both)
    await linked(both)

    assert before == await streak(both) == 4


async def streak(both: Both) -> int:
    learner = (await both.person("discord")).learner
    return streak_of(learner, await both.store.days(learner.id), date(2026, 11, 29)).length


async def test_a_pause_that_runs_goes_on(both: Both) -> None:
    """Of both the later end holds, from the earlier day; it is said before, and can be taken back."""
    first, last = date(2026, 11, 26), date(2026, 11, 30)
    await both.services.calendar.pause(await both.person("discord"), last)
    await both.at("24 12:00")
    await both.services.calendar.pause(await both.person("telegram"), first)
    assert "\n暂停照旧，到 11 月 30 日。\n" in await both.discord(f"/link {await code(both)}")
    await both.discord("[连接]")
    person = await both.person()

    assert (person.learner.paused_until, person.learner.pauses) == (last, (("2026-11-23", "2026-11-30"),))
    await both.services.calendar.resume(person, last)
    assert (await both.person()).learner.pauses == (("2026-11-23", "2026-11-23"),)


async def test_a_daily_question_that_is_not_sent_yet(both: Both) -> None:
    """Both have one in the outbox: the younger's never comes, and is not what is answered next."""
    await both.services.dailies.at(await both.person("telegram"), 450)
    await both.services.dailies.at(await both.person("discord"), 480)
    both.news()
    older, younger = await held_back(both)
    await both.services.linking.link(younger, await both.services.linking.code(older), Reply())
    place = await both.store.place(older.learner.id)
    both.office.screens.open.set()
    await both.office.settled()

    assert [room for room, words in both.news() if words != "bot: "] == ["telegram:lin"]
    side = await both.store.side(older.learner.id)
    assert place.ask_id in {push.ask_id for push in side.waiting}


async def held_back(both: Both) -> tuple[Person, Person]:
    """The hour of both has come, and the screens take nothing yet."""
    both.office.screens.open.clear()
    both.office.clock.set(both.office.clock.now() + timedelta(hours=20, minutes=10))
    people = await both.person("telegram"), await both.person("discord")
    for _ in range(2000):
        pushed = [(await both.store.side(one.learner.id)).pushed for one in people]
        if all(pushed):
            break
        await asyncio.sleep(0.002)
    return people


def unreachable(both: Both, *platforms: str) -> None:
    for platform in platforms:
        both.office.screens.faults[f"{platform}:lin"] = [Undeliverable("out of reach") for _ in range(99)]


async def waits_for_discord(both: Both) -> None:
    """The daily question of that hour is in the outbox, for Discord is out of reach."""
    await both.services.dailies.at(await both.person("discord"), 480)
    unreachable(both, "discord")

    assert await asked_in(both, "24 08:10") == []


@pytest.mark.parametrize("then", [linked, parted])
async def test_an_answer_takes_back_the_one_that_waits(both: Both, then: Callable[[Both], Awaitable[None]]) -> None:
    """Whoever's it was when it was put into the outbox: the answered question does not come later."""
    if then is parted:
        await linked(both)
    await waits_for_discord(both)
    await then(both)
    await both.discord("/study")
    await both.discord("B")
    both.office.screens.faults.clear()

    assert await asked_in(both, "24 12:00") == []


@pytest.mark.parametrize("then", [linked, parted])
async def test_what_never_came_is_not_unanswered(both: Both, then: Callable[[Both], Awaitable[None]]) -> None:
    """Linked or taken apart while it waited, it is taken back with its count when its time is over."""
    if then is parted:
        await linked(both)
    await waits_for_discord(both)
    await then(both)
    await both.at("24 23:00")
    side = await both.store.side((await both.person("discord")).learner.id)

    assert side.daily is not None
    assert (side.daily.unanswered, side.pushed) == (0, ())


async def test_one_that_waits_comes_once(both: Both) -> None:
    """Nobody answered: linked or not, the question comes when the platform is in reach again."""
    await waits_for_discord(both)
    await linked(both)
    both.office.screens.faults.clear()

    assert await asked_in(both, "24 12:00") == ["discord:lin"]


async def test_one_on_screen_and_one_that_waits(both: Both) -> None:
    """The older's is not sent yet and the younger's is on screen: that one stays, and the other never comes."""
    await both.services.dailies.at(await both.person("telegram"), 450)
    await both.services.dailies.at(await both.person("discord"), 480)
    unreachable(both, "telegram")
    before = await asked_in(both, "24 08:10")
    await linked(both)
    both.office.screens.faults.clear()
    after = await asked_in(both, "24 12:00")
    side = await both.store.side((await both.person()).learner.id)

    assert (before, after) == (["discord:lin"], [])
    assert [push.room_id for push in side.waiting] == [(await both.person("discord")).room_id]


async def test_what_stays_on_screen_takes_back_none_that_was_asked_for(both: Both) -> None:
    """The older has put one off, and it waits: it comes beside the younger's that is on screen."""
    await both.services.dailies.at(await both.person("telegram"), 450)
    await both.at("24 07:30")
    await both.telegram("[稍后]")
    await both.services.dailies.at(await both.person("discord"), 480)
    await both.at("24 10:29")
    unreachable(both, "telegram")
    await both.at("24 10:40")
    await linked(both)
    both.office.screens.faults.clear()

    assert await asked_in(both, "24 12:00") == ["telegram:lin"]


async def doubts(both: Both) -> list[tuple[int, bool]]:
    """Of what waits in the outbox and may have come: how often, and whether its platform may know it again."""
    await both.office.settled()
    post, later = both.office.sender.post, both.office.clock.now() + timedelta(hours=1)
    claims = [await post.claim_letters(platform, later, 99) for platform in PLATFORMS]
    messages = [letter.message for letters, _ in claims for letter in letters]
    return [(one.unsure, one.unsure_at is not None) for one in messages if one.unsure]


@pytest.mark.parametrize("then", [linked, parted, None])
async def test_what_may_have_come_is_not_known_by_another_key(
    both: Both, then: Callable[[Both], Awaitable[None]] | None
) -> None:
    """The daily question has the key of whose it is now, and is sent as by a platform that knows nothing again."""
    if then is parted:
        await linked(both)
    await both.services.dailies.at(await both.person("discord"), 480)
    both.office.screens.faults["discord:lin"] = [Undeliverable("cut off", unsure=True)]
    await both.at("24 08:00")
    if then is not None:
        await then(both)

    assert await doubts(both) == [(1, then is None)]


async def test_news_that_may_have_come_are_not_known_by_another_key(both: Both) -> None:
    """They wait under the key of the learner whose they are now."""
    await both.telegram("/start", "hua")
    for who, platform in (("hua", "telegram"), ("lin", "discord")):
        await both.services.dailies.at(await both.person(platform, who), 1140)
    both.office.screens.faults["discord:lin"] = [Undeliverable("cut off", unsure=True)]
    await both.services.broadcasts.begin(await both.person(who="hua"), NEWS)
    await both.office.settled()
    await linked(both)

    assert await doubts(both) == [(1, False)]


async def test_both_have_put_one_off(both: Both) -> None:
    """Both wait in the outbox, and each was asked for: both come, where they were."""
    for platform, minutes in (("telegram", 450), ("discord", 480)):
        await both.services.dailies.at(await both.person(platform), minutes)
    await both.at("24 08:00")
    await both.telegram("[稍后]")
    await both.discord("[稍后]")
    unreachable(both, "telegram", "discord")
    await both.at("24 11:10")
    await linked(both)
    both.office.screens.faults.clear()

    assert (await both.person("telegram")).learner == (await both.person("discord")).learner
    assert sorted(await asked_in(both, "24 12:00")) == ["discord:lin", "telegram:lin"]


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
        await terminal_linked(both, both.telegram)
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
    await terminal_linked(both, both.telegram)
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


async def to_terminal(both: Both, giver: str, who: str = "lin") -> None:
    """That account is linked with the one in the terminal."""
    await both.terminal(f"/link {await code(both, giver, who)}", who)

    assert "已连接" in await both.terminal("[连接]", who)


async def test_two_of_three_part_at_once(both: Both) -> None:
    """The later one decides anew: else the daily question of who stays would stand in a room of who left."""
    for platform in ("telegram", "discord"):
        await to_terminal(both, platform, "kai")
    await both.services.dailies.at(await both.person("discord", "kai"), 450)
    turns = both.store.turn(), both.store.turn()
    for turn, platform in zip(turns, ("telegram", "discord"), strict=True):
        await both.services.on(turn).linking.unlink(await both.person(platform, "kai"))
    await turns[0].settle(Changes())

    with pytest.raises(Conflict):
        await turns[1].settle(Changes())


async def test_one_parts_while_they_are_linked(both: Both) -> None:
    """Also where the sum of all versions is as it was: a memory went, and the daily question was written."""
    await to_terminal(both, "discord")
    await both.services.dailies.at(await both.person("discord"), 450)
    given = await both.services.linking.code(await both.person("terminal"))
    turn = both.store.turn()
    await both.services.on(turn).linking.link(await both.person("telegram"), given, Reply())
    await both.services.linking.unlink(await both.person("discord"))

    with pytest.raises(Conflict):
        await turn.settle(Changes())


async def speaks(both: Both, platform: str, who: str = "lin") -> tuple[Turn, Services, Person]:
    """A turn in which somebody has just spoken, its services, and who it is."""
    turn, room = both.store.turn(), f"{platform}:{who}"
    person = await turn.person(platform, room, room)
    assert person is not None
    return turn, both.services.on(turn), person


async def sets_aside(services: Services, person: Person) -> None:
    """A question that the others alone have answered."""
    found = await services.house.storage.set("sums")
    assert found is not None
    question, _ = (await services.house.storage.contents(found.id))[1]
    await services.marks.suspend(person, question.id)


WORDS: dict[str, Callable[[Services, Person], Awaitable[object]]] = {
    "daily": lambda services, person: services.dailies.at(person, 480),
    "enrolment": lambda services, person: services.sets.leave(person, "sums"),
    "place": lambda services, person: services.study.next(person),
    "mark": sets_aside,
    "forgotten": lambda services, person: services.forgetting.forget(person),
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("first", ["link", "word"])
async def test_what_is_said_while_they_are_linked(both: Both, first: str, word: str) -> None:
    """Whatever the younger says meanwhile is not lost, nor said by who is no more: the later is decided again."""
    given = await code(both, "discord")
    linking, services, person = await speaks(both, "telegram")
    await services.linking.link(person, given, Reply())
    saying, services, person = await speaks(both, "discord")
    await WORDS[word](services, person)
    turns = (linking, saying) if first == "link" else (saying, linking)
    await turns[0].settle(Changes())

    with pytest.raises(Conflict):
        await turns[1].settle(Changes())


async def test_a_word_of_the_older_while_they_are_linked(both: Both) -> None:
    """What the older sets aside as the younger's answers come is folded into their memory, by whoever is later."""
    linking, services, person = await speaks(both, "telegram")
    await services.linking.link(person, await code(both, "discord"), Reply())
    saying, services, person = await speaks(both, "telegram")
    await services.marks.suspend(person, (await both.questions())[9])
    await linking.settle(Changes())

    with pytest.raises(Conflict):
        await saying.settle(Changes())


async def test_the_room_of_who_parts(both: Both) -> None:
    """Who names it for the daily question as its account parts decides anew: it is somebody else's then."""
    await linked(both)
    room = (await both.person("discord")).room_id
    turn, services, person = await speaks(both, "telegram")
    await services.dailies.named(person, room)
    await parted(both)

    with pytest.raises(Conflict):
        await turn.settle(Changes())


@pytest.mark.parametrize("which", [1, 5])
async def test_an_answer_as_its_account_parts(both: Both, which: int) -> None:
    """To a question that the other account has answered, or nobody: it is the new learner's, so it is decided anew."""
    await linked(both)
    turn, services, person = await speaks(both, "discord")
    place = await services.study.place(person)
    asked = await services.study.ask(person, (await both.questions())[which], place, purpose="study")
    await services.study.answer(person, asked.ask.id, Given(texts=("B",)))
    await parted(both)

    with pytest.raises(Conflict):
        await turn.settle(Changes())


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


async def test_news_reach_who_is_linked_once(both: Both) -> None:
    """Both sides have them in the outbox: the one learner gets them once, and is counted once."""
    id_ = await news_wait(both, "telegram", "discord")
    await linked(both)
    both.office.screens.faults.clear()
    seen = await both.at("23 12:40")

    assert [room for room, said in seen if said == "bot: 消息"] == ["telegram:lin"]
    assert [said for room, said in seen if room == "telegram:hua"] == [
        "bot~: 群发完了：2 人里送到 2 人\n等着 0 · 送不到 0 · 不打扰 0"
    ]
    assert await both.store.unsent(id_) == ()


async def news_wait(both: Both, *platforms: str) -> int:
    """A broadcast of hua's, in the outbox for those accounts of Lin's, which are out of reach."""
    await both.telegram("/start", "hua")
    for person in (await both.person(who="hua"), *[await both.person(one) for one in platforms]):
        await both.services.dailies.at(person, 1140)
    unreachable(both, *platforms)
    id_ = await both.services.broadcasts.begin(await both.person(who="hua"), NEWS)
    await both.office.settled()
    both.news()
    return id_


async def test_news_of_who_was_linked_are_taken_back(both: Both) -> None:
    """Only the younger has them in the outbox: cancelled, they do not come; nor is the older counted as told."""
    id_ = await news_wait(both, "discord")
    await linked(both)
    headway = await both.services.broadcasts.cancel(await both.person(who="hua"), id_)
    both.office.screens.faults.clear()

    assert headway.fates == {"written": 1, "unsent": 1}
    assert [room for room, said in await both.at("23 12:40") if said == "bot: 消息"] == []


async def test_news_of_who_was_linked_come(both: Both) -> None:
    """Only the younger has them in the outbox: they come there, once."""
    await news_wait(both, "discord")
    await linked(both)
    both.office.screens.faults.clear()

    assert [room for room, said in await both.at("24 12:40") if said == "bot: 消息"] == ["discord:lin"]


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
