"""What is on a phone anew, in the notation of stories."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.telegram_chats import Chat, Message, Person, labels

Buttons = dict[str, tuple[Message, str]]


@dataclass
class Pane:
    """A chat as it was at the last look; ``where`` stands behind the bot's name, "" in private."""

    chat: Chat
    where: str = ""
    shown: dict[int, Message] = field(default_factory=dict)
    buttons: Buttons = field(default_factory=dict)  # all that were ever shown, by label
    counted: set[str] = field(default_factory=set)  # edits that left the buttons as they were

    def looks(self) -> list[str]:
        """What the bot changed, took away and said since the last look."""
        before, self.shown = self.shown, dict(self.chat.messages)
        told = [*self._changes(before), *self._new(before)]
        for message in self.shown.values():
            for button in (button for row in message.rows for button in row):
                self.buttons[button["text"]] = message, button.get("callback_data", "")
        return told

    def presses(self, person: Person, label: str) -> None:
        """A button that is shown; else one that was: a press may be on its way while the message changes."""
        try:
            person.presses(label, chat=self.chat)
        except LookupError:
            if label.strip("[]") not in self.buttons:
                raise
            message, data = self.buttons[label.strip("[]")]
            person.forges(data, message)

    def _changes(self, before: dict[int, Message]) -> Iterator[str]:
        for number, old in before.items():
            new = self.shown[number]
            if new.deleted and not old.deleted:
                yield f"bot~{self.where}: (deleted)"
            elif new.content != old.content:
                told = written(f"bot~{self.where}", new)
                if labels(new.rows) == labels(old.rows):
                    self.counted.add(told)
                yield told

    def _new(self, before: dict[int, Message]) -> Iterator[str]:
        for number, message in self.shown.items():
            if number not in before and message.author is None:
                sound = "\n  silent" if self.where and message.silent else ""
                yield written(f"bot{self.where}", message) + sound


@dataclass
class Screen:
    """One person's private chat, and what was shown to their presses."""

    person: Person
    pane: Pane = field(init=False)
    alerts: int = 0

    def __post_init__(self) -> None:
        self.pane = Pane(self.person.chat)

    def looks(self) -> list[str]:
        """What happened in private, and what a press was told, since the last look."""
        told = [*self.pane.looks(), *self._alerts()]
        self.alerts = len(self.person.alerts)
        return told

    def presses(self, label: str) -> None:
        self.pane.presses(self.person, label)

    def _alerts(self) -> Iterator[str]:
        for words in self.person.alerts[self.alerts :]:
            yield f"bot>{self.person.name}: {indented(words)}"


def written(head: str, message: Message) -> str:
    """A message as a story lists it."""
    rows = [" ".join(f"[{label}]" for label in row) for row in labels(message.rows)]
    return f"{head}: " + indented("\n".join([*message.text.split("\n"), *rows]))


def indented(text: str) -> str:
    return text.replace("\n", "\n  ")
