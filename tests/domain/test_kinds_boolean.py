"""True or false: fixed order, words in three languages, verdicts that never sound like the options."""

from typing import Any

import pytest

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, UNKNOWN, Done, Given, State, Unclear, Verdict
from bot.domain.kinds import boolean
from bot.domain.prompt import Arg, Choice, Quote, Text
from bot.domain.question import Draft

BODY = boolean.read(Draft("boolean", "LoRA 训练时会改动原始权重。", truth=False))


def taken(*, press: str = "", text: str = "", body: boolean.Body = BODY) -> Any:
    return boolean.take(body, (), State(), Given(press, (text,) if text else ()))


def test_a_statement_needs_its_truth() -> None:
    """No key is no question."""
    with pytest.raises(DraftError) as caught:
        boolean.read(Draft("boolean", "LoRA 很快。"))

    assert (caught.value.code, caught.value.field) == ("no-key", "truth")


def test_the_options_have_no_letters_and_a_fixed_order() -> None:
    """True stands first, there is no hint, and a shuffle changes nothing."""
    prompt = boolean.show(BODY, (), State())

    assert prompt.choices == (Choice("0", Text("true")), Choice("1", Text("false")))
    assert prompt.extras == (Choice(UNKNOWN, Text("unknown")),)
    assert (prompt.stem, prompt.takes) == ((Quote("LoRA 训练时会改动原始权重。"),), "one")
    assert boolean.order(BODY, (1, 0)) == ()
    assert boolean.options(BODY) == 0
    assert boolean.plain(BODY) == "LoRA 训练时会改动原始权重。"


@pytest.mark.parametrize("truth", [True, False])
@pytest.mark.parametrize("said", [True, False])
def test_the_verdict_says_what_the_statement_is(*, truth: bool, said: bool) -> None:
    """Right or wrong, the statement's truth is told."""
    body = boolean.Body("地球是圆的。", truth)
    outcome = "right" if truth == said else "wrong"
    key = f"verdict.boolean.{outcome}.{'true' if truth else 'false'}"

    assert taken(press="0" if said else "1", body=body) == Done(
        Verdict("right" if truth == said else "wrong", float(truth == said), (Text(key),), marked=(0 if said else 1,))
    )


def test_dont_know_is_an_answer() -> None:
    """Noted, with what the statement is."""
    assert taken(press=UNKNOWN) == Done(Verdict("unknown", 0.0, (Text("verdict.boolean.unknown.false"),)))
    assert taken(press=UNKNOWN, body=boolean.Body("真。", truth=True)).verdict.told == (
        Text("verdict.boolean.unknown.true"),
    )


@pytest.mark.parametrize(
    "text", ["正确", "正確", "对", "對。", "True", "TRUE", "t", "Ｔ", "√", "✓", "✔️", "是", "1", "没错"]
)
def test_words_for_true(text: str) -> None:
    """The option's word in every language, and the marks on paper."""
    assert taken(text=text).verdict.marked == (0,)


@pytest.mark.parametrize(
    "text",
    [
        "错误",
        "錯誤",
        "错",
        "錯",
        "不对",
        "不正确",
        "不正確",
        "False",
        "f",
        "×",
        "x",
        "✗",
        "❌",
        "否",
        "0",
        "2",
        "「错误」",
    ],
)
def test_words_for_false(text: str) -> None:
    """不正确 is false, though 正确 stands in it."""
    assert taken(text=text).verdict.marked == (1,)


@pytest.mark.parametrize("text", ["", "也许", "正确吗", "A", "正确错误"])
def test_anything_else_is_unclear(text: str) -> None:
    """Nothing is guessed: the two words are named."""
    words: dict[str, Arg] = {"true": Text("true"), "false": Text("false"), "others": (Text("unknown"),)}

    assert taken(text=text) == Unclear(Text("unclear.boolean", words))


@pytest.mark.parametrize("press", ["2", HINT, "s"])
def test_a_button_that_is_none(press: str) -> None:
    """There is no third option and no hint."""
    assert taken(press=press) == Unclear(Text("unclear.press"))
