"""What the terminal shows: each reply as lines, with nothing in them that steers it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt import Choice, Picture, Prompt, Quote, Text
from bot.platforms.console.view import clean, lines
from bot.ports.chat import Reply, Rows
from bot.texts import Words

HANS = Words("zh-Hans", "zh-Hans")
ENGLISH = Words("en", "written")


def options(*texts: str, marked: int | None = None) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"a:1:{place}", Quote(text), "ABCDEFGH"[place], place == marked) for place, text in enumerate(texts)
    )


def extras(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"a:1:{'s' if key == 'submit' else key}", Text(key)) for key in keys)


def row(*keys: str) -> Rows:
    return (tuple(Choice(f"go:{key}", Text(key)) for key in keys),)


def counted(*keys: str) -> Rows:
    return tuple((Choice(f"go:{key}", Text(key, count=3)),) for key in keys)


SINGLE = Prompt(
    "single",
    (Quote("LoRA 训练时，更新的是哪一部分？"),),
    "one",
    options("全部原始权重", "新加的低秩矩阵", "只有偏置", "学习率"),
    extras("unknown", "hint"),
)
MULTIPLE = Prompt(
    "multiple",
    (Quote("哪些做法能缓解梯度消失？"),),
    "many",
    options("ReLU 激活", "残差连接"),
    extras("submit", "unknown"),
)
BOOLEAN = Prompt(
    "boolean",
    (Quote("把权重从 FP32 换成 INT8，模型精度一定不变。"),),
    "one",
    (Choice("a:1:0", Text("true")), Choice("a:1:1", Text("false"))),
    extras("unknown"),
)
BLANK = Prompt(
    "blank",
    (Quote("小模型常叫____模型，大模型常叫____模型。"),),
    "texts",
    (),
    extras("unknown", "hint"),
    fields=2,
    notes=(Text("prompt.blanks_two"),),
)
POINTS = Prompt(
    "case",
    (Text("case.model_answer", {"answer": Quote("传输与存储都加密")}), Text("case.which_points")),
    "points",
    tuple(Choice(f"a:1:{place}", Quote(text), str(place + 1)) for place, text in enumerate(("加密", "脱敏"))),
    extras("submit"),
)
VERDICT = Reply(
    (
        Text("verdict.single.right", {"answer": Text("option", {"letter": "B", "text": Quote("新加的低秩矩阵")})}),
        Text("tail.next", {"when": Text("when.days", count=2)}),
    ),
    (*row("button.next"), *row("button.guessed", "button.undo", "button.report")),
)
MENU = Reply(
    (Text("menu.ask"),),
    (*counted("button.due", "button.new"), *row("button.by_section", "button.by_kind"), *row("button.more_groups")),
)


def text(reply: Reply, words: Words = HANS) -> str:
    return "\n".join(line.text for line in lines(reply, words))


def test_a_question_is_drawn_as_the_story_shows_it() -> None:
    """Kind, stem, an option a line, and what else can be typed."""
    expected = (
        "【单选】LoRA 训练时，更新的是哪一部分？\n"
        "  A 全部原始权重\n  B 新加的低秩矩阵\n  C 只有偏置\n  D 学习率\n"
        "也可以打：不会、提示"
    )

    assert expected == text(Reply(prompt=SINGLE))


def test_an_english_question_names_its_kind_first() -> None:
    """The English mark stands in round brackets, before the stem."""
    prompt = replace(SINGLE, stem=(Quote("What does LoRA update?"),), choices=options("Biases"))

    assert (
        text(Reply(prompt=prompt), ENGLISH)
        == "(choose one) What does LoRA update?\n  A Biases\nOr type: Don't know, Hint"
    )


def test_several_options_are_typed_together() -> None:
    """Submitting is typing the letters; only where some are marked already is there something to submit."""
    marked = replace(MULTIPLE, choices=options("ReLU 激活", "残差连接", marked=1))

    assert text(Reply(prompt=MULTIPLE)).split("\n")[-1] == "几个字母一起打，比如 AB。也可以打：不会"
    assert text(Reply(prompt=marked)).split("\n")[-2:] == [
        "  ✓ B 残差连接",
        "几个字母一起打，比如 AB。也可以打：提交、不会",
    ]


def test_a_question_that_is_over_asks_for_nothing() -> None:
    """Shown again after an undo, its options are words, and no letters are asked for."""
    over = Reply((Text("ask.undone"),), row("button.next"), replace(MULTIPLE, open=False))

    assert text(over).split("\n")[1:] == [
        "  A ReLU 激活",
        "  B 残差连接",
        "这题撤销了，明天再出。",
        "也可以打：下一题",
    ]


def test_true_or_false_has_no_letters() -> None:
    """The two options stand as words."""
    assert text(Reply(prompt=BOOLEAN)).split("\n")[1:] == ["  正确", "  错误", "也可以打：不会"]


def test_notes_and_the_last_line_stand_above_what_can_be_typed() -> None:
    """A blank's note, then the daily line, then the tail."""
    reply = Reply(prompt=BLANK, footer=Text("daily.last_line", {"set": Quote("可解释 AI")}))

    assert text(reply).split("\n")[1:] == ["两个空，用逗号隔开发给我。", "每日一题 · 可解释 AI", "也可以打：不会、提示"]


