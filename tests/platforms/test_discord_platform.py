"""Discord put together, over the wire: how it connects, follows the gateway and ends, and what it knows of rooms."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.__main__ import menu
from bot.platforms.discord.chats import CHATS
from bot.platforms.discord.discord import LEAVE_S, NO_INTENT, NO_TOKEN, OUTDATED, RETRY
from bot.platforms.discord.speaker import LINES
from bot.platforms.discord.update import own_room, update
from bot.platforms.platform import Unusable
from bot.ports.changes import NotStored
from bot.ports.chat import NEEDS, Delivery, Reply, Undeliverable
from tests.fakes.discord_chats import Guild
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import Refused
from tests.fakes.wired import READER, text
from tests.fakes.wired_discord import Menu, Wired, built, wired
from tests.platforms.test_discord_line import CALLBACK, DEFER, SAY, Slow, taken
from tests.platforms.test_discord_speaker import SEND, texts
from tests.platforms.test_discord_update import RAW
from tests.platforms.test_telegram_speaker import prompt, says

DOWN = Refused("Service Unavailable", status=503)
ME = "GET /users/@me"


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path) as running:
        yield running
        await running.quiet()
    assert running.server.violations == []


@pytest.fixture
def lin(wire: Wired) -> Person:
    return known(wire)


def known(wire: Wired, **more: str) -> Person:
    """Somebody who has the bot."""
    person = wire.server.person("lin", locale=more.get("locale", "en-US"))
    person.installs()
    return person


@pytest.fixture
def school(wire: Wired, lin: Person) -> Guild:
    """A server of lin's where the bot is."""
    return wire.server.guild("school", owner=lin, channels=["daily"])


async def deliver(wire: Wired, room: str) -> tuple[str, ...]:
    return await wire.adapter.deliver(room, text("hello"), READER, Delivery(lane="pushed"))


@pytest.mark.parametrize("again", [0, 5], ids=["what was missed", "and what was not"])
async def test_a_line_that_breaks_loses_nothing(wire: Wired, lin: Person, again: int) -> None:
    """The session is resumed: what happened meanwhile is told then, and what is told twice happens once."""
    gateway = wire.server.gateway
    for at in range(3):
        lin.says(f"{at}")
    await wire.quiet()
    gateway.overlap = again
    gateway.drop()
    for at in range(3, 6):
        lin.says(f"{at}")
    await wire.server.until(lambda: gateway.resumed and len(wire.heard) == 6)
    await wire.quiet()

    assert [one.words for one in wire.heard] == ["0", "1", "2", "3", "4", "5"]
    assert texts(lin) == [f"heard {at}" for at in range(6)]
    assert len(gateway.identified) == 1


async def test_discord_asks_to_come_back(wire: Wired, lin: Person) -> None:
    """As before a restart of its own: the session goes on."""
    await wire.server.gateway.reconnect()
    lin.says("meanwhile")
    await wire.server.until(lambda: wire.server.gateway.resumed and wire.heard)

    assert texts(lin) or await wire.seen(lin)
    assert [one.words for one in wire.heard] == ["meanwhile"]


async def test_a_session_that_is_over_begins_anew(wire: Wired, lin: Person) -> None:
    """What is said from then on is heard."""
    await wire.server.gateway.invalidate()
    await wire.server.until(lambda: len(wire.server.gateway.identified) == 2, timeout=20)
    await wire.quiet()
    lin.says("hello")

    assert [one.text for one in await wire.seen(lin)] == ["heard hello"]


async def test_what_is_told_twice_happens_once(wire: Wired, lin: Person) -> None:
    """While it is handled, and after it was answered."""
    wire.answers = core = Slow((text("once"),))
    asked = lin.uses("/study")
    await taken(wire)
    asked.again()
    await asyncio.sleep(0.05)
    core.may.set()
    await wire.quiet()
    asked.again()

    assert [one.text for one in await wire.seen(lin)] == ["once"]
    assert (len(wire.heard), len(wire.server.calls(CALLBACK))) == (1, 1)


@pytest.mark.parametrize("form", [True, False])
async def test_a_form_that_is_asked_for_twice_is_opened_once(wire: Wired, lin: Person, form: bool) -> None:  # noqa: FBT001 - a column
    """And a word instead of it is said once."""
    wire.answers = says(lambda _: (Reply(prompt=prompt("blank", fields=2)),))
    lin.uses("/study")
    await wire.quiet()
    wire.answers = says(lambda _: (Reply(prompt=prompt("blank", fields=2), form=form),))
    asked = lin.presses("Answer")
    await wire.quiet()
    before = await wire.seen(lin)
    asked.again()  # type: ignore[union-attr]  # no link: it was pressed

    assert await wire.seen(lin) == before
    assert (lin.form is not None) is form


