"""The platform, put together: its run, and its way out for what the bot says first."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import ClassVar

import structlog
from discord import ConnectionClosed, GatewayNotFound, LoginFailure, PrivilegedIntentsRequired
from discord.abc import GuildChannel

from bot.domain.prompt import Text
from bot.platforms.discord.calls import Calls
from bot.platforms.discord.chats import Chats
from bot.platforms.discord.client import Client
from bot.platforms.discord.drawn import body
from bot.platforms.discord.faults import WIRE, Fate, fate, undeliverable
from bot.platforms.discord.here import here
from bot.platforms.discord.line import Patience
from bot.platforms.discord.menu import menu
from bot.platforms.discord.preflight import invitation, lacking
from bot.platforms.discord.raw import Raw
from bot.platforms.discord.speaker import Speaker, spoken
from bot.platforms.discord.update import OUR_NAME, Update, channel_of, update, user_of
from bot.platforms.discord.whispers import turned, whispered
from bot.platforms.drawing import Drawing
from bot.platforms.intake import LONGEST_PAUSE, Attempt, Intake, Start, Told, backed_off
from bot.platforms.platform import Aloud, Command, Handle, Unusable, no_files, unknown
from bot.platforms.proxy import connector
from bot.ports.changes import NotStored
from bot.ports.chat import NEEDS, Answers, Delivery, Files, Need, Reader, Reply, Said, Undeliverable
from bot.ports.clock import Clock
from bot.ports.post import Arrival, Post
from bot.texts import Words, language_of

RETRY = timedelta(seconds=5)  # when what was not begun may be tried again
# "In the past few minutes" Discord looks for a message of the same nonce, and tells no number (message resource, Create
# Message, at c98d64bc). Few are three at least; half a minute of that may go with the library's own tries (Calls).
REMEMBERS = timedelta(minutes=2)
CONNECT_S = 5.0  # how long a message waits for the platform to be connected, before its sender is told
LEAVE_S = 5.0  # how long what is under way may take when the program is to end
NO_TOKEN = "Discord does not know this token: take a new one in the Developer Portal, under Bot."  # noqa: S105 - a sentence
NO_INTENT = "Discord refuses what the bot wants to hear, and wants nothing that has to be asked for."
OUTDATED = "Discord does not let this program in as it connects: a newer version is needed."
FINAL = {4004: NO_TOKEN, 4010: OUTDATED, 4012: OUTDATED, 4013: NO_INTENT}  # what it closes a connection for, for good

log = structlog.get_logger()

# One encoder: json.dumps with options builds a new one at every call.
kept = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(slots=True)
class Discord:
    """One bot on Discord: ``run`` listens, ``deliver`` says.

    ``answers`` tells how each action is answered: "/study" a command's, "a" a button's.
    """

    name: ClassVar[str] = OUR_NAME
    whispers: ClassVar[bool] = True
    remembers: ClassVar[timedelta] = REMEMBERS
    token: str = field(repr=False)
    api_url: str
    gateway_url: str | None
    proxy: str | None = field(repr=False)
    commands: Sequence[Command]
    answers: Mapping[str, Answers]
    handle: Handle
    post: Post
    clock: Clock
    start: Start
    files: Files = no_files
    aloud: Aloud = unknown
    client: Client = field(init=False)
    calls: Calls = field(init=False, default_factory=Calls)
    speaker: Speaker = field(init=False)
    chats: Chats = field(init=False)
    patience: Patience = field(init=False)
    intake: Intake = field(init=False)
    drawing: Drawing = field(init=False)
    leaving: bool = field(init=False, default=False)
    _left: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _connected: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _delivering: int = field(init=False, default=0)
    _opening_forms: int = field(init=False, default=0)
    _waiting: int = field(init=False, default=0)  # for the list of servers
    _delivered: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.drawing = Drawing(self.clock)
        self.chats = Chats(self.calls, self.clock)
        self.patience = Patience(self.clock, self.start)
        self.speaker = Speaker(self.calls, self.drawing, self.answers, self.lacks, self.files)
        self.intake = Intake(OUR_NAME, self.post, self.clock, self._answer, self.start, ended=self.speaker.forget)

    @property
    def busy(self) -> bool:
        """Whether anything is being taken in or said."""
        if not self._connected.is_set():
            return True
        answering = self.calls.under_way or self.intake.queues or self._opening_forms or self.speaker.drawing_now
        return bool(answering or self._waiting)

    @property
    def figures(self) -> dict[str, int]:
        """What an operator may want to know of it since the start."""
        return {**asdict(self.intake.counts), "late": self.speaker.late}

    async def run(self) -> None:
        """Listens until cancelled; Unusable where Discord lets the bot in no more."""
        self.start(self.drawing.run())
        self.start(self.patience.run())
        failures = 0
        while not self.leaving:
            began = self.clock.now()
            await self._connected_once()
            lasted = self.clock.now() - began > LONGEST_PAUSE
            if not self.leaving:
                failures = 0 if lasted else failures + 1
                await self.clock.sleep_until(self.clock.now() + backed_off(failures))
        await self._left.wait()  # what was begun is still being said

    async def _connected_once(self) -> None:
        """One client, as long as it lasts: an event that it cannot read ends it, and another goes on."""
        way = connector(self.proxy)
        made = Client(self._heard, api_url=self.api_url, gateway=self.gateway_url, connector=way)
        async with made, made.session(way) as session:
            self.client = made
            try:
                await made.login(self.token)
                self.calls.http, self.calls.session = made.http, session
                self.speaker.invitation = invitation(made.application_id)
                await self._begun()
                await made.connect()
            except PrivilegedIntentsRequired:
                raise Unusable(NO_INTENT) from None
            except LoginFailure:
                raise Unusable(NO_TOKEN) from None
            except (ConnectionClosed, GatewayNotFound, *WIRE) as error:
                if isinstance(error, ConnectionClosed) and error.code in FINAL:
                    raise Unusable(FINAL[error.code]) from None
                log.warning("discord not reached", reason=type(error).__name__)
            except Exception:
                log.exception("discord ended")

    async def _begun(self) -> None:
        """The first time what was left is answered, and the commands are offered."""
        if not self._connected.is_set():
            self._connected.set()
            self.start(self._offer_commands())  # nobody waits for a menu
            await self.intake.begin()
            log.info("discord connected")

    async def leave(self) -> None:
        """Begins nothing more, and returns when what is under way is said, a few seconds at most."""
        self.leaving = True
        try:
            async with asyncio.timeout(LEAVE_S):  # a fuse in the machine's time: the clock may be held
                await self.intake.leave()
                while self._delivering:
                    self._delivered.clear()
                    await self._delivered.wait()
                await self.client.close()
        except TimeoutError:
            log.warning("ended while something was being said")
        finally:
            self._left.set()

    async def _heard(self, raw: Raw) -> None:
        """Takes in what happened; a form is answered at once, since that cannot be put off."""
        found = update(raw)
        if found.incoming.id in self.intake.recent or found.incoming.id in self.speaker.lines:
            return  # after a dropped connection Discord tells again what it is not sure of
        line = self.speaker.line(found)
        if raw["dm"]:
            self.chats.keep(raw["user"], raw["channel"])
        if line.answers == "form":
            self.start(self._with_form(found))
            return
        if found.token and not self.leaving:
            self.patience.watch(line)
        await self._keep(found, raw)
        if found.token and self.leaving:  # the next start answers, if it is soon
            await line.put_off()

    async def _keep(self, found: Update, raw: Raw) -> None:
        """Puts it in the inbox; who did it is told where that fails."""
        arrival = Arrival(found.incoming.id, OUR_NAME, raw["user"], kept(raw), self.clock.now())
        try:
            await self.intake.take([arrival])
        except NotStored:
            log.exception("not taken in")
            reader = Reader(language_of(found.incoming.language), "written")
            await self._say_once(found, Said((Reply(blocks=(Text("error.storage"),), private=True),), reader))

    async def _with_form(self, found: Update) -> None:
        """Nothing of it is kept: it changes nothing."""
        self._opening_forms += 1
        try:
            await self._say_once(found, await self.handle(replace(found.incoming, id="")))
        finally:
            self._opening_forms -= 1

    async def _say_once(self, found: Update, said: Said) -> None:
        """Answers what the inbox does not keep: there is no second try."""
        try:
            await self.speaker.answer(found, said, Told())
        except WIRE as error:
            log.info("not answered", reason=type(error).__name__, fate=fate(error).name)
        except Exception:
            log.exception("not answered", id=found.incoming.id)
        finally:
            self.speaker.forget(found.incoming.id)

    async def _answer(self, arrival: Arrival, attempt: Attempt) -> None:
        """Handles what happened and says what is answered; Undeliverable where that has to wait or cannot arrive."""
        found = self.speaker.heard(arrival.id) or update(json.loads(arrival.raw))
        if attempt.said is None:
            attempt.said = await self._said(found)
        try:
            await self.speaker.answer(found, attempt.said, attempt.told)
        except WIRE as error:
            if fate(error) in {Fate.BUSY, Fate.LOST, Fate.CLOSED}:
                raise undeliverable(error, self.clock.now()) from error
            raise

    async def _said(self, found: Update) -> Said:
        """What is answered; before all no more than how to be told alone."""
        if found.aloud:
            return here(found.incoming, await self.aloud(found.incoming))
        return await self.handle(found.incoming)

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        """The lane plays no part, for the library keeps to Discord's limits, nor age: it may be changed for ever."""
        shown = delivery.shown
        await self._ready()
        self._delivering += 1
        try:
            words, whole = spoken(reader), await self._whispers_turned(shown, reply, spoken(reader))
            if shown and not whole:
                return tuple(shown)
            user = user_of(room)
            channel = await self.chats.of(user) if user else room
            if reply.away:
                await self.speaker.take_away(channel, whole)
                return ()
            if reply.edit and whole:
                return await self.speaker.turn(channel, whole, reply, words=words, delivery=delivery)
            return await self.speaker.send(channel, reply, words, delivery)
        except WIRE as error:
            if fate(error) is Fate.GONE:
                return tuple(shown)  # somebody took it away, and wants it away
            raise undeliverable(error, self.clock.now()) from error
        finally:
            self._delivering -= 1
            self._delivered.set()

    async def _whispers_turned(self, shown: Sequence[str], reply: Reply, words: Words) -> tuple[str, ...]:
        """Of the slot's messages those that are no whispers; those that are were changed, where that was wanted."""
        whispers = [one for one in shown if whispered(one)]
        if whispers and reply.edit:
            await turned(self.calls, whispers, [*map(body, await self.speaker.drawn(reply, words))])
        return tuple(one for one in shown if one not in whispers)

    async def _ready(self) -> None:
        """Undeliverable where nothing can go out, or is to begin."""
        try:
            async with asyncio.timeout(CONNECT_S):  # a fuse in the machine's time, as above
                await self._connected.wait()
        except TimeoutError:
            raise Undeliverable("not connected") from None
        if self.leaving:
            raise Undeliverable("the program ends", retry_at=self.clock.now() + RETRY)

    async def runs(self, room: str, account: str) -> bool:
        """Whether that person may manage the channel's server."""
        channel = await self._known(room)
        if channel is None:
            return False
        if str(channel.guild.owner_id) == account:
            return True
        try:
            member = await self.calls.member(channel.guild.id, account)
        except WIRE as error:
            if fate(error) in {Fate.BUSY, Fate.LOST}:
                raise undeliverable(error, self.clock.now()) from error
            return False
        roles = [channel.guild.default_role, *(channel.guild.get_role(int(one)) for one in member["roles"])]
        held = [role.permissions for role in roles if role is not None]
        return any(one.manage_guild or one.administrator for one in held)

    async def lacks(self, room: str) -> tuple[Need, ...]:
        channel = await self._known(room)
        return NEEDS if channel is None else lacking(channel.permissions_for(channel.guild.me))

    async def _known(self, room: str) -> GuildChannel | None:
        """The channel, also of a thread; None where the bot is in no server that has it."""
        await self._ready()
        if self.client.is_closed():
            raise Undeliverable("not connected")
        self._waiting += 1
        try:
            async with asyncio.timeout(CONNECT_S):  # as above
                await self.client.wait_until_ready()
        except (TimeoutError, RuntimeError):  # the library's, of a client that does not know yet who it is
            raise Undeliverable("not connected") from None
        finally:
            self._waiting -= 1
        native = channel_of(room)
        found = self.client.get_channel(int(native)) if native.isdecimal() else None
        if isinstance(found, GuildChannel):
            return found
        if any(guild.unavailable for guild in self.client.guilds):  # with an outage of Discord's: it may be in one
            raise Undeliverable("not every server is there")
        return None

    async def _offer_commands(self) -> None:
        """The menu behind the slash; where that fails the bot works all the same."""
        try:
            await self.calls.offer(str(self.client.application_id), menu(self.commands))
        except WIRE as error:
            log.warning("commands not offered", reason=type(error).__name__)
