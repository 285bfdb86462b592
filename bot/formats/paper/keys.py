"""Keys as papers write them: letters, true or false, the texts of blanks."""

import re

from bot.domain.question import Blank
from bot.formats.paper.marks import GAP, UNDERSCORES, shadow

_TRUE = frozenset(["对", "正确", "√", "t", "true", "是", "y", "yes", "right", "correct"])
_FALSE = frozenset(["错", "错误", "不正确", "不对", "×", "x", "f", "false", "否", "n", "no", "wrong", "incorrect"])
_JOINED = re.compile(r"(?:故|应)?选?\s*([A-H](?:[\s,、;.和与及]*[A-H]){0,7})\s*(?:项)?[\s.。,;)\-]*")
_SMALL = re.compile(r"([a-h](?:[\s,、;]+[a-h]){0,7})\s*[\s.。,;)\-]*")
_TOLD = re.compile(r"\(?([A-Ha-h])\s?[.、:)\s]\s*(.+)", re.DOTALL)
_IN_STEM = re.compile(r"([(\[【])(\s*)([A-Ha-h]|[A-H](?:[,、\s]?[A-H]){1,7})(\s*)([)\]】])")
_POINTED = re.compile(r"[图表式点段项选量阵组]\s*$")
_HANZI = re.compile(r"[\u3400-\u9fff]")
_TRUTH_IN_STEM = re.compile(r"\(\s*(√|×|[TF]|对|错|正确|错误)\s*\)\s*[。.]?\s*$|(√|×)\s*$")
_TRUTH_LINE = re.compile(r"(?:\n|^)\s*(?:正确|对|√)\s*\(\s*\)\s*(?:不正确|错误|错|×|不对)\s*\(\s*\)\s*$")
_OTHERWISE = re.compile(r"\s+或\s+|\s+or\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s*)(?:\(\d{1,2}\)|[①-⑳]|第[一二三四五六七八九十\d]{1,2}空[:.、]?)\s*")
_BRACKETED = re.compile(r"\(([^()]{1,200})\)")
_SEPARATORS = tuple(
    map(
        re.compile,
        (r"\s*\|\s*", r"\s*[;；]\s*", r"\s+(?:与|和|and)\s+", r"\s*[,，]\s*", r"\s*、\s*", r"\s{2,}", r"\s+", "与"),
    )
)


def letters(key: str, options: tuple[str, ...]) -> tuple[int, ...] | None:
    """The positions that a key names, 0-based; None where it names none clearly. They may lie past the options."""
    shade = shadow(key).strip().strip("[]【】()").strip()
    if found := _JOINED.fullmatch(shade) or _SMALL.fullmatch(shade):
        return _positions(found[1])
    told = _TOLD.fullmatch(shade)
    if told and _same(told[2], options, ord(told[1].upper()) - 65):
        return (ord(told[1].upper()) - 65,)
    same = [place for place, option in enumerate(options) if shadow(option).strip() == shade]
    return tuple(same) if len(same) == 1 else None


def _positions(text: str) -> tuple[int, ...] | None:
    found = [ord(letter) - 65 for letter in text.upper() if letter in "ABCDEFGH"]
    return tuple(sorted(found)) if len(set(found)) == len(found) else None


def _same(text: str, options: tuple[str, ...], place: int) -> bool:
    return place < len(options) and shadow(options[place]).strip(" .。") == text.strip(" .。")


def truth(key: str) -> bool | None:
    """What a true/false key says; None where it says neither."""
    word = shadow(key).strip().strip(" .。,;!()[]【】-").casefold()
    if word in _FALSE:
        return False
    return True if word in _TRUE else None


def judged(options: tuple[str, ...]) -> tuple[bool, bool] | None:
    """What two options say when they are true and false; None where they are anything else."""
    said = [truth(option) for option in options]
    return (bool(said[0]), bool(said[1])) if set(said) == {True, False} and len(said) == 2 else None  # noqa: PLR2004


def letters_in(stem: str) -> tuple[str, str]:
    """The letters that stand in the stem as its key, and the stem with a gap there; ("", stem) where none do."""
    found = [match for match in _IN_STEM.finditer(shadow(stem)) if _is_key(stem, match)]
    return (found[0][3], _blanked(stem, found[0])) if len(found) == 1 else ("", stem)


def _is_key(stem: str, match: re.Match[str]) -> bool:
    if _POINTED.search(shadow(stem[: match.start()])):
        return False
    return bool(match[2] or match[4]) or not _HANZI.match(stem, match.end())


def _blanked(stem: str, match: re.Match[str]) -> str:
    return f"{stem[: match.start() + 1]} {stem[match.end() - 1 :]}"


def truth_in(stem: str) -> tuple[bool | None, str]:
    """What a (√) or (×) at the stem's end says, and the stem with a gap there."""
    found = _TRUTH_IN_STEM.search(shadow(stem))
    if found is None:
        return None, stem
    if found[2]:
        return truth(found[2]), stem[: found.start()].rstrip()
    place = found.start()
    return truth(found[1]), f"{stem[: place + 1]} {stem[stem.rindex(_closing(stem)) :]}"


def _closing(stem: str) -> str:
    return ")" if stem.rfind(")") > stem.rfind("）") else "）"


def unticked(stem: str) -> str:
    """The stem without a line like 正确()不正确()."""
    found = _TRUTH_LINE.search(shadow(stem))
    return stem[: found.start()].rstrip() if found else stem


def gaps(stem: str) -> int:
    """How many blanks a stem has: its runs of underscores, else its empty brackets."""
    shade = shadow(stem)
    return len(UNDERSCORES.findall(shade)) or len(GAP.findall(shade))


def blanks(key: str, count: int) -> tuple[Blank, ...]:
    """The key's texts, split only where that gives exactly ``count`` parts; one blank with all of it otherwise.

    Alternatives are what stands around 或 or "or" between spaces; 神经元或连接 is one answer.
    """
    text = key.strip()
    parts = _parts(text, count) if count > 1 else [text]
    return tuple(Blank(tuple(filter(None, map(str.strip, _OTHERWISE.split(part))))) for part in parts if part.strip())


def _parts(text: str, count: int) -> list[str]:
    if len(found := _BRACKETED.findall(text.replace("（", "(").replace("）", ")"))) == count:
        return found
    if len(found := [part for part in _NUMBERED.split(text) if part.strip(" ,，;；、")]) == count:
        return [part.strip(" ,，;；、") for part in found]
    for separator in _SEPARATORS:
        found = separator.split(text)
        if len(found) == count and all(map(str.strip, found)):
            return found
    return [text]
