"""The market square: people, their private rooms and groups, before the real core; what is sent is delivered."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.ports.chat import NEEDS, Delivery, Incoming, Need, Reader, Reply, Undeliverable
from bot.router import Router
from bot.services.services import Services
from bot.storage.outbox import Outbox
from bot.texts import Language, Words
from tests.services.conftest import Standing

GROUP = "-1"


@dataclass
class Wired:
    """bot.ports.chat.Wire: keeps what it delivers, and refuses a room that is barred; ``lacking`` is its own fault.

    Of a room that is muted it can still say what is lacking, of one that is deleted that it is. ``changed``: the native
    ids of what each delivery edited or took away.
    """

    admins: set[tuple[str, str]] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)
    muted: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    sent: list[tuple[str, Reply, Reader]] = field(default_factory=list)
    changed: list[tuple[str, ...]] = field(default_factory=list)
    whispers: bool = False
    remembers: timedelta = timedelta()
    lacking: tuple[Need, ...] = ()

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        if room in self.barred | self.muted | self.deleted:
            raise Undeliverable("barred", permanent=True)
        if reply.away and not delivery.shown:
            return ()  # nothing to take away: no call
        self.sent.append((room, reply, reader))
        self.changed.append(tuple(delivery.shown))
        return tuple(delivery.shown) or (str(len(self.sent)),)

    async def runs(self, room: str, account: str) -> bool:
        self._there(room)
        return (room, account) in self.admins and room not in self.deleted

    async def lacks(self, room: str) -> tuple[Need, ...]:
        self._there(room)
        return NEEDS if room in self.deleted else self.lacking

    def _there(self, room: str) -> None:
        if room in self.barred:
            raise Undeliverable("barred")


@dataclass
class Town:
    """Everybody, with the messages that came to each room; labels are pressed by their words."""

    router: Router
    services: Services
    clock: Standing
    post: Outbox
    wire: Wired
    language: str = "zh-Hans"
    seen: int = 0
    shown: dict[str, str] = field(default_factory=dict)
    opened: str = ""  # the link that the last reply opened the private chat with

    async def says(self, who: str, words: str, room: str = "", *, title: str = "群") -> str:
        kind = "command" if words.startswith("/") else "text"
        return await self.happens(kind, who, words, room, title=title)

    async def presses(self, who: str, label: str, room: str = "") -> str:
        """A press; what is a deep link is a command in the private chat."""
        action = self.shown[label]
        if action.startswith("/"):
            return await self.says(who, action)
        return await self.happens("press", who, action, room)

    async def happens(self, kind: str, who: str, words: str, room: str = "", *, title: str = "群") -> str:
        incoming = Incoming(
            kind,  # type: ignore[arg-type]
            "test",
            who,
            room or who,
            words,
            language=self.language,
            group=title if room else "",
        )
        return await self.handled(incoming)

    async def whispers(self, who: str, words: str, here: str = GROUP, *, values: tuple[str, ...] = ()) -> str:
        """Said, used or pressed in a room that others share, and heard there by that person alone."""
        action = self.shown.get(words, words)
        kind: Any = "command" if action.startswith("/") else "press" if words in self.shown else "text"
        return await self.handled(
            Incoming(kind, "test", who, who, action, values=values, language=self.language, here=here)
        )

    async def handled(self, incoming: Incoming) -> str:
        """What is answered, in words."""
        said = await self.router.handle(incoming)
        self.opened = "".join(reply.opens for reply in said.replies)
        await self.settle()
        return "\n".join(self.drawn(reply, said.reader) for reply in said.replies)

    def drawn(self, reply: Reply, reader: Reader) -> str:
        """A reply in words, its buttons in brackets; they can be pressed from then on."""
        said, prompt = Words(language(reader), reader.script), reply.prompt
        choices = [*prompt.choices, *prompt.extras] if prompt else []
        lines = [said.say(block) for block in prompt.stem] if prompt else []
        rows = [choices if prompt and prompt.open else [], *reply.rows]
        if prompt and not prompt.open:
            lines += [f"{choice.letter} {said.say(choice.label)}".strip() for choice in choices]
        lines += [said.say(block) for block in (*reply.blocks, *((reply.footer,) if reply.footer else ()))]
        for row in rows:
            labels = ["✓ " * one.marked + f"{one.letter} {said.say(one.label)}".strip() for one in row]
            self.shown |= {label: one.action for label, one in zip(labels, row, strict=True)}
            lines += ["".join(f"[{label}]" for label in labels)] if labels else []
        return "\n".join(lines)

    async def settle(self) -> None:
        """All that is due by now is done and sent."""
        while True:
            due = await self.post.claim_wakes(self.clock.now(), 64)
            for wake in due:
                await self.router.wake(wake)
            letters, _ = await self.post.claim_letters("test", self.clock.now(), 64)
            for letter in letters:
                shown = letter.shown.native if letter.shown else ()
                message = letter.message
                try:
                    delivery = Delivery(lane=message.lane, shown=shown)
                    native = await self.wire.deliver(letter.native, message.reply, message.reader, delivery)
                except Undeliverable:
                    await self.post.undeliverable(message, self.clock.now(), gone=True)
                else:
                    self.drawn(message.reply, message.reader)
                    await self.post.delivered(message, native, self.clock.now())
            if not due and not letters:
                return

    async def until(self, instant: datetime) -> None:
        """Time passes, timer by timer."""
        while True:
            moments = [await self.post.next_wake(), await self.post.next_letter("test")]
            due = [moment for moment in moments if moment is not None and moment <= instant]
            if not due:
                break
            self.clock.instant = max(self.clock.instant, min(due))
            await self.settle()
        self.clock.instant = instant

    def news(self) -> list[tuple[str, str]]:
        """What was sent since this was asked last: the room, and the words ("" for what was taken away)."""
        fresh, self.seen = self.wire.sent[self.seen :], len(self.wire.sent)
        return [(room, self.drawn(reply, reader)) for room, reply, reader in fresh]


def language(reader: Reader) -> Language:
    found: dict[str, Language] = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "en": "en"}
    return found[reader.language]
