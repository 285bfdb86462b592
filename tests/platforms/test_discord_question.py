"""How a question is answered on Discord: by buttons, from a list, or in a form."""

from dataclasses import replace

import pytest

from bot.domain.prompt import Choice, Prompt, Quote, Takes, Text
from bot.platforms.discord.view import pages
from bot.ports.chat import Reply
from tests.fakes.discord_examples import (
    BLANKS,
    BOOLEAN,
    HANS,
    MANY,
    NEXT,
    POINTS,
    SHORT,
    button,
    drawn,
    inner,
    options,
    shown,
)
from tests.fakes.discord_screen import screen


def test_short_options() -> None:
    """Options that a button can hold are buttons; a letter that was chosen has its mark."""
    marked = replace(SHORT, choices=(replace(SHORT.choices[0], marked=True), SHORT.choices[1]))

    assert shown(Reply(prompt=BOOLEAN))[1:] == ["[正确] [错误] [不会]"]
    assert shown(Reply(prompt=SHORT))[1:] == ["[A 抽样] [B 枚举] [不会]"]
    assert shown(Reply(prompt=marked))[1:] == ["[✓ A 抽样] [B 枚举] [不会]"]


def test_many_options_of_which_one_is_right() -> None:
    """More than five are a list with all their words, what the label cannot hold below it."""
    long = "数据" * 60
    page = drawn(Reply(prompt=replace(SHORT, choices=options("a", "b", "c", "d", "e", long))))
    menu = inner(page)[0]

    assert screen(page.components)[1:] == ["[选择：选出对的一项]", "[不会]"]
    assert (menu["custom_id"], menu["min_values"], menu["max_values"]) == ("pick:7", 1, 1)
    assert [one["value"] for one in menu["options"]] == [f"a:7:{place}" for place in range(6)]
    assert f"F {long}" == menu["options"][5]["label"] + menu["options"][5]["description"]


def test_options_too_long_for_a_list() -> None:
    """Where even that is too little, all stand above as texts, and the list says where the rest is cut."""
    long = "数据" * 200
    page = drawn(Reply(prompt=replace(MANY, choices=(*MANY.choices, Choice("a:7:4", Quote(long), "E", marked=True)))))
    last = inner(page)[0]["options"][4]

    assert screen(page.components)[1:6] == ["A ReLU 激活", "B 残差连接", "C 批归一化", "D Sigmoid 激活", f"✓ E {long}"]
    assert (last["label"][-1], last["default"], "description" in last) == ("…", True, False)


@pytest.mark.parametrize("takes", ["one", "many"])
def test_twenty_six_options(takes: Takes) -> None:
    """More than a list holds are letters to press, with their texts above."""
    prompt = replace(MANY, takes=takes, choices=options(*(f"第 {place} 项" for place in range(26))))
    lines = shown(Reply(prompt=prompt))

    assert lines[26:29] == ["Z 第 25 项", "[A] [B] [C] [D] [E]", "[F] [G] [H] [I] [J]"]
    assert lines[-2:] == ["[Z]", "[提交] [不会] [稍后]"]


def test_points() -> None:
    """Key points stand above and are ticked in a form, fifty at most; more are pressed."""
    many = tuple(Choice(f"a:7:{at}", Quote(f"点 {at}"), str(at + 1)) for at in range(51))
    *_, above, last = pages(Reply(prompt=replace(POINTS, choices=many)), HANS)

    assert shown(Reply(prompt=POINTS)) == ["参考答案：都加密", "你答到了哪几点？", "1 传输加密", "2 脱敏", "[作答]"]
    assert shown(Reply(prompt=replace(POINTS, choices=many[:50])))[-2:] == ["50 点 49", "[作答]"]
    assert screen(above.components)[0] == "参考答案：都加密"
    assert screen(last.components)[-1] == "[提交]"


def test_count_it() -> None:
    """Yes or no is two buttons below the question that is asked about the answer."""
    near = Text("near.ask_one", {"typed": Quote("老师"), "accepted": Quote("教师")})
    grade = Prompt("blank", (near,), "grade", (button("a:7:y", "count"), button("a:7:n", "discount")))

    assert shown(Reply(prompt=grade)) == ["你写「老师」，参考答案是「教师」。算对吗？", "[算对] [算错]"]


def test_hint_of_a_blank() -> None:
    """What a hint says of a blank stays when how to type is left out."""
    hinted = replace(BLANKS, notes=(*BLANKS.notes, Text("hint.blank", {"blank": 1, "start": Quote("F")})))

    assert shown(Reply(prompt=hinted))[1] == "第 1 空开头是「F」。"


def test_what_waits_no_more() -> None:
    """A question that is answered has no buttons of its own; below another question it and its verdict stay."""
    reply = Reply((Text("report.ask"),), NEXT, replace(SHORT, open=False), kept=(Quote("✓ 答对了"),), edit=True)

    assert shown(reply)[1:] == ["A 抽样", "B 枚举", "✓ 答对了", "哪里不对？", "[下一题]"]
    assert shown(Reply(prompt=replace(SHORT, open=False))) == ["【单选】关于数据并行，哪一句对？"]
