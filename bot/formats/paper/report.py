"""A reading as the documented JSON object of ``studybot import --dry-run --json``."""

from collections import Counter
from typing import Any

from bot.domain.question import Draft, Reading

KINDS = ("single", "multiple", "boolean", "blank", "case", "open")


def as_json(reading: Reading, source: str) -> dict[str, Any]:
    """The object, ready for ``json.dumps``; ``source`` is the file's name.

    A case without a situation is called ``open``, and its first question is its ``stem``.
    """
    questions = [_question(draft) for draft in reading.drafts]
    counts = Counter(question["kind"] for question in questions)
    return {
        "source": source,
        "title": reading.title,
        "promised": reading.promised,
        "found": len(questions),
        "by_kind": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "questions": questions,
        "warnings": [{"line": one.line, "code": one.code, "message": one.message} for one in reading.remarks],
        "duplicates": [{"a": pair.first, "b": pair.second, "level": pair.level} for pair in reading.pairs],
        "dropped_lines": reading.dropped_lines,
    }


def _question(draft: Draft) -> dict[str, Any]:
    is_open = draft.kind == "case" and not draft.stem
    question: dict[str, Any] = {
        "number": draft.number,
        "section": draft.section,
        "kind": "open" if is_open else draft.kind,
        "stem": draft.parts[0].stem if is_open and draft.parts else draft.stem,
        "options": [option.text for option in draft.options],
        "answer": _answer(draft),
        "explanation": draft.explanation,
        "reference": draft.reference,
        "line": draft.line,
        "review": [{"code": doubt.code, "message": doubt.message} for doubt in draft.doubts],
    }
    if draft.kind == "case":
        question["parts"] = [{"stem": part.stem, "answer": part.answer} for part in draft.parts]
        question["key_points"] = list(draft.points)
    return question


def _answer(draft: Draft) -> list[str] | list[list[str]] | bool | str | None:
    if draft.kind in ("single", "multiple"):
        return None if draft.right is None else [chr(65 + place) for place in draft.right]
    if draft.kind == "boolean":
        return draft.truth
    if draft.kind == "blank":
        return None if draft.blanks is None else [list(blank.accept) for blank in draft.blanks]
    return draft.model_answer
