"""Several right options: toggles, letters together, points for some."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, SUBMIT, UNKNOWN, Done, Given, More, State, Unclear, Verdict
from bot.domain.kinds import multiple
from bot.domain.prompt import Arg, Choice, Quote, Text
from bot.domain.question import Draft, Option, Order

IDENTITY: Order = (0, 1, 2, 3)
DRAFT = Draft(
    "multiple",
    "哪些做法能缓解梯度消失？",
    options=(
        Option("ReLU 激活"),
        Option("残差连接"),
        Option("批归一化"),
        Option("Sigmoid 激活", why="两端导数接近 0。"),
    ),
    right=(2, 0, 1, 0),
    partial=True,
)
BODY = multiple.read(DRAFT)
FIVE = multiple.Body("哪些对？", tuple(Option(text) for text in ("甲", "乙", "丙", "丁", "戊")), (0, 1))


def option(letter: str, text: str) -> Text:
    return Text("option", {"letter": letter, "text": Quote(text)})


A, B, C, D = (option(*pair) for pair in zip("ABCD", ("ReLU 激活", "残差连接", "批归一化", "Sigmoid 激活"), strict=True))
SECOND = Text("verdict.multiple.answer", {"answers": (A, B, C)})

FRESH = State()


def taken(state: State = FRESH, order: Order = IDENTITY, *, press: str = "", text: str = "") -> Any:
    return multiple.take(BODY, order, state, Given(press, (text,) if text else ()))


def verdict(marked: tuple[int, ...] = (), order: Order = IDENTITY, *, text: str = "") -> Verdict:
    done = taken(State(marked=marked), order, press="" if text else SUBMIT, text=text)
    assert isinstance(done, Done)
    return done.verdict


def test_a_key_is_read_as_a_set() -> None:
    """Right options are kept once, rising; none at all is refused."""
    assert BODY.right == (0, 1, 2)
    with pytest.raises(DraftError, match="no right option"):
        multiple.read(replace(DRAFT, right=None))


def test_some_of_the_right_options_give_points_only_where_the_set_says_so() -> None:
    """Without partial credit it is all or nothing; the outcome and the words stay the same."""
    strict = multiple.read(replace(DRAFT, partial=False))
    some, whole = (
        multiple.take(strict, IDENTITY, State(marked=marked), Given(SUBMIT)) for marked in ((0, 1), (0, 1, 2))
    )

    assert some == Done(replace(verdict((0, 1)), score=0.0))
    assert whole == Done(verdict((0, 1, 2)))


def test_a_toggle_is_marked_and_unmarked() -> None:
    """A press changes the mark in place; the same press takes it back."""
    once = taken(press="2")
    twice = taken(once.state, press="2")

    assert once == More(State(marked=(2,)))
    assert twice == More(State())
    assert multiple.show(BODY, IDENTITY, once.state).choices[2] == Choice("2", Quote("批归一化"), "C", marked=True)


def test_submit_stands_first_and_one_wrong_option_has_no_hint() -> None:
    """提交 不会, and no 提示: it could take none away."""
    assert multiple.show(BODY, IDENTITY, State()).extras == (
        Choice(SUBMIT, Text("submit")),
        Choice(UNKNOWN, Text("unknown")),
    )
    assert multiple.show(BODY, IDENTITY, State()).takes == "many"


def test_submit_with_nothing_chosen() -> None:
    """It asks to choose first, and nothing is taken."""
    assert taken(press=SUBMIT) == Unclear(Text("unclear.choose_first"))


def test_exactly_right() -> None:
    """Letters and texts of all right options."""
    assert verdict((0, 1, 2)) == Verdict(
        "right", 1.0, (Text("verdict.multiple.right", {"answers": (A, B, C)}),), marked=(0, 1, 2)
    )


def test_missing_picks_give_a_share() -> None:
    """少选得分: two of three right picks are two thirds, and it says what was left out."""
    partial = verdict((0, 2))

    assert partial.told == (Text("verdict.multiple.missing", {"missing": (B,)}), SECOND)
    assert partial.outcome == "partial"
    assert partial.score == pytest.approx(2 / 3)
    assert partial.why is None


def test_a_wrong_pick_gives_nothing() -> None:
    """A wrong pick beside a right one is wrong, and its own reason is told."""
    wrong = verdict((0, 3))

    assert wrong.told == (Text("verdict.multiple.wrong", {"extra": (D,)}), SECOND)
    assert wrong.why == Text("why.chosen", {"letter": "D", "why": Quote("两端导数接近 0。")})
    assert (wrong.outcome, wrong.score) == ("wrong", 0.0)


def test_options_are_named_in_the_shown_order() -> None:
    """After a shuffle the letters rise in the verdict."""
    right = verdict((0, 1, 2), (3, 2, 1, 0))

    answers = (option("B", "批归一化"), option("C", "残差连接"), option("D", "ReLU 激活"))
    assert right.told == (Text("verdict.multiple.right", {"answers": answers}),)


def test_dont_know_is_an_answer() -> None:
    """Noted, with all right options."""
    done = taken(State(marked=(1,)), press=UNKNOWN)

    assert done == Done(Verdict("unknown", 0.0, (Text("verdict.multiple.unknown", {"answers": (A, B, C)}),)))


@pytest.mark.parametrize(
    "text",
    [
        "ac",
        "AC",
        "A、C",
        "a c",
        "Ａ，Ｃ",
        "A和C",
        "A and C",
        "a+c",
        "CA",
        "aac",
        "ReLU 激活、批归一化",
        "A ReLU 激活\nC 批归一化",
    ],
)
def test_typed_letters_are_the_whole_answer(text: str) -> None:
    """Typed letters or texts decide at once, whatever was toggled before."""
    done = taken(State(marked=(3,)), text=text)

    assert done.verdict.marked == (0, 2)


@pytest.mark.parametrize(("text", "marked"), [("b", (1,)), ("残差连接", (1,)), ("B 残差连接", (1,)), ("选B", (1,))])
def test_one_may_be_typed(text: str, marked: tuple[int, ...]) -> None:
    """A single letter or text is an answer too."""
    assert verdict(text=text).marked == marked


def test_a_letter_that_is_not_there() -> None:
    """没有 E, even among others that are."""
    args: dict[str, Arg] = {"given": "E", "first": "A", "last": "D", "others": (Text("unknown"),)}

    assert taken(text="ae") == Unclear(Text("unclear.letter", args))
    assert taken(text="e") == Unclear(Text("unclear.letter", args))
    assert taken(text="z") == Unclear(Text("unclear.letter", {**args, "given": "Z"}))
    assert taken(text="AZ") == Unclear(Text("unclear.letter", {**args, "given": "Z"}))


@pytest.mark.parametrize("text", ["", "、", "relu", "ReLU 激活、没有的"])
def test_a_text_that_is_no_answer(text: str) -> None:
    """One unknown text makes the whole message unclear: nothing is guessed."""
    assert taken(text=text) == Unclear(
        Text("unclear.choice", {"first": "A", "last": "D", "others": (Text("unknown"),)})
    )


def test_a_button_that_is_none() -> None:
    """An option that does not exist changes nothing."""
    assert taken(press="7") == Unclear(Text("unclear.press"))


def test_a_hint_takes_marks_with_it() -> None:
    """Of three wrong options two go, with their marks; letters stay."""
    order = (0, 1, 2, 3, 4)
    more = multiple.take(FIVE, order, State(marked=(0, 2, 3, 4)), Given(HINT))
    assert isinstance(more, More)
    (left,) = {2, 3, 4} - set(more.state.gone)

    assert more.state.marked == (0, left)
    assert multiple.show(FIVE, order, more.state).extras[1:] == (Choice(UNKNOWN, Text("unknown")),)
    assert multiple.take(FIVE, order, more.state, Given(str(more.state.gone[0]))) == Unclear(Text("unclear.press"))


def test_what_is_gone_cannot_be_typed() -> None:
    """By letter or by text."""
    state = State(gone=(3, 4), hinted=True)
    left: dict[str, Arg] = {"letters": ("A", "B", "C"), "others": (Text("unknown"),)}

    by_letter = multiple.take(FIVE, (0, 1, 2, 3, 4), state, Given(texts=("ad",)))
    by_text = multiple.take(FIVE, (0, 1, 2, 3, 4), state, Given(texts=("甲、丁",)))

    assert by_letter == Unclear(Text("unclear.gone", {"given": "D", **left}))
    assert by_text == Unclear(Text("unclear.choices", left))


def test_the_verdict_carries_the_hint() -> None:
    """For the rating."""
    done = multiple.take(FIVE, (0, 1, 2, 3, 4), State(marked=(0, 1), gone=(3, 4), hinted=True), Given(SUBMIT))

    assert isinstance(done, Done)
    assert done.verdict.hinted


@given(st.permutations(range(4)), st.sets(st.integers(0, 3), min_size=1))
def test_any_order_grades_alike(shuffled: list[int], chosen: set[int]) -> None:
    """Toggled or typed, in any order, the same options give the same outcome and score."""
    order, marked = tuple(shuffled), tuple(sorted(chosen))
    typed = verdict(order=order, text="".join("abcd"[order.index(position)] for position in marked))
    toggled = verdict(marked, order)

    assert typed == toggled
    assert (toggled.outcome, toggled.score) == (verdict(marked).outcome, verdict(marked).score)
    assert (toggled.outcome == "right") == (toggled.score == 1.0)


def test_the_order_is_the_shuffle() -> None:
    """The service decides whether letters allow one."""
    assert multiple.order(BODY, (3, 2, 1, 0)) == (3, 2, 1, 0)
    assert multiple.options(BODY) == 4
    assert multiple.plain(BODY) == "哪些做法能缓解梯度消失？"


def test_options_chosen_together_are_submitted_at_once() -> None:
    """A list where several are chosen gives them with the submit, whatever was toggled before; a forged one nothing."""
    order: Order = (3, 2, 1, 0)
    together = multiple.take(BODY, order, State(marked=(3,)), Given(SUBMIT, ("3", "2", "1")))

    assert together == Done(verdict((0, 1, 2), order))
    assert multiple.take(BODY, order, State(), Given(SUBMIT, ("1", "9"))) == Unclear(Text("unclear.press"))
