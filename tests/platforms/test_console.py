"""The conversation in the terminal, over a face and a core made for tests."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.domain.prompt import Block, Choice, Prompt, Quote, Text
from bot.domain.question import LearnerId
from bot.platforms.console import Console, Speaker
from bot.platforms.console.drawer import Drawer
from bot.platforms.console.loop import LONGEST
from bot.platforms.console.view import Line
from bot.ports.chat import File, Incoming, Reader, Reply, Rows, Said
from bot.texts import Words

HANS = Words("zh-Hans", "zh-Hans")
ENGLISH = Words("en", "written")


def row(*keys: str) -> Rows:
    return (tuple(Choice(f"go:{key}", Text(key)) for key in keys),)


BOOLEAN = Prompt(
    "boolean",
    (Quote("把权重从 FP32 换成 INT8，模型精度一定不变。"),),
    "one",
    (Choice("a:1:0", Text("true")), Choice("a:1:1", Text("false"))),
    (Choice("a:1:x", Text("unknown")), Choice("a:1:h", Text("hint"))),
)
VERDICT = Reply(
    (
        Text("verdict.single.right", {"answer": Text("option", {"letter": "B", "text": Quote("新加的低秩矩阵")})}),
        Text("tail.next", {"when": Text("when.days", count=2)}),
    ),
    (*row("button.next"), *row("button.guessed", "button.undo", "button.report")),
)


class Script:
    """A face for tests: lines from a list, messages into a list."""

    def __init__(self, *typed: str, opening: str = "") -> None:
        self.opening = opening
        self.typed = typed
        self.shown: list[str] = []
        self.labels: Sequence[str] = ()

    async def lines(self) -> AsyncIterator[str]:
        for line in self.typed:
            yield line

    def write(self, drawn: Sequence[Line], labels: Sequence[str]) -> None:
        self.shown.append("\n".join(line.text for line in drawn))
        self.labels = labels


class Core:
    """A core that remembers what came and answers from a table by the words, else nothing."""

    def __init__(self, **answers: Sequence[Reply]) -> None:
        self.answers = answers
        self.heard: list[tuple[str, str]] = []
        self.whole: list[Incoming] = []

    async def handle(self, incoming: Incoming) -> Said:
        self.heard.append((incoming.kind, incoming.words))
        self.whole.append(incoming)
        answer = self.answers.get(incoming.words.strip("/").replace(":", "_").replace(".", "_"), ())
        return Said(tuple(answer), Reader("zh-Hans", "zh-Hans"))


SPEAKER = Speaker("me", "here", "zh_CN")


async def talk(core: Core, face: Script) -> None:
    await Console(core.handle, lambda: HANS, face, SPEAKER).run()


async def test_what_is_typed_becomes_command_press_or_text() -> None:
    """A slash is a command, full-width too; a label is a press; all else is text, and nothing is nothing."""
    core = Core(study=[Reply(prompt=BOOLEAN)])
    await talk(core, Script("/study", "", "  ", "／stats", "不会", "b", "/sets x"))

    assert core.heard == [
        ("command", "/study"),
        ("command", "/stats"),
        ("press", "a:1:x"),
        ("text", "b"),
        ("command", "/sets x"),
    ]


async def test_every_incoming_says_who_and_where() -> None:
    """Platform, account, room and the locale's tag stand in each."""
    core = Core()
    await talk(core, Script("hello"))

    assert core.whole == [Incoming("text", "terminal", "me", "here", "hello", language="zh_CN", first=True)]


async def test_a_face_with_an_opening_speaks_first() -> None:
    """At the keyboard the first question comes by itself; through a pipe nothing is said unasked."""
    core = Core(start=[Reply(prompt=BOOLEAN)])
    await talk(core, Script(opening="/start"))

    assert core.heard == [("command", "/start")]


async def test_an_edited_message_has_only_its_new_labels() -> None:
    """After Report, Undo of that message is gone; after Back it is there again."""
    core = Core(
        study=[VERDICT],
        go_button_report=[Reply((Text("report.ask"),), row("report.key", "button.back"), edit=True)],
        go_button_back=[replace(VERDICT, edit=True)],
    )
    face = Script("/study", "题目有误", "撤销", "返回", "撤销")
    await talk(core, face)

    assert core.heard[2:] == [("text", "撤销"), ("press", "go:button.back"), ("press", "go:button.undo")]


async def test_an_edit_after_typed_text_is_the_newest_message() -> None:
    """What was answered by typing loses its labels, too."""
    core = Core(study=[Reply(prompt=BOOLEAN)], b=[Reply((Quote("ok"),), edit=True)])
    await talk(core, Script("/study", "b", "提示"))

    assert core.heard[-1] == ("text", "提示")


