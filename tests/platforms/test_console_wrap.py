"""Lines broken to the width of a terminal."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.console.wrap import columns, wrapped


def test_chinese_is_broken_between_characters_and_never_before_a_stop() -> None:
    """Continuing lines are set in, and a closing mark stays with what it closes."""
    assert wrapped("  A 每台设备放完整模型，各算一份。", 14, 4) == [
        "  A 每台设备放",
        "    完整模型，",
        "    各算一份。",
    ]


def test_english_is_broken_between_words() -> None:
    """A number with a point is one word."""
    assert wrapped("see section 4.1, please", 13) == ["see section", "4.1, please"]


def test_what_is_wider_than_a_line_is_cut() -> None:
    """A long address does not push the line over the edge."""
    assert wrapped("x" * 10, 4) == ["xxxx", "xxxx", "xx"]


def test_a_terminal_too_narrow_to_break_for_is_left_alone() -> None:
    """Where hardly anything fits, the terminal breaks the line itself."""
    assert wrapped("  A 很长的选项", 5, 4) == ["  A 很长的选项"]


@example(" 「。。）", 8, 0)
@given(st.text(alphabet="ab 4.1,每台设备，。（）「」e\u0301"), st.integers(8, 30), st.integers(0, 4))
def test_no_line_is_wider_than_the_terminal(line: str, width: int, hang: int) -> None:
    """Nothing is lost but the spaces at which a line was broken."""
    parts = wrapped(line, width, hang)

    assert "".join(line.split()) == "".join("".join(parts).split())
    assert all(columns(part) <= width for part in parts)
