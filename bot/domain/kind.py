"""What a question kind offers, and the records that pass: given, state, verdict."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.domain.prompt import Block, Prompt, Text
from bot.domain.question import Draft, KindName, Order


@dataclass(frozen=True, slots=True)
class Given:
    """What a learner gave: a pressed token (an option's shown position, or one of TOKENS) or typed texts.

    ``texts`` has one typed message, or one text a field where a form was filled; with SUBMIT the options' tokens
    where they were chosen together. ``label``: the message is what a button of the interface is called; it is an
    answer only where the key says the same.
    """

    token: str = ""
    texts: tuple[str, ...] = ()
    label: bool = False


SUBMIT, UNKNOWN, HINT, YES, NO = "s", "x", "h", "y", "n"  # TOKENS; YES/NO: count it? had it?


@dataclass(frozen=True, slots=True)
class State:
    """How far one learner is in one ask; positions are the body's, never the shown ones.

    ``step``: "" asked · "near" count it? · "points" which did you have? · "grade" had it?
    """

    step: Literal["", "near", "points", "grade"] = ""
    marked: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()  # options that the hint took away
    hinted: bool = False
    texts: tuple[str, ...] = ()  # as typed, one a blank, or the writing
    counted: tuple[int, ...] = ()  # blanks whose near miss was counted
    refused: tuple[int, ...] = ()


Outcome = Literal["right", "partial", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer was worth.

    ``score`` is the share 0..1 under the partial-credit rule. ``marked`` and ``texts`` are what was given,
    in the body's positions, as it is stored. ``told`` says it, one line each; ``why`` is the chosen option's
    own reason, told before the explanation.
    """

    outcome: Outcome
    score: float
    told: tuple[Text, ...]
    marked: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    why: Text | None = None
    hinted: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """Not done: the next state. ``fresh`` asks for a new message below instead of an edit; ``said`` is its text."""

    state: State
    fresh: bool = False
    said: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The first attempt decided."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing was taken: what to say, to the person alone."""

    said: Text


Taken = More | Done | Unclear


class Kind(Protocol):
    """What a kind's module offers. ``body`` is always the module's own ``Body``."""

    NAME: KindName
    Body: Any

    def read(self, draft: Draft) -> Any:
        """The body of a draft; DraftError names the field that is wrong."""
        ...

    def order(self, body: Any, shuffled: tuple[int, ...]) -> Order:
        """The order to show: ``shuffled`` (a permutation of the options) where letters allow it, else 0..n-1."""
        ...

    def show(self, body: Any, order: Order, state: State) -> Prompt:
        """The question as shown; actions are tokens relative to the ask."""
        ...

    def take(self, body: Any, order: Order, state: State, given: Given) -> Taken:
        """What an answer leads to; never raises on anything a person can send."""
        ...

    def options(self, body: Any) -> int:
        """How many options there are to shuffle; 0 where there are none."""
        ...

    def plain(self, body: Any) -> str:
        """The stem in one line, for lists."""
        ...
