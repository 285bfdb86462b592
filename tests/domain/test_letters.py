"""Letters in texts: what forbids a shuffle, what is rewritten, what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.letters import may_shuffle, rewritten, safe
from bot.domain.question import Option

TURNED = (2, 0, 3, 1)  # shown A is the body's C, B its A, C its D, D its B

FOUR = tuple(Option(text) for text in ("甲", "乙", "丙", "丁"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("步骤包括并行计算(A)、特征聚合(B)", "步骤包括并行计算(B)、特征聚合(D)"),
        ("（C）是错的", "（A）是错的"),
        ("A项把两者混了", "B项把两者混了"),
        ("B項把兩者混了", "D項把兩者混了"),
        ("选项D说的是另一回事", "选项C说的是另一回事"),
        ("選項 D 說的是另一回事", "選項 C 說的是另一回事"),
        ("所以选C", "所以选A"),
        ("A错误，B正确", "B错误，D正确"),
        ("A、B、C都缓解梯度消失", "B、D、A都缓解梯度消失"),
        ("Ａ项不对", "B项不对"),
        ("Option A trains every weight", "Option B trains every weight"),
        ("both A and B", "both B and D"),
        ("(E)不在选项里", "(E)不在选项里"),
        ("选Attention，不是(Adam)", "选Attention，不是(Adam)"),
        ("INT8、FP16 和 LoRA", "INT8、FP16 和 LoRA"),
    ],
)
def test_references_follow_the_shown_letters(text: str, told: str) -> None:
    """A letter in one of the listed forms becomes the one that the learner saw; a word's letters stay."""
    assert safe([text])
    assert told == rewritten(text, TURNED)


@pytest.mark.parametrize(
    "text",
    [
        "A 和 B 都对",
        "Answer B is wrong",
        "维生素C",
        "A项和D都对",
        "A项目",
        "类别A正确率",
        "故选ABD",
        "以上都对",
        "上述三种",
        "前两项",
        "All of the above",
        "none of the above",
        "None of these",
        "Ｂ 是错的",
        "A/B test",
    ],
)
def test_anything_else_keeps_the_order(text: str) -> None:
    """A lone capital in any other form, or a word for "those above", forbids a shuffle."""
    assert not safe(["全部原始权重", text])


def test_words_without_letters_are_safe() -> None:
    """Names, numbers and small letters are no letters of options."""
    assert safe(["LoRA 冻结原始权重，GPU 和 INT8", "a model of its own (see fig. 3a)", "I think", "BERT", ""])


def test_a_letter_in_the_stem_is_its_own() -> None:
    """设备(A) in a stem names a device: rewriting it would be wrong, so nothing is shuffled."""
    assert not may_shuffle(FOUR, stem="设备(A)和设备(B)怎样通信？")
    assert may_shuffle(FOUR, stem="怎样通信？", others=["选项A是对的", ""])


def test_every_text_is_looked_at() -> None:
    """The options, their reasons and the others decide together; more than eight options are never shuffled."""
    assert not may_shuffle((*FOUR, Option("以上都不是")))
    assert not may_shuffle((*FOUR, Option("戊", why="和 B 一样")))
    assert not may_shuffle(FOUR, others=["", "B 才对"])
    assert not may_shuffle(tuple(Option(str(number)) for number in range(9)))


@given(st.permutations(range(4)), st.text(alphabet="ABCD项选()、 错误x", max_size=20))
def test_rewriting_there_and_back(shuffled: list[int], text: str) -> None:
    """The inverse order takes every rewritten letter back; no order changes nothing."""
    order = tuple(shuffled)
    back = tuple(order.index(position) for position in range(4))

    assert text == rewritten(rewritten(text, order), back)
    assert text == rewritten(text, (0, 1, 2, 3))
