"""The way to the Bot API: what arrives, what breaks, what is never told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.platforms.telegram.faults import undeliverable
from bot.platforms.telegram.request import LONGEST_WAIT_S, Request, Updates, bot, refusal, trial
from tests.fakes.telegram import Telegram as Server
from tests.fakes.telegram_rules import Refused

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SECRET = "4242:SECRET"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
async def request_() -> AsyncIterator[Request]:
    way = Request()
    await way.initialize()
    yield way
    await way.shutdown()


@asynccontextmanager
async def listening(body: bytes, status: str = "200 OK") -> AsyncIterator[str]:
    """Somebody who answers everything with one body; their address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("500 Internal Server Error", f"<html>Cannot POST /bot{SECRET}/getMe</html>".encode()),
        ("404 Not Found", f"<html>Cannot POST /bot{SECRET}/getMe</html>".encode()),
        ("404 Not Found", b'{"detail": "Not Found"}'),
        ("200 OK", b"{half"),
        ("200 OK", b"[]"),
    ],
)
async def test_what_is_no_json_is_told_without_its_words(
    request_: Request, caplog: pytest.LogCaptureFixture, status: str, body: bytes
) -> None:
    """A page of a proxy may repeat the token: neither the error nor any log has it."""
    async with listening(body, status) as url:
        with pytest.raises(NetworkError) as caught:
            await bot(SECRET, url, request_).get_me()

    assert caught.value.message == "disconnected: no JSON"
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("502 Bad Gateway", (NetworkError, False)),
        ("503 Service Unavailable", (NetworkError, False)),
        ("504 Gateway Timeout", (TimedOut, True)),
        ("500 Internal Server Error", (NetworkError, True)),
    ],
)
async def test_a_page_of_a_gateway(
    request_: Request, caplog: pytest.LogCaptureFixture, status: str, expected: tuple[type[NetworkError], bool]
) -> None:
    """What it had nobody to hand on to has not arrived; what it handed on and nobody answered may have."""
    async with listening(f"<html>/bot{SECRET}/sendMessage</html>".encode(), status) as url:
        with pytest.raises(NetworkError) as caught:
            await bot(SECRET, url, request_).send_message(1, "x")
    found = undeliverable(caught.value, NOW)

    assert expected == (type(caught.value), found.unsure)
    assert SECRET not in f"{found} {caplog.text}"


async def test_nobody_there_and_closed(request_: Request) -> None:
    """What cannot have arrived says so; so does a way that is closed, which opens no session by itself."""
    with pytest.raises(NetworkError, match="no connection"):
        await bot("4242:T", "http://127.0.0.1:9", request_).get_me()
    await request_.shutdown()
    with pytest.raises(NetworkError, match="no connection"):
        await bot("4242:T", "http://127.0.0.1:9", request_).get_me()

    assert request_.under_way == 0


async def test_refusals_keep_their_classes(request_: Request) -> None:
    """400 with Telegram's words; 429 with how long to wait."""
    async with Server() as server:
        talks = bot(server.token, server.url, request_)
        server.fail("getMe", Refused("chat not found"))
        server.fail("getMe", Refused("Too Many Requests", code=429, retry_after=5))
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await talks.get_me()
        with pytest.raises(RetryAfter):
            await talks.get_me()
        me = await talks.get_me()

    assert me.username == "study_test_bot"


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (401, {"ok": False, "description": "Unauthorized"}, InvalidToken),
        (404, {"ok": False, "description": "Not Found"}, InvalidToken),
        (404, {}, NetworkError),
        (401, {"detail": "Not authenticated"}, NetworkError),
        (409, {"ok": False, "description": "Conflict"}, Conflict),
        (409, {}, NetworkError),
        (429, {"parameters": {"retry_after": 10**12}}, RetryAfter),
        (429, {"parameters": 7}, NetworkError),
        (500, {}, NetworkError),
        (200, {"ok": True, "result": 5}, NetworkError),
    ],
)
def test_a_poll_that_is_refused(status: int, answer: dict[str, object], kind: type[TelegramError]) -> None:
    """Each is an error of its class, a page of somebody else's only one of the network; no wait is over an hour."""
    found = refusal(status, answer)

    assert type(found) is kind
    assert not isinstance(found, RetryAfter) or found._retry_after.total_seconds() == LONGEST_WAIT_S


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'{"ok": true, "result": {}}', b"\xff\xfe"])
async def test_no_body_breaks_a_poll(request_: Request, body: bytes) -> None:
    """Empty, half, nested without end, of another shape, of no encoding: an error that is waited out."""
    async with listening(body) as url:
        with pytest.raises(NetworkError):
            await Updates("4242:T", url, request_)(0, 0)


async def test_a_number_of_thousands_of_digits_stops_no_batch(request_: Request) -> None:
    """Python refuses to read it; the updates around it are read."""
    body = b'{"ok": true, "result": [{"update_id": ' + b"9" * 5000 + b'}, {"update_id": 2}]}'
    async with listening(body) as url:
        found = await Updates("4242:T", url, request_)(0, 0)

    assert found[1] == {"update_id": 2}


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_is_really_tried(scheme: str) -> None:
    """Nobody there, or somebody who is no proxy: told in a word, without the password; never an exception."""
    async with listening(b"no", "403 Forbidden") as url:
        port = url.rpartition(":")[2]
        found = [await trial(f"{scheme}://me:hunter2@127.0.0.1:{one}", "http://127.0.0.1:9") for one in (port, "9")]

    assert all(one.startswith(("no connection", "disconnected")) for one in found)
    assert "hunter2" not in "".join(found)


async def test_a_proxy_that_works() -> None:
    """A tunnel through an HTTP proxy: somebody answers at its end."""
    async with listening(b"{}") as end, tunnel(int(end.rpartition(":")[2])) as port:
        assert await trial(f"http://127.0.0.1:{port}", end) == ""


@asynccontextmanager
async def tunnel(to: int) -> AsyncIterator[int]:
    """A proxy that connects everybody to one port; its own."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        inner, outer = await asyncio.open_connection("127.0.0.1", to)
        outer.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await inner.read())
        outer.close()
        writer.close()

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
