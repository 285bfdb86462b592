"""File formats: bytes in, drafts out; one module each, listed here. The first that fits reads."""

from bot.formats import pack, paper
from bot.formats.format import Format

FORMATS: tuple[Format, ...] = (pack, paper)
