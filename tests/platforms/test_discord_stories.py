"""What Discord shows is what its stories list: line by line, row by row."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.prompt import Choice, Quote, Text
from bot.platforms.writing import clean
from bot.ports.chat import Incoming, Reply, Said
from bot.router import Router
from bot.texts import Words, language_of
from tests.fakes.discord_examples import (
    BLANKS,
    HINT,
    LONG,
    MANY,
    NEXT,
    UNKNOWN,
    button,
    drawn,
    inner,
    shown,
)
from tests.fakes.discord_screen import screen
from tests.stories import view as stories
from tests.stories.given import GIVEN
from tests.stories.house import house, migrated
from tests.stories.notation import parsed

FOLDER = Path(stories.__file__).parent


def test_story_of_the_channel() -> None:
    """03a: the question hangs with its options as texts, their letters and what else is pressed in one row."""
    reply = Reply(prompt=LONG, footer=Text("board.none", {"time": "20:00"}))

    assert shown(reply) == [
        "【单选】关于数据并行，哪一句对？",
        "A 每台设备放模型的一部分，数据都一样",
        "B 每台设备放完整模型，各算一份数据，再合并梯度",
        "C 每台设备放完整模型，算同一份数据，再取平均",
        "D 只有主设备算梯度，其余只存数据",
        "20:00 公布答案 · 还没有人答",
        "[A] [B] [C] [D] [不会]",
    ]


def test_story_of_the_reveal() -> None:
    """03a: the reveal stands in the same message: how many chose what, why, and what can be done next."""
    counts = (2, 14, 6, 1)
    lined = [Text("option", {"letter": one.letter, "text": one.label}) for one in LONG.choices]
    keys = ["board.option_right" if place == 1 else "board.option" for place in range(4)]
    blocks = (
        *(Text(key, {"text": text}, count) for key, text, count in zip(keys, lined, counts, strict=True)),
        Text("board.told", {"right": 14}, 23),
        Text("explanation", {"text": Quote("数据并行是把一批数据切开，各算各的，梯度再合起来。")}),
        Text("source", {"text": Quote("Li 等，PyTorch Distributed，2020，第 2 节")}),
    )
    rows = ((button("/start mine_7", "button.mine"), button("/start wrong_7", "button.report")),)
    prompt = replace(LONG, choices=(), extras=(), open=False)
    page = drawn(Reply(blocks, rows, prompt, edit=True, redraw=True))

    assert screen(page.components) == [
        "【单选】关于数据并行，哪一句对？",
        "A 每台设备放模型的一部分，数据都一样 · 2 人",
        "B 每台设备放完整模型，各算一份数据，再合并梯度 · 14 人 · 正确答案",
        "C 每台设备放完整模型，算同一份数据，再取平均 · 6 人",
        "D 只有主设备算梯度，其余只存数据 · 1 人",
        "23 人答了，14 人答对。",
        "解析：数据并行是把一批数据切开，各算各的，梯度再合起来。",
        "出处：Li 等，PyTorch Distributed，2020，第 2 节",
        "[我的答案] [题目有误]",
    ]
    assert [one["custom_id"] for one in inner(page)] == ["/start mine_7", "/start wrong_7"]


def test_story_of_who_answers_later() -> None:
    """03a: what has no room beside the letters is a row below them."""
    assert shown(Reply(prompt=replace(LONG, extras=(UNKNOWN, HINT))))[-2:] == ["[A] [B] [C] [D]", "[不会] [提示]"]


def test_story_of_the_list() -> None:
    """03b: of several right ones all are chosen in one list; it submits by itself."""
    reply = Reply(prompt=MANY, footer=Text("daily.last_line", {"set": Quote("可解释 AI")}))
    page = drawn(reply)
    menu = inner(page)[0]

    assert screen(page.components) == [
        "【多选】哪些做法能缓解梯度消失？",
        "每日一题 · 可解释 AI",
        "[选择：选出所有对的]",
        "[不会] [稍后]",
    ]
    assert (menu["custom_id"], menu["min_values"], menu["max_values"]) == ("a:7:s", 1, 4)
    assert [(one["label"], one["value"]) for one in menu["options"]][:2] == [("A ReLU 激活", "0"), ("B 残差连接", "1")]


def test_story_of_the_blank() -> None:
    """03b: typed answers go into a form; how to type them as a message is not said."""
    page = drawn(Reply(prompt=BLANKS))

    assert screen(page.components) == [
        "【填空】混合精度训练常把大部分计算从____降到____，再用损失缩放防止下溢。",
        "[作答] [不会] [提示]",
    ]
    assert [one["custom_id"] for one in inner(page)] == ["form:7", "a:7:x", "a:7:h"]


def test_story_of_the_verdict() -> None:
    """03b: the verdict stands below the question and what was its list; the next one goes on."""
    answers = tuple(Text("option", {"letter": one.letter, "text": one.label}) for one in MANY.choices[:3])
    blocks = (Text("verdict.multiple.right", {"answers": answers}),)
    rows = (*NEXT, (button("g:7", "button.guessed"), button("u:7", "button.undo"), button("r:7", "button.report")))
    page = drawn(Reply(blocks, rows, replace(MANY, open=False), edit=True))

    assert screen(page.components) == [
        "【多选】哪些做法能缓解梯度消失？",
        "A ReLU 激活",
        "B 残差连接",
        "C 批归一化",
        "D Sigmoid 激活",
        "✓ 答对了。A ReLU 激活、B 残差连接、C 批归一化",
        "[下一题]",
        "[蒙的] [撤销] [题目有误]",
    ]
    assert [one["style"] for one in inner(page)] == [1, 2, 2, 2]


def test_story_of_the_set_up() -> None:
    """14: a channel is chosen from the platform's own list, which holds those that can be written in."""
    choice = Choice("room:channel", Quote("选一个频道"), of="channel")
    page = drawn(Reply((Quote("每日一题发到哪个频道？"),), ((button("b", "button.back"), choice),)))

    assert screen(page.components) == ["每日一题发到哪个频道？", "[选择：选一个频道]", "[返回]"]
    assert inner(page)[0]["channel_types"] == [0, 5]


