"""The paper reader: small papers in the layouts that people write."""

import pytest

from bot.domain.question import Blank, Reading
from bot.formats import paper
from bot.formats.format import NotAPaper
from bot.formats.paper.report import as_json


def read(text: str, name: str = "own.txt") -> Reading:
    """A paper that is written here."""
    return paper.read(text.encode(), name, tick=lambda _done, _total: None)


def shapes(text: str) -> list[tuple[str, str, tuple[str, ...], tuple[int, ...] | None]]:
    """Kind, stem, options and key of every draft."""
    return [(one.kind, one.stem, tuple(option.text for option in one.options), one.right) for one in read(text).drafts]


PLANETS = ("single", "最大的行星是( )。", ("地球", "木星", "火星"), (1,))


@pytest.mark.parametrize(
    "text",
    [
        "1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案:B",
        "题目1：最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答：B",
        "1、最大的行星是( )。\nA、地球\nB、木星\nC、火星\n正确答案：B",
        "1.最大的行星是( )。\n(A)地球 (B)木星 (C)火星\n【答案】B",
        "第1题 最大的行星是( )。\nA地球\nB木星\nC火星\n[正确答案]B",
        "1.【单选题】最大的行星是( )。A.地球B.木星C.火星答案：B",
        "（1）最大的行星是( )。\nA．地球 B．木星 C．火星\n参考答案：选B。",
        "一、单选题\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n我的答案:A 正确答案:B",
        "一、单选题\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案:B.木星",
        "一、单选题\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案:木星",
        "1、单选题(共1题)\n1.最大的行星是( B )。\nA.地球\nB.木星\nC.火星",
        "一、单选题\n1.最大的行星是( )。\na) 地球\nb) 木星\nc) 火星\nAnswer: b -",
        "一、單選題\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案:B",
        "一、单选题\n1.最大的行星是( )。\nA.地球\nB.木星\nC.火星\n答案\nB",
        "一、单选题\n1.最大的行星是( )。 答案:B\nA.地球\nB.木星\nC.火星",
        "1.最大的行星是( )。\n【答案】B\nA.地球 B.木星 C.火星\n解析:",
    ],
)
def test_one_question_in_many_layouts(text: str) -> None:
    """The same question however its number, labels and key are written."""
    assert shapes(text) == [PLANETS]


@pytest.mark.parametrize(
    "text",
    [
        "一、选择题\n（B）1、最大的行星是\nA.地球\nB.木星\n（ AB ）2、行星有\nA.地球\nB.木星\nC.月球",
        "一、选择题\n(B)1.最大的行星是A.地球B.木星\n(A、B)2.行星有A.地球B.木星C.月球",
        "一、选择题\n( )1.最大的行星是\nA.地球 B.木星\n( )2.行星有\nA.地球 B.木星 C.月球\n参考答案\n1.B 2.AB",
    ],
)
def test_the_answer_may_stand_before_the_number(text: str) -> None:
    """In a bracket, filled in or left empty."""
    assert [(one.number, one.right) for one in read(text).drafts] == [(1, (1,)), (2, (0, 1))]
    assert [one.stem.rstrip(" ()（）") for one in read(text).drafts] == ["最大的行星是", "行星有"]


@pytest.mark.parametrize(
    "options",
    [
        ("2.5", "3.14"),
        ("0.1", "2.5", "3.5", "4.0"),
        ("2.7", "3.8"),
        ("2", "3", "4"),
        ("2、3", "3、4"),
    ],
)
@pytest.mark.parametrize("between", [" ", "\n", ""])
def test_an_option_that_is_a_number_begins_no_question(options: tuple[str, ...], between: str) -> None:
    """Also where it, or its whole part, is the number that the next question has."""
    listed = between.join(f"{'ABCD'[at]}. {text}" for at, text in enumerate(options))
    text = f"一、单选题\n1.是多少?\n{listed}\n答案:A\n2.乙是?\nA.子\nB.丑\n答案:B"

    assert shapes(text) == [("single", "是多少?", options, (0,)), ("single", "乙是?", ("子", "丑"), (1,))]


def test_letters_in_the_stem_do_not_begin_options() -> None:
    """A list of letters in the stem is not taken for the options below."""
    text = "一、单选题\n1.关于向量A、B、C的说法正确的是\nA、都为零\nB、都相等\nC、都平行\nD、都垂直\n答案:C"

    assert shapes(text) == [("single", "关于向量A、B、C的说法正确的是", ("都为零", "都相等", "都平行", "都垂直"), (2,))]


def test_a_number_in_another_form_goes_on_with_no_list() -> None:
    """（1）（2） of a model answer end where 3. stands; within a list 1. 2. they are its own points."""
    text = (
        "四、简答题\n1.简述A。\n答案：子\n2.简述B。\n答案：\n（1）甲\n（2）乙\n3.简述C。\n4.简述D。\n答案：\n"
        "1.丑\n（1）寅\n（2）卯\n2.辰\n5.简述E。\n答案：巳"
    )
    drafts = read(text).drafts

    assert [draft.parts[0].stem for draft in drafts] == [f"简述{letter}。" for letter in "ABCDE"]
    assert [draft.model_answer for draft in drafts] == [
        "子",
        "（1）甲\n（2）乙",
        None,
        "1.丑\n（1）寅\n（2）卯\n2.辰",
        "巳",
    ]


