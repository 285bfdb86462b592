"""What every platform keeps, run over all that are listed, and none may be left out of the list."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

import bot.platforms
from bot.domain.prompt import Choice, Picture, Prompt, Quote, Text
from bot.platforms import PLATFORMS
from bot.platforms.console import Console, Speaker
from bot.platforms.console.view import Line
from bot.platforms.platform import Handle, Platform
from bot.ports.chat import Incoming, Reply
from bot.texts import Words

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


RIGS: dict[str, Rig] = {"terminal": console}


class Core:
    """Answers everything with the replies it was given, and remembers what came."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = replies
        self.heard: list[Incoming] = []

    async def handle(self, incoming: Incoming) -> Sequence[Reply]:
        self.heard.append(incoming)
        return self.replies


def test_every_folder_is_listed_once() -> None:
    """A platform that is not in PLATFORMS is a platform that does not run."""
    folders = {path.parent.name for path in Path(bot.platforms.__file__).parent.glob("*/__init__.py")}
    listed = [platform.__module__.split(".")[2] for platform in PLATFORMS]

    assert sorted(folders) == sorted(listed)


def test_names_are_one_a_platform_and_each_is_tested() -> None:
    """A name stands in the database beside every account: two platforms never share one."""
    assert sorted(platform.name for platform in PLATFORMS) == sorted(RIGS)


@pytest.fixture(params=PLATFORMS, ids=lambda platform: platform.name)
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
