"""A story's people on Discord: what they see is as the adapter draws it, what they do as the adapter reads it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bot.platforms.discord.modal import modal
from bot.platforms.discord.speaker import spoken
from bot.platforms.discord.update import Update, own_room, update
from bot.platforms.discord.view import pages
from bot.ports.chat import Need, Reader, Reply
from tests.fakes.wire import Seen
from tests.stories.notation import Line, alike
from tests.stories.player import Player
from tests.stories.shown import CHOOSE, FILE, LISTS, Part, Pressable, listed, pressable

CHANNEL = "4711"  # the id of the channel that a story's people share
ALLOWED: Mapping[str, tuple[Need, ...]] = {"(allows sending messages; threads stay closed)": ("thread",)}
CHANNELS = 8  # the kind of a list of channels


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on screen: in the channel, or in a person's private chat. ``audience``: who alone sees it."""

    place: str
    audience: str
    parts: Sequence[Part]

    def seen_by(self, who: str) -> bool:
        return self.audience in ("", who) and self.place in (CHANNEL, own_room(who))


@dataclass
class Hall(Player):
    """A player whose people are in one server's channel, and in private chats with the bot.

    ``forms`` are those that lie open: what they are, and the message that they were opened from.
    """

    shown: dict[str, Shown] = field(default_factory=dict)
    forms: dict[str, tuple[Part, str]] = field(default_factory=dict)
    _ids: Iterable[int] = field(default_factory=lambda: count(1))

    @property
    def shared(self) -> str:
        return CHANNEL

    def own_room(self, who: str) -> str:
        return own_room(who)

    async def answers(self, line: Line, listed: list[str]) -> list[str]:
        heard = await super().answers(line, listed)
        return [alike(one, head) for one, head in zip(heard, [*listed, *[""] * len(heard)], strict=False)]

    async def _said(self, line: Line) -> list[str]:
        if line.text in ALLOWED:
            self.office.screens.needs[CHANNEL] = ALLOWED[line.text]
            return []
        found = update(self._raw(line))
        said = await self.router.handle(replace(found.incoming, id=""))  # it came by no inbox
        heard = [one for reply in found.placed(said.replies) for one in self._answered(found, reply, said.reader)]
        await self.office.settled()
        return [*heard, *self._heard(self.office.screens.taken())]

    def _raw(self, line: Line) -> dict[str, object]:
        """What was done, as the adapter keeps it."""
        raw: dict[str, object] = {
            "id": str(next(iter(self._ids))),
            "user": line.name,
            "locale": self.story.header["language"],
            "channel": CHANNEL if line.room else own_room(line.name),
            "title": line.room,
            "dm": not line.room,
            "token": "t",
            "own": False,
            "message": "",
        }
        if line.text.startswith("["):
            return raw | self._press(line)
        if line.text.startswith("(form) "):
            return raw | self._form(line)
        kind = "command" if line.text.startswith("/") else "text"
        return raw | {"kind": kind, "words": line.text} | ({"token": ""} if kind == "text" else {})

    def _press(self, line: Line) -> dict[str, object]:
        """A button by its label, or options of a list by theirs, on the newest message that has it."""
        words = line.text[1:-1]
        chosen = words.removeprefix(CHOOSE).split("、") if words.startswith(CHOOSE) else []
        place = CHANNEL if line.room else own_room(line.name)
        for number, message in reversed(self.shown.items()):
            if message.place != place or not message.seen_by(line.name):
                continue
            for label, part in pressable(message.parts):
                values = self._values(part, chosen)
                if values if chosen else label == words:
                    about = {"message": number, "own": bool(message.audience)}
                    return {"kind": "press", "words": part.action, "values": values, **about}
        raise AssertionError(f"{line.name} was never shown {line.text}")

    def _values(self, part: Pressable, chosen: Sequence[str]) -> list[str]:
        """What is sent for what was chosen from a list; nothing where it is not to be chosen there."""
        if part.kind not in LISTS:
            return []
        if part.kind == CHANNELS:
            return [CHANNEL, self.story.room] if list(chosen) == [self.story.room] else []
        return [part.options[one] for one in chosen] if set(chosen) <= part.options.keys() else []

    def _form(self, line: Line) -> dict[str, object]:
        form, message = self.forms.pop(line.name)
        given = dict(re.findall(r"([^=;]+)=([^;]*)(?:; |$)", line.text.removeprefix("(form) ")))
        values = [one for part in form["components"] for one in _filled(part, given.pop(part["label"], ""))]
        assert not given, f"{line.name} has no field {given}"
        about = {"message": message, "own": bool(self.shown[message].audience)}
        return {"kind": "form", "words": form["custom_id"], "values": values, **about}

    def _answered(self, found: Update, reply: Reply, reader: Reader) -> list[str]:
        """One answer, where the adapter says it; a form is not listed, nor a message that has nothing in it."""
        who, words = found.incoming.account, spoken(reader)
        if reply.form and found.incoming.words.startswith("form"):
            self.forms[who] = modal(reply, words), found.message
            return []
        drawn = [(*page.components, *_file(reply)) for page in pages(reply, words)]
        if reply.thread is not None:
            return [listed(f"bot@{words.say(reply.thread)}", parts) for parts in drawn]
        if reply.edit and found.edits:
            old = self.shown[found.message]
            self.shown[found.message] = replace(old, parts=drawn[0])
            room = f"@{self.story.room}" if old.place == CHANNEL and not old.audience else ""
            return [listed(f"bot~{old.audience and f'>{old.audience}'}{room}", drawn[0])]
        hidden = bool(found.token) and (found.open or reply.private)
        return [self._new(found, parts, hidden=hidden) for parts in drawn]

    def _new(self, found: Update, parts: Sequence[Part], *, hidden: bool) -> str:
        who = found.incoming.account
        place = CHANNEL if found.open else own_room(who)
        self.shown[f"answer{next(iter(self._ids))}"] = Shown(place, who if hidden else "", parts)
        return listed(f"bot>{who}" if hidden else "bot", parts)

    def _drawn(self, seen: Seen) -> str:
        """What is said first."""
        where = f"@{self.story.room}" if seen.room == CHANNEL else ""
        if seen.what == "deleted":
            self.shown.pop(seen.id, None)
            return f"bot~{where}: (deleted)"
        self.listed.add(seen.id)
        (page,) = pages(seen.reply, spoken(seen.reader))
        self.shown[seen.id] = Shown(seen.room, "", page.components)
        sound = "\n  silent" if where and seen.reply.silent and seen.what == "new" else ""
        return listed(f"bot{'~' * (seen.what == 'edited')}{where}", page.components) + sound


def _filled(part: Part, given: str) -> list[str]:
    """What is sent for a field: what was typed, or the values of what was ticked."""
    options = {one["label"]: one["value"] for one in part["component"].get("options", ())}
    return [options[one] for one in given.split("、")] if options else [given]


def _file(reply: Reply) -> tuple[Part, ...]:
    """The file that comes with it, as the adapter adds it."""
    return () if reply.file is None else ({"type": FILE, "file": {"url": f"attachment://{reply.file.name}"}},)
