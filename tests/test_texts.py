"""The catalogues are complete, in step with the code and with each other, and say what the glossary says."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.domain.clocks import NAMED, city
from bot.domain.prompt import Picture, Quote, Text
from bot.locales import __main__ as generator
from bot.texts import LABELS, LANGUAGES, Language, Words, catalogue, language_of, locale_tag

ROOT = Path(generator.FOLDER).parent
PLURALS = {"zh-Hans": 1, "zh-Hant": 1, "en": 2}
WRITTEN = Words("en", "written")


def messages(language: str) -> dict[str, Message]:
    """The catalogue as written, by key."""
    with (ROOT / "locales" / f"{language.replace('-', '_')}.po").open("rb") as source:
        read = read_po(source)
    return {message.id if isinstance(message.id, str) else message.id[0]: message for message in read if message.id}


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


SAYS = {"Text": 0, "say": 0, "button": 1}  # who makes words, and which of its arguments is the key


@dataclass(frozen=True)
class Use:
    """A key as the code names it: a pattern, for parts of it may be computed.

    ``args`` are the arguments given, None where they cannot be read off the code.
    """

    pattern: str
    place: str
    counted: bool
    args: frozenset[str] | None

    def fits(self, key: str, message: Message) -> bool:
        return re.fullmatch(self.pattern, key) is not None and message.pluralizable == self.counted

    def feeds(self, message: Message) -> bool:
        wanted = {name for one in strings(message) for name in fields(one)} - {"n"}
        return self.args is None or wanted == self.args


def uses() -> Iterator[Use]:
    """Every use of interface words in the package whose key is written there."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and maker(node) in SAYS:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                counted, args = counts(node), given(node)
                yield from (Use(pattern, place, counted, args) for pattern in patterns(node))


def counts(call: ast.Call) -> bool:
    """Whether the words are counted: by keyword, or as the third argument of a Text."""
    third = len(call.args) > 2 and maker(call) == "Text"
    return third or any(keyword.arg == "count" for keyword in call.keywords)


def maker(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def given(call: ast.Call) -> frozenset[str] | None:
    """The names of the arguments: those of the mapping after the key, where it is written out."""
    after = call.args[SAYS[maker(call)] + 1 :]
    if not after:
        return frozenset()
    keys = after[0].keys if isinstance(after[0], ast.Dict) else [None]
    named = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return frozenset(named) if len(named) == len(keys) else None


def patterns(call: ast.Call) -> Iterator[str]:
    """The keys that a call may mean: one, two where it chooses, any that fit where a part is computed."""
    place = SAYS[maker(call)]
    if len(call.args) <= place:
        return
    key = call.args[place]
    for node in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
        if isinstance(node, ast.Constant):
            yield re.escape(str(node.value))
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values
            )


