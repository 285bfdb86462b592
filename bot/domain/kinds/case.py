"""A situation with questions, answered in writing; the learner compares it with the model answer."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.errors import DraftError
from bot.domain.kind import NO, SUBMIT, UNKNOWN, YES, Done, Given, More, State, Taken, Unclear, Verdict
from bot.domain.prompt import Arg, Block, Choice, Prompt, Quote, Text
from bot.domain.question import Draft, KindName, Order, Part

NAME: KindName = "case"
CHOSEN = False
LONG = True
PASSES = True
SHARES = False

_BETWEEN = re.compile(r"[\s,，、;；|/+&.和与與及]+")


@dataclass(frozen=True, slots=True)
class Body:
    """An empty ``stem`` makes it an open question: ``parts`` then has one or more. No ``points``: had it or not."""

    stem: str
    parts: tuple[Part, ...]
    model_answer: str
    points: tuple[str, ...] = ()


def read(draft: Draft) -> Body:
    parts = tuple(Part(part.stem.strip(), part.answer.strip()) for part in draft.parts)
    stem, points = draft.stem.strip(), tuple(point.strip() for point in draft.points)
    if not stem and not parts:
        raise DraftError("no-stem", "stem", "neither a situation nor a question is given; write one")
    if not all(part.stem for part in parts):
        raise DraftError("empty-part", "parts", "a question of the case is empty; write it")
    if not all(points):
        raise DraftError("empty-point", "points", "a key point is empty; write it or take it away")
    model_answer = (draft.model_answer or "").strip() or "\n".join(part.answer for part in parts if part.answer)
    if not model_answer:
        raise DraftError("no-key", "model_answer", "no model answer is given; write it")
    return Body(stem, parts, model_answer, points)


def order(body: Body, shuffled: tuple[int, ...]) -> Order:  # noqa: ARG001 - the kinds' common shape
    return ()


def show(body: Body, order: Order, state: State) -> Prompt:  # noqa: ARG001 - the kinds' common shape
    model = Text("case.model_answer", {"answer": Quote(body.model_answer)})
    if state.step == "points":
        submit = (Choice(SUBMIT, Text("submit")),)
        points = _points(body, state)
        return Prompt(NAME, (model, Text("case.which_points")), "points", choices=points, extras=submit)
    if state.step == "grade":
        grades = (Choice(YES, Text("had")), Choice(NO, Text("missed")))
        return Prompt(NAME, (model, Text("case.had_it")), "grade", choices=grades)
    unknown = (Choice(UNKNOWN, Text("unknown")),)
    return Prompt(NAME, _stem(body), "writing", extras=unknown, fields=1, notes=(Text("prompt.writing"),))


def take(body: Body, order: Order, state: State, given: Given) -> Taken:
    if state.step == "points":
        return _ticked(body, state, given)
    if state.step == "grade":
        return _graded(state, given.token)
    if given.token == UNKNOWN:
        model = Text("case.model_answer", {"answer": Quote(body.model_answer)})  # not shown before
        return Done(Verdict("unknown", 0.0, (Text("verdict.case.unknown"), model)))
    if given.token:
        return Unclear(Text("unclear.press"))
    writing = "\n".join(given.texts).strip()
    if given.label or not writing:
        return Unclear(Text("unclear.label" if given.label else "unclear.writing", {"others": (Text("unknown"),)}))
    state = replace(state, step="points" if body.points else "grade", texts=(writing,))
    return More(state, fresh=True, said=show(body, order, state).stem)


def options(body: Body) -> int:  # noqa: ARG001 - the kinds' common shape
    return 0


def plain(body: Body) -> str:
    return " ".join((body.stem or body.parts[0].stem).split())


def right(body: Body) -> tuple[int, ...]:  # noqa: ARG001 - the kinds' common shape
    return ()


def named(body: Body, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:  # noqa: ARG001 - the kinds' common shape
    return ()


def given(order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:  # noqa: ARG001 - the kinds' common shape
    return None


def _stem(body: Body) -> tuple[Block, ...]:
    """The situation, then its questions; an open question is its own stem."""
    if not body.stem and len(body.parts) == 1:
        return (Quote(body.parts[0].stem),)
    situation = (Quote(body.stem),) if body.stem else ()
    return (*situation, *(Text("case.part", {"stem": Quote(part.stem)}) for part in body.parts))


def _points(body: Body, state: State) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(place), Quote(point), str(place + 1), place in state.marked)
        for place, point in enumerate(body.points)
    )


def _ticked(body: Body, state: State, given: Given) -> Taken:
    places = [str(place) for place in range(len(body.points))]
    if given.token == SUBMIT:
        return _submitted(body, state, [places.index(one) if one in places else None for one in given.texts])
    if not given.token:
        had = _numbers("".join(given.texts), len(body.points))
        if had is None:
            return Unclear(Text("unclear.points", {"last": len(body.points), "submit": Text("submit")}))
        return Done(_verdict(body, state, had))
    if given.token not in places:
        return Unclear(Text("unclear.press"))
    marked = {places.index(given.token)} ^ set(state.marked)
    return More(replace(state, marked=tuple(sorted(marked))))


def _submitted(body: Body, state: State, chosen: list[int | None]) -> Taken:
    """What was ticked before, or what was ticked together just now."""
    if None in chosen:
        return Unclear(Text("unclear.press"))
    had = tuple(sorted({one for one in chosen if one is not None}))
    return Done(_verdict(body, state, had or state.marked))


def _numbers(text: str, last: int) -> tuple[int, ...] | None:
    """The points, from 0, that typed numbers name: 12, 1、3, 0 for none; None when it is something else."""
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if part]
    if last < 10:  # noqa: PLR2004 - one digit a point, so they may stand together
        parts = list("".join(parts))
    if parts == ["0"]:
        return ()
    if not parts or not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):  # noqa: PLR2004
        return None
    had = sorted({int(part) - 1 for part in parts})
    return tuple(had) if had[0] >= 0 and had[-1] < last else None


def _verdict(body: Body, state: State, had: tuple[int, ...]) -> Verdict:
    total = len(body.points)
    if not had:
        return Verdict("unknown", 0.0, (Text("verdict.case.none"),), texts=state.texts)
    if len(had) == total:
        told = Text("verdict.case.had") if total == 1 else Text("verdict.case.right", count=total)
        return Verdict("right", 1.0, (told,), marked=had, texts=state.texts)
    missing = tuple(
        Text("option", {"letter": str(place + 1), "text": Quote(point)})
        for place, point in enumerate(body.points)
        if place not in had
    )
    told = Text("verdict.case.partial", {"had": len(had), "total": total, "missing": missing})
    return Verdict("partial", len(had) / total, (told,), marked=had, texts=state.texts)


def _graded(state: State, token: str) -> Taken:
    if token == YES:
        return Done(Verdict("right", 1.0, (Text("verdict.case.had"),), texts=state.texts))
    if token == NO:
        return Done(Verdict("unknown", 0.0, (Text("verdict.case.none"),), texts=state.texts))
    return Unclear(Text("unclear.pick", {"yes": Text("had"), "no": Text("missed")}))
