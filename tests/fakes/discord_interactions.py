"""Interactions: what a person did, as it travels, and the rules by which it is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes.discord_channels import Channel, User
from tests.fakes.discord_forms import check_form
from tests.fakes.discord_messages import COMMAND_ANSWER, PLAIN, REPLY, File, Message, attached
from tests.fakes.discord_rules import (
    EPHEMERAL,
    LOADING,
    SETTABLE,
    V2,
    Json,
    Refused,
    check_message,
    invalid,
    numbered,
    unknown,
)

COMMAND, PRESS, FORM = 2, 3, 5  # sorts of interactions
SAY, DEFER, KEEP, UPDATE, OPEN = 4, 5, 6, 7, 9  # sorts of answers
FIRST_ANSWER, TOKEN_LIFE = timedelta(seconds=3), timedelta(minutes=15)
OUTSIDE_FOLLOWUPS = 5
SIZE_LIMIT_BYTES = 10 * 2**20
ACKNOWLEDGED = Refused("Interaction has already been acknowledged.", 40060)
EXPIRED = Refused("Invalid Webhook Token", 50027, status=401)
TOO_MANY = Refused("This interaction has hit the maximum number of follow up messages", 40094)


@dataclass(slots=True, eq=False)
class Interaction:
    """``answered`` is the sort of the first answer, 0 until then; ``original`` the message that it made or changed."""

    id: int
    sort: int
    person: User
    channel: Channel
    at: datetime
    data: Json
    message: Message | None = None  # that was pressed, or whose form it is
    answered: int = 0
    original: int = 0
    followups: int = 0
    told: Json = field(default_factory=dict)  # as it was told to the bot

    @property
    def token(self) -> str:
        return f"interaction-{self.id}"

    @property
    def outside(self) -> bool:
        """In a server, or among people, where the application is only because the person has it."""
        return not self.channel.bot_here

    def payload(self) -> Json:
        """The interaction on the wire."""
        world, guild = self.channel.world, self.channel.guild
        told = {
            "id": str(self.id),
            "application_id": world.me["id"],
            "type": self.sort,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": self.channel.payload() | {"permissions": str(self.channel.permissions(self.person))},
            "locale": self.person.locale,
            "app_permissions": str(self.channel.permissions(None)),
            "entitlements": [],
            "authorizing_integration_owners": self._owners(),
            "context": 0 if guild else 1 if self.channel.bot_here else 2,
            "attachment_size_limit": SIZE_LIMIT_BYTES,
        }
        return told | self._who() | ({"message": self.message.payload()} if self.message else {})

    def _who(self) -> Json:
        guild = self.channel.guild
        if guild is None:
            return {"user": self.person.payload()}
        member = guild.member(self.person) | {"permissions": str(self.channel.permissions(self.person))}
        about = {"id": str(guild.id), "locale": guild.locale, "features": []}
        return {"guild_id": str(guild.id), "guild": about, "guild_locale": guild.locale, "member": member}

    def _owners(self) -> Json:
        """Who had the application installed: a server (0 for direct messages), the person, or both."""
        guild = self.channel.guild
        place = {"0": str(guild.id) if guild else "0"} if self.channel.bot_here else {}
        return place | ({"1": str(self.person.id)} if self.person.installed else {})

    def begin(self) -> None:
        """The bot is told."""
        world = self.channel.world
        world.interactions[self.token] = self
        self.told = self.payload()
        self.again()

    def again(self) -> None:
        """The bot is told of the very same once more."""
        guild = self.channel.guild
        self.channel.world.sessions.tell("INTERACTION_CREATE", self.told, guild=guild.id if guild else None)

    def asked(self) -> Json:
        """What a message says of the interaction that made it."""
        owners = {"authorizing_integration_owners": self._owners()}
        return {"id": str(self.id), "type": self.sort, "user": self.person.payload()} | owners

    def failed(self) -> bool:
        """Whether the person reads that the application did not respond."""
        return not self.answered and self.channel.world.now() - self.at > FIRST_ANSWER

    def check_first(self) -> None:
        """Refused where it is too late for a first answer, or not the first."""
        if self.channel.world.now() - self.at > FIRST_ANSWER:
            raise unknown("interaction", 10062)
        if self.answered:
            raise ACKNOWLEDGED

    def check_later(self) -> None:
        """Refused where its token opens nothing any more, or nothing yet."""
        if self.channel.world.now() - self.at > TOKEN_LIFE:
            raise EXPIRED
        if not self.answered:
            raise unknown("Webhook", 10015)

    def answer(self, sort: int, data: Json, *, files: list[File]) -> Message | None:
        """The first answer; the message that it made or changed."""
        self.check_first()
        self._check_sort(sort)
        act = _ANSWERS[sort]
        made = act(self, data, files)
        self.answered = sort
        self.original = made.id if made else 0
        return made

    def _check_sort(self, sort: int) -> None:
        """A command has no message to change, and a form is not followed by a form."""
        allowed = {SAY, DEFER, OPEN} | ({KEEP, UPDATE} if self.message else set())
        if self.sort == FORM:
            allowed.discard(OPEN)
        if sort not in allowed:
            raise invalid("type", f"Value must be one of {sorted(allowed)}.")

    def says(self, data: Json, files: list[File], *, loading: bool = False) -> Message:
        """A message that the interaction made."""
        flags = data.get("flags") or 0
        private = self.person if flags & EPHEMERAL else None
        sort = COMMAND_ANSWER if self.sort == COMMAND else REPLY if self.message else PLAIN
        content = {"flags": LOADING | flags & EPHEMERAL} if loading else drawn(data, files)
        return self.channel.put(
            None, **content, token=self.token, asked=self.asked(), audience=private, sort=sort,
            replied=self.message.id if self.message else None,
        )  # fmt: skip

    def follows(self, data: Json, files: list[File]) -> Message:
        """A later message; right after a deferral it takes that message's place."""
        self.check_later()
        held = self.channel.messages.get(self.original)
        if held and held.flags & LOADING and not held.deleted:
            return self.edits(held, data, files=files)
        if self.outside and self.followups >= OUTSIDE_FOLLOWUPS:
            raise TOO_MANY
        made = self.says(data, files)
        self.followups += 1
        return made

    def edits(self, message: Message, data: Json, *, files: list[File]) -> Message:
        """One of its messages, changed."""
        kept = message.flags & EPHEMERAL
        content = redrawn(message, data, files=files)
        content["flags"] = int(str(content["flags"])) & ~(LOADING | EPHEMERAL) | kept
        return self.channel.change(message, **content)

    def found(self, number: str) -> Message:
        """One of the messages that its token opens, or Refused."""
        self.check_later()
        wanted = self.original if number == "@original" else int(number) if number.isdecimal() else 0
        message = self.channel.messages.get(wanted)
        mine = message and (message.token == self.token or message.id == self.original)
        if message is None or not mine or message.deleted:
            raise unknown("Message", 10008)
        return message


