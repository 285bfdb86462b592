"""Bare HTTP to the fake Discord: what no library would send can be tried."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.fakes.discord import Discord
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import Interaction
from tests.fakes.discord_messages import Message

Json = dict[str, Any]
BUTTON: Json = {"type": 2, "style": 1, "label": "A", "custom_id": "a"}
TEXT: Json = {"type": 10, "content": "题"}
FORM: Json = {
    "custom_id": "f",
    "title": "填空",
    "components": [{"type": 18, "label": "第 1 空", "component": {"type": 4, "custom_id": "0", "style": 1}}],
}
COMMAND: Json = {
    "name": "study",
    "name_localizations": {"zh-CN": "做题"},
    "description": "Questions",
    "options": [{"type": 3, "name": "words", "description": "More"}],
    "contexts": [0, 1, 2],
    "integration_types": [0, 1],
}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


@dataclass(frozen=True, slots=True)
class Bare:
    """Bare HTTP to the fake, as its bot."""

    http: ClientSession
    server: Discord

    async def call(self, route: str, body: object = None, **more: Any) -> tuple[int, Any]:
        """The status and the answer to a call: "POST /users/@me/channels"."""
        method, _, path = route.partition(" ")
        head: Json = {"headers": {"Authorization": f"Bot {self.server.token}"}}
        given: Json = head | ({} if body is None else {"json": body}) | more
        async with self.http.request(method, self.server.api_url + path, **given) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def code(self, route: str, body: object = None) -> int:
        """Discord's own number of a refusal."""
        _, told = await self.call(route, body)
        found: int = told["code"]
        return found

    async def answer(self, asked: Interaction, sort: int, told: Json | None = None) -> int:
        """The number of the refusal of a first answer, 0 where it was taken."""
        status, said = await self.call(
            f"POST /interactions/{asked.id}/{asked.token}/callback", {"type": sort} | ({"data": told} if told else {})
        )
        return 0 if status == 204 else int(said["code"])

    async def sent(self, room: Channel, **fields: object) -> Message:
        """A message of the bot's, in a channel."""
        _, told = await self.call(f"POST /channels/{room.id}/messages", {"content": "?"} | fields)
        return room.messages[int(told["id"])]
