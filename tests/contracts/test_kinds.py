"""What every question kind keeps, whichever it is."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import kinds
from bot.domain.errors import DraftError
from bot.domain.kind import HINT, NO, SUBMIT, UNKNOWN, YES, Done, Given, Kind, More, State, Unclear
from bot.domain.kinds import BY_NAME, KINDS
from bot.domain.prompt import Text
from bot.domain.question import Blank, Draft, KindName, Option, Order, Part
from bot.domain.regrade import Kept, regraded

SHARED = {"__init__", "choices"}  # files of kinds/ that are no kind
FOUR = tuple(Option(text, why=f"{text}不对") for text in ("甲", "乙", "丙", "丁"))
DRAFTS: dict[KindName, tuple[Draft, ...]] = {
    "single": (Draft("single", "哪个？", options=FOUR, right=(1,)),),
    "multiple": (
        Draft("multiple", "哪些？", options=FOUR, right=(1,)),
        Draft("multiple", "哪些？", options=FOUR, right=(0, 1, 2)),
    ),
    "boolean": (Draft("boolean", "对。", truth=True), Draft("boolean", "错。", truth=False)),
    "blank": (
        Draft("blank", "____和____", blanks=(Blank(("学生",), ("徒弟",)), Blank(("FP16", "半精度"))), any_order=True),
        Draft("blank", "____", blanks=(Blank(("backpropagation",), ("BP",)),)),
    ),
    "case": (
        Draft("case", "情况", parts=(Part("怎么办？"),), model_answer="这么办。", points=("一", "二")),
        Draft("case", "", parts=(Part("为什么？", "因为。"),)),
    ),
}
TOKENS = ["", SUBMIT, UNKNOWN, HINT, YES, NO, *map(str, range(5)), "99999999999", "?"]
TEXTS = st.one_of(
    st.text(max_size=30), st.sampled_from(["徒弟，FP16", "BP", "backpropagaton", "abcd", "12", "甲", "对"])
)
GIVENS = st.builds(Given, st.sampled_from(TOKENS), st.lists(TEXTS, max_size=3).map(tuple))


@dataclass(frozen=True)
class Question:
    """A kind with a body of its own and an order to show it in."""

    kind: Kind
    body: Any
    order: Order


def questions() -> Iterator[Question]:
    for kind in KINDS:
        for draft in DRAFTS[kind.NAME]:
            body = kind.read(draft)
            count = kind.options(body)
            yield Question(kind, body, kind.order(body, tuple(reversed(range(count)))))


QUESTIONS = tuple(questions())
EVERY = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.kind.NAME)


def test_every_file_is_listed() -> None:
    """A kind that is written but not listed would never be asked."""
    folder = Path(str(kinds.__file__)).parent
    files = {path.stem for path in folder.glob("*.py")} - SHARED

    assert files == {kind.NAME for kind in KINDS}
    assert all(BY_NAME[kind.NAME] is kind for kind in KINDS)


@EVERY
def test_a_body_is_plain_data(question: Question) -> None:
    """Storage writes bodies as JSON: frozen records, slots, plain values."""
    plain = json.loads(json.dumps(asdict(question.body)))

    assert type(question.body) is question.kind.Body
    assert set(plain) == {field.name for field in fields(question.body)}
    assert hash(question.body) == hash(question.body)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.NAME)
def test_an_empty_draft_is_no_question(kind: Kind) -> None:
    """It is refused with a code and a field, never with another error."""
    with pytest.raises(DraftError) as caught:
        kind.read(Draft(kind.NAME, ""))

    assert caught.value.code == "no-stem"
    assert caught.value.field == "stem"


@EVERY
def test_the_prompt_can_be_drawn(question: Question) -> None:
    """Actions are short and differ, letters differ, marked only where it was marked."""
    prompt = question.kind.show(question.body, question.order, State())
    offered = [*prompt.choices, *prompt.extras]
    letters = [choice.letter for choice in offered if choice.letter]

    assert prompt.kind == question.kind.NAME
    assert prompt.stem
    assert len({choice.action for choice in offered}) == len(offered)
    assert all(len(choice.action.encode()) <= 4 for choice in offered)
    assert len(set(letters)) == len(letters)
    assert not any(choice.marked for choice in offered)
    assert question.kind.plain(question.body)


@EVERY
def test_dont_know_is_always_there(question: Question) -> None:
    """Before anything was given it is one press to a verdict that tells the answer."""
    actions = {choice.action for choice in question.kind.show(question.body, question.order, State()).extras}
    done = question.kind.take(question.body, question.order, State(), Given(UNKNOWN))

    assert UNKNOWN in actions
    assert isinstance(done, Done)
    assert (done.verdict.outcome, done.verdict.score) == ("unknown", 0.0)
    assert done.verdict.told


@EVERY
def test_a_key_is_named_and_right(question: Question) -> None:
    """What is chosen has a key of positions: each has a name, and who gives them is right. What is written has none."""
    right = question.kind.right(question.body)
    kept = Kept("right" if right else "unknown", right, (), hinted=False)
    verdict = regraded(question.kind, question.body, question.order, kept)

    assert bool(right) == question.kind.CHOSEN
    assert len(question.kind.named(question.body, question.order, right)) == len(right)
    assert verdict is not None
    assert verdict.outcome == kept.outcome


@EVERY
def test_nothing_given_is_not_told(question: Question) -> None:
    """Who did not know is not told what they answered; who chose always is."""
    right = question.kind.right(question.body)

    assert question.kind.given(question.order, (), ()) is None
    assert bool(question.kind.given(question.order, right, ())) == question.kind.CHOSEN


@given(st.sampled_from(QUESTIONS), st.lists(GIVENS, max_size=6))
def test_a_conversation_keeps_the_contract(question: Question, givens: list[Given]) -> None:
    """Whatever is sent, in whatever step: nothing is raised, what is offered is taken, scores lie in 0..1."""
    state = State()
    for what in givens:
        check_offered(question, state)
        taken = question.kind.take(question.body, question.order, state, what)
        if isinstance(taken, Done):
            verdict = taken.verdict
            assert 0.0 <= verdict.score <= 1.0
            assert (verdict.outcome == "right") == (verdict.score == 1.0)
            assert verdict.told
            return
        if isinstance(taken, More):
            state = taken.state
            assert not taken.fresh or taken.said == question.kind.show(question.body, question.order, state).stem


def check_offered(question: Question, state: State) -> None:
    """Every choice that is shown leads somewhere; only submit may ask to choose first."""
    prompt = question.kind.show(question.body, question.order, state)
    for choice in (*prompt.choices, *prompt.extras):
        taken = question.kind.take(question.body, question.order, state, Given(choice.action))
        if isinstance(taken, Unclear):
            assert (choice.action, taken.said) == (SUBMIT, Text("unclear.choose_first"))
