"""The right answer to a question, as somebody who knows it types it."""

from collections.abc import Sequence

from bot.domain.kinds import blank, boolean, multiple, single
from bot.ports.reads import Sitting


def right(sitting: Sitting) -> str:
    """Letters as they were shown, true or false, the blanks with commas between."""
    body, order = sitting.card.revision.body, sitting.ask.shown
    match body:
        case single.Body():
            return _letters((body.right,), order)
        case multiple.Body():
            return _letters(body.right, order)
        case boolean.Body():
            return "正确" if body.truth else "错误"
        case blank.Body():
            return "，".join(one.accept[0] for one in body.blanks)
        case _:
            raise AssertionError(f"nobody answers {sitting.card.revision.kind} in passing")


def _letters(options: Sequence[int], order: Sequence[int]) -> str:
    return "".join(sorted("ABCDEFGH"[order.index(option)] for option in options))
