"""The paper reader, as a property: any set in any layout with any noise reads back as the same set."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.question import Blank, Draft, Option, Part
from bot.formats import paper
from bot.formats.format import NotAPaper

GLOSSES = {
    "計": "jì",
    "體": "tǐ",
    "數": "shù",
    "據": "jù",
    "網": "wǎng",
    "學": "xué",
    "習": "xí",
    "優": "yōu",
    "權": "quán",
}
CHARACTERS = "".join(GLOSSES) + "模型量化訓練輸入特徵樣本層高低快慢"
WORDS = st.text(CHARACTERS, min_size=2, max_size=8)
NUMBERS = st.one_of(
    st.integers(0, 30).map(str), st.builds("{}.{}".format, st.integers(0, 30), st.integers(0, 99))
)  # those of the questions among them
NAMES = {"single": "單選題", "multiple": "多選題", "boolean": "判斷題", "blank": "填空題", "case": "簡答題"}
TAGS = {"single": "單選", "multiple": "多選", "boolean": "判斷", "blank": "填空", "case": "簡答"}
KINDS = tuple(NAMES)
ORDINALS = "一二三四五"
FULL_WIDTH = {code: code + 0xFEE0 for code in (*b"ABCDEFGH.:()?,",)}
SITE = ("版權說明:本文檔由用戶提供並上傳", "文檔簡介")
SITE_TAIL = (
    "溫馨提示",
    "- 1. 本站所有資源如無特殊說明",
    "- 2. 下載",
    "最新文檔",
    "- 2026年試題及答案",
    "評論",
    "0/150",
    "提交評論",
)
TITLE = "期末計體數據學習測驗"  # with its six glosses the file is one that has them


@dataclass(frozen=True, slots=True)
class Layout:
    """How a paper is written."""

    number: str
    label: str
    key: str
    why: str
    per_line: bool  # each option on its own line
    jammed: bool  # no line ends at all
    tagged: bool  # kinds by tags before the stems, numbers through the whole paper
    last: bool  # the keys stand at the end
    blank_lines: bool
    wide: bool
    glossed: bool
    site: bool


LAYOUTS = st.builds(
    Layout,
    number=st.sampled_from(["{}.", "{}、", "{} . ", "第{}題 "]),
    label=st.sampled_from(["{}.", "{}、", "{}) ", "({})"]),
    key=st.sampled_from(["答案:{}", "【答案】{}", "正確答案:{}", "【答案】:{}", "(參考答案:{})"]),
    why=st.sampled_from(["解析:{}", "【解析】{}", "答案解析:{}", "【解析】:{}"]),
    per_line=st.booleans(),
    jammed=st.booleans(),
    tagged=st.booleans(),
    last=st.booleans(),
    blank_lines=st.booleans(),
    wide=st.booleans(),
    glossed=st.booleans(),
    site=st.booleans(),
)


@st.composite
def drafts(draw: st.DrawFn) -> list[Draft]:
    """A set in the order of its kinds; every stem is its own by a closing character."""
    kinds = sorted(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12)), key=KINDS.index)
    return [draw(question(kind, at)) for at, kind in enumerate(kinds)]


@st.composite
def question(draw: st.DrawFn, kind: str, at: int) -> Draft:
    """A question of a kind, with an explanation or none."""
    words, why = draw(WORDS), draw(st.one_of(st.just(""), WORDS.map(lambda text: f"因此{text}。")))
    name = chr(ord("甲") + at * 7)
    if kind == "boolean":
        return Draft("boolean", f"{words}比{name}更快。", truth=draw(st.booleans()), explanation=why)
    if kind == "blank":
        texts = draw(st.lists(WORDS, min_size=1, max_size=3))
        gaps = "和".join(["____"] * len(texts))
        return Draft(
            "blank", f"{words}需要{name}的{gaps}。", blanks=tuple(Blank((text,)) for text in texts), explanation=why
        )
    if kind == "case":
        return draw(case(name))
    fewest = 3 if kind == "multiple" else 2
    lists = [st.lists(texts, min_size=fewest, max_size=6, unique=True) for texts in (WORDS, NUMBERS)]
    options = draw(st.one_of(lists))
    fewest, most = (2, len(options)) if kind == "multiple" else (1, 1)
    right = draw(st.sets(st.integers(0, len(options) - 1), min_size=fewest, max_size=most))
    stem = f"以下關於{words}和{name}的說法,哪個更合適?"
    made = tuple(map(Option, options))
    if kind == "multiple":
        return Draft("multiple", stem, made, tuple(sorted(right)), explanation=why)
    return Draft("single", stem, made, tuple(right), explanation=why)


@st.composite
def case(draw: st.DrawFn, name: str) -> Draft:
    """A situation with questions, or an open question; the model answer is a sentence or a list of points."""
    asked = [f"{words}和{name}有什麼關係?" for words in draw(st.lists(WORDS, min_size=1, max_size=3))]
    points = draw(st.one_of(st.just([]), st.lists(WORDS, min_size=2, max_size=4)))
    answer = "\n".join(f"({at}){point}" for at, point in enumerate(points, 1)) or f"{draw(WORDS)}。"
    if draw(st.booleans()):
        parts = tuple(Part(f"問題{at}:{text}") for at, text in enumerate(asked, 1))
        return Draft("case", f"某團隊用{draw(WORDS)}。", parts=parts, model_answer=answer, points=tuple(points))
    return Draft("case", "", parts=(Part(asked[0]),), model_answer=answer, points=tuple(points))


def key_of(draft: Draft) -> str:
    """The key as a paper has it."""
    if draft.model_answer is not None:
        return draft.model_answer
    if draft.right is not None:
        return "".join(chr(65 + place) for place in draft.right)
    if draft.blanks is not None:
        return ";".join(blank.accept[0] for blank in draft.blanks)
    return "正確" if draft.truth else "不正確"


def written(draft: Draft, number: int, layout: Layout) -> list[str]:
    """A question's lines."""
    tag = f"【{TAGS[draft.kind]}】" if layout.tagged else ""
    texts = list(filter(None, (draft.stem, *(part.stem for part in draft.parts))))
    lines = [layout.number.format(number) + tag + texts[0], *texts[1:]]
    options = [layout.label.format(chr(65 + at)) + option.text for at, option in enumerate(draft.options)]
    lines += options if layout.per_line or not options else [" ".join(options)]
    if not layout.last:
        lines.append(layout.key.format(key_of(draft)))
        lines += [layout.why.format(draft.explanation)] if draft.explanation else []
    return lines


