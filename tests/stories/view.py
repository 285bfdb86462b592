"""Drawing for stories: a reply as lines of text and rows of [buttons]."""

from collections.abc import Iterable, Iterator

from bot.domain.prompt import Choice, Prompt, Text
from bot.ports.chat import Reply
from bot.texts import Words


def label(choice: Choice, words: Words) -> str:
    parts = ("✓" if choice.marked else "", choice.letter, words.say(choice.label))
    return " ".join(filter(None, parts))


def buttons(reply: Reply, words: Words) -> dict[str, str]:
    """What can be pressed: actions by label."""
    prompt = reply.prompt
    asked = (*prompt.choices, *prompt.extras) if prompt and prompt.open and not stays(reply) else ()
    pressable = (*asked, *(choice for row in reply.rows for choice in row))
    return {label(choice, words): choice.action for choice in pressable}


def stays(reply: Reply) -> bool:
    """Whether the question, and its verdict, stay above an edited message."""
    return reply.edit and not reply.redraw and (reply.prompt is not None or bool(reply.kept))


def told(reply: Reply, words: Words) -> str:
    """The reply as the bot's message in a story."""
    head = "bot~: " if reply.edit else "bot: "
    return head + "\n  ".join("\n".join(_parts(reply, words)).split("\n"))


def _parts(reply: Reply, words: Words) -> Iterator[str]:
    prompt = None if stays(reply) else reply.prompt
    if stays(reply):
        yield "…"
    elif prompt is not None:
        yield from _asked(prompt, words)
    kept = () if stays(reply) else reply.kept
    yield from (words.say(block) for block in (*kept, *reply.blocks))
    if prompt is not None and prompt.open:
        yield from _row(prompt.extras, words)
    for row in reply.rows:
        yield from _row(row, words)
    if reply.footer is not None:
        yield words.say(reply.footer)


def _asked(prompt: Prompt, words: Words) -> Iterator[str]:
    stem = "\n".join(words.say(block) for block in prompt.stem)
    about_an_answer = prompt.takes in ("points", "grade")
    yield (
        stem if about_an_answer else words.say(Text("prompt.stem", {"kind": Text(f"kind.{prompt.kind}"), "stem": stem}))
    )
    if prompt.takes == "grade":
        yield from _row(prompt.choices, words)
    else:
        yield from (f"[{label(choice, words)}]" for choice in prompt.choices)
    yield from (words.say(note) for note in prompt.notes)


def _row(row: Iterable[Choice], words: Words) -> Iterator[str]:
    shown = " ".join(f"[{label(choice, words)}]" for choice in row)
    if shown:
        yield shown
