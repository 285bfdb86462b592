"""Drawing: a reply as lines of text, without a terminal."""

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from bot.domain.kind import SUBMIT
from bot.domain.prompt import Block, Choice, Picture, Prompt, Text
from bot.ports.chat import Reply
from bot.texts import Words

Tone = Literal["plain", "kind", "option", "aside", "right", "partial", "wrong", "noted"]

_SIGNS: dict[str, Tone] = {"✓": "right", "◐": "partial", "✗": "wrong", "○": "noted"}
_FEW = 4  # labels that stand in one line, as after a verdict; more are a list
_SHORT = 14  # characters of a label that can stand in a line among many
# Sequences that steer a terminal, then lone controls, and marks that turn the direction of what follows.
_STEERING = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``tone`` is that of its first ``accent`` characters; broken, it goes on ``hang`` columns in."""

    text: str
    tone: Tone = "plain"
    accent: int = 0
    hang: int = 0


def clean(text: str) -> str:
    """The text with nothing in it that steers a terminal; line feeds stay, a tab is four spaces."""
    return _STEERING.sub("", text.replace("\r\n", "\n").replace("\t", "    "))


def label(choice: Choice, words: Words) -> str:
    """What a choice is called: its mark, its letter, its words."""
    parts = ("✓" if choice.marked else "", choice.letter, clean(words.say(choice.label)))
    return " ".join(filter(None, parts))


def drawn(reply: Reply) -> Prompt | None:
    """The question that this reply draws: none when it stands above already."""
    return None if reply.edit and not reply.redraw else reply.prompt


def typable(reply: Reply) -> tuple[Choice, ...]:
    """What can be typed besides an answer, each once: the question's extras, then the rows."""
    prompt = drawn(reply)
    extras = tuple(choice for choice in prompt.extras if _useful(choice, prompt)) if prompt and prompt.open else ()
    rows = (choice for row in reply.rows for choice in row)
    return tuple({choice.action: choice for choice in (*extras, *rows)}.values())


def _useful(choice: Choice, prompt: Prompt) -> bool:
    """Submitting goes by typing letters together, unless some are marked already; for points it also says "none"."""
    submits = choice.action.rpartition(":")[2] == SUBMIT
    return not submits or prompt.takes == "points" or any(option.marked for option in prompt.choices)


def numbered(reply: Reply, words: Words) -> tuple[Choice, ...]:
    """The choices that are drawn as a list with numbers: those of a menu that is long, or holds marks or counts."""
    choices = typable(reply)
    confusing = _confusing([label(choice, words) for choice in choices])
    return choices if listed(reply, words) and not confusing else ()


def listed(reply: Reply, words: Words) -> bool:
    """Whether it is a menu: long, or with marks or counts. A verdict is none, however much can be said to it."""
    choices = typable(reply)
    labels = [label(choice, words) for choice in choices]
    long = len(labels) > _FEW or any(choice.marked for choice in choices) or any(" · " in one for one in labels)
    verdict = reply.slot is not None and not reply.kept
    return long and drawn(reply) is None and not verdict


def _confusing(labels: list[str]) -> bool:
    """Numbers before "5 questions" or "Bring back 3" would say two things at once; such labels are short."""
    digits = any(re.match(r"(✓ )?\d|.*\d$", one) for one in labels)
    return digits and all(len(one) <= _SHORT for one in labels)


def lines(reply: Reply, words: Words) -> tuple[Line, ...]:
    """The reply as it is printed; empty when it only takes something away."""
    whole = not reply.edit or reply.redraw
    prompt = drawn(reply)
    shown = [
        *(_prompt(prompt, words) if prompt else ()),
        *(line for block in (reply.kept if whole else ()) for line in _block(block, words)),
        *(line for block in reply.blocks for line in _block(block, words)),
        *_numbers(numbered(reply, words), words),
        *(line for block in (reply.footer,) if block for line in _aside(block, words)),
    ]
    return (*shown, *_tail(reply, words))


def _prompt(prompt: Prompt, words: Words) -> list[Line]:
    stem = "\n".join(_said(block, words) for block in prompt.stem)
    mark = "" if prompt.takes in {"points", "grade"} else _marked(prompt, "", words)  # these ask about an answer
    first, *rest = clean(_marked(prompt, stem, words) if mark else stem).split("\n")
    return [
        Line(first, "kind", len(mark.rstrip())),
        *map(Line, rest),
        *(_option(choice, words) for choice in prompt.choices),
        *(line for note in prompt.notes for line in _aside(note, words)),
    ]


def _marked(prompt: Prompt, stem: str, words: Words) -> str:
    return words.say(Text("prompt.stem", {"kind": Text(f"kind.{prompt.kind}"), "stem": stem}))


def _option(choice: Choice, words: Words) -> Line:
    text = "  " + label(choice, words).replace("\n", " ")
    head = "  " + "".join(f"{part} " for part in ("✓" if choice.marked else "", choice.letter) if part)
    return Line(text, "option", len(head.rstrip()) if choice.letter or choice.marked else 0, hang=len(head))


def _numbers(choices: tuple[Choice, ...], words: Words) -> list[Line]:
    width = len(str(len(choices)))
    heads = (f"  {number:>{width}} " for number in range(1, len(choices) + 1))
    return [
        Line(head + label(one, words), "option", len(head), hang=len(head))
        for head, one in zip(heads, choices, strict=True)
    ]


def _said(block: Block, words: Words) -> str:
    said = words.say(block)
    return words.say(Text("terminal.picture", {"alt": said})) if isinstance(block, Picture) else said


def _block(block: Block, words: Words) -> list[Line]:
    return [_verdict(text) for text in clean(_said(block, words)).split("\n")]


def _verdict(text: str) -> Line:
    """A line that begins with a verdict's sign has the sign and its words accented."""
    tone = _SIGNS.get(text[:1], "plain")
    accent = len("".join(takewhile(lambda letter: letter not in "。，,.", text)))
    return Line(text, tone, accent if tone != "plain" else 0)


def _aside(block: Block, words: Words) -> list[Line]:
    return [Line(text, "aside", len(text)) for text in clean(_said(block, words)).split("\n")]


def _tail(reply: Reply, words: Words) -> list[Line]:
    """The last line: what can be typed."""
    choices = typable(reply)
    prompt = drawn(reply)
    if numbered(reply, words):
        return _aside(Text("terminal.pick"), words)
    labels = tuple(label(choice, words) for choice in choices)
    more: Text | str = Text("terminal.or_type", {"labels": labels}) if choices else ""
    if prompt and prompt.open and prompt.takes in {"many", "points"} and prompt.choices:
        key = "terminal.letters" if prompt.takes == "many" else "terminal.numbers"
        example = "".join(choice.letter for choice in prompt.choices[:2])
        more = Text(key, {"example": example, "more": more})
    said = words.say(more).rstrip()
    return [Line(said, "aside", len(said))] if said else []
