"""A message as Discord keeps it, as it travels, and as people see it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.fakes.discord_rules import BUTTON, EPHEMERAL, LOADING, SELECTS, SILENT, TEXT, Json, invalid, nested

if TYPE_CHECKING:
    from tests.fakes.discord_channels import Channel, User

COMMAND_ANSWER, REPLY, PLAIN = 20, 19, 0  # types of messages


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message; ``about`` is its description, read to who cannot see."""

    id: int
    name: str
    data: bytes
    about: str = ""

    @property
    def url(self) -> str:
        return f"https://cdn.discordapp.com/attachments/1/{self.id}/{self.name}"

    def payload(self) -> Json:
        told = {"id": str(self.id), "filename": self.name, "size": len(self.data), "url": self.url}
        about = {"description": self.about} if self.about else {}
        return told | about | {"proxy_url": self.url, "content_type": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is now. ``author`` is None for the bot; ``audience`` who alone sees it; ``token`` made it."""

    id: int
    channel: "Channel"
    author: "User | None"
    at: datetime
    content: str = ""
    components: tuple[Json, ...] = ()
    embeds: tuple[Json, ...] = ()
    files: tuple[File, ...] = ()
    flags: int = 0
    sort: int = PLAIN
    nonce: str | int | None = None
    token: str = ""
    asked: Json = field(default_factory=dict)  # by which interaction
    audience: "User | None" = None
    meant: bool = False  # it mentions the bot
    edited: datetime | None = None
    deleted: bool = False
    thread: "Channel | None" = None
    replied: int | None = None

    def payload(self, *, open_: bool = True) -> Json:
        """The message on the wire; not ``open_``: to a bot that may not read what is not meant for it."""
        user = self.author.payload() if self.author else self.channel.world.me
        told = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": user,
            "content": self.content if open_ else "",
            "timestamp": self.at.isoformat(),
            "edited_timestamp": self.edited and self.edited.isoformat(),
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.channel.world.me] if self.meant else [],
            "mention_roles": [],
            "attachments": [one.payload() for one in self.files] if open_ else [],
            "embeds": list(self.embeds),
            "pinned": False,
            "type": self.sort,
            "flags": self.flags,
            "components": list(self.components),
        }
        return told | self._origin()

    def _origin(self) -> Json:
        told: Json = {}
        if self.nonce is not None:
            told["nonce"] = self.nonce
        if self.token:
            application = self.channel.world.me["id"]
            told |= {"webhook_id": application, "application_id": application, "interaction_metadata": self.asked}
        if self.thread:
            told["thread"] = self.thread.payload()
        if self.replied:
            told["message_reference"] = {"message_id": str(self.replied), "channel_id": str(self.channel.id)}
        return told

    def seen_by(self, person: "User") -> bool:
        return not self.deleted and self.audience in {None, person}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as people see it: ``by`` is a name, "" for the bot; ``keyboard`` the labels of buttons, row by row.

    ``lists`` has the labels of each select's options (none for a list of channels), ``greyed`` what cannot be used.
    """

    id: int
    by: str
    text: str
    keyboard: tuple[tuple[str, ...], ...]
    lists: tuple[tuple[str, ...], ...]
    greyed: tuple[str, ...]
    private: bool
    thinking: bool
    silent: bool
    edited: bool
    pictures: tuple[bytes, ...]
    told: tuple[str, ...]  # what is said of the pictures


def seen(message: Message) -> Seen:
    rows = [one["components"] for _, one in nested(message.components) if one["type"] == 1]
    every = [one for _, one in nested(message.components)]
    selects = [one for one in every if one["type"] in SELECTS]
    buttons = tuple(tuple(map(label, row)) for row in rows if row[0]["type"] == BUTTON)
    return Seen(
        id=message.id,
        by=message.author.name if message.author else "",
        text="\n".join(_lines(message)),
        keyboard=buttons + tuple((label(one["accessory"]),) for one in every if _has_button(one)),
        lists=tuple(tuple(option["label"] for option in one.get("options", ())) for one in selects),
        greyed=tuple(label(one) for one in every if one.get("disabled")),
        private=bool(message.flags & EPHEMERAL),
        thinking=bool(message.flags & LOADING),
        silent=bool(message.flags & SILENT),
        edited=message.edited is not None,
        pictures=tuple(file.data for file in message.files),
        told=tuple(_told(message)),
    )


def _has_button(section: Json) -> bool:
    return bool(section.get("accessory", {}).get("type") == BUTTON)


def _lines(message: Message) -> Iterator[str]:
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield from filter(None, (embed.get("title"), embed.get("description")))
    for _, component in nested(message.components):
        if component["type"] == TEXT:
            yield component["content"]


def _told(message: Message) -> Iterator[str]:
    yield from (file.about for file in message.files if file.about)
    for _, component in nested(message.components):
        for item in component.get("items", [component]):
            if "media" in item and item.get("description"):
                yield item["description"]


def label(component: Json) -> str:
    """What is written on a button or in an empty select."""
    emoji = (component.get("emoji") or {}).get("name") or ""
    words = component.get("label") or component.get("placeholder") or ""
    return " ".join(filter(None, (emoji, words)))


def attached(components: Iterable[Json], files: Sequence[File]) -> list[Json]:
    """The components with the addresses of the files that they name, or Refused."""
    addresses = {f"attachment://{file.name}": file.url for file in files}
    return [_attached(one, addresses) for one in components]


def _attached(part: Json, addresses: dict[str, str]) -> Json:
    return {name: _placed(value, addresses) for name, value in part.items()}


def _placed(value: object, addresses: dict[str, str]) -> object:
    if isinstance(value, dict):
        return _attached(value, addresses)
    if isinstance(value, list):
        return [_placed(one, addresses) for one in value]
    if isinstance(value, str) and value.startswith("attachment://"):
        if value not in addresses:
            raise invalid("components", f"The referenced attachment {value!r} was not found")
        return addresses[value]
    return value
