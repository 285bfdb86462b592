"""The terminal: a chat at the keyboard, and the same through a pipe."""

from bot.platforms.console.loop import Console, Face, Speaker
from bot.platforms.console.terminal import Keys, chat, silence

__all__ = ["Console", "Face", "Keys", "Speaker", "chat", "silence"]
