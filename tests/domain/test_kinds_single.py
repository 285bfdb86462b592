"""One right option: letters, texts, hints, verdicts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, UNKNOWN, Done, Given, More, State, Unclear, Verdict
from bot.domain.kinds import single
from bot.domain.prompt import Arg, Choice, Quote, Text
from bot.domain.question import Draft, Option, Order

IDENTITY: Order = (0, 1, 2, 3)
TURNED: Order = (2, 0, 3, 1)
DRAFT = Draft(
    "single",
    " LoRA 训练时，更新的是哪一部分？\n",
    options=(
        Option("全部原始权重", why="是全量微调，选项B才只训练两个小矩阵。"),
        Option("新加的低秩矩阵。"),
        Option("只有偏置"),
        Option("学习率"),
    ),
    right=(1,),
)
BODY = single.read(DRAFT)
ANSWER = Text("option", {"letter": "B", "text": Quote("新加的低秩矩阵")})
UNKNOWN_HINT = (Text("unknown"), Text("hint"))

FRESH = State()


def taken(state: State = FRESH, order: Order = IDENTITY, *, press: str = "", text: str = "") -> Any:
    return single.take(BODY, order, state, Given(press, (text,) if text else ()))


def verdict(order: Order = IDENTITY, *, press: str = "", text: str = "") -> Verdict:
    done = taken(order=order, press=press, text=text)
    assert isinstance(done, Done)
    return done.verdict


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stem": "  "}, "no-stem"),
        ({"options": (Option("甲"),)}, "few-options"),
        ({"options": tuple(Option(str(number)) for number in range(27))}, "many-options"),
        ({"options": (Option("甲"), Option(" "))}, "empty-option"),
        ({"options": (Option("甲"), Option(" 甲 "))}, "same-options"),
        ({"right": None}, "no-key"),
        ({"right": ()}, "no-key"),
        ({"right": (4,)}, "key-outside"),
        ({"right": (-1,)}, "key-outside"),
        ({"right": (0, 1)}, "many-keys"),
    ],
)
def test_a_draft_that_is_no_question_is_refused(change: dict[str, Any], code: str) -> None:
    """Every fault has a code of its own and names the field."""
    with pytest.raises(DraftError) as caught:
        single.read(replace(DRAFT, **change))

    assert caught.value.code == code


def test_options_are_shown_in_the_asks_order() -> None:
    """Letters follow the screen, texts the order; don't know and hint stand below."""
    prompt = single.show(BODY, TURNED, State())

    assert prompt.choices == (
        Choice("0", Quote("只有偏置"), "A"),
        Choice("1", Quote("全部原始权重"), "B"),
        Choice("2", Quote("学习率"), "C"),
        Choice("3", Quote("新加的低秩矩阵。"), "D"),
    )
    assert prompt.extras == (Choice(UNKNOWN, Text("unknown")), Choice(HINT, Text("hint")))
    assert prompt.stem == (Quote("LoRA 训练时，更新的是哪一部分？"),)
    assert (prompt.takes, prompt.notes) == ("one", ())


def test_a_right_answer() -> None:
    """The verdict names letter and text."""
    right = verdict(press="1")

    assert right == Verdict("right", 1.0, (Text("verdict.single.right", {"answer": ANSWER}),), marked=(1,))


def test_a_wrong_answer_tells_its_own_reason() -> None:
    """The chosen option's why is told with the letters that were shown."""
    wrong = verdict(TURNED, press="1")

    answer = Text("option", {"letter": "D", "text": Quote("新加的低秩矩阵")})
    assert wrong.told == (Text("verdict.single.wrong", {"answer": answer}),)
    assert wrong.why == Text("why.chosen", {"letter": "B", "why": Quote("是全量微调，选项D才只训练两个小矩阵。")})
    assert (wrong.outcome, wrong.score, wrong.marked) == ("wrong", 0.0, (0,))


def test_an_option_without_a_reason_tells_none() -> None:
    """Where the why is missing, the explanation stands alone."""
    assert verdict(press="3").why is None


def test_dont_know_is_an_answer() -> None:
    """Noted, with the answer, and nothing marked."""
    assert verdict(press=UNKNOWN) == Verdict("unknown", 0.0, (Text("verdict.single.unknown", {"answer": ANSWER}),))


@pytest.mark.parametrize(
    "text",
    ["b", "B", "Ｂ", "ｂ", " b ", "B.", "(B)", "（B）", "选B", "B项", "答案：B", "B 新加的低秩矩阵",
     "B、新加的低秩矩阵", "新加的低秩矩阵", "新加的低秩矩阵。", "新加的低秩矩陣"],
)  # fmt: skip
def test_letters_and_texts_are_the_same_answer(text: str) -> None:
    """Small letters, full-width letters, the option's text in either script."""
    assert verdict(text=text).outcome == "right"


def test_a_letter_that_is_not_there() -> None:
    """Which letters there are is said, and what else may be typed."""
    args: dict[str, Arg] = {"given": "E", "first": "A", "last": "D", "others": UNKNOWN_HINT}

    assert taken(text="e") == Unclear(Text("unclear.letter", args))


@pytest.mark.parametrize("text", ["", "随便", "C 新加的低秩矩阵", "Z 新加的低秩矩阵", "BB"])
def test_a_text_that_is_no_option(text: str) -> None:
    """Nothing is guessed: which letters can be typed is said."""
    assert taken(text=text) == Unclear(Text("unclear.choice", {"first": "A", "last": "D", "others": UNKNOWN_HINT}))