def test_a_list_may_begin_behind_the_mark_of_the_key() -> None:
    """Its second point is not the second question."""
    drafts = read("一、简答题\n1.简述A。\n答案:（1）甲\n（2）乙\n2.简述B。\n答案:1.5 米").drafts

    assert [draft.points for draft in drafts] == [("甲", "乙"), ()]
    assert [draft.model_answer for draft in drafts] == ["（1）甲\n（2）乙", "1.5 米"]


def test_numbers_may_have_five_digits() -> None:
    """In long question banks the count goes past 9,999, before questions and in the keys at the end."""
    numbers = range(9998, 10_003)
    questions = "".join(f"{n}.第{n}个是?\nA.子\nB.丑\n" for n in numbers)
    text = f"一、单选题(共10002题)\n{questions}参考答案\n9998-9999 AB\n10000-10001 BB\n10002.A"
    reading = read(text)

    assert [draft.number for draft in reading.drafts] == list(numbers)
    assert [draft.right for draft in reading.drafts] == [(0,), (1,), (1,), (1,), (0,)]
    assert reading.promised == 10_002


def test_a_numbered_list_in_an_explanation_begins_no_question() -> None:
    """Numbers that go on with a list belong to it, though the next question has the same."""
    text = (
        "一、单选题\n1.甲是?\nA.子\nB.丑\n答案:A\n解析:因为\n1.一\n2.二\n3.三\n"
        "2.乙是?\nA.子\nB.丑\n答案:B\n解析:1.一\n2.二\n3.丙是?\nA.子\nB.丑\n答案:A"
    )

    assert [draft.number for draft in read(text).drafts] == [1, 2, 3]


def test_a_number_in_the_middle_of_a_sentence_begins_no_question() -> None:
    """In one jammed line the number behind a full stop is the next question's."""
    text = "1.甲是?A.子B.丑答案:A解析:因为有2.两种。2.乙是?A.子B.丑答案:B解析:约为3.1倍。3.丙是?A.子B.丑答案:A"

    assert [(one.stem, one.explanation) for one in read(text).drafts] == [
        ("甲是?", "因为有2.两种。"),
        ("乙是?", "约为3.1倍。"),
        ("丙是?", ""),
    ]


def test_a_missing_number_and_a_damaged_head_lose_nothing() -> None:
    """Numbers may be skipped, and a question may have lost its own."""
    one = "\nA.子\nB.丑\n答案:A\n"
    text = f"一、单选题\n1.甲是?{one}3.乙是?{one}丙是?{one}5.丁是?{one}"

    assert [(one.number, one.stem) for one in read(text).drafts] == [
        (1, "甲是?"),
        (3, "乙是?"),
        (None, "丙是?"),
        (5, "丁是?"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、判断题\n1.鲸是鱼。\n答案:不正确", ("鲸是鱼。", False)),
        ("一、判断题\n1.鲸是鱼。(×)", ("鲸是鱼。( )", False)),
        ("一、判断题\n1.鲸不是鱼。（√）", ("鲸不是鱼。（ ）", True)),
        ("一、判断题\n1.鲸不是鱼。√", ("鲸不是鱼。", True)),
        ("一、判断题\n(×)1.鲸是鱼。", ("鲸是鱼。( )", False)),
        ("一、判断题\n（ ）1、鲸是鱼。\n参考答案\n一、判断题\n1.×", ("鲸是鱼。（ ）", False)),
        ("一、判断题\n1.鲸不是鱼。\n正确( )错误( )\n答案:T", ("鲸不是鱼。", True)),
        ("1.【判断】鲸是鱼。\nA.对\nB.错\n答案:B", ("鲸是鱼。", False)),
        ("True or False\n1. Whales are fish.\nAnswer: False", ("Whales are fish.", False)),
    ],
)
def test_true_and_false_in_many_words(text: str, expected: tuple[str, bool]) -> None:
    """Signs, words, letters and options; what stood in the stem is shown as a gap."""
    (draft,) = read(text).drafts

    assert ("boolean", *expected) == (draft.kind, draft.stem, draft.truth)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("FP32,FP16", (("FP32",), ("FP16",))),
        ("FP32；FP16", (("FP32",), ("FP16",))),
        ("(FP32)(FP16)", (("FP32",), ("FP16",))),
        ("①FP32 ②FP16", (("FP32",), ("FP16",))),
        ("FP32 与 FP16 或 半精度", (("FP32",), ("FP16", "半精度"))),
        ("FP32和FP16", (("FP32和FP16",),)),
    ],
)
def test_two_blanks_are_split_only_where_two_answers_stand(key: str, expected: tuple[tuple[str, ...], ...]) -> None:
    """A separator counts only where it gives as many answers as there are blanks."""
    (draft,) = read(f"一、填空题\n1.从____转换为____。\n答案:{key}").drafts

    assert tuple(map(Blank, expected)) == draft.blanks