def constants() -> set[str]:
    """Every string written in the package: a key may stand in a table before it comes to a Text."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_key_in_the_code_is_in_the_catalogues() -> None:
    """What the code says can be said, counted where it counts."""
    known = messages("en")
    missing = [f"{use.place} {use.pattern}" for use in uses() if not any(use.fits(*one) for one in known.items())]

    assert missing == []


def test_every_message_gets_its_arguments() -> None:
    """Placeholders and arguments match: a missing one would be met only when the words are said."""
    known = messages("en")
    starved = [
        f"{use.place} {key}"
        for use in uses()
        for key, message in known.items()
        if use.fits(key, message) and not use.feeds(message) and "+" not in use.pattern
    ]

    assert starved == []


def test_every_message_is_said_somewhere() -> None:
    """A message that no code names is taken out of the catalogues."""
    named = [use.pattern for use in uses()]
    whole = constants()
    unused = [key for key in messages("en") if key not in whole and not any(re.fullmatch(one, key) for one in named)]

    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_hold_the_same_keys(language: Language) -> None:
    """No language lacks a message, none has one too many, and all agree on which are counted."""
    expected = {key: message.pluralizable for key, message in messages("en").items()}
    actual = {key: message.pluralizable for key, message in messages(language).items()}

    assert expected == actual


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_of_a_plural_is_written(language: Language) -> None:
    """Chinese has one form, English two; none is empty."""
    wrong = [
        key
        for key, message in messages(language).items()
        if len(strings(message)) != (PLURALS[language] if message.pluralizable else 1) or not all(strings(message))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_placeholders_are_the_same_in_all_languages(language: Language) -> None:
    """A message takes the same arguments in each language, in every form."""
    english = messages("en")
    different = [
        key
        for key, message in messages(language).items()
        if len({frozenset(fields(one)) for one in (*strings(message), *strings(english[key]))}) > 1
    ]

    assert different == []


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_nothing_is_shouted() -> None:
    """No exclamation marks, no emoji: warmth is exact facts."""
    everything = "".join(
        one for language in LANGUAGES for message in messages(language).values() for one in strings(message)
    )

    assert re.findall("[!！\U0001f300-\U0001faff]", everything) == []


def test_traditional_is_what_the_generator_makes() -> None:
    """zh_Hant.po is never changed by hand: ``python -m bot.locales`` gives it."""
    assert generator.made() == generator.TARGET.read_text(encoding="utf-8")


def test_no_override_is_needless() -> None:
    """Each word and message in zh_Hant.toml changes what OpenCC would give, and its simplified side is still there."""
    known = tomllib.loads((ROOT / "locales" / "zh_Hant.toml").read_text(encoding="utf-8"))
    simplified = {key: " ".join(strings(message)) for key, message in messages("zh-Hans").items()}
    words, whole = known["words"], known["messages"]
    idle = [word for word in words if not any(word in text for text in simplified.values())]
    idle += [word for word in words if all(same(text, words, word) for text in simplified.values())]
    idle += [key for key, told in whole.items() if generator.traditional(simplified[key], words) == told]

    assert idle == []


def same(text: str, words: dict[str, str], word: str) -> bool:
    fewer = {one: other for one, other in words.items() if one != word}
    return word not in text or generator.traditional(text, words) == generator.traditional(text, fewer)


GLOSSARY = {
    "submit": ("提交", "提交", "Submit"),
    "unknown": ("不会", "不會", "Don't know"),
    "hint": ("提示", "提示", "Hint"),
    "true": ("正确", "正確", "True"),
    "false": ("错误", "錯誤", "False"),
    "count": ("算对", "算對", "Count it"),
    "discount": ("算错", "算錯", "Don't count"),
    "had": ("答到了", "答到了", "Had it"),
    "missed": ("没答到", "沒答到", "Missed it"),
    "button.next": ("下一题", "下一題", "Next"),
    "button.guessed": ("蒙的", "猜的", "Guessed"),
    "button.undo": ("撤销", "復原", "Undo"),
    "button.report": ("题目有误", "題目有誤", "Report"),
    "report.key": ("答案不对", "答案不對", "Wrong answer"),
    "report.unclear": ("题目不清", "題目不清", "Unclear"),
    "report.explanation": ("解析不对", "解析不對", "Wrong explanation"),
    "report.never": ("不再出这题", "不再出這題", "Don't ask again"),
    "button.more": ("再来一题", "再來一題", "One more"),
    "button.mistakes": ("练错题", "練錯題", "Practise mistakes"),
    "button.choose": ("自己选", "自己選", "Choose"),
    "button.back": ("返回", "返回", "Back"),
    "button.later": ("稍后", "稍後", "Later"),
    "button.daily_at": ("每天 {time}", "每天 {time}", "Daily {time}"),
    "button.other_time": ("别的时间", "其他時間", "Another time"),
    "button.wrong_clock": ("时间不对", "時間不對", "Wrong clock"),
    "button.no_clock": ("都不是", "都不是", "None of these"),
    "button.not_now": ("先不用", "先不用", "Not now"),
    "button.keep_daily": ("照旧每天", "照舊每天", "Keep daily"),
    "button.stop": ("停", "停", "Stop"),
    "button.so_be_it": ("就这样", "就這樣", "That's fine"),
    "button.unstar": ("取消收藏", "取消收藏", "Unstar"),
    "button.by_section": ("按章节", "按章節", "By section"),
    "button.by_kind": ("按题型", "按題型", "By kind"),
    "sets.add": ("添加题库", "新增題庫", "Add a set"),
    "sets.only": ("只练这个", "只練這個", "Only this one"),
    "sets.all": ("都练", "都練", "All sets"),
    "sets.leave": ("退出", "退出", "Leave"),
    "settings.title": ("设置", "設定", "Settings"),
    "settings.goal": ("目标", "目標", "Goal"),
    "settings.language": ("语言", "語言", "Language"),
    "settings.script": ("题目用字", "題目用字", "Script"),
    "script.written": ("原文", "原文", "As written"),
    "script.zh-Hans": ("简体", "简体", "简体"),
    "script.zh-Hant": ("繁體", "繁體", "繁體"),
    "language.zh-Hans": ("简体中文", "简体中文", "简体中文"),
    "language.zh-Hant": ("繁體中文", "繁體中文", "繁體中文"),
    "language.en": ("English", "English", "English"),
    "explanation.none": ("这题还没有解析。", "這題還沒有解析。", "No explanation yet."),
    "report.stored": ("记下了，谢谢。", "記下了，謝謝。", "Noted, thank you."),
    "kind.single": ("单选", "單選", "choose one"),
    "kind.multiple": ("多选", "多選", "choose all"),
    "kind.boolean": ("判断", "是非", "true or false"),
    "kind.blank": ("填空", "填空", "fill in"),
    "kind.case": ("案例", "案例", "case"),
    "command.study": ("做题", "做題", "Study"),
    "command.daily": ("今天的一题", "今天的一題", "Today's question"),
    "command.mistakes": ("错题本", "錯題本", "Mistakes"),
    "command.stats": ("进度", "進度", "Progress"),
    "command.sets": ("题库", "題庫", "Sets"),
    "command.settings": ("设置", "設定", "Settings"),
    "command.help": ("帮助", "說明", "Help"),
}


@pytest.mark.parametrize("key", GLOSSARY)
def test_labels_are_the_glossarys(key: str) -> None:
    """One word a thing, in each language, as the glossary has it."""
    actual = tuple(catalogue(language).gettext(key) for language in LANGUAGES)

    assert GLOSSARY[key] == actual


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hans", "也可以打：不会、提示"), ("zh-Hant", "也可以輸入：不會、提示"), ("en", "Or type: Don't know, Hint")],
)
def test_lists_are_joined_as_the_language_joins(language: Language, expected: str) -> None:
    """A tuple among the arguments is a list of the reader's language."""
    labels = (Text("unknown"), Text("hint"))

    assert expected == Words(language, "written").say(Text("terminal.or_type", {"labels": labels}))


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-Hans", "12 月 3 日"), ("zh-Hant", "12 月 3 日"), ("en", "3 December")]
)
def test_days_are_told_without_a_year(language: Language, expected: str) -> None:
    """A date is a day and a month, as the language writes them."""
    assert expected == Words(language, "written").say(date(2026, 12, 3))


