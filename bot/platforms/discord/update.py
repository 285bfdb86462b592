"""A row of the inbox as what the core is told, and what its answer needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.domain.prompt import Text
from bot.platforms.discord.modal import WRITTEN
from bot.platforms.discord.raw import PICK, SAY
from bot.ports.chat import Incoming, Reply
from bot.texts import LANGUAGES, Words

OUR_NAME = "discord"


@dataclass(frozen=True, slots=True)
class Update:
    """What happened, and where its answer goes.

    ``open``: everybody sees the channel where it was said. ``message`` is the one that was pressed; ``own``: only
    the presser sees it. ``guest``: the bot is not in that server, so that little may follow the first answer.
    ``again``: it says a text again that was typed in the channel. ``filled``: a form that stands for typing.
    """

    incoming: Incoming
    channel: str
    token: str = ""
    app: str = ""
    open: bool = False
    message: str = ""
    own: bool = False
    guest: bool = False
    reads: str = ""
    again: bool = False
    filled: bool = False

    @property
    def interaction(self) -> str:
        """The interaction's id."""
        return self.incoming.id.partition(":")[2]

    @property
    def aloud(self) -> bool:
        """Whether it was typed in a channel: whatever is said to it all see."""
        return self.open and not self.token

    @property
    def edits(self) -> bool:
        """Whether its answer may change the pressed message: not one before the eyes of all."""
        return bool(self.message) and (self.own or not self.open)

    def placed(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """The replies, as they are shown there: what was filled in is answered in the place of what asked for it."""
        shown = [replace(reply, edit=True) if self.filled and not at else reply for at, reply in enumerate(replies)]
        return tuple(map(_fillable, shown)) if self.open else tuple(shown)


def _fillable(reply: Reply) -> Reply:
    """In a channel nobody is heard who types: that there is a form has to be said."""
    typed = reply.form and reply.prompt is None
    return replace(reply, blocks=(*reply.blocks, Text("here.form"))) if typed else reply


def own_room(user: str) -> str:
    """The room of one person, wherever they hear the bot in private."""
    return f"@{user}"


def user_of(room: str) -> str:
    """Whose room it is; "" where it is a channel."""
    return room.removeprefix("@") if room.startswith("@") else ""


def place(raw: Mapping[str, Any]) -> str:
    """Where it was said: the channel; of a thread also what it is below, which its members and rights are."""
    parent = raw.get("parent", "")
    return f"{parent}/{raw['channel']}" if parent else str(raw["channel"])


def channel_of(room: str) -> str:
    """The channel of a server that a place in it is, or is below."""
    return room.partition("/")[0]


def update(raw: Mapping[str, Any]) -> Update:
    """The update of a row."""
    public = not raw["dm"]
    words, values, kind = _said(raw)
    personal = not public or kind != "press" or raw["own"] or raw["words"].startswith(SAY)
    incoming = Incoming(
        kind=kind,
        platform=OUR_NAME,
        account=raw["user"],
        room=own_room(raw["user"]) if personal else raw["channel"],
        words=words,
        values=values,
        language=raw.get("locale"),
        id=f"{OUR_NAME}:{raw['id']}",
        group="" if personal else raw["title"] or "?",
        thumb=kind == "press",
        label=kind == "text" and any(Words(one, "written").is_label(words) for one in LANGUAGES),
        here=place(raw) if public and personal else "",
    )
    return Update(
        incoming,
        raw["channel"],
        token=raw.get("token", ""),
        app=raw.get("app", ""),
        open=public,
        message=raw.get("message", ""),
        own=raw.get("own", False),
        guest=raw.get("guest", False),
        reads=raw.get("reads", ""),
        again=(raw["kind"], kind) == ("press", "text"),
        filled=(raw["kind"], kind) == ("form", "text"),
    )


def _said(raw: Mapping[str, Any]) -> tuple[str, tuple[str, ...], Literal["command", "text", "press", "form"]]:
    """Words, values and kind: a list's choice is the press that it stands for; a press may say a text, or a command."""
    words, values, kind = raw["words"], tuple(raw.get("values", ())), raw["kind"]
    own = f"{SAY}{raw['user']}:"
    if kind == "press" and words.startswith(own):
        return words.removeprefix(own), (), "text"
    if kind == "form" and words == WRITTEN:
        return " ".join(values), (), "text"
    if kind == "press" and words.partition(":")[0] == PICK and values:
        words, values = values[0], ()
    if kind in {"press", "text"} and words.startswith("/"):
        return words, (), "command"
    return words, values, kind
