"""What is wrong with a pack, in sentences that name the line, the question and the field."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.formats.pack.tree import Node, line

Path = tuple[int | str, ...]
Fault = tuple[int, str]  # 1-based line, sentence

SHOWN = 100  # faults told of one file

SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the format",
    "string_type": "must be text; put quotes around it",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must have fields",
    "model_attributes_type": "must have fields",
    "dict_type": "must have fields",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "too_short": "needs {min_length} or more",
    "too_long": "has more than {max_length}",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "union_tag_not_found": "is missing",
    "union_tag_invalid": "must be one of {expected_tags}",
    "value_error": ": {error}",
}


def shape_faults(root: Node, error: ValidationError) -> Iterator[Fault]:
    """The faults that the shape finds, in the file's order."""
    for detail in error.errors(include_url=False):
        path = _path(detail)
        yield line(root, path), f"{_where(root, path)}{_said(detail)}."


def repeat_faults(root: Node) -> Iterator[Fault]:
    """Ids that stand more than once."""
    places = [(name, place) for place in range(_count(root)) if (name := _name(root, place))]
    times = Counter(name for name, _ in places)
    for name, place in places:
        if times[name] > 1:
            path = ("questions", place, "id")
            yield line(root, path), f"{_where(root, path)} stands {times[name]} times in this file."


def sentences(name: str, faults: list[Fault]) -> str:
    """One line a fault, in the order of the lines; of very many the first ones and how many are left."""
    told = [f"{name}, line {number}: {sentence}" for number, sentence in sorted(faults)]
    left = len(told) - SHOWN
    return "\n".join(told[:SHOWN] + ([f"{name}: {left} more faults."] if left > 0 else []))


def _path(detail: ErrorDetails) -> Path:
    at = detail["loc"]
    inside = at[:2] + at[3:] if at[:1] == ("questions",) else at  # without the kind, which tells the shapes apart
    return (*inside, "kind") if detail["type"].startswith("union_tag") else inside


def _said(detail: ErrorDetails) -> str:
    sentence = SENTENCES.get(detail["type"])
    if sentence is None:
        return f": {detail['msg']}"
    told: Mapping[str, Any] = detail.get("ctx", {})
    return sentence.format_map(told) if sentence.startswith(":") else f" {sentence.format_map(told)}"


def _where(root: Node, path: Path) -> str:
    match path:
        case ():
            return "the pack"
        case ("questions", int() as place, *rest):
            name = _name(root, place) or f"number {place + 1}"
            return f"question {name}: {_field(rest)}"
        case _:
            return _field(list(path))


def _field(path: list[int | str]) -> str:
    # positions are told as a person counts, from 1
    steps = [str(step + 1) if isinstance(step, int) else step for step in path]
    return " ".join(steps) or "it"


def _questions(root: Node) -> list[Node]:
    value = root.value.get("questions") if isinstance(root.value, dict) else None
    return value.value if value is not None and isinstance(value.value, list) else []


def _count(root: Node) -> int:
    return len(_questions(root))


def _name(root: Node, place: int) -> str:
    value = _questions(root)[place].value
    found = value.get("id") if isinstance(value, dict) else None
    return found.value if found is not None and isinstance(found.value, str) else ""
