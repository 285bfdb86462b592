"""The platforms, one folder each: a new one is a new folder and a line in ``platforms``."""

from bot.platforms.platform import Platform


def platforms() -> tuple[type[Platform], ...]:
    """All there are; imported when they are asked for, since the library of a wire takes half a second."""
    from bot.platforms.console import Console  # noqa: PLC0415 - see above
    from bot.platforms.discord.discord import Discord  # noqa: PLC0415 - see above
    from bot.platforms.telegram.telegram import Telegram  # noqa: PLC0415 - see above

    return Console, Telegram, Discord
