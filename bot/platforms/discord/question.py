"""How a question is answered on Discord: by buttons, from a list, or in a form."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.domain.kind import SUBMIT
from bot.domain.prompt import Choice, Prompt, Text
from bot.platforms.discord.components import BOXES, FIELDS, OPTIONS, ROW, Component, fits, menu, option, pressed, row
from bot.platforms.lines import BUTTON_COLUMNS, Plain, columns, formulas

Means = Literal["buttons", "letters", "list", "form"]

FORM, PICK = "form:", "pick:"  # what custom ids of ours begin with: a form is opened; the option chosen is the action
TYPED = ("texts", "writing")


def means(prompt: Prompt, plain: Plain) -> Means:
    """Buttons with the options, buttons with their letters, a list to choose from, or a form to fill in."""
    count = len(prompt.choices)
    if prompt.takes in TYPED or (prompt.takes == "points" and count <= BOXES * FIELDS):
        return "form"
    if count > OPTIONS:
        return "letters"
    if prompt.takes == "many" or (prompt.takes == "one" and count > ROW):
        return "list"
    return "letters" if _lettered(prompt) and (_wide(prompt, plain) or _drawn(prompt)) else "buttons"


def above(prompt: Prompt, shape: Means, plain: Plain) -> bool:
    """Whether the options stand above as texts: key points always, others where nothing below says them whole."""
    match shape:
        case "list":
            return _drawn(prompt) or not all(fits(one, plain) for one in prompt.choices)
        case "buttons":  # wide ones with letters are "letters"
            return not _lettered(prompt) and _wide(prompt, plain)
        case "letters" | "form":
            return True


def rows(prompt: Prompt, shape: Means, plain: Plain) -> Iterator[Component]:
    """What is pressed to answer, then what else may be pressed: in one row where it has room."""
    extras = [pressed(one, plain) for one in prompt.extras if not _needless(one, shape)]
    options = list(_options(prompt, shape, plain))
    together = len(options) + len(extras) <= ROW and shape != "list"
    yield from buttons([*options, *extras]) if together else (*buttons(options), *buttons(extras))


def _options(prompt: Prompt, shape: Means, plain: Plain) -> Iterator[Component]:
    match shape:
        case "list":
            yield _list(prompt, plain)
        case "form":
            yield pressed(Choice(f"{FORM}{ask(prompt)}", Text("button.answer")), plain)
        case "letters" | "buttons":
            yield from (pressed(one, plain, letter=shape == "letters") for one in prompt.choices)


def buttons(made: Sequence[Component]) -> Iterator[Component]:
    """Buttons in rows of five."""
    return (row(*made[start : start + ROW]) for start in range(0, len(made), ROW))


def ask(prompt: Prompt) -> str:
    """The id of the ask that its actions hold: "a:ID:token"."""
    first, *_ = (*prompt.choices, *prompt.extras)
    return first.action.split(":")[1]


def token(choice: Choice) -> str:
    """The last part of its action."""
    return choice.action.rpartition(":")[2]


def _needless(extra: Choice, shape: Means) -> bool:
    """Whether it is submitted without it."""
    return token(extra) == SUBMIT and shape in ("form", "list")


def _list(prompt: Prompt, plain: Plain) -> Component:
    """A list: of one right option its action is the value, of several the last part."""
    placeholder, count = plain.say(Text(f"select.{prompt.takes}")), len(prompt.choices)
    if prompt.takes == "one":
        options = [option(one, one.action, plain) for one in prompt.choices]
        return menu(f"{PICK}{ask(prompt)}", placeholder, options, most=1)
    options = [option(one, token(one), plain) for one in prompt.choices]
    return menu(f"a:{ask(prompt)}:{SUBMIT}", placeholder, options, most=count)


def _lettered(prompt: Prompt) -> bool:
    return all(one.letter for one in prompt.choices)


def _wide(prompt: Prompt, plain: Plain) -> bool:
    """Whether an option is too wide for a button."""
    return any(columns(plain.say(one.label)) > BUTTON_COLUMNS for one in prompt.choices)


def _drawn(prompt: Prompt) -> bool:
    """Whether a formula among the options is a picture."""
    return any(True for _ in formulas(prompt.choices))
