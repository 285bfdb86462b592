"""People with Discord in their hand: they use commands, press, choose, fill in forms, talk, come and go."""

import re
from collections.abc import Callable, Mapping, Sequence

from tests.fakes.discord_channels import Channel, User
from tests.fakes.discord_chats import Guild, World
from tests.fakes.discord_forms import INPUT_CHARS
from tests.fakes.discord_interactions import COMMAND, FORM, PRESS, Interaction
from tests.fakes.discord_messages import Message, label, seen
from tests.fakes.discord_rules import (
    BOX,
    BOXES,
    BUTTON,
    CHANNEL_CHOICE,
    CHOICE,
    INPUT,
    LABEL,
    LINK,
    RADIO,
    Json,
    bounds,
    nested,
)

Fits = Callable[[Json], bool]
Filled = str | bool | Sequence[str]


class Person(User):
    """Somebody. ``form`` is what lies open before them; ``opened`` has the addresses that they followed."""

    def __init__(self, world: World, number: int, *, name: str, locale: str) -> None:
        super().__init__(world, number, name=name, locale=locale)
        self.opened: list[str] = []

    def uses(self, words: str, *, channel: Channel | None = None) -> Interaction:
        """A command is used: "/study" or "/study its words", by its name in any language."""
        where = self._enters(channel)
        name, _, rest = words.removeprefix("/").partition(" ")
        command = self._command(name, where)
        data = {"id": command["id"], "name": command["name"], "type": 1}
        option = next((one for one in command.get("options") or () if one["type"] == 3), None)
        needed = bool(option and option.get("required"))
        if (rest and option is None) or (needed and not rest):
            raise LookupError(f"/{name} takes {option['name'] if option else 'no words'}")
        if rest and option:
            data["options"] = [{"name": option["name"], "type": 3, "value": rest}]
        return self._begins(COMMAND, where, data=data)

    def _command(self, name: str, where: Channel) -> Json:
        kept = self.world.commands
        for command in kept:
            names = {command["name"], *(command.get("name_localizations") or {}).values()}
            if name in names and self._offered(command, where):
                return command
        raise LookupError(f"no /{name} here; there are {[one['name'] for one in kept]}")

    def _offered(self, command: Json, where: Channel) -> bool:
        """Whether the command is there: installed here or by the person, and for such a place."""
        context = 0 if where.guild else 1 if where.bot_here else 2
        contexts, installs = command.get("contexts"), command.get("integration_types") or [0]
        here = (0 in installs and where.bot_here) or (1 in installs and self.installed)
        return here and where.may("use_application_commands", who=self) and (contexts is None or context in contexts)

    def presses(
        self, words: str, *, channel: Channel | None = None, message: Message | None = None
    ) -> Interaction | None:
        """A button is pressed, "[下一题]" or "下一题", of the newest message that has it; a link only opens."""
        bare = re.sub(r"^\[(.*)\]$", r"\1", words)
        held, found = self._finds(
            words, lambda one: one["type"] == BUTTON and label(one) == bare, channel=channel, message=message
        )
        if found["style"] == LINK:
            self.opened.append(found["url"])
            return None
        return self.forges(found["custom_id"], held, component_type=BUTTON)

    def chooses(
        self, *labels: str, channel: Channel | None = None, message: Message | None = None, placeholder: str = ""
    ) -> Interaction:
        """Options of a select are chosen, by their labels; of the newest message that has one with all of them."""

        def offers(one: Json) -> bool:
            shown = {option["label"] for option in one.get("options", ())}
            return one["type"] == CHOICE and set(labels) <= shown and placeholder in {"", one.get("placeholder")}

        held, found = self._finds(f"select with {labels}", offers, channel=channel, message=message)
        return self.forges(found["custom_id"], held, component_type=CHOICE, values=_values(found, labels))

    def picks_channel(
        self, name: str, *, channel: Channel | None = None, message: Message | None = None
    ) -> Interaction:
        """A channel is picked in a list of channels, by its name."""
        held, found = self._finds(
            "list of channels", lambda one: one["type"] == CHANNEL_CHOICE, channel=channel, message=message
        )
        guild = held.channel.guild
        sorts = found.get("channel_types") or [0]
        picked = [one for one in (guild.channels if guild else ()) if one.name == name and one.sort in sorts]
        if not picked or not picked[0].sees(self):
            raise LookupError(f"no channel {name} to pick")
        told = {name: value for name, value in picked[0].payload().items() if name != "permission_overwrites"}
        told["permissions"] = str(picked[0].permissions(self))
        number = told["id"]
        more = {"resolved": {"channels": {number: told}}}
        return self.forges(found["custom_id"], held, component_type=CHANNEL_CHOICE, values=[number], more=more)

    def forges(
        self,
        custom_id: str,
        message: Message,
        *,
        component_type: int = BUTTON,
        values: Sequence[str] | None = None,
        more: Json | None = None,
    ) -> Interaction:
        """A press with an id that no component need have."""
        chosen = {} if values is None else {"values": list(values)}
        data = {"custom_id": custom_id, "component_type": component_type} | chosen | (more or {})
        held = message.channel.messages[message.id]
        return self._begins(PRESS, message.channel, data=data, message=held)

    def fills(self, fields: Mapping[str, Filled] | None = None, **named: Filled) -> Interaction:
        """The form that lies open is filled in, by the labels of its fields, and sent; a list takes labels."""
        if self.form is None:
            raise LookupError(f"no form lies open before {self.name}")
        asked, form = self.form
        given = {**(fields or {}), **named}
        unknown = given.keys() - {_field(part)[0] for part in form["components"]}
        if unknown:
            raise LookupError(f"no fields {sorted(unknown)} in the form {form['title']}")
        parts = [_filled(part, given) for part in form["components"]]
        self.form = None
        held = asked.channel.messages[asked.message.id] if asked.message else None
        return self.forges_form(form["custom_id"], parts, channel=asked.channel, message=held)

    def forges_form(
        self, custom_id: str, parts: Sequence[Json], *, channel: Channel, message: Message | None = None
    ) -> Interaction:
        """A form is sent that need not lie open."""
        data = {"custom_id": custom_id, "components": list(parts)}
        return self._begins(FORM, channel, data=data, message=message)

    def dismisses(self) -> None:
        """The form is closed, and nobody is told."""
        self.form = None

    def says(self, text: str, *, channel: Channel | None = None, reply_to: Message | None = None) -> Message:
        """Something is written: in direct messages, or in a channel, where @Studybot is a mention."""
        where = self._enters(channel)
        mention = f"<@{self.world.me['id']}>"
        content = text.replace(f"@{self.world.me['username']}", mention)
        to_bot = bool(reply_to and reply_to.author is None)
        meant = mention in content or to_bot
        return where.put(self, content=content, meant=meant, replied=reply_to.id if reply_to else None)

    def joins(self, guild: Guild) -> None:
        guild.members[self.id] = self
        guild.tells("GUILD_MEMBER_ADD", guild.member(self) | {"guild_id": str(guild.id)})

    def leaves(self, guild: Guild) -> None:
        del guild.members[self.id]
        guild.managers.discard(self.id)
        guild.tells("GUILD_MEMBER_REMOVE", {"guild_id": str(guild.id), "user": self.payload()})

    def closes_dm(self) -> None:
        """Takes direct messages from nobody but friends."""
        self.closed = True

    def opens_dm(self) -> None:
        self.closed = False

    def installs(self) -> None:
        """Has the application for themselves, wherever they are."""
        self.installed = True

    def _enters(self, channel: Channel | None) -> Channel:
        where = channel or self.dm
        if not where.sees(self):
            raise LookupError(f"{self.name} does not see {where.name}")
        return where

    def _finds(
        self, what: str, fits: Fits, *, channel: Channel | None, message: Message | None
    ) -> tuple[Message, Json]:
        """The newest message before the person that has such a component, and that."""
        where = message.channel if message else self._enters(channel)
        shown = [one for one in where.shown_to(self) if message is None or one.id == message.id]
        for held in reversed(shown):
            for _, component in nested(held.components):
                if fits(component) and not component.get("disabled"):
                    return held, component
        raise LookupError(f"no {what} before {self.name}: {[seen(one) for one in shown if one.components]}")

    def _begins(self, sort: int, where: Channel, *, data: Json, message: Message | None = None) -> Interaction:
        asked = Interaction(self.world.snowflake(), sort, self, where, self.world.now(), data, message)
        asked.begin()
        return asked


