"""What nobody should do on Discord, through the whole core: refused kindly, with nothing changed and nothing told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import Hands
from tests.fakes.discord import Discord as Server
from tests.fakes.discord_messages import Message
from tests.fakes.wired_discord import wired
from tests.life.test_bad_input import FORGED, TEXTS
from tests.platforms.campus import MENU, Campus, rows, services, set_up
from tests.services.conftest import DRAFTS, reading
from tests.services.test_groups import at

SECOND = timedelta(seconds=1)


def components(message: Message) -> list[dict[str, Any]]:
    """Everything on a message that can be pressed or chosen from."""
    return [inner for row in message.components for inner in row.get("components", ()) if "custom_id" in inner]


async def test_somebody_elses_question(campus: Campus) -> None:
    """Whatever its buttons do, by whatever name: nobody else answers it, learns of it or changes it."""
    told: list[str] = []
    await campus.uses(campus.zhou, "/study", campus.daily)
    await campus.uses(campus.lin, "/study")
    actions = [one["custom_id"] for one in components(campus.newest(campus.lin))]
    await campus.presses(campus.lin, "不会")
    actions += [one["custom_id"] for one in components(campus.newest(campus.lin))]
    before = [await campus.rows(table) for table in ("answer", "mark", "report")]
    own = campus.newest(campus.zhou, campus.daily)
    for action in actions:
        names = (action, f"@{action}", f"form:{action.split(':')[1]}", f"pick:{action.split(':')[1]}")
        told += [await campus.forges(campus.zhou, name, own) for name in names]
    after = [await campus.rows(table) for table in ("answer", "mark", "report")]

    assert after == before
    assert {*told} == {"这题不在了。发 /study 出新的。", "没有可撤销的。最近 7 个学习日的作答才能撤销。"}
    assert campus.zhou.form is None
    assert len(actions) >= 6


async def test_what_hangs_for_all_is_answered_by_each_for_themselves(campus: Campus) -> None:
    """The room's question by any name but its own, on any message: no answer of anybody comes of it."""
    await set_up(campus)
    await campus.until(at(25, 12))
    board = campus.newest(campus.lin, campus.daily)
    ask = components(board)[0]["custom_id"].split(":")[1]
    before = await campus.rows("answer")
    actions = (f"@a:{ask}:0", f"@form:{ask}", f"form:{ask}", f"a:{ask}:h", f"a:{ask}:9", f"@/start mine_{ask}")
    for action in (*actions, f"say:{campus.zhou.id}:A"):
        await campus.forges(campus.zhou, action, board)
    shown = campus.seen(campus.lin, campus.daily)

    assert await campus.rows("answer") == before
    assert [one.edited for one in shown] == [False]
    assert await campus.presses(campus.lin, components(board)[0]["label"], campus.daily) != ""


async def test_an_interaction_that_comes_again(tmp_path: Path) -> None:
    """At once, after its answer, and to a bot that was started anew: it has its effects once."""
    clock = Hands(at(24, 20, 55))
    async with Server(clock.now) as server:
        lin, answers = server.person("lin", locale="zh-CN"), []
        lin.installs()
        async with wired(tmp_path, server=server, clock=clock, menu=MENU) as wire:
            await services(wire).importing.read(reading(*DRAFTS), "sums", source="1")
            lin.uses("/study")
            await wire.quiet()
            pressed = lin.presses("不会")
            assert pressed is not None
            for _ in range(2):
                pressed.again()
                await wire.quiet()
            answers.append(await rows(wire, "answer"))
        async with wired(tmp_path, server=server, clock=clock, menu=MENU) as wire:
            services(wire)
            pressed.again()
            await wire.quiet()
            answers.append(await rows(wire, "answer"))

    assert [len(found) for found in answers] == [1, 1]
    assert answers[0] == answers[1]
    assert server.violations == []


async def test_a_stranger_with_a_token_of_ours(campus: Campus) -> None:
    """Whoever knows the token of an old interaction has nothing of ours with it: ids are their own."""
    await campus.uses(campus.lin, "/study")
    first = campus.asked[-1]
    forged = first.told | {"id": "99", "user": campus.zhou.payload()}
    campus.wire.server.junk("INTERACTION_CREATE", forged)
    await campus.wire.quiet()

    assert campus.wire.heard[-1].account == str(campus.zhou.id)
    assert campus.wire.adapter.intake.counts.aside == 0


ACTIONS = [
    *FORGED,
    *(f"@{one}" for one in FORGED[:20]),
    *(f"{name}:{value}" for name in ("form", "pick", "a", "room:channel") for value in ("", "x", "1", "9" * 19)),
    "t",
    "@",
    "@@a:1:0",
    "/",
    "/start",
    "/start group_1",
    "/start mine_",
    "/nothing",
    "/settings" * 11,
    "x" * 100,
]


