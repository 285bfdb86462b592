"""Telegram's HTML: content can do nothing but be read, and long messages come in valid pieces."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.html import (
    CAPTION_UNITS,
    MESSAGE_UNITS,
    code,
    escape,
    split,
    text_of,
)
from bot.platforms.writing import clean, units
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