async def test_the_language_may_change_in_the_middle() -> None:
    """The words are asked for before each message."""
    spoken = [HANS]
    core = Core(study=[Reply(prompt=BOOLEAN)])
    face = Script("/study")
    console = Console(core.handle, lambda: spoken[0], face, SPEAKER)
    await console.run()
    spoken[0] = ENGLISH
    await console.run()

    assert [shown.split("\n")[-1] for shown in face.shown] == ["也可以打：不会、提示", "Or type: Don't know, Hint"]


async def test_a_line_that_is_too_long_is_not_taken() -> None:
    """Half a paste is no answer: it is told, and nothing reaches the core."""
    core = Core()
    face = Script("y" * (LONGEST + 1), "y" * LONGEST)
    await talk(core, face)

    assert face.shown == ["这一行太长，没有收下。一行最多 10000 个字。"]
    assert core.heard == [("text", "y" * LONGEST)]


async def test_controls_are_dropped() -> None:
    """What steers a terminal does not reach the core."""
    core = Core()
    await talk(core, Script("\x1b[31mx\x07"))

    assert core.heard == [("text", "x")]


async def test_a_bare_slash_is_a_command() -> None:
    """Even an unfinished one is not taken for an answer."""
    core = Core()
    await talk(core, Script("/"))

    assert core.heard == [("command", "/")]


async def test_a_label_that_is_not_on_screen_says_that_it_is_one() -> None:
    """The core must know that 下一题 is no answer to a gap."""
    core = Core()
    await talk(core, Script("下一题", "学生"))

    assert [(one.kind, one.words, one.label) for one in core.whole] == [
        ("text", "下一题", True),
        ("text", "学生", False),
    ]


async def test_submitting_without_a_choice_is_a_press() -> None:
    """提交 is not offered before anything is chosen, and means the button all the same."""
    many = replace(BOOLEAN, kind="multiple", takes="many", extras=(Choice("a:1:s", Text("submit")),))
    core = Core(study=[Reply(prompt=many)])
    await talk(core, Script("/study", "提交"))

    assert core.heard[-1] == ("press", "a:1:s")


async def test_below_a_list_only_what_it_lists_is_understood() -> None:
    """What names nothing is no answer to a question above the list; its letters and labels still are."""
    menu = [
        Reply((Text("menu.ask"),), row("button.next", "button.undo", "button.report", "button.back", "button.more"))
    ]
    single = replace(BOOLEAN, choices=(Choice("a:1:0", Quote("一"), "A"), Choice("a:1:1", Quote("二"), "B")))
    core = Core(study=[Reply(prompt=single)], menu=menu)
    face = Script("/study", "/menu", "7", "随便", "b", "不会", "2")
    await talk(core, face)

    assert face.shown[2:] == ["没看懂。打序号或名称。", "没看懂。打序号或名称。"]
    assert core.heard[2:] == [("text", "b"), ("press", "a:1:x"), ("press", "go:button.undo")]


async def test_below_a_list_of_numbers_the_names_are_told() -> None:
    """7 is no goal, and no answer to a question above."""
    goals = (*(Choice(f"c:{n}", Text("goal.n", count=n), marked=n == 5) for n in (1, 5, 10)), Choice("b", Quote("x")))
    core = Core(goal=[Reply((Text("goal.ask"),), (goals,))])
    face = Script("/goal", "7", "10")
    await talk(core, face)

    assert face.shown[1] == "没看懂。可以打：1 题、✓ 5 题、10 题、x"
    assert face.shown[2:] == ["没看懂。可以打：1 题、✓ 5 题、10 题、x"]


async def test_the_first_line_says_that_nothing_is_on_screen() -> None:
    """The core shows a waiting question again to who has just come."""
    core = Core()
    await talk(core, Script("/study", "/study"))

    assert [one.first for one in core.whole] == [True, False]


async def test_a_file_is_put_beside(tmp_path: Path) -> None:
    """What is sent lies in the folder, never in the place of another, and the path is told."""

    async def made(file: File, say: Callable[[Block], str]) -> bytes:
        return f"{file.learner} {say(Text('unknown'))}".encode()

    here = Reply((Quote("Here."),), file=File("all.zip", LearnerId(7)))
    face, core = Script("/mydata", "/mydata", "/mydata"), Core(mydata=(here,))
    await Console(core.handle, lambda: ENGLISH, face, SPEAKER, drawer=Drawer(made, tmp_path)).run()
    names = ["all.zip", "all-2.zip", "all-3.zip"]

    assert face.shown == [f"Here.\nSaved as {tmp_path / name}" for name in names]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"7 Don't know"] * 3
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in names} == {0o600}
