"""How Discord draws a reply: its rows, its pictures, what is harmless, what is too much."""

from dataclasses import replace

import pytest

from bot.domain.prompt import Block, Choice, Picture, Quote
from bot.platforms.discord.view import File, pages
from bot.platforms.formulas import Latex
from bot.ports.chat import Reply
from tests.fakes.discord_examples import (
    ENGLISH,
    HANS,
    MANY,
    NEXT,
    ROOT,
    SHORT,
    drawn,
    inner,
    options,
    shown,
)
from tests.fakes.discord_screen import read, screen

FRACTION = r"\frac{a+b}{c}"


def test_long_labels() -> None:
    """A label that is too long is cut with …, and stands above whole; a row has five at most."""
    label = "很长的名字" * 20
    rows = (tuple(Choice(f"s:{place}", Quote("名")) for place in range(6)), (Choice("s:9", Quote(label)),))
    lines = shown(Reply((Quote("哪个题库？"),), rows))

    assert lines[:2] == ["哪个题库？", label]
    assert lines[2:4] == [" ".join(["[名]"] * 5), "[名]"]
    assert (lines[4][-2:], label.startswith(lines[4][1:-2])) == ("…]", True)


def test_actions() -> None:
    """An action stands once in a message; one that is too long for a custom id is a fault of ours."""
    one, two, three = (Choice("x", Quote(text)) for text in "abc")
    twice = ((one, two), (three, Choice("y", Quote("\u200b"))))

    assert shown(Reply(rows=twice)) == ["[c]", "[–]"]
    with pytest.raises(ValueError, match="100 letters"):
        pages(Reply(rows=((Choice("x" * 101, Quote("a")),),)), HANS)


def test_nothing() -> None:
    """A reply that says nothing is no message."""
    assert [pages(one, HANS) for one in (Reply(away=True), Reply(edit=True), Reply((Quote(" "),)))] == [(), (), ()]


def test_said_formulas() -> None:
    """Formulas that Unicode can say are words: in the text and on the buttons; no picture."""
    prompt = replace(SHORT, stem=(Quote("若 $x^2=4$，则"),), choices=options("$x=2$", r"\(x=\pm 2\)"))

    assert shown(Reply(prompt=prompt)) == ["【单选】若 x²=4，则", "[A x=2] [B x= ± 2] [不会]"]


def test_drawn_formulas() -> None:
    """All formulas of a message are on one picture above it, numbered, with words for who cannot see it."""
    prompt = replace(SHORT, stem=(Quote(rf"${FRACTION}$ 等于"),), choices=options(f"${ROOT}$", rf"${FRACTION}$"))
    page = drawn(Reply(prompt=prompt))

    assert page.files == (File("formula.png", Latex((FRACTION, ROOT)), "(1) (a+b)/c; (2) √(x+1)"),)
    assert screen(page.components)[:4] == ["((1) (a+b)/c; (2) √(x+1))", "【单选】(1) 等于", "A (2)", "B (1)"]
    assert screen(page.components)[4:] == ["[A] [B] [不会]"]


def test_drawn_formula_in_a_list() -> None:
    """An option of a list says its formula on a line, and stands above with its picture."""
    page = drawn(Reply(prompt=replace(MANY, choices=options(f"${ROOT}$", "1"))))

    assert screen(page.components)[1:4] == ["【多选】哪些做法能缓解梯度消失？", "A (↑)", "B 1"]
    assert inner(page)[0]["options"][0]["label"] == "A √(x+1)"


def test_undrawn() -> None:
    """Where a picture cannot be had, a formula is its source and a picture its words."""
    reply = Reply((Quote(rf"求 ${FRACTION}$"), Picture("ab", Quote("一条曲线"))))
    (page,) = pages(reply, HANS, draw=False)

    assert (page.files, screen(page.components)) == ((), [f"求 {FRACTION}", "一条曲线"])


def test_pictures() -> None:
    """Pictures stand above with their words, ten to a message; the last message has the buttons."""
    curves: tuple[Block, ...] = tuple(Picture(f"{place}", Quote(f"曲线 {place}" + "长" * 2000)) for place in range(11))
    first, second, last = pages(Reply((*curves, Quote("字" * 4000)), NEXT), HANS)[:3]

    assert [len(first.files), len(second.files), len(last.files)] == [10, 1, 0]
    assert {one.name for one in second.files} == {"picture11.png"}
    assert len(first.components[0]["items"][0]["description"]) <= 1024  # type: ignore[index] # JSON


def test_picture_without_words() -> None:
    """A picture that nobody described is no message that Discord refuses."""
    assert drawn(Reply((Picture("ab", Quote("")),))).files == (File("picture1.png", "ab", "–"),)


def test_many_rows() -> None:
    """More than forty components are several messages."""
    rows = tuple((Choice(f"x:{place}", Quote(f"{place}")),) for place in range(30))
    found = pages(Reply((Quote("哪一个？"),), rows), HANS)

    lines = [line for page in found for line in screen(page.components)]

    assert lines == ["哪一个？", *(f"[{at}]" for at in range(30))]
    assert len(found) == 2


def test_content_is_harmless() -> None:
    """Markup, mentions and tricks in content are text on the page and gone from labels; code is code."""
    stem = (Quote("**a** @everyone <@1> [b](https://c.d) \u202eb"), Quote("if a < b:\n  c", "code"))
    page = drawn(Reply(prompt=replace(SHORT, stem=stem, choices=options("*i*\n\u200bx", "\u200b"))), ENGLISH)
    text = read(str(page.components[0]["content"]))

    assert text.text == "(choose one) **a** @everyone <@1> [b](https://c.d) b\nif a < b:\n  c"
    assert text.marks == [("code", "if a < b:\n  c")]
    assert screen(page.components)[-1] == "[A *i* x] [B] [Don't know]"