@pytest.mark.parametrize(("n", "expected"), [(1, "in 1 day"), (2, "in 2 days"), (0, "in 0 days")])
def test_english_counts(n: int, expected: str) -> None:
    """The count chooses the form and is the argument n."""
    assert expected == WRITTEN.say(Text("when.days", count=n))


def test_content_is_in_the_readers_script_and_words_in_their_language() -> None:
    """Script and language are two things: English words, Traditional content."""
    text = Text("explanation", {"text": Quote("部署时再并进去")})

    assert Words("en", "zh-Hant").say(text) == "Why: 部署時再並進去"
    assert Words("en", "written").say(text) == "Why: 部署时再并进去"


def test_japanese_is_never_converted() -> None:
    """Text with kana stays as written, whatever the reader's script."""
    text = Quote("学習率は固定です")

    assert Words("zh-Hant", "zh-Hant").say(text) == text.text


def test_content_is_escaped_and_the_catalogue_is_not() -> None:
    """What a platform needs escaped is what people wrote: quotes and plain arguments."""
    words = replace(WRITTEN, escape=escape)
    text = Text("option", {"letter": "<", "text": Quote("a & b {n}")})

    assert words.say(text) == "&lt; a &amp; b {n}"
    assert words.say(Text("unknown")) == "Don't know"


