"""The face of a person: a prompt with history and completion, colours that say nothing the words do not."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.styles import Style
from rich.console import Console as Screen
from rich.text import Text as Coloured

from bot.domain.prompt import Text
from bot.platforms.console.view import Line, Tone
from bot.platforms.console.wrap import wrapped
from bot.platforms.platform import Command
from bot.texts import Words, fold

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

_MARK = "› "
_WIDEST = 88  # columns: forty-four Chinese characters are read without losing the line
_COLOURS: dict[Tone, str] = {
    "plain": "",
    "kind": "bold cyan",
    "option": "cyan",
    "aside": "dim",
    "right": "bold green",
    "partial": "bold yellow",
    "wrong": "bold red",
    "noted": "bold blue",
}
_STYLE = Style.from_dict({"mark": "ansicyan bold", "bottom-toolbar": "noreverse ansibrightblack"})


class Offered(Completer):
    """Completes commands after a slash, and otherwise the labels that can be typed."""

    def __init__(self, words: Callable[[], Words], commands: Sequence[Command]) -> None:
        self._words = words
        self._commands = commands
        self.labels: Sequence[str] = ()

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith("/"):
            words = self._words()
            for name, purpose in [(one.name, one.about) for one in self._commands]:
                if f"/{name}".startswith(typed):
                    yield Completion(f"/{name}", -len(typed), display_meta=words.say(purpose))
            return
        for label in self.labels:
            if fold(label).startswith(fold(typed)):
                yield Completion(label, -len(typed))


def remembered(path: Path | None) -> History:
    """The lines typed before, from a file for its owner alone; none are kept where it cannot be written."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("ab"):
            return FileHistory(path)
    except OSError:
        return InMemoryHistory()  # a read-only folder must not end the chat


class Keyboard:
    """A terminal with a person before it. ``source`` and ``target`` are the real ones unless given."""

    opening = "/start"

    def __init__(
        self,
        words: Callable[[], Words],
        commands: Sequence[Command],
        history: Path | None = None,
        *,
        source: "Input | None" = None,
        target: "Output | None" = None,
    ) -> None:
        self._words = words
        self._completer = Offered(words, commands)
        self._screen = Screen(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._session: PromptSession[str] = PromptSession(
            FormattedText([("class:mark", _MARK)]),
            history=remembered(history),
            completer=self._completer,
            complete_while_typing=Condition(lambda: self._session.default_buffer.text.startswith("/")),
            bottom_toolbar=lambda: words().say(Text("terminal.keys")),
            style=_STYLE,
            reserve_space_for_menu=4,
            enable_suspend=True,
            input=source,
            output=target,
        )

    async def lines(self) -> AsyncIterator[str]:
        """What is typed; Ctrl-C takes back a line begun, and ends on an empty one, as Ctrl-D does."""
        while True:
            self._screen.print()
            try:
                yield await self._session.prompt_async()
            except KeyboardInterrupt:
                if not self._session.default_buffer.text:
                    break
            except EOFError:
                break
        self._screen.print(self._words().say(Text("terminal.bye")), style="dim")

    def write(self, drawn: Sequence[Line], labels: Sequence[str]) -> None:
        self._completer.labels = labels
        self._screen.print()
        for line in drawn:
            self._screen.print(_coloured(line, min(get_terminal_size().columns, _WIDEST)))


def _coloured(line: Line, width: int) -> Coloured:
    """The line broken to the width; its accent is counted in the characters before breaking, all or on line one."""
    parts = wrapped(line.text, width, line.hang)
    text = Coloured("\n".join(parts))
    accent = len(text) if line.accent == len(line.text) else min(line.accent, len(parts[0]))
    text.stylize(_COLOURS[line.tone], 0, accent)
    return text
