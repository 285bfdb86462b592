"""How Telegram draws a reply: values in, strings out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from unicodedata import east_asian_width

from bot.domain.prompt import Arg, Block, Choice, Picture, Prompt, Quote, Text
from bot.domain.script import to_script
from bot.platforms.telegram.formulas import Latex, pieces
from bot.platforms.telegram.html import CAPTION_UNITS, clean, code, escape, isolated, split, text_of, units
from bot.platforms.telegram.speech import linear
from bot.ports.chat import Reply
from bot.texts import Words

ACTION_BYTES = 64
ALERT_UNITS = 200
_BUTTON_COLUMNS = 36  # of an option that is a button of its own; with a longer one all stand above as texts
_POINT_COLUMNS = 64  # key points are longer, and only ticked
_START = "/start "

Line = Block | Choice


@dataclass(frozen=True, slots=True)
class Key:
    """A button. ``action`` is callback data or, with a ``/`` before it, a command to say in the private chat."""

    label: str
    action: str

    def __post_init__(self) -> None:
        if len(self.action.removeprefix(_START).encode()) > ACTION_BYTES:
            raise ValueError(f"an action of more than {ACTION_BYTES} bytes: {self.action}")


Keys = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One message: ``html`` below ``picture`` (a blob's hash, formulas, or these drawn), ``keys`` below both.

    With a picture the text is its caption. A picture without text stands alone.
    """

    html: str
    keys: Keys = ()
    picture: Latex | str | bytes | None = None


@dataclass(frozen=True, slots=True)
class _Plain(Words):
    """Says content without marks: for buttons and alerts."""

    def say(self, block: Block | Arg) -> str:
        if not isinstance(block, Quote):
            return Words.say(self, block)
        said = (piece.text if piece.kind != "latex" else linear(piece.text) for piece in pieces(block))
        return isolated(clean(to_script("".join(said), self.script) if block.markup != "code" else block.text))


@dataclass(frozen=True, slots=True)
class _Html(Words):
    """Says content as HTML; a formula that is drawn is the mark that its picture has."""

    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def say(self, block: Block | Arg) -> str:
        return isolated("".join(self._pieces(block))) if isinstance(block, Quote) else Words.say(self, block)

    def _pieces(self, quote: Quote) -> Iterator[str]:
        for piece in pieces(quote):
            if piece.kind == "text":
                yield self.escape(to_script(piece.text, self.script))
            elif piece.text in self.marks:
                yield self.marks[piece.text]
            else:
                yield code(piece.text)


def pages(reply: Reply, words: Words, *, draw: bool = True) -> tuple[Page, ...]:
    """The reply as messages, the last with the buttons; none where there is nothing to say.

    An edited message is drawn whole: the question, what was kept, what is new. Without ``draw`` (where drawing
    failed) a formula is its source. ValueError for an action that is too long.
    """
    plain = _plain(words)
    lines = tuple(_lines(reply, plain))
    formulas = tuple(dict.fromkeys(_formulas(lines))) if draw else ()
    telling = _Html(words.language, words.script, escape, _marks(formulas))
    html = "\n".join(_said(line, telling) for line in lines)
    drawn = (Latex(formulas),) if formulas else ()
    return _paged(html, (*_blobs(reply), *drawn), _keys(reply, plain))


def alert(reply: Reply, words: Words) -> str | None:
    """The reply as the plain text of an alert; None where it is empty, too long, or more than text."""
    plain = _plain(words)
    lines = tuple(_lines(reply, plain))
    if _rows(reply, plain) or _blobs(reply):
        return None
    text = "\n".join(_said(line, plain) for line in lines)
    return text if text and units(text) <= ALERT_UNITS and not any(_formulas(lines)) else None


def _plain(words: Words) -> _Plain:
    return _Plain(words.language, words.script, clean)


def _paged(html: str, pictures: tuple[Latex | str, ...], keys: Keys) -> tuple[Page, ...]:
    texts = tuple(piece for piece in split(html) if text_of(piece).strip())
    if len(pictures) == 1 and len(split(html, CAPTION_UNITS)) == 1:
        return (Page(html, keys, pictures[0]),)
    above = [Page("", picture=picture) for picture in pictures]
    made = (*above, *(Page(text) for text in texts))
    return (*made[:-1], replace(made[-1], keys=keys)) if made else ()


