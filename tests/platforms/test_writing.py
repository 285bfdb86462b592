"""Text on its way to a screen: disguises go, directions close, nothing else is taken away."""

import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.writing import clean, isolated, nearest

ANYTHING = st.text(st.characters())  # surrogates too
NASTY = st.text(
    st.sampled_from("<>&\"'a1;#x\x00\u202e\u2066\u2067\u2068\u2069\u200b\u200d\ud800\udc00\ue000\n\r\u0301👨🏽🇨🇳é漢")
)


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


@pytest.mark.parametrize(("reads", "page"), [("Two and", 1), ("  Three", 2), ("Tw", 1), ("nothing alike", 0), ("", 0)])
def test_nearest(reads: str, page: int) -> None:
    """The page that begins most alike, the first of several; the first of all where none does."""
    assert nearest(["One", "Two and more", "Three", "Two"], reads) == page
    assert nearest([], reads) == 0
