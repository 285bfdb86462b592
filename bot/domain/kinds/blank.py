"""Gaps to be filled by typing, each with its accepted spellings; a near miss is asked about, one at a time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, NO, UNKNOWN, YES, Done, Given, More, Outcome, State, Taken, Unclear, Verdict
from bot.domain.kinds.choices import stem_read
from bot.domain.prompt import Arg, Choice, Prompt, Quote, Text
from bot.domain.question import Blank, Draft, KindName, Order
from bot.domain.spelling import Mark, mark

NAME: KindName = "blank"
CHOSEN = False
LONG = False
PASSES = False
SHARES = False

_GAP = re.compile("[_＿]{2,}")
_EMPTY = re.compile(r"[(（]\s*[)）]")  # a paper's other way to leave a gap
# From the strongest separator to the weakest: the first that gives as many parts as there are blanks.
_SEPARATORS = (r"\n", r"[|｜]", r"[;；]", r"，|(?<![0-9]),|,(?![0-9]{3})", r"[,，]", "、", r"[\n|｜;；,，、]")


@dataclass(frozen=True, slots=True)
class Body:
    """``any_order``: each blank takes any of the answers, each answer once."""

    stem: str
    blanks: tuple[Blank, ...]
    any_order: bool = False


def read(draft: Draft) -> Body:
    stem = stem_read(draft)
    if not draft.blanks:
        raise DraftError("no-key", "blanks", "no answer is given; write what each blank accepts")
    for number, blank in enumerate(draft.blanks, start=1):
        if not blank.accept or not all(text.strip() for text in blank.accept):
            raise DraftError("empty-accept", "blanks", f"blank {number} accepts an empty answer; write it")
    gaps = len(_GAP.findall(stem)) or len(_EMPTY.findall(stem)) or 1
    if gaps != len(draft.blanks):
        raise DraftError("blank-count", "blanks", f"{len(draft.blanks)} answers for {gaps} gaps; make them fit")
    return Body(stem, tuple(_stripped(blank) for blank in draft.blanks), draft.any_order)


def order(body: Body, shuffled: tuple[int, ...]) -> Order:  # noqa: ARG001 - the kinds' common shape
    return ()


def show(body: Body, order: Order, state: State) -> Prompt:  # noqa: ARG001 - the kinds' common shape
    pending = _pending(body, state)
    if pending is not None:
        counts = (Choice(YES, Text("count")), Choice(NO, Text("discount")))
        return Prompt(NAME, (_asked(body, state, pending),), "grade", choices=counts)
    return Prompt(
        NAME,
        (Quote(body.stem),),
        "texts",
        extras=_extras(body, state),
        fields=len(body.blanks),
        notes=(_note(body), *_starts(body, state)),
    )


def take(body: Body, order: Order, state: State, given: Given) -> Taken:
    if state.step == "near":
        return _counted(body, order, state, given.token)
    if given.token == UNKNOWN:
        told = (Text("verdict.blank.unknown", {"answer": _answer(body)}),)
        return Done(Verdict("unknown", 0.0, told, hinted=state.hinted))
    if given.token == HINT and _extras(body, state)[1:]:
        return More(replace(state, hinted=True))
    if given.token:
        return Unclear(Text("unclear.press"))
    return _filled(body, order, state, given)


def options(body: Body) -> int:  # noqa: ARG001 - the kinds' common shape
    return 0


def plain(body: Body) -> str:
    return " ".join(body.stem.split())


def right(body: Body) -> tuple[int, ...]:  # noqa: ARG001 - the kinds' common shape
    return ()


def named(body: Body, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:  # noqa: ARG001 - the kinds' common shape
    return ()


def given(order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:  # noqa: ARG001 - the kinds' common shape
    return tuple(Quote(text) for text in texts) or None


def _filled(body: Body, order: Order, state: State, given: Given) -> Taken:
    texts = _texts(given, len(body.blanks))
    if given.label and not _keyed(body, texts):
        return Unclear(Text("unclear.label", {"others": tuple(choice.label for choice in _extras(body, state))}))
    if len(texts) != len(body.blanks) or not any(texts):
        return Unclear(_miscounted(body, state, sum(map(bool, texts))))
    return _next(body, order, replace(state, texts=_arranged(body, texts)))


def _keyed(body: Body, texts: tuple[str, ...]) -> bool:
    """Whether any blank's key is what was typed."""
    return any(mark(text, blank, body.stem) == "right" for text in texts for blank in body.blanks)


def _stripped(blank: Blank) -> Blank:
    accept = tuple(text.strip() for text in blank.accept)
    return Blank(accept, tuple(text.strip() for text in blank.near if text.strip()))


def _note(body: Body) -> Text:
    if len(body.blanks) > 2:  # noqa: PLR2004 - two have words of their own
        return Text("prompt.blanks", count=len(body.blanks))
    return Text("prompt.blank" if len(body.blanks) == 1 else "prompt.blanks_two")


def _extras(body: Body, state: State) -> tuple[Choice, ...]:
    unknown = Choice(UNKNOWN, Text("unknown"))
    if state.hinted or not _starts(body, replace(state, hinted=True)):
        return (unknown,)
    return (unknown, Choice(HINT, Text("hint")))


def _starts(body: Body, state: State) -> tuple[Text, ...]:
    """The first character of each answer, after a hint; an answer of one character keeps it."""
    firsts = [(place, blank.accept[0]) for place, blank in enumerate(body.blanks, start=1)]
    starts = [(place, Quote(text[0])) for place, text in firsts if state.hinted and len(text) > 1]
    if len(body.blanks) == 1:
        return tuple(Text("hint.blank_one", {"start": start}) for _, start in starts)
    return tuple(Text("hint.blank", {"blank": place, "start": start}) for place, start in starts)


