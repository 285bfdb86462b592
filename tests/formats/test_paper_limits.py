"""The paper reader: encodings, and files that mean harm."""

import codecs
import random

import pytest

from bot.domain.question import Reading
from bot.formats import paper
from bot.formats.format import LIMIT_BYTES, NotAPaper, TooLarge, TooSlow, UnreadableError
from bot.formats.paper import encoding, items
from bot.formats.paper.deadline import LIMIT_SECONDS
from bot.formats.paper.pieces import LIMIT_PIECES

SIMPLE = "行星测试\n一、单选题(共1题)\n1.太阳系中体积最大的行星是( )。\nA.地球\nB.木星\n答案:B\n解析:木星最大。\n"
TRADITIONAL = "行星測試\n一、單選題(共1題)\n1.太陽系中體積最大的行星是( )。\nA.地球\nB.木星\n答案:B\n解析:木星最大。\n"


def read(data: bytes) -> Reading:
    """A paper of bytes."""
    return paper.read(data, "own.txt", tick=lambda _done, _total: None)


class Slow:
    """A clock that moves by a fixed step each time it is read."""

    def __init__(self, step_seconds: float) -> None:
        self.now = 0.0
        self.step_seconds = step_seconds

    def __call__(self) -> float:
        self.now += self.step_seconds
        return self.now


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (SIMPLE, SIMPLE.encode()),
        (SIMPLE, codecs.BOM_UTF8 + SIMPLE.encode()),
        (SIMPLE, SIMPLE.encode("utf-16")),
        (SIMPLE, SIMPLE.encode("utf-16-le")),
        (SIMPLE, SIMPLE.encode("utf-16-be")),
        (SIMPLE, codecs.BOM_UTF16_BE + SIMPLE.encode("utf-16-be")),
        (SIMPLE, SIMPLE.encode("gb18030")),
        (SIMPLE, SIMPLE.replace("\n", "\r\n").encode("gbk")),
        (SIMPLE, SIMPLE.replace("\n", "\r").encode()),
        (TRADITIONAL, TRADITIONAL.encode("big5")),
        (TRADITIONAL, TRADITIONAL.encode("gb18030")),
    ],
)
def test_every_encoding_reads_the_same(text: str, data: bytes) -> None:
    """UTF-8 and UTF-16 with and without a mark, GB18030, Big5, and all line ends."""
    assert read(data) == read(text.encode())


def test_a_short_gb18030_paper_is_whole() -> None:
    """What is read is the paper, not only something that decodes."""
    (draft,) = read(SIMPLE.encode("gb18030")).drafts

    assert (draft.stem, draft.right, draft.explanation) == ("太阳系中体积最大的行星是( )。", (1,), "木星最大。")


@pytest.mark.parametrize("encoding_name", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize(
    "lines", ["1.{n} plus {n} is\nA.{n}\nB.0\nAnswer:A\n", "1.{n} plus {n} is A.{n} B.0 Answer:A "]
)
def test_an_encoding_is_known_by_what_is_beyond_ascii(encoding_name: str, lines: str) -> None:
    """However much ASCII stands before it, and whether or not there are lines."""
    head = "".join(lines.format(n=n) for n in range(2000))
    reading = read((head + "\n" + TRADITIONAL).encode(encoding_name))

    assert reading.drafts[-1].stem == "太陽系中體積最大的行星是( )。"


@pytest.mark.parametrize("encoding_name", ["gb18030", "big5"])
@pytest.mark.parametrize("bad", [b"\x80", b"\xff", b"\xff\xff"])
def test_a_bad_byte_is_as_cheap_in_an_older_encoding(encoding_name: str, bad: bytes) -> None:
    """As Windows writes the euro sign into GBK: the question goes to review, the rest is read."""
    more = "2.太陽系中最小的行星是( )。\nA.水星\nB.木星\n答案:A\n"
    data = (TRADITIONAL + more).encode(encoding_name).replace("最小".encode(encoding_name), bad)
    whole, hurt = read(data).drafts

    assert (whole.stem, whole.doubts) == ("太陽系中體積最大的行星是( )。", ())
    assert [doubt.code for doubt in hurt.doubts] == ["gloss-unrepaired"]


@pytest.mark.parametrize("bad", [b"\xff", b"\xe5\xa4", b"\xfe\xff"])
def test_a_bad_byte_costs_its_question_only(bad: bytes) -> None:
    """A UTF-8 paper with a few bytes that are not stays UTF-8: the question they are in goes to review."""
    more = "2.太阳系中体积最小的行星是( )。\nA.水星\nB.木星\n答案:A\n"
    data = (SIMPLE + more).encode().replace("最小".encode(), "最小".encode() + bad)
    first, second = read(data).drafts

    assert (first.stem, first.doubts) == ("太阳系中体积最大的行星是( )。", ())
    assert [doubt.code for doubt in second.doubts] == ["gloss-unrepaired"]
    assert second.options[0].text == "水星"


NOISE = random.Random(1).randbytes(300_000)  # noqa: S311 - noise
HOSTILE = {
    "empty": b"",
    "blank": b" \n\t\n",
    "random": NOISE,
    "zeros": bytes(100_000),
    "controls": b"\x01\x02\x03 1.a A.b\n" * 1000,
    "one byte over": b"x" * (LIMIT_BYTES + 1),
    "a long line": b"a" * (encoding.LIMIT_LINE + 1),
    "many lines": b"x\n" * (encoding.LIMIT_LINES + 1),
    "only numbers": b"1.1.1.1." * 5000,
    "numbers in lines": b"1.1.1.1.\n" * 5000,
    "counting": "".join(f"{number}." for number in range(20_000)).encode(),
    "brackets": b"(" * 100_000,
    "nested": b"([{" * 30_000 + b"}])" * 30_000,
    "marks": "答案:".encode() * (LIMIT_PIECES + 1),
    "labels": b"1.A." * 20_000,
    "underscores": b"_ " * 50_000,
    "headings": "一、单选题".encode() * 3000,
    "emoji": "😀".encode() * 50_000,
    "latin": bytes(range(128, 256)) * 500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_sentence(name: str) -> None:
    """Whatever is inside, the answer is one error with a code and one clear sentence."""
    with pytest.raises(UnreadableError) as caught:
        read(HOSTILE[name])

    assert caught.value.code in ("not-a-paper", "too-large")
    assert caught.value.message.count("\n") == 0
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "1.a A.b B.c 答案:A" + "答案:" * 3000,
        "1.a A.b B.c 答案:A" + "解析:" * 3000,
        "1.a() " + "A.B." * 3000 + "答案:A",
        "書(shū)" * 10 + "一、判断题\n1." + "因?yàn)書" * 2000 + "\n答案:对",
        "一、填空题\n1." + "____" * 5000 + "\n答案:" + "一," * 5000,
        "一、简答题\n1.a\n答案:\n" + "".join(f"{number}.x\n" for number in range(1, 5000)),
    ],
)
def test_a_strange_paper_still_reads(text: str) -> None:
    """Repeated marks, labels, glosses, gaps and lists are one question."""
    assert len(read(text.encode()).drafts) == 1


