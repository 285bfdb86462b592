"""What was answered, told in few words."""

import pytest

from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Arg, Quote, Text
from bot.domain.question import KindName

SHOWN = (2, 0, 1)


@pytest.mark.parametrize(
    ("kind", "marked", "texts", "expected"),
    [
        ("single", (0,), (), ("B",)),
        ("multiple", (0, 2), (), ("A", "B")),
        ("boolean", (0,), (), Text("true")),
        ("boolean", (1,), (), Text("false")),
        ("blank", (), ("FP16", ""), (Quote("FP16"), Quote(""))),
        ("case", (0, 1), ("a page of writing",), None),
    ],
)
def test_what_was_answered(
    kind: KindName, marked: tuple[int, ...], texts: tuple[str, ...], expected: Arg | None
) -> None:
    """Letters as they were shown, true or false, texts as typed; a page of writing is not told again."""
    assert expected == BY_NAME[kind].given(SHOWN, marked, texts)
