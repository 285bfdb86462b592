"""Messages that one person alone sees: what has to be known of one, and how it is changed while that is possible."""

from collections.abc import Sequence

from bot.platforms.discord.calls import V2, Body, Calls, File
from bot.platforms.discord.faults import WIRE, Fate, fate


def whisper(app: str, token: str, message: str) -> str:
    """What stands for a message that its channel does not know: its interaction's way back."""
    return f"{app}/{token}/{message}"


def whispered(native: str) -> bool:
    """Whether that stands for such a message."""
    return "/" in native


async def turned(calls: Calls, shown: Sequence[str], pages: Sequence[tuple[Body, Sequence[File]]]) -> None:
    """The whispers as they are to be; one that can be changed no more stays as it is."""
    for native, (data, files) in zip(shown, pages, strict=False):
        app, token, message = native.split("/")
        try:
            await calls.change_told(app, token, message, data={**data, "flags": V2}, files=files)
        except WIRE as error:
            if fate(error) not in {Fate.GONE, Fate.LATE}:
                raise
