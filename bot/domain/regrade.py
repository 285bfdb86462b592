"""A stored answer graded again: the same verdict, with its words, from what was given."""

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.kind import NO, SUBMIT, UNKNOWN, YES, Done, Given, Kind, More, Outcome, State, Verdict
from bot.domain.question import Order


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of an answer: options or points in the body's positions, texts as typed."""

    outcome: Outcome
    marked: tuple[int, ...]
    texts: tuple[str, ...]
    hinted: bool


def regraded(kind: Kind, body: Any, order: Order, kept: Kept) -> Verdict | None:
    """The verdict of a stored answer; None where it is no answer to this body (another revision's).

    The stored outcome decides what nothing else tells: whether a near miss was counted.
    """
    state = State(hinted=kept.hinted, marked=kept.marked)
    given = _first(kind, body, order, kept)
    while True:
        taken = kind.take(body, order, state, given)
        match taken:
            case Done(verdict):
                return verdict
            case More(state=after):
                state = replace(after, marked=kept.marked)
                given = _next(after, kept)
            case _:
                return None


def _first(kind: Kind, body: Any, order: Order, kept: Kept) -> Given:
    if kept.texts:
        return Given(texts=kept.texts)
    if not kept.marked:
        return Given(UNKNOWN)
    if kind.show(body, order, State()).takes == "many":
        return Given(SUBMIT)
    return Given(str(order.index(kept.marked[0]) if order else kept.marked[0]))


def _next(state: State, kept: Kept) -> Given:
    if state.step == "points":
        return Given(SUBMIT)
    return Given(YES if kept.outcome == "right" else NO)
