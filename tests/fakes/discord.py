"""Discord's API and gateway on loopback: real HTTP, a real websocket, and every fault that a wire can have."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from tests.fakes.discord_chats import Channel, Guild, World
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_messages import File
from tests.fakes.discord_people import Person
from tests.fakes.discord_routes import ROUTES, Call
from tests.fakes.discord_rules import Json, Refused
from tests.fakes.discord_spec import specification

T = TypeVar("T")
Sign = Literal["refuse", "html", "hang", "drop", "drop_after"]

TOKEN = "NDI0Mg.TEST.discord"
BODY_BYTES = 50 * 2**20
BROKEN = Refused("Internal Server Error", status=500)
UNAUTHORIZED = Refused("401: Unauthorized", status=401)
NOT_FOUND = Refused("404: Not Found", status=404)
MALFORMED = Refused("The request body contains invalid JSON.", 50109)
_OPEN = ("/interactions/", "/webhooks/")  # what a token in the address opens


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next calls of a route ("" for any)."""

    sign: Sign
    route: str = ""
    refused: Refused = BROKEN


class Discord:
    """The server. ``log`` has every call, ``violations`` every rule of Discord's that one broke."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), *, token: str = TOKEN) -> None:
        me = {"id": "4242", "username": "Studybot", "discriminator": "0", "global_name": None, "avatar": None}
        self.world = World(now, me | {"bot": True, "public_flags": 0})
        self.token = token
        self.gateway = Gateway(self.world.sessions, self._welcome, now, token)
        self.shards = 1
        self.log: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.spec = specification()
        self.port = 0
        self._open = False
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    async def start(self) -> None:
        """Listens: the first time on a free port, then on the same one again."""
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_get("/gateway", self.gateway.answer)
        app.router.add_get("/gateway/", self.gateway.answer)
        app.router.add_route("*", "/api/v10/{path:.+}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url
        self._open = True

    async def stop(self) -> None:
        """Listens no more; who is connected or hung is let go. What is kept stays for the next start."""
        self._open = False
        self.world.sessions.stir()
        self.gateway.drop()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(self, name: str, *, locale: str = "en-US", number: int | None = None) -> Person:
        """Somebody new, in no server yet."""
        person = Person(self.world, number or 1001 + len(self.world.people), name, locale)
        self.world.keep(person)
        return person

    def guild(
        self,
        name: str,
        *,
        owner: Person,
        members: Sequence[Person] = (),
        channels: Sequence[str] = (),
        bot: bool = True,
    ) -> Guild:
        """A new server, with the bot or without it."""
        guild = self.world.guild(name, owner, members)
        for channel in channels:
            guild.channel(channel)
        if bot:
            guild.adds_bot()
        return guild

    def aside(self, *people: Person) -> Channel:
        """Direct messages of a few people among themselves, without the bot."""
        channel = Channel(self.world, self.world.snowflake(), "", among=people)
        self.world.channels[channel.id] = channel
        return channel

    async def until(self, predicate: Callable[[], T], timeout: float = 10) -> T:  # noqa: ASYNC109 - tells what was seen
        """What the predicate says as soon as that is true; looked at again at each change, seconds at most."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await self.world.sessions.stirred()
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; last calls: {self.log[-5:]}") from None
        return found

    def calls(self, route: str) -> list[Call]:
        return [call for call in self.log if call.route == route]

    def fail(self, route: str = "", refused: Refused = BROKEN, *, times: int = 1, html: bool = False) -> None:
        """The next calls of a route are refused so; with ``html`` as a proxy does it, not as JSON."""
        self.faults += [Fault("html" if html else "refuse", route, refused)] * times

    def hang(self, route: str = "", *, times: int = 1) -> None:
        """The next calls are taken and never answered."""
        self.faults += [Fault("hang", route)] * times

    def drop(self, route: str = "", *, times: int = 1, after: bool = False) -> None:
        """The connection breaks before anything is done, or ``after`` it."""
        self.faults += [Fault("drop_after" if after else "drop", route)] * times

    def _welcome(self) -> tuple[Json, list[Json]]:
        application = {"id": self.world.me["id"], "flags": 0}
        ready = {"v": 10, "user": self.world.me, "application": application, "private_channels": [], "_trace": []}
        return ready, [guild.payload() for guild in self.world.guilds if guild.bot]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        route, path = _route(request)
        try:
            self._check_token(request)
            body, files = await self._body(request)
        except Refused as refused:
            return _refusal(refused)
        call = Call(route, path, dict(request.query), body, files, self.world.now())
        self.log.append(call)
        response = await self._outcome(call, request)
        self.world.sessions.stir()
        return response

    def _check_token(self, request: web.Request) -> None:
        """Refused unless the bot says who it is, where it has to."""
        open_ = request.match_info["path"].startswith(tuple(one.lstrip("/") for one in _OPEN))
        if not open_ and request.headers.get("Authorization") != f"Bot {self.token}":
            raise UNAUTHORIZED

    async def _body(self, request: web.Request) -> tuple[Any, list[File]]:
        """The body of a call and the files with it."""
        if not request.can_read_body:
            return {}, []
        try:
            if request.content_type != "multipart/form-data":
                return await request.json(), []
            form = await request.post()
            body = json.loads(str(form["payload_json"]))
        except (ValueError, KeyError):
            raise MALFORMED from None
        uploads = [value for value in form.values() if isinstance(value, web.FileField)]
        holder = body.get("data") or body
        about = {str(one["id"]): one.get("description") or "" for one in holder.get("attachments") or ()}
        return body, [
            File(self.world.snowflake(), one.filename, one.file.read(), about.get(re.sub(r"\D", "", one.name), ""))
            for one in uploads
        ]

    async def _outcome(self, call: Call, request: web.Request) -> web.StreamResponse:
        fault = next((one for one in self.faults if one.route in {"", call.route}), None)
        if fault is None:
            return self._effect(call)
        self.faults.remove(fault)
        if fault.sign == "drop_after":
            self._effect(call)
        elif fault.sign in {"refuse", "html"}:
            call.status, call.code = fault.refused.status, fault.refused.code
        return await self._break(fault, request)

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.sign == "refuse":
            return _refusal(fault.refused)
        if fault.sign == "html":
            page = f"<html><h1>{fault.refused}</h1></html>"
            return web.Response(status=fault.refused.status, text=page, content_type="text/html")
        self.world.sessions.stir()
        while fault.sign == "hang" and self._open:
            await self.world.sessions.stirred()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _effect(self, call: Call) -> web.Response:
        try:
            result = self._result(call)
        except Refused as refused:
            call.status, call.code = refused.status, refused.code
            return _refusal(refused)
        call.status = 204 if result is None else 200
        return _json(result, status=call.status)

    def _result(self, call: Call) -> Any:
        if call.route == "GET /gateway/bot":
            starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return {"url": self.gateway_url, "shards": self.shards, "session_start_limit": starts}
        act = ROUTES.get(call.route)
        if act is None:
            self.violations.append(f"{call.route}: is no address, or not built here")
            raise NOT_FOUND
        try:
            if self.spec:
                self.spec.check(call.route, call.body)
            return act(self.world, call)
        except Refused as refused:
            if refused.errors:
                self.violations.append(f"{call.route}: {refused}")
            raise


_PATTERNS = [
    (route.partition(" ")[0], re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.partition(" ")[2])), route)
    for route in sorted(ROUTES, key=lambda route: route.count("{"))
]


def _route(request: web.Request) -> tuple[str, dict[str, str]]:
    """The route of an address, as the specification writes it, and what stands in its places."""
    path = f"/{request.match_info['path']}"
    for method, pattern, route in _PATTERNS:
        found = pattern.fullmatch(path)
        if found and method == request.method:
            return route, found.groupdict()
    return f"{request.method} {path}", {}


def _json(told: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON under exactly the name that discord.py takes for it: no charset."""
    if status == 204:
        return web.Response(status=status, headers=headers)
    body = json.dumps(told, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _refusal(refused: Refused) -> web.Response:
    """A 429 without Via would be taken for one of the proxy's."""
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after), "Via": "1.1 google"}
    return _json(refused.payload(), status=refused.status, headers=headers)