def _values(choice: Json, labels: Sequence[str]) -> list[str]:
    """The values of the options with these labels, as many as may be; LookupError else."""
    values = {option["label"]: option["value"] for option in choice["options"]}
    least, most = bounds(choice, len(values) if choice["type"] == BOXES else 1)
    if not least <= len(labels) <= most or not set(labels) <= values.keys():
        raise LookupError(f"{least} to {most} of {list(values)} can be chosen, not {list(labels)}")
    return [values[one] for one in values if one in labels]


def _field(part: Json) -> tuple[str, Json]:
    """The label of a part of a form, and the field that it holds, itself where it holds none."""
    if part["type"] == LABEL:
        return part["label"], part["component"]
    inner = part.get("components", [part])[0]
    return inner.get("label", ""), inner


def _filled(part: Json, given: Mapping[str, Filled]) -> Json:
    """A part of a form as it is sent."""
    name, field = _field(part)
    head = {"type": part["type"], "id": part["id"]}
    if field is part:
        return head
    told = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]} | _given(field, given.get(name))
    return head | ({"component": told} if part["type"] == LABEL else {"components": [told]})


def _given(field: Json, value: Filled | None) -> Json:
    """What a field was filled with; LookupError where a person could not fill it so."""
    if field["type"] == INPUT:
        return {"value": _typed(field, str(value or field.get("value") or ""))}
    if field["type"] == BOX:
        return {"value": bool(value)}
    chosen = [value] if isinstance(value, str) else list(value) if isinstance(value, Sequence) else []
    if not chosen and field.get("required") is False:
        return {"value": None} if field["type"] == RADIO else {"values": []}
    if field["type"] == RADIO:
        return {"value": _values(field, chosen)[0]}
    return {"values": _values(field, chosen)}


def _typed(field: Json, value: str) -> str:
    needed = field.get("required") is not False
    least, most = max(int(needed), field.get("min_length") or 0), field.get("max_length") or INPUT_CHARS
    if (value or needed) and not least <= len(value) <= most:
        raise LookupError(f"{least} to {most} characters can be typed, not {value!r}")
    return value
