"""The composition root: settings, storage, services and router, put together; the only place that starts tasks."""

import asyncio
import gc
import hashlib
import re
import zlib
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from random import Random, SystemRandom
from zoneinfo import ZoneInfo

import bot
from bot.domain.doubts import doubted
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Text
from bot.domain.question import Reading
from bot.formats import FORMATS
from bot.formats.format import NotAPaper, Tick
from bot.router import Router
from bot.services.ids import Ids
from bot.services.importing import Imported
from bot.services.services import Services
from bot.services.today import House
from bot.settings import Settings
from bot.storage.migrate import migrate, shipped
from bot.storage.sqlite import SqliteStorage, Synchronous
from bot.storage.store import Store

MODES: dict[str, Synchronous] = {"full": "FULL", "normal": "NORMAL"}
STDIN = "-"
LONGEST_CODE = 48  # a link carries 64 bytes, "set_" before it and a checksum behind it
GARBAGE = (20_000, 20, 50)  # collect so rarely: by the defaults a third of the time of 64 busy learners went there
BUNDLED = {"zh-Hans": "xai", "zh-Hant": "xai", "en": "xai-en"}


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads it

    async def sleep_until(self, instant: datetime) -> None:
        await asyncio.sleep(max(0.0, (instant - self.now()).total_seconds()))  # noqa: TID251 - the one place


@dataclass(frozen=True, slots=True)
class App:
    """The program while its database is open."""

    store: Store
    services: Services
    router: Router

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
async def opened(settings: Settings, language_of: Callable[[str | None], str]) -> AsyncIterator[App]:
    """The program with its database current and open; NotStored says in one sentence why not."""
    path = settings.database
    await asyncio.to_thread(migrate, path)
    store = Store(await SqliteStorage.open(path, synchronous=MODES[settings.synchronous]))
    try:
        dice = Random(settings.seed)  # noqa: S311 - the dice of a game
        house = House(store, SystemClock(), dice, Ids(SystemRandom()))  # a seed repeats what is shown, never an id
        services = Services.of(house, zone=settings.zone or local_zone(), bundled=BUNDLED)
        settle()
        yield App(store, services, Router(services, language_of))
    finally:
        await store.close()


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
