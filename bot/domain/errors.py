"""Errors that are told to a person or a sender; anything else is a bug."""

from bot.domain.prompt import Text

MOST_ECHOED = 40  # characters


class StudyBotError(Exception):
    """Something to tell the person, in their language: ``text`` is what the chat says."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.key)
        self.text = text


class DraftError(ValueError):
    """A draft that is no question: which field, what was wrong, what to do (English, for files)."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.code = code
        self.field = field
        self.message = message


def clipped(typed: str) -> str:
    """What a person typed, as it is told back: the first characters of it."""
    return typed if len(typed) <= MOST_ECHOED else f"{typed[:MOST_ECHOED]}…"
