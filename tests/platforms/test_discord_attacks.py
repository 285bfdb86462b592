"""What nobody should do on Discord, through the whole core: refused kindly, with nothing changed and nothing told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.__main__ import menu
from bot.commands import ANSWERS
from bot.router import Router
from bot.services.ids import Ids
from bot.services.post import Bell, Sender, Ticker
from bot.services.services import Services
from bot.services.today import House
from bot.storage.store import Store
from bot.texts import language_of
from tests.fakes.clock import Hands
from tests.fakes.dice import Straight
from tests.fakes.discord import Discord as Server
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import Interaction
from tests.fakes.discord_messages import Message
from tests.fakes.discord_people import Person
from tests.fakes.wired_discord import Menu, Wired, wired
from tests.life.test_bad_input import FORGED, TEXTS
from tests.services.conftest import DRAFTS, reading
from tests.services.test_groups import at

MENU = Menu(menu(), ANSWERS)
SECOND = timedelta(seconds=1)


@dataclass
class Campus:
    """A server where the bot runs with its whole core; ``hua`` manages it, ``lin`` and ``zhou`` are members."""

    wire: Wired
    services: Services
    daily: Channel
    people: dict[str, Person]
    asked: list[Interaction] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    async def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        return await rows(self.wire, table)

    async def uses(self, who: Person, words: str, channel: Channel | None = None) -> str:
        return await self._told(who, who.uses(words, channel=channel), channel)

    async def presses(self, who: Person, label: str, channel: Channel | None = None) -> str:
        return await self._told(who, who.presses(label, channel=channel), channel)

    async def forges(self, who: Person, action: str, message: Message, **more: Any) -> str:
        return await self._told(who, who.forges(action, message, **more), message.channel)

    async def _told(self, who: Person, asked: Interaction | None, channel: Channel | None) -> str:
        """What the person sees afterwards that was not there before."""
        assert asked is not None
        self.asked.append(asked)
        before = {(one.id, one.text) for one in self.seen(who, channel)}
        await self.wire.quiet()
        return "\n".join(one.text for one in self.seen(who, channel) if (one.id, one.text) not in before)

    def seen(self, who: Person, channel: Channel | None = None) -> list[Any]:
        return [one for one in (channel or who.dm).seen(who) if not one.by]

    def newest(self, who: Person, channel: Channel | None = None) -> Message:
        """The newest message of the bot's that somebody has before them."""
        return [one for one in (channel or who.dm).shown_to(who) if one.author is None][-1]

    async def until(self, instant: datetime) -> None:
        """Time passes, from timer to timer."""
        while (due := self.wire.clock.next) is not None and due < instant:
            self.wire.clock.set(due)
            await self.wire.quiet()
        self.wire.clock.set(instant)
        await self.wire.quiet()


async def rows(wire: Wired, table: str) -> Sequence[tuple[object, ...]]:
    """What stands in a table."""
    query = f"SELECT * FROM {table}"  # noqa: S608 - a name that stands in this file
    return await wire.engine.read(lambda db: [tuple(row) for row in db.execute(query)])


def services(wire: Wired) -> Services:
    """The whole core over the wire's database, at work: timers ring, and what the bot says first is sent."""
    dice, clock = Straight(7), wire.clock
    house = House(Store(wire.engine), clock, dice, Ids(dice))
    bundled = {"zh-Hans": "sums", "en": "sums"}
    made = Services(house, "Asia/Shanghai", bundled, platforms={"discord"}, wires={"discord": wire.adapter})
    router, bells = Router(made, language_of), (Bell(clock), Bell(clock))

    def ring() -> None:
        for bell in bells:
            bell.ring()

    wire.core, wire.engine.on_post = router.handle, ring
    wire.adapter.start(Ticker(wire.post, clock, bells[0], router.wake).run())
    wire.adapter.start(Sender(wire.post, clock, bells[1], {"discord": wire.adapter}, wire.adapter.start).run())
    return made


@pytest.fixture
async def campus(tmp_path: Path) -> AsyncIterator[Campus]:
    """Five to nine, and nobody has met the bot yet. In the end no rule was broken, nobody pinged, no bug met."""
    with capture_logs() as logs:
        async with wired(tmp_path, clock=Hands(at(24, 20, 55)), menu=MENU) as wire:
            made = services(wire)
            await made.importing.read(reading(*DRAFTS), "sums", source="1")
            people = {name: wire.server.person(name, locale="zh-CN") for name in ("hua", "lin", "zhou", "eve")}
            school = wire.server.guild(
                "school", owner=people["hua"], members=[people["lin"], people["zhou"]], channels=["daily"]
            )
            wire.server.guild("elsewhere", owner=people["eve"], channels=["talk"])
            await wire.quiet()
            found = Campus(wire, made, school.channels[0], people, logs=logs)
            yield found
            await wire.quiet()
            assert wire.server.violations == []
            bodies = [one.body.get("data") or one.body for one in wire.server.log if isinstance(one.body, dict)]
    assert [one["allowed_mentions"] for one in bodies if "components" in one and "title" not in one] == [
        {"parse": []} for one in bodies if "components" in one and "title" not in one
    ]
    assert [one for one in logs if one["log_level"] in {"error", "critical"}] == []


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
    for action in (f"@a:{ask}:0", f"@form:{ask}", f"form:{ask}", f"a:{ask}:h", f"a:{ask}:9", f"@/start mine_{ask}"):
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


async def set_up(campus: Campus) -> int:
    """The daily question comes to the channel at noon; the room's id."""
    await campus.uses(campus.hua, "/setup", campus.daily)
    campus.hua.picks_channel("daily", channel=campus.daily)
    await campus.wire.quiet()
    await campus.presses(campus.hua, "每天 12:00", campus.daily)
    await campus.presses(campus.hua, "算术 · 6 题", campus.daily)
    (found,) = await campus.rows("course")
    return int(str(found[0]))
