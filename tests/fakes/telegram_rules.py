"""What Telegram refuses, and in which words: texts and entities, keyboards, commands, the official specification."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "tg-api.json"
TEXT_UNITS, CAPTION_UNITS, ALERT_UNITS = 4096, 1024, 200
BUTTONS, ROW_BUTTONS, COMMANDS = 100, 8, 100  # a row's eight is what clients draw; Telegram names no number
PHOTO_BYTES, PHOTO_SIDES, PHOTO_RATIO = 10 * 2**20, 10_000, 20

_INTEGERS = {"chat_id", "message_id", "message_thread_id", "user_id", "offset", "limit", "timeout", "cache_time"}
_TRUTHS = {
    "disable_notification", "protect_content", "allow_paid_broadcast", "show_caption_above_media", "has_spoiler",
    "show_alert", "drop_pending_updates",
}  # fmt: skip
_OBJECTS = {
    "entities", "caption_entities", "link_preview_options", "reply_parameters", "reply_markup", "media",
    "allowed_updates", "commands", "scope", "menu_button", "suggested_post_parameters",
}  # fmt: skip
_NEEDED = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "photo": "there is no photo in the request",
    "media": "media not found",
    "action": "wrong parameter action in request",
    "user_id": "invalid user_id specified",
    "file_id": "invalid file_id",
    "commands": "can't parse commands JSON object",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler", "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_NEEDS = {
    **dict.fromkeys(("sendMessage",), ("chat_id", "text")),
    **dict.fromkeys(("sendPhoto",), ("chat_id", "photo")),
    **dict.fromkeys(("sendDocument",), ("chat_id", "document")),
    **dict.fromkeys(("editMessageText",), ("chat_id", "message_id", "text")),
    **dict.fromkeys(("editMessageMedia",), ("chat_id", "message_id", "media")),
    **dict.fromkeys(("editMessageCaption", "editMessageReplyMarkup", "deleteMessage"), ("chat_id", "message_id")),
    **dict.fromkeys(("getChat", "getChatAdministrators"), ("chat_id",)),
    "getChatMember": ("chat_id", "user_id"),
    "sendChatAction": ("chat_id", "action"),
    "getFile": ("file_id",),
    "setMyCommands": ("commands",),
    "answerCallbackQuery": ("callback_query_id",),
}
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_ATTRIBUTE = r"""\s+([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?"""
_MARK = re.compile(
    rf"&(?:#x[0-9a-fA-F]{{1,6}}|#\d{{1,7}}|(?:lt|gt|amp|quot)(?![A-Za-z]));?|<(/?)([^\s>]*)((?:{_ATTRIBUTE})*)\s*>|<"
)
_STRAY = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")  # Telegram makes a space of each
_GONE = re.compile(r"[\r\u2028-\u202e\u030a\u0333\u033f]")  # and takes these away


DOCUMENT_BYTES = 50 * 1024 * 1024


class Refused(Exception):  # noqa: N818 - what it says
    """What Telegram answers instead of a result."""

    def __init__(self, description: str, *, code: int = 400, **parameters: int) -> None:
        head = {400: "Bad Request: ", 403: "Forbidden: "}.get(code, "")
        super().__init__(head + description)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    data: bytes


class Formatted(NamedTuple):
    """A text as it is shown, and what is emphasised in it: offsets in UTF-16 units."""

    text: str
    entities: list[Json]


def units(text: str) -> int:
    """The length that Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def typed(given: Mapping[str, Any]) -> Json:
    """The parameters of a form with their types: numbers, truths and JSON strings read by their names."""
    return {name: _typed(name, value) if isinstance(value, str) else value for name, value in given.items()}


def _typed(name: str, value: str) -> Any:
    if name in _INTEGERS and re.fullmatch(r"-?\d+", value):
        return int(value)
    if name in _TRUTHS and value.casefold() in {"true", "false", "1", "0"}:
        return value.casefold() in {"true", "1"}
    return _object(name, value) if name in _OBJECTS else value


def _object(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        what = {"reply_markup": "reply keyboard markup"}.get(name, name.replace("_", " "))
        raise Refused(f"can't parse {what} JSON object") from None


class _Html:
    """One text being read as Telegram reads HTML."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.shown = ""
        self.open: list[tuple[str, int, Json]] = []  # tag, where it began, what it carries
        self.entities: list[Json] = []

    def read(self) -> Formatted:
        end = 0
        for mark in _MARK.finditer(self.source):
            self.shown += self.source[end : mark.start()]
            self._take(mark)
            end = mark.end()
        self.shown += self.source[end:]
        if self.open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return Formatted(self.shown, sorted(self.entities, key=lambda one: (one["offset"], -one["length"])))

    def _take(self, mark: re.Match[str]) -> None:
        at = len(self.source[: mark.start()].encode("utf-8", "surrogatepass"))
        if mark[0].startswith("&"):
            self.shown += _character(mark[0])
        elif mark[1]:
            self._close(mark[2].casefold(), at)
        elif mark[2] is None:
            raise self._broken(mark.start(), at)
        else:
            self._begin(mark[2].casefold(), mark[3], at)

    def _broken(self, start: int, at: int) -> Refused:
        named = re.match(r"<([^\s>/][^\s>]*|)[\s>]", self.source[start:])
        if named and named[1].casefold() not in _TYPES:
            return _unparsed(f'Unsupported start tag "{named[1].casefold()}" at byte offset {at}')
        what = "end" if self.source.startswith("</", start) else "start"
        return _unparsed(f"Unclosed {what} tag at byte offset {at}")

    def _begin(self, tag: str, attributes: str, at: int) -> None:
        if tag not in _TYPES:
            raise _unparsed(f'Unsupported start tag "{tag}" at byte offset {at}')
        carried = {name.casefold(): unescape(value.strip("\"'")) for name, value in re.findall(_ATTRIBUTE, attributes)}
        if tag == "span" and carried.get("class") != "tg-spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.open.append((tag, units(self.shown), carried))

    def _close(self, tag: str, at: int) -> None:
        if not self.open:
            raise _unparsed(f"Unexpected end tag at byte offset {at}")
        begun, offset, carried = self.open.pop()
        if tag not in {"", begun}:
            raise _unparsed(f'Unmatched end tag at byte offset {at}, expected "</{begun}>", found "</{tag}>"')
        length = units(self.shown) - offset
        if length and (begun != "a" or carried.get("href")):
            link = {"url": carried["href"]} if begun == "a" else {}
            self.entities.append({"type": _TYPES[begun], "offset": offset, "length": length, **link})


def _character(entity: str) -> str:
    """The character of an entity; Telegram knows four names, and every number that is one."""
    name = entity.strip("&;")
    if not name.startswith("#"):
        return unescape(entity)
    number = int(name.lstrip("#x"), 16 if name[1] == "x" else 10)
    return chr(number) if 0 < number < sys.maxunicode and not 0xD800 <= number <= 0xDFFF else entity


def _unparsed(why: str) -> Refused:
    return Refused(f"can't parse entities: {why}")


def formatted(text: str, mode: str | None) -> Formatted:
    """A text as Telegram shows it: entities parsed, controls and the white space around it gone; or Refused."""
    if mode not in {None, "", "HTML", "html", "Html"}:
        raise Refused("unsupported parse_mode")
    shown, entities = _Html(text).read() if mode else Formatted(text, [])
    clean = _GONE.sub("", _STRAY.sub(" ", shown)).rstrip()
    ahead = units(clean) - units(clean.lstrip())
    moved = [one | {"offset": max(0, one["offset"] - ahead)} for one in entities]
    return Formatted(clean.lstrip(), moved)


def message_text(given: Json) -> Formatted:
    """The text of a message: 1 to 4096 units once its entities are parsed."""
    read = formatted(given["text"], given.get("parse_mode"))
    if not read.text:
        raise Refused("text must be non-empty" if given["text"] else "message text is empty")
    if units(read.text) > TEXT_UNITS:
        raise Refused("message is too long")
    return read


def caption(given: Json) -> Formatted:
    """The words under a picture: up to 1024 units once their entities are parsed."""
    read = formatted(given.get("caption") or "", given.get("parse_mode"))
    if units(read.text) > CAPTION_UNITS:
        raise Refused("message caption is too long")
    return read


def rows(given: Json) -> list[list[Json]]:
    """The rows of an inline keyboard; none where none is given."""
    markup = given.get("reply_markup")
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise Refused("object expected as reply markup")
    found = markup.get("inline_keyboard", [])
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise Refused('can\'t parse inline keyboard: field "inline_keyboard" must be of type Array of Array')
    _check_size(found)
    for button in (button for row in found for button in row):
        _check_button(button)
    return [row for row in found if row]


def _check_size(found: list[list[Json]]) -> None:
    if sum(map(len, found)) > BUTTONS or any(len(row) > ROW_BUTTONS for row in found):
        raise Refused("REPLY_MARKUP_TOO_LONG")


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise Refused("can't parse inline keyboard button: Can't find field \"text\"")
    acts = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if not acts:
        raise Refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(acts) > 1:
        raise Refused("BUTTON_TYPE_INVALID")
    data = button.get("callback_data", "-")
    if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= 64:
        raise Refused("BUTTON_DATA_INVALID")
    _check_url(str(button.get("url", "tg://resolve")))


def _check_url(url: str) -> None:
    if not re.match(r"(https?://[^\s/]+\.[^\s/]+|tg://.)", url):
        raise Refused(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "?start" in url and not re.search(r"\?start(group)?=[A-Za-z0-9_-]{1,64}$", url):
        raise Refused("START_PARAM_INVALID")


def _check_commands(given: Json) -> None:
    commands = given["commands"]
    if not isinstance(commands, list) or not all(isinstance(one, dict) for one in commands):
        raise Refused("can't parse commands JSON object")
    if len(commands) > COMMANDS:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(one.get("command"))):
            raise Refused("BOT_COMMAND_INVALID")
        if not 1 <= units(str(one.get("description", ""))) <= 256:
            raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")


def _check_alert(given: Json) -> None:
    if units(given.get("text") or "") > ALERT_UNITS:
        raise Refused("MESSAGE_TOO_LONG")
    url = given.get("url")
    if url and not re.fullmatch(r"https://t\.me/\w+\?start=[A-Za-z0-9_-]{1,64}", url):
        raise Refused("URL_INVALID")


def _check_action(given: Json) -> None:
    if given["action"] not in _ACTIONS:
        raise Refused(_NEEDED["action"])


def _check_photo(given: Json) -> None:
    if isinstance(given["photo"], Upload):
        check_picture(given["photo"].data)
    caption(given)
    rows(given)


def _check_document(given: Json) -> None:
    if isinstance(given["document"], Upload) and not given["document"].data:
        raise Refused("file must be non-empty")
    if isinstance(given["document"], Upload) and len(given["document"].data) > DOCUMENT_BYTES:
        raise Refused("Request Entity Too Large", code=413)
    caption(given)
    rows(given)


def check_picture(data: bytes) -> None:
    """A picture that Telegram takes: of a known type, not too heavy, not too long (told of PNG only)."""
    if len(data) > PHOTO_BYTES:
        raise Refused("file is too big")
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")):
        raise Refused("IMAGE_PROCESS_FAILED")
    wide, high = sides(data)
    if wide + high > PHOTO_SIDES or max(wide, high) > PHOTO_RATIO * min(wide, high):
        raise Refused("PHOTO_INVALID_DIMENSIONS")


def sides(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels; of anything else, a guess."""
    png = data.startswith(b"\x89PNG")
    return (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) if png else (640, 480)


def _check_media(given: Json) -> None:
    media = given["media"]
    if not isinstance(media, dict) or media.get("type") != "photo":
        raise Refused("can't parse InputMedia: only a photo is built here")
    name = str(media.get("media", "")).removeprefix("attach://")
    if isinstance(given.get(name), Upload):
        check_picture(given[name].data)
    caption(media)
    rows(given)


_RULES: Mapping[str, tuple[Callable[[Json], object], ...]] = {
    "sendMessage": (message_text, rows),
    "sendPhoto": (_check_photo,),
    "sendDocument": (_check_document,),
    "editMessageText": (message_text, rows),
    "editMessageMedia": (_check_media,),
    "editMessageCaption": (caption, rows),
    "editMessageReplyMarkup": (rows,),
    "answerCallbackQuery": (_check_alert,),
    "setMyCommands": (_check_commands,),
    "sendChatAction": (_check_action,),
}


def check(method: str, given: Json) -> None:
    """Refused, in Telegram's words, where a call breaks a rule; then by the specification, where that is at hand."""
    for name in _NEEDS.get(method, ()):
        if given.get(name) in (None, ""):
            raise Refused(_NEEDED[name])
    for name in ("text", "caption", "url", "parse_mode"):
        _check_string(name, given.get(name, ""))
    for rule in _RULES.get(method, ()):
        rule(given)
    spec = specification()
    for fault in spec.faults(method, given) if spec else ():
        raise Refused(fault)


def _check_string(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Refused(_mistyped(name, "String"))
    if re.search("[\ud800-\udfff]", value):
        raise Refused("strings must be encoded in UTF-8")


@dataclass(frozen=True, slots=True)
class Spec:
    """The official specification: which fields a method or a type has, and of which types they are."""

    methods: Mapping[str, Json]
    types: Mapping[str, Json]

    def faults(self, method: str, given: Json) -> Iterator[str]:
        """What a call's parameters break; a file that another parameter names with attach:// is no parameter."""
        attached = set(re.findall(r"attach://([\w-]+)", str(given)))
        bare = {name: value for name, value in given.items() if name not in attached}
        yield from self._fields(self.methods.get(method, {}), bare, method)

    def wrong(self, value: Any, type_name: str, where: str = "") -> str:
        """Why a value is not of a type; "" where it is."""
        where = where or type_name
        if type_name.startswith("Array of "):
            if not isinstance(value, list):
                return f'field "{where}" must be of type Array'
            inner = type_name.removeprefix("Array of ")
            return next(filter(None, (self.wrong(one, inner, f"{where}[{n}]") for n, one in enumerate(value))), "")
        plain = _PLAIN.get(type_name)
        if plain is not None:
            return "" if isinstance(value, plain) and _truthful(value, type_name) else _mistyped(where, type_name)
        return self._object(value, self.types[type_name], where)

    def _object(self, value: Any, shape: Json, where: str) -> str:
        if not isinstance(value, dict):
            return _mistyped(where, "Object")
        kinds = shape.get("subtypes")
        if kinds:
            return _least(self.wrong(value, kind, where) for kind in kinds)
        return next(self._fields(shape, value, where), "")

    def _fields(self, shape: Json, value: Json, where: str) -> Iterator[str]:
        fields = {field["name"]: field for field in shape.get("fields", ())}
        yield from (f'unknown field "{where}.{name}"' for name in value.keys() - fields.keys())
        for name, field in fields.items():
            if name in value:
                yield from filter(None, [self._field(value[name], field, f"{where}.{name}")])
            elif field["required"]:
                yield f'can\'t find field "{where}.{name}"'

    def _field(self, value: Any, field: Json, where: str) -> str:
        return _least(self.wrong(value, one, where) for one in field["types"]) or _misfit(value, field, where)


_PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
    "InputFile": Upload,
}


def _truthful(value: Any, type_name: str) -> bool:
    """Python takes True for a number; Telegram does not."""
    return type_name == "Boolean" or not isinstance(value, bool)


def _mistyped(where: str, type_name: str) -> str:
    return f'field "{where}" must be of type {type_name}'


def _least(reasons: Iterable[str]) -> str:
    """Of several alternatives the one that is met (""), else the one that failed deepest inside."""
    found = list(reasons)
    return "" if "" in found else max(found, key=lambda reason: reason.count("."), default="")


def _misfit(value: Any, field: Json, where: str) -> str:
    """A length or a fixed word that the description of a field tells ("1-64 bytes", "must be photo")."""
    told = field["description"]
    span = re.search(r"(\d+)-(\d+) (characters|bytes)(?! after)", told)
    if span and isinstance(value, str):
        size = len(value.encode("utf-8", "surrogatepass")) if span[3] == "bytes" else units(value)
        if not int(span[1]) <= size <= int(span[2]):
            return f'field "{where}" must have {span[0]}'
    word = re.search(r"(?:must be|always) [“\"]?(\w+)[”\"]?$", told)
    return (
        f'field "{where}" must be {word[1]}'
        if word and value != word[1] and field["name"] in {"type", "status"}
        else ""
    )


@cache
def specification(path: Path = SPEC) -> Spec | None:
    """The specification beside the project; None where it is absent."""
    if not path.exists():
        return None
    read = json.loads(path.read_text(encoding="utf-8"))
    return Spec(read["methods"], read["types"])
