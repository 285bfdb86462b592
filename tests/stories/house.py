"""A story's house: the real services, router and timers over a database of its own, and whoever plays there."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from bot.app import BUNDLED
from bot.router import Router
from bot.services.ids import Ids
from bot.services.services import Services
from bot.services.today import House
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from bot.texts import language_of
from tests.fakes.clock import Hands
from tests.fakes.dice import Straight
from tests.fakes.wire import Screens
from tests.stories.hall import Hall
from tests.stories.notation import Story
from tests.stories.office import working
from tests.stories.player import Player, Wire, zone_of
from tests.stories.sets import Arrange, packs, reading, shown_first

ADMIN = "ada"  # runs the sets, in any story
PLAYERS: dict[Wire, type[Player]] = {"telegram": Player, "terminal": Player, "discord": Hall}


@asynccontextmanager
async def house(
    story: Story,
    path: Path,
    *,
    empty: Path,
    wire: Wire = "telegram",
    arrange: Arrange | None = None,
    platforms: Collection[str] | None = None,
    awake: bool = True,
) -> AsyncIterator[Player]:
    """A new database at the path, a copy of the ``empty`` one, with the story's sets in it.

    ``platforms``: where the bot says something first; else where the story is played, or on Telegram. It says nothing
    first unless it is ``awake``.
    """
    await asyncio.to_thread(shutil.copyfile, empty, path)
    engine = await SqliteStorage.open(path, synchronous="NORMAL")
    store = Store(engine)
    first = "discord" if wire == "discord" else "telegram"
    try:
        clock = Hands()
        dice: Random = Random(int(story.header["seed"])) if "seed" in story.header else Straight(1)  # noqa: S311 - a story's fuzz, no secret
        here = House(store, clock, dice, Ids(dice))
        screens = Screens(whispers=wire == "discord")
        spoken = (first,) if platforms is None else platforms
        zone = str(zone_of(story))
        admins = {(first, ADMIN)}
        services = Services(here, zone=zone, bundled=BUNDLED, platforms=spoken, wires={first: screens}, admins=admins)
        for code, file in packs(story).items():
            whole = reading(file)
            drafts = (arrange or shown_first(story))(list(whole.drafts))
            await services.importing.read(replace(whole, drafts=tuple(drafts)), code, source=code)
        router = Router(services, language_of)
        async with working(engine, router.wake, clock, screens=screens, awake=awake) as office:
            yield PLAYERS[wire](story, store, services, router, office, wire)
    finally:
        await store.close()


def migrated(path: Path) -> Path:
    """A database without a row at the path."""
    migrate(path)
    return path
