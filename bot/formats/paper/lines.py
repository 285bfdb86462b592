"""The lines of a paper: repaired, without what the site put around them."""

import re
from dataclasses import dataclass

from bot.formats.paper.deadline import Deadline
from bot.formats.paper.gloss import repairer
from bot.formats.paper.marks import shadow


@dataclass(frozen=True, slots=True)
class Line:
    """One line that has something on it: its 1-based number, its text, its shadow, and whether all of it is there."""

    number: int
    text: str
    shade: str
    whole: bool = True


# Lines that document sites put around a paper; a paper's own line is never only this.
_SITE = re.compile(
    r"版权(?:说明|声明|所有)[::].*|(?:文档|內容|内容)?(?:简介|簡介)|(?:提交)?评论|\d+/\d+|(?:文档)?(?:下载|举报|收藏|分享)"
    r"|本文档(?:由|来自).*|.{0,12}(?:文库|文庫|豆丁|道客巴巴|百度)网?(?:提供|下载).{0,40}"
    r"|第\s?\d+\s?页\s?(?:[,/]?\s?共\s?\d+\s?页)?|page \d+(?: of \d+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:温馨提示|最新文档|相关文档|相关推荐|猜你喜欢|推荐文档)[::]?")
_BACK = re.compile(r"[一二三四五六七八九十]{1,3}[、.].{0,12}题|第[一二三四五六七八九十]{1,3}部分")


def cleaned(found: list[str], deadline: Deadline) -> tuple[list[Line], int]:
    """The lines with something on them, and how many lines of the site were dropped."""
    repair = repairer(found, deadline)
    kept: list[Line] = []
    dropped = 0
    tail = False
    for number, raw in enumerate(found, 1):
        if number % 256 == 0:
            deadline.check()
        if not raw.strip():
            continue
        repaired = repair(raw.strip())
        line = Line(number, repaired.text, shadow(repaired.text), repaired.whole)
        tail = (tail or bool(_TAIL.fullmatch(line.shade))) and not _BACK.match(line.shade)
        if tail or _SITE.fullmatch(line.shade):
            dropped += 1
        else:
            kept.append(line)
    return kept, dropped
