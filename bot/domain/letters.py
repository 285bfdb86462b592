"""Letters of options in running text: whether a question may be shuffled, and texts rewritten to the shown letters."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from bot.domain.question import Option, Order

LAST = 8  # A–H: what is looked for in texts; a question with more options is not shuffled

_ALNUM = "[0-9A-Za-zＡ-Ｚａ-ｚ]"
_L = rf"(?<!{_ALNUM})[A-HＡ-Ｈ](?!{_ALNUM})"
_LONE = re.compile(_L)
_REFERENCES = re.compile(
    rf"""
      [(（]\ ?{_L}\ ?[)）]                      # (A)
    | {_L}\ ?[项項](?![目数數])                 # A项, not A项目
    | [选選][项項]?\ ?{_L}                      # 选A, 选项A
    | {_L}\ ?(?:[错錯][误誤]|正[确確])(?!率)      # A错误, A正确, not A正确率
    | {_L}(?:、{_L})+                           # A、B
    | (?i:\boption)\ {_L}
    | (?i:\bboth)\ {_L}\ and\ {_L}
    """,
    re.VERBOSE,
)
# 选ABD names options too, in a form that is not rewritten; AB alone may, so it keeps its letters.
_TOGETHER = re.compile(r"(?<![0-9A-Za-z])(?=[A-H]{2,8}(?![0-9A-Za-z]))A?B?C?D?E?F?G?H?(?![0-9A-Za-z])")
_PLACES = re.compile(r"以上|上述|前[两兩二三几幾][项項者]|(?:all|none|both|any) of (?:the above|these)", re.IGNORECASE)


def may_shuffle(options: tuple[Option, ...], *, stem: str = "", others: Iterable[str] = ()) -> bool:
    """Whether the letters of these options may change: ``others`` are the explanation, the contrast and the like.

    A letter in the stem is no option (the options stand below it) but something of the question's own, such
    as "device A", so that rewriting it would be wrong: any lone one forbids.
    """
    return len(options) <= LAST and not _LONE.search(stem) and safe((stem, *texts_of(options), *others))


def texts_of(options: tuple[Option, ...]) -> tuple[str, ...]:
    """Every text of the options: what they say, and why."""
    return tuple(text for option in options for text in (option.text, option.why))


def safe(texts: Iterable[str]) -> bool:
    """Whether every letter that could name an option stands in a form that ``rewritten`` follows."""
    return not any(_stuck(text) for text in texts)


def rewritten(text: str, order: Order) -> str:
    """The text with the body's letters turned into the shown ones; those beyond the options stay."""
    if not _LONE.search(text) or order == tuple(range(len(order))):
        return text
    shown = {_letter(body): _letter(place) for place, body in enumerate(order)}
    return _references(text, lambda letter: shown.get(letter, letter))


def _letter(position: int) -> str:
    return chr(ord("A") + position)


def _stuck(text: str) -> bool:
    if _PLACES.search(text) or _TOGETHER.search(text):
        return True
    return _LONE.search(_references(text, lambda _: "_")) is not None


def _references(text: str, change: Callable[[str], str]) -> str:
    """The text with each letter of a reference changed; the letter is handed over in its ASCII form."""

    def of_letter(found: re.Match[str]) -> str:
        return change(unicodedata.normalize("NFKC", found[0]))

    return _REFERENCES.sub(lambda found: _LONE.sub(of_letter, found[0]), text)
