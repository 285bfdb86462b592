"""The interface's words: gettext catalogues read at run time, and any block said to a reader."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.prompt import Arg, Block, Picture, Quote, Text
from bot.domain.script import Script, to_script

Language = Literal["zh-Hans", "zh-Hant", "en"]

LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")


LABELS = re.compile(  # the keys of what buttons are called, but for those that could be an answer: 3 days, 7:30, Mon
    r"button\.(?!(time|daily_at)$).+|submit|unknown|hint|true|false|count|discount|had|missed|goal\.n|report\.(key|unclear|explanation|never)"
    r"|sets\.(row|add|all|only|leave|rename|reports)|settings\.(?!line|title).+|hours\.(none|change|add|days|place|last_place)"
    r"|language\.(zh-Hans|zh-Hant|en)|script\.(zh-Hans|zh-Hant|written)"
)

_CHINESE = re.compile("[\u3400-\u9fff]")
_PLATFORMS = frozenset({"platform", "platforms"})  # their names are Latin, but for the terminal's


class _Missing(NullTranslations):
    """What follows the last catalogue: a key that is nowhere is a fault of the program, told loudly."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise KeyError(msgid1, msgid2, n)


@cache
def catalogue(language: Language) -> GNUTranslations:
    """The messages of a language, compiled in memory from ``locales/<language>.po``: no build step.

    Message ids are symbolic keys; a plural repeats its key as ``msgid_plural``.
    """
    compiled = BytesIO()
    write_mo(compiled, _messages(language))
    compiled.seek(0)
    found = GNUTranslations(compiled)
    found.add_fallback(_Missing())
    return found


def _messages(language: Language) -> Catalog:
    name = language.replace("-", "_")
    with (files("bot") / "locales" / f"{name}.po").open("rb") as source:
        return read_po(source, locale=name)


def language_of(tag: str | None) -> Language:
    """The interface's language for a locale tag: zh_CN.UTF-8, zh-hant, yue, en_GB; English for all others."""
    parts = re.split("[-_.@]", (tag or "").casefold())
    if parts[0] not in {"zh", "cmn", "yue"}:
        return "en"
    if "hans" in parts:
        return "zh-Hans"
    traditional = parts[0] == "yue" or not {"hant", "tw", "hk", "mo"}.isdisjoint(parts)
    return "zh-Hant" if traditional else "zh-Hans"


def locale_tag(environ: Mapping[str, str]) -> str | None:
    """The tag that an environment names for messages: the first of POSIX's three variables that says something."""
    named = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, named), None)


def fold(text: str) -> str:
    """A label as it is compared: NFKC, no case, no spaces, no tick, one apostrophe, no closing stop."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.sub(r"[\s✓\[\]]|[.。]$", "", plain)


@cache
def labels(language: Language) -> re.Pattern[str]:
    """What the buttons of a language are called, folded; those with a count also without it."""
    whole = [form for key, forms in _forms(language) if LABELS.fullmatch(key) for form in forms]
    names = (re.escape(fold(name)) for form in whole for name in (form, form.split(" · ")[0]))
    counted = (re.sub(r"\\{(n|number)\\}", r"\\d+", name) for name in names)
    return re.compile("|".join({re.sub(r"\\{\w+\\}", ".+", name) for name in counted} - {".+"}))


def _forms(language: Language) -> Iterator[tuple[str, Sequence[str]]]:
    """Each message: its key, and its forms."""
    for message in _messages(language):
        key = message.id if isinstance(message.id, str) else message.id[0]
        yield key, (message.string,) if isinstance(message.string, str) else message.string or ()


@dataclass(frozen=True, slots=True)
class Words:
    """How one reader is spoken to: the interface's language, and the script of Chinese content.

    ``escape`` makes content safe for the platform (HTML …); the catalogues' own words are not escaped.
    ``say`` raises KeyError for a key, a plural or an argument that is missing.
    """

    language: Language
    script: Script
    escape: Callable[[str], str] = str

    def is_label(self, line: str) -> bool:
        """Whether a typed line is what a button of the interface is called, on screen or not."""
        return labels(self.language).fullmatch(fold(line)) is not None

    def scripted(self, text: str, quote: Quote) -> str:
        """A text out of a quote in the reader's script; a foreign one as its author wrote it."""
        return text if quote.foreign else to_script(text, self.script)

    def say(self, block: Block | Arg) -> str:
        match block:
            case Text():
                return self._message(block)
            case Quote():
                return self.escape(self.scripted(block.text, block))
            case Picture():
                return self.say(block.alt)
            case tuple():
                return self._message(Text("list.comma")).join(map(self.say, block))
            case date():
                pattern = self._message(Text("date.day"))
                return format_date(block, pattern, locale=self.language.replace("-", "_"))
            case _:
                return self.escape(str(block))

    def _message(self, text: Text) -> str:
        words = catalogue(self.language)
        args = {name: self.say(value) for name, value in text.args.items()}
        if text.count is None:
            return filled(words.gettext(text.key), args)
        return filled(words.ngettext(text.key, text.key, text.count), {**args, "n": str(text.count)})


def filled(message: str, args: Mapping[str, str]) -> str:
    """The message with its arguments; a platform whose name is Chinese has no blank to the characters beside it."""
    for name in _PLATFORMS & args.keys():
        value = args[name]
        if _CHINESE.match(value):
            message = message.replace(f" {{{name}}}", f"{{{name}}}")
        if _CHINESE.match(value[-1:]):
            message = message.replace(f"{{{name}}} ", f"{{{name}}}")
    return message.format_map(args)
