"""What arrives from a platform, and what is answered."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.prompt import Block, Choice, Prompt

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did. ``words``: "/study x", typed text, or the pressed action.

    ``label``: the typed text is what a button of the interface is called, in the person's language
    (``Words.is_label``): whoever types it means the button, not an answer. ``first``: nothing that was said
    before is on screen, so a question that waits has to be shown again.
    """

    kind: Literal["command", "text", "press", "form"]
    platform: str  # "terminal"
    account: str  # the platform's own id of the person
    room: str  # the platform's own id of the chat
    words: str
    values: tuple[str, ...] = ()  # form fields, multi-select
    language: str | None = None  # the platform's language tag, for the first hello
    label: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, new or edited in place.

    ``slot`` names a message that may be edited later; ``edit`` changes the message that was pressed.
    ``prompt`` and ``kept`` stand above ``blocks`` (one line each) and were shown before when ``edit`` is set:
    a platform that cannot edit prints only ``blocks`` and ``rows`` below, unless ``redraw`` says that the
    prompt itself changed. ``private`` is for the presser alone. ``footer`` is the last line.
    """

    blocks: tuple[Block, ...] = ()
    rows: Rows = ()
    prompt: Prompt | None = None
    kept: tuple[Block, ...] = ()
    slot: str | None = None
    edit: bool = False
    redraw: bool = False
    private: bool = False
    footer: Block | None = None
