"""The pack format: what is read, what is refused, and in which words."""

import json
import re
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.question import Blank, Draft, Option, Part, Reading
from bot.formats import pack
from bot.formats.format import TooLarge, UnreadableError
from bot.formats.pack.faults import SHOWN
from bot.formats.pack.shape import schema
from bot.formats.pack.tree import LIMIT_NODES, NotAPack

QUESTIONS = Path(__file__).parents[2] / "questions"

HEAD = "code: tides\ntitle: Tides and currents\nshort_title: Tides\nlanguage: en\nlicence: MIT\n"
EVERY_KIND = (
    HEAD
    + """partial_credit: true
questions:
  - id: one
    kind: single
    topics: [Moon, Sea]
    stem: Which?
    options:
      - {text: This, right: true}
      - {text: That, why: is wrong.}
    explanation: So it is.
    contrast: Not so.
    source: Somebody, 2020
  - id: many
    kind: multiple
    stem: Which ones?
    options: [{text: a1}, {text: a2, right: true}, {text: a3, right: true}]
  - {id: truth, kind: boolean, stem: So it is., answer: false}
  - id: gaps
    kind: blank
    stem: First ____, then ____.
    blanks: [{accept: [16, sixteen]}, {accept: ["12:30"], near: [noon]}]
    any_order: true
  - id: writing
    kind: case
    situation: Water rises.
    parts: [{stem: Why?, answer: The moon.}, {stem: When?}]
    model_answer: Because of the moon.
    points: [moon, pull]
"""
)


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def read(text: str | bytes) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return pack.read(data, "tides.yaml", tick=quiet)


def refused(text: str | bytes) -> str:
    with pytest.raises(NotAPack) as caught:
        read(text)
    return caught.value.message


def test_a_set_is_read_with_all_that_is_said_of_it() -> None:
    """The head of a pack becomes the reading's own fields."""
    found = replace(read(EVERY_KIND), drafts=())
    expected = Reading("Tides and currents", (), code="tides", short_title="Tides", language="en", licence="MIT")

    assert replace(expected, partial=True) == found


def test_every_kind_becomes_its_draft() -> None:
    """Each field stands where the domain looks for it, numbers and times as the text they look like."""
    expected = (
        Draft(
            "single",
            "Which?",
            options=(Option("This"), Option("That", "is wrong.")),
            right=(0,),
            explanation="So it is.",
            contrast="Not so.",
            reference="Somebody, 2020",
            topics=("Moon", "Sea"),
            ref="one",
            line=8,
        ),
        Draft(
            "multiple",
            "Which ones?",
            options=(Option("a1"), Option("a2"), Option("a3")),
            right=(1, 2),
            ref="many",
            line=18,
        ),
        Draft("boolean", "So it is.", truth=False, ref="truth", line=22),
        Draft(
            "blank",
            "First ____, then ____.",
            blanks=(Blank(("16", "sixteen")), Blank(("12:30",), ("noon",))),
            any_order=True,
            ref="gaps",
            line=23,
        ),
        Draft(
            "case",
            "Water rises.",
            parts=(Part("Why?", "The moon."), Part("When?")),
            model_answer="Because of the moon.",
            points=("moon", "pull"),
            ref="writing",
            line=28,
        ),
    )

    assert expected == read(EVERY_KIND).drafts


FAULTY = """questions:
  - id: one
    kind: single
    stem: Which?
    options: [{text: This}, {text: this, wy: not so}]
  - {id: one, kind: boolean, stem: true, answer: maybe}
  - id: gaps
    kind: blank
    stem: First ____, then ____.
    blanks: [{accept: []}]
  - {id: odd, kind: riddle}
  - {kind: case, parts: [], model_answer: Because}
  - nothing
"""


