"""What a person reads about a file that was read."""

import ast
import io
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.domain.prompt import Text
from bot.domain.question import Doubt, Draft, Pair, Reading, Remark
from bot.formats import paper
from bot.platforms.console import report
from bot.texts import Words

ROOT = Path(__file__).parents[2]
ENGLISH = Words("en", "written")
DRAFT = Draft("boolean", "二是偶数。", truth=True, section="一、判断题", number=1, line=3)


def cells(reading: Reading) -> list[str]:
    """The table's lines, a blank between two cells."""
    screen = Console(file=io.StringIO(), width=80)
    with screen.capture() as drawn:
        screen.print(report.table(reading, ENGLISH))
    return [" ".join(line.split()) for line in drawn.get().splitlines()]


def test_a_row_a_section_and_kind() -> None:
    """With how many questions there are, and how many of them are doubtful."""
    doubtful = Draft("single", "哪个？", section="二、单选题", doubts=(Doubt("no-key", ""),))

    assert cells(Reading("", (DRAFT, DRAFT, doubtful))) == [
        "Section Kind Questions Doubtful",
        "一、判断题 true or false 2",
        "二、单选题 choose one 1 1",
    ]


def test_without_sections_there_is_no_column_of_them() -> None:
    """A pack has topics, not sections."""
    assert cells(Reading("", (Draft("boolean", "二是偶数。", truth=True),))) == [
        "Kind Questions Doubtful",
        "true or false 1",
    ]


@pytest.mark.parametrize(
    ("remarks", "words"),
    [
        ((Remark(None, "count", ""),), "Promised by the headings: 1. Found: 2 questions."),
        ((), "2 questions were found."),
    ],
)
def test_what_is_promised_is_told_where_it_is_not_kept(remarks: tuple[Remark, ...], words: str) -> None:
    """In words that fit any number; not where only one of two headings promises anything."""
    reading = Reading("", (DRAFT, DRAFT), promised=1, remarks=remarks, pairs=(Pair(0, 1, "exact"),))

    assert next(report.summary(reading, ENGLISH)) == words


def test_what_was_noticed_besides_is_told() -> None:
    """With its line where it has one; of more than are read it is said how many."""
    differs = Remark(7, "key-differs", "")
    remarks = (Remark(None, "near-not-sought", ""), *(differs,) * report.MOST_LISTED)
    told = [*report.summary(Reading("", (DRAFT,), remarks=remarks), ENGLISH)]

    assert told[1:3] == [
        "With so many questions similar ones were looked for only in part.",
        "Line 7: the same question has another key further up, and that one is kept.",
    ]
    assert told[-1] == "  and 1 more."


def test_every_remark_of_the_paper_reader_has_its_words() -> None:
    """All but the count of all questions, which is told first; each code stands in the description of the JSON."""
    made = {
        str(one.args[1].value)
        for path in Path(paper.__file__).parent.glob("*.py")
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "Remark"
        if isinstance(one.args[1], ast.Constant)
    }

    described = (ROOT / "docs" / "admins.md").read_text(encoding="utf-8")

    assert "key-differs" in made
    assert [code for code in made if f"`{code}`" not in described] == []
    assert all(ENGLISH.say(Text(f"remark.{code}")).endswith(".") for code in made - {"count"})


def test_repeats_are_named_by_line_where_numbers_restart() -> None:
    """Two questions 1 of two sections are told apart; of more pairs than are read it is said how many."""
    first, again = (replace(DRAFT, section=section, line=line) for section, line in (("一", 3), ("二", 9)))
    pairs = (*(Pair(0, 1, "near"),) * report.MOST_LISTED, Pair(1, 2, "exact"), Pair(1, 2, "exact"))
    told = [*report.summary(Reading("", (first, again, replace(DRAFT, number=2)), pairs=pairs), ENGLISH)]

    assert (
        told[1]
        == "Alike: question 1 (true or false) on line 3 and question 1 (true or false) on line 9; both are kept."
    )
    assert told[report.MOST_LISTED + 1 :] == ["  and 2 more."]


def test_a_report_is_in_one_language_and_one_script() -> None:
    """Doubts are told by the reader's catalogue; title and lines have one script."""
    doubtful = Draft("single", "哪個？", line=7, doubts=(Doubt("same-options", "options: two say the same"),))
    reading = Reading("測試題", (doubtful,))
    words = Words("zh-Hans", "zh-Hans")
    printed = io.StringIO()
    with redirect_stdout(printed):
        report.show_table(reading, words)
        report.show(report.summary(reading, words))
    lines = printed.getvalue().splitlines()

    assert lines[0] == "测试题"
    assert lines[-1] == "  第 7 行，单选 1：same-options（有两个选项一样）"


def test_lines_break_where_words_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a screen; what goes on stands farther in than what began."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    printed = io.StringIO()
    with redirect_stdout(printed):
        report.show(["Imported a paper with very many questions.", "  line 7: something is doubtful about it"])

    assert printed.getvalue().splitlines() == [
        "Imported a paper with very",
        "many questions.",
        "  line 7: something is",
        "    doubtful about it",
    ]
