"""The platform, put together: its run, and its way out for what the bot says first."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import count
from typing import ClassVar

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.constants import ChatMemberStatus
from telegram.error import ChatMigrated, InvalidToken, TelegramError

from bot.platforms.drawing import Drawing
from bot.platforms.intake import Start, backed_off
from bot.platforms.platform import Command, Handle, Unusable, no_files
from bot.platforms.telegram.faults import Fate, fate, pause, undeliverable
from bot.platforms.telegram.limiter import Limiter
from bot.platforms.telegram.listener import Listener
from bot.platforms.telegram.request import Request, Updates, bot
from bot.platforms.telegram.speaker import Shown, Speaker, spoken
from bot.platforms.telegram.update import place_of
from bot.platforms.telegram.writer import Place, Writer
from bot.ports.chat import Delivery, Files, Incoming, Need, Reader, Reply, Undeliverable
from bot.ports.clock import Clock
from bot.ports.post import Post
from bot.texts import LANGUAGES, Words

LONG_WAIT = timedelta(minutes=1)  # for a chat's turn: longer, and the outbox keeps the message meanwhile
RETRY = timedelta(seconds=5)
CONNECT_S = 5.0  # how long a message waits for the platform to be connected, before its sender is told
LEAVE_S = 5.0  # how long what is under way may take when the program is to end
IN_GROUPS = ("settings", "help")  # what stands in the menu of a group
TAGS = {"zh-Hans": "zh", "en": ""}  # Telegram's tags have two letters: one Chinese; "" is everybody else
STAFF = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

log = structlog.get_logger()


@dataclass(slots=True)
class Telegram:
    """One bot on Telegram: ``run`` listens, ``deliver`` says."""

    name: ClassVar[str] = "telegram"
    whispers: ClassVar[bool] = False  # an alert has room for a verdict, and none for buttons
    remembers: ClassVar[timedelta] = timedelta()  # it takes no key: sent twice a message is there twice
    token: str = field(repr=False)
    api_url: str
    proxy: str | None = field(repr=False)
    commands: Sequence[Command]
    handle: Handle
    post: Post
    clock: Clock
    start: Start
    files: Files = no_files
    request: Request = field(init=False)
    bot: Bot = field(init=False)
    limiter: Limiter = field(init=False)
    drawing: Drawing = field(init=False)
    writer: Writer = field(init=False)
    speaker: Speaker = field(init=False)
    listener: Listener | None = field(init=False, default=None)
    leaving: bool = field(init=False, default=False)
    _left: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _connected: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _delivering: int = field(init=False, default=0)
    _delivered: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.request = Request(self.proxy)
        self.bot = bot(self.token, self.api_url, self.request)
        self.limiter = Limiter(self.clock)
        self.drawing = Drawing(self.clock)
        self.writer = Writer(self.bot, self.limiter)
        self.speaker = Speaker(self.writer, self.drawing, self.files)

    @property
    def busy(self) -> bool:
        """Whether anything is being said, but for the waiting for updates."""
        return self.request.under_way > 0 or self.speaker.drawn > 0

    @property
    def figures(self) -> dict[str, int]:
        """What an operator may want to know of it since the start."""
        heard = {} if self.listener is None else {**asdict(self.listener.intake.counts), "junk": self.listener.junk}
        return {**heard, "late": self.speaker.late, "waits": self.limiter.waits}

    async def run(self) -> None:
        """Listens until cancelled; Unusable where Telegram does not know the token."""
        polls = Request(self.proxy)
        try:
            await self.request.initialize()
            await polls.initialize()
            me = await self._me()
            self.writer.me = me
            self._connected.set()
            self.start(self.drawing.run())
            self.start(self._offer_commands())  # nobody waits for a menu
            self.listener = Listener(
                poll=Updates(self.token, self.api_url, polls),
                post=self.post,
                clock=self.clock,
                handle=self.handle,
                say=self.speaker.answer,
                start=self.start,
                me=me,
            )
            self.listener.intake.leaving = self.leaving
            log.info("telegram connected")
            await self.listener.run()
            await self._left.wait()  # what was begun is still being said
        finally:
            await polls.shutdown()
            await self.request.shutdown()

    async def leave(self) -> None:
        """Begins nothing more, and returns when what is under way is said, a few seconds at most."""
        self.leaving = True
        try:
            # A fuse in the machine's time: whoever ends the program does not wait for a clock that is held.
            async with asyncio.timeout(LEAVE_S):
                if self.listener is not None:
                    await self.listener.intake.leave()
                while self._delivering:
                    self._delivered.clear()
                    await self._delivered.wait()
        except TimeoutError:
            log.warning("ended while something was being said")
        finally:
            self._left.set()

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        chat, thread = place_of(room)
        await self._ready(chat)
        place, words, shown = Place(chat, thread, delivery.lane), spoken(reader), delivery.shown
        self._delivering += 1
        try:
            if reply.away:
                await self.speaker.take_away(place, shown, age_hours=delivery.age_hours)
                return ()
            if reply.edit and shown:
                return await self.speaker.edit(place, Shown(tuple(shown)), reply, words=words, delivery=delivery)
            return await self.speaker.send(place, reply, words, delivery)
        except TelegramError as error:
            if isinstance(error, ChatMigrated):
                await self._moved(room, error.new_chat_id)
            raise undeliverable(error, self.clock.now()) from error
        finally:
            self._delivering -= 1
            self._delivered.set()

    async def _moved(self, room: str, chat: int) -> None:
        """The room has another name by now: told as the update would have told it, which may be lost."""
        await self.handle(Incoming("room", self.name, "", room, f"moved {chat}"))

    async def _ready(self, chat: int) -> None:
        """Undeliverable where nothing can go out, or is to begin."""
        try:
            async with asyncio.timeout(CONNECT_S):  # a fuse in the machine's time, as above
                await self._connected.wait()
        except TimeoutError:
            raise Undeliverable("not connected") from None
        now = self.clock.now()
        if self.leaving:
            raise Undeliverable("the program ends", retry_at=now + RETRY)
        if (at := self.limiter.held_until(chat)) > now + LONG_WAIT:  # else a lease would end before the message went
            raise Undeliverable("the chat has to wait", retry_at=at)

    async def runs(self, room: str, account: str) -> bool:
        chat, _ = place_of(room)
        try:
            member = await self.bot.get_chat_member(chat, int(account))
        except TelegramError as error:
            log.info("membership unknown", reason=type(error).__name__)
            if fate(error) in {Fate.BUSY, Fate.LOST}:
                raise undeliverable(error, self.clock.now()) from error
            return False
        return member.status in STAFF

    async def lacks(self, room: str) -> tuple[Need, ...]:  # noqa: ARG002 - the same everywhere
        """Nothing: who is a member of a group may write there."""
        return ()

    async def _me(self) -> str:
        """The bot's user name, as soon as Telegram tells it, and lets polls in whatever was set before."""
        while True:
            try:
                me = await self.bot.get_me()
                await self.bot.delete_webhook()  # as long as there is one every poll is refused with a 409
                return str(me.username)
            except InvalidToken:
                raise Unusable("Telegram does not know this token: take it from @BotFather again.") from None
            except TelegramError as error:
                log.warning("telegram not reached", reason=type(error).__name__)
                await self.clock.sleep_until(self.clock.now() + max(RETRY, pause(error)))

    async def _offer_commands(self) -> None:
        """The menu behind the slash, in each language and kind of chat; without it the bot works all the same."""
        scopes: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
            (BotCommandScopeAllPrivateChats(), tuple(one.name for one in self.commands if one.listed)),
            (BotCommandScopeAllGroupChats(), IN_GROUPS),
        )
        for language in LANGUAGES:
            for scope, names in scopes:
                await self._offered(Words(language, "written"), scope, names)

    async def _offered(self, words: Words, scope: BotCommandScope, names: Sequence[str]) -> None:
        """One menu, as often as it takes while Telegram is busy or out of reach."""
        for failures in count():
            try:
                await self._offer(words, scope, names)
            except TelegramError as error:
                log.warning("commands not offered", reason=type(error).__name__)
                if fate(error) in {Fate.BUSY, Fate.LOST}:
                    await self.clock.sleep_until(self.clock.now() + max(backed_off(failures), pause(error)))
                    continue
            return

    async def _offer(self, words: Words, scope: BotCommandScope, names: Sequence[str]) -> None:
        tag = TAGS.get(words.language)
        if tag is None:
            return
        listed = [BotCommand(one.name, words.say(one.about)) for one in self.commands if one.name in names]
        await self.bot.set_my_commands(listed, scope=scope, language_code=tag or None)