def told(found: list[Draft], layout: Layout) -> list[Draft]:
    """What of a set a paper of this layout can tell: a case ends where its answer or a line does."""
    if layout.jammed:
        return [draft for draft in found if draft.kind != "case"]
    return [draft for draft in found if not (layout.last and draft.kind == "case" and draft.stem)]


def numbered(found: list[Draft], layout: Layout) -> list[tuple[int, Draft]]:
    """The drafts with their numbers: through the paper where tags tell the kinds, else from 1 in each section."""
    if layout.tagged:
        return list(enumerate(found, 1))
    return [(sum(one.kind == draft.kind for one in found[:at]) + 1, draft) for at, draft in enumerate(found)]


def rendered(found: list[Draft], layout: Layout) -> str:
    """The paper as text."""
    lines = [TITLE]
    keys = ["參考答案"]
    kind, count = "", 0
    for number, draft in numbered(found, layout):
        if draft.kind != kind and not layout.tagged:
            heading = f"{ORDINALS[count]}、{NAMES[draft.kind]}(共{sum(one.kind == draft.kind for one in found)}題)"
            lines.append(heading)
            keys.append(heading)
            kind, count = draft.kind, count + 1
        lines += written(draft, number, layout)
        keys.append(f"{number}.{key_of(draft)}")
        keys += [layout.why.format(draft.explanation)] if draft.explanation else []
    body = lines + (keys if layout.last else [])
    return noisy(body, layout)


def noisy(lines: list[str], layout: Layout) -> str:
    """The lines with what the way to us did to them."""
    noise: list[tuple[bool, Callable[[str], str]]] = [
        (layout.wide, lambda text: text.translate(FULL_WIDTH)),
        (layout.glossed, lambda text: "".join(f"{one}({GLOSSES[one]})" if one in GLOSSES else one for one in text)),
    ]
    for wanted, change in noise:
        lines = [change(line) if wanted else line for line in lines]
    if layout.jammed and not layout.last:
        lines = ["".join(lines)]
    if layout.site:
        lines = [*SITE, *lines, *SITE_TAIL]
    return ("\n\n" if layout.blank_lines else "\n").join(lines)


def plain(draft: Draft) -> tuple[object, ...]:
    """What of a draft must come back."""
    return (
        draft.kind,
        unicodedata.normalize("NFKC", draft.stem),
        tuple(unicodedata.normalize("NFKC", option.text) for option in draft.options),
        draft.right,
        draft.truth,
        draft.blanks,
        tuple(unicodedata.normalize("NFKC", part.stem) for part in draft.parts),
        unicodedata.normalize("NFKC", draft.model_answer or ""),
        draft.points,
        draft.explanation,
        draft.doubts,
    )


@settings(max_examples=150)
@given(drafts(), LAYOUTS)
def test_any_set_in_any_layout_reads_back_as_the_same_set(found: list[Draft], layout: Layout) -> None:
    """Kinds, stems, options, keys and explanations come back, with no doubt about any."""
    found = told(found, layout)
    assume(found)
    reading = paper.read(rendered(found, layout).encode(), "own.txt", tick=lambda _done, _total: None)

    assert [plain(draft) for draft in found] == [plain(draft) for draft in reading.drafts]


@settings(max_examples=60)
@given(st.text(st.sampled_from("1234.、)(A B C\n答案解析:？?題單选一_√×對錯《》参考問題案例"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Marks in any order never end in anything but a reading or the one error."""
    try:
        reading = paper.read(text.encode(), "own.txt", tick=lambda _done, _total: None)
    except NotAPaper:
        return

    assert reading.drafts