def test_all_faults_are_told_at_once() -> None:
    """One sentence each, with file, line, question and field, in the order of the lines."""
    expected = """\
tides.yaml, line 4: language does not have the form ^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$.
tides.yaml, line 7: question one: id stands 2 times in this file.
tides.yaml, line 10: question one: options 2 wy is not a field of the format.
tides.yaml, line 11: question one: answer must be true or false.
tides.yaml, line 11: question one: id stands 2 times in this file.
tides.yaml, line 11: question one: stem must be text; put quotes around it.
tides.yaml, line 15: question gaps: blanks 1 accept needs 1 or more.
tides.yaml, line 16: question odd: kind must be one of 'single', 'multiple', 'boolean', 'blank', 'case'.
tides.yaml, line 17: question number 5: id is missing.
tides.yaml, line 17: question number 5: parts needs 1 or more.
tides.yaml, line 18: question number 6: it must have fields."""

    assert expected == refused(HEAD.replace("language: en", "language: English") + FAULTY)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("kind: single, stem: s, options: [{text: a}, {text: b}]", "exactly one option must have right: true, not 0"),
        (
            "kind: single, stem: s, options: [{text: a, right: true}, {text: b, right: true}]",
            "exactly one option must have right: true, not 2",
        ),
        ("kind: multiple, stem: s, options: [{text: a}, {text: b}]", "at least one option must have right: true"),
        ("kind: single, stem: s, options: [{text: a, right: true}, {text: A}]", "two options have the same text"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(question: str, said: str) -> None:
    """A choice without its key is no question."""
    assert refused(f"{HEAD}questions:\n- {{id: a, {question}}}") == f"tides.yaml, line 7: question a: options: {said}."


def test_gaps_and_blanks_must_be_as_many() -> None:
    """Each ____ of the stem has its answer."""
    text = f"{HEAD}questions:\n- {{id: a, kind: blank, stem: ____ and ____, blanks: [{{accept: [x]}}]}}"

    assert refused(text) == "tides.yaml, line 7: question a: blanks: the stem has 2 gaps (____), but 1 are answered."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the file is empty"),
        ("- 1", "line 1: the pack must have fields"),
        ("a: &x [1]\nb: *x", "line 1: anchors and aliases (& and *) are not part of the format"),
        ("a:\n  !!python/object:os.system x", "line 2: tags (!) are not part of the format"),
        ("a: 1\na: 2", "line 2: the field a stands twice"),
        ("? [a]\n: b", "line 1: the name of a field must be text"),
        ("true: b", "line 1: the name of a field must be text"),
        ("a: 1\n---\nb: 2", "line 3: a second document begins; a file holds one pack"),
        ("{" * 100_000, "line 1: nested more than 20 deep"),
        ("[" * 4_000_000, "line 1: nested more than 20 deep"),
        ("- " * 100_000, "line 1: nested more than 20 deep"),
        (b"a: b\nc: \xff", "line 2: a pack is written in UTF-8"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str | bytes, said: str) -> None:
    """Aliases, tags, nests and broken files end in one sentence, quickly."""
    assert refused(text) == f"tides.yaml, {said}."


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "a: 'b", "\t- a", "%YAML 9.9\n---\na: b"])
def test_what_yaml_cannot_read_is_refused(text: str) -> None:
    """The parser's own words, after file and line."""
    assert re.fullmatch(r"tides\.yaml, line [12]: this is no YAML \(.+\)\.", refused(text))


def test_a_control_sign_is_refused() -> None:
    """YAML holds none; the reader that finds it knows no line."""
    assert refused("a: \0") == "tides.yaml: this is no YAML (control characters are not allowed)."


@pytest.mark.parametrize("text", ["x" * (pack.LIMIT_BYTES + 1), "[" + "a," * LIMIT_NODES + "]"])
def test_what_is_larger_than_any_pack_is_refused(text: str) -> None:
    """Neither bytes nor values without bound."""
    with pytest.raises(TooLarge):
        read(text)


def test_of_very_many_faults_the_first_are_told() -> None:
    """A person reads a page, not a book."""
    told = refused(f"{HEAD}questions:\n" + "- {}\n" * 1000).splitlines()

    assert (SHOWN + 1, f"tides.yaml: {1000 - SHOWN} more faults.") == (len(told), told[-1])


