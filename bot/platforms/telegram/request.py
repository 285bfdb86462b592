"""The way to the Bot API: python-telegram-bot's requests on aiohttp."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.platforms.proxy import NOT_ANSWERED, NOT_HANDED_ON, REFUSED, connector

CONNECT_S, ANSWER_S, UPLOAD_S = 5.0, 20.0, 60.0
TRIAL_S = CONNECT_S + 3  # later than CONNECT_S, so that nobody there and nobody who answers are told apart
OK = 200
LONGEST_WAIT_S = 3600
DIGITS = 40  # digits of a number that are read: Python refuses thousands, and one such update would stop a batch
LATE_S = 10  # how much later than asked for a long poll may be answered
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Request(BaseRequest):
    """One pool of connections; through a proxy (http:// or socks5://) where one is given.

    ``under_way`` counts the calls that wait for an answer.
    """

    __slots__ = ("_proxy", "_session", "under_way")

    def __init__(self, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self.under_way = 0

    @property
    def read_timeout(self) -> float:
        return ANSWER_S

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector(self._proxy), cookie_jar=jar)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """One call. TimedOut when nobody answered in time, NetworkError when nobody was there."""
        files = request_data is not None and request_data.contains_files
        self.under_way += 1
        try:
            return await self._sent(url, method, request_data, UPLOAD_S if files else ANSWER_S)
        finally:
            self.under_way -= 1

    async def _sent(self, url: str, method: str, given: RequestData | None, answer_s: float) -> tuple[int, bytes]:
        body, headers = _body(given)
        status, answer = await self.fetched(method, url, body, headers, answer_s=answer_s)
        if status == NOT_ANSWERED:
            raise TimedOut
        own = status == OK or _telegrams_own(_read(answer))
        if status in NOT_HANDED_ON and not own:
            raise NetworkError(f"not handed on: HTTP {status}")
        if not own:  # the library would tell the whole page, which may repeat the token
            raise NetworkError("disconnected: no JSON")
        return status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object in an answer; the library's own way would write what is none into the log."""
        if answer := _read(payload):
            return answer
        raise NetworkError("disconnected: no JSON")

    async def fetched(
        self, method: str, url: str, body: Any, headers: Mapping[str, str], *, answer_s: float
    ) -> tuple[int, bytes]:
        """Status and body of an answer.

        TimedOut and "disconnected" where it may have arrived all the same, "no connection" where it has not.
        """
        session = self._session
        if session is None or session.closed:
            raise NetworkError("no connection: it is not open")
        limit = aiohttp.ClientTimeout(total=answer_s, sock_connect=CONNECT_S)
        try:
            async with session.request(method, url, data=body, headers=headers, timeout=limit) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, *REFUSED) as error:
            raise NetworkError(f"no connection: {type(error).__name__}") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"disconnected: {type(error).__name__}") from None


def _body(given: RequestData | None) -> tuple[Any, dict[str, str]]:
    if given is None:
        return None, {}
    if not given.contains_files:
        return given.url_encoded_parameters().encode(), FORM
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in given.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in given.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


def bot(token: str, api_url: str, request: Request) -> Bot:
    """The Bot API's methods, without any handling of updates."""
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=request,
    )


async def trial(proxy: str, url: str) -> str:
    """What is wrong with the way to an address through a proxy; "" where somebody answers within TRIAL_S."""
    way = Request(proxy)
    await way.initialize()
    try:
        await way.fetched("GET", url, None, {}, answer_s=TRIAL_S)
    except NetworkError as error:
        return error.message
    finally:
        await way.shutdown()
    return ""


KINDS = ("message", "callback_query", "my_chat_member")


class Updates:
    """getUpdates as raw JSON: one update that no library understands does not hold up the others."""

    def __init__(self, token: str, api_url: str, request: Request) -> None:
        self._url = f"{api_url}/bot{token}/getUpdates"
        self._request = request

    async def __call__(self, offset: int, timeout_s: int, /) -> list[Any]:
        """What came since, of any shape; TelegramError where the API refused or answered no JSON."""
        wanted = json.dumps({"offset": offset, "timeout": timeout_s, "allowed_updates": KINDS}).encode()
        headers = {"Content-Type": "application/json"}
        status, body = await self._request.fetched("POST", self._url, wanted, headers, answer_s=timeout_s + LATE_S)
        answer = _read(body)
        if status == OK and isinstance(result := answer.get("result"), list):
            return result
        raise refusal(status, answer)


def _read(body: bytes) -> dict[str, Any]:
    """The object in a body; an empty one where there is none."""
    try:
        answer = json.loads(body.decode("utf-8", "replace"), parse_int=_number)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _number(digits: str) -> int:
    return int(digits[:DIGITS])


def _telegrams_own(answer: Mapping[str, Any]) -> bool:
    """Whether a refusal is Telegram's own: a proxy that finds no page knows nothing of the token."""
    return answer.get("ok") is False


def refusal(status: int, answer: Mapping[str, Any]) -> TelegramError:
    """What an answer without updates means."""
    words = str(answer.get("description", f"HTTP {status} and no updates"))
    parameters = answer.get("parameters")
    if isinstance(parameters, dict) and isinstance(parameters.get("retry_after"), int):
        return RetryAfter(min(parameters["retry_after"], LONGEST_WAIT_S))
    kinds: dict[int, type[TelegramError]] = {401: InvalidToken, 404: InvalidToken, 409: Conflict}
    return kinds.get(status, NetworkError)(words) if _telegrams_own(answer) else NetworkError(words)
