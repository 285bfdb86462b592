"""A message ready to be sent, and the body of the call that carries it."""

from dataclasses import dataclass
from typing import Any

from bot.platforms.discord.calls import Body, File
from bot.platforms.discord.components import ALT_UNITS, shortened

SILENT: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message: its name, its words for who cannot see it, what is in it."""

    name: str
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message ready to be sent."""

    components: tuple[Body, ...]
    files: tuple[Attached, ...] = ()


def begins(drawn: Drawn) -> str:
    """What a message begins with, as Discord tells it of one that is pressed."""
    return next((str(one["content"]) for one in drawn.components if "content" in one), "")


def attaching(drawn: Drawn, file: Attached) -> Drawn:
    """The message with a file to be downloaded."""
    shown = {"type": 13, "file": {"url": f"attachment://{file.name}"}}
    return Drawn((*drawn.components, shown), (*drawn.files, file))


def body(drawn: Drawn) -> tuple[dict[str, Any], tuple[File, ...]]:
    """A message as the body of a call."""
    told = [_about(at, one) for at, one in enumerate(drawn.files)]
    data: dict[str, Any] = {"components": list(drawn.components), **SILENT}
    if told:
        data["attachments"] = told
    return data, tuple((one.name, one.content) for one in drawn.files)


def _about(at: int, file: Attached) -> dict[str, Any]:
    words = {"description": shortened(file.alt, ALT_UNITS)} if file.alt else {}
    return {"id": at, "filename": file.name, **words}
