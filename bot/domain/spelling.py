"""Typed answers: two spellings of the same, and near misses that are asked about."""

import re
import unicodedata
from typing import Literal

from rapidfuzz.fuzz import ratio

from bot.domain.numerals import same_number
from bot.domain.question import Blank
from bot.domain.script import converter, fold_radicals, to_simplified

Mark = Literal["right", "near", "wrong"]

NEAR = 90.0  # percent; under it opposites pass (高精度/低精度 67, 大规模/大规模的 86)
NESTED = 8  # commands within commands that are undone

_LATEX = re.compile(r"\\[a-zA-Z(\[{%,]|\$|\{,\}")
_COMMAND = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathbb|mathcal|operatorname|text|textbf|textit)\s*\{([^{}]*)\}"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_SIGNS = {r"\times": "×", r"\cdot": "·", r"\%": "%", "{,}": ",", r"\pm": "±", r"\leq": "≤", r"\geq": "≥", r"\pi": "π"}
_MARKS = re.compile(r"\\[()\[\]{},;:! ]|\\(?:left|right|quad|,)|\$")

_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹ⁿ]+")  # x² is not x2
_CIRCLED = re.compile("(?<=[0-9])(?=[½⅓⅔¼¾⅕-⅞⅐-⅒①-⑳])")  # 1½ is not 11/2
_POWER = re.compile(r"\^[{(]([^{}()]+)[})]")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‒–—―−", "-"),
        "⁄": "/",
        "∕": "/",
        "、": ",",
        "。": ".",
        "✔": "✓",
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"),
    }
)
_BLANKS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_ENDS = ".,;:?"
_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", '"': '"', "'": "'", "`": "`"}
_BRACKETS = {"(": ")", "[": "]", "{": "}", "【": "】", "〔": "〕"}


def mark(typed: str, blank: Blank, stem: str = "") -> Mark:
    """Whether a typed answer is one of the accepted ones; ``stem`` may state the unit.

    Never "right" by likeness: a listed spelling or a ratio of NEAR and more is only "near".
    """
    stem = folded(stem)
    given = normal(typed)
    if any(_same(typed, given, accepted=accepted, stem=stem) for accepted in blank.accept):
        return "right"
    words = normal(_mainland(typed))
    if words != given and any(_same(typed, words, accepted=accepted, stem=stem) for accepted in blank.accept):
        return "right"
    if any(_same(typed, given, accepted=spelling, stem=stem) for spelling in blank.near):
        return "near"
    return "near" if _likeness(given, blank) >= NEAR else "wrong"


def equal(one: str, other: str) -> bool:
    """Whether two texts are the same once blanks, width, script, case and outer punctuation are left aside."""
    return _same(one, normal(one), accepted=other, stem="")


def normal(text: str) -> str:
    """The form in which answers are compared.

    LaTeX, radicals, raised digits (x² is x^2, not x2), NFKC, dashes, simplified script, case, blanks except
    between digits, then the quotes, brackets and punctuation around it.
    """
    return _trimmed(_BLANKS.sub("", folded(text)))


def folded(text: str) -> str:
    """The text in one width, script and case, otherwise whole: what a stem is searched in."""
    text = fold_radicals(_plain(text))
    text = _CIRCLED.sub(" ", _RAISED.sub(lambda found: "^" + found[0], text))
    text = unicodedata.normalize("NFKC", text).replace("**", "^").translate(_SAME)
    return _POWER.sub(r"^\1", to_simplified(text)).casefold()


def _same(typed: str, given: str, *, accepted: str, stem: str) -> bool:
    wanted = normal(accepted)
    if not given or not wanted:  # "。" may be the answer
        return bool(typed.strip()) and typed.strip() == accepted.strip()
    return given == wanted or same_number(given, wanted, stem) is True


def _mainland(text: str) -> str:
    """A text in traditional characters with Taiwan's words turned too: 軟體 is 软件, not 软体."""
    return str(converter("tw2sp").convert(text)) if to_simplified(text) != text else text


def _likeness(given: str, blank: Blank) -> float:
    """The highest ratio 0..100; 0 between numbers, where a digit is everything."""
    wanted = [normal(accepted) for accepted in blank.accept] if given else []
    return max((ratio(given, one) for one in wanted if same_number(given, one, "") is None), default=0.0)


def _plain(text: str) -> str:
    """The text without LaTeX's own marks."""
    if not _LATEX.search(text):
        return text
    for _ in range(NESTED):
        text = _FRACTION.sub(r"\1/\2", _COMMAND.sub(r"\1", text))
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    return re.sub(r"_\{(\w+)\}|_(\w)", r"\1\2", _MARKS.sub("", text))


def _trimmed(text: str) -> str:
    """The text without the pairs around it and the punctuation behind it; (0,1) and f' are left whole."""
    before = None
    while before != text:
        before, text = text, _unpaired(text.strip().rstrip(_ENDS).lstrip(",;:"))
        if text.endswith("!") and not text[:-1].isascii():  # n! is a factorial
            text = text.rstrip("!")
    return text


def _unpaired(text: str) -> str:
    inner = text[1:-1]
    pairs = _QUOTES if "," in inner else _QUOTES | _BRACKETS  # an interval keeps its brackets
    close = pairs.get(text[:1], "")
    if len(text) == 1 or not close or not text.endswith(close) or {text[0], close} & set(inner):
        return text
    return inner
