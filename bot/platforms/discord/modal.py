"""The form that a question's button opens: typed answers, or key points to tick."""

from collections.abc import Iterator

from bot.domain.kind import SUBMIT
from bot.domain.prompt import Prompt, Text
from bot.platforms.discord.components import BOXES, FIELDS, Component, boxes, field, option, shortened, typed
from bot.platforms.discord.markdown import read
from bot.platforms.discord.question import TYPED, ask, token
from bot.platforms.lines import Plain
from bot.ports.chat import Reply
from bot.texts import Words

TITLE_UNITS = 45  # of a form, and of a field's label
ABOUT_UNITS = 100  # of what stands below the label
WRITTEN = "t"  # the form that stands for typing


def modal(reply: Reply, words: Words, *, asked: str = "") -> Component:
    """The form of a reply's question, as an interaction is answered with it; ValueError where it takes no form.

    Its custom id is the action that its fields answer; they are named "0", "1", …, and the ticked tokens
    of all fields are one answer. ``asked`` is how the message begins that it covers, in Markdown.
    """
    prompt, plain = reply.prompt, Plain(words.language, words.script)
    if prompt is None:  # whatever may be typed
        whole = _field(0, Text("form.answer"), plain, typed("line", required=True)) | _about(asked)
        return {"custom_id": WRITTEN, "title": plain.say(Text("button.answer")), "components": [whole]}
    if prompt.takes not in (*TYPED, "points"):
        raise ValueError("a form without a field")
    title = plain.say(Text(f"kind.{prompt.kind}"))
    return {
        "custom_id": f"a:{ask(prompt)}:{SUBMIT if prompt.takes == 'points' else ''}",
        "title": shortened(title[:1].upper() + title[1:], TITLE_UNITS),
        "components": list(_fields(prompt, plain)),
    }


def _about(asked: str) -> Component:
    """What the field is for, where it is known."""
    told = read(asked.partition("\n")[0]).strip()
    return {"description": shortened(told, ABOUT_UNITS)} if told else {}


def _fields(prompt: Prompt, plain: Plain) -> Iterator[Component]:
    if prompt.takes == "points":
        yield from _ticks(prompt, plain)
    elif prompt.takes == "writing":
        yield _field(0, Text("form.answer"), plain, typed("page", required=True))
    elif prompt.fields > FIELDS:
        yield _field(0, Text("form.blanks", count=prompt.fields), plain, typed("page", required=True))
    elif prompt.fields == 1:
        yield _field(0, Text("form.answer"), plain, typed("line", required=True))
    else:
        for place in range(prompt.fields):  # one may be left empty: the others are graded
            called = Text("form.blank", {"blank": place + 1})
            yield _field(place, called, plain, typed("line", required=False))


def _ticks(prompt: Prompt, plain: Plain) -> Iterator[Component]:
    """The points, ten to a field: where they are more, a field's label says which."""
    for place, start in enumerate(range(0, len(prompt.choices), BOXES)):
        points = prompt.choices[start : start + BOXES]
        called = f"{points[0].letter}–{points[-1].letter}" if len(prompt.choices) > BOXES else Text("case.which_points")
        yield _field(place, called, plain, boxes([option(one, token(one), plain) for one in points]))


def _field(place: int, called: Text | str, plain: Plain, inner: Component) -> Component:
    return field(str(place), shortened(plain.say(called), TITLE_UNITS), inner)
