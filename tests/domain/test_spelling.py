"""Typed answers: what is the same, what is asked about, what is wrong."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.numerals import number, same_number
from bot.domain.question import Blank
from bot.domain.spelling import equal, mark, normal


def marked(typed: str, *accept: str, stem: str = "") -> str:
    return mark(typed, Blank(accept), stem)


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("fp32", "FP32"),
        ("ＦＰ３２", "FP32"),
        (" 水平劃分。", "水平划分"),
        ("「学生」", "学生"),
        ("“学生”", "学生"),
        ("(LoRA)", "LoRA"),
        ("【稀疏性】", "稀疏性"),
        ("稀疏性！", "稀疏性"),
        ("SHAP 值", "SHAP值"),
        ("軟體", "软件"),
        ("執行緒。", "线程"),
        (r"\text{\mathrm{FP}16}", "FP16"),
        ("⻛险", "风险"),
        ("⼈工智能", "人工智能"),
        ("support  vector machine", "Support Vector Machine"),
        ("H₂O", "H2O"),
        ("①", "1"),
        ("37 ℃", "37°C"),
        ("2^20", "2²⁰"),
        ("$2^{20}$", "2²⁰"),
        ("x**2", "x²"),
        (r"$\mathrm{FP16}$", "FP16"),
        (r"\(O(n^2)\)", "O(n²)"),
        (r"\text{学生}", "学生"),
        ("一百", "100"),
        ("100", "一百"),
        ("二〇二五年", "2025年"),
        ("二零二五", "2025"),
        ("一亿三千万", "1.3亿"),
        ("三萬兩千零五", "32005"),
        ("十六", "16"),
        ("一万亿", "10^12"),
        ("负三", "-3"),
        ("三点五", "3.5"),
        ("二分之一", "0.5"),
        ("百分之五", "5%"),
        ("百分之0.5", "0.5%"),
        ("1/2", "0.5"),
        ("½", "1/2"),
        ("1½", "1.5"),
        ("1 1/2", "1.5"),
        (r"$\frac{1}{2}$", "0.5"),
        ("1,000", "1000"),
        ("1 000", "1000"),
        ("1{,}000", "1000"),
        ("3.50", "3.5"),
        (".5", "0.5"),
        ("+5", "5"),
        ("10⁻³", "0.001"),
        ("1e-3", "10⁻³"),
        ("1.5×10^3", "1500"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("3万", "30000"),
        ("3百万", "3000000"),
        ("0.05", "5%"),
        ("５％", "5%"),
        ("10^-2", "0.01"),
        ("。", "。"),
    ],
)
def test_the_same_answer(typed: str, accepted: str) -> None:
    """Width, script, case, dashes, LaTeX, outer punctuation and the way to write a number do not matter."""
    assert marked(typed, accepted) == "right"


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("35", "3.5"),
        ("3 5", "35"),
        ("5%", "0.05"),
        ("5", "5%"),
        ("x2", "x²"),
        ("22", "2²"),
        ("5", "-5"),
        ("112", "1½"),
        ("n", "n!"),
        ("f", "f'"),
        ("[0,1]", "(0,1)"),
        ("1000000000001", "1000000000000"),
        ("100个", "100"),
        ("高精度", "低精度"),
        ("不同设备", "相同设备"),
        ("不是", "是"),
        ("大规模", "大规模的"),
        ("1", "一致性"),
        ("1/0", "0"),
        ("0^-1", "0"),
        ("零分之一", "0"),
        ("3米", "3秒"),
        ("", "FP32"),
        (" ", "FP32"),
        ("?", "。"),
        ("\0", "FP32"),
    ],
)
def test_another_answer(typed: str, accepted: str) -> None:
    """What only looks alike is wrong: a lost dot, an index, an interval, an opposite, a digit."""
    assert marked(typed, accepted) == "wrong"


def test_no_punctuation_is_lost_inside() -> None:
    """3.5 is not 35, 1,000 is 1000, and 1,00 is neither."""
    assert marked("1,00", "100") == "wrong"
    assert marked("1000", "1,000") == "right"


@pytest.mark.parametrize(
    ("typed", "accepted", "stem", "result"),
    [
        ("5", "5米", "长度为____米。", "right"),
        ("5米", "5", "长度为____米。", "right"),
        ("5 米", "5", "以米为单位，长度为____。", "right"),
        ("100", "100ms", "延迟为____ms。", "right"),
        ("100", "100 ms", "延迟（单位：ms）为____。", "right"),
        ("3", "3 layers", "The number of layers is ____.", "right"),
        ("五", "5位", "INT8 有多少位？____", "right"),
        ("12", "12GB", "要多少 GB 显存？____", "right"),
        ("8", "8 kB", "How many kB fit? ____", "right"),
        ("5", "5%", "提高了____%。", "right"),
        ("0.05", "5%", "提高了____%。", "wrong"),
        ("5", "5%", "甲提高 3%，乙提高____。", "wrong"),
        ("0.05", "5%", "甲提高 3%，乙提高____。", "right"),
        ("2", "2x", "x² 对 x 的导数是____。", "wrong"),
        ("5", "5米", "长度为____。", "wrong"),
    ],
)
def test_a_unit_may_be_left_out_where_the_stem_states_it(typed: str, accepted: str, stem: str, result: str) -> None:
    """A unit is optional only where the stem names it as one; x in "the derivative" is none."""
    assert marked(typed, accepted, stem=stem) == result


def test_a_near_miss_is_never_right_by_itself() -> None:
    """A listed spelling or a ratio of 90 and more is asked about."""
    assert mark("老師", Blank(("教师",), ("老师",))) == "near"
    assert marked("backpropagaton", "backpropagation") == "near"
    assert marked("finetuning", "fine-tuning") == "near"
    assert mark("float 16", Blank(("FP16",), ("float16",))) == "near"
    assert mark("float16", Blank(("FP16",))) == "wrong"


def test_any_accepted_spelling_is_right() -> None:
    """An accepted one wins over a near one."""
    assert mark("int8", Blank(("8 位整数", "INT8"), ("INT8",))) == "right"


def test_japanese_is_left_as_it_is() -> None:
    """Kana in a text keep its characters from being simplified."""
    assert normal("機械がくしゅう") == "機械がくしゅう"


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_marking_never_fails(typed: str, accepted: str) -> None:
    """Any two texts can be compared, either way round alike when they are equal."""
    assert marked(typed, accepted) in ("right", "near", "wrong")
    assert equal(typed, accepted) == equal(accepted, typed) or "%" in normal(typed + accepted)


@given(st.text(alphabet="0123456789.,/%+-^e 一二十百千万亿点分之零米x", max_size=50))
def test_number_never_fails(text: str) -> None:
    """Whatever looks like a number is one, or none."""
    found = number(text)

    assert found is None or isinstance(found.value, Fraction)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_thousands_are_the_same_number(value: int) -> None:
    """A number with separators equals the number without, and not its neighbour."""
    assert same_number(f"{value:,}", str(value), "")
    assert not same_number(f"{value:,}", str(value + 1), "")


@given(st.text(min_size=1, max_size=20))
def test_an_accepted_answer_is_right_as_written(accepted: str) -> None:
    """Typing the accepted spelling itself is right, with blanks around it or without."""
    assume(accepted.strip())

    assert marked(f" {accepted} ", accepted) == "right"


def test_a_very_long_number_is_no_number() -> None:
    """Five thousand digits are compared as text."""
    assert number("9" * 5000) is None
    assert marked("9" * 5000, "9" * 5000) == "right"
