"""The gateway: sessions, what they still have to be told, and the sockets that tell it."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS, MEMBERS, PRESENCES, GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT = (1 << bit for bit in (0, 1, 8, 9, 12, 15))
PRIVILEGED = MEMBERS | PRESENCES | CONTENT
SENDS, SENDS_SPAN = 120, timedelta(seconds=60)  # what a client may send on one connection
UNKNOWN_OP, NO_TOKEN, TOO_MANY, NO_INTENTS = 4001, 4004, 4008, 4014
_HEADS = {"GUILD": GUILDS, "CHANNEL": GUILDS, "THREAD": GUILDS, "INTERACTION": 0}


@dataclass(slots=True, eq=False)
class Session:
    """What one shard of one client was told: ``events`` in their order, the number of each is its place from 1."""

    id: str
    shard: int
    shards: int
    intents: int
    events: list[Json] = field(default_factory=list)
    connection: "Connection | None" = None

    def hears(self, event: str, guild: int | None) -> bool:
        """Whether it is told of such an event, in that guild or in none."""
        if event.startswith("GUILD_MEMBER"):
            needed = MEMBERS
        elif event.startswith("MESSAGE"):
            needed = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        else:
            needed = _HEADS[event.partition("_")[0]]
        mine = ((guild or 0) >> 22) % self.shards == self.shard
        return mine and needed & self.intents == needed

    def add(self, event: str, payload: Json) -> None:
        self.events.append({"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": payload})


class Sessions:
    """All sessions, and the bell that rings at each change."""

    def __init__(self) -> None:
        self.all: dict[str, Session] = {}
        self.started = 0
        self._stirred = asyncio.Event()

    def start(self, shard: tuple[int, int], intents: int) -> Session:
        """A new session; one of the same shard that nobody is connected to is forgotten."""
        self.all = {id_: one for id_, one in self.all.items() if one.connection or one.shard != shard[0]}
        self.started += 1
        session = Session(f"session{self.started}", *shard, intents)
        self.all[session.id] = session
        return session

    def tell(self, event: str, payload: Json, *, guild: int | None) -> None:
        """Everybody whom an event concerns will be told."""
        for session in self.all.values():
            if session.hears(event, guild):
                session.add(event, payload)
        self.stir()

    def stir(self) -> None:
        """Who waits for a change looks again."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def stirred(self) -> None:
        """Waits for the next change."""
        await self._stirred.wait()


