"""Updates on their way in: polled, kept in the inbox, confirmed, handled."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.platforms.intake import PAUSE, REMEMBERED, Attempt, Intake, Start, Told, backed_off
from bot.platforms.platform import Handle, Unusable
from bot.platforms.telegram.faults import Fate, fate, pause, undeliverable
from bot.platforms.telegram.raw import OUR_NAME, id_of, kept, number_of, numbered, whose
from bot.platforms.telegram.update import Update, update
from bot.ports.changes import NotStored
from bot.ports.chat import Said
from bot.ports.clock import Clock
from bot.ports.post import Arrival, Post

POLL_S = 50  # how long Telegram holds an empty answer back
CLOSED_OUT = 3  # refusals of the token in a row
ALBUMS = 100  # of the newest it is known that one of their files was answered

log = structlog.get_logger()


class Poll(Protocol):
    """Where updates come from: raw JSON from an offset on, as soon as there is any."""

    async def __call__(self, offset: int, timeout_s: int, /) -> list[Any]: ...


@dataclass(slots=True)
class Listener:
    """Polls for updates, and answers them through the intake.

    A batch is kept before the next poll's offset confirms it, and no row goes before all was said to it and that
    poll was answered: Telegram never brings again what is not known any more.
    """

    poll: Poll
    post: Post
    clock: Clock
    handle: Handle
    say: Callable[[Update, Said, Told], Awaitable[None]]
    start: Start
    me: str = ""
    junk: int = 0  # without a number: nothing that could be kept
    intake: Intake = field(init=False)
    _albums: dict[str, str] = field(default_factory=dict)  # the update that was answered for each
    _offset: int = 0
    _confirmed: int = 0  # the offset that Telegram has got

    def __post_init__(self) -> None:
        self.intake = Intake(OUR_NAME, self.post, self.clock, self._answer, self.start, self._forgettable)

    def _forgettable(self, id_: str) -> bool:
        return number_of(id_) < self._confirmed

    async def run(self) -> None:
        """What was left of the last time first; then whatever comes, until cancelled.

        Unusable where Telegram does not know the token any more.
        """
        owed = await self.intake.begin()
        self._offset = max((number_of(id_) + 1 for id_ in owed), default=0)
        faults: list[Exception] = []
        while not self.intake.leaving:
            try:
                await self._polled()
                faults.clear()
            except (TelegramError, NotStored) as error:
                await self._rest(error, faults)

    async def _polled(self) -> None:
        """One batch. A new offset is told at once: until it is, nothing of the batch before may be forgotten."""
        offset = self._offset
        batch = await self.poll(offset, POLL_S if self._confirmed == offset else 0)
        self._confirmed = offset
        now, found = self.clock.now(), [raw for raw in batch if numbered(raw) is not None]
        self.junk += len(batch) - len(found)
        await self.intake.take([Arrival(id_of(raw), OUR_NAME, whose(raw), kept(raw), now) for raw in found])
        if found:  # lower than the last one, perhaps: after a quiet week it is any number
            self._offset = max(number_of(id_of(raw)) for raw in found) + 1
        elif batch:
            await self.clock.sleep_until(self.clock.now() + PAUSE)  # it would come again and again

    async def _rest(self, error: Exception, faults: list[Exception]) -> None:
        """A pause after a failed poll; another process that polls is told of once."""
        faults.append(error)
        if len(faults) >= CLOSED_OUT and all(isinstance(one, InvalidToken) for one in faults[-CLOSED_OUT:]):
            raise Unusable("Telegram does not know this token any more: take a new one from @BotFather.")
        if not isinstance(error, Conflict):
            log.warning("poll failed", reason=type(error).__name__, failures=len(faults))
        elif not any(isinstance(one, Conflict) for one in faults[:-1]):
            log.error("another process polls with the same token: end one of the two")
        wait = pause(error) if isinstance(error, TelegramError) else timedelta(0)
        await self.clock.sleep_until(self.clock.now() + max(wait, backed_off(len(faults))))
        del faults[:-REMEMBERED]

    async def _answer(self, arrival: Arrival, attempt: Attempt) -> None:
        """Handles an update and says what is answered; Undeliverable where a second try may help, or none will.

        Of files that were sent together one is answered.
        """
        found = update(json.loads(arrival.raw), self.me)
        if found is None or self._albums.get(found.album, arrival.id) != arrival.id:
            return
        if attempt.said is None:
            attempt.said = await self.handle(found.incoming)
        if found.album and attempt.said.replies:
            self._keep(found.album, arrival.id)
        try:
            await self.say(found, attempt.said, attempt.told)
        except TelegramError as error:
            if fate(error) in {Fate.BUSY, Fate.LOST, Fate.CLOSED}:
                raise _waits(error, self.clock) from error
            raise

    def _keep(self, album: str, answered: str) -> None:
        self._albums[album] = answered
        if len(self._albums) > ALBUMS:
            del self._albums[next(iter(self._albums))]


def _waits(error: TelegramError, clock: Clock) -> Exception:
    """The error as the intake takes it: a chat that moved takes nothing under its old name."""
    found = undeliverable(error, clock.now())
    found.permanent = fate(error) is Fate.CLOSED
    return found
