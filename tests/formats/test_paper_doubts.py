"""The paper reader: what is doubtful is kept for review, never guessed."""

import pytest

from bot.domain.question import Draft, Reading
from bot.formats import paper


def read(text: str) -> Reading:
    """A paper that is written here."""
    return paper.read(text.encode(), "own.txt", tick=lambda _done, _total: None)


def codes(text: str) -> list[list[str]]:
    """The codes of every draft's doubts."""
    return [[doubt.code for doubt in draft.doubts] for draft in read(text).drafts]


CHOICE = "一、单选题\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n"
GLOSSED = "計(jì)算體(tǐ)積(jī)標(biāo)準(zhǔn)大氣壓(yā)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHOICE + "答案:B", []),
        (CHOICE, ["no-key"]),
        (CHOICE + "答案:", ["no-key"]),
        (CHOICE + "答案:E", ["key-names-no-option"]),
        (CHOICE + "答案:略", ["key-unclear"]),
        (CHOICE + "答案:AB", ["key-not-single"]),
        (CHOICE + "答案:B\n解析:木星最大,因为:", ["cut-off"]),
        ("一、单选题\n1.最大的行星是(A)。\nA.地球\nB.木星\nC.火星\n答案:B", ["key-conflict"]),
        ("一、单选题\n1.最大的行星是( )。\nA.地球\nB.\nC.火星\n答案:A", ["empty-option"]),
        ("一、单选题\n1.最大的行星是( )。\n答案:B", ["no-options", "key-names-no-option"]),
        ("一、单选题\n1.\nA.地球\nB.木星\nC.火星\n答案:A", ["no-stem"]),
        ("一、填空题\n1.首都是____,另一个是____。\n答案:北京", ["blank-count"]),
        ("一、填空题\n1.首都是。\n答案:北京", ["blank-count"]),
        ("一、填空题\n1.首都是____。", ["no-key"]),
        ("一、判断题\n1.鲸是鱼。\n答案:也许", ["key-unclear"]),
        ("一、判断题\n1.鲸是鱼。", ["no-key"]),
        ("一、简答题\n1.什么是量化?", ["no-key"]),
        ("一、简答题\n1.什么是量化?\n答案:有两步:\n1.甲\n2.", ["cut-off"]),
        (f"一、判断题\n1.{GLOSSED}與?zzz)一樣。\n答案:对", ["gloss-unrepaired"]),
        (f"一、判断题\n1.{GLOSSED}與地(zzē)一樣。\n答案:对", ["gloss-unrepaired"]),
        (
            "一、判断题\n1.鲸是\ufffd鱼，并且生活在海里，以小鱼小虾为食，每年都要长途迁徙。"
            + "很长" * 40
            + "\n答案:对",
            ["gloss-unrepaired"],
        ),
    ],
)
def test_a_doubtful_question_is_marked_with_its_reason(text: str, expected: list[str]) -> None:
    """Each reason has its own stable code."""
    assert [expected] == codes(text)


@pytest.mark.parametrize("key", ["答案:E", "答案:略", "答案:", ""])
def test_a_key_that_cannot_be_used_is_none(key: str) -> None:
    """Nothing is put in the place of a key that names no option."""
    assert [draft.right for draft in read(CHOICE + key).drafts] == [None]


def test_a_doubt_says_what_the_matter_is() -> None:
    """The sentence has the key as it was written, or the line."""
    told = [
        doubt.message for text in ("答案:E", "答案:") for draft in read(CHOICE + text).drafts for doubt in draft.doubts
    ]

    assert told == [
        "The key 'E' names an option that is not there.",
        "The paper gives no key for this question.",
    ]


def test_what_is_no_question_is_remarked_upon() -> None:
    """A number with nothing of a question behind it, and a promise that is not kept, are told with their lines."""
    reading = read("1.请在答题卡上作答\n一、单选题(共2题)\n1.最大的行星是( )。\nA.地球\nB.木星\n答案:B")

    assert [(one.code, one.line) for one in reading.remarks] == [("section-count", 2), ("count", None)]
    assert len(reading.drafts) == 1


def test_equal_questions_with_different_keys_are_remarked_upon() -> None:
    """The later of the two is named."""
    reading = read(CHOICE + "答案:B\n2.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案:A")

    assert [(one.code, one.line) for one in reading.remarks] == [("key-differs", 7)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("1-2 BA", [(1,), (0,)]),
        ("1.B 2.A", [(1,), (0,)]),
        ("1.B2.A", [(1,), (0,)]),
        ("1. B\n2. A", [(1,), (0,)]),
        ("1~2：B A", [(1,), (0,)]),
        ("一、单选题\n1-2 BA", [(1,), (0,)]),
        ("1-2 BAB", [None, None]),
        ("1.B", [(1,), None]),
    ],
)
def test_keys_at_the_end_find_their_questions(table: str, expected: list[tuple[int, ...] | None]) -> None:
    """Ranges, lists and lines; a range with too many keys gives none at all."""
    text = CHOICE + "2.第二大的行星是( )。\nA.土星\nB.水星\n参考答案\n" + table

    assert expected == [draft.right for draft in read(text).drafts]


