"""Drawing for stories: a reply as lines of text and rows of [buttons]."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from bot.domain.prompt import Choice, Prompt, Text
from bot.ports.chat import Reply
from bot.texts import Words

WIDE = 36  # columns of an option that is a button of its own; with a longer one all stand above as texts


def label(choice: Choice, words: Words) -> str:
    parts = ("✓" if choice.marked else "", choice.letter, words.say(choice.label))
    return " ".join(filter(None, parts))


def stays(reply: Reply) -> bool:
    """Whether the question, and its verdict, stay above an edited message."""
    return reply.edit and not reply.redraw and (reply.prompt is not None or bool(reply.kept))


def told(reply: Reply, words: Words, *, alone: str = "", room: str = "") -> str:
    """The reply as the bot's message in a story.

    ``alone`` is who pressed, where a private one answers a press; ``room`` the one that several share.
    """
    where = f">{alone}" if alone and reply.private else f"{'~' * reply.edit}{room and f'@{room}'}"
    rows = (" ".join(f"[{name}]" for name in row) for row in keyboard(reply, words))
    file = (f"(file {reply.file.name})",) if reply.file is not None else ()
    sound = ("silent",) if room and reply.silent and not reply.edit else ()
    return f"bot{where}: " + "\n  ".join("\n".join((*_texts(reply, words), *file, *rows, *sound)).split("\n"))


def pressable(reply: Reply, words: Words) -> dict[str, str]:
    """What can be pressed: actions by label."""
    shown = [name for row in keyboard(reply, words) for name in row]
    return dict(zip(shown, (choice.action for row in _rows(reply, words) for choice in row), strict=True))


def keyboard(reply: Reply, words: Words) -> list[list[str]]:
    """The labels, row by row."""
    prompt = reply.prompt
    long = prompt is not None and _long(prompt, words)
    options = prompt.choices if prompt is not None else ()
    return [
        [choice.letter if long and choice in options else label(choice, words) for choice in row]
        for row in _rows(reply, words)
    ]


def _rows(reply: Reply, words: Words) -> list[tuple[Choice, ...]]:
    prompt = None if stays(reply) else reply.prompt
    asked = _asked(prompt, words) if prompt is not None and prompt.open else []
    return [row for row in (*asked, *reply.rows) if row]


def _asked(prompt: Prompt, words: Words) -> list[tuple[Choice, ...]]:
    in_a_row = prompt.takes == "grade" or _long(prompt, words)
    return [*([prompt.choices] if in_a_row else [(choice,) for choice in prompt.choices]), prompt.extras]


def _long(prompt: Prompt, words: Words) -> bool:
    return prompt.takes in ("one", "many") and any(_columns(words.say(one.label)) > WIDE for one in prompt.choices)


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _texts(reply: Reply, words: Words) -> Iterator[str]:
    if stays(reply):
        yield "…"
    elif reply.prompt is not None:
        yield from _question(reply.prompt, words)
    kept = () if stays(reply) else reply.kept
    yield from (words.say(block) for block in (*kept, *reply.blocks))
    if reply.footer is not None:
        yield words.say(reply.footer)


def _question(prompt: Prompt, words: Words) -> Iterable[str]:
    stem = "\n".join(words.say(block) for block in prompt.stem)
    about_an_answer = prompt.takes in ("points", "grade")
    head = Text("prompt.stem", {"kind": Text(f"kind.{prompt.kind}"), "stem": stem})
    above = prompt.choices if _long(prompt, words) else ()
    notes = (words.say(note) for note in prompt.notes)
    return (stem if about_an_answer else words.say(head), *(label(one, words) for one in above), *notes)
