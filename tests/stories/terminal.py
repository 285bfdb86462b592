"""A story's messages in the terminal: what the real console shows, beside what the story lists."""

import re
from collections.abc import AsyncIterator, Sequence

from bot.domain.prompt import Text
from bot.platforms.console import Console, Speaker
from bot.platforms.console.view import Line as Drawn
from bot.platforms.platform import Handle
from bot.ports.chat import Incoming, Said
from bot.services.accounts import SCRIPTS
from bot.texts import Words, fold, language_of

TAILS = ("terminal.or_type", "terminal.pick", "terminal.letters", "terminal.numbers")

Shown = tuple[Sequence[Drawn], Sequence[str]]  # one message: its lines, and all that can be typed then


class Sheet:
    """A terminal's face that keeps what was written."""

    opening = ""

    def __init__(self) -> None:
        self._shown: list[Shown] = []

    async def lines(self) -> AsyncIterator[str]:
        for line in tuple[str, ...]():
            yield line

    def write(self, drawn: Sequence[Drawn], labels: Sequence[str]) -> None:
        self._shown.append((drawn, labels))

    def taken(self) -> list[Shown]:
        shown, self._shown = self._shown, []
        return shown


class Seat:
    """One person at a terminal. What is pressed in the story is typed here, as its label stands."""

    def __init__(self, handle: Handle, who: str, language: str, *, exact: bool) -> None:
        self._handle = handle
        self._exact = exact  # the story is the terminal's own: every character is listed
        self._words = Words(language_of(language), SCRIPTS[language])
        self._sheet = Sheet()
        self._console = Console(self._served, lambda: self._words, self._sheet, Speaker(who, who, language))

    async def _served(self, incoming: Incoming) -> Said:
        said = await self._handle(incoming)
        self._words = Words(language_of(said.reader.language), said.reader.script)
        return said

    async def answers(self, said: str, listed: list[str]) -> list[str]:
        """What is shown to a line of a story: as it is listed there, where nothing else is shown."""
        if said == "(runs studybot chat)":
            await self._console.hear("/start")
        elif not said.startswith("("):
            await self._console.hear(said[1:-1] if said.startswith("[") else said)
        shown = self._sheet.taken()
        heads = [*listed, *[""] * len(shown)]
        return [self._alike(one, head) for one, head in zip(shown, heads, strict=False)]

    def _alike(self, shown: Shown, listed: str) -> str:
        """The listed message where the terminal shows its texts and offers its buttons; else what it shows."""
        drawn, offered = shown
        lines = [line.text.strip() for line in drawn]
        plain = "bot: " + "\n  ".join(lines)
        if self._exact:
            return plain
        texts, buttons = parts(listed)
        left = [line for line in lines if not self._is_button(line, buttons) or line in texts]
        if left and self._is_tail(left[-1]) and left[-1] not in texts:
            left.pop()
        return listed if left == texts and self._offers(offered, buttons) else plain

    def _is_button(self, line: str, buttons: Sequence[str]) -> bool:
        return any(line == label or re.fullmatch(rf"\d+ {re.escape(label)}", line) for label in buttons)

    def _is_tail(self, line: str) -> bool:
        args = {"labels": "", "example": "", "more": ""}
        heads = (re.split(r"[：:。.]|，比如", self._words.say(Text(key, args)))[0] for key in TAILS)
        return any(line.startswith(head) for head in heads)

    def _offers(self, offered: Sequence[str], buttons: Sequence[str]) -> bool:
        """Whether each button can be typed; submitting goes by typing the letters together."""
        known = {fold(label) for label in offered}
        letters = {label.split(" ")[0] for label in offered}
        submit = self._words.say(Text("submit"))
        return all(fold(label) in known or label in letters or label == submit for label in buttons)


def parts(listed: str) -> tuple[list[str], list[str]]:
    """A listed message's lines of text, and its buttons' labels."""
    lines = [line.strip() for line in listed.partition(": ")[2].split("\n")]
    buttons = [label for line in lines if line.startswith("[") for label in re.findall(r"\[([^\]]+)\]", line)]
    return [line for line in lines if not line.startswith("[") and line != "…"], buttons