# What the stories of every platform say


@dataclass(frozen=True, slots=True)
class Heard:
    """A router that remembers what it answered."""

    router: Router
    said: list[Said]

    async def handle(self, incoming: Incoming) -> Said:
        self.said.append(await self.router.handle(incoming))
        return self.said[-1]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current database without a row, to be copied."""
    return migrated(tmp_path_factory.mktemp("discord") / "empty.db")


@pytest.mark.parametrize("name", ["kinds.zh-Hans", "cases.zh-Hant", "commands.en", "mistakes.en", "settings.zh-Hans"])
async def test_stories(name: str, tmp_path: Path, empty: Path) -> None:
    """What a story says and offers is said and offered on Discord too, each line and each action."""
    story = parsed((FOLDER / f"{name}.chat").read_text(encoding="utf-8"))
    async with house(story, tmp_path / "story.db", empty=empty) as player:
        heard = Heard(player.router, [])
        player.router = heard  # type: ignore[assignment] # it answers as the router does
        if name in GIVEN:
            await player.past(GIVEN[name])
        for line, listed in story.steps("telegram"):
            await player.answers(line, listed)
            for said in heard.said:
                words = Words(language_of(said.reader.language), said.reader.script, clean)
                for reply in said.replies:
                    compare(reply, words)
            heard.said.clear()


def compare(reply: Reply, words: Words) -> None:
    """The page of a reply beside what it says."""
    page = drawn(reply, words)
    lines = screen(page.components)
    footer = () if reply.footer is None else (reply.footer,)
    told = [line for block in (*reply.kept, *reply.blocks, *footer) for line in words.say(block).split("\n")]
    pressed = {action for one in inner(page) for action in actions(one)}

    assert all(line in lines for line in told)
    assert {action for action in stories.pressable(reply, words).values() if answers(action, reply)} <= pressed


def answers(action: str, reply: Reply) -> bool:
    """Whether it is to be pressed: what a form or a list submits is not, nor what is ticked in a form."""
    prompt = reply.prompt
    if prompt is None or prompt.takes != "points":
        return not action.endswith(":s")
    return action not in {one.action for one in (*prompt.choices, *prompt.extras)}


def actions(one: dict[str, Any]) -> list[str]:
    """What can be chosen by it."""
    values = [option["value"] for option in one.get("options", ())]
    prefix = one["custom_id"].removesuffix("s")
    return [one["custom_id"], *(value if ":" in value else prefix + value for value in values)]
