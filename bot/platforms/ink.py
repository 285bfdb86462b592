"""The drawing process: formulas on its input, PNGs on its output, one after the other, until the input ends."""

# A request is a line of JSON, a list of LaTeX sources; the answer is four bytes of length and a PNG, of length 0 where
# it cannot be drawn. It runs as ``python -m bot.platforms.ink`` and is the only place that loads matplotlib.

import json
import logging
import re
import resource
import sys
from io import BytesIO
from typing import BinaryIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from bot.platforms.symbols import SIZES

_DPI = 300
_POINTS = 17  # about 1.3 times the text of a chat, when the picture is as wide as a phone
_LEAST_PIXELS = (1000, 240)  # a narrower picture is blown up, and narrows the words below it
_MOST_PIXELS = 5000  # Telegram takes 10,000 for width and height together
_PAD, _GAP = 60, 56  # pixels around, and between two formulas
_SLENDER = 16  # times as wide as high; Telegram refuses 20
_MEMORY_BYTES = 2 << 30
_INK, _PALE = "#1b1b1f", "#6b6b75"

_FRACTION = re.compile(r"\\[dt]?frac(?![A-Za-z])")
# What matplotlib knows by another name, or does by itself.
_RENAMED = {
    **dict.fromkeys(SIZES - {"left", "right"}, ""),
    "le": r"\leq",
    "ge": r"\geq",
    "setminus": r"\,\backslash\,",  # its own sign is too small to be seen
    "gets": r"\leftarrow",
    "iff": r"\Longleftrightarrow",
    "implies": r"\Longrightarrow",
    "land": r"\wedge",
    "lor": r"\vee",
    "lnot": r"\neg",
    "lbrace": r"\{",
    "rbrace": r"\}",
}
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def spelled(source: str) -> str:
    """The source as mathtext knows it; outer fractions as large as in a formula that stands alone."""
    known = _COMMAND.sub(lambda found: _RENAMED.get(found[1], found[0]), source)
    shallow, depth = [], 0
    for part in re.split(r"(?<!\\)([{}])", known):
        depth += (part == "{") - (part == "}")
        shallow.append(_FRACTION.sub(r"\\frac" if depth else r"\\dfrac", part))
    return " ".join("".join(shallow).split())


def png(sources: list[str]) -> bytes:
    """The formulas one below the other, numbered where there are several. ValueError where one is no LaTeX."""
    figure = Figure(dpi=_DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    rows = [_row(figure, source, f"({number})" if sources[1:] else "") for number, source in enumerate(sources, 1)]
    sizes = [[_pixels(canvas, text) for text in row] for row in rows]
    indent = max(label for (label, _), _ in sizes)
    indent += _GAP if indent else 0
    heights = [max(height for _, height in row) for row in sizes]
    inner = (indent + max(formula for _, (formula, _) in sizes), sum(heights) + _GAP * (len(rows) - 1))
    width, height = _fitting(inner)
    figure.set_size_inches(width / _DPI, height / _DPI)
    left, top = (_PAD if indent else (width - inner[0]) / 2), height - (height - inner[1]) / 2
    for (label, formula), tall in zip(rows, heights, strict=True):
        label.set_position((left / width, (top - tall / 2) / height))
        formula.set_position(((left + indent) / width, (top - tall / 2) / height))
        top -= tall + _GAP
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=_DPI)
    return picture.getvalue()


def _row(figure: Figure, source: str, label: str) -> tuple[Text, Text]:
    return (
        figure.text(
            0,
            0,
            label and rf"$\mathrm{{{label}}}$",
            fontsize=_POINTS * 0.8,
            color=_PALE,
            va="center",
            math_fontfamily="stix",
        ),
        figure.text(0, 0, f"${spelled(source)}$", fontsize=_POINTS, color=_INK, va="center", math_fontfamily="stix"),
    )


def _pixels(canvas: FigureCanvasAgg, text: Text) -> tuple[float, float]:
    box = text.get_window_extent(canvas.get_renderer())  # type: ignore[no-untyped-call] # matplotlib's own gap
    return (box.width, box.height) if text.get_text() else (0.0, 0.0)


def _fitting(inner: tuple[float, float]) -> tuple[float, float]:
    """The picture around what is drawn. ValueError where Telegram would refuse it."""
    width = max(inner[0] + 2 * _PAD, _LEAST_PIXELS[0])
    height = max(inner[1] + 2 * _PAD, _LEAST_PIXELS[1], width / _SLENDER)
    if max(width, height) > _MOST_PIXELS:
        raise ValueError("larger than a picture may be")
    return width, height


def _missing(record: logging.LogRecord) -> bool:
    """A character that the font lacks would be drawn as a box."""
    raise ValueError(record.getMessage())


def _answer(line: bytes) -> bytes:
    try:
        return png(json.loads(line))
    except (ValueError, RuntimeError, RecursionError, MemoryError):
        return b""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    logging.getLogger("matplotlib.mathtext").addFilter(_missing)
    for line in requests:
        picture = _answer(line)
        answers.write(len(picture).to_bytes(4, "big") + picture)
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    serve(sys.stdin.buffer, sys.stdout.buffer)
