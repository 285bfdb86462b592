"""One person's life with the bot: what they do, what they know, and what the phone shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.app import read
from bot.domain.question import Draft
from bot.storage.migrate import shipped
from tests.fakes.telegram_chats import Message, Person, labels
from tests.life.screen import Screen
from tests.life.town import Town

A_DAY = timedelta(days=1)
PACE = timedelta(seconds=5)
PACK = "xai-en.yaml"


@dataclass
class Life:
    """What is told is what the phone shows anew, in the notation of stories."""

    town: Town
    screen: Screen
    zone: ZoneInfo

    @property
    def person(self) -> Person:
        return self.screen.person

    @property
    def newest(self) -> Message:
        """The bot's newest message."""
        own = [one for one in self.person.chat.messages.values() if one.author is None and not one.deleted]
        return own[-1]

    async def says(self, words: str) -> str:
        await self.town.wait(PACE)
        self.person.says(words)
        return await self._told()

    async def presses(self, label: str) -> str:
        await self.town.wait(PACE)
        self.person.presses(label)
        return await self._told()

    async def until(self, hour: str, *, days: int = 0) -> str:
        """What comes by itself up to an hour on the wall, so many days from today."""
        hours, minutes = map(int, hour.split(":"))
        day = self.town.now.astimezone(self.zone) + days * A_DAY
        await self.town.wait(day.replace(hour=hours, minute=minutes, second=0, microsecond=0))
        return await self._told()

    async def menu(self) -> str:
        """The menu of /study: said again while a question waits, behind a button when the day's goal is done."""
        told = await self.says("/study")
        if "[Choose]" in told:
            return await self.presses("Choose")
        return told if "[By kind]" in told else await self.says("/study")

    async def answers(self, *, right: bool) -> str:
        """The question on screen is answered by who knows; from the verdict on."""
        draft = asked(self.newest)
        told = await ANSWERS[draft.kind](self, draft, right)
        verdict = re.search("[✓◐✗○] (Right|You had|Partly right|Not quite|Noted)", told)
        return told[verdict.start() :] if verdict else told

    def button(self, head: str) -> str:
        """The label that begins so, on the newest message."""
        return button(self.newest, head)

    async def _told(self) -> str:
        await self.town.settle()
        return "\n".join(self.screen.looks())


def life(found: Town, zone: ZoneInfo, language: str, name: str = "ana") -> Life:
    """Somebody new in town, whose phone speaks that language."""
    return Life(found, Screen(found.telegram.person(name, language_code=language)), zone)


@cache
def known() -> Mapping[str, Draft]:
    """All questions of the English set, by their stems."""
    drafts = read((shipped("questions") / PACK).read_bytes(), PACK).drafts
    return {(draft.stem or draft.parts[0].stem): draft for draft in drafts}


def asked(message: Message) -> Draft:
    """The question that a message asks."""
    return known()[re.sub(r"^\([^)]*\) ", "", message.text.split("\n", maxsplit=1)[0])]


def button(message: Message, head: str) -> str:
    """The label that begins so, on a message."""
    found = [label for row in labels(message.rows) for label in row if label.startswith(head)]
    assert found, (head, message.text, labels(message.rows))
    return found[0]


def option(message: Message, words: str) -> str:
    """The label of the option with these words: itself, or its letter where the words stand above."""
    shown = [*message.text.split("\n"), *(label for row in labels(message.rows) for label in row)]
    letter = next(found[1] for line in shown if (found := re.fullmatch(rf"([A-Z0-9]) {re.escape(words)}", line)))
    return button(message, letter)


def pressed(message: Message, *, right: bool) -> list[str]:
    """What is pressed, one after the other, by who answers the question of a message."""
    draft = asked(message)
    if draft.kind == "boolean":
        return ["True" if draft.truth is right else "False"]
    chosen = [option(message, one.text) for at, one in enumerate(draft.options) if (at in (draft.right or ())) is right]
    return chosen[:1] if draft.kind == "single" else [*chosen, "Submit"]


async def _choice(one: Life, draft: Draft, right: bool) -> str:  # noqa: FBT001 - as the table calls it
    del draft
    told = ""
    for label in pressed(one.newest, right=right):
        told = await one.presses(label)
    return told


async def _blank(one: Life, draft: Draft, right: bool) -> str:  # noqa: FBT001 - as the table calls it
    blanks = draft.blanks or ()
    return await one.says(", ".join(blank.accept[0] if right else "zzz" for blank in blanks))


async def _case(one: Life, draft: Draft, right: bool) -> str:  # noqa: FBT001 - as the table calls it
    await one.says("This is what I would do.")
    for point in draft.points if right else ():
        await one.presses(option(one.newest, point))
    return await one.presses("Submit")


ANSWERS = {"single": _choice, "multiple": _choice, "boolean": _choice, "blank": _blank, "case": _case}
