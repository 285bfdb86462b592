"""A Bot API server on loopback: real HTTP, Telegram's words, and every fault that a wire can have."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from tests.fakes.telegram_chats import Chat, File, Message, Person, Sort, World, standing_payload, worded
from tests.fakes.telegram_rules import Json, Refused, Upload, caption, check, formatted, message_text, rows, typed

T = TypeVar("T")
Method = Callable[["Telegram", Json], Any]
Sign = Literal["refuse", "html", "hang", "drop", "drop_after"]

TOKEN = "4242:TEST"
KEPT = timedelta(hours=48)  # so old a message cannot be taken away any more
BODY_BYTES, FILE_BYTES = 50 * 2**20, 20 * 2**20
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
BROKEN = Refused("Internal Server Error", code=500)
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
RIVAL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Call:
    """One call of the bot: ``code`` is that of the answer, 0 while (or where) there is none."""

    method: str
    params: Json
    at: datetime
    code: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next calls of a method ("" for any)."""

    sign: Sign
    method: str = ""
    refused: Refused = BROKEN


@dataclass(slots=True)
class Bucket:
    """A few at once, then one each ``span``: the limit of a chat."""

    span: timedelta
    most: int
    full_at: datetime | None = None  # when all that was taken has come back

    def free_at(self, now: datetime) -> datetime:
        """From when on one more is allowed."""
        return now if self.full_at is None else self.full_at - self.span * (self.most - 1)

    def take(self, now: datetime) -> None:
        self.full_at = max(self.full_at or now, now) + self.span


