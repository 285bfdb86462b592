"""How Telegram draws a reply: values in, strings out."""

from dataclasses import dataclass, replace

from bot.domain.prompt import Choice, Prompt
from bot.platforms.formulas import Latex
from bot.platforms.lines import (
    BUTTON_COLUMNS,
    Line,
    Plain,
    Telling,
    blobs,
    columns,
    formulas,
    label,
    lines,
    marks,
    said,
    stays,
)
from bot.platforms.telegram.html import CAPTION_UNITS, code, escape, split, text_of
from bot.platforms.writing import units
from bot.ports.chat import Reply
from bot.texts import Words

ACTION_BYTES = 64
ALERT_UNITS = 200
_POINT_COLUMNS = 64  # key points are longer, and only ticked
_START = "/start "


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


def pages(reply: Reply, words: Words, *, draw: bool = True) -> tuple[Page, ...]:
    """The reply as messages, the last with the buttons; none where there is nothing to say.

    An edited message is drawn whole: the question, what was kept, what is new. Without ``draw`` (where drawing
    failed) a formula is its source. ValueError for an action that is too long.
    """
    plain = Plain(words.language, words.script)
    read = _read(reply, plain)
    sources = tuple(dict.fromkeys(formulas(read))) if draw else ()
    telling = Telling(words.language, words.script, escape, marks(sources, "<b>({})</b>"), code)
    html = "\n".join(said(line, telling) for line in read)
    pictures = (*(one.blob for one in blobs(reply)), *((Latex(sources),) if sources else ()))
    return _paged(html, pictures, _keys(reply, plain))


def alert(reply: Reply, words: Words) -> str | None:
    """The reply as the plain text of an alert; None where it is empty, too long, or more than text."""
    plain = Plain(words.language, words.script)
    read = _read(reply, plain)
    if _rows(reply, plain) or blobs(reply):
        return None
    text = "\n".join(said(line, plain) for line in read)
    return text if text and units(text) <= ALERT_UNITS and not any(formulas(read)) else None


def _read(reply: Reply, plain: Plain) -> tuple[Line, ...]:
    return tuple(lines(reply, above=reply.prompt is not None and _long(reply.prompt, plain)))


def _paged(html: str, pictures: tuple[Latex | str, ...], keys: Keys) -> tuple[Page, ...]:
    texts = tuple(piece for piece in split(html) if text_of(piece).strip())
    if len(pictures) == 1 and len(split(html, CAPTION_UNITS)) == 1:
        return (Page(html, keys, pictures[0]),)
    above = [Page("", picture=picture) for picture in pictures]
    made = (*above, *(Page(text) for text in texts))
    return (*made[:-1], replace(made[-1], keys=keys)) if made else ()


def _long(prompt: Prompt, plain: Plain) -> bool:
    """Whether the options stand above as texts: one is too wide for a button, or is drawn."""
    if prompt.takes == "grade" or not all(one.letter for one in prompt.choices):
        return False
    most = _POINT_COLUMNS if prompt.takes == "points" else BUTTON_COLUMNS
    wide = any(columns(plain.say(one.label)) > most for one in prompt.choices)
    return wide or any(True for _ in formulas(prompt.choices))


def _keys(reply: Reply, plain: Plain) -> Keys:
    prompt = reply.prompt
    letters = prompt.choices if prompt is not None and _long(prompt, plain) else ()
    return tuple(
        tuple(Key(label(choice, plain, letter=choice in letters), choice.action) for choice in row)
        for row in _rows(reply, plain)
    )


def _rows(reply: Reply, plain: Plain) -> list[tuple[Choice, ...]]:
    prompt = None if stays(reply) else reply.prompt
    asked = _asked(prompt, plain) if prompt is not None and prompt.open else []
    return [row for row in (*asked, *reply.rows) if row]


def _asked(prompt: Prompt, plain: Plain) -> list[tuple[Choice, ...]]:
    in_a_row = prompt.takes == "grade" or _long(prompt, plain)
    return [*([prompt.choices] if in_a_row else [(choice,) for choice in prompt.choices]), prompt.extras]