def _say(asked: Interaction, data: Json, files: list[File]) -> Message:
    return asked.says(data, files)


def _defer(asked: Interaction, data: Json, _files: list[File]) -> Message:
    _check_bare(data)
    return asked.says(data, [], loading=True)


def _keep(asked: Interaction, data: Json, _files: list[File]) -> Message | None:
    _check_bare(data)
    return asked.message


def _update(asked: Interaction, data: Json, files: list[File]) -> Message:
    held = asked.channel.messages[asked.message.id] if asked.message else None
    if held is None or held.deleted:
        raise unknown("Message", 10008)
    return asked.edits(held, data, files=files)


def _open(asked: Interaction, data: Json, _files: list[File]) -> None:
    check_form(data)
    asked.person.form = asked, data | {"components": numbered(data["components"])}


def _check_bare(data: Json) -> None:
    if set(data) - {"flags"} or (data.get("flags") or 0) & ~EPHEMERAL:
        raise invalid("data", "A deferred answer says nothing but whether it is ephemeral")


_ANSWERS: dict[int, Callable[[Interaction, Json, list[File]], Message | None]] = {
    SAY: _say,
    DEFER: _defer,
    KEEP: _keep,
    UPDATE: _update,
    OPEN: _open,
}


def drawn(data: Json, files: list[File]) -> dict[str, object]:
    """The fields of a new message, or Refused."""
    told = {name: data.get(name) or [] for name in ("embeds", "components")} | {"files": files}
    told |= {
        "content": data.get("content") or "",
        "poll": data.get("poll"),
        "flags": (data.get("flags") or 0) & SETTABLE,
    }
    return _kept(told)


def redrawn(message: Message, data: Json, *, files: list[File]) -> dict[str, object]:
    """The fields of a message that an edit changes, or Refused: what is not named stays."""
    held = {"content": message.content, "embeds": list(message.embeds), "components": list(message.components)}
    told = {name: (data[name] or type(value)()) if name in data else value for name, value in held.items()}
    flags = message.flags if data.get("flags") is None else data["flags"]
    if message.flags & V2 and not flags & V2:
        raise invalid("flags", "IS_COMPONENTS_V2 cannot be removed from a message")
    kept = [file for file in message.files if "attachments" not in data or _names(data["attachments"], file)]
    told |= {"files": kept + files, "poll": None, "flags": (flags & SETTABLE) | (message.flags & ~SETTABLE)}
    return _kept(told) | {"edited": message.channel.world.now()}


def _names(attachments: list[Json] | None, file: File) -> bool:
    return any(str(one.get("id")) == str(file.id) for one in attachments or ())


def _kept(told: Json) -> dict[str, object]:
    check_message(told)
    parts = numbered(attached(told["components"], told["files"]))
    return {
        "content": told["content"],
        "embeds": tuple(told["embeds"]),
        "components": tuple(parts),
        "files": tuple(told["files"]),
        "flags": told["flags"],
    }
