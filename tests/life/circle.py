"""What people in one group, and in private with the bot, see anew on Telegram: in the notation of stories."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.fakes.telegram_chats import Chat, Person
from tests.life.guild import FIRST
from tests.life.screen import Pane, Screen
from tests.life.town import Town
from tests.stories.notation import Line

GROUP = -1_001_000_000_000  # the number of a story's group
ADDS = "(adds the bot to "
FILE = "(file "


@dataclass
class Circle:
    """People by name with what their phones show, and the group that they share.

    Those without a name are ``others``, first who has not spoken: what only they see is not looked at.
    """

    screens: dict[str, Screen]
    group: Pane
    others: deque[Person] = field(default_factory=deque)
    spoke: str = ""  # who did something last: they need no name, nor does who is alone

    @property
    def counted(self) -> set[str]:
        return self.group.counted

    def looks(self) -> list[str]:
        """What the bot changed, took away, said, and showed to a press, since the last look."""
        return [*self.group.looks(), *self._private()]

    def _private(self) -> Iterator[str]:
        for name, screen in self.screens.items():
            for told in screen.looks():
                yield (
                    told
                    if name == self.spoke or len(self.screens) == 1
                    else re.sub(r"^bot(~?):", rf"bot\1({name}):", told)
                )

    def does(self, line: Line) -> None:
        """What a line says is done; LookupError where that cannot be."""
        if line.crowd:
            for _ in range(line.crowd):
                self.others.rotate(-1)
                self._in_group(self.others[-1], line.text)
            return
        self.spoke, person = line.name, self.screens[line.name].person
        if line.room or line.text.startswith(ADDS):
            self._in_group(person, line.text)
        elif line.text.startswith("["):
            self.screens[line.name].presses(line.text)
        else:
            person.says(line.text)

    def _in_group(self, person: Person, words: str) -> None:
        chat = self.group.chat
        if words.startswith(ADDS):
            chat.standings[person.id] = "creator"
            person.adds_bot(chat)
        elif words.startswith(FILE):
            person.sends_file(words[len(FILE) : -1], b"paper", chat=chat)
        elif words.startswith("["):
            self.group.presses(person, words)
        else:
            person.says(words, chat=chat)


def circle(found: Town, names: Sequence[str], *, room: str, language: str, others: int = 0) -> Circle:
    """People who share a group, where the bot is not yet; it would be shown all that is said there."""
    server = found.telegram
    server.world.privacy = False
    people = [server.person(name, language_code=language, number=FIRST + at) for at, name in enumerate(names)]
    crowd = [server.person(f"other{at}", language_code=language) for at in range(others)]
    chat: Chat = server.group(room, admins=[server.person("owner")], members=[*people, *crowd], number=GROUP)
    return Circle({one.name: Screen(one) for one in people}, Pane(chat, f"@{room}"), deque(crowd))
