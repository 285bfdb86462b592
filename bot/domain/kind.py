"""What a question kind offers, and the records that pass: given, state, verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.domain.prompt import Arg, Block, Prompt, Text
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
    """What a kind's module offers. ``body`` is always the module's own ``Body``.

    CHOSEN: answered by pressing what is shown, so it suits a group, and what was right may be a guess.
    LONG: takes more than a moment, so it is not sent as the daily question, may be put off, and does not return within
    the day. PASSES: who had some of it has passed. SHARES: a set may give points for some of it (its ``partial``).
    """

    NAME: KindName
    Body: Any
    CHOSEN: bool
    LONG: bool
    PASSES: bool
    SHARES: bool

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

    def right(self, body: Any) -> tuple[int, ...]:
        """The positions of what is right; () where nothing is CHOSEN."""
        ...

    def named(self, body: Any, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:
        """What stands at positions, as it is named in a sentence; () where nothing is CHOSEN."""
        ...

    def given(self, order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:
        """What was answered (a verdict's ``marked`` and ``texts``), in few words; None where nothing was, or much."""
        ...
