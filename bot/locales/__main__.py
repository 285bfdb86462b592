"""Makes zh_Hant.po: OpenCC on zh_Hans.po, with the words and whole messages of zh_Hant.toml in its place."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.domain.script import converter

FOLDER = Path(__file__).parent
TARGET = FOLDER / "zh_Hant.po"
HEADER = """\
# Made by `python -m bot.locales` of zh_Hans.po and zh_Hant.toml: change those.
msgid ""
msgstr ""
"Language: zh_Hant\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Where OpenCC's words are not ours: ``words`` by simplified word, ``messages`` by key."""

    words: Mapping[str, str]
    messages: Mapping[str, str]


def overrides() -> Overrides:
    read = tomllib.loads((FOLDER / "zh_Hant.toml").read_text(encoding="utf-8"))
    return Overrides(words=read["words"], messages=read["messages"])


def simplified() -> Catalog:
    with (FOLDER / "zh_Hans.po").open("rb") as source:
        return read_po(source, locale="zh_Hans")


def traditional(text: str, words: Mapping[str, str]) -> str:
    """The text in Taiwan's characters and phrases (OpenCC s2twp), ``words`` before it, the longest first."""
    known = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pieces = re.split(f"({known})", text) if known else [text]
    return "".join(words[piece] if piece in words else str(converter("s2twp").convert(piece)) for piece in pieces)


def made() -> str:
    """The whole of zh_Hant.po; the same input gives the same bytes."""
    known, source = overrides(), simplified()
    for message in source:
        if message.id:
            strings = [message.string] if isinstance(message.string, str) else message.string or ()
            told = tuple(known.messages.get(_key(message.id)) or traditional(one, known.words) for one in strings)
            message.string = told if message.pluralizable else told[0]
    written = BytesIO()
    write_po(written, source, width=1_000, omit_header=True)
    return HEADER + written.getvalue().decode()


def _key(identity: str | list[str] | tuple[str, ...]) -> str:
    return identity if isinstance(identity, str) else identity[0]


if __name__ == "__main__":
    TARGET.write_text(made(), encoding="utf-8", newline="\n")
