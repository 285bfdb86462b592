"""One Incoming to the command that answers it; faults to replies."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from weakref import WeakValueDictionary

import structlog

from bot.commands import ANSWERS, COMMANDS, PRESSES, TIMERS, arrived, forms, heard, mine, room
from bot.commands.command import Context, Handler, say
from bot.commands.help import SET
from bot.domain.errors import StudyBotError, clipped
from bot.domain.prompt import Text
from bot.ports.changes import AlreadyDone, Changes, Conflict, NotStored
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.ports.post import Handled, Wake
from bot.ports.storage import Turn
from bot.services.accounts import SCRIPTS
from bot.services.services import Services

ATTEMPTS = 5  # a use case whose rows somebody changed meanwhile runs again so often

log = structlog.get_logger()


class Router:
    """The core as a platform sees it: ``handle`` takes what arrived and gives what to say, committed with it.

    ``language_of`` turns a platform's language tag into a language of the interface. One account is served
    at a time, in order; different ones together.
    """

    def __init__(self, services: Services, language_of: Callable[[str | None], str]) -> None:
        self._services = services
        self._language_of = language_of
        # One after the other for one account; the lock of an account is forgotten when nobody holds or awaits it.
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def handle(self, incoming: Incoming) -> Said:
        """What to answer. Raises for an event of a room only, which nobody would see an apology for."""
        turn = self._turns.setdefault((incoming.platform, incoming.account), asyncio.Lock())
        async with nullcontext() if _opens(incoming) else turn:  # a form has to come at once, and changes nothing
            try:
                return await self._answered(incoming)
            except NotStored:
                log.exception("not stored")
                if incoming.kind == "room":
                    raise
                return await self._apology(incoming, Text("error.storage"))
            except Exception:
                incident = self._services.house.incident()
                log.exception("bug", incident=incident, kind=incoming.kind)
                if incoming.kind == "room":
                    raise
                return await self._apology(incoming, Text("error.bug", {"incident": incident}))

    async def _answered(self, incoming: Incoming) -> Said:
        for _ in range(ATTEMPTS):
            turn = self._services.house.storage.turn()
            try:
                said = await self._said(incoming, turn)
                await turn.settle(Changes(handled=Handled(incoming.id, said) if incoming.id else None))
            except (Conflict, AlreadyDone):
                continue
            return said
        log.warning("busy", kind=incoming.kind, attempts=ATTEMPTS)
        return await self._apology(incoming, Text("error.busy"))

    async def _said(self, incoming: Incoming, turn: Turn) -> Said:
        """What the command answers, to the reader as they are after it."""
        reader: Reader | None = None
        welcome: tuple[Reply, ...] = ()
        try:
            if room.apart(incoming):
                services = self._services.on(turn)
                reader = await services.groups.reader(incoming) or self._stranger(incoming)
                replies = tuple(await arrived(services, incoming, reader))
                return Said(replies, await room.reader(services, incoming, replies) or reader)
            if _opens(incoming) and (form := await forms.opened(self._services.on(turn), incoming)) is not None:
                return form
            handler, words = wanted(incoming)
            context = await self._context(incoming, turn)
            learner = context.person.learner
            reader = Reader(learner.language, learner.script)
            if not _opens(incoming):
                context, welcome = await self._back(context, turn)
            replies = (*welcome, *await handler(context, words))
        except StudyBotError as error:
            log.info("refused", kind=incoming.kind, reason=error.text.key)
            replies = (*welcome, Reply(blocks=(error.text,), private=True))
        if turn.changed is not None:
            reader = Reader(turn.changed.language, turn.changed.script)
        return Said(replies, reader or await self._reader(incoming))

    async def _back(self, context: Context, turn: Turn) -> tuple[Context, tuple[Reply, ...]]:
        """The context of who may be back after a break, and what they are told first."""
        unheard = await room.unheard(context) if context.person.gone else ()
        if not await context.services.study.returned(context.person):
            return context, tuple(unheard)
        context = await self._context(context.incoming, turn)
        if context.incoming.group:  # what waits for one person is nobody else's business
            return context, tuple(unheard)
        return context, (*unheard, say("welcome_back", count=context.person.learner.goal))

    async def _context(self, incoming: Incoming, turn: Turn) -> Context:
        services = self._services.on(turn)
        person = await services.accounts.known(incoming)
        if person is not None:
            person = person if incoming.here else await room.spoke(services, person)
            return Context(incoming, person, services)
        home = await mine.home(services, incoming)
        by_link = incoming.words.startswith(f"/start {SET}")
        person = await services.accounts.welcomed(
            incoming, self._language_of(incoming.language), with_set=home is None and not by_link, home=home
        )
        return Context(incoming, person, services, new=True)

    def _stranger(self, incoming: Incoming) -> Reader:
        language = self._language_of(incoming.language)
        return Reader(language, SCRIPTS[language])

    async def _reader(self, incoming: Incoming) -> Reader:
        """Who is told what could not be done, as they were last stored; a stranger where that cannot be read."""
        try:
            person = await self._services.house.storage.person(incoming.platform, incoming.account, incoming.room)
        except Exception:
            log.exception("reader not to be had")
            person = None
        return self._stranger(incoming) if person is None else Reader(person.learner.language, person.learner.script)

    async def _apology(self, incoming: Incoming, words: Text) -> Said:
        return Said((Reply(blocks=(words,), private=True),), await self._reader(incoming))

    async def wake(self, wake: Wake) -> None:
        """Does what a timer was set for; where that fails it is claimed again, later each time."""
        name, _, words = wake.key.partition(":")
        for _ in range(ATTEMPTS):
            turn = self._services.house.storage.turn()
            try:
                await TIMERS[name].run(self._services.on(turn), words, wake.at)
                await turn.settle(Changes())
            except (Conflict, AlreadyDone):
                continue
            except Exception:
                log.exception("timer failed", timer=name, attempts=wake.attempts)
            return
        log.warning("busy", timer=name, attempts=ATTEMPTS)


def _opens(incoming: Incoming) -> bool:
    """Whether a form is wanted: that has to come at once and alone, and changes nothing."""
    return incoming.kind == "press" and ANSWERS.get(incoming.words.partition(":")[0]) == "form"


def wanted(incoming: Incoming) -> tuple[Handler, str]:
    """The handler of what arrived, and the words it is given; StudyBotError where there is none."""
    if incoming.kind == "command":
        name, _, words = incoming.words.removeprefix("/").partition(" ")
        command = COMMANDS.get(name.partition("@")[0].lower())
        if command is None:
            raise StudyBotError(Text("error.command", {"name": f"/{clipped(name)}"}))
        return command.run, words.strip()
    if incoming.kind == "text":
        return heard, incoming.words
    if incoming.kind == "file":
        return room.paper, incoming.words
    name, _, words = incoming.words.partition(":")
    press = PRESSES.get(name)
    if press is None:
        raise StudyBotError(Text("ask.unknown"))
    return press.run, words
