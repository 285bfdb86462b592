"""What one person's phone shows anew, in the notation of stories."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.telegram_chats import Message, Person, labels


@dataclass
class Screen:
    """A private chat as it was at the last look."""

    person: Person
    shown: dict[int, Message] = field(default_factory=dict)
    alerts: int = 0
    buttons: dict[str, tuple[Message, str]] = field(default_factory=dict)  # all that were ever shown, by label

    def looks(self) -> list[str]:
        """What the bot changed, took away, said, and showed to a press, since the last look."""
        before, self.shown = self.shown, dict(self.person.chat.messages)
        told = [*self._changes(before), *self._new(before), *self._alerts()]
        self.alerts = len(self.person.alerts)
        self._remember()
        return told

    def presses(self, label: str) -> None:
        """A button that is shown; else one that was: a press may be on its way while the message changes."""
        try:
            self.person.presses(label)
        except LookupError:
            message, data = self.buttons[label.strip("[]")]
            self.person.forges(data, message)

    def _remember(self) -> None:
        for message in self.shown.values():
            for button in (button for row in message.rows for button in row):
                self.buttons[button["text"]] = message, button.get("callback_data", "")

    def _changes(self, before: dict[int, Message]) -> Iterator[str]:
        for number, old in before.items():
            new = self.shown[number]
            if new.deleted and not old.deleted:
                yield "bot~: (deleted)"
            elif new.content != old.content:
                yield written("bot~", new)

    def _new(self, before: dict[int, Message]) -> Iterator[str]:
        for number, message in self.shown.items():
            if number not in before and message.author is None:
                yield written("bot", message)

    def _alerts(self) -> Iterator[str]:
        for words in self.person.alerts[self.alerts :]:
            yield f"bot>{self.person.name}: {indented(words)}"


def written(head: str, message: Message) -> str:
    """A message as a story lists it."""
    rows = [" ".join(f"[{label}]" for label in row) for row in labels(message.rows)]
    return f"{head}: " + indented("\n".join([*message.text.split("\n"), *rows]))


def indented(text: str) -> str:
    return text.replace("\n", "\n  ")
