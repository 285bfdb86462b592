"""Whether Discord takes what is drawn: the library's own limits, and the platform's specification."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import discord
import jsonschema
import pytest

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
V2 = 1 << 15  # the flag of a message that is made of components

Json = Mapping[str, Any]


def layout(components: Iterable[Json]) -> discord.ui.LayoutView:
    """The same message built with the library, which counts; ValueError where it is too much of anything."""
    view = discord.ui.LayoutView(timeout=None)
    for component in components:
        view.add_item(_item(component))
    if view.content_length() > 4000:
        raise ValueError("more than 4000 characters")
    return view


def _item(component: Json) -> discord.ui.Item[discord.ui.LayoutView]:
    match component["type"]:
        case 1:
            return discord.ui.ActionRow(*map(_inner, component["components"]))
        case 10:
            return discord.ui.TextDisplay(component["content"])
        case _:
            items = [(one["media"]["url"], one["description"]) for one in component["items"]]
            return discord.ui.MediaGallery(*(discord.MediaGalleryItem(url, description=alt) for url, alt in items))


def _inner(inner: Json) -> discord.ui.Item[discord.ui.LayoutView]:
    rest = {key: value for key, value in inner.items() if key != "type"}
    match inner["type"]:
        case 2:
            return discord.ui.Button(**{**rest, "style": discord.ButtonStyle(inner["style"])})
        case 3:
            return discord.ui.Select(**{**rest, "options": [discord.SelectOption(**one) for one in inner["options"]]})
        case _:
            kinds = [discord.ChannelType(kind) for kind in inner["channel_types"]]
            return discord.ui.ChannelSelect(**{**rest, "channel_types": kinds})


@cache
def _schema(name: str) -> jsonschema.Draft202012Validator:
    if not SPEC.exists():
        pytest.skip(f"ABSENT: {SPEC.name} of ../shared/specs; nothing is compared with the specification")
    parts = json.loads(SPEC.read_text(encoding="utf-8"))["components"]
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": parts})


def faults(name: str, body: Json) -> list[str]:
    """What the specification's schema of that name says against it."""
    return [fault.message for fault in _schema(name).iter_errors(body)]
