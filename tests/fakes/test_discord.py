"""The fake Discord does what Discord does: people and a stock library meet in it."""

import discord
import pytest
from discord import ui

from tests.fakes.discord import Discord
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_client import Client, data
from tests.fakes.discord_people import Person

COMMAND = {
    "name": "study",
    "name_localizations": {"zh-CN": "做题"},
    "description": "Questions",
    "options": [{"type": 3, "name": "words", "description": "More"}],
    "contexts": [0, 1, 2],
    "integration_types": [0, 1],
}


@pytest.fixture
async def _commands(client: Client) -> None:
    assert client.application_id
    await client.http.bulk_upsert_global_commands(client.application_id, [COMMAND])


class Question(ui.LayoutView):
    """A question with two buttons and two lists."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay("关于数据并行"))
        buttons = [ui.Button["Question"](label=label, custom_id=f"a:{label}") for label in "AB"]
        self.add_item(ui.ActionRow(*buttons))
        options = [discord.SelectOption(label=label, value=label.lower()) for label in "CDE"]
        self.add_item(ui.ActionRow(ui.Select(custom_id="many", options=options, max_values=2)))
        self.add_item(ui.ActionRow(ui.ChannelSelect(custom_id="channel", channel_types=[discord.ChannelType.text])))


class Blanks(ui.Modal):
    """A form with a line to type and boxes to tick."""

    def __init__(self) -> None:
        super().__init__(title="填空", custom_id="form:1")
        self.add_item(ui.Label(text="第 1 空", component=ui.TextInput(custom_id="0", required=True)))
        boxes = [discord.CheckboxGroupOption(label=label, value=label.lower()) for label in "PQ"]
        self.add_item(ui.Label(text="要点", component=ui.CheckboxGroup(custom_id="1", options=boxes, required=False)))


@pytest.mark.usefixtures("_commands")
async def test_a_command_is_answered_in_a_channel(
    discord_server: Discord, client: Client, mei: Person, room: Channel
) -> None:
    """It arrives with who, where and in which language; all see the answer, and it is found by its id."""
    mei.uses("/做题 5", channel=room)
    asked = await client.next()
    await asked.response.send_message(view=Question())
    (seen,) = room.seen(mei)
    original = await asked.original_response()

    assert data(asked)["name"] == "study"
    assert (str(asked.user), asked.channel_id, str(asked.locale)) == ("mei", room.id, "zh-CN")
    assert (seen.text, seen.keyboard, seen.lists) == ("关于数据并行", (("A", "B"),), (("C", "D", "E"), ()))
    assert (original.id, original.flags.components_v2, len(original.components)) == (seen.id, True, 4)
    assert discord_server.violations == []


@pytest.mark.usefixtures("_commands")
async def test_a_press_is_answered_to_the_presser_alone(
    discord_server: Discord, client: Client, mei: Person, room: Channel
) -> None:
    """An ephemeral answer and what follows it are seen by nobody else, and found by no address but its token's."""
    wei = discord_server.person("wei")
    wei.joins(discord_server.world.guilds[0])
    sent = await client.get_partial_messageable(room.id).send(view=Question())
    wei.presses("[A]", channel=room)
    asked = await client.next()
    await asked.response.send_message("答对了", ephemeral=True)
    await asked.followup.send("下一题", ephemeral=True)
    with pytest.raises(discord.NotFound, match="10008"):
        await client.get_partial_messageable(room.id).get_partial_message(room.seen(wei)[-1].id).edit(content="?")

    assert asked.message
    assert (asked.message.id, data(asked)["custom_id"]) == (sent.id, "a:A")
    assert [one.text for one in room.seen(wei) if one.private] == ["答对了", "下一题"]
    assert [one.private for one in room.seen(mei)] == [False]


async def test_a_press_changes_the_message(client: Client, mei: Person, room: Channel) -> None:
    """At once, or deferred and then by its token."""
    await client.get_partial_messageable(room.id).send(view=Question())
    mei.presses("A", channel=room)
    await (await client.next()).response.edit_message(view=Question().add_item(ui.TextDisplay("一")))
    mei.presses("B", channel=room)
    later = await client.next()
    await later.response.defer()
    await later.edit_original_response(view=Question().add_item(ui.TextDisplay("二")))
    (seen,) = room.seen(mei)

    assert (seen.text, seen.edited) == ("关于数据并行\n二", True)


async def test_a_form_is_filled_in(client: Client, mei: Person, room: Channel) -> None:
    """It opens before the presser, and what they filled in arrives, with the message it began from."""
    await client.get_partial_messageable(room.id).send(view=Question())
    mei.presses("A", channel=room)
    await (await client.next()).response.send_modal(Blanks())
    mei.fills({"第 1 空": "FP32", "要点": ["P", "Q"]})
    filled = await client.next()
    await filled.response.edit_message(view=ui.LayoutView().add_item(ui.TextDisplay("好")))
    first, second = (part["component"] for part in data(filled)["components"])

    assert (first["value"], second["values"]) == ("FP32", ["p", "q"])
    assert [one.text for one in room.seen(mei)] == ["好"]
    assert mei.form is None


async def test_several_are_chosen_and_a_channel_is_picked(client: Client, mei: Person, room: Channel) -> None:
    """By what is written on them; the channel arrives with what is known of it."""
    await client.get_partial_messageable(room.id).send(view=Question())
    mei.chooses("C", "E", channel=room)
    mei.picks_channel("每日一题", channel=room)
    chosen, picked = data(await client.next()), data(await client.next())

    assert chosen["values"] == ["c", "e"]
    assert picked["resolved"]["channels"][str(room.id)]["name"] == "每日一题"


@pytest.mark.usefixtures("_commands")
async def test_a_command_is_answered_wherever_the_person_is(
    discord_server: Discord, client: Client, mei: Person
) -> None:
    """With the bot alone, in a server that it is not in, among people: who installed it for themselves can ask."""
    mei.installs()
    elsewhere = discord_server.guild("别处", owner=mei, channels=["闲聊"])
    elsewhere.removes_bot()
    places = [mei.dm, elsewhere.channels[0], discord_server.aside(mei, discord_server.person("wei"))]
    contexts = []
    for place in places:
        mei.uses("/study", channel=place)
        asked = await client.next()
        await asked.response.defer(ephemeral=True, thinking=True)
        await asked.followup.send("题", ephemeral=True)
        contexts.append((asked.context.guild, asked.context.dm_channel, asked.context.private_channel))

    assert [[(one.text, one.private) for one in place.seen(mei)] for place in places] == [[("题", True)]] * 3
    assert contexts == [(False, True, False), (True, False, False), (False, False, True)]
    assert discord_server.violations == []


async def test_direct_messages(client: Client, mei: Person) -> None:
    """Both write, and the words arrive without any privilege."""
    mei.says("FP32，FP16")
    message = await client.heard.get()
    await message.channel.send("答对了", silent=True)

    assert message.content == "FP32，FP16"
    assert [(one.by, one.text, one.silent) for one in mei.dm.seen(mei)] == [
        ("mei", "FP32，FP16", False),
        ("", "答对了", True),
    ]
