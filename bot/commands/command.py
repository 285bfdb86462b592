"""What a command is: a name or a button's first word, and the function that answers it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import StudyBotError
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import NO_ARGS, Arg, Choice, Quote, Text, quoted
from bot.ports.chat import Answers, Incoming, Reply, Rows
from bot.ports.reads import Card, Person
from bot.services.services import Services

MOST = 2**63 - 1  # of an id


@dataclass(frozen=True, slots=True)
class Context:
    """Who wants something, what arrived, and the use cases. ``new``: the first thing this person ever sent."""

    incoming: Incoming
    person: Person
    services: Services
    new: bool = False

    @property
    def pressed(self) -> bool:
        """Whether it came from a message, which may be edited."""
        return self.incoming.kind in {"press", "form"}

    def of(self, person: Person) -> "Context":
        """The same, of the person as they are now."""
        return replace(self, person=person)


Handler = Callable[[Context, str], Awaitable[Sequence[Reply]]]


@dataclass(frozen=True, slots=True)
class Command:
    """``/name words``: the words are handed over. ``listed`` ones stand in the platform's menu.

    ``takes``: words behind it mean something; ``answers``: who hears what is said to it.
    """

    name: str
    run: Handler
    listed: bool = False
    takes: bool = False
    answers: Answers = "private"


@dataclass(frozen=True, slots=True)
class Press:
    """A button whose action is ``name`` or ``name:words``."""

    name: str
    run: Handler
    answers: Answers = "edit"


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a typed text is while the learner's place awaits ``name`` (or ``name:words``), instead of an answer."""

    name: str
    run: Handler


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer whose key is ``name:words``; ``run`` is given the words and the instant it was set to."""

    name: str
    run: Callable[[Services, str, datetime], Awaitable[None]]


def say(
    key: str, args: Mapping[str, Arg] = NO_ARGS, *, rows: Rows = (), edit: bool = False, count: int | None = None
) -> Reply:
    """One message of interface words."""
    return Reply(blocks=(Text(key, args, count),), rows=rows, edit=edit)


def typable(reply: Reply) -> Reply:
    """The reply, to which something is to be typed: where that takes a form, there is a way to one."""
    return replace(reply, form=True)


def button(
    action: str, key: str, args: Mapping[str, Arg] = NO_ARGS, *, count: int | None = None, marked: bool = False
) -> Choice:
    return Choice(action, Text(key, args, count), marked=marked)


def paired(choices: Sequence[Choice], wide: int = 2) -> Rows:
    """The choices in rows of ``wide``."""
    return tuple(tuple(choices[start : start + wide]) for start in range(0, len(choices), wide))


def plain(card: Card) -> str:
    """The question's stem in one line; the draft's, while that waits for review and can be no question."""
    revision = card.revision
    if revision.body is None:
        return "" if revision.draft is None else " ".join(revision.draft.stem.split())
    return BY_NAME[revision.kind].plain(revision.body)


def named(card: Card) -> dict[str, Arg]:
    """A question's kind and stem, as arguments."""
    return {"kind": Text(f"kind.{card.revision.kind}"), "stem": quoted(Quote(plain(card)), card.set.language)}


def number(words: str) -> int:
    """The number in a button's action; StudyBotError for a forged or foreign one."""
    if not (words.isascii() and words.isdecimal() and len(words) <= len(str(MOST)) and int(words) <= MOST):
        raise StudyBotError(Text("ask.unknown"))
    return int(words)
