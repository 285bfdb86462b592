"""One right option."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, UNKNOWN, Done, Given, Outcome, State, Taken, Unclear, Verdict
from bot.domain.kinds import choices
from bot.domain.prompt import Arg, Prompt, Quote, Text
from bot.domain.question import Draft, KindName, Option, Order

NAME: KindName = "single"
CHOSEN = True
LONG = False
PASSES = False
SHARES = False

_TOLD: dict[Outcome, str] = {
    "right": "verdict.single.right",
    "wrong": "verdict.single.wrong",
    "unknown": "verdict.single.unknown",
}


@dataclass(frozen=True, slots=True)
class Body:
    """``right`` is the position of the one right option."""

    stem: str
    options: tuple[Option, ...]
    right: int


def read(draft: Draft) -> Body:
    stem, options, right = choices.stem_read(draft), choices.options_read(draft), choices.right_read(draft)
    if len(right) > 1:
        raise DraftError("many-keys", "right", f"{len(right)} are named; name one, or make it a multiple")
    return Body(stem, options, right[0])


def order(body: Body, shuffled: tuple[int, ...]) -> Order:  # noqa: ARG001 - the kinds' common shape
    return shuffled


def show(body: Body, order: Order, state: State) -> Prompt:
    return Prompt(
        NAME,
        (Quote(body.stem),),
        "one",
        choices=choices.shown(body.options, order, state),
        extras=choices.extras((body.right,), order, state),
        notes=choices.notes(order, state),
    )


def take(body: Body, order: Order, state: State, given: Given) -> Taken:
    if given.token == UNKNOWN:
        return Done(_verdict("unknown", body, order, state))
    if given.token == HINT:
        return choices.hinted((body.right,), order, state)
    chosen = choices.pressed(given.token, order, state) if given.token else _typed(body, order, state, given)
    if isinstance(chosen, Unclear):
        return chosen
    return Done(_verdict("right" if chosen == body.right else "wrong", body, order, state, chosen=chosen))


def options(body: Body) -> int:
    return len(body.options)


def plain(body: Body) -> str:
    return " ".join(body.stem.split())


def right(body: Body) -> tuple[int, ...]:
    return (body.right,)


def named(body: Body, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:
    return choices.lettered_all(body.options, positions, order)


def given(order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:  # noqa: ARG001 - the kinds' common shape
    return choices.letters(marked, order) or None


def _typed(body: Body, order: Order, state: State, given: Given) -> int | Unclear:
    text = "\n".join(given.texts)
    others = choices.extras((body.right,), order, state)
    name = choices.typed_letter(text)
    chosen = choices.placed(name, order) if name else choices.typed_option(text, body.options, order)
    if chosen is None:
        return choices.no_letter(name, order, state, others) if name else choices.no_option(order, state, others)
    if chosen in state.gone:
        return choices.no_letter(choices.letter_of(chosen, order), order, state, others)
    return chosen


def _verdict(outcome: Outcome, body: Body, order: Order, state: State, *, chosen: int | None = None) -> Verdict:
    answer = choices.lettered(body.options, body.right, order)
    return Verdict(
        outcome,
        score=float(outcome == "right"),
        told=(Text(_TOLD[outcome], {"answer": answer}),),
        marked=() if chosen is None else (chosen,),
        why=choices.why(body.options, chosen, order) if chosen is not None and outcome == "wrong" else None,
        hinted=state.hinted,
    )
