"""Likeness: which questions say the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.likeness import Likenesses, alike, normal, pairs, search, stem_ratio
from bot.domain.question import Draft, Option, Pair, Part

OPTIONS = ("并行计算", "缓存中间结果", "使用近似算法", "逐个特征计算")


def single(stem: str, *options: str) -> Draft:
    """A single-choice draft."""
    return Draft("single", stem, tuple(map(Option, options or OPTIONS)), (0,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("以下哪個方法最好？(多选)", "以下哪个方法最好"),
        ("ＬｏＲＡ 是什么 (1分)", "lora是什么"),
        ("It's not  3.5, is it?", "its not 3.5 is it"),
        ("1,000 與 -3", "1000与-3"),
        ("C# 与 R&D, 5%", "c#与r&d 5%"),
        ("⻛⻔", "风门"),
    ],
)
def test_normal_form_drops_what_says_nothing(text: str, expected: str) -> None:
    """Script, width, case, punctuation and tags go; signs that are part of a number or a name stay."""
    assert expected == normal(text)


@given(st.text(max_size=60))
def test_normal_form_of_any_text_is_stable_in_case_and_blanks(text: str) -> None:
    """Any text has a normal form without blanks at its ends or two in a row."""
    form = normal(text)

    assert (form.strip(), False) == (form, "  " in form)


def test_the_ratio_is_of_normal_forms() -> None:
    """Script and punctuation do not make stems differ."""
    assert (stem_ratio("計算什麼？", "计算什么"), stem_ratio("甲乙丙", "丁戊己") < 1) == (100.0, True)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (single("以下哪个方法不是用于提高效率的技术?"), single("以下哪個方法不是用於提高效率的技術？"), "exact"),
        (single("以下哪个方法不是用于提高效率的技术?"), single("以下哪个技术不是用于提高效率的技术?"), "near"),
        (single("计算时以下哪个步骤是必要的?"), single("计算时以下哪个步骤是不必要的?"), None),
        (single("计算时以下哪个步骤最好?"), single("计算时以下哪个步骤最好?", "甲", "乙", "丙", "丁"), None),
        (single("太阳系里最大的行星是哪个?"), single("光在真空里走多快最接近?"), None),
        (single("2的3次方是多少呢请选出?"), single("2的4次方是多少呢请选出?"), None),
        (single("鲸是鱼类"), Draft("boolean", "鲸是鱼类", truth=False), None),
        (Draft("boolean", "分布式训练中通信开销线性增长。"), Draft("boolean", "分布式训练中通讯开销线性增长"), "near"),
        (Draft("case", "", parts=(Part("什么是甲?"),)), Draft("case", "", parts=(Part("什么是乙?"),)), None),
    ],
)
def test_alike_knows_equal_near_and_opposite(first: Draft, second: Draft, expected: str | None) -> None:
    """Equal needs stem and options; near needs a like stem, the same cue words and numbers, and half the options."""
    assert (expected, expected) == (alike(first, second), alike(second, first))


def test_pairs_are_found_and_repeats_stand_with_the_first() -> None:
    """Exact repeats pair with the first of their like, near ones with each first."""
    drafts = [
        single("以下哪个方法不是用于提高效率的技术?"),
        single("以下哪个方法不是用于提高效率的技术？"),
        single("以下哪个技术不是用于提高效率的技术?"),
        single("以下哪个方法不是用于提高效率的技术"),
        single("以下哪个方法不是用于提高效率的技能?", "子", "丑", "寅"),
        single("毫不相干"),
    ]

    assert (Pair(0, 1, "exact"), Pair(0, 2, "near"), Pair(0, 3, "exact")) == pairs(drafts)


FAR = [(name, 100 * at) for at, name in enumerate("丁戊己庚辛壬癸子丑寅卯辰")]


@example([("甲", 0), ("乙", 2), ("丙", 3), *FAR])
@example([("甲", 0), ("乙", 0), ("丙", 1)])
@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁戊己庚辛"), st.integers(0, 60)), max_size=12))
def test_near_pairs_are_all_that_the_rule_for_two_finds(made: list[tuple[str, int]]) -> None:
    """Whether questions share many options or few, no near pair is missed and none is made up."""
    drafts = [
        single(f"以下关于{name}的说法里哪一个更合适一些呢?", *(f"选{start + step}" for step in range(4)))
        for name, start in dict.fromkeys(made)
    ]
    expected = {
        (first, second)
        for second in range(len(drafts))
        for first in range(second)
        if alike(drafts[first], drafts[second]) == "near"
    }

    assert expected == {(pair.first, pair.second) for pair in pairs(drafts)}


def test_the_search_says_when_it_was_not_whole() -> None:
    """Without work left only exact repeats are found."""
    drafts = [single("以下哪个方法最有用呢"), single("以下哪个方法最有用吗"), single("以下哪个方法最有用呢")]

    assert Likenesses((Pair(0, 2, "exact"),), whole=False) == search(drafts, 0)


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=8))
def test_pairs_agree_with_alike(stems: list[str]) -> None:
    """Every pair that is told is one by the rule for two."""
    drafts = [single(f"以下关于{stem}的说法里哪一个更合适一些?") for stem in stems]

    assert all(pair.level == alike(drafts[pair.first], drafts[pair.second]) for pair in pairs(drafts))


def test_a_near_pair_is_found_by_its_options() -> None:
    """Among questions with options of their own, two that share theirs and nearly their stem are a near pair."""
    stems = ("全量微调需要多少显存", "教师模型的作用", "量化以后的权重", "注意力的计算量", "梯度检查点的代价")
    others = [single(stem, f"{stem}：大", f"{stem}：小") for stem in stems]
    asked = single("加快沙普利值计算过程的做法是什么？", *OPTIONS[:2])
    again = single("加快沙普利值计算的做法是什么？", *OPTIONS[:2])

    assert (Pair(0, 6, "near"),) == pairs([asked, *others, again])
