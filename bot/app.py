"""The composition root: settings, storage, services and router, put together; the only place that starts tasks."""

import asyncio
import gc
import hashlib
import re
import zlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from random import Random, SystemRandom
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pydantic import SecretStr

import bot
from bot.clock import HeldClock, SystemClock
from bot.commands import ANSWERS
from bot.domain.doubts import doubted
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.question import Reading
from bot.formats import FORMATS
from bot.formats.format import NotAPaper, Tick
from bot.platforms.platform import Command, Wired
from bot.ports.chat import PLATFORMS, Wire
from bot.ports.clock import Clock
from bot.ports.post import Post
from bot.router import Router
from bot.services.ids import Ids
from bot.services.importing import Imported
from bot.services.post import Bell, Counts, Sender, Start, Ticker
from bot.services.services import Services
from bot.services.today import House
from bot.settings import Settings
from bot.storage.migrate import migrate, shipped
from bot.storage.outbox import Outbox
from bot.storage.sqlite import SqliteStorage, Synchronous
from bot.storage.store import Store

if TYPE_CHECKING:
    from bot.platforms.discord.discord import Discord
    from bot.platforms.telegram.telegram import Telegram

MODES: dict[str, Synchronous] = {"full": "FULL", "normal": "NORMAL"}
STDIN = "-"
LONGEST_CODE = 48  # a link carries 64 bytes, "set_" before it and a checksum behind it
GARBAGE = (20_000, 20, 50)  # collect so rarely: by the defaults about a quarter of 64 busy learners' CPU went there
Figures = Mapping[str, Mapping[str, int]]  # what was counted since the start, by where
BUNDLED = {"zh-Hans": "xai", "zh-Hant": "xai", "en": "xai-en"}


@dataclass(frozen=True, slots=True)
class App:
    """The program while its database is open."""

    engine: SqliteStorage
    store: Store
    services: Services
    router: Router
    clock: Clock
    wires: dict[str, Wire]  # the way out to each platform, once it is there

    async def bundle(self) -> None:
        """Brings the bundled sets to what ships with the program; does nothing where they are that already."""
        for path in sorted(shipped("questions").glob("*.yaml")):
            data = path.read_bytes()
            known = await self.store.set(path.stem)
            if known is None or known.digest != fingerprint(data):
                await self.take(read(data, path.name), path.stem, data, replacing=True)

    async def take(
        self, reading: Reading, code: str, data: bytes, *, accept: Collection[str] = (), replacing: bool = False
    ) -> Imported:
        """Reads what a file said into the set ``code``; StudyBotError where that is not the file's own place."""
        ours = shipped("questions") / f"{code}.yaml"
        if ours.exists() and ours.read_bytes() != data:  # the next start would make it ours again
            raise StudyBotError(Text("import.bundled", {"code": code}))
        source = fingerprint(data, accept)
        return await self.services.importing.read(reading, code, source=source, accept=accept, replacing=replacing)


@asynccontextmanager
async def opened(
    settings: Settings,
    language_of: Callable[[str | None], str],
    clock: Clock | None = None,
    *,
    dice: Random | None = None,
) -> AsyncIterator[App]:
    """The program with its database current and open; NotStored says in one sentence why not."""
    path = settings.database
    await asyncio.to_thread(migrate, path)
    engine = await SqliteStorage.open(path, synchronous=MODES[settings.synchronous])
    store = Store(engine)
    try:
        dice = dice or Random(settings.seed)  # noqa: S311 - the dice of a game
        clock = clock or SystemClock()
        house = House(store, clock, dice, Ids(SystemRandom()))  # a seed repeats what is shown, never an id
        zone = settings.zone or local_zone()
        wires: dict[str, Wire] = {}
        services = Services(
            house,
            zone=zone,
            bundled=BUNDLED,
            platforms=connected(settings),
            wires=wires,
            admins=settings.operators,
        )
        settle()
        yield App(engine, store, services, Router(services, language_of), clock, wires)
    finally:
        await store.close()


def connected(settings: Settings) -> frozenset[str]:
    """The platforms that this program talks on, beside the terminal."""
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    return frozenset(name for name, token in tokens.items() if token is not None)


class Over(Exception):  # noqa: N818 - what it says
    """Ends the program's tasks: it was asked to end, and what was under way is done."""


