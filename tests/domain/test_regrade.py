"""A stored answer tells the same verdict again."""

import pytest

from bot.domain.kind import SUBMIT, UNKNOWN, YES, Done, Given, Kind, More, State, Verdict
from bot.domain.kinds import BY_NAME
from bot.domain.question import Blank, Draft, Option, Part
from bot.domain.regrade import Kept, regraded

OPTIONS = (Option("one", "is too few."), Option("two"), Option("three"), Option("four"))
SINGLE = Draft("single", "How many?", options=OPTIONS, right=(1,))
MULTIPLE = Draft("multiple", "Which are even?", options=OPTIONS, right=(1, 3))
BOOLEAN = Draft("boolean", "Two is even.", truth=True)
BLANK = Draft("blank", "____ and ____", blanks=(Blank(("student",), ("pupil",)), Blank(("teacher",))))
CASE = Draft("case", "A case.", parts=(Part("Why?"),), model_answer="So.", points=("this", "that"))
OPEN = Draft("case", "", parts=(Part("Why?"),), model_answer="So.")
ORDER = (3, 1, 0, 2)

GIVEN = [
    (SINGLE, [Given("1")]),
    (SINGLE, [Given("2")]),
    (SINGLE, [Given(UNKNOWN)]),
    (MULTIPLE, [Given("0"), Given("1"), Given(SUBMIT)]),
    (MULTIPLE, [Given("0"), Given("2"), Given(SUBMIT)]),
    (BOOLEAN, [Given("1")]),
    (BLANK, [Given(texts=("student, teacher",))]),
    (BLANK, [Given(texts=("pupil, teacher",)), Given(YES)]),
    (BLANK, [Given(texts=("pupil, teacher",)), Given("n")]),
    (CASE, [Given(texts=("words",)), Given("0"), Given(SUBMIT)]),
    (CASE, [Given(UNKNOWN)]),
    (OPEN, [Given(texts=("words",)), Given(YES)]),
    (OPEN, [Given(texts=("words",)), Given("n")]),
]


def answered(kind: Kind, body: object, order: tuple[int, ...], given: list[Given]) -> Verdict:
    """The verdict of what a learner does, step by step."""
    state = State()
    for one in given:
        taken = kind.take(body, order, state, one)
        if isinstance(taken, Done):
            return taken.verdict
        assert isinstance(taken, More)
        state = taken.state
    raise AssertionError(state)


@pytest.mark.parametrize(("draft", "given"), GIVEN)
def test_the_verdict_is_the_same(draft: Draft, given: list[Given]) -> None:
    """Whatever was answered, what is stored of it is enough to say the verdict again, in the same words."""
    kind = BY_NAME[draft.kind]
    body = kind.read(draft)
    order = ORDER if kind.options(body) else ()
    verdict = answered(kind, body, order, given)

    again = regraded(kind, body, order, Kept(verdict.outcome, verdict.marked, verdict.texts, verdict.hinted))

    assert again == verdict


def test_an_answer_to_another_body_has_no_verdict() -> None:
    """Texts for one blank where there are two: nothing is made up."""
    kind = BY_NAME["blank"]

    assert regraded(kind, kind.read(BLANK), (), Kept("wrong", (), ("one", "two", "three"), hinted=False)) is None
