"""How Telegram draws a reply: the lines and buttons of the stories, whole, safe, and within its limits."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt import Choice, Picture, Prompt, Quote, Text
from bot.platforms.formulas import Latex
from bot.platforms.telegram.html import CAPTION_UNITS, MESSAGE_UNITS, escape, text_of
from bot.platforms.telegram.view import Key, Page, alert, pages
from bot.platforms.writing import clean, units
from bot.ports.chat import Incoming, Reply, Said
from bot.router import Router
from bot.texts import Words, language_of
from tests.stories import view as stories
from tests.stories.given import GIVEN
from tests.stories.house import house, migrated
from tests.stories.notation import parsed

HANS = Words("zh-Hans", "zh-Hans", escape)
ENGLISH = Words("en", "written", escape)
FOLDER = Path(stories.__file__).parent
FRACTION, ROOT = r"\frac{a+b}{c}", r"\sqrt{x+1}"


def options(*texts: str, marked: int | None = None) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"a:1:{place}", Quote(text), "ABCDEFGH"[place], place == marked) for place, text in enumerate(texts)
    )


EXTRAS = (Choice("a:1:x", Text("unknown")), Choice("a:1:h", Text("hint")))
NEXT = ((Choice("go:next", Text("button.next")),),)
SINGLE = Prompt("single", (Quote("哪一种最慢？"),), "one", options("抽样", "枚举"), EXTRAS)
LONG = replace(SINGLE, choices=options("每台设备放完整模型，各算一份数据，再合并梯度", "只有主设备算梯度"))
BOOLEAN = Prompt("boolean", (Quote("x"),), "one", (Choice("a:1:0", Text("true")), Choice("a:1:1", Text("false"))))
POINTS = Prompt(
    "case",
    (Quote("参考答案"), Text("case.which_points")),
    "points",
    tuple(
        Choice(f"a:1:{place}", Quote(text), str(place + 1), place == 0) for place, text in enumerate(("加密", "脱敏"))
    ),
)


def drawn(reply: Reply, words: Words = HANS) -> Page:
    (page,) = pages(reply, words)
    return page


def labels(page: Page) -> list[list[str]]:
    return [[key.label for key in row] for row in page.keys]


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
    return migrated(tmp_path_factory.mktemp("view") / "empty.db")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", ["kinds", "cases", "commands", "mistakes", "reports", "settings"])
async def test_stories(name: str, language: str, tmp_path: Path, empty: Path) -> None:
    """What the stories list is what is drawn: each line, each label; below the question where that stays."""
    story = parsed((FOLDER / f"{name}.{language}.chat").read_text(encoding="utf-8"))
    async with house(story, tmp_path / "story.db", empty=empty) as player:
        heard = Heard(player.router, [])
        player.router = heard  # type: ignore[assignment] # it answers as the router does
        if f"{name}.{language}" in GIVEN:
            await player.past(GIVEN[f"{name}.{language}"])
        for line, listed in story.steps("telegram"):
            await player.answers(line, listed)
            for said in heard.said:
                words = Words(language_of(said.reader.language), said.reader.script)
                for reply in said.replies:
                    compare(reply, words)
            heard.said.clear()


def compare(reply: Reply, words: Words) -> None:
    """The page of a reply beside its lines in a story."""
    page = drawn(reply, words)
    told = stories.told(reply, replace(words, escape=clean)).split(": ", 1)[1].replace("\n  ", "\n")
    rows = stories.keyboard(reply, words)
    listed = told.removesuffix("\n".join(" ".join(f"[{name}]" for name in row) for row in rows)).strip()
    text = text_of(page.html)

    assert rows == labels(page)
    if stories.stays(reply):
        assert text.endswith(listed.removeprefix("…").strip())
        assert all(words.say(block) in text for block in reply.kept)
    elif reply.prompt is None or reply.prompt.open or not reply.edit:
        assert listed == text


def test_answered() -> None:
    """An answered question is read whole: kind, stem, options that were buttons, the verdict; the buttons are new."""
    verdict = (Text("verdict.single.right", {"answer": Quote("B 枚举")}),)
    page = drawn(Reply(verdict, NEXT, replace(SINGLE, open=False), edit=True))

    assert page.html.split("\n") == ["【单选】哪一种最慢？", "A 抽样", "B 枚举", "✓ 答对了。B 枚举"]
    assert labels(page) == [["下一题"]]


def test_reported() -> None:
    """While something else is asked below it, the question and its verdict stay above."""
    reply = Reply((Text("report.ask"),), NEXT, SINGLE, kept=(Quote("✓ 答对了"),), edit=True)

    assert drawn(reply).html.split("\n")[:4] == ["【单选】哪一种最慢？", "A 抽样", "B 枚举", "✓ 答对了"]
    assert labels(drawn(reply)) == [["下一题"]]


def test_answered_boolean() -> None:
    """True and false are not repeated: the verdict says which it was. Key points are, with their marks."""
    told = [drawn(Reply((), NEXT, replace(one, open=False), edit=True)).html for one in (BOOLEAN, POINTS)]

    assert told == ["【判断】x", "参考答案\n你答到了哪几点？\n✓ 1 加密\n2 脱敏"]


def test_shown_again() -> None:
    """A closed question in a new message is short: its options were never buttons there."""
    assert drawn(Reply(prompt=replace(SINGLE, open=False))).html == "【单选】哪一种最慢？"


def test_long_options() -> None:
    """An option that is too wide for a button stands above, whole, and the letters are on one row, with marks."""
    marked = replace(LONG, takes="many", choices=(replace(LONG.choices[0], marked=True), LONG.choices[1]))
    page = drawn(Reply(prompt=marked))

    assert page.html.split("\n")[1:] == ["✓ A 每台设备放完整模型，各算一份数据，再合并梯度", "B 只有主设备算梯度"]
    assert [label.removeprefix("✓ ") for label in labels(page)[0]] == ["A", "B"]


def test_long_points() -> None:
    """A key point is a button as long as it can be read there, else it is a text."""
    short, long = (replace(POINTS, choices=(Choice("a:1:0", Quote("点" * count), "1"),)) for count in (32, 33))

    assert labels(drawn(Reply(prompt=short))) == [["1 " + "点" * 32]]
    assert labels(drawn(Reply(prompt=long))) == [["1"]]


def test_actions() -> None:
    """Actions are kept as they are; a command names the private chat; one that is too long is a fault of ours."""
    link = "/start " + "x" * 64
    page = drawn(Reply((Quote("x"),), ((Choice(link, Text("button.next")), Choice("y" * 64, Quote("b"))),)))

    assert [link, "y" * 64] == [key.action for key in page.keys[0]]
    for action in ("/start " + "x" * 65, "é" * 33):
        with pytest.raises(ValueError, match="64 bytes"):
            Key("x", action)


def test_nothing() -> None:
    """A reply that says nothing is no message."""
    assert pages(Reply(away=True), HANS) == ()
    assert pages(Reply(edit=True), HANS) == ()
    assert alert(Reply(), HANS) is None


def test_content_is_harmless() -> None:
    """Tags, entities and tricks in content are text on the page and gone from labels; code is code."""
    stem = (Quote("<b>a</b> &amp; \u202eb"), Quote("if a < b:\n  c", "code"))
    page = drawn(Reply(prompt=replace(SINGLE, stem=stem, choices=options("<i>\n\u200bx", "\u200b"))), ENGLISH)

    assert page.html == "(choose one) &lt;b&gt;a&lt;/b&gt; &amp;amp; b\n<pre>if a &lt; b:\n  c</pre>"
    assert labels(page)[:2] == [["A <i> x"], ["B"]]


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_content(stem: str, option: str) -> None:
    """Whatever an author wrote, no page is a fault, and every label and text is within the limits."""
    reply = Reply(
        (Text("verdict.single.right", {"answer": Quote(option)}),), NEXT, replace(SINGLE, choices=options(option))
    )
    reply = replace(reply, prompt=replace(reply.prompt or SINGLE, stem=(Quote(stem),)))

    for page in pages(reply, HANS):
        assert 0 < units(text_of(page.html)) <= MESSAGE_UNITS or page.picture
        assert all(len(key.label) > 0 for row in page.keys for key in row)


def test_long_text() -> None:
    """A long text is several messages that say all of it; the last has the buttons."""
    text = "第一句话很长。" * 3000
    made = pages(Reply((Quote(text),), NEXT), HANS)

    assert text == "".join(text_of(page.html) for page in made)
    assert [page.keys for page in made[:-1]] == [()] * 5
    assert labels(made[-1]) == [["下一题"]]


def test_picture() -> None:
    """A picture carries the text as its caption; where that is too long, or are two, it stands above by itself."""
    one = Picture("ab12", Quote("一条曲线"))
    short = pages(Reply((one,), NEXT), HANS)
    long = pages(Reply((one, Quote("字" * CAPTION_UNITS)), NEXT), HANS)
    two = pages(Reply((one, replace(one, blob="cd34")), NEXT), HANS)

    assert [(page.html, page.picture) for page in short] == [("一条曲线", "ab12")]
    assert [page.picture for page in long] == ["ab12", None]
    assert [page.picture for page in two] == ["ab12", "cd34", None]
    assert [len(page.keys) for page in two] == [0, 0, 1]


def test_picture_as_stem() -> None:
    """A question that begins with a picture has its kind before the words for it, as ever."""
    page = drawn(Reply(prompt=replace(SINGLE, stem=(Picture("ab12", Quote("一条曲线")), Quote("拐点在哪？")))))

    assert (page.html, page.picture) == ("【单选】一条曲线\n拐点在哪？", "ab12")


def test_said_formulas() -> None:
    """Formulas that Unicode can say are words: in the text and on the buttons; no picture."""
    page = drawn(
        Reply(prompt=replace(SINGLE, stem=(Quote("若 $x^2=4$，则"),), choices=options("$x=2$", r"\(x=\pm 2\)")))
    )

    assert (page.html, page.picture) == ("【单选】若 x²=4，则", None)
    assert labels(page)[:2] == [["A x=2"], ["B x= ± 2"]]


def test_drawn_formula() -> None:
    """One formula that is drawn stands above the text, which points to it; without drawing it is its source."""
    reply = Reply(prompt=replace(SINGLE, stem=(Quote(rf"求 ${FRACTION}$ 的值"),)))
    (undrawn,) = pages(reply, HANS, draw=False)

    assert ("【单选】求 (↑) 的值", Latex((FRACTION,))) == (drawn(reply).html, drawn(reply).picture)
    assert (rf"【单选】求 <code>{FRACTION}</code> 的值", None) == (undrawn.html, undrawn.picture)


def test_drawn_formulas() -> None:
    """All formulas of a message are on one picture, numbered, each once; options with one stand above as texts."""
    prompt = replace(SINGLE, stem=(Quote(rf"${FRACTION}$ 等于"),), choices=options(f"${ROOT}$", rf"${FRACTION}$"))
    page = drawn(Reply((), NEXT, prompt))

    assert page.picture == Latex((FRACTION, ROOT))
    assert page.html.split("\n") == ["【单选】<b>(1)</b> 等于", "A <b>(2)</b>", "B <b>(1)</b>"]
    assert labels(page) == [["A", "B"], ["不会", "提示"], ["下一题"]]


def test_alert() -> None:
    """An alert is the reply in plain words; one that is too long, has buttons or a picture is a message instead."""
    said = Reply((Quote("a < b\u202e，$x^2$"), Text("button.next")), private=True)
    others = [
        replace(said, rows=NEXT),
        replace(said, blocks=(Picture("ab", Quote("x")),)),
        replace(said, blocks=(Quote(f"${FRACTION}$"),)),
        replace(said, blocks=(Quote("😀" * 100 + "x"),)),
    ]

    assert alert(said, HANS) == "a < b，x²\n下一题"
    assert alert(replace(said, blocks=(Quote("😀" * 100),)), HANS) == "😀" * 100
    assert [alert(one, HANS) for one in others] == [None] * 4