async def serve(
    settings: Settings,
    language_of: Callable[[str | None], str],
    commands: Sequence[Command],
    *,
    end: asyncio.Event,
    dice: Random | None = None,
) -> None:
    """Talks on every connected platform until ``end``; a group of Unusable where one of them cannot be connected.

    ``dice`` are for tests that know the throws; else the seed's.
    """
    held = None if settings.clock is None else HeldClock(settings.clock.removeprefix("unix:"))
    async with opened(settings, language_of, held, dice=dice) as app, asyncio.TaskGroup() as group:
        if held is not None:
            group.create_task(held.run())
            await held.begin()
        await app.bundle()
        outbox = Outbox(app.engine)
        ties = Ties(outbox, commands, group.create_task)
        wired = [MAKES[name](settings, app, ties) for name in sorted(connected(settings))]
        app.wires.update({one.name: one for one in wired})
        counts = Counts()
        counts.lose(await outbox.recover())
        workers: list[Ticker | Sender] = [
            Ticker(outbox, app.clock, Bell(app.clock), app.router.wake, group.create_task),
            *(
                Sender(name, app.wires.get(name), outbox, app.clock, Bell(app.clock), group.create_task, counts)
                for name in PLATFORMS
            ),
        ]

        def ring() -> None:
            for one in workers:
                one.bell.ring()

        app.engine.on_post = ring
        if held is not None:
            held.busy = lambda: app.engine.busy or any(one.busy for one in wired)

        def figures() -> Figures:
            return {"outbox": asdict(counts), **{one.name: one.figures for one in wired}}

        group.create_task(kept_up(settings.database, app.clock, group.create_task, figures))
        for one in (*workers, *wired):
            group.create_task(one.run())
        await end.wait()
        await asyncio.gather(*(one.leave() for one in wired))
        await outbox.take_in(())  # behind whatever is being written
        raise Over


async def kept_up(path: Path, clock: Clock, start: Start, figures: Callable[[], Figures]) -> None:
    """Has the database looked after at its hours, which a held clock rings itself; ``figures`` are told each hour."""
    from bot.upkeep import WORK, Upkeep  # noqa: PLC0415 - with APScheduler, for a program that runs for days

    upkeep = Upkeep(path, clock)
    for name in WORK:
        start(upkeep.run(name))
    start(upkeep.tell(figures))
    if isinstance(clock, HeldClock):
        clock.ring = upkeep.ring
        return
    with upkeep.ringing():
        await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a platform to the program: its inbox, the table of commands, and who starts its tasks."""

    post: Post
    commands: Sequence[Command]
    start: Start


def telegram_of(settings: Settings, app: App, ties: Ties) -> "Telegram":
    """The bot on Telegram that the settings name."""
    from bot.platforms.telegram.telegram import Telegram  # noqa: PLC0415 - half a second, for those who are connected

    return Telegram(
        token=revealed(settings.telegram_token),
        api_url=settings.telegram_api_url,
        proxy=revealed(settings.proxy) or None,
        commands=ties.commands,
        handle=app.router.handle,
        post=ties.post,
        clock=app.clock,
        start=ties.start,
        files=app.services.export.made,
    )


def discord_of(settings: Settings, app: App, ties: Ties) -> "Discord":
    """The bot on Discord that the settings name."""
    from bot.platforms.discord.discord import Discord  # noqa: PLC0415 - as above

    return Discord(
        token=revealed(settings.discord_token),
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        proxy=revealed(settings.proxy) or None,
        commands=ties.commands,
        answers=ANSWERS,
        handle=app.router.handle,
        post=ties.post,
        clock=app.clock,
        start=ties.start,
        files=app.services.export.made,
        aloud=app.services.groups.aloud,
    )


def revealed(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()


MAKES: Mapping[str, Callable[[Settings, App, Ties], Wired]] = {
    "telegram": telegram_of,
    "discord": discord_of,
}


def settle() -> None:
    """What was loaded up to now stays for good: the garbage collector no longer walks it, and comes less often."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def read(data: bytes, name: str, tick: Tick = lambda _done, _total: None) -> Reading:
    """What the first format that fits makes of a file, with every doubt; UnreadableError where none does."""
    for kind in FORMATS:
        if kind.fits(data, name):
            reading = kind.read(data, name, tick=tick)
            return replace(reading, drafts=tuple(map(doubted, reading.drafts)))
    raise NotAPaper(f"{name}: neither an exam paper as text nor a pack of questions.")


def code_of(reading: Reading, name: str, *, chosen: str = "") -> str:
    """The code of the set a file is read into: the one chosen, else the pack's own, else made of the file's name.

    Standard input has no name: there it is made of the paper's title, or of its first question where it has none.
    """
    if chosen:
        return slug(chosen)
    first = next((f"{draft.stem}{draft.parts}" for draft in reading.drafts), "")
    return reading.code or slug(reading.title or first if name == STDIN else PurePath(name).stem)


def slug(name: str) -> str:
    """A code that fits a link; names that differ in more than large and small letters have different ones."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-").lower()[:LONGEST_CODE]
    return plain if plain and plain == name.lower() else f"{plain or 'set'}-{zlib.crc32(name.encode()):x}"


def fingerprint(data: bytes, accept: Collection[str] = ()) -> str:
    """What a set was read from: the bytes, the accepted doubts, and the reader's version."""
    head = "\n".join((bot.__version__, *sorted(accept), ""))
    return hashlib.sha256(head.encode() + data).hexdigest()


def local_zone() -> str:
    """The machine's IANA zone; UTC where it has none that is known."""
    import tzlocal  # noqa: PLC0415 - only where a zone is not set

    name = tzlocal.get_localzone_name() or "UTC"
    try:
        ZoneInfo(name)
    except (LookupError, ValueError):
        return "UTC"
    return name