class Connection:
    """One socket. ``told`` is the number of the last event that went through it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.session: Session | None = None
        self.told = 0
        self.sends: list[datetime] = []
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def send(self, message: Json) -> None:
        """One message, in the stream that was asked for, or plain."""
        text = json.dumps(message, ensure_ascii=False)
        if self._stream is None:
            await self.socket.send_str(text)
        else:
            squeezed = self._stream.compress(text.encode())
            await self.socket.send_bytes(squeezed + self._stream.flush(zlib.Z_SYNC_FLUSH))

    def abort(self) -> None:
        """The line breaks, without a word."""
        if self.request.transport:
            self.request.transport.abort()

    def next(self) -> Json | None:
        """The first event that has not gone through this socket yet."""
        events = self.session.events if self.session else []
        return events[self.told] if self.told < len(events) else None


Welcome = Callable[[], tuple[Json, list[Json]]]  # READY without its session, and the guilds


class Gateway:
    """The socket's side. ``overlap``: at the next RESUME so many events come once more than were missed."""

    def __init__(self, sessions: Sessions, welcome: Welcome, *, now: Callable[[], datetime], token: str) -> None:
        self.sessions = sessions
        self.url = ""
        self.beats_ms = 41250
        self.overlap = 0
        self.allowed = 0  # privileged intents that the application was given
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.open: set[Connection] = set()
        self._welcome = welcome
        self._now = now
        self._token = token

    def drop(self) -> None:
        """Every line breaks; who comes back may resume."""
        for connection in self.open:
            connection.abort()

    def forget(self) -> None:
        """No session can be resumed any more."""
        for session in self.sessions.all.values():
            session.id = ""
        self.sessions.all.clear()

    async def reconnect(self) -> None:
        """Every client is told to come back, as before a restart of Discord's."""
        for connection in tuple(self.open):
            await connection.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Every client is told that its session is over."""
        if not resumable:
            self.forget()
        for connection in tuple(self.open):
            await connection.send({"op": INVALID, "d": resumable})

    async def close(self, code: int) -> None:
        """Every line is closed with a code."""
        for connection in tuple(self.open):
            await connection.socket.close(code=code)

    async def answer(self, request: web.Request) -> web.WebSocketResponse:
        """One client, from its first word to its last."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.open.add(connection)
        await connection.send({"op": HELLO, "d": {"heartbeat_interval": self.beats_ms}})
        telling = asyncio.create_task(self._tell(connection))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(connection, json.loads(message.data))
        finally:
            telling.cancel()
            self._leave(connection)
        return socket

    def _leave(self, connection: Connection) -> None:
        self.open.discard(connection)
        if connection.session and connection.session.connection is connection:
            connection.session.connection = None
        self.sessions.stir()

    async def _tell(self, connection: Connection) -> None:
        while not connection.socket.closed:
            event = connection.next()
            if event is None:
                await self.sessions.stirred()
                continue
            connection.told += 1
            try:
                await connection.send(event)
            except ConnectionError:
                return  # who comes back is told again
            if connection.next() is None:
                self.sessions.stir()  # somebody may wait for that

    async def _take(self, connection: Connection, message: Json) -> None:
        if self._too_many(connection):
            await connection.socket.close(code=TOO_MANY)
        elif message["op"] == HEARTBEAT:
            await connection.send({"op": ACK})
        elif message["op"] == IDENTIFY:
            await self._identify(connection, message["d"])
        elif message["op"] == RESUME:
            await self._resume(connection, message["d"])
        else:
            await connection.socket.close(code=UNKNOWN_OP)

    def _too_many(self, connection: Connection) -> bool:
        now = self._now()
        connection.sends = [at for at in connection.sends if now - at < SENDS_SPAN] + [now]
        return len(connection.sends) > SENDS

    async def _identify(self, connection: Connection, given: Json) -> None:
        self.identified.append(given)
        intents = given["intents"]
        if given["token"] != self._token:
            await connection.socket.close(code=NO_TOKEN)
        elif intents & PRIVILEGED & ~self.allowed:
            await connection.socket.close(code=NO_INTENTS)
        else:
            shard, shards = given.get("shard", (0, 1))
            self._begin(connection, self.sessions.start((shard, shards), intents))

    def _begin(self, connection: Connection, session: Session) -> None:
        ready, guilds = self._welcome()
        mine = [one for one in guilds if (int(one["id"]) >> 22) % session.shards == session.shard]
        unseen = [{"id": one["id"], "unavailable": True} for one in mine]
        about = {"session_id": session.id, "resume_gateway_url": self.url, "shard": [session.shard, session.shards]}
        session.add("READY", ready | about | {"guilds": unseen})
        for guild in mine:
            session.add("GUILD_CREATE", guild)
        self._bind(connection, session)

    def _bind(self, connection: Connection, session: Session, *, told: int = 0) -> None:
        connection.session, session.connection = session, connection
        connection.told = told
        self.sessions.stir()

    async def _resume(self, connection: Connection, given: Json) -> None:
        self.resumed.append(given)
        session = self.sessions.all.get(given["session_id"])
        if session is None or given["token"] != self._token or given["seq"] is None:
            await connection.send({"op": INVALID, "d": False})
            return
        told = max(1, given["seq"] - self.overlap)  # READY does not come again
        self.overlap = 0
        session.add("RESUMED", {"_trace": []})
        self._bind(connection, session, told=told)
