"""Scripts of Chinese: simplified and traditional by OpenCC, and radicals that stand where characters should."""

import re
from functools import cache, lru_cache
from typing import Any, Literal

Script = Literal["zh-Hans", "zh-Hant", "written"]

SHORT, KEPT = 1_000, 2_048  # characters of a text that is kept in a script, and how many are

_HALVES = re.compile("[\ud800-\udfff]")  # halves of characters, which no converter takes
_KANA = re.compile("[\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
# U+2E80–2EFF: PDF fonts map characters here, and NFKC leaves them alone (it folds U+2F00–2FDF).
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


@cache
def converter(name: str) -> Any:
    """The OpenCC converter of a configuration (t2s, s2tw, …), loaded once: it takes 5 to 80 ms and some MB."""
    from opencc import OpenCC  # noqa: PLC0415 - a library of 8 MB, for those who need it

    return OpenCC(name)


def fold_radicals(text: str) -> str:
    """The text with CJK radicals supplement (⻛⻔⻓) as the characters they stand for (风门长)."""
    return text if text.isascii() else text.translate(_RADICALS)


def to_simplified(text: str) -> str:
    """The text in simplified characters; unchanged when it holds kana, for Japanese is no Chinese."""
    return _converted(text, "t2s")


def to_script(text: str, script: Script) -> str:
    """The text in a reader's script; ``written`` leaves it as its author wrote it, Japanese is never changed.

    Short texts are kept: a question is read by many.
    """
    if script == "written":
        return text
    return (_scripted if len(text) <= SHORT else _scripted.__wrapped__)(text, script)


@lru_cache(maxsize=KEPT)
def _scripted(text: str, script: Script) -> str:
    if script == "zh-Hant":
        return _converted(text, "s2tw")
    # tw2s writes 隨著 as 随着, which t2s does not, but would also make 显着 of a simplified 显著
    return text if to_simplified(text) == text else _converted(text, "tw2s")


def _converted(text: str, name: str) -> str:
    if text.isascii() or _KANA.search(text) or _HALVES.search(text):
        return text
    return str(converter(name).convert(text))
