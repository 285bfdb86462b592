"""Discord's API and gateway on loopback: real HTTP, a real websocket, and every fault that a wire can have."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from tests.fakes import discord_http as http
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_chats import Guild, World
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_limits import INVALID, Limits
from tests.fakes.discord_people import Person
from tests.fakes.discord_routes import ROUTES, Call
from tests.fakes.discord_rules import Json, Refused
from tests.fakes.discord_spec import specification

T = TypeVar("T")
Sign = Literal["none", "refuse", "html", "hang", "drop", "drop_after"]

TOKEN = "NDI0Mg.TEST.discord"
BODY_BYTES = 50 * 2**20
BROKEN = Refused("Internal Server Error", status=500)
UNAUTHORIZED = Refused("401: Unauthorized", status=401)
NOT_FOUND = Refused("404: Not Found", status=404)
BANNED = Refused("Access denied", status=429)
OPEN = ("interactions/", "webhooks/")  # what a token in the address opens


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
        self.gateway = Gateway(self.world.sessions, self._welcome, now=now, token=token)
        self.shards = 1
        self.log: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.limits = Limits()
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
        person = Person(self.world, number or 1001 + len(self.world.people), name=name, locale=locale)
        self.world.keep(person)
        return person

    def guild(
        self,
        name: str,
        *,
        owner: Person,
        managers: Sequence[Person] = (),
        members: Sequence[Person] = (),
        channels: Sequence[str] = (),
    ) -> Guild:
        """A new server with the bot in it; managers may manage it as its owner may."""
        guild = self.world.guild(name, owner=owner, members=[*managers, *members])
        guild.managers = {one.id for one in managers}
        for channel in channels:
            guild.channel(channel)
        guild.adds_bot()
        return guild

    def aside(self, *people: Person) -> Channel:
        """Direct messages of a few people among themselves, without the bot."""
        channel = Channel(self.world, self.world.snowflake(), among=people)
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

    def spare(self, route: str = "", *, times: int = 1) -> None:
        """The next calls go well, before those go wrong that are told so after this."""
        self.faults += [Fault("none", route)] * times

    def junk(self, event: str, payload: Json) -> None:
        """The gateway tells of something of any shape, in direct messages."""
        self.world.sessions.tell(event, payload, guild=None)

    def limit(self, scale: float = 1) -> None:
        """From now on it limits as Discord does, ``scale`` times as fast."""
        self.limits = Limits(on=True, scale=scale)

    @property
    def invalid(self) -> int:
        """How many calls of the last ten minutes count as invalid: refused with 401, 403 or 429."""
        return self.limits.invalid(self.world.now())

    def _welcome(self) -> tuple[Json, list[Json]]:
        application = {"id": self.world.me["id"], "flags": 0}
        ready = {"v": 10, "user": self.world.me, "application": application, "private_channels": [], "_trace": []}
        return ready, [guild.payload() for guild in self.world.guilds if guild.bot]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        route, path = http.route(request.method, f"/{request.match_info['path']}")
        call = Call(route, path, dict(request.query), None, [], self.world.now())
        self.log.append(call)
        try:
            self._check_token(request)
            call.body, call.files = await http.body(request, self.world)
        except Refused as refused:
            self.violations += [f"{route}: {refused}"] if refused.errors else []
            return self._refusal(call, refused)
        response = await self._outcome(call, request)
        self.world.sessions.stir()
        return response

    def _check_token(self, request: web.Request) -> None:
        """Refused unless the bot says who it is, where it has to."""
        if self.limits.invalid(self.world.now()) >= INVALID:
            raise BANNED
        open_ = request.match_info["path"].startswith(OPEN)
        if not open_ and request.headers.get("Authorization") != f"Bot {self.token}":
            raise UNAUTHORIZED

    def _refusal(self, call: Call, refused: Refused) -> web.Response:
        call.status, call.code = refused.status, refused.code
        self.limits.refused(refused, call.at)
        return http.page(refused) if refused is BANNED else http.refusal(refused)

    async def _outcome(self, call: Call, request: web.Request) -> web.StreamResponse:
        fault = next((one for one in self.faults if one.route in {"", call.route}), None)
        if fault is not None:
            self.faults.remove(fault)
        if fault is None or fault.sign == "none":
            return self._effect(call)
        if fault.sign == "refuse":
            return self._refusal(call, fault.refused)
        if fault.sign == "html":
            call.status = fault.refused.status
            return http.page(fault.refused)
        if fault.sign == "drop_after":
            self._effect(call)
        return await self._break(fault, request)

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        self.world.sessions.stir()
        while fault.sign == "hang" and self._open:
            await self.world.sessions.stirred()
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _effect(self, call: Call) -> web.Response:
        try:
            headers = self.limits.check(call)
            result = self._result(call)
        except Refused as refused:
            return self._refusal(call, refused)
        call.status = 204 if result is None else 200
        return http.answer(result, status=call.status, headers=headers)

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
