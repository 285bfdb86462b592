"""What people in one server, and in private with the bot, see anew on Discord: in the notation of stories."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.fakes.discord_channels import Channel
from tests.fakes.discord_messages import Message
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import EPHEMERAL, SILENT
from tests.life.town import Town
from tests.stories.hall import ALLOWED, CHANNEL
from tests.stories.notation import Line
from tests.stories.shown import CHOOSE, listed, pressable

FIRST = 1001  # the number of a story's first person
FORM = "(form) "


@dataclass
class Guild:
    """A server with one channel; ``people`` by name, those without one among ``others``, first who has not spoken."""

    people: dict[str, Person]
    channel: Channel
    others: deque[Person]
    shown: dict[int, Message] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)  # edits that left the buttons as they were

    def lacks(self, manager: str) -> None:
        """The bot may not say anything in the channel, nor open threads; that person manages the server."""
        assert self.channel.guild is not None
        self.channel.guild.managers.add(self.people[manager].id)
        self.channel.forbids("send_messages", "create_public_threads")

    def looks(self) -> list[str]:
        """What the bot changed, took away and said since the last look."""
        world = self.channel.world
        before, self.shown = self.shown, dict(sorted(self._now(world.channels.values())))
        return [*self._changes(before), *(self._told(one) for id_, one in self.shown.items() if id_ not in before)]

    def _now(self, channels: Iterable[Channel]) -> Iterator[tuple[int, Message]]:
        for channel in channels:
            for message in channel.messages.values():
                if message.author is None and message.audience not in self.others:
                    yield message.id, message

    def _changes(self, before: Mapping[int, Message]) -> Iterator[str]:
        for number, old in before.items():
            new = self.shown.get(number, old)
            if new.deleted and not old.deleted:
                yield f"bot~{self._where(new)}: (deleted)"
            elif new.components != old.components:
                told = listed(f"bot~{self._where(new)}", new.components)
                if [*pressable(new.components)] == [*pressable(old.components)]:
                    self.counted.add(told)
                yield told

    def _told(self, message: Message) -> str:
        sound = "\n  silent" if message.channel.guild and message.flags & SILENT else ""
        return listed(f"bot{self._where(message)}", message.components) + sound

    def _where(self, message: Message) -> str:
        if message.flags & EPHEMERAL and message.audience is not None:
            return f">{message.audience.name}"
        if message.channel.guild is not None:
            return f"@{message.channel.name}"
        return f"({message.channel.among[0].name})" if len(self.people) > 1 else ""

    def does(self, line: Line) -> None:
        """What a line says is done; LookupError where that cannot be."""
        if line.text in ALLOWED:
            self.channel.allows("send_messages")
            return
        for person in [self._other() for _ in range(line.crowd)] or [self.people[line.name]]:
            self._act(person, line.text, self.channel if line.room else person.dm)

    def _other(self) -> Person:
        self.others.rotate(-1)
        return self.others[-1]

    def _act(self, person: Person, words: str, channel: Channel) -> None:
        if words.startswith(f"[{CHOOSE}"):
            self._chooses(person, words[len(CHOOSE) + 1 : -1], channel)
        elif words.startswith("["):
            person.presses(words, channel=channel)
        elif words.startswith(FORM):
            given = dict(re.findall(r"([^=;]+)=([^;]*)(?:; |$)", words.removeprefix(FORM)))
            person.fills({label: told.split("、") if _ticked(person, label) else told for label, told in given.items()})
        else:
            _says(person, words, channel)

    def _chooses(self, person: Person, chosen: str, channel: Channel) -> None:
        if chosen == self.channel.name:
            person.picks_channel(chosen, channel=channel)
        else:
            person.chooses(*chosen.split("、"), channel=channel)


def _ticked(person: Person, label: str) -> bool:
    """Whether a field of the form before somebody is to be ticked, not typed."""
    parts = person.form[1]["components"] if person.form else ()
    return any(part["label"] == label and "options" in part["component"] for part in parts)


def _says(person: Person, words: str, channel: Channel) -> None:
    """A command from the menu, or typed as text where the menu has none of the name."""
    names = {command["name"] for command in person.world.commands}
    if words.startswith("/") and words[1:].partition(" ")[0] in names:
        person.uses(words, channel=channel)
    else:
        person.says(words, channel=channel)


def guild(found: Town, names: Sequence[str], *, room: str, locale: str, others: int) -> Guild:
    """A server with the story's people and the bot, and somebody else who owns it."""
    server = found.discord
    people = {name: server.person(name, locale=locale, number=FIRST + at) for at, name in enumerate(names)}
    crowd = deque(server.person(f"other{at}", locale=locale) for at in range(others))
    owner = server.person("owner")
    place = server.guild("server", owner=owner, members=[*people.values(), *crowd])
    channel = Channel(server.world, int(CHANNEL), name=room or "general", guild=place)
    place.channels.append(channel)
    server.world.channels[channel.id] = channel
    return Guild(people, channel, crowd)
