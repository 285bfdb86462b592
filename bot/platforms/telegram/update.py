"""A raw update of the Bot API as what the core is told, and what its answer needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.platforms.lines import typed
from bot.ports.chat import Incoming
from bot.texts import LANGUAGES, Words

LONGEST = 4096  # characters of a typed text that are read: Telegram sends no more, a forged server might
_typed = partial(typed, longest=LONGEST)
MEDIA = ("photo", "video", "audio", "voice", "video_note")  # files without a name; in a group they are its talk
GREATEST = 2**53  # Telegram's ids have 52 bits at most
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """What happened, where its answer goes, and the button press it may be."""

    incoming: Incoming
    chat: int
    thread: int | None = None
    press: str = ""  # the callback query's id
    message: int | None = None  # the message that was pressed
    photo: bool = False  # it is a picture with a caption
    text: str = ""  # what stands in it
    album: str = ""  # of the files that were sent together


def room_of(chat: int, thread: int | None) -> str:
    """The room's native id: the chat, and its topic where it has any."""
    return f"{chat}" if thread is None else f"{chat}/{thread}"


def place_of(room: str) -> tuple[int, int | None]:
    """The chat and topic of a room's native id."""
    chat, _, thread = room.partition("/")
    return int(chat), int(thread) if thread else None


def sender(raw: Raw) -> str:
    """Whose update it is, a person's or a chat's, as the inbox keeps it; "" where it is nobody's."""
    for part in ("message", "callback_query", "my_chat_member"):
        inside = raw.get(part) or {}
        person = inside.get("sender_chat") or inside.get("from") or {}
        if "id" in person:
            return str(whole(person["id"]))
    return ""


def whole(value: object) -> int:
    """An id; ValueError for what cannot be one."""
    if type(value) is not int or abs(value) >= GREATEST:
        raise ValueError("no id of Telegram's")
    return value


def update(raw: Raw, me: str) -> Update | None:
    """The update, or None for what the bot has no use for; ``me`` is the bot's user name.

    KeyError, TypeError, ValueError or AttributeError for one that is not formed as Telegram's are.
    """
    id_ = f"telegram:{whole(raw['update_id'])}"
    if "callback_query" in raw:
        return _pressed(raw["callback_query"], id_)
    if "message" in raw:
        return _message(raw["message"], id_, me)
    if "my_chat_member" in raw:
        return _membership(raw["my_chat_member"], id_)
    return None


def _pressed(query: Raw, id_: str) -> Update | None:
    message = query.get("message")
    if message is None or "data" not in query:
        return None  # an inline message or a game: not ours
    incoming = _incoming("press", message, query["from"], id_=id_, words=_typed(query["data"]))
    return Update(
        incoming,
        whole(message["chat"]["id"]),
        _thread(message),
        press=_typed(query["id"]),
        message=whole(message["message_id"]),
        photo="photo" in message,
        text=_typed(message.get("text") or message.get("caption") or ""),
    )


def _message(message: Raw, id_: str, me: str) -> Update | None:
    if "migrate_to_chat_id" in message:
        return _update(_incoming("room", message, message.get("from") or {}, id_=id_, words=_moved(message)), message)
    speaker = _speaker(message)
    if speaker is None:
        return None
    name = _file(message)
    if name is not None:
        found = _update(_incoming("file", message, speaker, id_=id_, words=name), message)
        return replace(found, album=_typed(message.get("media_group_id", "")))
    if "text" not in message:
        return None
    return _said(message, speaker, id_, me)


def _speaker(message: Raw) -> Raw | None:
    """Who says it: nobody with a name where an administrator speaks as the group; None for a bot and a channel."""
    if "sender_chat" in message and message["sender_chat"]["id"] == message["chat"]["id"]:
        return {}
    person: Raw | None = message.get("from")
    return None if person is None or person.get("is_bot") else person


def _file(message: Raw) -> str | None:
    """The name of a file that is sent, "" where it has none; None for what is no file."""
    if "document" in message:
        return _typed(message["document"].get("file_name", ""))
    private = message["chat"]["type"] == "private"
    return "" if private and any(one in message for one in MEDIA) else None


def _said(message: Raw, speaker: Raw, id_: str, me: str) -> Update | None:
    """A command, or a text; in a group only what is said to the bot."""
    shared, text = message["chat"]["type"] != "private", _typed(message["text"])
    if text[:1] not in ("/", "／"):
        return None if shared else _update(_incoming("text", message, speaker, id_=id_, words=text), message)
    name, *rest = text[1:].split(maxsplit=1) or [""]
    command, _, to = name.partition("@")
    if (to and to.casefold() != me.casefold()) or (shared and not command):
        return None
    words = " ".join([f"/{command}", *rest]).rstrip()
    return _update(_incoming("command", message, speaker, id_=id_, words=words), message)


def _membership(change: Raw, id_: str) -> Update | None:
    """The bot was added to a room, taken out of it, blocked, or let in again."""
    here, before = _is_in(change["new_chat_member"]), _is_in(change["old_chat_member"])
    if here == before:
        return None
    shared = change["chat"]["type"] != "private"
    words = ("added" if shared else "back") if here else "gone"
    return _update(_incoming("room", change, change["from"], id_=id_, words=words), change)


def _is_in(member: Raw) -> bool:
    """Whether that is a member: who is restricted says so apart, and stays restricted when they leave."""
    return member["status"] not in {"left", "kicked"} and bool(member.get("is_member", True))


def _moved(message: Raw) -> str:
    return f"moved {whole(message['migrate_to_chat_id'])}"


def _incoming(kind: Any, inside: Raw, person: Raw, *, id_: str, words: str) -> Incoming:
    chat = inside["chat"]
    shared = chat["type"] != "private"
    return Incoming(
        kind=kind,
        platform="telegram",
        account=str(whole(person["id"])) if person else "",
        room=room_of(whole(chat["id"]), _thread(inside)),
        words=words,
        language=_typed(person.get("language_code") or "") or None,
        id=id_,
        group=_typed(chat.get("title", "")) or "?" if shared else "",
        label=kind == "text" and any(Words(one, "written").is_label(words) for one in LANGUAGES),
        thumb=kind == "press",
    )


def _thread(inside: Raw) -> int | None:
    return whole(inside["message_thread_id"]) if inside.get("is_topic_message") else None


def _update(incoming: Incoming, inside: Raw) -> Update:
    return Update(incoming, whole(inside["chat"]["id"]), _thread(inside))
