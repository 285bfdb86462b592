"""The name on boards: chosen in /settings, for one room or everywhere, and left out on request."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.domain.question import AnswerId, AskId, RoomId
from bot.ports.changes import Changes
from bot.ports.chat import Incoming, Reply
from bot.ports.people import EVERYWHERE
from bot.services.naming import Naming
from tests.services.both import Both
from tests.services.test_elsewhere import both  # noqa: F401 - a fixture

GROUP = "群"
MORE = "bot~: 更多\n[暂停] [考试日期]\n[名字] [{}不上榜]\n[时间不对] [返回]"


async def answers_in_a_group(both: Both) -> None:  # noqa: F811
    """As if the newest answer had been given to a group's question."""
    await both.answers("telegram", "B")
    person = await both.person()
    place = await both.store.place(person.learner.id)
    assert place.ask_id is not None
    sitting = await both.services.study.sitting(person, place.ask_id)
    assert sitting.answer is not None
    ask = replace(sitting.ask, id=AskId(1), learner_id=None)
    answer = replace(sitting.answer, id=AnswerId(both.services.house.ids.new(sitting.answer.at)), ask_id=ask.id)
    await both.store.commit(Changes(inserts=(ask, answer)))


async def more(both: Both, **here: str) -> str:  # noqa: F811
    """The page where the name can be set."""
    await both.telegram("/settings", **here)
    return await both.telegram("[更多]", **here)


async def test_who_has_never_answered_in_a_group(both: Both) -> None:  # noqa: F811
    """There is no board that they could stand on."""
    assert await more(both) == "bot~: 更多\n[暂停] [考试日期]\n[时间不对] [返回]"


async def test_a_name_and_none(both: Both) -> None:  # noqa: F811
    """Typed, told back clean, shown when it is asked for again; and off the boards, by a tick."""
    await answers_in_a_group(both)
    assert await more(both) == MORE.format("")
    assert await both.telegram("[不上榜]") == MORE.format("✓ ")
    assert await both.telegram("[✓ 不上榜]") == MORE.format("")
    assert await both.telegram("[名字]") == "bot~: 榜上叫什么？发给我，最多 32 个字。\n[返回]"
    assert await both.telegram("@") == "bot: 这个用不了。发 1 到 32 个字，不带 @。\n[返回]"
    assert await both.telegram("小 @林") == "bot: 好，榜上叫「小 林」。\n[返回]"
    await more(both)

    assert await both.telegram("[名字]") == "bot~: 榜上叫什么？发给我，最多 32 个字。\n现在：小 林\n[返回]"
    assert (await both.services.naming.of(await both.person(), RoomId(7))).name == "小 林"


async def test_a_name_for_one_room(both: Both) -> None:  # noqa: F811
    """Chosen where only they themselves hear it, it holds in that room; elsewhere the general one does."""
    await both.services.groups.here(Incoming("room", "telegram", "telegram:lin", GROUP, "added", group=GROUP))
    naming, person = Naming(both.services.house), await both.person()
    await naming.change(person, EVERYWHERE, name="林")
    assert await more(both, here=GROUP) == MORE.format("")
    await both.telegram("[名字]", here=GROUP)
    await both.telegram("群里的林", here=GROUP)
    room = await naming.room("telegram", GROUP)

    assert room not in {EVERYWHERE, None}
    assert await naming.room("telegram", "nowhere") is None
    assert [(await naming.of(person, one)).name for one in (room, EVERYWHERE)] == ["群里的林", "林"]


async def test_names_go_along(both: Both) -> None:  # noqa: F811
    """Taken apart, both go on under the name."""
    await both.services.naming.change(await both.person(), EVERYWHERE, name="林", hidden=True)
    await both.discord("/unlink")
    await both.discord("[分开]")
    found = [await both.services.naming.of(await both.person(one), EVERYWHERE) for one in ("telegram", "discord")]

    assert [(one.name, one.hidden) for one in found] == [("林", True), ("林", True)]


async def test_a_room_that_is_not_known(both: Both) -> None:  # noqa: F811
    """There is no board there: nothing is offered, and an old button means no other room."""
    await answers_in_a_group(both)
    assert "[名字]" not in await more(both, here="nowhere")
    await more(both)

    assert await both.telegram("[名字]", here="nowhere") == "bot: 这题不在了。发 /study 出新的。"


async def test_whatever_is_to_be_typed_takes_a_form(both: Both) -> None:  # noqa: F811
    """A name that is asked for again, or was unclear; hours and a clock that were unclear: on Discord nobody types."""
    await answers_in_a_group(both)
    await more(both)
    await both.telegram("[名字]")
    await both.telegram("小林")
    asked = [await said(both, "press", "name"), await said(both, "text", "@")]
    for action in ("quiet:other", "zone:none"):
        asked += [await said(both, "press", action), await said(both, "text", "x")]

    assert [[reply.form for reply in replies] for replies in asked] == [[True]] * 6


async def said(both: Both, kind: Literal["press", "text"], words: str) -> Sequence[Reply]:  # noqa: F811
    room = "telegram:lin"
    return (await both.router.handle(Incoming(kind, "telegram", room, room, words, language="zh-Hans"))).replies
