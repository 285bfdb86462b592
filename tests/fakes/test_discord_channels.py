"""In the channels of the fake Discord the bot may do what it is allowed to, and people see what is theirs."""

import io
from datetime import timedelta

import discord
import pytest
from aiohttp import ClientSession
from discord import ui

from tests.fakes.clock import Frozen
from tests.fakes.discord import Discord
from tests.fakes.discord_bare import BUTTON, COMMAND, TEXT, Bare, row
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_client import Client
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import TOO_FAST


@pytest.mark.parametrize(
    ("forbidden", "code"), [("view_channel", 50001), ("send_messages", 50013), ("attach_files", 0)]
)
async def test_a_channel_may_be_closed_to_the_bot(
    client: Client, bare: Bare, room: Channel, forbidden: str, code: int
) -> None:
    """The refusal says which sort it is; the library knows beforehand; what is given back holds at once."""
    room.forbids(forbidden)
    await client.hears("CHANNEL_UPDATE")
    status, told = await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"})
    here = client.guilds[0].channels[0]
    known = getattr(here.permissions_for(here.guild.me), forbidden)
    room.allows(forbidden)
    again, _ = await bare.call(f"POST /channels/{room.id}/messages", {"content": "!"})

    assert (status, told.get("code", 0), again) == (403 if code else 200, code, 200)
    assert not known


async def test_a_hidden_channel_has_no_name(client: Client, bare: Bare, room: Channel) -> None:
    """The gateway tells of it, without what it is called; no address lists it."""
    assert room.guild
    room.forbids("view_channel")
    await client.hears("CHANNEL_UPDATE")
    hidden = client.guilds[0].channels[0].name
    listed = [await bare.call(f"GET /guilds/{room.guild.id}/channels")]
    code = await bare.code(f"GET /channels/{room.id}")
    room.allows("view_channel")
    await client.hears("CHANNEL_UPDATE")

    assert (hidden, listed, code, client.guilds[0].channels[0].name) == ("___hidden___", [(200, [])], 50001, "每日一题")


async def test_files_need_a_permission(client: Client, room: Channel, mei: Person) -> None:
    """A picture is seen with what is said of it, and what names it finds it."""
    view = ui.LayoutView().add_item(
        ui.MediaGallery(discord.MediaGalleryItem("attachment://map.png", description="一张图"))
    )
    channel = client.get_partial_messageable(room.id)
    await channel.send(view=view, file=discord.File(io.BytesIO(b"png"), "map.png"))
    room.forbids("attach_files")
    with pytest.raises(discord.Forbidden, match="50013"):
        await channel.send(file=discord.File(io.BytesIO(b"png"), "map.png", description="图"))
    room.allows("attach_files")
    sent = await channel.send("看", file=discord.File(io.BytesIO(b"png"), "map.png", description="图"))
    await sent.edit(content="看这里")
    kept = room.seen(mei)[-1]
    await sent.edit(attachments=[])

    assert [(one.pictures, one.told) for one in room.seen(mei)] == [((b"png",), ("一张图",)), ((), ())]
    assert (kept.text, kept.pictures, kept.told) == ("看这里", (b"png",), ("图",))


async def test_what_names_a_file_that_is_not_there(bare: Bare, room: Channel) -> None:
    """It is refused."""
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}
    told = {"components": [gallery], "flags": 1 << 15}

    assert await bare.code(f"POST /channels/{room.id}/messages", told) == 50035