@dataclass(slots=True)
class Window:
    """So many in any ``span``: the limit of a group, and of all together."""

    span: timedelta
    most: int
    taken: list[datetime] = field(default_factory=list)

    def free_at(self, now: datetime) -> datetime:
        """From when on one more is allowed."""
        return now if len(self.taken) < self.most else self.taken[-self.most] + self.span

    def take(self, now: datetime) -> None:
        self.taken = [*self.taken[1 - self.most :], now]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much Telegram takes: ``scale`` times as much where a test compresses time."""

    overall: int = 30  # a second
    chat: float = 1  # a second
    burst: int = 3  # at once, in one chat
    group: int = 20  # a minute
    scale: float = 1
    held: dict[tuple[str, int], Bucket | Window] = field(default_factory=dict)

    def check(self, chat: Chat, now: datetime) -> None:
        """Refused with a 429 where this is one too many."""
        held = [
            self.held.setdefault(("overall", 0), Window(self._span(seconds=1), self.overall)),
            self.held.setdefault(("chat", chat.id), Bucket(self._span(seconds=1) / self.chat, self.burst)),
        ]
        if chat.person is None:
            held.append(self.held.setdefault(("group", chat.id), Window(self._span(seconds=60), self.group)))
        after = math.ceil((max(one.free_at(now) for one in held) - now).total_seconds())
        if after > 0:
            raise Refused(f"Too Many Requests: retry after {after}", code=429, retry_after=after)
        for one in held:
            one.take(now)

    def _span(self, *, seconds: float) -> timedelta:
        return timedelta(seconds=seconds / self.scale)


class Telegram:
    """The server. ``log`` has every call, ``violations`` every rule of the Bot API that one broke."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), *, token: str = TOKEN) -> None:
        me = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Studybot",
            "username": "study_test_bot",
        }
        self.world = World(now, me)
        self.token = token
        self.log: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.limits: Limits | None = None
        self.editable_for: timedelta | None = None  # past that a message is too old to edit
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope (as JSON) and language
        self.about: dict[tuple[str, str], str] = {}  # names and descriptions, by method's noun and language
        self.webhook = ""  # an address that updates are sent to: while there is one nobody can poll
        self.port = 0
        self._polls = 0
        self._reversed = 0
        self._open = False
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base of its addresses, without ``/bot``."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listens: the first time on a free port, then on the same one again."""
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._open = True

    async def stop(self) -> None:
        """Listens no more; who polled or hung is let go. What is kept stays for the next start."""
        self._open = False
        self.world.stir()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(self, name: str, *, language_code: str = "en", number: int | None = None) -> Person:
        """Somebody new, who has not spoken to the bot yet."""
        return self.world.person(name, language_code, number)

    def group(
        self,
        title: str,
        *,
        admins: Sequence[Person],
        members: Sequence[Person] = (),
        topics: Sequence[str] = (),
        sort: Sort = "supergroup",
        number: int | None = None,
    ) -> Chat:
        """A new group without the bot: the first of its admins owns it; topics are numbered from 2."""
        chat = self.world.group(title, sort, number)
        chat.standings = dict.fromkeys((one.id for one in members), "member")
        chat.standings = {**dict.fromkeys((one.id for one in admins), "administrator"), **chat.standings}
        chat.standings[admins[0].id] = "creator"
        chat.topics = dict(enumerate(topics, start=2))
        return chat

    async def until(self, predicate: Callable[[], T], timeout: float = 10) -> T:  # noqa: ASYNC109 - tells what was seen
        """What the predicate says as soon as that is true; looked at again at each change, seconds at most."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await self.world.stirred()
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; last calls: {self.log[-5:]}") from None
        return found

    def fail(self, method: str = "", refused: Refused = BROKEN, *, times: int = 1, html: bool = False) -> None:
        """The next calls of a method are refused so; with ``html`` as a proxy does it, not as JSON."""
        self.faults += [Fault("html" if html else "refuse", method, refused)] * times

    def hang(self, method: str = "", *, times: int = 1) -> None:
        """The next calls are taken and never answered."""
        self.faults += [Fault("hang", method)] * times

    def drop(self, method: str = "", *, times: int = 1, after: bool = False) -> None:
        """The connection breaks before anything is done, or ``after`` it."""
        self.faults += [Fault("drop_after" if after else "drop", method)] * times

    def limit(self, scale: float = 1) -> None:
        """From now on it limits as Telegram does, ``scale`` times as fast."""
        self.limits = Limits(scale=scale)

    def duplicate(self, times: int = 1) -> None:
        """The next updates come twice, under one id."""
        self.world.twice += times

    def reverse(self, times: int = 1) -> None:
        """The next batches of several updates come in the wrong order."""
        self._reversed += times

    def junk(self, payload: Json, *, numbered: bool = True) -> None:
        """An update of any shape: ``numbered`` adds an id to it."""
        self.world.queue(payload, numbered=numbered)
        self.world.stir()

    async def _file(self, request: web.Request) -> web.Response:
        found = [file for file in self.world.files.values() if file.path == request.match_info["path"]]
        if request.match_info["token"] != self.token or not found:
            return _refusal(Refused("Not Found", code=404))
        return web.Response(body=found[0].data)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refusal(Refused("Unauthorized", code=401))
        try:
            call = Call(request.match_info["method"], await _body(request), self.world.now())
        except Refused as refused:
            return _refusal(refused)
        self.log.append(call)
        return await self._outcome(call, request)

    async def _outcome(self, call: Call, request: web.Request) -> web.StreamResponse:
        fault = self._fault(call.method)
        if fault is None:
            response = await self._effect(call)
            self.world.stir()
            return response
        if fault.sign == "drop_after":
            await self._effect(call)
        elif fault.sign in {"refuse", "html"}:
            call.code = fault.refused.code
        self.world.stir()
        return await self._break(fault, request)

    def _fault(self, method: str) -> Fault | None:
        found = next((fault for fault in self.faults if fault.method in {"", method}), None)
        if found:
            self.faults.remove(found)
        return found

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.sign == "refuse":
            return _refusal(fault.refused)
        if fault.sign == "html":
            page = f"<html><h1>{fault.refused}</h1></html>"
            return web.Response(status=fault.refused.code, text=page, content_type="text/html")
        while fault.sign == "hang" and self._open:
            await self.world.stirred()
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _effect(self, call: Call) -> web.Response:
        try:
            result = await self._result(call)
        except Refused as refused:
            call.code = refused.code
            return _refusal(refused)
        call.code = 200
        return web.json_response({"ok": True, "result": result})

    async def _result(self, call: Call) -> Any:
        act = METHODS.get(call.method)
        if act is None:
            self.violations.append(f"{call.method}: is not a method, or not built here")
            raise Refused("Not Found", code=404)
        self._check(call)
        if self.limits and call.method.startswith(("sendM", "sendP", "edit")):
            self.limits.check(self.world.room(call.params["chat_id"]), self.world.now())
        result = act(self, call.params)
        return await result if isinstance(result, Awaitable) else result

    def _check(self, call: Call) -> None:
        try:
            call.params = typed(call.params)
            check(call.method, call.params)
        except Refused as refused:
            self.violations.append(f"{call.method}: {refused}")
            raise

    async def poll(self, given: Json) -> list[Json]:
        """The updates that wait, from ``offset`` on; the poll before, if it waits still, ends in a conflict."""
        if self.webhook:
            raise Refused(HOOKED, code=409)
        self._polls += 1
        mine = self._polls
        self._confirm(given.get("offset", 0))
        self.world.allowed = tuple(given.get("allowed_updates", self.world.allowed))
        self.world.stir()
        try:
            async with asyncio.timeout(given.get("timeout", 0)):
                while self._open and mine == self._polls and not self.world.updates:
                    await self.world.stirred()
        except TimeoutError:
            return []
        if mine != self._polls:
            raise Refused(RIVAL, code=409)
        return self._batch(given.get("limit", 100))

    def _confirm(self, offset: int) -> None:
        """A negative offset keeps so many of the last ones."""
        waiting = self.world.updates
        kept = waiting[offset:] if offset < 0 else [update for update in waiting if update.id >= offset]
        self.world.updates = kept

    def _batch(self, limit: int) -> list[Json]:
        batch = [update.payload for update in self.world.updates[: min(limit, 100)]]
        if self._reversed and len(batch) > 1:
            self._reversed -= 1
            batch.reverse()
        return batch

    def editable(self, given: Json) -> Message:
        """The bot's own message that is to be edited, or Refused."""
        chat = self.world.room(given["chat_id"])
        chat.check_reached()
        message = chat.messages.get(given["message_id"])
        if message is None or message.deleted:
            raise Refused("message to edit not found")
        old = self.editable_for is not None and self.world.now() - message.at > self.editable_for
        if message.author or message.service or old:
            raise Refused("message can't be edited")
        return message

    def edit(self, message: Message, **content: object) -> Json:
        """The message changed and shown anew, or Refused where nothing would change."""
        changed = replace(message, **content)  # type: ignore[arg-type]  # fields of Message, by name
        if changed.content == message.content:
            raise Refused(SAME)
        return message.chat.change(message, **content, edited=self.world.now()).payload()

    def picture(self, source: Any, given: Json) -> File:
        """The file that a parameter names: an upload, one attached, or one kept; or Refused."""
        if isinstance(source, str) and source.startswith("attach://"):
            source = given.get(source.removeprefix("attach://"))
        if isinstance(source, Upload):
            return self.world.keep(source.name, source.data)
        if source not in self.world.files:
            raise Refused("wrong file identifier/HTTP URL specified")
        return self.world.files[source]