def test_the_first_fault_gives_the_line_of_the_error() -> None:
    """Who shows one place only shows the first."""
    with pytest.raises(NotAPack) as caught:
        read(HEAD + FAULTY)

    assert caught.value.line == 7


def test_the_schema_beside_the_packs_is_the_one_that_is_read_by() -> None:
    """questions/pack.schema.json is made from the shape; questions/README.md says how."""
    assert schema() == (QUESTIONS / "pack.schema.json").read_text(encoding="utf-8")


def test_the_example_in_the_description_is_a_pack() -> None:
    """What questions/README.md shows can be read, and shows every kind."""
    text = (QUESTIONS / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.+?)```", text, re.DOTALL)

    assert example
    assert [draft.kind for draft in read(example[1]).drafts] == ["single", "multiple", "boolean", "blank", "case"]


def test_the_description_names_every_field() -> None:
    """No field without a word on it in questions/README.md."""
    text = (QUESTIONS / "README.md").read_text(encoding="utf-8")
    drawn = json.loads(schema())
    fields = {name for shape in (drawn, *drawn["$defs"].values()) for name in shape["properties"]}

    assert {name for name in fields if not re.search(rf"`{name}[`:]", text)} == set()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.yaml", True),
        (b"", "A.YML", True),
        (EVERY_KIND.encode(), "-", True),
        (b"code: 7\n", "-", False),
        (b"1. Which?\nA. a\nB. b\n", "paper.txt", False),
        (b"\xff\xfe\0", "", False),
    ],
)
def test_a_pack_is_known_by_its_name_or_its_fields(data: bytes, name: str, *, expected: bool) -> None:
    """A name in .yaml, or the fields code and questions at the beginning of lines."""
    assert expected == pack.fits(data, name)


def test_progress_rises_to_the_end() -> None:
    """Ticks count lines, never fall, and end with the last."""
    ticks: list[tuple[int, int]] = []
    text = (
        HEAD + "questions:\n" + "".join(f"- {{id: q{n}, kind: boolean, stem: s, answer: true}}\n" for n in range(500))
    )
    pack.read(text.encode(), "a.yaml", tick=lambda done, total: ticks.append((done, total)))

    assert ticks == sorted(ticks)
    assert ticks[-1] == (507, 507)
    assert len(ticks) > 3


WORDS = st.text(
    string.ascii_letters + "可解释 AI，：「」#&*!|>'\"%@`{}[]-?:,_=~0123456789", min_size=1, max_size=20
).filter(lambda text: text.strip() == text and "__" not in text)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
OPTIONS = st.lists(WORDS, min_size=2, max_size=8, unique_by=str.casefold).flatmap(
    lambda texts: st.tuples(st.just(texts), st.integers(0, len(texts) - 1))
)


@given(st.lists(st.tuples(SLUGS, WORDS, OPTIONS), min_size=1, max_size=4, unique_by=lambda one: one[0]))
def test_whatever_words_are_written_are_read(questions: list[tuple[str, str, tuple[list[str], int]]]) -> None:
    """A set that YAML's own writer wrote is read back word for word."""
    written: list[dict[str, Any]] = [
        {
            "id": name,
            "kind": "single",
            "stem": stem,
            "options": [{"text": text, "right": place == key} for place, text in enumerate(texts)],
        }
        for name, stem, (texts, key) in questions
    ]
    text = HEAD + yaml.safe_dump({"questions": written}, allow_unicode=True)

    assert questions == [
        (draft.ref, draft.stem, ([option.text for option in draft.options], (draft.right or (-1,))[0]))
        for draft in read(text).drafts
    ]


@given(st.binary(max_size=200) | st.text("abc:-[]{}&*!?|>'\"# \n\t,", max_size=200).map(str.encode))
def test_nothing_but_the_promised_errors(data: bytes) -> None:
    """Any bytes are refused with a sentence that begins with the file's name."""
    with pytest.raises(UnreadableError, match=r"^a\.yaml"):
        pack.read(data, "a.yaml", tick=quiet)
