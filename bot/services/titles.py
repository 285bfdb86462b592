"""What things are called: sets, short enough for a button; platforms."""

import re

from bot.domain.prompt import Quote, Text, quoted
from bot.ports.chat import PLATFORMS
from bot.ports.rows import Set

SHORT = 12  # characters of a short title that nobody gave

_YEAR = re.compile(r"\s*(?:19|20)\d\d(?:\s?[-—–~至]\s?(?:19|20)?\d\d)?\s?(?:学年度?|學年度?|年度?|届|屆)?\s*")
_ASIDE = re.compile(r"\s*[(（]含[^()（）]*[)）]")
_EDGE = re.compile(r"(?<=\w)(?!\w)|(?<=[A-Za-z0-9])(?![A-Za-z0-9])|(?<![A-Za-z0-9])(?=[A-Za-z0-9])")


def short(title: str) -> str:
    """The title without a year before it and (含答案) behind it; a longer one ends at a word's edge, with …."""
    bare = _ASIDE.sub("", title)
    bare = (_YEAR.sub("", bare, count=1) if _YEAR.match(bare) else bare) or title
    if len(bare) <= SHORT:
        return bare
    edges = [found.start() for found in _EDGE.finditer(bare) if SHORT / 2 <= found.start() < SHORT]
    return bare[: max(edges, default=SHORT - 1)].rstrip() + "…"


def called(platform: str) -> Text | Quote:
    """What a platform is called."""
    return Text(f"platform.{platform}") if platform in PLATFORMS else Quote(platform)


def titled(of: Set) -> Quote:
    """A set's title."""
    return quoted(Quote(of.title), of.language)


def shortly(of: Set) -> Quote:
    """A set's short title."""
    return quoted(Quote(of.short_title), of.language)