async def _body(request: web.Request) -> Json:
    """The parameters of a call, of its address and of its body, whatever form that has."""
    given: Json = dict(request.query)
    try:
        read = await (request.json() if request.content_type == "application/json" else request.post())
        return given | {name: _value(value) for name, value in read.items()}
    except web.HTTPRequestEntityTooLarge:
        raise Refused("Request Entity Too Large", code=413) from None
    except (ValueError, AttributeError):
        raise Refused("can't parse JSON object") from None


def _value(value: Any) -> Any:
    return Upload(value.filename, value.file.read()) if isinstance(value, web.FileField) else value


def _refusal(refused: Refused) -> web.Response:
    told = {"ok": False, "error_code": refused.code, "description": str(refused)}
    more = {"parameters": refused.parameters} if refused.parameters else {}
    return web.json_response(told | more, status=refused.code)


def _target(server: Telegram, given: Json) -> Chat:
    chat = server.world.room(given["chat_id"])
    chat.check_reached(given.get("message_thread_id"))
    return chat


def _sent(server: Telegram, given: Json, **content: object) -> Json:
    chat = _target(server, given)
    replied = given.get("reply_parameters", {}).get("message_id")
    if replied is not None and replied not in chat.messages:
        raise Refused("message to be replied not found")
    about = {"thread": given.get("message_thread_id"), "silent": given.get("disable_notification", False)}
    return chat.put(None, **content, **about, replied=replied).payload()


def _send_message(server: Telegram, given: Json) -> Json:
    return _sent(server, given, **worded(message_text(given), rows(given)))


def _send_photo(server: Telegram, given: Json) -> Json:
    _target(server, given)
    return _sent(server, given, photo=server.picture(given["photo"], given), **worded(caption(given), rows(given)))


def _send_document(server: Telegram, given: Json) -> Json:
    _target(server, given)
    return _sent(
        server, given, document=server.picture(given["document"], given), **worded(caption(given), rows(given))
    )


def _edit_text(server: Telegram, given: Json) -> Json:
    message = server.editable(given)
    if message.photo or message.document:
        raise Refused("there is no text in the message to edit")
    return server.edit(message, **worded(message_text(given), rows(given)))


def _edit_caption(server: Telegram, given: Json) -> Json:
    message = server.editable(given)
    if not (message.photo or message.document):
        raise Refused("there is no caption in the message to edit")
    return server.edit(message, **worded(caption(given), rows(given)))


def _edit_media(server: Telegram, given: Json) -> Json:
    message = server.editable(given)
    photo = server.picture(given["media"]["media"], given)
    return server.edit(message, photo=photo, document=None, **worded(caption(given["media"]), rows(given)))


