"""Playing a story against the real house: router, services, timers, a SQLite file; the clock is moved by hand."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.prompt import Text
from bot.ports.chat import Incoming, Reader, Reply
from bot.ports.reads import Person
from bot.ports.rows import Question, Revision
from bot.router import Router
from bot.services.services import Services
from bot.storage.store import Store
from bot.texts import LANGUAGES, Words, language_of
from tests.fakes.wire import Seen
from tests.stories import view
from tests.stories.notation import Line, Story
from tests.stories.office import Office
from tests.stories.past import Past
from tests.stories.right import right
from tests.stories.terminal import Seat

ZONES = {"zh-Hans": "Asia/Shanghai", "zh-Hant": "Asia/Taipei", "en": "Europe/London"}
PACE = "5 s"

Wire = Literal["telegram", "discord", "terminal"]
History = Callable[[Past], None]
Given = History | Mapping[str, History]  # of the person whose story it is, or by person


@dataclass
class Player:
    """One story's house, and what its people see: messages with buttons (``seats`` empty), or the terminal.

    A person's private room has the person's name; the room that they share has its own.
    """

    story: Story
    store: Store
    services: Services
    router: Router
    office: Office
    wire: Wire
    pressable: dict[str, dict[str, str]] = field(default_factory=dict)  # every label shown, by room
    seats: dict[str, Seat] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)  # messages that the bot sent first and the story showed
    counted: set[str] = field(default_factory=set)  # edits that changed nothing but a count
    others: int = 0  # people without a name so far

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.story)

    @property
    def shared(self) -> str:
        """The platform's own id of the room that several share."""
        return self.story.room

    def own_room(self, who: str) -> str:
        """The platform's own id of somebody's private room."""
        return who

    async def answers(self, line: Line, listed: list[str]) -> list[str]:
        """What the bot says to one line of the story: as ``listed``, where another wire shows the same.

        Of edits that change nothing but a count only those that are listed.
        """
        heard = await self._answers(line, listed)
        return [one for one in heard if one in listed or one not in self.counted]

    async def _answers(self, line: Line, listed: list[str]) -> list[str]:
        if line.kind == "clock":
            return await self._moved(line.text)
        if line.text.startswith("(answers "):
            return await self._answers_on(line)
        sent = await self._pass()
        if self.wire == "terminal":
            return await self._seat(line.who).answers(line.text, listed)
        return [*sent, *await (self._crowd(line) if line.crowd else self._said(line))]

    async def _moved(self, words: str) -> list[str]:
        """What the bot says first until the clock stands there; with "skipping" only what it says at the end."""
        before, last = await self.office.move(moved(self.office.clock.now().astimezone(self.zone), words))
        return self._heard(last if words.endswith(" skipping") else [*before, *last])

    async def _pass(self) -> list[str]:
        pace = timedelta(seconds=int(self.story.header.get("pace", PACE).split()[0]))
        before, last = await self.office.move(self.office.clock.now() + pace)
        return self._heard([*before, *last])

    async def _crowd(self, line: Line) -> list[str]:
        """So many others do the same, each for themselves; what only they see is not listed."""
        heard: list[str] = []
        for _ in range(line.crowd):
            self.others += 1
            heard += await self._said(replace(line, who=f"{self.others}@{line.room}"))
        return [one for one in heard if not one.startswith("bot>")]

    async def _said(self, line: Line) -> list[str]:
        """The replies to a line; what opens in private, and what it makes the bot send besides, come after them."""
        incoming = self._incoming(line)
        incoming = replace(incoming, label=any(Words(one, "written").is_label(line.text) for one in LANGUAGES))
        said = await self.router.handle(incoming)
        heard = [self._told(reply, said.reader, incoming) for reply in said.replies if not reply.opens]
        for link in (reply.opens for reply in said.replies if reply.opens):
            heard += await self._said(Line("said", f"/start {link}", line.name))
        await self.office.settled()
        return [*heard, *self._heard(self.office.screens.taken())]

    def _told(self, reply: Reply, reader: Reader, incoming: Incoming) -> str:
        words = Words(language_of(reader.language), reader.script)
        room = incoming.account if reply.private else incoming.room
        self.pressable.setdefault(room, {}).update(view.pressable(reply, words))
        alone = incoming.account if incoming.kind == "press" else ""
        return view.told(reply, words, alone=alone, room=incoming.group)

    def _heard(self, seen: Iterable[Seen]) -> list[str]:
        """What was sent first, as the story lists it: not what became of a message that it never showed."""
        shown = [one for one in seen if one.what == "new" or one.id in self.listed]
        told = [self._drawn(one) for one in shown]
        self.counted.update(words for one, words in zip(shown, told, strict=True) if counts(one))
        return told

    def _drawn(self, seen: Seen) -> str:
        group = seen.room if seen.room == self.story.room else ""
        if seen.what in ("deleted", "stripped"):
            return f"bot~{group and f'@{group}'}: (deleted)"
        self.listed.add(seen.id)
        words = Words(language_of(seen.reader.language), seen.reader.script)
        self.pressable.setdefault(seen.room, {}).update(view.pressable(seen.reply, words))
        told = view.told(seen.reply, words, room=group)
        return told.replace("bot: ", f"bot({seen.room}): ", 1) if len(self.story.people) > 1 else told

    async def _answers_on(self, line: Line) -> list[str]:
        """So many questions more, each by the way on and each answered right; what comes after the last verdict."""
        found = re.fullmatch(r"\(answers (\d+) more\)", line.text)
        assert found is not None, line
        heard: list[str] = []
        for _ in range(int(found[1])):
            await self._pass()
            heard = await self._answer_right(line.who)
        return heard[1:]

    async def _answer_right(self, who: str) -> list[str]:
        forward = Words(language_of(self.story.header["language"]), "written").say(Text("button.next"))
        await self._said(Line("said", f"[{forward}]", who))
        person = await self.store.person(self.wire, who, self.own_room(who))
        open_ask = (await self.services.study.desk(person)).open if person is not None else None
        assert open_ask is not None, f"{who} was asked nothing"
        return await self._said(Line("said", right(open_ask), who))

    def _incoming(self, line: Line) -> Incoming:
        language, room = self.story.header["language"], line.room or line.name
        said = Incoming("text", self.wire, line.name, room, line.text, language=language, group=line.room)
        if line.text.startswith("["):
            return self._pressed(said)
        if line.text.startswith("(adds the bot to "):
            self.office.screens.admins.add((self.story.room, line.name))
            return replace(said, kind="room", room=self.story.room, words="added", group=self.story.room)
        if line.text.startswith("(file "):
            return replace(said, kind="file", words=line.text[len("(file ") : -1])
        return replace(said, kind="command") if line.text.startswith("/") else said

    def _pressed(self, said: Incoming) -> Incoming:
        """A press; of a button that is a command, that command in private."""
        action = self.pressable.get(said.room, {}).get(said.words[1:-1])
        if action is None:
            raise AssertionError(f"{said.account} was never shown {said.words}")
        if action.startswith("/"):
            return replace(said, kind="command", room=said.account, words=action, group="")
        return replace(said, kind="press", words=action, thumb=True)

    def _seat(self, who: str) -> Seat:
        if who not in self.seats:
            exact = self.story.header["platform"] == "terminal"
            language = self.story.header["language"]
            self.seats[who] = Seat(self.router.handle, who, language, exact=exact)
        return self.seats[who]

    @property
    def beginning(self) -> datetime:
        """The story's first clock line."""
        first = next(line.text for line in self.story.lines if line.kind == "clock")
        return moved(self.office.clock.now().astimezone(self.zone), first)

    async def set_up(self, hour: int) -> None:
        """The story's group studies its set at that hour, in the story's zone, as somebody there has settled."""
        self.office.clock.set(self.beginning - timedelta(minutes=1))
        added = Incoming("room", self.wire, "admin", self.shared, "added", group=self.story.room)
        language, groups = self.story.header["language"], self.services.groups
        person = await self.services.accounts.welcomed(replace(added, room="admin"), language, with_set=False)
        studied = next(one.id for one, _ in await groups.sets() if one.code == self.story.header["set"])
        venue = await groups.choose(await groups.here(added), person, studied)
        assert venue.course is not None
        await groups.change(venue, replace(venue.course, hour=hour * 60, zone=str(self.zone)))

    async def phone(self) -> None:
        """The story's person has asked for a code on Telegram, a minute before it begins: the dice's first."""
        self.office.clock.set(self.beginning - timedelta(minutes=1))
        hello, language = Incoming("text", "telegram", "phone", "phone", ""), self.story.header["language"]
        person = await self.services.accounts.welcomed(hello, language, with_set=True)
        await self.services.linking.code(person)

    async def past(self, given: Given) -> None:
        """The story's people are no new ones: that is their past, seen from the story's first clock line."""
        self.office.clock.set(self.beginning)
        histories = {self.story.people[0]: given} if callable(given) else given
        for who, history in histories.items():
            language = self.story.header["language"]
            hello = Incoming("text", self.wire, who, self.own_room(who), "", language=language)
            person = await self.services.accounts.welcomed(hello, language, with_set=True)
            past = Past(self.services.study.house, person, await self._contents(person))
            history(past)
            await past.write()

    async def _contents(self, person: Person) -> list[tuple[Question, Revision]]:
        shelf = next(shelf for shelf in await self.services.sets.shelves(person) if shelf.taking_part)
        return list(await self.store.contents(shelf.set.id))


def counts(seen: Seen) -> bool:
    """Whether nothing but the count on a group's question changed."""
    prompt = seen.reply.prompt
    return seen.what == "edited" and prompt is not None and prompt.open


def moved(local: datetime, words: str) -> datetime:
    """The clock after a clock line: an instant, an hour of the same day, +20 s, +1 min, +1 day 12:30."""
    ahead = re.match(r"\+(\d+) (s|min|day)", words)
    day = re.match(r"(\d{4})-(\d{2})-(\d{2})", words)
    hour = re.search(r"(\d+):(\d+)", words)
    if ahead:
        unit = {"s": "seconds", "min": "minutes", "day": "days"}[ahead[2]]
        local += timedelta(**{unit: int(ahead[1])})
    if day:
        local = local.replace(year=int(day[1]), month=int(day[2]), day=int(day[3]))
    return local.replace(hour=int(hour[1]), minute=int(hour[2]), second=0, microsecond=0) if hour else local


def zone_of(story: Story) -> ZoneInfo:
    """The zone that the first clock line names, or that of the story's language."""
    named = next(line.text for line in story.lines if line.kind == "clock").split()[2:]
    return ZoneInfo(named[0] if named else ZONES[story.header["language"]])
