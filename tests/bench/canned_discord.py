"""A Discord that answers from a can: REST and gateway as fast as aiohttp serves them, in a process of its own.

``python -m tests.bench.canned_discord FILE`` reads the presses of each learner (a JSON list of lists), prints its port,
tells the first of each at once and the next as soon as the one before was answered; ``/wait`` says when all were.
"""

import asyncio
import json
import sys
import zlib
from pathlib import Path
from typing import Any

from aiohttp import web

ME = {"id": "4242", "username": "bench", "discriminator": "0", "global_name": None, "avatar": None, "bot": True}
ABOUT = {"id": ME["id"], "name": "bench", "description": "", "icon": None, "owner": ME, "team": None, "flags": 0}
APPLICATION = ABOUT | {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0", "summary": ""}
HELLO, IDENTIFY, HEARTBEAT, ACK = 10, 2, 1, 11


class Canned:
    """Tells the presses and counts the answers."""

    def __init__(self, presses: list[list[dict[str, Any]]]) -> None:
        self.next = {
            one["token"]: after for mine in presses for one, after in zip(mine, [*mine[1:], None], strict=True)
        }
        self.first = [mine[0] for mine in presses]
        self.left = len(self.next)
        self.done = asyncio.Event()
        self.told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.port = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/wait", self.wait)
        app.router.add_get("/gateway/", self.gateway)
        app.router.add_get("/gateway", self.gateway)
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self.answered)
        app.router.add_route("*", "/api/v10/{path:.+}", self.begun)
        return app

    async def wait(self, _request: web.Request) -> web.Response:
        await self.done.wait()
        return web.Response()

    async def begun(self, request: web.Request) -> web.Response:
        """What is asked at the start; and whatever is said besides answers becomes a message."""
        path = request.match_info["path"]
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        bot = {"url": f"ws://127.0.0.1:{self.port}/gateway", "shards": 1, "session_start_limit": limit}
        known = {"gateway/bot": bot, "users/@me": ME, "oauth2/applications/@me": APPLICATION}
        return _json([] if path.endswith("/commands") else known.get(path, {"id": "1"}))

    async def answered(self, request: web.Request) -> web.Response:
        await request.read()
        token = request.match_info["token"]
        after = self.next.pop(token, None)
        self.left -= 1
        if after is not None:
            self.told.put_nowait(after)
        if not self.left:
            self.done.set()
        if "with_response" not in request.query:
            return web.Response(status=204)
        about = {
            "id": request.match_info["id"],
            "type": 3,
            "response_message_id": "1",
            "response_message_loading": False,
        }
        return _json({"interaction": about, "resource": {"type": 7, "message": self.first[0]["message"]}})

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        stream = zlib.compressobj()

        async def send(told: dict[str, Any]) -> None:
            squeezed = stream.compress(json.dumps(told, ensure_ascii=False).encode())
            await socket.send_bytes(squeezed + stream.flush(zlib.Z_SYNC_FLUSH))

        await send({"op": HELLO, "d": {"heartbeat_interval": 60_000}})
        async for message in socket:
            heard = json.loads(message.data)
            if heard["op"] == HEARTBEAT:
                await send({"op": ACK})
            if heard["op"] == IDENTIFY:
                break
        ready = {"v": 10, "user": ME, "application": {"id": ME["id"], "flags": 0}, "private_channels": [], "guilds": []}
        ready |= {"session_id": "s", "resume_gateway_url": "ws://127.0.0.1", "shard": [0, 1], "_trace": []}
        await send({"op": 0, "t": "READY", "s": 1, "d": ready})
        await self.tell(send)
        return socket

    async def tell(self, send: Any) -> None:
        for one in self.first:
            self.told.put_nowait(one)
        number = 1
        while True:
            number += 1
            await send({"op": 0, "t": "INTERACTION_CREATE", "s": number, "d": await self.told.get()})


def _json(told: object) -> web.Response:
    """Under exactly the name that discord.py takes for JSON: no charset."""
    return web.Response(body=json.dumps(told).encode(), content_type="application/json")


async def main(canned: Canned) -> None:
    runner = web.AppRunner(canned.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    canned.port = runner.addresses[0][1]
    sys.stdout.write(f"{canned.port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Canned(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
