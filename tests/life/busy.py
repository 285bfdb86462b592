"""Somebody busy on a phone: answers whatever is asked and asks for more, as soon as it is there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.fakes.telegram_chats import Message, Person
from tests.fakes.telegram_rules import Json

THUMB = timedelta(seconds=1)  # a second tap within 0.8 s is none
LOOKED_AT = 8  # of the newest messages


@dataclass
class Learner:
    """``answered`` has the press by which each ask was answered."""

    person: Person
    dice: Random
    answered: dict[int, str] = field(default_factory=dict)
    followed: set[int] = field(default_factory=set)  # verdicts below which more was asked for

    def acts(self) -> bool:
        """Presses what there is to press; whether there was anything."""
        for message in reversed([*self.person.chat.messages.values()][-LOOKED_AT:]):
            if message.rows and not message.deleted and self._pressed(message):
                return True
        return False

    @property
    def acknowledged(self) -> set[int]:
        """The asks whose answer ended the waiting of the press: the person may put the phone away."""
        queries = self.person.world.queries
        return {ask for ask, query in self.answered.items() if queries[query].words == ""}

    @property
    def told(self) -> set[int]:
        """The asks under which a verdict can be read."""
        world, messages = self.person.world, self.person.chat.messages
        pressed = {ask: messages[world.queries[query].message.id] for ask, query in self.answered.items()}
        return {ask for ask, message in pressed.items() if message.edited}

    def last(self) -> list[tuple[int, str, list[str]]]:
        """The newest messages, for who wonders why nothing more can be pressed."""
        newest = [*self.person.chat.messages.values()][-LOOKED_AT:]
        return [(one.id, one.text, list(_actions(one))) for one in newest]

    def _pressed(self, message: Message) -> bool:
        options = [data for data in _actions(message) if data.startswith("a:")]
        if options and int(options[0].split(":")[1]) not in self.answered:
            data = self.dice.choice(options)
            self.answered[int(data.split(":")[1])] = self.person.forges(data, message).id
            return True
        more = next((data for data in _actions(message) if data.startswith("n:") or data == "m"), None)
        if more is None or message.id in self.followed or self._just_now(message):
            return False
        self.followed.add(message.id)
        self.person.forges(more, message)
        return True

    def _just_now(self, message: Message) -> bool:
        return message.edited is not None and self.person.world.now() < message.edited + THUMB


def _actions(message: Message) -> Iterator[str]:
    """What the buttons do, but for a hint: that is no answer."""
    buttons: Iterator[Json] = (button for row in message.rows for button in row)
    yield from (str(button.get("callback_data", "")) for button in buttons if button["text"] != "Hint")
