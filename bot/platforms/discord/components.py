"""The components that messages and forms are made of, as Discord's JSON has them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.domain.prompt import Choice, Text
from bot.platforms.lines import Plain, label
from bot.platforms.writing import cuts, units

Component = dict[str, object]

ACTION_LETTERS = 100  # of a custom id, and of an option's value
LABEL_UNITS = 80  # of a button
OPTION_UNITS = 100  # of an option's label, and once more of what stands below it
ALT_UNITS = 1024
ROW = 5  # buttons
OPTIONS = 25  # of a list
BOXES = 10  # to tick in a field of a form
FIELDS = 5  # of a form
_LEADING = ("submit", "button.next", "button.answer")
_TEXT, _ANNOUNCEMENT = 0, 5  # kinds of channels


def shortened(text: str, limit_units: int) -> str:
    """The text, with … for what is too much: its whole stands elsewhere."""
    return text if units(text) <= limit_units else text[: next(cuts(text, limit_units - 1))].rstrip() + "…"


def text(content: str) -> Component:
    return {"type": 10, "content": content}


def gallery(pictures: Sequence[tuple[str, str]]) -> Component:
    """Pictures sent with the message: the name of each, and its words for who cannot see it."""
    shown = [(f"attachment://{name}", shortened(alt, ALT_UNITS)) for name, alt in pictures]
    return {"type": 12, "items": [{"media": {"url": url}, "description": alt} for url, alt in shown]}


def row(*inner: Component) -> Component:
    return {"type": 1, "components": list(inner)}


def size(component: Component) -> int:
    """How many components it is, with those within."""
    inner = component.get("components")
    return 1 + (len(inner) if isinstance(inner, list) else 0)


def button(called: str, name: str, *, primary: bool = False) -> Component:
    """A button that does the named action; a longer name for it has to stand above it."""
    style = 1 if primary else 2
    return {"type": 2, "style": style, "label": shortened(called, LABEL_UNITS), "custom_id": action(name)}


def link(called: str, url: str) -> Component:
    """A button that opens an address."""
    return {"type": 2, "style": 5, "label": shortened(called, LABEL_UNITS), "url": url}


def pressed(choice: Choice, plain: Plain, *, letter: bool = False) -> Component:
    """A choice as a button."""
    return button(label(choice, plain, letter=letter), choice.action, primary=leads(choice))


def leads(choice: Choice) -> bool:
    """Whether it is the one that goes on."""
    return isinstance(choice.label, Text) and choice.label.key in _LEADING


def channels(called: str, name: str) -> Component:
    """The list of the server's channels in which one can write."""
    placeholder, kinds = shortened(called, OPTION_UNITS), [_TEXT, _ANNOUNCEMENT]
    return {"type": 8, "custom_id": action(name), "placeholder": placeholder, "channel_types": kinds}


def menu(name: str, placeholder: str, options: Sequence[Component], *, most: int) -> Component:
    """A list from which one or more are chosen."""
    return {
        "type": 3,
        "custom_id": action(name),
        "placeholder": placeholder,
        "min_values": 1,
        "max_values": most,
        "options": list(options),
    }


def option(choice: Choice, value: str, plain: Plain) -> Component:
    """An option of a list: what its label cannot hold stands below it, else (``fits``) it ends in …."""
    called, below = _halves(choice, plain)
    found: Component = {"label": called, "value": value}
    if below and units(below) <= OPTION_UNITS:
        found["description"] = below
    elif below:
        found["label"] = shortened(f"{called} {below}", OPTION_UNITS)
    return found | ({"default": True} if choice.marked else {})


def fits(choice: Choice, plain: Plain) -> bool:
    """Whether an option of a list can show all its words."""
    return units(_halves(choice, plain)[1]) <= OPTION_UNITS


def _halves(choice: Choice, plain: Plain) -> tuple[str, str]:
    """What it is called, and what goes beyond its label. The list marks what is chosen by itself."""
    called = label(replace(choice, marked=False), plain)
    if units(called) <= OPTION_UNITS:
        return called, ""
    cut = next(cuts(called, OPTION_UNITS))
    return called[:cut].rstrip(), called[cut:].strip()


def field(name: str, called: str, inner: Component) -> Component:
    """A field of a form under its label."""
    return {"type": 18, "label": called, "component": {**inner, "custom_id": name}}


def typed(style: Literal["line", "page"], *, required: bool) -> Component:
    return {"type": 4, "style": 1 if style == "line" else 2, "required": required}


def boxes(options: Sequence[Component]) -> Component:
    """To be ticked, or none of them."""
    return {"type": 22, "min_values": 0, "max_values": len(options), "required": False, "options": list(options)}


def action(name: str) -> str:
    """The name as a custom id; ValueError where it is too long."""
    if len(name) > ACTION_LETTERS:
        raise ValueError(f"an action of more than {ACTION_LETTERS} letters: {name}")
    return name