def test_two_options_alike_are_not_guessed_between() -> None:
    """MB and Mb are one in small letters: only the exact spelling is taken."""
    body = single.Body("1 字节是几位？", (Option("8 Mb"), Option("8 MB")), 1)

    assert isinstance(single.take(body, (0, 1), State(), Given(texts=("8 mb",))), Unclear)
    assert isinstance(single.take(body, (0, 1), State(), Given(texts=("8 MB",))), Done)


@pytest.mark.parametrize("press", ["4", "9999", "-1", "s", "²", "1x"])
def test_a_button_that_is_none(press: str) -> None:
    """A token of another step changes nothing."""
    assert taken(press=press) == Unclear(Text("unclear.press"))


def test_the_hint_takes_two_wrong_options_away() -> None:
    """Letters stay, the right one and a wrong one are left, and there is no second hint."""
    more = taken(press=HINT)
    prompt = single.show(BODY, IDENTITY, more.state)

    assert more.state.hinted
    assert len(more.state.gone) == 2
    assert BODY.right not in more.state.gone
    assert [choice.letter for choice in prompt.choices] == [
        "ABCD"[position] for position in IDENTITY if position not in more.state.gone
    ]
    assert prompt.extras == (Choice(UNKNOWN, Text("unknown")),)
    assert taken(more.state, press=HINT) == Unclear(Text("unclear.press"))


HINTED = State(gone=(0, 3), hinted=True)


def test_what_the_hint_took_away_is_said() -> None:
    """Both letters are named, as they were shown."""
    assert single.show(BODY, IDENTITY, HINTED).notes == (Text("hint.gone_two", {"first": "A", "second": "D"}),)


def test_a_right_answer_after_a_hint_says_so() -> None:
    """The verdict carries the hint, for the rating."""
    done = taken(HINTED, press="1")

    assert done.verdict.hinted
    assert done.verdict.outcome == "right"


def test_an_option_that_is_gone_is_no_answer() -> None:
    """Typed or pressed on an old message, it is refused, and what is left is named."""
    left: dict[str, Arg] = {"letters": ("B", "C"), "others": (Text("unknown"),)}

    assert taken(HINTED, press="0") == Unclear(Text("unclear.press"))
    assert taken(HINTED, text="a") == Unclear(Text("unclear.gone", {"given": "A", **left}))
    assert taken(HINTED, text="学习率") == Unclear(Text("unclear.gone", {"given": "D", **left}))
    assert taken(HINTED, text="f") == Unclear(Text("unclear.letters", {"given": "F", **left}))
    assert taken(HINTED, text="?") == Unclear(Text("unclear.choices", left))


def test_two_options_have_no_hint() -> None:
    """With one wrong option none can be taken away."""
    body = single.Body("对吗？", (Option("甲"), Option("乙")), 0)

    assert single.show(body, (0, 1), State()).extras == (Choice(UNKNOWN, Text("unknown")),)
    assert single.take(body, (0, 1), State(), Given(HINT)) == Unclear(Text("unclear.press"))


def test_three_options_lose_one() -> None:
    """One of two wrong options goes, and the words are for one."""
    body = single.Body("哪个？", (Option("甲"), Option("乙"), Option("丙")), 0)
    more = single.take(body, (0, 1, 2), State(), Given(HINT))
    assert isinstance(more, More)
    letter = "ABC"[more.state.gone[0]]

    assert single.show(body, (0, 1, 2), more.state).notes == (Text("hint.gone_one", {"letter": letter}),)


@given(st.integers(2, 26), st.data())
def test_a_hint_leaves_the_right_one_and_a_wrong_one(count: int, data: st.DataObject) -> None:
    """Whatever the order: at most two go, all of them wrong, one wrong one stays; the same ask, the same hint."""
    right = data.draw(st.integers(0, count - 1))
    order = tuple(data.draw(st.permutations(range(count))))
    body = single.Body("?", tuple(Option(str(number)) for number in range(count)), right)
    more = single.take(body, order, State(), Given(HINT))
    gone = more.state.gone if isinstance(more, More) else ()

    assert len(gone) == min(2, count - 2)
    assert right not in gone
    assert more == single.take(body, order, State(), Given(HINT))


def test_no_position_is_safe_from_the_hint() -> None:
    """Over the orders of four options every shown position goes sometimes."""
    orders = [(0, 1, 2, 3), (1, 0, 2, 3), (2, 3, 1, 0), (3, 2, 0, 1), (1, 3, 0, 2), (0, 3, 2, 1), (2, 0, 1, 3)]
    gone = {order.index(place) for order in orders for place in taken(order=order, press=HINT).state.gone}

    assert gone == {0, 1, 2, 3}


@given(st.permutations(range(4)), st.integers(0, 3))
def test_any_order_grades_alike(shuffled: list[int], position: int) -> None:
    """What counts is the option, pressed or typed, not where it stood."""
    order = tuple(shuffled)
    place = order.index(position)

    assert verdict(order, press=str(place)).outcome == verdict(press=str(position)).outcome
    assert verdict(order, text="abcd"[place]).marked == (position,)


def test_the_order_is_the_shuffle_and_the_stem_is_one_line() -> None:
    """The service decides whether letters allow a shuffle; lists show the stem in one line."""
    assert single.order(BODY, TURNED) == TURNED
    assert single.options(BODY) == 4
    assert single.plain(replace(BODY, stem="一\n 二")) == "一 二"
