"""What a reply says, line by line, before it is drawn, and what was typed: the same on every wire that edits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from unicodedata import east_asian_width

from bot.domain.prompt import Arg, Block, Choice, Picture, Prompt, Quote, Text
from bot.platforms.formulas import pieces
from bot.platforms.speech import linear
from bot.platforms.writing import clean, isolated
from bot.ports.chat import Reply
from bot.texts import Words

BUTTON_COLUMNS = 36  # of an option that is a button of its own; with a longer one all stand above as texts

Line = Block | Choice


@dataclass(frozen=True, slots=True)
class Plain(Words):
    """Says content without marks: for buttons, lists and alerts."""

    escape: Callable[[str], str] = clean

    def say(self, block: Block | Arg) -> str:
        if not isinstance(block, Quote):
            return Words.say(self, block)
        told = (piece.text if piece.kind != "latex" else linear(piece.text) for piece in pieces(block))
        return isolated(clean(self.scripted("".join(told), block) if block.markup != "code" else block.text))


@dataclass(frozen=True, slots=True)
class Telling(Words):
    """Says content in a platform's markup: ``code`` frames code, ``marks`` stand for the formulas that are drawn."""

    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    code: Callable[[str], str] = str

    def say(self, block: Block | Arg) -> str:
        return isolated("".join(self._pieces(block))) if isinstance(block, Quote) else Words.say(self, block)

    def _pieces(self, quote: Quote) -> Iterator[str]:
        for piece in pieces(quote):
            if piece.kind == "text":
                yield self.escape(self.scripted(piece.text, quote))
            elif piece.text in self.marks:
                yield self.marks[piece.text]
            else:
                yield self.code(piece.text)


def stays(reply: Reply) -> bool:
    """Whether the question and its verdict stay as they were: it is answered, its buttons are gone."""
    return reply.edit and not reply.redraw and (reply.prompt is not None or bool(reply.kept))


def lines(reply: Reply, *, above: bool) -> Iterator[Line]:
    """All that is read, in order; ``above``: the options stand there as texts."""
    if reply.away:
        return
    if reply.prompt is not None:
        yield from _question(reply.prompt, reply, above=above)
    yield from reply.kept
    yield from reply.blocks
    if reply.footer is not None:
        yield reply.footer


def _question(prompt: Prompt, reply: Reply, *, above: bool) -> Iterator[Line]:
    first, *rest = prompt.stem or (Quote(""),)
    if prompt.takes not in ("points", "grade"):  # these ask about an answer
        stem = first.alt if isinstance(first, Picture) else first
        first = Text("prompt.stem", {"kind": Text(f"kind.{prompt.kind}"), "stem": stem})
    yield from (first, *rest)
    answered = stays(reply)
    gone = reply.edit and (answered or not prompt.open)  # the options were buttons; a verdict names them
    if above or (gone and any(one.letter for one in prompt.choices)):
        yield from prompt.choices
    yield from () if answered else prompt.notes


def blobs(reply: Reply) -> tuple[Picture, ...]:
    """The pictures that it shows."""
    stem = reply.prompt.stem if reply.prompt is not None else ()
    return tuple(one for one in (*stem, *reply.kept, *reply.blocks, reply.footer) if isinstance(one, Picture))


def formulas(read: Iterable[Line]) -> Iterator[str]:
    """The sources of all formulas that have to be drawn, in the order of the text."""
    quotes = (quote for line in read for quote in _quotes(line.label if isinstance(line, Choice) else line))
    return (piece.text for quote in quotes for piece in pieces(quote) if piece.kind == "latex")


def marks(sources: Sequence[str], numbered: str) -> dict[str, str]:
    """What stands in the text for a formula on the picture above it; ``numbered`` frames one of several."""
    if len(sources) == 1:
        return {sources[0]: "(↑)"}
    return {source: numbered.format(number) for number, source in enumerate(sources, 1)}


def _quotes(block: Block | Arg) -> Iterator[Quote]:
    match block:
        case Quote():
            yield block
        case Picture():
            yield from _quotes(block.alt)
        case Text():
            yield from (quote for arg in block.args.values() for quote in _quotes(arg))
        case tuple():
            yield from (quote for arg in block for quote in _quotes(arg))
        case _:
            pass


def said(line: Line, words: Words) -> str:
    """A line in words: a choice with its mark and its letter."""
    if not isinstance(line, Choice):
        return words.say(line)
    parts = ("✓" if line.marked else "", line.letter, words.say(line.label))
    return " ".join(filter(None, parts))


def label(choice: Choice, words: Plain, *, letter: bool = False) -> str:
    """What its button is called; ``letter``: that alone, its words stand above."""
    if letter:
        return " ".join(filter(None, ("✓" if choice.marked else "", choice.letter)))
    return " ".join(said(choice, words).split()) or "–"  # an empty label is refused


def columns(text: str) -> int:
    """How wide it is: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def typed(given: object, *, longest: int) -> str:
    """A text that arrived, whole in Unicode, of no more than so many characters; TypeError for what is none."""
    if not isinstance(given, str):
        raise TypeError("no text")
    text = given[:longest].replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