def test_reading_ends_at_the_deadline() -> None:
    """A clock that leaps past the deadline ends it with the sentence that says so."""
    with pytest.raises(TooSlow, match="over 10 seconds"):
        paper.read(SIMPLE.encode(), "own.txt", tick=lambda _done, _total: None, clock=Slow(LIMIT_SECONDS))


def outcome(data: bytes, step_seconds: float) -> int | str:
    """How many drafts are read on a slow clock, or the code of the refusal."""
    try:
        clock = Slow(step_seconds)
        return len(paper.read(data, "own.txt", tick=lambda _done, _total: None, clock=clock).drafts)
    except UnreadableError as error:
        return error.code


def test_the_deadline_is_kept_in_every_part() -> None:
    """However late the time runs out, the paper is refused; with time enough it is read whole."""
    text = "書(shū)計(jì)體(tǐ)積(jī)標(biāo)因?yàn)镾HAP\n" + SIMPLE * 30 + "參考答案\n1-3 ABC"
    found = [outcome(text.encode(), LIMIT_SECONDS / steps) for steps in range(1, 400)]

    assert (found[0], found[-1], set(found)) == ("too-slow", 30, {"too-slow", 30})


def test_too_many_questions_are_refused_with_their_line() -> None:
    """The first question that is too many is named."""
    text = "一、判断题\n" + "".join(f"{number}.x\n" for number in range(1, items.MOST_ITEMS % 10_000 + 10_000))
    with pytest.raises(TooLarge, match="more than 20,000 questions") as caught:
        read(("一、判断题\n" + "1.x\n一、判断题\n" * items.MOST_ITEMS + "1.y\n" + text).encode())

    assert caught.value.line == 2 * items.MOST_ITEMS + 2


def test_near_duplicates_are_left_where_time_is_short() -> None:
    """With less than half of the time left only exact repeats are looked for, and the reader says so."""
    text = "一、判断题\n1.以下哪个方法最有用呢\n答案:对\n2.以下哪个方法最有用吗\n答案:对\n"
    quick = read(text.encode())
    slow = paper.read(text.encode(), "own.txt", tick=lambda _done, _total: None, clock=Slow(LIMIT_SECONDS / 16))

    assert ([pair.level for pair in quick.pairs], quick.remarks) == (["near"], ())
    assert ([pair.level for pair in slow.pairs], [one.code for one in slow.remarks]) == ([], ["near-not-sought"])


@pytest.mark.parametrize(("name", "expected"), [("a.txt", True), ("-", True), ("a.md", True), ("a.xlsx", False)])
def test_every_text_may_be_a_paper(name: str, expected: bool) -> None:  # noqa: FBT001 - an example's value
    """By the name alone; standard input has none."""
    assert paper.fits(b"x", name) is expected


def test_an_empty_file_is_no_paper() -> None:
    """It neither fits nor reads."""
    with pytest.raises(NotAPaper, match="empty"):
        read(b"")

    assert not paper.fits(b" \n", "a.txt")