async def test_a_thread_begins_at_a_message(client: Client, bare: Bare, room: Channel, mei: Person) -> None:
    """Once, by its permission; then it is a room like others, for who sees the channel."""
    channel = client.get_channel(room.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("题")
    room.forbids("create_public_threads")
    with pytest.raises(discord.Forbidden, match="50013"):
        await sent.create_thread(name="讨论")
    room.allows("create_public_threads")
    thread = await sent.create_thread(name="讨论·数据并行")
    said = await thread.send("说说你怎么想的。")
    twice = await bare.code(f"POST /channels/{room.id}/messages/{sent.id}/threads", {"name": "讨论"})
    inside = await bare.code(f"POST /channels/{thread.id}/messages/{said.id}/threads", {"name": "讨论"})
    (kept,) = room.threads

    assert (twice, inside, thread.id, kept.name) == (160004, 50024, sent.id, "讨论·数据并行")
    assert [one.text for one in kept.seen(mei)] == ["说说你怎么想的。"]
    assert isinstance(await client.fetch_channel(thread.id), discord.Thread)


async def test_a_number_makes_a_message_unique(bare: Bare, room: Channel, clock: Frozen) -> None:
    """For three minutes from when it came, where that is asked for; the earlier message is answered, as it is now."""
    sent = await bare.sent(room, nonce="17", enforce_nonce=True)
    clock.pass_by(timedelta(minutes=3))
    again = await bare.sent(room, nonce="17", enforce_nonce=True)
    clock.pass_by(timedelta.resolution)
    late = await bare.sent(room, nonce="17", enforce_nonce=True)
    careless = await bare.sent(room, nonce="17")

    assert len({sent.id, again.id, careless.id, late.id}) == 3
    assert sent.id == again.id
    assert await bare.code(f"POST /channels/{room.id}/messages", {"content": "!", "nonce": "1" * 26}) == 50035


async def test_a_number_of_a_message_that_was_deleted(bare: Bare, room: Channel) -> None:
    """What was taken away meanwhile does not come again: it is not to be found."""
    sent = await bare.sent(room, nonce="17", enforce_nonce=True)
    await bare.call(f"DELETE /channels/{room.id}/messages/{sent.id}")
    told = {"content": "!", "nonce": "17", "enforce_nonce": True}

    assert await bare.code(f"POST /channels/{room.id}/messages", told) == 10008
    assert [one for one in room.messages.values() if not one.deleted] == []


async def test_only_own_messages_are_edited(bare: Bare, room: Channel, mei: Person) -> None:
    """Those of others can be taken away, by permission."""
    said = mei.says("hello", channel=room)
    address = f"/channels/{room.id}/messages/{said.id}"
    codes = [await bare.code(f"PATCH {address}", {"content": "!"}), await bare.code(f"DELETE {address}")]
    sent = await bare.sent(room)
    gone, _ = await bare.call(f"DELETE /channels/{room.id}/messages/{sent.id}")
    history, found = await bare.call(f"GET /channels/{room.id}/messages")

    assert (codes, gone, history) == ([50005, 50013], 204, 200)
    assert [one["id"] for one in found] == [str(said.id)]
    assert await bare.code(f"GET /channels/{room.id}/messages/{sent.id}") == 10008


async def test_what_is_unknown_has_its_number(bare: Bare, room: Channel, mei: Person) -> None:
    """Each sort its own."""
    assert room.guild
    guild = f"/guilds/{room.guild.id}"
    stranger = bare.server.person("stranger")
    codes = [
        await bare.code(route)
        for route in (
            "GET /channels/1",
            f"GET /channels/{room.id}/messages/1",
            "GET /guilds/1",
            f"GET {guild}/members/77",
            f"GET {guild}/members/{stranger.id}",
            "GET /users/77",
            "GET /applications/1/commands",
            "POST /webhooks/1/x",
        )
    ]
    status, member = await bare.call(f"GET {guild}/members/{mei.id}")

    assert codes == [10003, 10008, 10004, 10013, 10007, 10013, 10002, 10015]
    assert (status, member["user"]["username"]) == (200, "mei")


async def test_a_channel_and_a_server_go(client: Client, bare: Bare, room: Channel, mei: Person) -> None:
    """The library is told, and nothing is there any more."""
    assert room.guild
    room.goes()
    await client.hears("CHANNEL_DELETE")
    channels = list(client.guilds[0].channels)
    room.guild.removes_bot()
    await client.hears("GUILD_DELETE")
    servers = list(client.guilds)
    room.guild.adds_bot()
    joined = await client.wait_for("guild_join", timeout=5)
    known = list(client.guilds)
    status, _ = await bare.call(f"DELETE /users/@me/guilds/{room.guild.id}")

    assert (channels, servers, known, status) == ([], [], [joined], 204)
    assert await bare.code(f"POST /channels/{room.id}/messages", {"content": "!"}) == 10003
    assert not room.guild.bot
    assert mei.id in room.guild.members


async def test_direct_messages_may_be_closed(bare: Bare, mei: Person, room: Channel) -> None:
    """Closed, to strangers, or opened too fast: each has its number; what a person asks for is answered still."""
    assert room.guild
    _, opened = await bare.call("POST /users/@me/channels", {"recipient_id": str(mei.id)})
    address = f"POST /channels/{opened['id']}/messages"
    mei.closes_dm()
    closed = await bare.code(address, {"content": "!"})
    mei.opens_dm()
    status, _ = await bare.call(address, {"content": "!"})
    wei = bare.server.person("wei")
    wei.joins(room.guild)
    wei.leaves(room.guild)
    stranger = await bare.code(f"POST /channels/{wei.dm.id}/messages", {"content": "!"})
    bare.server.fail("POST /users/@me/channels", TOO_FAST)

    assert (closed, status, stranger) == (50007, 200, 50278)
    assert await bare.code("POST /users/@me/channels", {"recipient_id": str(mei.id)}) == 40003
    assert await bare.code("POST /users/@me/channels", {"recipient_id": "77"}) == 50035


async def test_commands_are_offered_where_they_belong(bare: Bare, mei: Person, room: Channel) -> None:
    """By place, by installation and by permission; a command keeps its number."""
    guild_only = COMMAND | {"contexts": [0], "integration_types": [0], "options": []}
    _, (first,) = await bare.call("PUT /applications/4242/commands", [guild_only])
    with pytest.raises(LookupError, match="no /study here"):
        mei.uses("/study")
    with pytest.raises(LookupError, match="takes no words"):
        mei.uses("/study 5", channel=room)
    wei = bare.server.person("wei")
    wei.joins(bare.server.world.guilds[0])
    room.forbids("use_application_commands", who=wei)
    with pytest.raises(LookupError, match="no /study here"):
        wei.uses("/study", channel=room)
    _, (second,) = await bare.call("PUT /applications/4242/commands", [COMMAND])

    assert (first["id"], (await bare.call("GET /applications/4242/commands"))[1]) == (second["id"], [second])
    assert mei.uses("/做题 5").told["data"]["options"] == [{"name": "words", "type": 3, "value": "5"}]


async def test_who_may_manage(bare: Bare) -> None:
    """The owner and the managers; the bot is a member like others, and reads so."""
    owner, hua, wei = (bare.server.person(name) for name in ("owner", "hua", "wei"))
    guild = bare.server.guild("考试", owner=owner, managers=[hua], members=[wei], channels=["x"])
    _, roles = await bare.call(f"GET /guilds/{guild.id}/roles")
    _, told = await bare.call(f"GET /guilds/{guild.id}/members/{hua.id}")
    _, me = await bare.call(f"GET /guilds/{guild.id}/members/4242")
    bits = {role["id"]: int(role["permissions"]) for role in roles}
    typing, _ = await bare.call(f"POST /channels/{guild.channels[0].id}/typing")

    assert [guild.channels[0].may("manage_guild", who=one) for one in (owner, hua, wei, None)] == [
        True,
        True,
        False,
        False,
    ]
    assert [[bits[role] & 1 << 5 for role in one["roles"]] for one in (told, me)] == [[1 << 5], [0]]
    assert (await bare.call("GET /users/4242"), typing) == ((200, me["user"]), 204)


async def test_a_reply_names_its_message(bare: Bare, mei: Person, room: Channel) -> None:
    """One that is not there is refused, unless it need not be; a reply to the bot is meant for it."""
    sent = await bare.sent(room)
    reply = mei.says("为什么？", channel=room, reply_to=sent)
    back = await bare.sent(room, message_reference={"message_id": str(reply.id)})
    lost = {"message_id": "1", "fail_if_not_exists": False}
    status, _ = await bare.call(f"POST /channels/{room.id}/messages", {"content": "!", "message_reference": lost})
    refused = await bare.code(
        f"POST /channels/{room.id}/messages", {"content": "!", "message_reference": {"message_id": "1"}}
    )

    assert (reply.meant, back.replied, status, refused) == (True, reply.id, 200, 50035)
    assert back.payload()["message_reference"]["message_id"] == str(reply.id)


async def test_people_see_what_is_shown_to_them(bare: Bare, mei: Person, room: Channel) -> None:
    """Nothing of a channel that is closed to them; texts, labels and what is greyed of what they see."""
    section = {"type": 9, "components": [TEXT], "accessory": BUTTON | {"disabled": True}}
    button = BUTTON | {"custom_id": "b", "label": "B", "emoji": {"name": "✅"}}
    boxed = {"type": 17, "components": [section, row(button)]}
    await bare.sent(room, content=None, components=[boxed], flags=1 << 15 | 1 << 12)
    (seen,) = room.seen(mei)
    wei = bare.server.person("wei")
    wei.joins(bare.server.world.guilds[0])
    room.forbids("view_channel", who=wei)

    assert (seen.text, seen.keyboard, seen.greyed, seen.silent) == ("题", (("✅ B",), ("A",)), ("A",), True)
    assert room.seen(wei) == []
    with pytest.raises(LookupError, match="no list of channels"):
        mei.picks_channel("每日一题", channel=mei.dm)


async def test_without_its_token_the_bot_is_nobody(discord_server: Discord, http: ClientSession) -> None:
    """401, and it counts as an invalid request; the library says that the token is wrong."""
    async with http.get(f"{discord_server.api_url}/users/@me") as response:
        status = response.status

    assert (status, discord_server.invalid, discord_server.log[-1].status) == (401, 1, 401)
