"""Headings: which kind of question a section holds, and how many it promises."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.formats.paper.marks import NUMERAL

Sort = Literal["single", "multiple", "choice", "boolean", "blank", "case", ""]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a paper: its name without the count, what it holds ("" unknown), its promise, its line."""

    name: str = ""
    sort: Sort = ""
    promised: int | None = None
    line: int | None = None


_SORTS: tuple[tuple[str, Sort], ...] = (
    ("multiple", "multiple"),
    ("single", "single"),
    ("choice", "choice"),
    ("boolean", "boolean"),
    ("blank", "blank"),
    ("case", "case"),
)
_WORDS = (
    r"(?:(?P<multiple>多项?选择?题?|不定项选?择?题?|multiple[- ]response|multiple[- ]answers?)"
    r"|(?P<single>单项?选择?题?|single[- ]choice)"
    r"|(?P<choice>选择题|multiple[- ]choice)"
    r"|(?P<boolean>判断改?错?题?|是非题|对错题|true\s?(?:or|/)\s?false)"
    r"|(?P<blank>填空题?|fill[- ]in[- ](?:the[- ])?blanks?)"
    r"|(?P<case>案例分?析?题|简答题?|问答题?|论述题?|分析题|综合题|计算题|名词解释题?|材料题|主观题"
    r"|short[- ]answers?|essays?|case stud(?:y|ies)))"
)
_ORDINAL = rf"(?:第\s?[{NUMERAL}\d]{{1,3}}\s?(?:部分|大题|章|节)|[{NUMERAL}]{{1,3}}\s?[、.:)])"
_HEADING = re.compile(
    rf"\s*(?:{_ORDINAL}|\(?[{NUMERAL}]{{1,3}}\)|\d{{1,2}}\s?[、.]|[ivx]{{1,4}}\.|(?:part|section)\s\w{{1,3}}\b|题型|题目类型)?"
    rf"\s*[:.]?\s*[^\s\d:;,.。、?!_()\[\]【】]{{0,6}}?{_WORDS}(?:部分)?",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"{_ORDINAL}\s*[^\s\d:;,.。、?!_()\[\]【】]{{0,6}}?{_WORDS}(?:\s?\([^()]{{0,80}}\))?",
    re.IGNORECASE,
)
_COUNT = r"(?:共|每|本|总|计|满分|questions?\b|section\b)"
_GROUP = r"[(\[【][^()\[\]【】]{0,80}[)\]】]"
_REST = re.compile(
    rf"\s*(?:[:.。]?\s*$|[:,]?\s*(?:{_COUNT}|{_GROUP}\s*(?:[:.。,;]?\s*$|[,;]?\s*{_COUNT})))",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"共\s?(?:有\s?)?(\d{1,5})\s?[小道]?[题道]|\(\s?(\d{1,5})\s?[小道]?题|(\d{1,5}) (?:questions|items)"
)
_NAME = re.compile(r"[^(（\[【:：共]*")
_PREFIX = re.compile(r"\s*题(?:型|目类型)\s*:\s*")
_UNTYPED = re.compile(rf"\s*{_ORDINAL}\s*\S.{{0,36}}$")
_LONGEST = 90


def heading(text: str, shade: str, line: int) -> Section | None:
    """The section that a whole line opens, if it is a heading with a kind in it."""
    if len(shade) > _LONGEST or shade.rstrip().endswith("?"):
        return None
    found = _HEADING.match(shade)
    if found is None or not _REST.match(shade, found.end()):
        return None
    return _section(found, text, shade, line)


def untyped(text: str, shade: str, line: int) -> Section | None:
    """The section that a line like 一、基础知识 opens, if it has that form."""
    return Section(_named(text), promised=_promise(shade), line=line) if _UNTYPED.match(shade) else None


def inside(shade: str) -> list[tuple[int, int]]:
    """Where headings with an ordinal and a kind stand within a jammed line: (start, end)."""
    if "题" not in shade:
        return []
    return [found.span() for found in _INSIDE.finditer(shade)]


def sort_of(tag: str) -> Sort:
    """What kind a tag at the beginning of a stem names: 单选, 多选题, 判断 and so on."""
    found = _HEADING.fullmatch(tag)
    return _sort(found) if found else ""


def _section(found: re.Match[str], text: str, shade: str, line: int) -> Section:
    prefix = _PREFIX.match(shade)
    return Section(_named(text[prefix.end() :] if prefix else text), _sort(found), _promise(shade), line)


def _sort(found: re.Match[str]) -> Sort:
    return next(sort for group, sort in _SORTS if found[group])


def _promise(shade: str) -> int | None:
    found = _PROMISE.search(shade)
    return int(next(filter(None, found.groups()))) if found else None


def _named(text: str) -> str:
    found = _NAME.match(text)
    return (found[0] if found else text).strip(" .、:：\t\u3000") or text.strip()
