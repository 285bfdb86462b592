"""What people do on Discord as the core is told of it, over the wire; and what is no business of the bot's."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord import Message
from structlog.testing import capture_logs

from bot.domain.prompt import Choice, Quote, Text
from bot.platforms.discord.raw import LONGEST, MOST, of_message
from bot.platforms.discord.update import own_room, update, user_of
from bot.ports.chat import Incoming, Reply
from tests.fakes.discord_chats import Guild
from tests.fakes.discord_people import Person
from tests.fakes.wired_discord import Wired, wired
from tests.platforms.test_telegram_speaker import prompt, says

RAW: dict[str, Any] = {
    "kind": "press",
    "id": "7",
    "token": "t",
    "app": "4242",
    "user": "1",
    "locale": "zh-TW",
    "channel": "5",
    "title": "daily",
    "dm": False,
    "guest": False,
    "message": "6",
    "own": False,
    "reads": "",
    "words": "a:7:0",
    "values": [],
}
OPEN = Choice("form:7", Text("button.answer"))


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path) as running:
        yield running
    assert running.server.violations == []


async def place(wire: Wired) -> tuple[Person, Guild]:
    """Somebody in a server with one channel, where the bot is."""
    await wire.quiet()
    lin = wire.server.person("lin")
    return lin, wire.server.guild("school", owner=lin, channels=["daily"])


async def newest(wire: Wired) -> Incoming:
    await wire.quiet()
    return wire.heard[-1]


def where(incoming: Incoming) -> tuple[str, str, str, str]:
    return incoming.kind, incoming.room, incoming.here, incoming.group


async def test_a_command_is_said_in_private_wherever_it_is_used(wire: Wired) -> None:
    """In a direct message and in a channel: the room is the person's own; the channel is where they are."""
    lin, guild = await place(wire)
    (daily,) = guild.channels
    lin.uses("/study to the end")
    alone = await newest(wire)
    lin.uses("/study", channel=daily)
    shared = await newest(wire)

    assert (alone.platform, alone.account, alone.words) == ("discord", str(lin.id), "/study to the end")
    assert (alone.language, alone.id.partition(":")[0]) == ("en-US", "discord")
    assert where(alone) == ("command", own_room(str(lin.id)), "", "")
    assert where(shared) == ("command", own_room(str(lin.id)), str(daily.id), "")
    assert user_of(shared.room) == str(lin.id)


async def test_who_presses_before_all_does_it_in_the_room(wire: Wired) -> None:
    """A message of the channel is the room's; one that the presser alone sees is theirs."""
    lin, guild = await place(wire)
    (daily,) = guild.channels
    wire.answers = says(lambda _: (Reply(prompt=prompt("single", "one", "two")),))
    lin.uses("/study", channel=daily)
    await wire.quiet()
    lin.presses("B two", channel=daily)
    own = await newest(wire)
    board = daily.put(None, components=({"type": 1, "components": [{"type": 2, "style": 2, "label": "A"}]},))
    lin.forges("a:7:0", board)
    shared = await newest(wire)

    assert (where(own), own.words) == (("press", own_room(str(lin.id)), str(daily.id), ""), "a:7:1")
    assert (where(shared), shared.thumb) == (("press", str(daily.id), "", "daily"), True)


async def test_one_of_a_list_is_the_press_it_stands_for(wire: Wired) -> None:
    """Of a list for one answer the option's action comes, as from a button; of one for several all that were chosen."""
    lin, _ = await place(wire)
    six = tuple(f"option {at}" for at in range(6))
    wire.answers = says(
        lambda incoming: (Reply(prompt=prompt("single" if "one" in incoming.words else "multiple", *six)),)
    )
    lin.uses("/study one")
    await wire.quiet()
    lin.chooses("D option 3")
    one = await newest(wire)
    lin.uses("/study more")
    await wire.quiet()
    lin.chooses("A option 0", "C option 2")
    several = await newest(wire)

    assert (one.kind, one.words, one.values) == ("press", "a:7:3", ())
    assert (several.kind, several.words, several.values) == ("press", "a:7:s", ("0", "2"))


