"""discord.py at its barest: one handler for all that is pressed, which writes the same words and buttons every time."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import discord
from discord.http import Route

from tests.bench.press.verdict import BUTTONS, WORDS

TOKEN = "a.bench.token"


class Client(discord.AutoShardedClient):
    """The view is made once: less than any bot can do."""

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
