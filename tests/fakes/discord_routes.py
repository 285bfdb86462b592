"""What each address of Discord's API does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord_channels import THREAD, Channel
from tests.fakes.discord_chats import World
from tests.fakes.discord_forms import check_commands
from tests.fakes.discord_interactions import OPEN, Interaction, drawn, redrawn
from tests.fakes.discord_messages import File, Message
from tests.fakes.discord_rules import EPHEMERAL, HAS_THREAD, NONCE_CHARS, Json, Refused, invalid, unknown

NONCE_LIFE = timedelta(minutes=3)  # "in the past few minutes" is all that is said, and few are three at the least
OTHERS = Refused("Cannot edit a message authored by another user", 50005, status=403)
HAS_ONE = Refused("A thread has already been created for this message", 160004)
UNREAD = Refused("Cannot reply without permission to read message history", 160002)
NO_THREADS = Refused("Cannot execute action on this channel type", 50024)
NO_TOKEN = Refused("Invalid Webhook Token", 50027, status=401)


@dataclass(slots=True)
class Call:
    """One call of the bot. ``status`` and ``code`` are those of the answer, 0 while (or where) there is none."""

    route: str  # "POST /channels/{channel_id}/messages"
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[File]
    at: datetime
    status: int = 0
    code: int = 0


Act = Callable[[World, Call], Any]


def _send(world: World, call: Call) -> Json:
    channel, body = world.channel(call.path["channel_id"]), call.body
    channel.check_sent(files=bool(call.files))
    before = _sent_before(world, body)
    if before:
        return before.payload()
    fields = drawn(body | {"flags": (body.get("flags") or 0) & ~EPHEMERAL}, call.files)
    made = channel.put(None, **fields, nonce=body.get("nonce"), replied=_replied(channel, body))
    if made.nonce is not None:
        world.nonces[str(made.nonce)] = made
    return made.payload()


def _sent_before(world: World, body: Json) -> Message | None:
    """The message that was sent under the same number a few minutes ago, where that is to count.

    One that was deleted since is not made anew: https://github.com/discord/discord-api-docs/pull/6647.
    """
    nonce = body.get("nonce")
    if nonce is None:
        return None
    if len(str(nonce)) > NONCE_CHARS:
        raise invalid("nonce", f"Must be {NONCE_CHARS} or fewer in length.")
    held = world.nonces.get(str(nonce)) if body.get("enforce_nonce") else None
    fresh = held and world.now() - held.at <= NONCE_LIFE
    return world.message(str(held.channel.id), str(held.id)) if held and fresh else None


def _replied(channel: Channel, body: Json) -> int | None:
    named = (body.get("message_reference") or {}).get("message_id")
    if named is None:
        return None
    if not channel.may("read_message_history"):
        raise UNREAD
    held = channel.messages.get(int(named))
    if (held is None or held.deleted) and body["message_reference"].get("fail_if_not_exists", True):
        raise invalid("message_reference", "Unknown message")
    return held.id if held else None


def _named(world: World, call: Call) -> Message:
    message = world.message(call.path["channel_id"], call.path["message_id"])
    message.channel.check_bot()
    return message


def _edit(world: World, call: Call) -> Json:
    message = _named(world, call)
    if message.author:
        raise OTHERS
    return message.channel.change(message, **redrawn(message, call.body, files=call.files)).payload()


def _delete(world: World, call: Call) -> None:
    message = _named(world, call)
    if message.author:
        message.channel.check_bot("manage_messages")
    message.channel.change(message, deleted=True)


def _history(world: World, call: Call) -> list[Json]:
    channel = world.channel(call.path["channel_id"])
    channel.check_bot("read_message_history")
    shown = [one for one in channel.messages.values() if not one.deleted and not one.flags & EPHEMERAL]
    limit = int(call.query.get("limit", "50"))
    return [one.payload() for one in reversed(shown[-limit:])]


def _thread(world: World, call: Call) -> Json:
    message = _named(world, call)
    channel = message.channel
    if channel.guild is None or channel.sort == THREAD:
        raise NO_THREADS
    channel.check_bot("create_public_threads")
    if message.thread:
        raise HAS_ONE
    thread = channel.opens(call.body["name"], message.id)
    channel.change(message, thread=thread, flags=message.flags | HAS_THREAD)
    return thread.payload()


def _channel(world: World, call: Call) -> Json:
    channel = world.channel(call.path["channel_id"])
    channel.check_bot()
    return channel.payload()


def _typing(world: World, call: Call) -> None:
    world.channel(call.path["channel_id"]).check_sent(files=False)


def _direct(world: World, call: Call) -> Json:
    person = world.people.get(int(call.body["recipient_id"]))
    if person is None:
        raise invalid("recipient_id", "Unknown user")
    return person.dm.payload()


def _member(world: World, call: Call) -> Json:
    guild, number = world.find_guild(call.path["guild_id"]), call.path["user_id"]
    if number == world.me["id"]:
        return guild.member(None)
    person = world.people.get(int(number))
    if person is None:
        raise unknown("User", 10013)
    if person.id not in guild.members:
        raise unknown("Member", 10007)
    return guild.member(person)


def _channels(world: World, call: Call) -> list[Json]:
    guild = world.find_guild(call.path["guild_id"])
    return [channel.payload() for channel in guild.channels if channel.may("view_channel")]


def _leave(world: World, call: Call) -> None:
    world.find_guild(call.path["guild_id"]).removes_bot()


def _user(world: World, call: Call) -> Json:
    if call.path["user_id"] == world.me["id"]:
        return world.me
    person = world.people.get(int(call.path["user_id"]))
    if person is None:
        raise unknown("User", 10013)
    return person.payload()


def _application(world: World, _: Call) -> Json:
    me = world.me
    owner = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": None}
    told = {"id": me["id"], "name": me["username"], "description": "", "icon": None, "bot": me, "owner": owner}
    about = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "team": None}
    return told | about | {"integration_types_config": {"0": {}, "1": {}}, "summary": "", "tags": []}


def _set_commands(world: World, call: Call) -> list[Json]:
    _check_own(world, call)
    given = call.body or []
    check_commands(given)
    ids = {(one["type"], one["name"]): one["id"] for one in world.commands}
    world.commands = [_command(world, one, ids=ids) for one in given]
    return world.commands


def _command(world: World, given: Json, *, ids: dict[tuple[int, str], str]) -> Json:
    """A command as Discord keeps it, under the number that it had."""
    number = ids.get((given.get("type") or 1, given["name"])) or str(world.snowflake())
    about = {"application_id": world.me["id"], "version": str(world.snowflake()), "default_member_permissions": None}
    told = {"id": number, "type": 1, "dm_permission": True, "nsfw": False, "contexts": None} | about
    chosen = {name: value for name, value in given.items() if value is not None and name != "id"}
    return told | {"integration_types": [0], "options": [], "description": ""} | chosen


def _get_commands(world: World, call: Call) -> list[Json]:
    _check_own(world, call)
    return world.commands


def _check_own(world: World, call: Call) -> None:
    if call.path["application_id"] != world.me["id"]:
        raise unknown("Application", 10002)


def _callback(world: World, call: Call) -> Json | None:
    asked = world.interactions.get(call.path["interaction_token"])
    if asked is None or str(asked.id) != call.path["interaction_id"]:
        raise unknown("interaction", 10062)
    sort = call.body["type"]
    made = asked.answer(sort, call.body.get("data") or {}, files=call.files)
    if call.query.get("with_response", "").lower() not in {"true", "1"}:
        return None
    about = {"id": str(asked.id), "type": asked.sort, "channel_id": str(asked.channel.id)}
    if made:
        about["response_message_id"] = str(made.id)
        about["response_message_ephemeral"] = bool(made.flags & EPHEMERAL)
        about["response_message_loading"] = sort == 5
    message = {"message": made.payload()} if made and sort in {4, 7} else {}
    return {"interaction": about} | ({} if sort == OPEN else {"resource": {"type": sort} | message})


def _hook(world: World, call: Call) -> Interaction:
    if call.path["webhook_id"] != world.me["id"]:
        raise unknown("Webhook", 10015)
    asked = world.interactions.get(call.path["webhook_token"])
    if asked is None:
        raise NO_TOKEN
    return asked


def _follow(world: World, call: Call) -> Json:
    return _hook(world, call).follows(call.body, call.files).payload()


def _hooked(world: World, call: Call) -> Message:
    return _hook(world, call).found(call.path.get("message_id", "@original"))


def _edit_hooked(world: World, call: Call) -> Json:
    return _hook(world, call).edits(_hooked(world, call), call.body, files=call.files).payload()


def _delete_hooked(world: World, call: Call) -> None:
    message = _hooked(world, call)
    message.channel.change(message, deleted=True)


_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
ROUTES: dict[str, Act] = {
    "GET /users/@me": lambda world, _: world.me,
    "GET /users/{user_id}": _user,
    "GET /oauth2/applications/@me": _application,
    "GET /applications/@me": _application,
    "GET /applications/{application_id}/commands": _get_commands,
    "PUT /applications/{application_id}/commands": _set_commands,
    "POST /users/@me/channels": _direct,
    "DELETE /users/@me/guilds/{guild_id}": _leave,
    "GET /channels/{channel_id}": _channel,
    "POST /channels/{channel_id}/typing": _typing,
    "GET /channels/{channel_id}/messages": _history,
    "POST /channels/{channel_id}/messages": _send,
    f"GET {_MESSAGE}": lambda world, call: _named(world, call).payload(),
    f"PATCH {_MESSAGE}": _edit,
    f"DELETE {_MESSAGE}": _delete,
    f"POST {_MESSAGE}/threads": _thread,
    "GET /guilds/{guild_id}": lambda world, call: world.find_guild(call.path["guild_id"]).about(),
    "GET /guilds/{guild_id}/channels": _channels,
    "GET /guilds/{guild_id}/roles": lambda world, call: world.find_guild(call.path["guild_id"]).roles(),
    "GET /guilds/{guild_id}/members/{user_id}": _member,
    "POST /interactions/{interaction_id}/{interaction_token}/callback": _callback,
    f"POST {_HOOK}": _follow,
    f"GET {_HOOK}/messages/@original": lambda world, call: _hooked(world, call).payload(),
    f"PATCH {_HOOK}/messages/@original": _edit_hooked,
    f"DELETE {_HOOK}/messages/@original": _delete_hooked,
    f"GET {_HOOK}/messages/{{message_id}}": lambda world, call: _hooked(world, call).payload(),
    f"PATCH {_HOOK}/messages/{{message_id}}": _edit_hooked,
    f"DELETE {_HOOK}/messages/{{message_id}}": _delete_hooked,
}
