"""The platforms, one folder each: a new one is a new folder and a line in PLATFORMS."""

from bot.platforms.console import Console
from bot.platforms.platform import Platform

PLATFORMS: tuple[type[Platform], ...] = (Console,)
