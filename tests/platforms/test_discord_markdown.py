"""Discord's Markdown: content can do nothing but be read, and code stays in its frame."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.platforms.discord.markdown import CODE, PLAIN, SMALL, TEXT_UNITS, markdown, texts
from bot.platforms.writing import clean, units
from bot.texts import LANGUAGES, Language, Words, catalogue
from tests.fakes.discord_screen import read

ANYTHING = st.text(st.characters())  # surrogates too
SIGNS = st.text(st.sampled_from("\\`*_~|<>[]()@#-+:/.1 \n\ta字\u3000\u2028¯ツ"))
PHRASES = st.lists(
    st.sampled_from(
        [
            *("@everyone", "@here", "<@1>", "<@&1>", "<#1>", "<t:1:R>", "<:a:1>", "</study:1>", "<id:home>", ":smile:"),
            *("https://a.b/c", "<https://a.b>", "discord://x", "[a](https://b.c)", "[a](b)", "# a", "-# a", "> a"),
            *(">>> a", "- a", "1. a", "2) a", "**a**", "__a__", "*a*", "_a_", "~~a~~", "||a||", "`a`", "``a``"),
            *("```\na\n```", "```py\na```", "```", "\\", "\\*a*", "¯\\_(ツ)_/¯", "\n", "\n\n", " ", "a", "字", "👍🏽"),
        ]
    )
).map("".join)
CONTENT = st.one_of(ANYTHING, SIGNS, PHRASES)


@given(CONTENT)
@example("a:b:c https://x.y")
@example(" \t1. a\n > b")
def test_content_is_read_as_it_is(content: str) -> None:
    """Whatever an author wrote, what Discord shows is that text, and nothing in it is markup."""
    kept = clean(content)
    shown = read(markdown(kept))

    assert (kept, []) == (shown.text, shown.marks)


@given(CONTENT, CONTENT, CONTENT, CONTENT)
@example("", "a", "", "b")
@example("`", "a\nb`", "`", "```")
@example("\\", "\\", "\\", "\n \n")
def test_code_stays_in_its_frame(before: str, code: str, between: str, more: str) -> None:
    """Code is shown letter for letter, but for blank lines around it, and nothing of it or around it gets out."""
    parts = [clean(part) for part in (before, code, between, more)]
    shown = read(markdown(f"{parts[0]}{CODE}{parts[1]}{PLAIN}{parts[2]}{CODE}{parts[3]}{PLAIN}"))
    kept = [part if place % 2 == 0 else part.strip("\n") for place, part in enumerate(parts)]

    assert "".join(kept) == shown.text
    assert {("code", kept[1]), ("code", kept[3])} >= set(shown.marks)


@pytest.mark.parametrize(
    ("code", "framed"),
    [
        ("x = 1", "`x = 1`"),
        ("\nif x:\n  y\n", "```\nif x:\n  y\n```"),
        ("py\nx", "```\npy\nx\n```"),
        ("`ls`", "\\`ls\\`"),
        ("a\n``b``", "```\na\n``b``\n```"),
        ("a\n```b", "a\n\\`\\`\\`b"),
        (" ", " "),
        ("", ""),
    ],
)
def test_frames(code: str, framed: str) -> None:
    """Code of a line stands in the line, of several as a block; what would end its frame is text."""
    assert framed == markdown(f"{CODE}{code}{PLAIN}")


def test_plain_text_stays_plain() -> None:
    """What no rule could take for markup is sent as it is: a phone's preview shows no backslashes."""
    text = "【单选】low-rank (LoRA) 3.5 > 2，a#b，x+y；12:30 开始：是吗？"

    assert text == markdown(text)


def test_small_lines() -> None:
    """A line of small letters begins as Discord has it, and its own signs are read."""
    shown = read(markdown(f"# a\n{SMALL}# 可解释 *AI*"))

    assert (shown.text, shown.marks) == ("# a\n# 可解释 *AI*", [("small", "")])


@settings(max_examples=50, deadline=None)  # they are long
@given(st.lists(st.one_of(CONTENT, st.sampled_from(["字" * 900, "*_" * 900, "行。\n" * 400, "`" * 2000]))))
def test_long_texts(contents: list[str]) -> None:
    """A text of any length comes in pieces that each fit into a message, and together say all of it."""
    text = clean("".join(contents))
    pieces = texts(text)

    assert "".join(text.split()) == "".join("".join(read(piece).text for piece in pieces).split())
    assert all(units(piece) <= TEXT_UNITS for piece in pieces)
    assert [mark for piece in pieces for mark in read(piece).marks] == []


def test_long_code() -> None:
    """Code that is longer than a message goes on as code in the next."""
    code = "\n".join(f"line {number} of `code`" for number in range(400))
    pieces = texts(f"above\n{CODE}{code}{PLAIN}\nbelow")
    shown = [read(piece) for piece in pieces]

    assert [1] * len(pieces) == [len(one.marks) for one in shown]
    assert f"above\n{code}\nbelow".split() == "\n".join(one.text for one in shown).split()
    assert len(pieces) > 1


def test_a_million_signs() -> None:
    """An endless text of signs comes through, in pieces at least a quarter full."""
    pieces = texts("*" * 100_000)

    assert "".join(read(piece).text for piece in pieces) == "*" * 100_000
    assert min(map(units, pieces[:-1])) >= TEXT_UNITS // 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_read_as_they_are(language: Language) -> None:
    """The interface's own words hold no mark that code or small letters begin or end with."""
    table = catalogue(language)._catalog  # type: ignore[attr-defined] # gettext's own

    assert [words for words in table.values() if {CODE, PLAIN, SMALL} & set(words)] == []
    assert Words(language, "written").say("x") == "x"