def _marks(formulas: tuple[str, ...]) -> dict[str, str]:
    """What stands in the text for a formula on the picture above it."""
    if len(formulas) == 1:
        return {formulas[0]: "(↑)"}
    return {formula: f"<b>({number})</b>" for number, formula in enumerate(formulas, 1)}


def _stays(reply: Reply) -> bool:
    """Whether the question and its verdict stay as they were: it is answered, its buttons are gone."""
    return reply.edit and not reply.redraw and (reply.prompt is not None or bool(reply.kept))


def _lines(reply: Reply, plain: _Plain) -> Iterator[Line]:
    if reply.away:
        return
    if reply.prompt is not None:
        yield from _question(reply.prompt, reply, plain)
    yield from reply.kept
    yield from reply.blocks
    if reply.footer is not None:
        yield reply.footer


def _blobs(reply: Reply) -> tuple[str, ...]:
    stem = reply.prompt.stem if reply.prompt is not None else ()
    return tuple(one.blob for one in (*stem, *reply.kept, *reply.blocks, reply.footer) if isinstance(one, Picture))


def _question(prompt: Prompt, reply: Reply, plain: _Plain) -> Iterator[Line]:
    first, *rest = prompt.stem or (Quote(""),)
    if prompt.takes not in ("points", "grade"):  # these ask about an answer
        stem = first.alt if isinstance(first, Picture) else first
        first = Text("prompt.stem", {"kind": Text(f"kind.{prompt.kind}"), "stem": stem})
    yield from (first, *rest)
    answered = _stays(reply)
    gone = reply.edit and (answered or not prompt.open)  # the options were buttons; a verdict names them
    if _long(prompt, plain) or (gone and any(one.letter for one in prompt.choices)):
        yield from prompt.choices
    yield from () if answered else prompt.notes


def _long(prompt: Prompt, plain: _Plain) -> bool:
    """Whether the options stand above as texts: one is too wide for a button, or is drawn."""
    if prompt.takes == "grade" or not all(one.letter for one in prompt.choices):
        return False
    most = _POINT_COLUMNS if prompt.takes == "points" else _BUTTON_COLUMNS
    wide = any(_columns(plain.say(one.label)) > most for one in prompt.choices)
    return wide or any(True for _ in _formulas(prompt.choices))


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _formulas(lines: Iterable[Line]) -> Iterator[str]:
    """The sources of all formulas that have to be drawn, in the order of the text."""
    quotes = (quote for line in lines for quote in _quotes(line.label if isinstance(line, Choice) else line))
    return (piece.text for quote in quotes for piece in pieces(quote) if piece.kind == "latex")


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


def _said(line: Line, words: Words) -> str:
    if not isinstance(line, Choice):
        return words.say(line)
    parts = ("✓" if line.marked else "", line.letter, words.say(line.label))
    return " ".join(filter(None, parts))


def _keys(reply: Reply, plain: _Plain) -> Keys:
    prompt = reply.prompt
    letters = prompt.choices if prompt is not None and _long(prompt, plain) else ()
    return tuple(
        tuple(Key(_label(choice, plain, letter=choice in letters), choice.action) for choice in row)
        for row in _rows(reply, plain)
    )


def _label(choice: Choice, plain: _Plain, *, letter: bool) -> str:
    if letter:
        return " ".join(filter(None, ("✓" if choice.marked else "", choice.letter)))
    return " ".join(_said(choice, plain).split()) or "–"  # an empty label is refused


def _rows(reply: Reply, plain: _Plain) -> list[tuple[Choice, ...]]:
    prompt = None if _stays(reply) else reply.prompt
    asked = _asked(prompt, plain) if prompt is not None and prompt.open else []
    return [row for row in (*asked, *reply.rows) if row]


def _asked(prompt: Prompt, plain: _Plain) -> list[tuple[Choice, ...]]:
    in_a_row = prompt.takes == "grade" or _long(prompt, plain)
    return [*([prompt.choices] if in_a_row else [(choice,) for choice in prompt.choices]), prompt.extras]
