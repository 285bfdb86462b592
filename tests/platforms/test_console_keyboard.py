"""The face of a person, driven through prompt_toolkit's own pipe: keys in, lines out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.domain.prompt import Text
from bot.platforms.console.keyboard import Keyboard, Offered, remembered
from bot.platforms.console.view import Line
from bot.platforms.platform import Command
from bot.texts import Words

HANS = Words("zh-Hans", "zh-Hans")
COMMANDS = tuple(
    Command(name, Text(f"command.{name}"), Text(f"command.{name}.about")) for name in ("study", "stats", "sets")
)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as source:
        yield source


def keyboard(keys: PipeInput) -> Keyboard:
    return Keyboard(lambda: HANS, COMMANDS, source=keys, target=DummyOutput())


async def test_lines_come_until_control_d(keys: PipeInput, capsys: pytest.CaptureFixture[str]) -> None:
    """What is typed is read line by line; the end is told in one sentence."""
    keys.send_text("/study\rb\r\x04")
    heard = [line async for line in keyboard(keys).lines()]

    assert heard == ["/study", "b"]
    assert capsys.readouterr().out.endswith("都存好了，下次接着练。\n")


async def test_control_c_takes_back_a_line_then_ends(keys: PipeInput) -> None:
    """The first one clears what was begun, the next one ends the chat."""
    keys.send_text("abc\x03d\r\x03")

    assert [line async for line in keyboard(keys).lines()] == ["d"]


def test_a_message_is_printed_below_a_blank_line(keys: PipeInput, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal behind it the same words stand there without colours."""
    keyboard(keys).write([Line("✓ 答对了。B", "right", 5), Line("也可以打：下一题", "aside", 8)], ("下一题",))

    assert capsys.readouterr().out == "\n✓ 答对了。B\n也可以打：下一题\n"


def completed(completer: Offered, typed: str) -> list[str]:
    found = completer.get_completions(Document(typed), CompleteEvent())
    return [f"{one.text} {one.display_meta_text}".strip() for one in found]


def test_a_slash_completes_commands_with_what_they_are_for() -> None:
    """The meaning stands beside each, in the reader's language."""
    assert completed(Offered(lambda: HANS, COMMANDS), "/st") == [
        "/study 出一题；再发一次，自己选练什么",
        "/stats 学了多少，哪些到期，连续几天",
    ]


def test_every_command_completes() -> None:
    """Also one that does not stand in the menu: Tab lists what can be typed."""
    undo = Command("undo", Text("command.undo"), Text("command.undo.about"), listed=False)

    assert completed(Offered(lambda: HANS, (undo,)), "/u") == ["/undo 撤销上一次作答，这题明天再出"]


def test_labels_complete_from_their_beginning() -> None:
    """With nothing typed all of them are listed."""
    completer = Offered(lambda: HANS, COMMANDS)
    completer.labels = ("下一题", "Don't know")

    assert completed(completer, "") == ["下一题", "Don't know"]
    assert completed(completer, "DON’T") == ["Don't know"]


def test_history_is_the_owners_alone(tmp_path: Path) -> None:
    """The lines typed are kept in a file that nobody else reads."""
    remembered(tmp_path / "new" / "history").store_string("/study")

    assert (tmp_path / "new" / "history").stat().st_mode & 0o077 == 0


def test_history_that_cannot_be_written_is_not_kept(tmp_path: Path) -> None:
    """A folder in the file's place does not end the chat."""
    remembered(tmp_path).store_string("/study")

    assert list(tmp_path.iterdir()) == []