async def test_a_form_brings_its_fields_in_their_order(wire: Wired) -> None:
    """The action is that of the question; what was left empty is there too."""
    lin, _ = await place(wire)
    wire.answers = says(lambda incoming: (Reply(prompt=prompt("blank", fields=2), form=incoming.kind != "command"),))
    lin.uses("/study")
    await wire.quiet()
    lin.presses("Answer")
    await wire.quiet()
    lin.fills({"Blank 2": "FP16"})
    found = await newest(wire)

    assert (found.kind, found.words, found.values) == ("form", "a:7:", ("", "FP16"))


async def test_a_form_for_whatever_may_be_typed_brings_a_text(wire: Wired) -> None:
    """What is asked for in words is answered in a form as it is by typing."""
    lin, guild = await place(wire)
    wire.answers = says(lambda _: (Reply((Quote("At what time?"),), form=True),))
    lin.uses("/study", channel=guild.channels[0])
    await wire.quiet()
    lin.presses("Answer", channel=guild.channels[0])
    await wire.quiet()
    assert lin.form is not None
    lin.fills({lin.form[1]["components"][0]["label"]: "7:30"})
    found = await newest(wire)

    assert (found.words, where(found)) == (
        "7:30",
        ("text", own_room(str(lin.id)), str(guild.channels[0].id), ""),
    )


async def test_a_channel_is_chosen_by_its_id_and_name(wire: Wired) -> None:
    """Both come as the values of the press."""
    lin, guild = await place(wire)
    pick = Choice("room:channel", Text("button.pick_channel"), of="channel")
    wire.answers = says(lambda _: (Reply((Quote("Which?"),), ((pick,),)),))
    lin.uses("/study", channel=guild.channels[0])
    await wire.quiet()
    lin.picks_channel("daily", channel=guild.channels[0])
    found = await newest(wire)

    assert (found.words, found.values) == ("room:channel", (str(guild.channels[0].id), "daily"))


async def test_only_what_is_meant_for_the_bot_is_heard(wire: Wired) -> None:
    """A direct message, or a mention in a channel, when its button was pressed; not other talk, not a bare mention."""
    lin, guild = await place(wire)
    (daily,) = guild.channels
    for words in ("nothing for the bot", "@Studybot", "@Studybot  FP32, FP16 "):
        lin.says(words, channel=daily)
    await wire.quiet()
    lin.presses("Show me", channel=daily)
    await wire.quiet()
    lin.says("Report")
    await wire.quiet()

    assert [one.words for one in wire.heard] == ["FP32, FP16", "Report"]
    assert [where(one) for one in wire.heard] == [
        ("text", own_room(str(lin.id)), str(daily.id), ""),
        ("text", own_room(str(lin.id)), "", ""),
    ]
    assert [one.label for one in wire.heard] == [False, True]


