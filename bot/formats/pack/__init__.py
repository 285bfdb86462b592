"""The pack: our own YAML format for sets of questions (questions/README.md)."""

import re

from pydantic import ValidationError

from bot.domain.question import Reading
from bot.formats.format import Tick, TooLarge
from bot.formats.pack.faults import repeat_faults, sentences, shape_faults
from bot.formats.pack.shape import PackShape
from bot.formats.pack.tree import Node, NotAPack, line, plain, tree

NAME = "pack"
LIMIT_BYTES = 5_000_000
HEAD_BYTES = 4096

MARK = re.compile(rb"^(code|questions):", re.MULTILINE)


def fits(data: bytes, name: str) -> bool:
    """Whether the file is called YAML, or begins with the fields of a pack."""
    return name.lower().endswith((".yaml", ".yml")) or len(set(MARK.findall(data[:HEAD_BYTES]))) > 1


def read(data: bytes, name: str, *, tick: Tick) -> Reading:
    """Every question of a pack.

    NotAPack tells all faults at once, one line each, naming file, line, question and field; TooLarge a file
    of more than 5 MB.
    """
    if len(data) > LIMIT_BYTES:
        raise TooLarge(f"{name}: a pack has at most {LIMIT_BYTES // 1_000_000} MB.")
    root = tree(_text(data, name), name, tick=tick)
    return _reading(_checked(root, name), root)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise NotAPack(f"{name}, line {number}: a pack is written in UTF-8.", number) from error


def _checked(root: Node, name: str) -> PackShape:
    faults = list(repeat_faults(root))
    try:
        pack = PackShape.model_validate(plain(root))
    except ValidationError as error:
        faults += shape_faults(root, error)
    if faults:
        raise NotAPack(sentences(name, faults), min(faults)[0])
    return pack


def _reading(pack: PackShape, root: Node) -> Reading:
    lines = [line(root, ("questions", place)) for place in range(len(pack.questions))]
    return Reading(
        title=pack.title,
        drafts=tuple(question.draft(at) for question, at in zip(pack.questions, lines, strict=True)),
        code=pack.code,
        short_title=pack.short_title,
        language=pack.language,
        licence=pack.licence,
        partial=pack.partial_credit,
    )
