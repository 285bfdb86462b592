"""Questions, and how Discord draws them, for its tests."""

from dataclasses import replace
from typing import Any

from bot.domain.prompt import Choice, Prompt, Quote, Text
from bot.platforms.discord.view import Page, pages
from bot.ports.chat import Reply
from bot.texts import Words
from tests.fakes.discord_screen import screen

HANS = Words("zh-Hans", "zh-Hans")
ENGLISH = Words("en", "written")
ROOT = r"\sqrt{x+1}"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def button(action: str, key: str) -> Choice:
    return Choice(action, Text(key))


def options(*texts: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"a:7:{place}", Quote(text), LETTERS[place]) for place, text in enumerate(texts))


UNKNOWN, HINT, SUBMIT = button("a:7:x", "unknown"), button("a:7:h", "hint"), button("a:7:s", "submit")
NEXT = ((button("n:7", "button.next"),),)
PARALLEL = (
    "每台设备放模型的一部分，数据都一样",
    "每台设备放完整模型，各算一份数据，再合并梯度",
    "每台设备放完整模型，算同一份数据，再取平均",
    "只有主设备算梯度，其余只存数据",
)
LONG = Prompt("single", (Quote("关于数据并行，哪一句对？"),), "one", options(*PARALLEL), (UNKNOWN,))
SHORT = replace(LONG, choices=options("抽样", "枚举"))
BOOLEAN = Prompt(
    "boolean",
    (Quote("LoRA 训练时会改动原始权重。"),),
    "one",
    (button("a:7:0", "true"), button("a:7:1", "false")),
    (UNKNOWN,),
)
MANY = Prompt(
    "multiple",
    (Quote("哪些做法能缓解梯度消失？"),),
    "many",
    options("ReLU 激活", "残差连接", "批归一化", "Sigmoid 激活"),
    (SUBMIT, UNKNOWN, button("z:7", "button.later")),
)
BLANKS = Prompt(
    "blank",
    (Quote("混合精度训练常把大部分计算从____降到____，再用损失缩放防止下溢。"),),
    "texts",
    extras=(UNKNOWN, HINT),
    fields=2,
    notes=(Text("prompt.blanks_two"),),
)
POINTS = Prompt(
    "case",
    (Text("case.model_answer", {"answer": Quote("都加密")}), Text("case.which_points")),
    "points",
    tuple(Choice(f"a:7:{at}", Quote(text), str(at + 1)) for at, text in enumerate(("传输加密", "脱敏"))),
    (SUBMIT,),
)


def drawn(reply: Reply, words: Words = HANS) -> Page:
    (page,) = pages(reply, words)
    return page


def shown(reply: Reply, words: Words = HANS) -> list[str]:
    return screen(drawn(reply, words).components)


def inner(page: Page) -> list[dict[str, Any]]:
    """What can be pressed, of all rows."""
    rows: list[Any] = [one["components"] for one in page.components if one["type"] == 1]
    return [one for row in rows for one in row]
