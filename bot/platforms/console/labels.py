"""What can be typed now: the labels of the messages on screen, and which of them a line means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.platforms.console.view import clean, drawn, label, listed, numbered, typable
from bot.ports.chat import Reply
from bot.texts import Words, fold

_REMEMBERED = 8  # messages whose labels can still be typed


@dataclass(frozen=True, slots=True)
class Offer:
    """What one message offers: actions by folded label, in the order shown.

    ``letters`` are answers to its question, not labels (``asks``: it has one); ``brief`` are labels without
    their count, valid while the message is the newest, as the ``numbers`` of a list are (``listed``: it is one).
    """

    actions: Mapping[str, str]
    brief: Mapping[str, str]
    numbers: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()
    asks: bool = False
    listed: bool = False
    labels: tuple[str, ...] = ()
    slot: str | None = None


def offer(reply: Reply, words: Words) -> Offer:
    prompt = drawn(reply)
    options = prompt.choices if prompt and prompt.open else ()
    choices = (*options, *typable(reply))
    shown = [(label(choice, words), choice.action) for choice in choices]
    extras = prompt.extras if prompt and prompt.open else ()  # one that is not shown may still be typed
    bare = [(clean(words.say(choice.label)), choice.action) for choice in (*options, *extras)]
    return Offer(
        actions=_first((fold(text), action) for text, action in (*shown, *bare)),
        brief=_only([(fold(text.split(" · ")[0]), action) for text, action in shown if " · " in text]),
        numbers=tuple(choice.action for choice in numbered(reply, words)),
        letters=frozenset(fold(choice.letter) for choice in options if choice.letter),
        asks=prompt is not None,
        listed=listed(reply, words),
        labels=tuple(text for text, _ in shown),
        slot=reply.slot,
    )


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A label that stands twice in a message means its first."""
    found: dict[str, str] = {}
    for text, action in pairs:
        found.setdefault(text, action)
    return found


def _only(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """What could mean two things means none."""
    texts = [text for text, _ in pairs]
    return {text: action for text, action in pairs if texts.count(text) == 1}


def _replaced(old: Offer, new: Offer) -> bool:
    """A question closes the one before: its options must not catch what is typed as the new one's answer."""
    return (new.asks and old.asks) or (new.slot is not None and old.slot == new.slot)


class Offers:
    """The newest messages' offers. A label typed means that of the newest message that has it."""

    def __init__(self) -> None:
        self._offers: list[Offer] = []  # newest first

    def add(self, new: Offer, *, instead: Offer | None = None) -> None:
        """A message was shown, in the place of another one where it is an edit."""
        kept = [one for one in self._offers if one is not instead and not _replaced(one, new)]
        self._offers = [*([new] if new.labels else []), *kept][:_REMEMBERED]

    @property
    def newest(self) -> Offer | None:
        return next(iter(self._offers), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that can be typed, newest message first, each once."""
        return tuple(dict.fromkeys(text for one in self._offers for text in one.labels))

    def meant(self, line: str) -> tuple[str, Offer] | None:
        """The action that a typed line stands for and the message it belongs to; None when it is plain text."""
        text = fold(line)
        for one in self._offers:
            short = self._short(text) if one is self.newest else None
            action = None if text in one.letters else one.actions.get(text, short)
            if action or text in one.letters:
                return (action, one) if action else None
        return None

    def list_below(self, line: str) -> Offer | None:
        """The list under which a line stands that means neither a label nor the letters of a question above."""
        letters = frozenset[str]().union(*(one.letters for one in self._offers))
        astray = self.meant(line) is None and not set(fold(line)) <= letters
        return self.newest if astray and self.newest is not None and self.newest.listed else None

    def _short(self, text: str) -> str | None:
        newest = self._offers[0]
        if text.isdecimal() and 0 < int(text) <= len(newest.numbers):
            return newest.numbers[int(text) - 1]
        return newest.brief.get(text)