async def test_forged_actions(campus: Campus) -> None:
    """Whatever a button, a list or a form is said to do: the press is ended, nothing is answered by it."""
    await campus.uses(campus.lin, "/study")
    message = campus.newest(campus.lin)
    for action in ACTIONS:
        await campus.forges(campus.lin, action, message)
        await campus.forges(campus.lin, action, message, component_type=3, values=["a:1:0", "/forgetme", "\u202e1"])
        campus.wire.clock.pass_by(5 * SECOND)

    assert [one.data["custom_id"] for one in campus.asked if not one.answered] == []
    assert await campus.rows("answer") == []
    assert "记下了" in await campus.presses(campus.lin, "不会")


@pytest.mark.parametrize("who", ["lin", "eve"])
async def test_who_does_not_run_the_server(campus: Campus, who: str) -> None:
    """A member, and who runs another server, by every action of the room's pages: nothing of it is changed or told."""
    room = await set_up(campus)
    person = campus.people[who]
    where = person.dm if who == "eve" else campus.daily
    told = [await campus.uses(person, "/setup", where), await campus.uses(person, "/settings", where)]
    message, before = campus.newest(person, where), await campus.rows("course")
    acts = (
        "set",
        "hour",
        "zone",
        "stop",
        "sound",
        "exam",
        "weekly",
        "hours",
        "sets",
        "page",
        "clock",
        "check",
        "again",
    )
    (chosen,) = [row for row in await campus.rows("question_set") if "sums" in row]
    values = {"set": str(chosen[0]), "hour": "540", "zone": "Europe/Paris"}
    told += [
        await campus.forges(person, f"room:{act}:{room}" + (f":{values[act]}" if act in values else ""), message)
        for act in acts
    ]
    forged: dict[str, Any] = {"component_type": 8, "values": [str(campus.daily.id)]}
    resolved = {"resolved": {"channels": {str(campus.daily.id): {"name": "mine now"}}}}
    told.append(await campus.forges(person, "room:channel", message, **forged, more=resolved))
    told.append(await campus.uses(person, f"/start group_{room}", where))

    assert await campus.rows("course") == before
    assert [one["reason"] for one in campus.logs if one["event"] == "refused"] == ["group.not_yours"] * (len(acts) + 2)
    assert "mine now" not in str(await campus.rows("room"))
    assert {*told[2:]} == {"这一步要那个群的管理员来。你可以先自己练：发 /study。"}
    assert [one for one in told if "算术" in one or "12:00" in one] == []


async def test_who_runs_a_server_is_no_admin_of_the_bot(campus: Campus) -> None:
    """Which set, and when, is theirs to say; what is in a set is not, whatever they send."""
    room = await set_up(campus)
    tables = ("question_set", "question", "revision")
    before = [await campus.rows(table) for table in tables]
    for words in ("/setup", "/settings", "/sets", "/start file"):
        await campus.uses(campus.hua, words, campus.daily)
    message = campus.newest(campus.hua, campus.daily)
    for action in (f"room:sets:{room}", "sets:add:sums", "sets:leave:sums", "sets:x:sums", "x:1", "/import sums"):
        await campus.forges(campus.hua, action, message)
    campus.hua.says("@Studybot /import sums", channel=campus.daily)
    await campus.wire.quiet()

    assert [await campus.rows(table) for table in tables] == before


@pytest.mark.parametrize("name", TEXTS)
async def test_texts_of_any_sort(campus: Campus, name: str) -> None:
    """As a direct message, a mention, the words of a command and the fields of a form: each has an answer, once."""
    words = TEXTS[name].encode("utf-8", "replace").decode()
    campus.lin.says(words)
    await campus.wire.quiet()
    campus.lin.says(f"@Studybot {words}", channel=campus.daily)
    await campus.wire.quiet()
    await campus.forges(campus.lin, words[:100] or "?", await _own(campus))
    await campus.uses(campus.lin, f"/exam {words[:6000]}", campus.daily)
    mentions = [one for one in campus.daily.messages.values() if one.author is None and not one.audience]
    secret = words.strip("\0 \n\u200b\u200c\u200d\u2060\ufeff")[:30]

    assert len(campus.seen(campus.lin)) >= (1 if words.strip("\0\n ") else 0)
    assert len(mentions) <= 1
    assert [one for one in campus.asked if not one.answered] == []
    assert len(secret) < 4 or secret not in str(campus.logs)


async def _own(campus: Campus) -> Message:
    await campus.uses(campus.lin, "/study", campus.daily)
    return campus.newest(campus.lin, campus.daily)


async def test_who_runs_a_server_runs_no_set(campus: Campus) -> None:
    """A bot admin's buttons, forged wherever: refused in the words of any unknown button, and nothing changes."""
    await set_up(campus)
    await campus.uses(campus.hua, "/sets")
    before = await campus.rows("question_set")
    (number,) = [row[0] for row in before if "sums" in row]
    told = [
        await campus.forges(campus.hua, f"run:{action}", campus.newest(campus.hua, where))
        for where in (None, campus.daily)
        for action in (f"title:{number}", f"undo:{number}:1", f"reports:{number}", "nothing:1")
    ]
    await campus.forges(campus.hua, f"t:title:{number}", campus.newest(campus.hua))
    campus.hua.says("我的题库")
    await campus.wire.quiet()

    assert {*told} == {"这题不在了。发 /study 出新的。"}
    assert await campus.rows("question_set") == before
