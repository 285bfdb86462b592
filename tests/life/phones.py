"""A phone as somebody busy holds it: the newest messages, what can be pressed on them, what became of a press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tests.fakes.discord_interactions import UPDATE, Interaction
from tests.fakes.discord_people import Person as OfDiscord
from tests.fakes.telegram_chats import Person as OfTelegram
from tests.stories.shown import pressable

LOOKED_AT = 8  # of the newest messages


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message on the screen, with the actions of its buttons by what they are called."""

    id: int
    text: str
    actions: dict[str, str]
    edited: datetime | None


class Phone(Protocol):
    """One person's private chat with the bot. A press has an id of its own."""

    def opens(self, code: str) -> None:
        """Begins with a set."""
        ...

    def now(self) -> datetime: ...

    def newest(self) -> Sequence[Sheet]:
        """The newest messages, the oldest of them first."""
        ...

    def presses(self, action: str, sheet: int) -> str:
        """Presses a button that is there, or was; the id of the press."""
        ...

    def acknowledged(self, press: str) -> bool:
        """Whether the waiting of a press is over, so that the phone may be put away."""
        ...

    def failed(self, press: str) -> bool:
        """Whether the phone says that nobody heard it: it has to be pressed once more."""
        ...

    def told(self, press: str) -> bool:
        """Whether the message that was pressed says something else since."""
        ...

    def reads(self, words: str) -> int:
        """How many messages with these words there are."""
        ...


@dataclass
class TelegramPhone:
    """Telegram keeps a press until the bot has taken it in: none fails."""

    person: OfTelegram

    def opens(self, code: str) -> None:
        self.person.says(f"/start set_{code}")

    def now(self) -> datetime:
        return self.person.world.now()

    def newest(self) -> Sequence[Sheet]:
        newest = [*self.person.chat.messages.values()][-LOOKED_AT:]
        return [Sheet(one.id, one.text, dict(_buttons(one.rows)), one.edited) for one in newest if not one.deleted]

    def presses(self, action: str, sheet: int) -> str:
        return self.person.forges(action, self.person.chat.messages[sheet]).id

    def acknowledged(self, press: str) -> bool:
        return self.person.world.queries[press].words == ""

    def failed(self, press: str) -> bool:
        del press
        return False

    def told(self, press: str) -> bool:
        pressed = self.person.world.queries[press].message.id
        return self.person.chat.messages[pressed].edited is not None

    def reads(self, words: str) -> int:
        return sum(words in seen.text for seen in self.person.chat.seen(self.person))


def _buttons(rows: Sequence[Sequence[dict[str, object]]]) -> Iterator[tuple[str, str]]:
    for button in (button for row in rows for button in row):
        yield str(button["text"]), str(button.get("callback_data", ""))


@dataclass
class DiscordPhone:
    """Discord forgets a press that nobody answers within three seconds, and says so."""

    person: OfDiscord

    def opens(self, code: str) -> None:
        self.person.uses(f"/start set_{code}")

    def now(self) -> datetime:
        return self.person.world.now()

    def newest(self) -> Sequence[Sheet]:
        shown = self.person.dm.shown_to(self.person)[-LOOKED_AT:]
        return [
            Sheet(one.id, one.content, {name: part.action for name, part in pressable(one.components)}, one.edited)
            for one in shown
        ]

    def presses(self, action: str, sheet: int) -> str:
        return self.person.forges(action, self.person.dm.messages[sheet]).token

    def acknowledged(self, press: str) -> bool:
        """A deferral acknowledges nothing: it comes before anything is stored."""
        return self._asked(press).answered == UPDATE

    def failed(self, press: str) -> bool:
        return self._asked(press).failed()

    def told(self, press: str) -> bool:
        asked = self._asked(press)
        return asked.message is not None and self.person.dm.messages[asked.message.id].edited is not None

    def reads(self, words: str) -> int:
        return sum(words in seen.text for seen in self.person.dm.seen(self.person))

    def _asked(self, press: str) -> Interaction:
        return self.person.world.interactions[press]