async def test_an_event_that_cannot_be_read_ends_one_connection(wire: Wired, lin: Person) -> None:
    """The library gives up on it: the bot begins another one, after a pause, and hears what happens then."""
    with capture_logs() as logs:
        wire.server.junk("MESSAGE_CREATE", {"odd": 1})
        await wire.until(lambda: any(one["event"] == "discord ended" for one in logs))
        with pytest.raises(Undeliverable) as raised:
            await deliver(wire, own_room(str(lin.id)))
        wire.clock.pass_by(RETRY)
        await wire.server.until(lambda: len(wire.server.gateway.identified) == 2)
        await wire.quiet()
    lin.says("hello")

    assert (raised.value.permanent, raised.value.unsure) == (False, False)
    assert [one.text for one in await wire.seen(lin)] == ["heard hello"]


async def test_who_is_not_let_in_asks_less_and_less(tmp_path: Path) -> None:
    """Each pause is twice as long as the one before; after a connection that lasted they begin anew."""
    async with built(tmp_path) as wire:
        wire.server.fail(ME, DOWN, times=4)
        wire.adapter.start(wire.adapter.run())
        pauses = [await _pause(wire) for _ in range(4)]
        await wire.quiet()
        wire.clock.pass_by(timedelta(minutes=2))
        await wire.server.gateway.close(4011)
        pauses.append(await _pause(wire))
        await wire.quiet()
        await wire.adapter.leave()

    assert pauses == [2, 4, 8, 16, 1]


async def _pause(wire: Wired) -> float:
    """The seconds until the next try, which then begins."""
    await wire.until(lambda: wire.clock.next is not None)
    due = wire.clock.next
    assert due is not None
    wait = due - wire.clock.now()
    wire.clock.set(due)
    await wire.until(lambda: wire.clock.next != due)
    return wait.total_seconds()


@pytest.mark.parametrize("route", [ME, "GET /gateway/bot"])
async def test_discord_is_not_there_yet(tmp_path: Path, route: str) -> None:
    """It is asked again after a pause, until it is."""
    async with built(tmp_path) as wire:
        wire.server.fail(route, DOWN, times=2)
        wire.adapter.start(wire.adapter.run())
        await wire.until(lambda: wire.clock.next is not None)
        busy = wire.adapter.busy
        await wire.quiet(passing=RETRY / 2)
        lin = known(wire)
        lin.says("hello")

        assert [one.text for one in await wire.seen(lin)] == ["heard hello"]
        assert busy is (route == ME)
        await wire.adapter.leave()


async def test_a_wrong_token(tmp_path: Path) -> None:
    """One sentence says what to do."""
    async with built(tmp_path) as wire:
        wire.server.token = "another"
        with pytest.raises(Unusable) as raised:
            await wire.adapter.run()

        assert str(raised.value) == NO_TOKEN


@pytest.mark.parametrize(
    ("code", "sentence"), [(4004, NO_TOKEN), (4010, OUTDATED), (4012, OUTDATED), (4013, NO_INTENT), (4014, NO_INTENT)]
)
async def test_a_bot_that_is_shown_the_door(tmp_path: Path, code: int, sentence: str) -> None:
    """The token was changed, or what it wants to hear is not granted any more."""
    async with built(tmp_path) as wire:

        async def close() -> None:
            await wire.quiet()
            await wire.server.gateway.close(code)

        wire.adapter.start(close())
        with pytest.raises(Unusable) as raised:
            await wire.adapter.run()

        assert str(raised.value) == sentence


async def test_an_odd_close_is_followed_by_another_connection(wire: Wired, lin: Person) -> None:
    """Discord wants more shards than there are: the next connection asks how many."""
    wire.server.shards = 2
    await wire.server.gateway.close(4011)
    await wire.until(lambda: wire.clock.next is not None)
    wire.clock.pass_by(RETRY)
    await wire.server.until(lambda: len(wire.server.gateway.identified) == 3, timeout=20)
    await wire.quiet()
    lin.says("hello")

    assert [one.text for one in await wire.seen(lin)] == ["heard hello"]


