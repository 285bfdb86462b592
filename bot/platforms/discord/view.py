"""How Discord draws a reply: values in, components out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.domain.prompt import Choice, Text
from bot.platforms.discord import components as made
from bot.platforms.discord import question
from bot.platforms.discord.components import Component
from bot.platforms.discord.markdown import CODE, PLAIN, SMALL, TEXT_UNITS, texts
from bot.platforms.discord.question import Means
from bot.platforms.formulas import Latex
from bot.platforms.lines import Line, Plain, Telling, blobs, formulas, label, lines, marks, said, stays
from bot.platforms.writing import clean, units
from bot.ports.chat import Reply, Rows
from bot.texts import Words

_SMALL = re.compile(r"^(?=.*\S)", re.MULTILINE)
COMPONENTS = 40  # of a message, those within others counted too
FILES = 10

Labels = Mapping[str, str]  # what buttons are called, by their actions


@dataclass(frozen=True, slots=True)
class File:
    """A picture sent with a message: a blob's hash, or formulas to be drawn. ``alt``: what it says, in words."""

    name: str
    picture: Latex | str
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """One message, in Components V2: ``components`` as JSON has them, and the ``files`` that they show."""

    components: tuple[Component, ...]
    files: tuple[File, ...] = ()


def _code(text: str) -> str:
    return f"{CODE}{clean(text)}{PLAIN}"


def pages(reply: Reply, words: Words, *, draw: bool = True, invitation: str = "") -> tuple[Page, ...]:
    """The reply as messages, pictures first, then texts, then buttons; none where there is nothing to say.

    An edited message is drawn whole: the question, what was kept, what is new. Without ``draw`` (where a picture
    cannot be had) a formula is its source, a picture its words. ``invitation``: where the bot is added to a server.
    ValueError for an action that is too long.
    """
    plain = Plain(words.language, words.script)
    shape = question.means(reply.prompt, plain) if reply.prompt is not None else None
    labels = {one.action: label(one, plain) for row in reply.rows for one in row}
    read = tuple(_read(reply, shape, labels, plain))
    sources = tuple(dict.fromkeys(formulas(read))) if draw else ()
    files = _files(reply, sources, plain) if draw else ()
    telling = Telling(words.language, words.script, clean, marks(sources, "({})"), _code)
    written = texts("\n".join(_told(reply, read, telling)))
    pressed = _rows(reply, shape, labels, plain=plain, invitation=invitation)
    return tuple(_packed([*_galleries(files), *map(made.text, written), *pressed], files))


def _read(reply: Reply, shape: Means | None, labels: Labels, plain: Plain) -> Iterator[Line]:
    """The lines, with what its buttons are too small for, and without how to type where a form opens."""
    prompt = reply.prompt
    if prompt is not None and prompt.takes in question.TYPED:
        notes = tuple(note for note in prompt.notes if not note.key.startswith("prompt."))
        reply = replace(reply, prompt=replace(prompt, notes=notes))
    cut = [one.label for row in reply.rows for one in row if units(labels[one.action]) > made.LABEL_UNITS]
    above = prompt is not None and shape is not None and question.above(prompt, shape, plain)
    return lines(replace(reply, blocks=(*reply.blocks, *cut)), above=above)


def _told(reply: Reply, read: tuple[Line, ...], telling: Telling) -> Iterator[str]:
    """The lines in words; those of the footer are small."""
    for place, line in enumerate(read, 1):
        told = said(line, telling)
        yield _SMALL.sub(SMALL, told) if line is reply.footer and place == len(read) else told


def _files(reply: Reply, sources: tuple[str, ...], plain: Plain) -> tuple[File, ...]:
    shown = [File(f"picture{at}.png", one.blob, plain.say(one) or "–") for at, one in enumerate(blobs(reply), 1)]
    drawn = [File("formula.png", Latex(sources), Latex(sources).alt)] if sources else []
    return (*shown, *drawn)


def _galleries(files: tuple[File, ...]) -> Iterator[Component]:
    for start in range(0, len(files), FILES):
        shown = files[start : start + FILES]
        yield made.gallery([(one.name, one.alt) for one in shown])


def _rows(reply: Reply, shape: Means | None, labels: Labels, *, plain: Plain, invitation: str) -> Iterator[Component]:
    """What can be pressed: the question's, then the reply's own."""
    if reply.prompt is not None and shape is not None and reply.prompt.open and not stays(reply):
        yield from question.rows(reply.prompt, shape, plain)
    for row in _once(reply.rows):
        yield from (made.row(made.channels(labels[one.action], one.action)) for one in row if one.of == "channel")
        yield from question.buttons(list(_buttons(row, labels, invitation)))
    if reply.form and reply.prompt is None:
        yield from question.buttons([made.button(plain.say(Text("button.answer")), question.FORM, primary=True)])


def _buttons(row: Iterable[Choice], labels: Labels, invitation: str) -> Iterator[Component]:
    for one in row:
        if one.of == "invite":
            yield made.link(labels[one.action], invitation)
        elif not one.of:
            yield made.button(labels[one.action], one.action, primary=made.leads(one))


def _once(rows: Rows) -> Iterator[Iterable[Choice]]:
    """The rows with each action once: a message with two of a name is refused."""
    seen: set[str] = set()
    for row in rows:
        fresh = {one.action: one for one in row if one.action not in seen}
        seen.update(fresh)
        yield fresh.values()


def _packed(parts: Sequence[Component], files: tuple[File, ...]) -> Iterator[Page]:
    """The parts in as few messages as hold them, in their order; the first ones show the files."""
    groups: list[list[Component]] = []
    left = Space()
    for part in parts:
        left = left.after(part)
        if not groups or left.over:
            groups.append([])
            left = Space().after(part)
        groups[-1].append(part)
    return (Page(tuple(group), files[at * FILES : (at + 1) * FILES]) for at, group in enumerate(groups))


class Space(NamedTuple):
    """What a message still has room for: components, UTF-16 units of text, a gallery."""

    components: int = COMPONENTS
    units: int = TEXT_UNITS
    galleries: int = 1

    def after(self, part: Component) -> "Space":
        """What is left beside that component."""
        content, shown = units(str(part.get("content", ""))), "items" in part
        return Space(self.components - made.size(part), self.units - content, self.galleries - shown)

    @property
    def over(self) -> bool:
        return min(self) < 0
