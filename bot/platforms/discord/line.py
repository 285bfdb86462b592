"""One interaction's way back: a first answer within three seconds, more for a quarter of an hour."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog
from discord import HTTPException

from bot.platforms.discord.calls import HIDDEN, V2, Answer, Body, Calls, File
from bot.platforms.discord.faults import WIRE, Fate, fate
from bot.platforms.discord.update import Update
from bot.platforms.intake import Start
from bot.ports.chat import Answers, Delivery
from bot.ports.clock import Clock

PATIENCE = timedelta(seconds=1.5)  # of Discord's three: what takes longer is put off by an answer that says so
GUEST_FOLLOWS = 5  # messages that a bot may add where only the person installed it

log = structlog.get_logger()

State = Literal["new", "waits", "pressed", "spoken"]  # unanswered; a message is to come; a press is taken; answered


@dataclass(slots=True)
class Line:
    """``answers`` says how the first answer is put off. ``follows`` counts the messages after it."""

    update: Update
    calls: Calls
    answers: Answers
    state: State = "new"
    follows: int = 0
    late: bool = False  # Discord takes nothing more by it
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def holds(self) -> bool:
        """Whether anything can still be said by it."""
        allowed = not self.update.guest or self.follows < GUEST_FOLLOWS
        return bool(self.update.token) and not self.late and allowed

    async def put_off(self) -> None:
        """Says that the answer is to come, where none has come yet; a form cannot be put off."""
        async with self.lock:
            if self.state != "new" or self.answers == "form":
                return
            try:
                await self._deferred()
            except WIRE as error:  # whoever answers meets the same fault, and deals with it
                log.info("not put off", reason=type(error).__name__, code=getattr(error, "code", 0))

    async def _deferred(self) -> None:
        if self.update.message:
            if await self._first(6, None):
                self.state = "pressed"
        elif await self._first(5, {"flags": HIDDEN} if self.hidden else None):
            self.state = "waits"

    @property
    def hidden(self) -> bool:
        """Whether what is answered is for the person alone."""
        return self.update.open and self.answers != "room"

    async def _first(self, kind: Answer, data: Body | None, files: Sequence[File] = ()) -> bool:
        """Whether this was the first answer; one given before a crash is gone on from, where it was no form."""
        return await self._responded(kind, data, files) is not None

    async def _responded(self, kind: Answer, data: Body | None, files: Sequence[File] = ()) -> str | None:
        """The same; the id of the message that it is, or None where this was not the first."""
        try:
            return await self.calls.respond(
                self.update.interaction, self.update.token, kind=kind, data=data, files=files
            )
        except HTTPException as error:
            if fate(error) is not Fate.TWICE or self.answers == "form":
                raise
            self.state = "pressed" if self.update.message else "waits"
            return None

    async def form(self, modal: Body) -> None:
        """The first answer is a form."""
        async with self.lock:
            await self._first(9, modal)
            self.state = "spoken"

    async def say(self, data: Body, files: Sequence[File], *, hidden: bool, delivery: Delivery) -> str:
        """A new message; its id. A first answer begins nothing: given twice it is there once."""
        shown = {**data, "flags": V2 | (HIDDEN if hidden else 0)}
        app, token = self.update.app, self.update.token
        async with self.lock:
            sent = await self._responded(4, shown, files) if self.state == "new" else None
            if sent is not None:
                self.state = "spoken"
                return sent
            if self.state == "waits" and hidden and not self.hidden:
                await self._dropped()  # what all see waiting cannot become one person's
            if self.state == "waits":
                sent = await self.calls.change_first(app, token, {**data, "flags": V2}, files)
                self.state = "spoken"
                return sent
            self.follows += 1
            await delivery.begin()
            return await self.calls.follow(app, token, shown, files)

    async def change(self, data: Body, files: Sequence[File]) -> None:
        """The message that was pressed, changed."""
        shown = {**data, "flags": V2}
        async with self.lock:
            if self.state == "new" and await self._first(7, shown, files):
                self.state = "pressed"
            else:
                await self.calls.change_first(self.update.app, self.update.token, shown, files)

    async def take(self) -> None:
        """The press is taken, before anything is said to it."""
        async with self.lock:
            if self.state == "new":
                await self._deferred()

    async def end(self) -> None:
        """Where nothing is to be said: a press is taken, a command leaves nothing behind."""
        await self.take()
        if self.state == "waits":
            await self._dropped()

    async def _dropped(self) -> None:
        """What said that an answer is to come goes, if a try before did not take it away."""
        try:
            await self.calls.drop_first(self.update.app, self.update.token)
        except WIRE as error:
            if fate(error) is not Fate.GONE:
                raise
        self.state = "spoken"

    def ended_by(self, error: Exception) -> bool:
        """Whether that error says that nothing more can be said by this line."""
        self.late = self.late or fate(error) is Fate.LATE
        return self.late


class Patience:
    """Puts off what was not answered soon enough."""

    def __init__(self, clock: Clock, start: Start) -> None:
        self._clock = clock
        self._start = start
        self._lines: deque[tuple[datetime, Line]] = deque()
        self._some = asyncio.Event()

    def watch(self, line: Line) -> None:
        self._lines.append((self._clock.now() + PATIENCE, line))
        self._some.set()

    async def run(self) -> None:
        """All have the same patience, so that who came first is first to lose it."""
        while True:
            await self._some.wait()
            while self._lines:
                at, line = self._lines[0]
                if line.state == "new":
                    await self._clock.sleep_until(at)
                self._lines.popleft()
                if line.state == "new":
                    self._start(line.put_off())
            self._some.clear()