def _edit_markup(server: Telegram, given: Json) -> Json:
    return server.edit(server.editable(given), rows=tuple(map(tuple, rows(given))))


def _delete(server: Telegram, given: Json) -> bool:
    chat = server.world.room(given["chat_id"])
    chat.check_reached()
    message = chat.messages.get(given["message_id"])
    if message is None or message.deleted:
        raise Refused("message to delete not found")
    if message.author and chat.person is None and chat.bot != "administrator":
        raise Refused("message can't be deleted")
    if server.world.now() - message.at > KEPT:
        raise Refused("message can't be deleted for everyone")
    chat.change(message, deleted=True)
    return True


def _answer_query(server: Telegram, given: Json) -> bool:
    url, alert = given.get("url"), given.get("show_alert", False)
    server.world.answer(given["callback_query_id"], formatted(given.get("text", ""), None).text, alert=alert, url=url)
    return True


def _get_chat(server: Telegram, given: Json) -> Json:
    chat = server.world.room(given["chat_id"])
    if chat.person is None:
        chat.check_reached()
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    taken = {"accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.payload() | taken | {"accent_color_id": 1, "max_reaction_count": 11}


def _get_member(server: Telegram, given: Json) -> Json:
    chat = server.world.room(given["chat_id"])
    chat.check_reached()
    if given["user_id"] == server.world.me["id"]:
        return standing_payload(server.world.me, chat.bot)
    person = server.world.people.get(given["user_id"])
    if person is None:
        raise Refused("PARTICIPANT_ID_INVALID")
    own: Literal["member", "left"] = "member" if chat.person is person else "left"
    return standing_payload(person.payload(), chat.standings.get(person.id, own))


def _get_admins(server: Telegram, given: Json) -> list[Json]:
    chat = server.world.room(given["chat_id"])
    chat.check_reached()
    if chat.person:
        raise Refused("there are no administrators in the private chat")
    people = server.world.people
    found = [(people[number].payload(), standing) for number, standing in chat.standings.items()]
    found.append((server.world.me, chat.bot))
    return [standing_payload(user, standing) for user, standing in found if standing in {"creator", "administrator"}]


def _get_file(server: Telegram, given: Json) -> Json:
    file = server.world.files.get(given["file_id"])
    if file is None:
        raise Refused("invalid file_id")
    if len(file.data) > FILE_BYTES:
        raise Refused("file is too big")
    about = {"file_id": file.id, "file_unique_id": f"u-{file.id}", "file_size": len(file.data)}
    return about | {"file_path": file.path}


def _send_action(server: Telegram, given: Json) -> bool:
    _target(server, given)
    return True


def _delete_webhook(server: Telegram, given: Json) -> bool:
    server.webhook = ""
    if given.get("drop_pending_updates"):
        server.world.updates = []
    return True


def _scope(given: Json) -> tuple[str, str]:
    return json.dumps(given.get("scope", {"type": "default"}), sort_keys=True), given.get("language_code", "")


def _set_commands(server: Telegram, given: Json) -> bool:
    server.commands[_scope(given)] = given["commands"]
    return True


def _delete_commands(server: Telegram, given: Json) -> bool:
    server.commands.pop(_scope(given), None)
    return True


def _about(noun: str, name: str) -> dict[str, Method]:
    """The two methods that set and tell one of the bot's descriptions."""

    def write(server: Telegram, given: Json) -> bool:
        server.about[noun, given.get("language_code", "")] = given.get(name, "")
        return True

    def told(server: Telegram, given: Json) -> Json:
        return {name: server.about.get((noun, given.get("language_code", "")), "")}

    return {f"setMy{noun}": write, f"getMy{noun}": told}


METHODS: dict[str, Method] = {
    "getMe": lambda server, _: (
        server.world.me
        | {
            "can_join_groups": True,
            "can_read_all_group_messages": not server.world.privacy,
            "supports_inline_queries": False,
        }
    ),
    "getUpdates": Telegram.poll,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": lambda server, _: {
        "url": server.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(server.world.updates),
    },
    "setMyCommands": _set_commands,
    "getMyCommands": lambda server, given: server.commands.get(_scope(given), []),
    "deleteMyCommands": _delete_commands,
    **_about("Name", "name"),
    **_about("Description", "description"),
    **_about("ShortDescription", "short_description"),
    "setChatMenuButton": lambda _server, _given: True,
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "sendChatAction": _send_action,
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "answerCallbackQuery": _answer_query,
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "getChatAdministrators": _get_admins,
    "getFile": _get_file,
}