def test_or_between_spaces_gives_alternatives_and_within_a_word_does_not() -> None:
    """神经元或连接 is one answer."""
    one, two = read("一、填空题\n1.移除____。\n答案:神经元或连接\n2.首都是____。\n答案:北京 或 北京市").drafts

    assert (Blank(("神经元或连接",)),) == one.blanks
    assert (Blank(("北京", "北京市")),) == two.blanks


def test_site_lines_are_dropped_wherever_they_stand() -> None:
    """Before the paper, after it, and between its pages; its own lists of numbers behind 温馨提示 are no questions."""
    reading = read(
        "版权说明：本文档由用户提供\n文档简介\n行星测试\n一、单选题\n1.甲是?\nA.子\n第 1 页 共 2 页\nB.丑\n答案:A\n"
        "温馨提示\n- 1. 本站所有资源\n- 2. 下载\n最新文档\n- 别的试卷及答案\n评论\n0/150"
    )

    assert (reading.title, len(reading.drafts), reading.dropped_lines) == ("行星测试", 1, 10)


def test_the_title_is_the_files_name_where_the_paper_has_none() -> None:
    """Standard input has no name."""
    text = "1.甲是?\nA.子\nB.丑\n答案:A"

    assert (read(text, "期末.txt").title, read(text, "-").title) == ("期末", "")


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("計算什麼?", "zh-Hant"),
        ("计算什么?", "zh-Hans"),
        ("どれですか?", "ja"),
        ("日本国憲法の国会", "ja"),
        ("名字里有一个の的是哪家公司?", "zh-Hans"),
        ("Which one?", "en"),
        ("Какой?", ""),
    ],
)
def test_the_language_is_told(stem: str, expected: str) -> None:
    """By kana, by what is not simplified, by Latin letters."""
    assert expected == read(f"1.{stem}\nA.1\nB.2\n答案:A").language


@pytest.mark.parametrize(
    "text",
    [
        "读书笔记:今天天气很好。\n我们去公园。",
        "# Read me\n\n1. install\n2. run\n",
        "1.1.1.1.\n" * 50,
        "?",
        "答案:\n答案:\n解析:",
    ],
)
def test_what_is_no_paper_says_so(text: str) -> None:
    """Prose, a manual, and numbers without questions."""
    with pytest.raises(NotAPaper, match="not an exam paper"):
        read(text)


def test_progress_is_told_to_the_end() -> None:
    """The last tick says that everything is done."""
    told: list[tuple[int, int]] = []
    text = "一、判断题\n" + "".join(f"{number}.第{number}句。\n答案:对\n" for number in range(1, 41))
    paper.read(text.encode(), "own.txt", tick=lambda done, total: told.append((done, total)))

    assert told[-1] == (40, 40)
    assert sorted(told) == told


def test_the_report_has_exactly_the_documented_fields() -> None:
    """One question of every kind, with the fields and forms that docs promise."""
    text = (
        "练习\n一、单选题(共1题)\n1.甲是?\nA.子\nB.丑\n答案:A\n解析:如此。参考《书》第3节。\n"
        "二、多选题\n1.乙是?\nA.子\nB.丑\n答案:AB\n三、判断题\n1.丙。\n答案:错\n四、填空题\n1.丁是____。\n答案:戊\n"
        "五、案例题\n案例1.己。\n问题:庚?\n答案:辛\n六、简答题\n1.壬?\n答案:\n1.一\n2.二\n七、单选题\n1.甲是?\nA.子\nB.丑"
    )
    found = as_json(read(text), "x.txt")
    questions = found.pop("questions")

    expected = {
        "source": "x.txt",
        "title": "练习",
        "promised": 1,
        "found": 7,
        "by_kind": {"single": 2, "multiple": 1, "boolean": 1, "blank": 1, "case": 1, "open": 1},
        "warnings": [
            {"line": 29, "code": "key-differs", "message": "The same question on line 3 has another key."},
        ],
        "duplicates": [{"a": 0, "b": 6, "level": "exact"}],
        "dropped_lines": 0,
    }
    assert expected == found
    first = {
        "number": 1,
        "section": "一、单选题",
        "kind": "single",
        "stem": "甲是?",
        "options": ["子", "丑"],
        "answer": ["A"],
        "explanation": "如此。",
        "reference": "《书》第3节",
        "line": 3,
        "review": [],
    }
    assert first == questions[0]
    assert [one["answer"] for one in questions] == [["A"], ["A", "B"], False, [["戊"]], "辛", "1.一\n2.二", None]
    assert [(one["stem"], one["parts"], one["key_points"]) for one in questions if "parts" in one] == [
        ("己。", [{"stem": "问题:庚?", "answer": ""}], []),
        ("壬?", [{"stem": "壬?", "answer": ""}], ["一", "二"]),
    ]
