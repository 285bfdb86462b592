"""The calls of Discord's API that the bot makes: messages, answers to interactions, threads, private chats."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import ClientSession
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.platforms.discord.faults import Away
from bot.platforms.discord.tries import remembered

V2, HIDDEN, QUIET = 1 << 15, 1 << 6, 1 << 12  # flags: drawn by components, for one person alone, without a sound
Answer = Literal[4, 5, 6, 7, 9]  # a message, one that is to come, nothing yet, the pressed one changed, a form
MESSAGE: Answer = 4

Body = Mapping[str, Any]
File = tuple[str, bytes]  # a file's name, and what is in it


@dataclass(slots=True)
class Calls:
    """One call a method, by the library's client, which keeps to the limits that Discord tells with each answer.

    Interactions are answered by the library's other way, for webhooks: each has limits of its own, and the client
    remembers those of all for five minutes and looks through them at every call (a thousand of them: 1 ms).
    ``under_way`` counts those that wait for an answer.
    """

    http: HTTPClient = field(init=False)  # of the client that is connected
    session: ClientSession = field(init=False)  # of the same
    hooks: AsyncWebhookAdapter = field(default_factory=AsyncWebhookAdapter, init=False)
    longest_s: float = 30.0  # of a call, and of the library's tries at it: then nobody knows whether it arrived
    under_way: int = field(default=0, init=False)

    async def _made(self, route: Route, body: Body | Sequence[Body] | None = None, files: Sequence[File] = ()) -> Any:
        given: dict[str, Any] = {} if body is None else {"json": body}
        if files:
            given = {"form": _form(body, files)}
        with remembered():
            return await self._awaited(lambda: self.http.request(route, **given))

    async def _hooked(
        self, route: Route, body: Body | None = None, files: Sequence[File] = (), *, params: Body | None = None
    ) -> Any:
        form = _form(body or {}, files) if files else None
        given: dict[str, Any] = {"multipart": form, "params": params}
        given["payload"] = None if files or body is None else dict(body)
        return await self._awaited(lambda: self.hooks.request(route, self.session, **given))

    async def _awaited(self, call: Callable[[], Awaitable[Any]]) -> Any:
        self.under_way += 1
        try:
            async with asyncio.timeout(self.longest_s):  # a fuse in the machine's time
                return await call()
        except RuntimeError as error:  # the library's, of a session that was closed
            raise Away(str(error)) from error
        finally:
            self.under_way -= 1

    async def respond(
        self, interaction: str, token: str, *, kind: Answer, data: Body | None, files: Sequence[File] = ()
    ) -> str:
        """The first answer to an interaction; the id of the message, where it is one, else ""."""
        path = "/interactions/{webhook_id}/{webhook_token}/callback"  # as the library names them
        route = Route("POST", path, webhook_id=interaction, webhook_token=token)
        told = {"type": kind} if data is None else {"type": kind, "data": data}
        if kind != MESSAGE:
            await self._hooked(route, told, files)
            return ""
        made = await self._hooked(route, told, files, params={"with_response": "true"})
        return str(made["resource"]["message"]["id"])

    async def follow(self, app: str, token: str, data: Body, files: Sequence[File] = ()) -> str:
        """One more message to an interaction; its id."""
        sent = await self._hooked(_hook("POST", "", app, token), data, files)
        return str(sent["id"])

    async def change_first(self, app: str, token: str, data: Body, files: Sequence[File] = ()) -> str:
        """The message of the first answer, or the one that was pressed; its id."""
        changed = await self._hooked(_hook("PATCH", "/messages/@original", app, token), data, files)
        return str(changed["id"])

    async def change_told(self, app: str, token: str, message: str, *, data: Body, files: Sequence[File] = ()) -> None:
        """One of an interaction's messages, while that can be answered."""
        await self._hooked(_hook("PATCH", f"/messages/{message}", app, token), data, files)

    async def drop_first(self, app: str, token: str) -> None:
        await self._hooked(_hook("DELETE", "/messages/@original", app, token))

    async def send(self, channel: str, data: Body, files: Sequence[File] = ()) -> str:
        """A message to a channel; its id."""
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        sent = await self._made(route, data, files)
        return str(sent["id"])

    async def change(self, channel: str, message: str, data: Body, files: Sequence[File] = ()) -> None:
        await self._made(_message("PATCH", channel, message), data, files)

    async def delete(self, channel: str, message: str) -> None:
        await self._made(_message("DELETE", channel, message))

    async def private(self, user: str) -> str:
        """The id of the private chat with a person."""
        found = await self._made(Route("POST", "/users/@me/channels"), {"recipient_id": user})
        return str(found["id"])

    async def thread(self, channel: str, message: str, name: str) -> None:
        """A thread below a message, whose id it has."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        await self._made(Route("POST", path, channel_id=channel, message_id=message), {"name": name})

    async def said_in(self, thread: str) -> int:
        """How many messages were ever sent in a thread, those taken away counted too."""
        found = await self._made(Route("GET", "/channels/{channel_id}", channel_id=thread))
        return int(found["total_message_sent"])

    async def offer(self, app: str, commands: Sequence[Body]) -> None:
        """The commands behind the slash, all of them: what is not among them goes."""
        await self._made(Route("PUT", "/applications/{application_id}/commands", application_id=app), commands)

    async def member(self, guild: int, user: str) -> Any:
        """What Discord says of a member of a server."""
        return await self._made(Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=user))


def _hook(method: str, path: str, app: str, token: str) -> Route:
    whole = "/webhooks/{webhook_id}/{webhook_token}" + path
    return Route(method, whole, webhook_id=app, webhook_token=token)


def _message(method: str, channel: str, message: str) -> Route:
    path = "/channels/{channel_id}/messages/{message_id}"
    return Route(method, path, channel_id=channel, message_id=message)


def _form(body: object, files: Sequence[File]) -> list[dict[str, Any]]:
    """A body with files, as parts of a form."""
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body, ensure_ascii=False)}]
    for at, (name, content) in enumerate(files):
        kind = "application/octet-stream"
        parts.append({"name": f"files[{at}]", "value": content, "filename": name, "content_type": kind})
    return parts
