"""A statement that is true or false; its two options are never shuffled."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import DraftError
from bot.domain.kind import UNKNOWN, Done, Given, Outcome, State, Taken, Unclear, Verdict
from bot.domain.kinds.choices import stem_read
from bot.domain.prompt import Arg, Choice, Prompt, Quote, Text
from bot.domain.question import Draft, KindName, Order
from bot.domain.spelling import normal

NAME: KindName = "boolean"
CHOSEN = True
LONG = False
PASSES = False
SHARES = False

_TOLD: dict[tuple[Outcome, bool], str] = {
    ("right", True): "verdict.boolean.right.true",
    ("right", False): "verdict.boolean.right.false",
    ("wrong", True): "verdict.boolean.wrong.true",
    ("wrong", False): "verdict.boolean.wrong.false",
    ("unknown", True): "verdict.boolean.unknown.true",
    ("unknown", False): "verdict.boolean.unknown.false",
}
_TOKENS = {"0": True, "1": False}
# Whole words only, so that 不正确 is never read as 正确; in the form that spelling.normal gives.
_TRUE = ("正确", "对", "对的", "是", "是的", "没错", "√", "✓", "true", "t", "right", "correct", "yes", "y", "1")
_FALSE = (
    "错误",
    "错",
    "错的",
    "不对",
    "不正确",
    "否",
    "不是",
    "×",
    "✗",
    "✘",
    "❌",
    "x",
    "false",
    "f",
    "no",
    "n",
    "0",
    "2",
)
_WORDS = dict.fromkeys(_TRUE, True) | dict.fromkeys((*_FALSE, "wrong", "incorrect"), False)


@dataclass(frozen=True, slots=True)
class Body:
    """``truth``: the statement is true."""

    stem: str
    truth: bool


def read(draft: Draft) -> Body:
    stem = stem_read(draft)
    if draft.truth is None:
        raise DraftError("no-key", "truth", "true or false is not said; say it")
    return Body(stem, draft.truth)


def order(body: Body, shuffled: tuple[int, ...]) -> Order:  # noqa: ARG001 - the kinds' common shape
    return ()


def show(body: Body, order: Order, state: State) -> Prompt:  # noqa: ARG001 - the kinds' common shape
    options = (Choice("0", Text("true")), Choice("1", Text("false")))
    return Prompt(NAME, (Quote(body.stem),), "one", choices=options, extras=(Choice(UNKNOWN, Text("unknown")),))


def take(body: Body, order: Order, state: State, given: Given) -> Taken:  # noqa: ARG001 - the kinds' common shape
    if given.token == UNKNOWN:
        return Done(_verdict(body, "unknown"))
    if given.token and given.token not in _TOKENS:
        return Unclear(Text("unclear.press"))
    said = _TOKENS[given.token] if given.token else _WORDS.get(normal("\n".join(given.texts)))
    if said is None:
        words = {"true": Text("true"), "false": Text("false")}
        return Unclear(Text("unclear.boolean", {**words, "others": (Text("unknown"),)}))
    return Done(_verdict(body, "right" if said == body.truth else "wrong", marked=(0 if said else 1,)))


def options(body: Body) -> int:  # noqa: ARG001 - the kinds' common shape
    return 0


def plain(body: Body) -> str:
    return " ".join(body.stem.split())


def right(body: Body) -> tuple[int, ...]:
    return (0 if body.truth else 1,)


def named(body: Body, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:  # noqa: ARG001 - the kinds' common shape
    return tuple(Text("true" if position == 0 else "false") for position in positions)


def given(order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:  # noqa: ARG001 - the kinds' common shape
    return Text("true" if marked == (0,) else "false") if marked else None


def _verdict(body: Body, outcome: Outcome, *, marked: tuple[int, ...] = ()) -> Verdict:
    return Verdict(outcome, float(outcome == "right"), (Text(_TOLD[outcome, body.truth]),), marked=marked)
