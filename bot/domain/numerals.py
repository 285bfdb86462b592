"""Numbers as people write them: 1,000, 1/2, 5%, 10^-3, 一百, 二〇二五, with a unit behind."""

import re
from fractions import Fraction
from typing import NamedTuple

LONGEST = 40  # characters; nobody types a longer number, and Python refuses 4,300 digits
SHORT = 2  # letters of a unit that may as well be a variable

_UNSIGNED = r"(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_DECIMAL = re.compile(
    rf"(?P<sign>[+-]?)(?:(?P<base>{_UNSIGNED})(?:e|[x×·*]10\^)(?P<ten>[+-]?[0-9]{{1,2}})(?![0-9])"
    rf"|(?P<root>[0-9]{{1,9}})\^(?P<power>-?[0-9]{{1,2}})(?![0-9])"
    rf"|(?:(?P<whole>[0-9]+) )?(?P<over>[0-9]+)/(?P<under>[0-9]+)"
    rf"|(?P<plain>{_UNSIGNED})(?P<scale>万亿|百万|千万|万|亿)?)"
    r"(?P<unit>[^0-9+\-*/^.,].*)?"
)
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_CN = "[〇零一二两三四五六七八九十百千万亿]+"
# Only measure words make a number of 一…: 一致性 and 三元组 are words.
_MEASURES = (
    "个|次|年|月|日|天|周|层|位|倍|种|步|条|项|台|米|秒|分|元|块|张|点|类|名|人|轮|维|度|小时|分钟|毫秒|字节|比特"
)
_CHINESE = re.compile(rf"(?P<sign>负?)(?P<whole>{_CN})(?:点(?P<rest>[〇零一二三四五六七八九]+))?(?P<unit>{_MEASURES})?")
_SHARE = re.compile(rf"(?P<under>{_CN})分之(?P<over>{_CN}|{_UNSIGNED})")
_PERCENT = re.compile(rf"百分之(?P<over>{_CN}|{_UNSIGNED})")


class Number(NamedTuple):
    """A value and what is counted; a percentage keeps its sign as the unit."""

    value: Fraction
    unit: str = ""


def same_number(typed: str, accepted: str, stem: str) -> bool | None:
    """Whether two normal texts are the same number; None when one of them is none.

    A unit may be left out, or added, where ``stem`` (folded) states it. 0.05 is 5% only when the accepted
    one has the percent sign.
    """
    one, other = number(typed), number(accepted)
    if one is None or other is None:
        return None
    if one.unit == other.unit:
        return one.value == other.value
    if one.unit and other.unit:
        return False
    if _stated(one.unit or other.unit, stem):
        return one.value == other.value
    return other.unit == "%" and one.value == other.value / 100


def number(text: str) -> Number | None:
    """The number that a normal text (spelling.normal) is, if it is one."""
    if len(text) > LONGEST:
        return None
    return _decimal(text) or _chinese(text) or _share(text)


def _decimal(text: str) -> Number | None:
    found = _DECIMAL.fullmatch(text)
    if not found:
        return None
    size = _size(found)
    if size is None:
        return None
    return Number(-size if found["sign"] == "-" else size, (found["unit"] or "").strip())


def _size(found: re.Match[str]) -> Fraction | None:
    if found["base"]:
        return _fraction(found["base"]) * Fraction(10) ** int(found["ten"])
    if found["root"]:
        root, power = Fraction(found["root"]), int(found["power"])
        return root**power if root or power >= 0 else None
    if found["over"]:
        under = int(found["under"])
        return Fraction(found["whole"] or 0) + Fraction(int(found["over"]), under) if under else None
    return _fraction(found["plain"]) * (_counted(found["scale"]) if found["scale"] else 1)


def _fraction(text: str) -> Fraction:
    return Fraction(text.replace(",", "").replace(" ", ""))


def _chinese(text: str) -> Number | None:
    found = _CHINESE.fullmatch(text)
    if not found:
        return None
    value = Fraction(_counted(found["whole"]))
    if found["rest"]:
        value += Fraction(_read(found["rest"]), 10 ** len(found["rest"]))
    return Number(-value if found["sign"] else value, found["unit"] or "")


def _share(text: str) -> Number | None:
    """百分之五 as 5%, 三分之一 as 1/3."""
    if found := _PERCENT.fullmatch(text):
        return Number(_either(found["over"]), "%")
    found = _SHARE.fullmatch(text)
    under = _counted(found["under"]) if found else 0
    return Number(_either(found["over"]) / under) if found and under else None


def _either(text: str) -> Fraction:
    return Fraction(_counted(text)) if re.fullmatch(_CN, text) else _fraction(text)


def _counted(text: str) -> int:
    """二〇二五 digit by digit, 一百 and 三万二千 by place."""
    if all(character in _DIGITS for character in text):
        return _read(text)
    total, below, digit = 0, 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            below, digit = below + (digit or 1) * _TENS[character], 0
        elif character == "万":
            total, below, digit = total + (below + digit or 1) * 10_000, 0, 0
        else:  # 亿 counts all that stands before it: 一万亿
            total, below, digit = (total + below + digit or 1) * 100_000_000, 0, 0
    return total + below + digit


def _read(text: str) -> int:
    return int("".join(str(_DIGITS[character]) for character in text))


def _stated(unit: str, stem: str) -> bool:
    """Whether the stem names the unit.

    A short one must stand where units stand (behind the gap, 单位, how many), for x in "the derivative of x"
    is no unit and % may belong to another number.
    """
    word = rf"(?<![a-z]){re.escape(unit)}(?![a-z])"
    if unit == "%" or (unit.isascii() and len(unit) <= SHORT):
        return re.search(rf"(?:_\s*|\(\s*\)\s*|_\s*\(|单位[:为是]?\s*|how many |多少\s*|几\s*){word}", stem) is not None
    return unit in stem if not unit.isascii() else re.search(word, stem) is not None
