"""What every platform keeps, run over all that are listed, and none may be left out of the list."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import bot.platforms
from bot.domain.prompt import Choice, Picture, Prompt, Quote, Text
from bot.platforms import platforms
from bot.platforms.console import Console, Speaker
from bot.platforms.console.view import Line
from bot.platforms.platform import Handle, Platform
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.texts import Words
from tests.fakes.discord_screen import read
from tests.fakes.telegram_chats import Person
from tests.fakes.wired import wired
from tests.fakes.wired_discord import wired as wired_discord

Rig = Callable[[Handle, Words, Sequence[str]], Awaitable[str]]  # a wire that carries these lines: what it showed

WORDS = Words("en", "written")
ASKED = Prompt(
    "single",
    (Quote("Which <b>one</b>?\x1b[2J"),),
    "one",
    (Choice("a:7:0", Quote("This & that"), "A"), Choice("a:7:1", Quote("Neither"), "B")),
    (Choice("a:7:x", Text("unknown")),),
)
REPLIES = (
    Reply(prompt=ASKED, footer=Text("daily.last_line", {"set": Quote("Set")}), slot="ask:7"),
    Reply((Quote("kept in view"),), ((Choice("go:next", Text("button.next")),),), private=True),
    Reply((Picture("00", Quote("a curve")),), kept=(Quote("above"),), edit=True, redraw=True, prompt=ASKED),
    Reply(edit=True),
)


class Face:
    """The console's wire for tests."""

    opening = ""

    def __init__(self, typed: Sequence[str]) -> None:
        self._typed = typed
        self.shown: list[str] = []

    async def lines(self) -> AsyncIterator[str]:
        for line in self._typed:
            yield line

    def write(self, drawn: Sequence[Line], labels: Sequence[str]) -> None:
        del labels
        self.shown.extend(line.text for line in drawn)


async def console(handle: Handle, words: Words, typed: Sequence[str]) -> str:
    face = Face(typed)
    await Console(handle, lambda: words, face, Speaker("person", "place", "en_GB")).run()
    return "\n".join(face.shown)


async def telegram(handle: Handle, words: Words, typed: Sequence[str]) -> str:
    """Each line is typed, or pressed where a button says it; what a person sees of every message at the end."""
    del words  # those of the reader

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        return (await handle(incoming)).replies

    with TemporaryDirectory() as folder:
        async with wired(Path(folder), answers) as wire:
            lin = wire.server.person("lin", language_code="en-GB")
            for count, line in enumerate(typed, start=1):
                _types(lin, line)
                await wire.server.until(lambda count=count: len(wire.heard) == count)  # type: ignore[misc]
                await wire.quiet()
            return "\n".join(" ".join([one.text, *chain(*one.keyboard)]) for one in lin.chat.seen(lin) if not one.by)


async def discord(handle: Handle, words: Words, typed: Sequence[str]) -> str:
    """The same in a private chat there."""
    del words  # those of the reader

    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        return (await handle(incoming)).replies

    with TemporaryDirectory() as folder:
        async with wired_discord(Path(folder), answers) as wire:
            lin = wire.server.person("lin", locale="en-GB")
            wire.server.guild("a server that both are in", owner=lin)
            for line in typed:
                try:
                    lin.presses(line)
                except LookupError:
                    lin.says(line)
                await wire.quiet()
            shown = await wire.seen(lin)
            return "\n".join(" ".join([read(one.text).text, *chain(*one.keyboard)]) for one in shown)


def _types(person: Person, line: str) -> None:
    try:
        person.presses(line)
    except LookupError:
        person.says(line)


RIGS: dict[str, Rig] = {"terminal": console, "telegram": telegram, "discord": discord}


class Core:
    """Answers everything with the replies it was given, and remembers what came."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = replies
        self.heard: list[Incoming] = []

    async def handle(self, incoming: Incoming) -> Said:
        self.heard.append(incoming)
        return Said(self.replies, Reader("en", "written"))


def test_every_folder_is_listed_once() -> None:
    """A platform that is not in platforms() is a platform that does not run."""
    folders = {path.parent.name for path in Path(bot.platforms.__file__).parent.glob("*/__init__.py")}
    listed = [platform.__module__.split(".")[2] for platform in platforms()]

    assert sorted(folders) == sorted(listed)


def test_names_are_one_a_platform_and_each_is_tested() -> None:
    """A name stands in the database beside every account: two platforms never share one."""
    assert sorted(platform.name for platform in platforms()) == sorted(RIGS)


@pytest.fixture(params=platforms(), ids=lambda platform: platform.name)
def platform(request: pytest.FixtureRequest) -> type[Platform]:
    found: type[Platform] = request.param
    return found


async def test_what_arrives_reaches_the_core_in_order(platform: type[Platform]) -> None:
    """Commands and texts come as they were sent, under the platform's name, all from one person in one place."""
    core = Core()
    await RIGS[platform.name](core.handle, WORDS, ["/study x", "first", "second"])

    assert [(one.kind, one.words) for one in core.heard] == [
        ("command", "/study x"),
        ("text", "first"),
        ("text", "second"),
    ]
    assert {(one.platform, one.account != "", one.room != "") for one in core.heard} == {(platform.name, True, True)}


@pytest.mark.parametrize(("label", "action"), [("A This & that", "a:7:0"), ("Don't know", "a:7:x")])
async def test_what_is_shown_can_be_pressed(platform: type[Platform], label: str, action: str) -> None:
    """A press brings the action of the choice with that label, unchanged."""
    core = Core(Reply(prompt=ASKED))
    await RIGS[platform.name](core.handle, WORDS, ["/study", label])

    assert (core.heard[-1].kind, core.heard[-1].words) == ("press", action)


async def test_every_shape_of_reply_is_shown(platform: type[Platform]) -> None:
    """A question, a private word, a picture, an edit, an empty edit: none is lost, none raises."""
    shown = await RIGS[platform.name](Core(*REPLIES).handle, WORDS, ["/study"])

    for words in ("This & that", "Daily question · Set", "kept in view", "Next", "a curve"):
        assert words in shown


async def test_content_can_do_nothing_but_be_read(platform: type[Platform]) -> None:
    """Markup in a question is shown as it was written, and steers no screen."""
    shown = await RIGS[platform.name](Core(Reply(prompt=ASKED)).handle, WORDS, ["/study"])

    assert "Which <b>one</b>?" in shown
    assert "\x1b" not in shown


async def test_a_typed_label_says_that_it_is_one(platform: type[Platform]) -> None:
    """Whoever types what a button is called means the button: the core is told."""
    core = Core()
    await RIGS[platform.name](core.handle, WORDS, ["Report", "LoRA"])

    assert [one.label for one in core.heard] == [True, False]
