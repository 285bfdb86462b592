"""One Incoming to the command that answers it; faults to replies."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.commands import COMMANDS, PRESSES
from bot.commands.command import Context, Handler, say
from bot.commands.help import SET
from bot.commands.study import typed
from bot.domain.errors import StudyBotError, clipped
from bot.domain.prompt import Text
from bot.ports.chat import Incoming, Reply
from bot.ports.rows import AlreadyDone, Conflict, NotStored
from bot.services.services import Services

ATTEMPTS = 5  # a use case whose rows somebody changed meanwhile runs again so often

log = structlog.get_logger()


class Router:
    """The core as a platform sees it: ``handle`` takes what arrived and gives what to say.

    ``language_of`` turns a platform's language tag into a language of the interface. One account is served
    at a time, in order; different ones together.
    """

    def __init__(self, services: Services, language_of: Callable[[str | None], str]) -> None:
        self._services = services
        self._language_of = language_of
        self._turns: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    async def handle(self, incoming: Incoming) -> Sequence[Reply]:
        """The replies; never raises but for a cancellation."""
        async with self._turn((incoming.platform, incoming.account)):
            try:
                return await self._answered(incoming)
            except StudyBotError as error:
                return [Reply(blocks=(error.text,), private=True)]
            except NotStored:
                log.exception("not stored")
                return [Reply(blocks=(Text("error.storage"),), private=True)]
            except Exception:
                incident = self._services.study.house.incident()
                log.exception("bug", incident=incident, kind=incoming.kind)
                return [Reply(blocks=(Text("error.bug", {"incident": incident}),), private=True)]

    async def _answered(self, incoming: Incoming) -> Sequence[Reply]:
        handler, words = wanted(incoming)
        welcome: tuple[Reply, ...] = ()
        for _ in range(ATTEMPTS):
            try:
                context = await self._context(incoming)
                if await self._services.study.returned(context.person):
                    welcome = (say("welcome_back", count=context.person.learner.goal),)
                    continue
                return [*welcome, *await handler(context, words)]
            except (Conflict, AlreadyDone):
                continue
        log.warning("busy", kind=incoming.kind, attempts=ATTEMPTS)
        raise StudyBotError(Text("error.busy"))

    async def _context(self, incoming: Incoming) -> Context:
        accounts = self._services.accounts
        person = await accounts.known(incoming)
        if person is not None:
            return Context(incoming, person, self._services)
        by_link = incoming.words.startswith(f"/start {SET}")
        person = await accounts.welcomed(incoming, self._language_of(incoming.language), with_set=not by_link)
        return Context(incoming, person, self._services, new=True)

    @asynccontextmanager
    async def _turn(self, account: tuple[str, str]) -> AsyncIterator[None]:
        """One after the other for one account; what nobody waits for is forgotten."""
        lock, waiting = self._turns.get(account, (asyncio.Lock(), 0))
        self._turns[account] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns[account]
            if waiting == 1:
                del self._turns[account]
            else:
                self._turns[account] = (lock, waiting - 1)


def wanted(incoming: Incoming) -> tuple[Handler, str]:
    """The handler of what arrived, and the words it is given; StudyBotError where there is none."""
    if incoming.kind == "command":
        name, _, words = incoming.words.removeprefix("/").partition(" ")
        command = COMMANDS.get(name.partition("@")[0].lower())
        if command is None:
            raise StudyBotError(Text("error.command", {"name": f"/{clipped(name)}"}))
        return command.run, words.strip()
    if incoming.kind == "text":
        return typed, incoming.words
    name, _, words = incoming.words.partition(":")
    press = PRESSES.get(name)
    if press is None:
        raise StudyBotError(Text("ask.unknown"))
    return press.run, words