async def test_who_leaves_ends_what_was_begun(tmp_path: Path) -> None:
    """The answer that is under way is said; what comes then waits for the next time, which answers it."""
    async with wired(tmp_path) as wire:
        server = wire.server
        lin = known(wire)
        wire.answers = core = Slow((text("done"),))
        lin.uses("/study 1")
        await taken(wire)
        lin.uses("/study 2")
        await wire.until(wire._all_told)
        leaving = asyncio.ensure_future(wire.adapter.leave())
        await wire.until(lambda: wire.adapter.leaving)
        with pytest.raises(Undeliverable) as raised:
            await deliver(wire, own_room(str(lin.id)))
        core.may.set()
        await leaving
        left = await wire.post.owed("discord")
        async with wired(tmp_path, server=server, clock=wire.clock) as later:
            await later.quiet()

            assert [one.words for one in later.heard] == ["/study 2"]
            assert sorted(texts(lin)) == ["done", "heard /study 2"]  # each stands where its deferral stood
        assert (len(left), raised.value.retry_at) == (1, wire.clock.now() + RETRY)


async def test_what_comes_while_it_leaves_is_answered_by_the_next(tmp_path: Path) -> None:
    """Who uses a command reads at once that the answer is to come; a text is kept as well."""
    async with wired(tmp_path) as wire:
        server, lin = wire.server, known(wire)
        zhou = server.person("zhou")
        zhou.installs()
        wire.answers = core = Slow((text("done"),))
        lin.uses("/study 1")
        await taken(wire)
        leaving = asyncio.ensure_future(wire.adapter.leave())
        await wire.until(lambda: wire.adapter.leaving)
        asked = zhou.uses("/study 2")
        zhou.says("hello")
        await wire.until(lambda: asked.answered)
        await wire.until(wire._all_told)
        core.may.set()
        await leaving
        async with wired(tmp_path, server=server, clock=wire.clock) as later:
            await later.quiet()

            assert asked.answered == DEFER
            assert [(one.text, one.thinking) for one in zhou.dm.seen(zhou) if not one.by] == [
                ("heard /study 2", False),
                ("heard hello", False),
            ]


async def test_a_message_under_way_is_waited_for(tmp_path: Path) -> None:
    """One that the bot says first is sent before it ends."""
    async with wired(tmp_path) as wire:
        (daily,) = wire.server.guild("school", owner=known(wire), channels=["daily"]).channels
        wire.server.hang(SEND)
        sending = asyncio.ensure_future(deliver(wire, str(daily.id)))
        await wire.server.until(lambda: wire.server.calls(SEND))
        leaving = asyncio.ensure_future(wire.adapter.leave())
        await asyncio.sleep(0.05)
        waited = not leaving.done()
        sending.cancel()
        await leaving

        assert waited


async def test_what_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    """After some seconds the program ends all the same, and says so."""
    with capture_logs() as logs:
        async with wired(tmp_path) as wire:
            wire.answers = core = Slow(())
            known(wire).uses("/study")
            await taken(wire)
            async with asyncio.timeout(LEAVE_S + 5):
                await wire.adapter.leave()
            core.may.set()

    assert "ended while something was being said" in [one["event"] for one in logs]


class Full:
    """An inbox on a full disk."""

    def __getattr__(self, name: str) -> Any:
        async def act(*_args: Any) -> Any:
            raise NotStored("full")

        return act


@pytest.mark.parametrize("locale", ["en-US", "zh-TW"])
async def test_what_cannot_be_kept_is_said(wire: Wired, locale: str) -> None:
    """Whoever did it is told, alone and in their language, that nothing came of it; nothing else did."""
    lin = known(wire, locale=locale)
    (daily,) = wire.server.guild("school", owner=lin, channels=["daily"]).channels
    await wire.quiet()
    wire.adapter.intake.post = Full()  # a port that fails
    asked = lin.uses("/study", channel=daily)
    lin.says("hello")
    shown = await wire.seen(lin, daily)
    told = {
        "en-US": "Nothing was saved and nothing changed. Please try again.",
        "zh-TW": "沒存下來，什麼都沒變。請再試一次。",
    }

    assert asked.answered == SAY
    assert [(one.text, one.private) for one in shown] == [(told[locale], True)]
    assert texts(lin) == [told["en-US"]]
    assert (wire.heard, wire.adapter.speaker.lines) == ([], {})


async def test_what_cannot_even_be_said_is_told_to_the_log(wire: Wired, lin: Person) -> None:
    """The disk is full and the network is down: nothing ends."""
    wire.adapter.intake.post = Full()  # as above
    wire.server.drop(CALLBACK)
    with capture_logs() as logs:
        lin.uses("/study")
        await wire.quiet()

    assert [one["event"] for one in logs] == ["not taken in", "not answered"]