def test_a_picture_is_said_by_its_words() -> None:
    """Who cannot see a picture is told what it shows."""
    assert WRITTEN.say(Picture("00", Quote("a curve"))) == "a curve"


@pytest.mark.parametrize(
    "text",
    [Text("no.such"), Text("no.such", count=2), Text("unknown", count=2), Text("explanation"), Text("when.days")],
)
def test_what_is_missing_is_loud(text: Text) -> None:
    """A key, a plural, an argument or a count that is missing is never shown to a person."""
    with pytest.raises(KeyError):
        WRITTEN.say(text)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh_HK.Big5", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("zh_MO@x", "zh-Hant"),
        ("yue", "zh-Hant"),
        ("en_GB", "en"),
        ("C.UTF-8", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_follows_the_locale(tag: str | None, expected: Language) -> None:
    """Chinese by its script, else by its place; English for everybody else."""
    assert expected == language_of(tag)


def test_the_locale_is_the_first_variable_that_says_something() -> None:
    """LC_ALL before LC_MESSAGES before LANG; an empty one says nothing."""
    assert locale_tag({"LANG": "en_GB", "LC_MESSAGES": "zh_TW", "LC_ALL": ""}) == "zh_TW"
    assert locale_tag({}) is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hans", "下一题"),
        ("zh-Hans", "[撤销]"),
        ("zh-Hans", "题目有误。"),
        ("zh-Hans", "到期 · 12 题"),
        ("zh-Hans", "到期"),
        ("zh-Hans", "恢复 3"),
        ("zh-Hant", "復原"),
        ("en", "don’t know"),
        ("en", "Go on with LoRA · 7 questions"),
    ],
)
def test_a_label_is_known(language: Language, line: str) -> None:
    """What a button is called, however it is typed, with its count or without."""
    assert Words(language, "written").is_label(line)


@pytest.mark.parametrize("line", ["FP32", "数学题", "下一题是什么", "n", "题型", ""])
def test_an_answer_is_no_label(line: str) -> None:
    """Words that only hold a label, or stand elsewhere, are answers."""
    assert not Words("zh-Hans", "written").is_label(line)


def test_every_button_of_the_code_is_a_label() -> None:
    """A new button's name is known as one, so that it is never graded as an answer."""
    known = messages("en")
    made = {pattern for path in ROOT.rglob("*.py") for pattern in named_buttons(path)}
    named = [key for key in known if any(re.fullmatch(one, key) for one in made) and not key.endswith(".ask")]

    answers = re.compile(r"day\.\d|quiet\.span|pause\.(days|weeks)|button\.(time|daily_at)")

    assert named
    assert [key for key in named if not LABELS.fullmatch(key) and not answers.fullmatch(key)] == []


def named_buttons(path: Path) -> Iterator[str]:
    """The keys of the buttons and choices that a module makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and maker(node) == "button":
            yield from patterns(node)
        if isinstance(node, ast.Call) and maker(node) == "Choice":
            yield from (one for word in node.args if isinstance(word, ast.Call) for one in worded(word))


def worded(call: ast.Call) -> Iterator[str]:
    return patterns(call) if maker(call) == "Text" else iter(())


@pytest.mark.parametrize("zone", sorted(NAMED))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_named_city_can_be_told(language: Language, zone: str) -> None:
    """Where a clock hangs is said in the reader's language."""
    assert f"city.{city(zone)}" in messages(language)
