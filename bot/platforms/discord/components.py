"""The components that messages and forms are made of, as Discord's JSON has them."""

from collections.abc import Sequence
from typing import Literal

from bot.domain.prompt import Choice
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
_PRIMARY = ("submit", "button.next", "button.answer")
_TEXT, _ANNOUNCEMENT = 0, 5  # kinds of channels


def shortened(text: str, limit_units: int) -> str:
    """The text, with … for what is too much: its whole stands elsewhere."""
    return text if units(text) <= limit_units else text[: next(cuts(text, limit_units - 1))].rstrip() + "…"


def text(content: str) -> Component:
    return {"type": 10, "content": content}


def gallery(pictures: Sequence[tuple[str, str]]) -> Component:
    """Pictures sent with the message: the name of each, and its words for who cannot see it."""
    items = [{"media": {"url": f"attachment://{name}"}, "description": alt} for name, alt in pictures]
    return {"type": 12, "items": items}


def row(*inner: Component) -> Component:
    return {"type": 1, "components": list(inner)}


def size(component: Component) -> int:
    """How many components it is, with those within."""
    inner = component.get("components")
    return 1 + (len(inner) if isinstance(inner, list) else 0)


def button(choice: Choice, plain: Plain, *, letter: bool = False) -> Component:
    """ValueError for an action that is too long."""
    style = 1 if getattr(choice.label, "key", "") in _PRIMARY else 2
    called = shortened(label(choice, plain, letter=letter), LABEL_UNITS)
    return {"type": 2, "style": style, "label": called, "custom_id": action(choice.action)}


def channels(choice: Choice, plain: Plain) -> Component:
    """The list of the server's channels in which one can write."""
    placeholder = shortened(label(choice, plain), OPTION_UNITS)
    kinds = [_TEXT, _ANNOUNCEMENT]
    return {"type": 8, "custom_id": action(choice.action), "placeholder": placeholder, "channel_types": kinds}


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
    called = label(choice, plain)
    found: Component = {"label": shortened(called, OPTION_UNITS), "value": value}
    if units(called) > OPTION_UNITS and fits(choice, plain):
        cut = next(cuts(called, OPTION_UNITS))
        found |= {"label": called[:cut].rstrip(), "description": called[cut:].strip()}
    return found | ({"default": True} if choice.marked else {})


def fits(choice: Choice, plain: Plain) -> bool:
    """Whether an option of a list can show all its words."""
    called = label(choice, plain)
    return units(called) <= OPTION_UNITS or units(called[next(cuts(called, OPTION_UNITS)) :].strip()) <= OPTION_UNITS


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