async def test_an_answer_of_a_form_that_is_a_bug(wire: Wired, lin: Person) -> None:
    """A question that takes no form was asked for in one: the log has it, and the bot goes on."""
    wire.answers = says(lambda _: (Reply(prompt=prompt("blank", fields=2)),))
    lin.uses("/study")
    await wire.quiet()
    wire.answers = says(lambda _: (Reply(prompt=prompt("single", "one"), form=True),))
    with capture_logs() as logs:
        lin.presses("Answer")
        await wire.quiet()
    wire.answers = says(lambda _: (text("still here"),))
    lin.uses("/study")

    assert [(one["event"], one["log_level"]) for one in logs] == [("not answered", "error")]
    assert (await wire.seen(lin))[-1].text == "still here"


async def test_a_room_that_takes_no_answer(wire: Wired, lin: Person, school: Guild) -> None:
    """The bot may not write where it was mentioned: it is counted, and the next text is heard."""
    (daily,) = school.channels
    daily.forbids("send_messages")
    lin.says("@Studybot hello", channel=daily)
    await wire.quiet()

    assert wire.adapter.intake.counts.unreachable == 1
    assert wire.adapter.speaker.lines == {}
    assert wire.adapter.figures == {"taken": 1, "aside": 0, "unreachable": 1, "unsure": 0, "late": 0}


async def test_an_answer_that_discord_does_not_understand(wire: Wired, lin: Person) -> None:
    """Three tries, then it is set aside; who speaks after it is answered."""
    wire.server.fail(SEND, Refused("odd", 1, status=400), times=3)
    lin.says("odd")
    lin.says("well")

    assert [one.text for one in await wire.seen(lin)] == ["heard well"]
    assert (wire.adapter.intake.counts.aside, wire.adapter.speaker.lines) == (1, {})


async def test_what_is_remembered_is_bounded(wire: Wired, lin: Person) -> None:
    """Interactions that were set aside, and private chats: of the oldest nothing is known any more."""
    speaker = wire.adapter.speaker
    for number in range(LINES + 1):
        speaker.line(update({**RAW, "id": f"{number}"}))
    chats = wire.adapter.chats.ids
    chats |= {f"u{number}": "5" for number in range(CHATS)}
    await deliver(wire, own_room(str(lin.id)))

    assert (len(speaker.lines), "discord:0" in speaker.lines) == (LINES, False)
    assert (len(chats), "u0" in chats) == (CHATS, False)


async def test_who_runs_a_channel(wire: Wired, lin: Person, school: Guild) -> None:
    """The owner of its server, and who may manage it; nobody else, wherever they come from. Threads are as it is."""
    hua, wei, stranger = (wire.server.person(name) for name in ("hua", "wei", "stranger"))
    for person in (hua, wei):
        person.joins(school)
    school.managers.add(hua.id)
    await wire.quiet()
    room = str(school.channels[0].id)
    for where in (room, f"{room}/7"):
        found = [await wire.adapter.runs(where, str(person.id)) for person in (lin, hua, wei, stranger)]

        assert found == [True, True, False, False]


@pytest.mark.parametrize("room", ["1", "9" * 4000, "१", "@1001", "", "../users/@me"])
async def test_a_channel_of_nobody(wire: Wired, school: Guild, room: str) -> None:
    """The bot is not there: nobody runs it, and all is lacking; while a server is out of reach nobody can say."""
    assert school.bot
    found = await wire.adapter.runs(room, "1"), await wire.adapter.lacks(room)
    wire.server.world.sessions.tell("GUILD_DELETE", {"id": str(school.id), "unavailable": True}, guild=school.id)
    await wire.quiet()

    assert found == (False, ("join", "see", "say", "picture", "thread", "talk"))
    for asked in (wire.adapter.runs(room, "1"), wire.adapter.lacks(room)):
        with pytest.raises(Undeliverable):
            await asked


async def test_where_discord_does_not_say_who_runs_it(wire: Wired, school: Guild) -> None:
    """Nobody is refused for that: they are told to try again."""
    wire.server.fail("GET /guilds/{guild_id}/members/{user_id}", Refused("Busy", status=429))
    with pytest.raises(Undeliverable) as raised:
        await wire.adapter.runs(str(school.channels[0].id), "7")

    assert raised.value.permanent is False


