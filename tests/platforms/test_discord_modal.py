"""The form that a question opens on Discord: what can be filled in, and what comes back."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.prompt import Choice, Prompt, Quote, Text
from bot.platforms.discord.modal import modal
from bot.ports.chat import Reply
from bot.texts import Words
from tests.fakes.discord_examples import BLANKS, ENGLISH, HANS, POINTS, SHORT, UNKNOWN
from tests.fakes.discord_shapes import faults

WRITING = Prompt("case", (Quote("写三点。"),), "writing", extras=(UNKNOWN,), fields=1, notes=(Text("prompt.writing"),))


def form(prompt: Prompt, words: Words = HANS) -> Any:
    """What Discord is sent; it takes it."""
    made = modal(Reply(prompt=prompt, form=True), words)
    assert faults("ModalInteractionCallbackRequestData", made) == []
    return made


def fields(made: Any) -> list[tuple[str, str, int]]:
    """Label, name and style of each."""
    return [
        (one["label"], one["component"]["custom_id"], one["component"].get("style", 0)) for one in made["components"]
    ]


def test_blanks() -> None:
    """Each blank is a field with its number; they come back as the answer to the ask, and one may be left empty."""
    made = form(BLANKS)

    assert (made["title"], made["custom_id"]) == ("填空", "a:7:")
    assert fields(made) == [("第 1 空", "0", 1), ("第 2 空", "1", 1)]
    assert [one["component"]["required"] for one in made["components"]] == [False, False]


def test_one_blank() -> None:
    """A single blank has no number and cannot be left empty; a title begins with a capital."""
    made = form(replace(BLANKS, fields=1), ENGLISH)

    assert (made["title"], fields(made)) == ("Fill in", [("Your answer", "0", 1)])
    assert made["components"][0]["component"]["required"]


def test_many_blanks() -> None:
    """More blanks than a form has fields go into one, which says how."""
    assert fields(form(replace(BLANKS, fields=5)))[-1] == ("第 5 空", "4", 1)
    assert fields(form(replace(BLANKS, fields=6))) == [("6 个空，用逗号隔开", "0", 2)]


def test_writing() -> None:
    """A case is written in a field with room for it."""
    made = form(WRITING)

    assert (made["title"], made["custom_id"], fields(made)) == ("案例", "a:7:", [("答案", "0", 2)])


def test_points() -> None:
    """Key points are ticked, those from before are ticked already, and none is an answer too."""
    long = "点" * 150
    choices = (replace(POINTS.choices[0], marked=True), Choice("a:7:1", Quote(long), "2"))
    made = form(replace(POINTS, choices=choices))
    boxes = made["components"][0]["component"]

    assert (made["custom_id"], fields(made)) == ("a:7:s", [("你答到了哪几点？", "0", 0)])
    assert (boxes["min_values"], boxes["max_values"], boxes["required"]) == (0, 2, False)
    assert boxes["options"][0] == {"label": "1 传输加密", "value": "0", "default": True}
    assert f"2 {long}" == boxes["options"][1]["label"] + boxes["options"][1]["description"]


def test_many_points() -> None:
    """More than ten are in several fields, whose labels say which."""
    choices = tuple(Choice(f"a:7:{at}", Quote(f"点 {at}"), str(at + 1)) for at in range(50))
    made = form(replace(POINTS, choices=choices))

    assert [label for label, _, _ in fields(made)] == ["1–10", "11–20", "21–30", "31–40", "41–50"]
    assert [one["value"] for one in made["components"][4]["component"]["options"]] == [str(at) for at in range(40, 50)]


def test_no_form() -> None:
    """A question that is answered by pressing has no form: to ask for one is a fault of ours."""
    with pytest.raises(ValueError, match="without a field"):
        modal(Reply(prompt=SHORT, form=True), HANS)


def test_whatever_may_be_typed() -> None:
    """Without a question the form has one line, and stands for typing it."""
    form: Any = modal(Reply(form=True), HANS)

    assert (form["custom_id"], form["title"]) == ("t", "作答")
    assert form["components"][0].keys() == {"type", "label", "component"}


def test_what_the_form_covers() -> None:
    """On a phone it covers the message: what that asks for stands in it, without Markdown, as far as there is room."""
    asked: Any = modal(Reply(form=True), HANS, asked="几点到几点？比如 21:00–7:00，别用 \\* 和 1\\.\n现在：x")
    long: Any = modal(Reply(form=True), HANS, asked="长" * 101)

    assert asked["components"][0]["description"] == "几点到几点？比如 21:00–7:00，别用 * 和 1."
    assert long["components"][0]["description"] == "长" * 99 + "…"
