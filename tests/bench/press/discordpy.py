"""discord.py as it comes: a handler that makes the one call and nothing else."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import discord
from discord.http import Route

from tests.bench.press.verdict import BUTTONS, WORDS

TOKEN = "a.bench.token"


class Client(discord.AutoShardedClient):
    """The view is made once, of the same shape as ours."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none(), max_messages=None, guild_ready_timeout=1.0)
        rows = (BUTTONS[:1], BUTTONS[1:])
        self.view = discord.ui.LayoutView(timeout=None)
        self.view.add_item(discord.ui.TextDisplay(WORDS))
        for row in rows:
            buttons: list[discord.ui.Button[Any]] = [
                discord.ui.Button(label=text, custom_id=data) for text, data in row
            ]
            self.view.add_item(discord.ui.ActionRow(*buttons))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=self.view)


async def ready(url: str, _database: Path) -> Coroutine[Any, Any, None]:
    Route.BASE = f"{url}/api/v10"
    return Client().start(TOKEN)
