"""The loop: a line typed becomes an Incoming, the replies become lines drawn."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from bot.domain.prompt import Text
from bot.platforms.console.drawer import Drawer
from bot.platforms.console.labels import Offer, Offers, offer
from bot.platforms.console.view import Line, clean, lines
from bot.platforms.platform import Handle, no_files
from bot.ports.chat import Incoming, Reply
from bot.texts import Words

LONGEST = 10_000  # characters of a line that are read
SLASHES = "/／"  # the full-width one comes from a Chinese keyboard


class Face(Protocol):
    """Where lines come from and go to: a keyboard and a screen, or a pipe.

    ``opening`` is said in the person's place at the beginning, unless it is empty.
    """

    opening: str

    def lines(self) -> AsyncIterator[str]:
        """What is typed, a line an utterance, until the person or the input ends."""
        ...

    def write(self, drawn: Sequence[Line], labels: Sequence[str]) -> None:
        """Shows one message; ``labels`` are all that can be typed now, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who sits there: the terminal's own ids, and the locale's language tag."""

    account: str
    room: str
    language: str | None = None


class Console:
    """A conversation in the terminal."""

    name: ClassVar[str] = "terminal"

    def __init__(
        self,
        handle: Handle,
        words: Callable[[], Words],
        face: Face,
        speaker: Speaker,
        *,
        drawer: Drawer = Drawer(no_files),  # noqa: B008 - frozen
    ) -> None:
        self._drawer = drawer
        self._handle = handle
        self._words = words
        self._face = face
        self._speaker = speaker
        self._offers = Offers()
        self._first = True  # nothing was shown yet

    async def run(self) -> None:
        if self._face.opening:
            await self.hear(self._face.opening)
        async for line in self._face.lines():
            await self.hear(line)

    async def hear(self, line: str) -> None:
        """One utterance, and all that is answered; nothing is no utterance."""
        if len(line) > LONGEST:
            self._show(Reply(blocks=(Text("terminal.too_long", count=LONGEST),)), None)
            return
        said = clean(line).strip()
        if not said:
            return
        below = None if said[0] in SLASHES else self._offers.list_below(said)
        if below is not None:
            self._show(Reply(blocks=(_unclear(below),)), None)
            return
        incoming, pressed = self._incoming(said)
        answer = await self._handle(replace(incoming, first=self._first))
        self._first = False
        for reply in [await self._with_file(reply) for reply in answer.replies]:
            self._show(reply, (pressed or self._offers.newest) if reply.edit else None)
            pressed = None if reply.edit else pressed

    def _incoming(self, said: str) -> tuple[Incoming, Offer | None]:
        who = self._speaker
        if said[0] in SLASHES:
            return Incoming("command", self.name, who.account, who.room, "/" + said[1:], language=who.language), None
        meant = self._offers.meant(said)
        if meant is None:
            label = self._words().is_label(said)
            return Incoming("text", self.name, who.account, who.room, said, language=who.language, label=label), None
        action, pressed = meant
        return Incoming("press", self.name, who.account, who.room, action, language=who.language), pressed

    async def _with_file(self, reply: Reply) -> Reply:
        """The reply, its file put away, with a line that says where."""
        if reply.file is None:
            return reply
        path = await self._drawer.put(reply.file, self._words().say)
        return replace(reply, blocks=(*reply.blocks, Text("terminal.saved", {"path": str(path)})))

    def _show(self, reply: Reply, edited: Offer | None) -> None:
        words = self._words()
        self._offers.add(offer(reply, words), instead=edited)
        drawn = lines(reply, words)
        if drawn:  # nothing, when an edit only takes buttons away
            self._face.write(drawn, self._offers.labels)


def _unclear(below: Offer) -> Text:
    """What is said to a line that means nothing in a list."""
    return Text("terminal.unclear") if below.numbers else Text("terminal.unclear_name", {"labels": below.labels})
