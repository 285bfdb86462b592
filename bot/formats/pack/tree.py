"""YAML read safely into a tree that remembers its lines: no aliases, no tags, no repeated keys, bounded depth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.formats.format import Tick, TooLarge, UnreadableError

DEPTH = 20  # a pack needs 6; more is an attack on the stack of whoever walks the tree
LIMIT_NODES = 200_000  # of values and lists: a pack of 64 questions has 3,000; 5 MB of "a," would take 700 MB
STEP = 1000  # events between two ticks
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it: 10 times faster

WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class NotAPack(UnreadableError):  # noqa: N818 - the family's name says that it is an error
    """The file is no pack of questions, or has faults: one sentence each, a line each."""

    code = "not-a-pack"


class Crooked(Exception):  # noqa: N818 - never leaves this module
    """YAML, but not the plain kind that a pack is written in."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.line = line


Value = str | bool | None | list["Node"] | dict[str, "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """One value and the 1-based line where it begins."""

    value: Value
    line: int


@dataclass(slots=True)
class Open:
    """A list or mapping that has not ended yet; a mapping's keys and values stand in turn."""

    line: int
    mapping: bool
    nodes: list[Node] = field(default_factory=list)


def tree(text: str, name: str, *, tick: Tick) -> Node:
    """The one document of the file ``name``. NotAPack names the line of the first thing that is no plain YAML.

    Every word is text but for a bare true, false, null or nothing: 16 and 12:30 stay what they look like.
    TooLarge a file with more values than any pack.
    """
    try:
        return _built(_ticked(text, name, tick=tick))
    except Crooked as fault:
        raise NotAPack(f"{name}, line {fault.line}: {fault}.", fault.line) from fault
    except yaml.YAMLError as fault:
        raise _syntax(fault, name) from fault


def _ticked(text: str, name: str, *, tick: Tick) -> Iterator[yaml.Event]:
    total = text.count("\n") + 1
    for number, event in enumerate(yaml.parse(text, Loader=LOADER)):
        if number % STEP == 0:
            tick(min(_line(event), total), total)
        if number > LIMIT_NODES:
            raise TooLarge(f"{name}: a pack has at most {LIMIT_NODES:,} values.", _line(event))
        yield event
    tick(total, total)


def _line(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.line + 1


def _built(events: Iterator[yaml.Event]) -> Node:
    # A stack of our own: the composer of libyaml recurses in C, where a file of brackets ends the process.
    stack = [Open(1, mapping=False)]
    for event in events:
        line = _line(event)
        _refuse(event, line, len(stack))
        match event:
            case yaml.MappingStartEvent():
                stack.append(Open(line, mapping=True))
            case yaml.SequenceStartEvent():
                stack.append(Open(line, mapping=False))
            case yaml.CollectionEndEvent():
                ended = stack.pop()
                stack[-1].nodes.append(_closed(ended))
            case yaml.ScalarEvent():
                stack[-1].nodes.append(Node(_word(event), line))
    return _single(stack[0].nodes)


def _refuse(event: yaml.Event, line: int, depth: int) -> None:
    if depth > DEPTH:
        raise Crooked(f"nested more than {DEPTH} deep", line)
    if getattr(event, "anchor", None) is not None:
        raise Crooked("anchors and aliases (& and *) are not part of the format", line)
    if getattr(event, "tag", None) not in {None, "!"}:
        raise Crooked("tags (!) are not part of the format", line)


def _word(event: yaml.ScalarEvent) -> str | bool | None:
    bare = event.implicit[0]
    return WORDS.get(event.value, event.value) if bare else str(event.value)


def _closed(ended: Open) -> Node:
    if not ended.mapping:
        return Node(ended.nodes, ended.line)
    pairs: dict[str, Node] = {}
    for key, node in zip(ended.nodes[::2], ended.nodes[1::2], strict=True):
        if not isinstance(key.value, str):
            raise Crooked("the name of a field must be text", key.line)
        if key.value in pairs:
            raise Crooked(f"the field {key.value} stands twice", key.line)
        pairs[key.value] = node
    return Node(pairs, ended.line)


def _single(nodes: list[Node]) -> Node:
    if not nodes:
        raise Crooked("the file is empty", 1)
    if len(nodes) > 1:
        raise Crooked("a second document begins; a file holds one pack", nodes[1].line)
    return nodes[0]


def _syntax(fault: yaml.YAMLError, name: str) -> NotAPack:
    mark = getattr(fault, "problem_mark", None)
    said = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "it cannot be read"
    line = None if mark is None else mark.line + 1
    place = name if line is None else f"{name}, line {line}"
    return NotAPack(f"{place}: this is no YAML ({said}).", line)


def plain(node: Node) -> Any:
    """The tree without its lines."""
    match node.value:
        case dict() as pairs:
            return {key: plain(value) for key, value in pairs.items()}
        case list() as nodes:
            return [plain(value) for value in nodes]
        case word:
            return word


def line(node: Node, path: tuple[int | str, ...]) -> int:
    """The line of what lies at ``path``, or of the last thing on the way that is there."""
    for step in path:
        match node.value, step:
            case dict() as pairs, str() if step in pairs:
                node = pairs[step]
            case list() as nodes, int() if step < len(nodes):
                node = nodes[step]
    return node.line
