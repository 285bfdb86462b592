"""What `studybot doctor` looks at: settings, database, time zones, the platforms and the way to them."""

import asyncio
import importlib.metadata
import zoneinfo
from collections.abc import Iterator

from bot.app import connected, local_zone
from bot.settings import Settings
from bot.storage.doctor import channels, checks

Finding = tuple[str, bool, str]  # what was looked at, whether it is well, and a sentence


def findings(chosen: Settings) -> Iterator[Finding]:
    """All that is to be known; it raises nothing."""
    yield "settings", True, f"read; the database is {chosen.database}"
    yield from ((check.name, check.ok, check.detail) for check in checks(chosen.database))
    yield zones()
    yield from platforms(chosen)
    if chosen.proxy is not None:
        yield proxy(chosen.proxy.get_secret_value(), chosen.telegram_api_url)


def zones() -> Finding:
    """Whether the time zone data is there, and this machine's own zone."""
    known = len(zoneinfo.available_timezones())
    version = importlib.metadata.version("tzdata")
    return "time zones", known > 0, f"{known} known (tzdata {version}); this machine is in {local_zone()}"


def platforms(chosen: Settings) -> Iterator[Finding]:
    """Which platforms the bot talks on, and whether they know it; of a token nothing is shown but whose it is."""
    if not connected(chosen):
        yield "platforms", True, "none connected: the chat in the terminal"
    way = None if chosen.proxy is None else chosen.proxy.get_secret_value()
    if chosen.telegram_token is not None:
        from bot.platforms.telegram.preflight import preflight as known  # noqa: PLC0415 - half a second, where connected

        token = chosen.telegram_token.get_secret_value()
        yield "platforms", *asyncio.run(known(token, chosen.telegram_api_url, way))
    if chosen.discord_token is not None:
        from bot.platforms.discord.preflight import preflight  # noqa: PLC0415 - as above

        token = chosen.discord_token.get_secret_value()
        looked = preflight(token, chosen.discord_api_url, way, channels(chosen.database, "discord"))
        yield from (("platforms", ok, detail) for ok, detail in asyncio.run(looked))


def proxy(way: str, url: str) -> Finding:
    """Whether a platform is reached through the proxy, really tried."""
    from bot.platforms.telegram.request import trial  # noqa: PLC0415 - half a second, only where there is a proxy

    fault = asyncio.run(trial(way, url))
    return "proxy", not fault, f"{url} is not reached through it: {fault}" if fault else f"{url} is reached through it"