def _texts(given: Given, wanted: int) -> tuple[str, ...]:
    """One text a blank: a form as it was filled, one blank the whole message, else the message split."""
    if wanted == 1:
        return ("\n".join(given.texts).strip(),)
    if len(given.texts) > 1:
        return tuple(text.strip() for text in given.texts)
    message = "".join(given.texts).strip()
    splits = [_parts(message, separator) for separator in _SEPARATORS]
    return next((parts for parts in splits if len(parts) == wanted), splits[-1])


def _parts(message: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(separator, message) if part.strip())


def _miscounted(body: Body, state: State, got: int) -> Text:
    if len(body.blanks) == 1:
        return Text("unclear.blank", {"others": tuple(choice.label for choice in _extras(body, state))})
    if len(body.blanks) == 2:  # noqa: PLR2004 - two have words of their own
        return Text("unclear.blanks_two", {"got": got})
    return Text("unclear.blanks", {"got": got}, count=len(body.blanks))


def _arranged(body: Body, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts, each at its blank: the most right ones in any order, then the most near ones."""
    if not body.any_order:
        return texts
    marks = [[mark(text, blank, body.stem) for blank in body.blanks] for text in texts]
    places: dict[int, int] = {}  # blank -> text
    for wanted in ("right", "near"):
        for text in range(len(texts)):
            if text not in places.values():
                _seated(text, marks, wanted=wanted, places=places, tried=set())
    free = iter(text for text in range(len(texts)) if text not in places.values())
    return tuple(texts[places[blank] if blank in places else next(free)] for blank in range(len(body.blanks)))


def _seated(text: int, marks: list[list[Mark]], *, wanted: Mark, places: dict[int, int], tried: set[int]) -> bool:
    """Whether the text finds a blank, others moving over for it (Kuhn's augmenting path)."""
    for blank, fit in enumerate(marks[text]):
        if fit != wanted or blank in tried:
            continue
        tried.add(blank)
        if blank not in places or _seated(places[blank], marks, wanted=wanted, places=places, tried=tried):
            places[blank] = text
            return True
    return False


def _marks(body: Body, state: State) -> tuple[Mark, ...]:
    """What each text is worth, as far as near misses were counted or refused."""
    marks: list[Mark] = []
    for place, (text, blank) in enumerate(zip(state.texts, body.blanks, strict=True)):
        own = mark(text, blank, body.stem)
        if own == "near" and place in (*state.counted, *state.refused):
            own = "right" if place in state.counted else "wrong"
        marks.append(own)
    return tuple(marks)


def _pending(body: Body, state: State) -> int | None:
    """The blank whose near miss is asked about, from 0."""
    marks = _marks(body, state) if state.step == "near" else ()
    return marks.index("near") if "near" in marks else None


def _next(body: Body, order: Order, state: State) -> Taken:
    state = replace(state, step="near")
    if _pending(body, state) is None:
        return Done(_verdict(body, state))
    return More(state, fresh=True, said=show(body, order, state).stem)


def _counted(body: Body, order: Order, state: State, token: str) -> Taken:
    if token not in (YES, NO):
        return Unclear(Text("unclear.pick", {"yes": Text("count"), "no": Text("discount")}))
    pending = _pending(body, state)
    decided = () if pending is None else (pending,)  # None: stored by a version that marked otherwise
    if token == YES:
        return _next(body, order, replace(state, counted=(*state.counted, *decided)))
    return _next(body, order, replace(state, refused=(*state.refused, *decided)))


def _asked(body: Body, state: State, place: int) -> Text:
    blank, typed = body.blanks[place], state.texts[place]
    quotes = {"typed": Quote(typed), "accepted": Quote(blank.accept[0])}
    if len(body.blanks) == 1:
        return Text("near.ask_one", quotes)
    return Text("near.ask", {"blank": place + 1, **quotes})


def _verdict(body: Body, state: State) -> Verdict:
    marks = _marks(body, state)
    right = marks.count("right")
    outcome: Outcome = "right"
    told = Text("verdict.blank.right", {"answer": _answer(body)})
    if not right:
        outcome, told = "wrong", Text("verdict.blank.wrong", {"answer": _answer(body)})
    elif right < len(marks):
        outcome, told = "partial", _missed(body, marks)
    return Verdict(outcome, right / len(marks), (told,), texts=state.texts, hinted=state.hinted)


def _missed(body: Body, marks: tuple[Mark, ...]) -> Text:
    missed = [(place, Quote(blank.accept[0])) for place, blank in enumerate(body.blanks) if marks[place] != "right"]
    if body.any_order:
        return Text("verdict.blank.missing", {"missing": tuple(Text("quoted", {"text": text}) for _, text in missed)})
    should = [Text("verdict.blank.should", {"blank": place + 1, "text": text}) for place, text in missed]
    return Text("verdict.blank.partial", {"blanks": _joined(should)})


def _answer(body: Body) -> Text | Quote:
    return _joined([Quote(blank.accept[0]) for blank in body.blanks])


def _joined(items: Sequence[Text | Quote]) -> Text | Quote:
    """One after the other with commas, as blanks are typed: a list's own joining (、) is for options."""
    *before, joined = items
    for first in reversed(before):
        joined = Text("comma", {"first": first, "rest": joined})
    return joined