def test_keys_at_the_end_that_fit_nothing_are_remarked_upon() -> None:
    """A range of the wrong length, and a number that no question has."""
    text = CHOICE + "2.第二大的行星是( )。\nA.土星\nB.水星\n参考答案\n1-2 BAB\n7.C"

    assert [one.code for one in read(text).remarks] == ["key-range", "key-without-question"]


def test_an_option_is_no_stem() -> None:
    """A question that could not be told from options is lost, and none is put together of what stands around it."""
    lost = "(A)哪个是水果?\nA.苹果\nB.桌子\n(B)哪个是家具?\nA.苹果\nB.桌子\n"
    reading = read("一、选择题\n" + lost + CHOICE + "答案:B")

    assert [draft.stem for draft in reading.drafts] == ["最大的行星是( )。"]


def test_keys_of_a_section_without_questions_go_to_no_other() -> None:
    """A heading below which nothing could be read is remarked upon, and its keys are nobody's."""
    text = "一、判断题\n甲,太阳是恒星。\n乙,月亮是恒星。\n二、名词解释\n1.过拟合\n2.正则化\n参考答案\n"
    reading = read(text + "一、判断题\n1.√ 2.×\n二、名词解释\n1.记住噪声\n2.限制复杂度")

    assert [draft.model_answer for draft in reading.drafts] == ["记住噪声", "限制复杂度"]
    assert [(one.code, one.line) for one in reading.remarks] == [
        ("section-empty", 1),
        ("key-without-question", 9),
        ("key-without-question", 9),
    ]


def test_keys_of_all_choices_may_stand_below_one_heading() -> None:
    """The paper tells two kinds of choices apart below it, the table does not."""
    text = "一、选择题\n(一)单项选择题\n1.甲是?\nA.子\nB.丑\n(二)多项选择题\n1.乙是?\nA.子\nB.丑\n二、判断题\n1.丙。\n"
    reading = read(text + "参考答案\n一、选择题\n1.B\n(二)多项选择题\n1.AB\n二、判断题\n1.√")

    assert [(draft.right, draft.truth) for draft in reading.drafts] == [((1,), None), ((0, 1), None), (None, True)]
    assert reading.remarks == ()


def test_explanations_at_the_end_find_their_questions() -> None:
    """What stands behind a key in the table at the end belongs to its question."""
    text = CHOICE + "2.第二大的行星是( )。\nA.土星\nB.水星\n参考答案\n1.B 解析:木星最大\n比别的都大\n2.A\n解析:土星第二"
    told = [draft.explanation for draft in read(text).drafts]

    assert told == ["木星最大\n比别的都大", "土星第二"]


@pytest.mark.parametrize("points", ["（1）子\n（2）丑", "1.子\n2.丑"])
def test_points_of_a_model_answer_at_the_end_stay_together(points: str) -> None:
    """Numbers in another form, or that go on with the points, are no keys of other questions."""
    reading = read(f"一、简答题\n1.甲有哪些特点?\n2.乙有哪些特点?\n参考答案\n一、简答题\n1.答：\n{points}\n2.寅")

    assert [draft.model_answer for draft in reading.drafts] == [f"答：\n{points}", "寅"]


def only(text: str) -> Draft:
    """The one draft of a paper."""
    (draft,) = read(text).drafts
    return draft


def test_a_case_with_questions_and_points() -> None:
    """Situation, questions, the model answer and its points, which are numbered and nothing else."""
    draft = only(
        "一、案例分析题\n案例1.某公司上线模型。\n问题1:怎么保护数据?\n问题2:怎么提速?\n参考答案:\n1.加密\n2.量化\n到八位"
    )

    assert draft.stem == "某公司上线模型。"
    assert tuple(part.stem for part in draft.parts) == ("问题1:怎么保护数据?", "问题2:怎么提速?")
    assert draft.points == ("加密", "量化 到八位")


def test_an_open_question_has_no_situation() -> None:
    """Numbered points of one answer do not begin new questions; the next question does."""
    reading = read("一、简答题\n1.什么是量化?\n答案:\n1.减少位数\n2.缩小模型\n2.什么是剪枝?\n答案:去掉连接")

    assert [(one.stem, one.parts[0].stem) for one in reading.drafts] == [("", "什么是量化?"), ("", "什么是剪枝?")]
    assert reading.drafts[0].points == ("减少位数", "缩小模型")