@pytest.mark.parametrize("removed", [True, False])
async def test_a_channel_that_is_no_more(wire: Wired, school: Guild, *, removed: bool) -> None:
    """Deleted, or the bot was removed from its server: it takes nothing, and lacks everything for good."""
    (daily,) = school.channels
    room = str(daily.id)
    await wire.quiet()
    (school.removes_bot if removed else daily.goes)()
    await wire.quiet()
    with pytest.raises(Undeliverable) as raised:
        await deliver(wire, room)

    assert (await wire.adapter.lacks(room), await wire.adapter.runs(room, "7")) == (NEEDS, False)
    refused = "Forbidden 50001" if removed else "NotFound 10003"
    assert (raised.value.permanent, str(raised.value)) == (True, refused)


async def test_what_the_bot_lacks(wire: Wired, school: Guild) -> None:
    """As the server's settings are now, the most needful first."""
    (daily,) = school.channels
    await wire.quiet()
    room, found = str(daily.id), []
    for names in ((), ("send_messages_in_threads",), ("attach_files",), ("view_channel",)):
        daily.forbids(*names)
        await wire.quiet()
        found.append(await wire.adapter.lacks(room))
    daily.allows("view_channel", "attach_files", "send_messages_in_threads")
    daily.forbids("create_public_threads")
    await wire.quiet()
    found.append(await wire.adapter.lacks(room))

    assert found == [(), ("talk",), ("picture", "talk"), ("see", "say", "thread", "talk"), ("thread",)]


async def test_what_the_bot_lacks_is_known_from_the_start(tmp_path: Path) -> None:
    """Who asks before the servers are known waits for them."""
    async with built(tmp_path) as wire:
        (daily,) = wire.server.guild("school", owner=known(wire), channels=["daily"]).channels
        wire.adapter.start(wire.adapter.run())
        await wire.until(wire.adapter._connected.is_set)
        early = wire.adapter.client.get_channel(daily.id)

        assert await wire.adapter.lacks(str(daily.id)) == ()
        assert early is None
        await wire.adapter.leave()


async def test_between_two_connections_nothing_is_known_of_rooms(wire: Wired, school: Guild) -> None:
    """Whoever asks is not held up, and tries again."""
    room = str(school.channels[0].id)
    await wire.quiet()
    await wire.server.gateway.close(4011)
    await wire.until(lambda: wire.clock.next is not None)
    with pytest.raises(Undeliverable) as raised:
        await wire.adapter.lacks(room)
    wire.clock.pass_by(RETRY)
    await wire.until(lambda: wire.clock.next is None and not wire.adapter.client.is_closed())

    assert await wire.adapter.lacks(room) == ()
    assert (raised.value.permanent, str(raised.value)) == (False, "not connected")


async def test_commands_are_offered_in_three_languages(wire: Wired, lin: Person) -> None:
    """Everywhere, to who has the bot in a server or for themselves; by name and what it does, in every language."""
    await wire.quiet()
    offered = {one["name"]: one for one in wire.server.world.commands}
    lin.uses("/做题")
    await wire.quiet()
    lin.uses("/說明")
    await wire.quiet()

    assert set(offered) == {"study", "help"}
    assert offered["study"]["name_localizations"] == {"zh-CN": "做题", "zh-TW": "做題"}
    assert offered["study"]["description"] == "A question; send again to choose what"
    assert offered["study"]["description_localizations"] == {
        "zh-CN": "出一题；再发一次，自己选练什么",
        "zh-TW": "出一題；再發一次，自己選練什麼",
    }
    assert [offered["study"][name] for name in ("contexts", "integration_types")] == [[0, 1, 2], [0, 1]]
    assert [one.words for one in wire.heard] == ["/study", "/help"]


async def test_the_whole_menu_is_taken(tmp_path: Path) -> None:
    """Every command that there is has a name that Discord takes, in every language, and no two the same."""
    async with wired(tmp_path, menu=Menu(menu(), {})) as wire:
        offered = wire.server.world.commands

    assert [one["name"] for one in offered] == [one.name for one in menu()]
    for tag in ("zh-CN", "zh-TW"):
        assert len({one["name_localizations"][tag] for one in offered}) == len(offered)
    assert wire.server.violations == []


async def test_the_bot_works_without_its_menu(tmp_path: Path) -> None:
    """Discord did not take the commands: the log says so, and texts are answered."""
    with capture_logs() as logs:
        async with built(tmp_path) as wire:
            wire.server.fail("PUT /applications/{application_id}/commands", Refused("no", 1))
            wire.adapter.start(wire.adapter.run())
            await wire.quiet()
            lin = known(wire)
            lin.says("hello")
            shown = await wire.seen(lin)
            await wire.adapter.leave()

    assert [one.text for one in shown] == ["heard hello"]
    assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["commands not offered"]
