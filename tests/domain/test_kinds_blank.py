"""Gaps: one message for all, any order, near misses one at a time."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, NO, UNKNOWN, YES, Done, Given, More, State, Unclear, Verdict
from bot.domain.kinds import blank
from bot.domain.prompt import Choice, Quote, Text
from bot.domain.question import Blank, Draft
from bot.domain.spelling import mark

DRAFT = Draft(
    "blank",
    "知识蒸馏里，小模型常叫____模型，大模型常叫____模型。",
    blanks=(Blank((" 学生 ", "student")), Blank(("教师", "teacher"), ("老师", " "))),
)
BODY = blank.read(DRAFT)
ONE = blank.Body("反向传播的英文是____。", (Blank(("backpropagation",)),))
THREE = blank.Body("三原色：____、____、____。", (Blank(("红",)), Blank(("绿",)), Blank(("蓝",))), any_order=True)
PAIR = Text("comma", {"first": Quote("学生"), "rest": Quote("教师")})
UNKNOWN_CHOICE, HINT_CHOICE = Choice(UNKNOWN, Text("unknown")), Choice(HINT, Text("hint"))

FRESH = State()


def taken(*texts: str, body: blank.Body = BODY, state: State = FRESH, press: str = "") -> Any:
    return blank.take(body, (), state, Given(press, texts))


def verdict(*texts: str, body: blank.Body = BODY) -> Verdict:
    done = taken(*texts, body=body)
    assert isinstance(done, Done)
    return done.verdict


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stem": ""}, "no-stem"),
        ({"blanks": None}, "no-key"),
        ({"blanks": ()}, "no-key"),
        ({"blanks": (Blank(("学生",)), Blank(()))}, "empty-accept"),
        ({"blanks": (Blank(("学生",)), Blank((" ",)))}, "empty-accept"),
        ({"blanks": (Blank(("学生",)),)}, "blank-count"),
        ({"stem": "没有空。"}, "blank-count"),
        ({"stem": "一（ ）二（）三( )。"}, "blank-count"),
    ],
)
def test_a_draft_that_is_no_question_is_refused(change: dict[str, Any], code: str) -> None:
    """Answers that do not fit the gaps are never guessed into a quiz."""
    with pytest.raises(DraftError) as caught:
        blank.read(replace(DRAFT, **change))

    assert caught.value.code == code


def test_a_gap_may_be_a_bracket_or_the_question_itself() -> None:
    """（　） counts as a gap, and a stem without any takes one answer."""
    assert len(blank.read(replace(DRAFT, stem="小的叫（　），大的叫( )。")).blanks) == 2
    assert len(blank.read(replace(DRAFT, stem="小模型叫什么？", blanks=(Blank(("学生",)),))).blanks) == 1
    assert BODY.blanks == (Blank(("学生", "student")), Blank(("教师", "teacher"), ("老师",)))


def test_the_prompt_says_how_to_send() -> None:
    """One, two and more blanks each have their words."""
    prompt = blank.show(BODY, (), State())

    assert prompt.notes == (Text("prompt.blanks_two"),)
    assert prompt.extras == (UNKNOWN_CHOICE, HINT_CHOICE)
    assert (prompt.takes, prompt.fields, prompt.choices) == ("texts", 2, ())
    assert blank.show(ONE, (), State()).notes == (Text("prompt.blank"),)
    assert blank.show(THREE, (), State()).notes == (Text("prompt.blanks", count=3),)


@pytest.mark.parametrize(
    "message", ["学生，教师", "學生,教師", "Student; teacher", "学生、教师", "学生|教师", "学生\n教师。"]
)
def test_both_in_one_message(message: str) -> None:
    """Any separator splits when the parts fit the blanks."""
    assert verdict(message).told == (Text("verdict.blank.right", {"answer": PAIR}),)


def test_a_form_gives_a_text_for_each_blank() -> None:
    """Fields are taken as they are filled, commas and all."""
    assert verdict("学生", "教师") == Verdict(
        "right", 1.0, (Text("verdict.blank.right", {"answer": PAIR}),), texts=("学生", "教师")
    )
    assert verdict("", "教师").outcome == "partial"


def test_one_blank_takes_the_whole_message() -> None:
    """A comma in the only answer is part of it."""
    body = blank.Body("列出两种：____", (Blank(("苹果，梨",)),))

    assert verdict("苹果、梨", body=body).outcome == "right"
    assert verdict("苹果", "梨", body=body).outcome == "wrong"


def test_a_number_keeps_its_comma() -> None:
    """1,000 is one answer beside another, and 100,200 are two."""
    body = blank.Body("____和____", (Blank(("1000",)), Blank(("200",))))

    assert verdict("1,000，200", body=body).outcome == "right"
    assert verdict("1000,200", body=body).outcome == "right"


def test_too_few_or_too_many() -> None:
    """有两个空，收到 1 个: the number that came is told."""
    assert taken("学生") == Unclear(Text("unclear.blanks_two", {"got": 1}))
    assert taken("学生，") == Unclear(Text("unclear.blanks_two", {"got": 1}))
    assert taken("一，二，三") == Unclear(Text("unclear.blanks_two", {"got": 3}))
    assert taken("", "") == Unclear(Text("unclear.blanks_two", {"got": 0}))
    assert taken("红，绿", body=THREE) == Unclear(Text("unclear.blanks", {"got": 2}, count=3))
    assert taken(" ", body=ONE) == Unclear(Text("unclear.blank", {"others": (Text("unknown"), Text("hint"))}))


def test_a_listed_spelling_is_asked_about() -> None:
    """第 2 空你写「老师」，参考答案是「教师」。算对吗？, in a new message with two buttons."""
    more = taken("学生，老师")
    asked = Text("near.ask", {"blank": 2, "typed": Quote("老师"), "accepted": Quote("教师")})
    prompt = blank.show(BODY, (), more.state)

    assert more == More(State(step="near", texts=("学生", "老师")), fresh=True, said=(asked,))
    assert prompt.stem == more.said
    assert prompt.choices == (Choice(YES, Text("count")), Choice(NO, Text("discount")))
    assert prompt.takes == "grade"


def test_counted_it_is_right_refused_it_is_wrong() -> None:
    """The learner decides; the accepted spelling is shown."""
    state = taken("学生，老师").state

    counted, refused = taken(state=state, press=YES).verdict, taken(state=state, press=NO).verdict

    assert (counted.outcome, counted.told) == ("right", (Text("verdict.blank.right", {"answer": PAIR}),))
    should = Text("verdict.blank.should", {"blank": 2, "text": Quote("教师")})
    assert (refused.outcome, refused.score) == ("partial", 0.5)
    assert refused.told == (Text("verdict.blank.partial", {"blanks": should}),)
    assert refused.texts == ("学生", "老师")


def test_near_misses_are_asked_one_at_a_time() -> None:
    """Two near misses are two questions."""
    body = blank.Body("____和____", (Blank(("FP16",), ("float16",)), Blank(("FP32",), ("float32",))))
    first = taken("float16，float32", body=body)
    second = taken(body=body, state=first.state, press=NO)

    assert second.fresh
    assert second.said == (Text("near.ask", {"blank": 2, "typed": Quote("float32"), "accepted": Quote("FP32")}),)
    assert taken(body=body, state=second.state, press=YES).verdict.score == 0.5


def test_one_blank_is_asked_without_its_number() -> None:
    """With one blank there is no number to tell."""
    asked = {"typed": Quote("backpropagaton"), "accepted": Quote("backpropagation")}

    assert taken("backpropagaton", body=ONE).said == (Text("near.ask_one", asked),)


@pytest.mark.parametrize("press", ["", UNKNOWN, HINT, "0"])
def test_only_yes_or_no_answers_count_it(press: str) -> None:
    """Anything else leaves the question open."""
    state = taken("学生，老师").state

    assert taken("随便", state=state, press=press) == Unclear(
        Text("unclear.pick", {"yes": Text("count"), "no": Text("discount")})
    )


@pytest.mark.parametrize("press", [YES, NO])
def test_a_stored_step_with_nothing_to_ask_goes_on(press: str) -> None:
    """A version that marks otherwise finds no near miss: it shows the question and takes what was typed."""
    state = State(step="near", texts=("学生", "教师"))

    assert blank.show(BODY, (), state).takes == "texts"
    assert taken(state=state, press=press).verdict.outcome == "right"


def test_wrong_in_some_or_all() -> None:
    """Some are told one by one, all at once."""
    three = replace(THREE, any_order=False)
    should = [
        Text("verdict.blank.should", {"blank": place, "text": Quote(text)}) for place, text in ((2, "绿"), (3, "蓝"))
    ]

    assert verdict("红，黑，白", body=three).told == (
        Text("verdict.blank.partial", {"blanks": Text("comma", {"first": should[0], "rest": should[1]})}),
    )
    assert verdict("高精度，低精度") == Verdict(
        "wrong", 0.0, (Text("verdict.blank.wrong", {"answer": PAIR}),), texts=("高精度", "低精度")
    )


def test_any_order_takes_the_best_seats() -> None:
    """Each answer counts once, wherever it stands; what lacks is named without a number."""
    partial = verdict("蓝，红，红", body=THREE)

    assert verdict("蓝，红，绿", body=THREE).texts == ("红", "绿", "蓝")
    assert partial.told == (Text("verdict.blank.missing", {"missing": (Text("quoted", {"text": Quote("绿")}),)}),)
    assert partial.score == pytest.approx(2 / 3)


def test_an_answer_moves_over_for_another() -> None:
    """甲 fits both blanks, 乙 only the first: both are right."""
    body = blank.Body("____和____", (Blank(("甲", "乙")), Blank(("甲",))), any_order=True)

    assert verdict("甲，乙", body=body).outcome == "right"
    assert verdict("甲，丙", body=body).score == 0.5


def test_in_any_order_a_near_miss_finds_its_blank() -> None:
    """老师 is asked about at the blank that lists it."""
    more = taken("老师，学生", body=replace(BODY, any_order=True))

    assert more.state.texts == ("学生", "老师")
    assert more.said[0].args["blank"] == 2


def test_the_hint_is_the_first_character() -> None:
    """Of each blank, once; the verdict carries it."""
    state = taken(press=HINT).state
    prompt = blank.show(BODY, (), state)

    assert prompt.notes[1:] == (
        Text("hint.blank", {"blank": 1, "start": Quote("学")}),
        Text("hint.blank", {"blank": 2, "start": Quote("教")}),
    )
    assert prompt.extras == (UNKNOWN_CHOICE,)
    assert taken(state=state, press=HINT) == Unclear(Text("unclear.press"))
    assert taken("学生，教师", state=state).verdict.hinted
    assert blank.show(ONE, (), state).notes[1:] == (Text("hint.blank_one", {"start": Quote("b")}),)


def test_a_hint_never_gives_the_whole_answer() -> None:
    """Answers of one character have no hint."""
    assert blank.show(THREE, (), State()).extras == (UNKNOWN_CHOICE,)
    assert taken(body=THREE, press=HINT) == Unclear(Text("unclear.press"))


def test_dont_know_is_an_answer() -> None:
    """○ Noted. The answer is student, teacher."""
    assert taken(press=UNKNOWN) == Done(Verdict("unknown", 0.0, (Text("verdict.blank.unknown", {"answer": PAIR}),)))
    assert taken(press="0") == Unclear(Text("unclear.press"))


@given(st.permutations(["红", "绿", "蓝"]), st.sampled_from(["，", ",", "、", ";", "；", "|", "\n"]))
def test_any_order_grades_alike(texts: list[str], separator: str) -> None:
    """All arrangements and all separators are right."""
    assert verdict(separator.join(texts), body=THREE).outcome == "right"


@given(st.lists(st.text(max_size=12), min_size=2, max_size=2))
def test_near_is_never_right_by_itself(texts: list[str]) -> None:
    """A verdict at once is right only when both are accepted as they stand; a near one is asked first."""
    taken_at_once = taken(*texts)
    near = [mark(text, own) for text, own in zip(texts, BODY.blanks, strict=True)]

    assert isinstance(taken_at_once, More) == ("near" in near)
    if isinstance(taken_at_once, Done):
        assert taken_at_once.verdict.score == near.count("right") / 2


def test_it_has_no_options() -> None:
    """Nothing to shuffle."""
    assert blank.options(BODY) == 0
    assert blank.order(BODY, (1, 0)) == ()
    assert blank.plain(ONE) == "反向传播的英文是____。"


def test_a_label_is_no_answer_but_where_the_key_says_so() -> None:
    """Who types what a button is called means the button; the question's own key wins."""
    keyed = blank.Body("给模型看的话叫____。", (Blank(("提示",)),))
    others = {"others": (Text("unknown"), Text("hint"))}

    assert blank.take(BODY, (), FRESH, Given(texts=("下一题",), label=True)) == Unclear(Text("unclear.label", others))
    assert isinstance(blank.take(keyed, (), FRESH, Given(texts=("提示",), label=True)), Done)


def test_a_near_miss_is_held_against_the_answer_that_the_verdict_names() -> None:
    """Whatever spelling it is like: two names for one answer would look like two answers."""
    body = blank.Body("单个请求的____会变长。", (Blank(("延迟", "latency")),))
    asked = taken("latencyy", body=body)

    assert isinstance(asked, More)
    assert asked.said == (Text("near.ask_one", {"typed": Quote("latencyy"), "accepted": Quote("延迟")}),)
