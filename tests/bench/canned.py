"""A Bot API that answers from a can: as fast as a server in Python can be, in a process of its own.

``python -m tests.bench.canned FILE`` reads the updates (a JSON list), prints its port, and says at ``/wait`` when
every press was both acknowledged and edited.
"""

import asyncio
import json
import sys
from pathlib import Path

BATCH = 100
MESSAGE = b'{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}'
ANSWERS = {
    "getMe": b'{"id":1,"is_bot":true,"first_name":"b","username":"bench_bot"}',
    "editMessageText": MESSAGE,
    "sendMessage": MESSAGE,
}


class Canned:
    """Hands the updates out and counts what comes back."""

    def __init__(self, updates: list[dict[str, object]]) -> None:
        self.updates = updates
        self.given = 0
        self.left = {"answerCallbackQuery": len(updates), "editMessageText": len(updates)}
        self.done = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method = head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].split(b"?")[0].decode()
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                await reader.readexactly(length)
                writer.write(framed(await self.answer(method)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, method: str) -> bytes:
        if method == "wait":
            await self.done.wait()
        if method == "getUpdates":
            return await self.batch()
        if method in self.left:
            self.left[method] -= 1
            if not any(self.left.values()):
                self.done.set()
        return b'{"ok":true,"result":' + ANSWERS.get(method, b"true") + b"}"

    async def batch(self) -> bytes:
        found, self.given = self.updates[self.given : self.given + BATCH], self.given + BATCH
        if not found:
            await self.done.wait()
            await asyncio.sleep(0.05)
        return json.dumps({"ok": True, "result": found}).encode()


def framed(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def main(canned: Canned) -> None:
    server = await asyncio.start_server(canned.serve, "127.0.0.1", 0, limit=1 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Canned(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
