"""The other ends of the program's wires: each platform's server, and what it knows of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.fakes.discord import Discord
from tests.fakes.telegram import Telegram
from tests.life.hand import PATIENCE_S
from tests.life.phones import DiscordPhone, Phone, TelegramPhone


class End(Protocol):
    """One platform's server."""

    @property
    def settings(self) -> dict[str, str]:
        """What the program has to know to reach it."""
        ...

    def listened(self) -> int:
        """How often a program has begun to listen."""
        ...

    def heard(self) -> bool:
        """Whether the program was told all that there is to tell."""
        ...

    def calls(self) -> int:
        """How many calls the program has made."""
        ...

    def breaks(self) -> None:
        """Every line to the program is cut."""
        ...

    def phone(self, name: str, *, number: int | None = None) -> Phone:
        """Somebody new, who may be written to first."""
        ...

    async def until(self, predicate: Callable[[], bool]) -> None:
        """Returns as soon as that is true of the server."""
        ...


@dataclass(frozen=True, slots=True)
class OnTelegram:
    """The Bot API: a poll with a later offset says that what came before was taken in."""

    server: Telegram

    @property
    def settings(self) -> dict[str, str]:
        return {"STUDYBOT_TELEGRAM_TOKEN": self.server.token, "STUDYBOT_TELEGRAM_API_URL": self.server.url}

    def listened(self) -> int:
        return sum(call.method == "getUpdates" for call in self.server.log)

    def heard(self) -> bool:
        return not self.server.world.updates

    def calls(self) -> int:
        return len(self.server.log)

    def breaks(self) -> None:
        """A poll is a line of its own, and ends by itself."""

    def phone(self, name: str, *, number: int | None = None) -> Phone:
        person = self.server.person(name, number=number)
        person.started = True
        return TelegramPhone(person)

    async def until(self, predicate: Callable[[], bool]) -> None:
        await self.server.until(predicate, PATIENCE_S)


@dataclass(frozen=True, slots=True)
class OnDiscord:
    """REST and gateway: what went through the socket was taken in, since the program is idle no sooner."""

    server: Discord

    @property
    def settings(self) -> dict[str, str]:
        return {
            "STUDYBOT_DISCORD_TOKEN": self.server.token,
            "STUDYBOT_DISCORD_API_URL": self.server.api_url,
            "STUDYBOT_DISCORD_GATEWAY_URL": self.server.gateway_url,
        }

    def listened(self) -> int:
        return len(self.server.gateway.identified)

    def heard(self) -> bool:
        sessions = self.server.world.sessions.all.values()
        return bool(sessions) and all(one.connection and one.connection.next() is None for one in sessions)

    def calls(self) -> int:
        return len(self.server.log)

    def breaks(self) -> None:
        self.server.gateway.drop()

    def phone(self, name: str, *, number: int | None = None) -> Phone:
        person = self.server.person(name, number=number)
        person.installs()
        return DiscordPhone(person)

    async def until(self, predicate: Callable[[], bool]) -> None:
        await self.server.until(predicate, PATIENCE_S)