async def test_what_comes_is_bounded(wire: Wired) -> None:
    """A text of a million letters, zeros in it, a list of a thousand values: as much of it as a form could hold."""
    lin, _ = await place(wire)
    lin.says("x\0" * 500_000)
    text = await newest(wire)
    lin.uses("/study")
    await wire.quiet()
    message = next(one for one in lin.dm.messages.values() if one.author is None)
    lin.forges("a:7:s", message, component_type=3, values=[str(at) for at in range(1000)])
    chosen = await newest(wire)

    assert (len(text.words), set(text.words)) == (LONGEST // 2, {"x"})
    assert len(chosen.values) == MOST


MALFORMED: list[dict[str, Any]] = [
    {"type": 3, "data": {"custom_id": 7, "component_type": 2}},
    {"type": 3, "data": {"custom_id": "a", "component_type": 3}},
    {"type": 3, "data": {"custom_id": "a", "component_type": 3, "values": [7]}},
    {"type": 3, "data": {"custom_id": "a", "component_type": 8, "values": ["1"]}},
    {"type": 2, "data": {"name": None}},
    {"type": 2, "data": {"name": "study", "options": [{"value": 7}]}},
    {"type": 5, "data": {"custom_id": "a:7:", "components": [{"component": {"value": []}}]}},
]


async def test_what_cannot_be_read_is_told_without_a_word_of_it(wire: Wired) -> None:
    """Whatever shape it has, it is one line of the log; who comes after it is answered."""
    lin, _ = await place(wire)
    asked = lin.uses("/study secret")
    await wire.quiet()
    with capture_logs() as logs:
        for payload in MALFORMED:
            wire.server.world.sessions.tell("INTERACTION_CREATE", asked.told | payload, guild=None)
        lin.uses("/study on")
        await wire.quiet()

    assert [one.words for one in wire.heard] == ["/study secret", "/study on"]
    assert [(one["event"], one["event_name"]) for one in logs] == [("event failed", "on_interaction")] * len(MALFORMED)


async def test_what_is_nothing_to_the_bot_is_left(wire: Wired) -> None:
    """Discord asks for suggestions while something is typed: there are none."""
    lin, _ = await place(wire)
    asked = lin.uses("/study")
    await wire.quiet()
    typing = asked.told | {"type": 4, "id": "99"}
    wire.server.world.sessions.tell("INTERACTION_CREATE", typing, guild=None)
    await wire.quiet()

    assert len(wire.heard) == 1


def test_half_a_letter_is_none() -> None:
    """A text that is not whole in Unicode is made so before anything keeps it."""
    author = SimpleNamespace(bot=False, id=1)
    message = SimpleNamespace(
        content="<@!4242> \ud83d", author=author, id=7, channel=SimpleNamespace(id=5, name="daily"), guild=None
    )
    found = of_message(cast("Message", message), 4242)

    assert found is not None
    assert found["words"] == "?"


def test_who_speaks_for_a_bot_is_not_heard() -> None:
    """Two bots would talk for ever."""
    author = SimpleNamespace(bot=True, id=1)
    message = SimpleNamespace(content="<@4242> hello", author=author, id=7, channel=SimpleNamespace(id=5, name="daily"))

    assert of_message(cast("Message", message), 4242) is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ("press", "a:7:0", "5", "daily", "")),
        ({"title": ""}, ("press", "a:7:0", "5", "?", "")),
        ({"words": "say:1:a:7:0"}, ("text", "a:7:0", "@1", "", "5")),
        ({"words": "say:2:hello"}, ("press", "say:2:hello", "@1", "", "5")),
        ({"own": True}, ("press", "a:7:0", "@1", "", "5")),
        ({"dm": True}, ("press", "a:7:0", "@1", "", "")),
        ({"words": "/start mine_7"}, ("command", "/start mine_7", "@1", "", "5")),
        ({"words": "pick:7", "values": ["/start x"]}, ("command", "/start x", "@1", "", "5")),
        ({"words": "pick:7", "values": []}, ("press", "pick:7", "5", "daily", "")),
        ({"kind": "form", "words": "a:7:", "values": ["x"]}, ("form", "a:7:", "@1", "", "5")),
        ({"kind": "form", "words": "t", "values": ["7", "30"]}, ("text", "7 30", "@1", "", "5")),
    ],
)
def test_where_it_happened(more: dict[str, Any], expected: tuple[str, ...]) -> None:
    """In the room of all there are only presses on what hangs there; all else is between one person and the bot."""
    found = update({**RAW, **more}).incoming

    assert (found.kind, found.words, found.room, found.group, found.here) == expected


@pytest.mark.parametrize(
    ("more", "edits"),
    [({}, False), ({"own": True}, True), ({"dm": True}, True), ({"words": "say:1:x"}, False), ({"message": ""}, False)],
)
def test_what_all_see_is_changed_by_nobody(more: dict[str, Any], edits: bool) -> None:  # noqa: FBT001 - a column
    """Only a message in private, or one that the presser alone sees, becomes what is answered."""
    assert update({**RAW, **more}).edits is edits
