"""Telegram's HTML: content can do nothing but be read, and long messages come in valid pieces."""

import re
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.html import (
    CAPTION_UNITS,
    MESSAGE_UNITS,
    clean,
    code,
    escape,
    isolated,
    split,
    text_of,
    units,
)
from bot.texts import LANGUAGES, Language, catalogue

ANYTHING = st.text(st.characters())  # surrogates too
NASTY = st.text(
    st.sampled_from("<>&\"'a1;#x\x00\u202e\u2066\u2067\u2068\u2069\u200b\u200d\ud800\udc00\ue000\n\r\u0301👨🏽🇨🇳é漢")
)
LONG = st.lists(st.one_of(ANYTHING, NASTY, st.sampled_from(["字" * 900, "word " * 200, "😀" * 500, "行。\n" * 90])))
FORMAT = ("b", "i", "code", "pre")


class Strict(HTMLParser):
    """Reads as Telegram does: known tags only, each closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = ""
        self.marked: list[tuple[str, ...]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in FORMAT
        assert attrs == []
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.read += data
        self.marked += [tuple(self.open)] * len(data)


def parsed(html: str) -> Strict:
    reader = Strict()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@given(st.one_of(ANYTHING, NASTY))
def test_escape_is_read_back(text: str) -> None:
    """Whatever the content, Telegram reads it as it was, but for what ``clean`` says is taken away."""
    assert clean(text) == parsed(escape(text)).read


@given(st.one_of(ANYTHING, NASTY))
def test_clean_removes_what_it_says(text: str) -> None:
    """What is left of a text is the text: only controls, surrogates and invisible things are gone, in order."""
    kept = clean(text)
    letters = iter(re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text))

    assert all(letter in letters for letter in kept)
    visible = [one for one in text if category(one) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Lo"}]
    assert visible == [one for one in kept if category(one) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Lo"}]


@given(st.one_of(ANYTHING, NASTY))
def test_clean_leaves_no_open_direction(text: str) -> None:
    """No line is steered by another: isolates come in pairs, overrides not at all; cleaned once is clean."""
    kept = clean(text)

    assert kept == clean(kept)
    assert not re.search("[\u202a-\u202e\ud800-\udfff\x00]", kept)
    for line in kept.split("\n"):
        assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("right\u202egnorw", "rightgnorw"),
        ("p\u200bass\u2060word", "password"),
        ("\u2067open", "open"),
        ("\u2067paired\u2069", "\u2067paired\u2069"),
        ("\u2067two\nlines\u2069", "two\nlines"),
        ("👨\u200d👩\u200d👧 क्\u200dष", "👨\u200d👩\u200d👧 क्\u200dष"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("nul\x00, bell\x07, half\ud83d", "nul, bell, half"),
    ],
)
def test_clean(text: str, kept: str) -> None:
    """Disguises go; joined emoji, conjuncts and proper isolates stay."""
    assert kept == clean(text)


def test_isolated() -> None:
    """A Hebrew option does not turn the letter and the full stop around it; other texts are as they were."""
    told = [isolated("שלום"), isolated("B 新加"), isolated("abc")]

    assert told == ["\u2068שלום\u2069", "B 新加", "abc"]


def test_code() -> None:
    """Code of one line stands in the line, of several as a block, and tags in it are text."""
    told = [code("a < b"), code("a\nb")]

    assert told == ["<code>a &lt; b</code>", "<pre>a\nb</pre>"]


@given(LONG, st.lists(st.sampled_from(FORMAT), max_size=3), st.sampled_from([MESSAGE_UNITS, CAPTION_UNITS, 2, 7]))
def test_split(texts: list[str], tags: list[str], limit_units: int) -> None:
    """Pieces are valid by themselves, within the limit, and together say the text in its tags, letter for letter."""
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    html = "".join(f"{opened}{escape(text)}{closed}{escape(text)}" for text in texts)
    whole, pieces = parsed(html), [parsed(piece) for piece in split(html, limit_units)]

    assert whole.read == "".join(piece.read for piece in pieces)
    assert whole.marked == [marks for piece in pieces for marks in piece.marked]
    assert all(len(piece.read.encode("utf-16-le")) // 2 <= limit_units for piece in pieces)


@pytest.mark.parametrize("whole", ["e\u0301", "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽", "각", "❤\ufe0f"])
def test_split_breaks_no_character(whole: str) -> None:
    """What a person sees as one character stays in one piece, wherever the limit falls."""
    for before in range(12):
        pieces = split(f"{'a' * before}{whole * 9}", 24)

        assert [text_of(piece).replace(whole, "").strip("a") for piece in pieces] == [""] * len(pieces)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("line one\nline two is long", "line one\n"),
        ("第一句。第二句很长很长很长很长", "第一句。"),
        ("one two threefour", "one two "),
        ("abcdefghijklmnop", "abcdefghij"),
    ],
)
def test_split_border(text: str, first: str) -> None:
    """A cut comes behind a line, else a sentence, else a word, else anywhere."""
    limit_units = 10 if text.isascii() else 6

    assert first == split(text, limit_units)[0]


def test_split_of_a_million() -> None:
    """A text of 1 MB with one endless character comes through as well."""
    text = "e" + "\u0301" * 500_000 + "漢" * 300_000
    pieces = split(text)

    assert text == "".join(pieces)
    assert max(map(units, pieces)) <= MESSAGE_UNITS


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_html(language: Language) -> None:
    """The interface's own words are not escaped: none of them holds a sign of HTML."""
    table = catalogue(language)._catalog  # type: ignore[attr-defined] # gettext's own
    signs = {key: words for key, words in table.items() if key and re.search("[<>&]", words)}

    assert signs == {}
