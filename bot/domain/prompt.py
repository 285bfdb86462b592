"""What a person sees, as values that the platform's edge makes words of: texts, quoted content, choices, a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from bot.domain.question import KindName

OWN_SIGNS = ("ja", "ko")  # languages with Chinese characters of their own, which no conversion may touch
NO_ARGS: Mapping[str, "Arg"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """Interface words: a catalogue key, its arguments, and the number that chooses the plural.

    An argument that is a tuple is a list: joined as the language joins lists. ``count`` is also the
    argument ``{n}``.
    """

    key: str
    args: Mapping[str, "Arg"] = field(default_factory=lambda: NO_ARGS)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Content (stem, option, explanation): escaped, in the reader's script, never translated.

    ``foreign``: somebody's name, or of a Japanese or Korean set: said as it was written, in no other script.
    """

    text: str
    markup: Literal["plain", "code", "latex"] = "plain"
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by the hash of its bytes, with words for who cannot see it."""

    blob: str
    alt: Text | Quote


Block = Text | Quote | Picture
Arg = str | int | date | Text | Quote | tuple["Arg", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: ``letter`` stands before the label (A, B, 1, 2), ``marked`` is a toggle that is on.

    ``action`` is at most 64 bytes, the least that a platform allows. ``of``: what is chosen is one of the platform's
    channels, whose id and name come with the action as its values; or it is the platform's own way to add the bot to
    a room, and nothing comes of it here.
    """

    action: str
    label: Text | Quote
    letter: str = ""
    marked: bool = False
    of: Literal["", "channel", "invite"] = ""


Takes = Literal["one", "many", "texts", "writing", "points", "grade"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as shown to one person or room.

    ``choices`` are its options, ``extras`` what else may be pressed (submit, don't know, hint). ``takes``:
    one option, many options, ``fields`` typed texts, free writing, the key points one had, yes or no (count it?
    had it?). With points and grade ``stem`` is what is asked about the answer, and the kind has no label.
    """

    kind: KindName
    stem: tuple[Block, ...]
    takes: Takes
    choices: tuple[Choice, ...] = ()
    extras: tuple[Choice, ...] = ()
    fields: int = 0
    notes: tuple[Text, ...] = ()  # below the options: "two blanks, with a comma between"
    open: bool = True  # it waits for an answer; else its options are words, not buttons


def addressed(choice: Choice, prefix: str) -> Choice:
    """The choice with its action made absolute: ``prefix:action``."""
    return replace(choice, action=f"{prefix}:{choice.action}")


Shown = TypeVar("Shown")


def quoted(value: Shown, language: str) -> Shown:
    """What is shown of a set in that language (BCP 47): every quote is foreign where it has its own signs."""
    if language.partition("-")[0] not in OWN_SIGNS:
        return value
    foreign: Shown = _foreign(value)
    return foreign


def _foreign(value: Any) -> Any:
    match value:
        case Quote():
            return replace(value, foreign=True)
        case Text():
            return replace(value, args={name: _foreign(one) for name, one in value.args.items()})
        case tuple():
            return tuple(map(_foreign, value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: _foreign(getattr(value, one.name)) for one in fields(value)})
        case _:
            return value
