"""What a person sees of what is sent to Discord: its Markdown read, its components as lines and [buttons]."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# What Discord's client takes for markup, more of it rather than less: where a rule of its is in doubt it is here.
_AT_LINE_START = (
    ("heading", re.compile(r"\s*#{1,6}\s*")),
    ("small", re.compile(r"[^\S\n]*-#\s+")),
    ("quote", re.compile(r"\s*>(>>)?\s*")),
    ("list", re.compile(r"\s*([*+-]|\d+\.)\s+")),
)
_BLOCK = re.compile(r"```(?:[a-z0-9_+\-.]+?\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)
_LINE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_OTHERS = re.compile(r"[^\x00-\x7f¯\s]+")  # begin no markup
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_ANYWHERE = (
    ("face", re.compile(r"¯\\_\(ツ\)_/¯")),
    ("everyone", re.compile(r"@(everyone|here|Clyde)")),
    ("angle", re.compile(r"<[@#:/a-z][^>\n]*>")),  # mentions, dates, emoji, commands, links without a preview
    ("url", re.compile(r"[a-z]+://\S", re.IGNORECASE)),
    ("emoji", re.compile(r":[^\s:]+:")),
    ("link", re.compile(r"\[[\s\S]*?\]\s*\([\s\S]*?\)")),
    ("spoiler", re.compile(r"\|\|[\s\S]+?\|\|")),
    ("struck", re.compile(r"~~[\s\S]+?~~")),
    ("strong", re.compile(r"\*+[\s\S]+?\*+")),
    ("underlined", re.compile(r"_+[\s\S]+?_+")),
)


@dataclass(slots=True)
class Read:
    """A text as it is read, and the markup that was found in it: (name, what it holds)."""

    text: str
    marks: list[tuple[str, str]]


def read(markdown: str) -> Read:
    """The text as the client shows it; what is found to be markup is shown as it stands."""
    found, at = Read("", []), 0
    while at < len(markdown):
        at += _one(markdown, at, found)
    return found


def _one(markdown: str, at: int, found: Read) -> int:
    """Reads on; by how many characters."""
    if code := _BLOCK.match(markdown, at) or _LINE.match(markdown, at):
        return _marked(found, "code", code, shown=code[code.lastindex or 0])
    if at == 0 or markdown[at - 1] == "\n":
        for name, rule in _AT_LINE_START:
            if begun := rule.match(markdown, at):
                return _marked(found, name, begun, shown="" if name == "small" else begun[0])
    if escaped := _ESCAPED.match(markdown, at):
        found.text += escaped[1]
        return len(escaped[0])
    for name, rule in _ANYWHERE:
        if mark := rule.match(markdown, at):
            return _marked(found, name, mark, shown=mark[0])
    others = _OTHERS.match(markdown, at)
    plain = others[0] if others else markdown[at]
    found.text += plain
    return len(plain)


def _marked(found: Read, name: str, match: re.Match[str], *, shown: str) -> int:
    found.marks.append((name, shown))
    found.text += shown
    return len(match[0])


def screen(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """The lines of a message, and its rows as in a story: [A] [B], [选择：…] for a list."""
    return [line for component in components for line in _lines(component)]


def _lines(component: Mapping[str, Any]) -> list[str]:
    match component["type"]:
        case 10:
            return read(component["content"]).text.split("\n")
        case 12:
            return [f"({item['description']})" for item in component["items"]]
        case _:
            return [" ".join(f"[{_called(inner)}]" for inner in component["components"])]


def _called(inner: Mapping[str, Any]) -> str:
    return str(inner["label"]) if inner["type"] == 2 else f"选择：{inner['placeholder']}"
