"""What a typed line means: a label of a message on screen, a number of its list, or plain text."""

from dataclasses import replace

import pytest

from bot.domain.prompt import Choice, Prompt, Quote, Text
from bot.platforms.console.labels import Offers, offer
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


def offers(*replies: Reply, words: Words = HANS) -> Offers:
    known = Offers()
    for reply in replies:
        known.add(offer(reply, words))
    return known


def meant(known: Offers, line: str) -> str | None:
    found = known.meant(line)
    return found[0] if found else None


@pytest.mark.parametrize("line", ["不会", "[不会]", " 不会。", "不 会"])
def test_a_label_is_a_press(line: str) -> None:
    """A label may be typed with its brackets, spaces or a stop."""
    assert meant(offers(Reply(prompt=SINGLE)), line) == "a:1:unknown"


@pytest.mark.parametrize("line", ["DON'T KNOW", "don’t know", "Ｄｏｎ'ｔ ｋｎｏｗ"])
def test_a_label_is_known_in_any_case_and_width(line: str) -> None:
    """Labels are compared after NFKC, without case, with one apostrophe."""
    assert meant(offers(Reply(prompt=SINGLE), words=ENGLISH), line) == "a:1:unknown"


@pytest.mark.parametrize("line", ["B 新加的低秩矩阵", "新加的低秩矩阵", "b新加的低秩矩阵", "✓ B 新加的低秩矩阵"])
def test_an_options_text_is_a_press(line: str) -> None:
    """With its letter or without, marked or not."""
    assert meant(offers(Reply(prompt=SINGLE)), line) == "a:1:1"


@pytest.mark.parametrize("line", ["B", "b", "Ｂ", "e", "ab", "随便写"])
def test_letters_and_everything_else_are_text(line: str) -> None:
    """Letters are the question's own to read, and so is what is no label."""
    assert meant(offers(Reply(prompt=SINGLE)), line) is None


def test_a_letter_is_an_answer_even_where_an_option_says_the_same() -> None:
    """Option A may be called B: typed alone, B is the letter."""
    assert meant(offers(Reply(prompt=replace(SINGLE, choices=options("B", "A")))), "B") is None


@pytest.mark.parametrize(
    ("line", "expected"), [("2", "go:button.new"), ("新题", "go:button.new"), ("６", None), ("0", None)]
)
def test_a_menus_number_or_short_name_is_a_press(line: str, expected: str | None) -> None:
    """A number of the list, or a label without its count."""
    assert expected == meant(offers(Reply(prompt=SINGLE), MENU), line)


def test_numbers_belong_to_the_newest_list_only() -> None:
    """After a new question, 2 may be its answer."""
    assert meant(offers(MENU, Reply(prompt=BLANK)), "2") is None


def test_a_short_name_of_two_is_none() -> None:
    """Two sets of one name are told apart by number or whole label."""
    rows = ((Choice("s:1", Text("sets.row", {"title": "X"}, 3)), Choice("s:2", Text("sets.row", {"title": "X"}, 4))),)

    assert meant(offers(Reply((), rows)), "X") is None
    assert meant(offers(Reply((), rows)), "X · 4 题") == "s:2"


def test_the_newest_message_wins_and_older_ones_still_hold() -> None:
    """Below an open question a menu was shown: both can be used."""
    known = offers(VERDICT, Reply(prompt=SINGLE), Reply((), ((Choice("m:undo", Text("button.undo")),),)))

    assert meant(known, "撤销") == "m:undo"
    assert meant(known, "下一题") == "go:button.next"
    assert meant(known, "提示") == "a:1:hint"


def test_a_new_question_closes_the_one_before() -> None:
    """True, typed into a gap, does not press the option of an older question."""
    assert meant(offers(Reply(prompt=BOOLEAN), Reply(prompt=BLANK)), "正确") is None


def test_a_question_that_is_over_offers_nothing_but_its_rows() -> None:
    """Its options are words; letters are answers to nothing."""
    over = Reply(prompt=replace(SINGLE, open=False), rows=row("button.next"))

    assert offers(over).labels == ("下一题",)


def test_a_message_of_the_same_slot_takes_the_place_of_the_old_one() -> None:
    """What a slot showed before can be typed no longer."""
    known = offers(Reply((), row("button.next"), slot="s"), Reply((), row("button.back"), slot="s"))

    assert known.labels == ("返回",)


def test_words_without_labels_do_not_hide_the_list() -> None:
    """A remark between does not take the numbers away."""
    assert meant(offers(MENU, Reply((Text("unclear.press"),))), "2") == "go:button.new"


def test_only_the_last_messages_are_remembered() -> None:
    """A label far above the screen means nothing any more."""
    many = [Reply((), ((Choice(f"x:{n}", Quote(f"label {n}")),),)) for n in range(20)]

    assert len(offers(*many).labels) == 8