def test_points_ask_about_the_answer_not_a_new_question() -> None:
    """No kind stands before them, numbers are typed together, and submitting none is possible."""
    expected = (
        "参考答案：传输与存储都加密\n你答到了哪几点？\n  1 加密\n  2 脱敏\n答到的序号一起打，比如 12。也可以打：提交"
    )

    assert expected == text(Reply(prompt=POINTS))


def test_free_writing_without_extras_has_no_tail() -> None:
    """Where nothing else can be typed, nothing is said about it."""
    assert text(Reply(prompt=replace(BLANK, extras=(), notes=()))) == "【填空】小模型常叫____模型，大模型常叫____模型。"


def test_a_verdict_ends_with_its_four_labels() -> None:
    """Up to four labels stand in one line."""
    assert text(VERDICT).split("\n") == [
        "✓ 答对了。B 新加的低秩矩阵",
        "下次：2 天后",
        "也可以打：下一题、蒙的、撤销、题目有误",
    ]


def test_a_menu_is_a_list_with_numbers() -> None:
    """Counts and many labels are drawn one a line."""
    assert text(MENU).split("\n") == [
        "练什么？",
        "  1 到期 · 3 题",
        "  2 新题 · 3 题",
        "  3 按章节",
        "  4 按题型",
        "  5 更多",
        "打序号或名称。",
    ]


def test_labels_that_are_numbers_get_none() -> None:
    """Before "5 questions" another number would say two things at once."""
    goals = (tuple(Choice(f"g:{n}", Text("goal.n", count=n), marked=n == 5) for n in (1, 5, 10, 20, 50)),)

    assert text(Reply((Text("goal.ask"),), goals)) == "每天几题？\n也可以打：1 题、✓ 5 题、10 题、20 题、50 题"


def test_an_edit_prints_only_what_is_new() -> None:
    """The question and what was kept stand above already, unless the question itself changed."""
    edit = Reply((Text("report.ask"),), row("button.back"), SINGLE, kept=(Quote("above"),), edit=True)

    assert text(edit) == "哪里不对？\n也可以打：返回"
    assert text(replace(edit, redraw=True)).startswith("【单选】")
    assert "\nabove\n哪里不对？\n" in text(replace(edit, redraw=True))


def test_an_edit_that_only_takes_away_prints_nothing() -> None:
    """A message stripped of its buttons is no message in the terminal."""
    assert lines(Reply(prompt=SINGLE, edit=True), HANS) == ()


def test_a_picture_is_told_in_words() -> None:
    """The terminal shows no pictures, but says what they show."""
    assert text(Reply((Picture("00", Quote("误差曲线")),))) == "[图] 误差曲线"


def test_content_of_several_lines_keeps_them() -> None:
    """A case's situation and questions stand on lines of their own."""
    prompt = replace(BLANK, kind="case", stem=(Quote("第一行\r\n第二行"), Text("case.part", {"stem": Quote("怎样？")})))

    assert text(Reply(prompt=prompt)).split("\n")[:3] == ["【案例】第一行", "第二行", "问：怎样？"]


def test_a_verdicts_sign_and_word_are_accented() -> None:
    """The colour is on the words that say it anyway."""
    first = lines(VERDICT, HANS)[0]

    assert (first.tone, first.text[: first.accent]) == ("right", "✓ 答对了")


@given(st.text())
def test_content_cannot_steer_the_terminal(content: str) -> None:
    """Whatever a question holds, no control character but the line feed is printed."""
    drawn = "".join(line.text for line in lines(Reply((Quote(content),), prompt=SINGLE), Words("en", "written")))

    assert not any(letter < " " or "\x7f" <= letter <= "\x9f" or "\u202a" <= letter <= "\u202e" for letter in drawn)


def test_steering_sequences_go_whole() -> None:
    """A colour or a window's title leaves no rubbish behind; a tab is a space that can be seen."""
    assert clean("a\x1b[1;31mb\x1b[0m\x1b]0;title\x07c\td\x1b(B\x9be\r\nf") == "abc    de\nf"


def test_a_verdict_offers_its_labels_in_one_line() -> None:
    """However many there are: the list with numbers is for menus."""
    keys = ("button.more", "button.mistakes", "button.guessed", "button.undo", "button.report")
    verdict = Reply((Text("verdict.case.unknown"),), row(*keys), slot="ask:1")

    assert [line.text for line in lines(verdict, HANS)] == [
        "○ 记下了。",
        "也可以打：再来一题、练错题、蒙的、撤销、题目有误",
    ]
