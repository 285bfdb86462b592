"""What the gateway brings, as a row of the inbox: of an interaction or a message what is needed to answer it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import discord
from discord import Interaction, InteractionType, Message

from bot.platforms.lines import typed

LONGEST = 4000  # characters of a typed text that are read: a form takes no more
_typed = partial(typed, longest=LONGEST)
MOST = 26  # values of a form or list
READ = 200  # characters of a pressed message, to know which of several pages it is
SELECTS = frozenset({3, 5, 6, 7, 8})  # types of components where something is chosen
CHANNELS = 8
SAY = "say:"  # what a button begins with that says a text again: whose it is, and the text
PICK = "pick"  # the list whose values are actions themselves
KINDS = {
    InteractionType.application_command: "command",
    InteractionType.component: "press",
    InteractionType.modal_submit: "form",
}

Raw = dict[str, Any]


def of_interaction(interaction: Interaction[Any]) -> Raw | None:
    """An interaction; None for one that is nothing to us. KeyError, TypeError or ValueError for a malformed one."""
    kind = KINDS.get(interaction.type)
    if kind is None:
        return None
    data: Any = interaction.data or {}
    message = interaction.message
    return {
        "kind": kind,
        "id": str(interaction.id),
        "token": interaction.token,
        "app": str(interaction.application_id),
        "user": str(interaction.user.id),
        "locale": interaction.locale.value,
        "channel": str(interaction.channel_id or ""),
        "parent": str(interaction.channel.parent_id) if isinstance(interaction.channel, discord.Thread) else "",
        "title": getattr(interaction.channel, "name", None) or "",
        "dm": bool(interaction.context.dm_channel),
        "guest": interaction.is_user_integration() and not interaction.is_guild_integration(),
        "message": "" if message is None else str(message.id),
        "own": message is not None and message.flags.ephemeral,
        "reads": "" if message is None else _reads(message),
        **_given(kind, data),
    }


def of_message(message: Message, me: int) -> Raw | None:
    """A text typed to the bot: in private, or with its name in it; None for any other."""
    private = isinstance(message.channel, discord.DMChannel)
    words = message.content
    for mention in (f"<@{me}>", f"<@!{me}>"):
        words = words.replace(mention, " ")
    if message.author.bot or not words.strip() or not (private or words != message.content):
        return None
    return {
        "kind": "text",
        "id": str(message.id),
        "user": str(message.author.id),
        "locale": None if message.guild is None else message.guild.preferred_locale.value,
        "channel": str(message.channel.id),
        "title": getattr(message.channel, "name", None) or "",
        "dm": private,
        "words": _typed(words).strip(),
    }


def _given(kind: str, data: Mapping[str, Any]) -> Raw:
    """The words and values of a command, a press or a form."""
    if kind == "command":
        options = " ".join(_typed(one["value"]) for one in data.get("options", ()))
        return {"words": f"/{_typed(data['name'])} {options}".rstrip(), "values": []}
    values = [_typed(one) for one in (_filled(data) if kind == "form" else _chosen(data))]
    return {"words": _typed(data["custom_id"]), "values": values[:MOST]}


def _chosen(data: Mapping[str, Any]) -> Iterator[str]:
    """The values of a list; of a channel its name too."""
    if data["component_type"] not in SELECTS:
        return
    yield from data["values"]
    if data["component_type"] == CHANNELS:
        channels = data["resolved"]["channels"]
        yield from (channels[one]["name"] for one in data["values"])


def _filled(data: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a form in their order: texts, or what was ticked."""
    for part in data["components"]:
        field: Mapping[str, Any] = part.get("component") or next(iter(part.get("components", ())), {})
        if "values" in field:
            yield from field["values"]
        elif "value" in field:
            yield field["value"]


def _reads(message: Message) -> str:
    """How a message begins."""
    texts = (part.content for part in message.components if isinstance(part, discord.TextDisplay))
    return next(texts, "")[:READ]
