"""Cases and open questions: writing, the model answer, the points one had."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, NO, SUBMIT, UNKNOWN, YES, Done, Given, More, State, Unclear, Verdict
from bot.domain.kinds import case
from bot.domain.prompt import Choice, Quote, Text
from bot.domain.question import Draft, Part

POINTS = ("传输和存储加密", "个人信息脱敏", "量化或剪枝，并核对精度")
DRAFT = Draft(
    "case",
    "一家公司把信用评分模型放到云端。",
    parts=(Part("怎样保护数据？写三点。"),),
    model_answer="传输与存储都加密；脱敏；量化。 ",
    points=POINTS,
)
BODY = case.read(DRAFT)
PLAIN = replace(BODY, points=())
MODEL = Text("case.model_answer", {"answer": Quote("传输与存储都加密；脱敏；量化。")})
TICKING = State(step="points", texts=("都加密",))

FRESH = State()


def taken(text: str = "", *, body: case.Body = BODY, state: State = FRESH, press: str = "") -> Any:
    return case.take(body, (), state, Given(press, (text,) if text else ()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stem": " ", "parts": ()}, "no-stem"),
        ({"parts": (Part(" "),)}, "empty-part"),
        ({"points": ("加密", "")}, "empty-point"),
        ({"model_answer": None}, "no-key"),
        ({"model_answer": " "}, "no-key"),
    ],
)
def test_a_draft_that_is_no_question_is_refused(change: dict[str, Any], code: str) -> None:
    """Without a model answer there is nothing to compare with."""
    with pytest.raises(DraftError) as caught:
        case.read(replace(DRAFT, **change))

    assert caught.value.code == code


def test_the_parts_answers_make_the_model_answer() -> None:
    """Where the paper gives an answer to each part, they follow each other."""
    parts = (Part("一？", " 甲"), Part("二？"), Part("三？", "丙"))

    assert case.read(replace(DRAFT, parts=parts, model_answer=None)).model_answer == "甲\n丙"


def test_the_situation_and_its_question_are_shown() -> None:
    """The question stands below the situation; writing is asked for."""
    prompt = case.show(BODY, (), State())

    assert prompt.stem == (
        Quote("一家公司把信用评分模型放到云端。"),
        Text("case.part", {"stem": Quote("怎样保护数据？写三点。")}),
    )
    assert prompt.extras == (Choice(UNKNOWN, Text("unknown")),)
    assert (prompt.takes, prompt.notes) == ("writing", (Text("prompt.writing"),))


def test_an_open_question_is_its_own_stem() -> None:
    """Without a situation one part is the question, several are listed."""
    two = replace(BODY, stem="", parts=(Part("一？"), Part("二？")))

    assert case.show(replace(BODY, stem=""), (), State()).stem == (Quote("怎样保护数据？写三点。"),)
    assert case.show(two, (), State()).stem == tuple(
        Text("case.part", {"stem": Quote(stem)}) for stem in ("一？", "二？")
    )
    assert case.plain(two) == "一？"
    assert case.plain(BODY) == BODY.stem


def test_writing_brings_the_model_answer_and_the_points() -> None:
    """A new message, with a toggle a point."""
    more = taken(" 都加密\n脱敏 ")
    prompt = case.show(BODY, (), more.state)

    assert more == More(
        State(step="points", texts=("都加密\n脱敏",)), fresh=True, said=(MODEL, Text("case.which_points"))
    )
    assert prompt.stem == more.said
    assert prompt.choices[1] == Choice("1", Quote("个人信息脱敏"), "2")
    assert prompt.extras == (Choice(SUBMIT, Text("submit")),)
    assert prompt.takes == "points"


def test_a_point_is_ticked_and_unticked() -> None:
    """In place, like an option."""
    once = taken(state=TICKING, press="1")

    assert once == More(replace(TICKING, marked=(1,)))
    assert case.show(BODY, (), once.state).choices[1].marked
    assert taken(state=once.state, press="1") == More(TICKING)


def test_some_points() -> None:
    """How many of how many, and which are missing."""
    done = taken(state=replace(TICKING, marked=(0, 1)), press=SUBMIT)
    missing = (Text("option", {"letter": "3", "text": Quote(POINTS[2])}),)
    told = Text("verdict.case.partial", {"had": 2, "total": 3, "missing": missing})

    assert done == Done(Verdict("partial", 2 / 3, (told,), marked=(0, 1), texts=("都加密",)))


def test_all_points_and_none() -> None:
    """All are right; none is noted, without shame."""
    everything = taken("123", state=TICKING).verdict
    nothing = taken(state=TICKING, press=SUBMIT).verdict

    assert (everything.outcome, everything.told) == ("right", (Text("verdict.case.right", count=3),))
    assert (nothing.outcome, nothing.told) == ("unknown", (Text("verdict.case.none"),))
    assert taken("0", state=TICKING).verdict == nothing
    assert taken("1", body=replace(BODY, points=("加密",)), state=TICKING).verdict.told == (Text("verdict.case.had"),)


@pytest.mark.parametrize("text", ["13", "1、3", "1 3", "３，１", "1和3", "11 3"])
def test_points_may_be_typed(text: str) -> None:
    """The numbers are the whole answer."""
    assert taken(text, state=TICKING).verdict.marked == (0, 2)


@pytest.mark.parametrize("text", ["", "4", "01", "都有", "1-", "、"])
def test_numbers_that_are_none(text: str) -> None:
    """Which numbers there are is told."""
    assert taken(text, state=TICKING) == Unclear(Text("unclear.points", {"last": 3, "submit": Text("submit")}))


def test_ten_points_are_typed_apart() -> None:
    """12 is the twelfth point where there are so many."""
    body = replace(BODY, points=tuple(f"第 {number} 点" for number in range(1, 13)))

    assert taken("12", body=body, state=TICKING).verdict.marked == (11,)
    assert taken("1 2", body=body, state=TICKING).verdict.marked == (0, 1)
    assert taken("9" * 5000, body=body, state=TICKING) == Unclear(
        Text("unclear.points", {"last": 12, "submit": Text("submit")})
    )


@pytest.mark.parametrize("press", ["3", UNKNOWN, YES])
def test_a_button_of_another_step(press: str) -> None:
    """While points are ticked only points and submit count."""
    assert taken(state=TICKING, press=press) == Unclear(Text("unclear.press"))


def test_without_points_one_grades_oneself() -> None:
    """Had it or missed it."""
    more = taken("加密", body=PLAIN)
    prompt = case.show(PLAIN, (), more.state)

    assert more == More(State(step="grade", texts=("加密",)), fresh=True, said=(MODEL, Text("case.had_it")))
    assert prompt.choices == (Choice(YES, Text("had")), Choice(NO, Text("missed")))
    assert (prompt.stem, prompt.takes) == (more.said, "grade")
    assert taken(body=PLAIN, state=more.state, press=YES) == Done(
        Verdict("right", 1.0, (Text("verdict.case.had"),), texts=("加密",))
    )
    assert taken(body=PLAIN, state=more.state, press=NO) == Done(
        Verdict("unknown", 0.0, (Text("verdict.case.none"),), texts=("加密",))
    )
    assert taken("对", body=PLAIN, state=more.state) == Unclear(
        Text("unclear.pick", {"yes": Text("had"), "no": Text("missed")})
    )


def test_dont_know_shows_the_model_answer() -> None:
    """It was not shown before."""
    assert taken(press=UNKNOWN) == Done(Verdict("unknown", 0.0, (Text("verdict.case.unknown"), MODEL)))


def test_what_is_no_writing() -> None:
    """Blanks only, or a button that is not there."""
    assert taken("  ") == Unclear(Text("unclear.writing", {"others": (Text("unknown"),)}))
    assert taken(press=HINT) == Unclear(Text("unclear.press"))


@given(st.sets(st.integers(0, 2)))
def test_the_score_is_the_share_of_the_points(had: set[int]) -> None:
    """Ticked or typed alike."""
    ticked = taken(state=replace(TICKING, marked=tuple(sorted(had))), press=SUBMIT).verdict
    typed = taken("".join(str(place + 1) for place in had) or "0", state=TICKING).verdict

    assert ticked == typed
    assert ticked.score == pytest.approx(len(had) / 3)


def test_it_has_no_options() -> None:
    """Nothing to shuffle."""
    assert case.options(BODY) == 0
    assert case.order(BODY, (1, 0)) == ()


def test_a_label_is_no_writing() -> None:
    """Who types what a button is called means the button."""
    expected = Unclear(Text("unclear.label", {"others": (Text("unknown"),)}))

    assert expected == case.take(BODY, (), FRESH, Given(texts=("返回",), label=True))


def test_points_ticked_together_are_submitted_at_once() -> None:
    """A form with the points gives those ticked with the submit; a forged one gives nothing."""
    ticked = case.take(BODY, (), TICKING, Given(SUBMIT, ("2", "0")))

    assert isinstance(ticked, Done)
    assert ticked.verdict.marked == (0, 2)
    assert case.take(BODY, (), TICKING, Given(SUBMIT, ("0", "7"))) == Unclear(Text("unclear.press"))
