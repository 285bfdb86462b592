"""discord.py as it comes: buttons that outlive a restart, whose handler makes the one call and nothing else."""

from collections.abc import Coroutine
from pathlib import Path
from re import Match
from typing import Any, Self

import discord
from discord.http import Route

from tests.bench.press.verdict import BUTTONS, WORDS

TOKEN = "a.bench.token"


class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template=".+"):
    """A button known by its custom id, as the library has it for messages of before."""

    def __init__(self, label: str | None, action: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=action))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Match[str], /
    ) -> Self:
        return cls(getattr(item, "label", None), match[0])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=verdict())


def verdict() -> discord.ui.LayoutView:
    """A view of the same shape as ours: made for each press, for no two verdicts are alike."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(WORDS))
    for row in (BUTTONS[:1], BUTTONS[1:]):
        view.add_item(discord.ui.ActionRow(*(Pressed(text, data) for text, data in row)))
    return view


class Client(discord.AutoShardedClient):
    """Knows its buttons."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none(), max_messages=None, guild_ready_timeout=1.0)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Pressed)


async def ready(url: str, _database: Path) -> Coroutine[Any, Any, None]:
    Route.BASE = f"{url}/api/v10"
    return Client().start(TOKEN)
