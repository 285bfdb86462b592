"""What Telegram keeps: chats and their messages, people who type and press, and the updates that wait for the bot."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from tests.fakes.telegram_rules import Formatted, Json, Refused, sides, units

Sort = Literal["private", "group", "supergroup"]
Standing = Literal["creator", "administrator", "member", "left", "kicked"]

QUERY_LIFE = timedelta(seconds=15)
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}  # sent to a bot that names them only
_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_change_info",
    "can_invite_users", "can_pin_messages", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_manage_topics",
)  # fmt: skip
_MARKED = re.compile(r"(?<!\S)(?:(/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(@\w{3,}))(?!\w)")


@dataclass(frozen=True, slots=True)
class File:
    """A file that Telegram keeps, of either side."""

    id: str
    name: str
    data: bytes

    @property
    def path(self) -> str:
        return f"files/{self.id}_{self.name}"

    def document(self) -> Json:
        return {
            "file_id": self.id,
            "file_unique_id": f"u-{self.id}",
            "file_size": len(self.data),
            "file_name": self.name,
            "mime_type": "text/plain" if self.name.endswith(".txt") else "application/octet-stream",
        }

    def photo(self) -> list[Json]:
        wide, high = sides(self.data)
        about = {"file_id": self.id, "file_unique_id": f"u-{self.id}", "file_size": len(self.data)}
        return [about | {"width": wide, "height": high}]


@dataclass(frozen=True, slots=True)
class Query:
    """A press that the bot may answer once: ``words`` is what the presser was shown, None until then."""

    id: str
    person: "Person"
    message: "Message"
    data: str
    at: datetime
    words: str | None = None
    alert: bool = False  # a window to close, else words that pass


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is now. ``author`` is None for the bot; ``text`` is the caption where there is a file."""

    id: int
    chat: "Chat"
    author: "Person | None"
    at: datetime
    text: str = ""
    entities: tuple[Json, ...] = ()
    rows: tuple[tuple[Json, ...], ...] = ()
    photo: File | None = None
    document: File | None = None
    thread: int | None = None
    replied: int | None = None
    silent: bool = False
    edited: datetime | None = None
    deleted: bool = False
    service: Json = field(default_factory=dict)

    @property
    def content(self) -> tuple[object, ...]:
        """What an edit has to change."""
        return self.text, self.entities, self.rows, self.photo and self.photo.data

    def payload(self) -> Json:
        """The message on the wire."""
        author = self.author.payload() if self.author else self.chat.world.me
        head = {"message_id": self.id, "date": stamp(self.at), "chat": self.chat.payload(), "from": author}
        quoted = self.chat.messages[self.replied].payload() if self.replied else None
        more = {
            "edit_date": self.edited and stamp(self.edited),
            "message_thread_id": self.thread,
            "is_topic_message": bool(self.thread),
            "reply_to_message": quoted,
            "reply_markup": {"inline_keyboard": [list(row) for row in self.rows]} if self.rows else None,
        }
        return head | _present(more) | self._body() | self.service

    def _body(self) -> Json:
        files = {"photo": self.photo and self.photo.photo(), "document": self.document and self.document.document()}
        words, marks = ("caption", "caption_entities") if self.photo or self.document else ("text", "entities")
        return _present({**files, words: self.text, marks: list(self.entities)})


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as people see it: no entities, only labels; ``by`` is a name, "" for the bot."""

    id: int
    by: str
    text: str
    keyboard: tuple[tuple[str, ...], ...]
    edited: bool
    deleted: bool
    silent: bool
    photo: bytes | None
    thread: int | None
    document: "File | None" = None


class Chat:
    """A private chat, a group or a supergroup; ``standings`` by person's id, ``bot`` that of the bot."""

    def __init__(self, world: "World", number: int, sort: Sort, title: str = "") -> None:
        self.world = world
        self.id = number
        self.sort = sort
        self.title = title
        self.person: Person | None = None  # whose private chat it is
        self.bot: Standing = "left"
        self.standings: dict[int, Standing] = {}
        self.topics: dict[int, str] = {}
        self.messages: dict[int, Message] = {}
        self.moved_to: Chat | None = None

    def payload(self) -> Json:
        if self.person:
            about = {"first_name": self.person.name, "username": self.person.username}
            return {"id": self.id, "type": "private"} | _present(about)
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.sort, "title": self.title} | forum

    def seen(self, person: "Person") -> list[Seen]:
        """What a person sees here, oldest first, with what was taken away; nothing where they may not look."""
        mine = self.person is person or self.standings.get(person.id, "left") not in {"left", "kicked"}
        return [_seen(message) for message in self.messages.values() if mine]

    def put(self, author: "Person | None", **content: object) -> Message:
        """A new message."""
        bare = Message(len(self.messages) + 1, self, author, self.world.now())
        message = replace(bare, **content)  # type: ignore[arg-type]  # fields of Message, by name
        self.messages[message.id] = message
        return message

    def change(self, message: Message, **content: object) -> Message:
        """The message with something changed, kept in its place."""
        self.messages[message.id] = replace(message, **content)  # type: ignore[arg-type]  # as above
        return self.messages[message.id]

    def newest(self, label: str) -> Message:
        """The newest message that has a button of this label; LookupError with the labels that can be seen."""
        shown = [message for message in self.messages.values() if message.rows and not message.deleted]
        found = [message for message in shown if button(message, label)]
        if not found:
            raise LookupError(f"no [{label}] in {self.title or self.id}: {[_seen(one).keyboard for one in shown]}")
        return found[-1]

    def check_reached(self, thread: int | None = None) -> None:
        """Refused where the bot cannot write here."""
        if self.moved_to:
            raise Refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.moved_to.id)
        if self.person:
            self.person.check_reached()
        elif self.bot == "kicked":
            raise Refused(f"bot was kicked from the {self.sort} chat", code=403)
        elif self.bot == "left":
            raise Refused(f"bot is not a member of the {self.sort} chat", code=403)
        if thread is not None and thread not in self.topics:
            raise Refused("message thread not found")

    def turns(self, standing: Standing, by: "Person") -> None:
        """The bot's standing changes, and it is told so."""
        was, self.bot = self.bot, standing
        both = (standing_payload(self.world.me, one) for one in (was, standing))
        told = dict(zip(("old_chat_member", "new_chat_member"), both, strict=True))
        head = {"chat": self.payload(), "from": by.payload(), "date": stamp(self.world.now())}
        self.world.tell({"my_chat_member": head | told})

    def migrates(self) -> "Chat":
        """The group becomes a supergroup, under another id: both are told, this one is closed."""
        grown = self.world.group(self.title, "supergroup")
        grown.bot, grown.standings = self.bot, self.standings
        author = self.world.people[next(iter(self.standings))]
        for chat, service in ((self, {"migrate_to_chat_id": grown.id}), (grown, {"migrate_from_chat_id": self.id})):
            self.world.tell({"message": chat.put(author, service=service).payload()})
        self.moved_to = grown
        return grown


class Person:
    """Somebody with Telegram in their hand. ``alerts``: the words that answers to their presses showed them."""

    def __init__(self, world: "World", number: int, name: str, language_code: str) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.language_code = language_code
        self.username = ""
        self.chat = Chat(world, number, "private")
        self.chat.person = self
        self.alerts: list[str] = []
        self.started = self.blocked = self.deactivated = False

    def payload(self) -> Json:
        about = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language_code}
        return about | _present({"username": self.username})

    def check_reached(self) -> None:
        """Refused where the bot may not write to this person."""
        if self.deactivated:
            raise Refused("user is deactivated", code=403)
        if self.blocked:
            raise Refused("bot was blocked by the user", code=403)
        if not self.started:
            raise Refused("bot can't initiate conversation with a user", code=403)

    def says(
        self, text: str, *, chat: Chat | None = None, thread: int | None = None, reply_to: Message | None = None
    ) -> Message:
        """A text is sent: in the private chat, or in another."""
        where = self._enters(chat)
        replied = reply_to.id if reply_to else None
        message = where.put(self, text=text, entities=_marks(text), thread=thread, replied=replied)
        self._delivers(message)
        return message

    def sends_file(self, name: str, data: bytes, *, chat: Chat | None = None, caption: str = "") -> Message:
        """A file is sent, with words under it or none."""
        file = self.world.keep(name, data)
        message = self._enters(chat).put(self, document=file, text=caption, entities=_marks(caption))
        self._delivers(message)
        return message

    def _enters(self, chat: Chat | None) -> Chat:
        if chat is None:
            if self.blocked:
                raise LookupError(f"{self.name} has blocked the bot and cannot write to it")
            self.started = True
        return chat or self.chat

    def _delivers(self, message: Message) -> None:
        if self.world.reads(message):
            self.world.tell({"message": message.payload()})
        else:
            self.world.stir()

    def presses(self, label: str, *, chat: Chat | None = None, message: Message | None = None) -> Query | None:
        """A button is pressed: "A 全部原始权重" or "[A 全部原始权重]", of the newest message that has it.

        A link to the bot opens the private chat and says /start there: then no query is asked.
        """
        bare = re.sub(r"^\[(.*)\]$", r"\1", label)
        where = message.chat if message else chat or self.chat
        held = where.messages[message.id] if message else where.newest(bare)
        pressed = button(held, bare)
        if pressed is None:
            raise LookupError(f"no [{bare}] in the message: {_seen(held).keyboard}")
        if "callback_data" in pressed:
            return self.forges(pressed["callback_data"], held)
        self.opens(pressed["url"])
        return None

    def forges(self, data: str, message: Message) -> Query:
        """A press with data that no button need have."""
        query = self.world.ask(self, message, data)
        shown = {"chat": message.chat.payload(), "message_id": message.id, "date": 0} if message.deleted else None
        told = {"id": query.id, "from": self.payload(), "message": shown or message.payload(), "data": data}
        self.world.tell({"callback_query": told | {"chat_instance": str(hash(message.chat.id))}})
        return query

    def opens(self, url: str) -> None:
        """A link is followed; one to the bot says /start with its payload in the private chat."""
        found = re.search(rf"t\.me/{self.world.me['username']}\?start=([\w-]+)$", url)
        if found:
            self.says(f"/start {found[1]}")

    def blocks(self) -> None:
        self.blocked = True
        self._turns("kicked")

    def unblocks(self) -> None:
        self.blocked = False
        self._turns("member")

    def _turns(self, standing: Standing) -> None:
        self.chat.bot = "member" if standing == "kicked" else "kicked"
        self.chat.turns(standing, self)

    def deactivates(self) -> None:
        """The account is deleted."""
        self.deactivated = True

    def adds_bot(self, chat: Chat, *, admin: bool = False) -> None:
        """The bot is put into a group, or made its administrator."""
        new = chat.bot in {"left", "kicked"}
        chat.turns("administrator" if admin else "member", self)
        if new:
            self.world.tell({"message": chat.put(self, service={"new_chat_members": [self.world.me]}).payload()})

    def removes_bot(self, chat: Chat) -> None:
        """The bot is thrown out of a group."""
        chat.turns("kicked", self)


@dataclass(frozen=True, slots=True)
class Update:
    """Something that waits for the bot, until an offset above its id confirms it."""

    id: int
    payload: Json


class World:
    """Everything that Telegram keeps for one bot, ``me``."""

    def __init__(self, now: Callable[[], datetime], me: Json) -> None:
        self.now = now
        self.me = me
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.query_life = QUERY_LIFE
        self.privacy = True  # in groups the bot sees only what is meant for it, unless it is an administrator
        self.allowed: tuple[str, ...] = ()
        self.updates: list[Update] = []
        self.twice = 0  # so many updates to come wait twice
        self._last_update = 500_000
        self._stirred = asyncio.Event()

    def person(self, name: str, language_code: str, number: int | None = None) -> Person:
        person = Person(self, number or 1 + max(self.people, default=1000), name, language_code)
        self.people[person.id] = person
        self.chats[person.id] = person.chat
        return person

    def group(self, title: str, sort: Sort, number: int | None = None) -> Chat:
        number = number or (-1_001_000_000_000 if sort == "supergroup" else -4_000_000) - len(self.chats)
        self.chats[number] = Chat(self, number, sort, title)
        return self.chats[number]

    def room(self, number: int | str) -> Chat:
        """A chat by its id; Refused where the bot knows none."""
        chat = self.chats.get(number) if isinstance(number, int) else None
        if chat is None:
            raise Refused("chat not found")
        return chat

    def keep(self, name: str, data: bytes) -> File:
        """A file, kept."""
        file = File(f"F{len(self.files) + 1}", name, data)
        self.files[file.id] = file
        return file

    def ask(self, person: Person, message: Message, data: str) -> Query:
        query = Query(str(7_000_000 + len(self.queries)), person, message, data, self.now())
        self.queries[query.id] = query
        return query

    def answer(self, number: str, words: str, *, alert: bool, url: str | None) -> None:
        """A press is answered; Refused where that was done before, or is too late."""
        query = self.queries.get(number)
        if query is None or query.words is not None or self.now() - query.at > self.query_life:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        self.queries[number] = replace(query, words=words, alert=alert)
        if words:
            query.person.alerts.append(words)
        if url:
            query.person.opens(url)

    def reads(self, message: Message) -> bool:
        """Whether the bot is shown a person's message."""
        chat = message.chat
        if chat.person:
            return True
        if chat.bot in {"left", "kicked"} or not self.privacy or chat.bot == "administrator":
            return chat.bot not in {"left", "kicked"}
        replied = chat.messages.get(message.replied or 0)
        return bool(replied and replied.author is None) or self._meant(message)

    def _meant(self, message: Message) -> bool:
        """Telegram shows a bot a command without a name, or with its own, and its name."""
        for found in _MARKED.finditer(message.text):
            name = found[0].partition("@")[2]
            if name in {"", self.me["username"]}:
                return True
        return False

    def tell(self, happened: Json) -> None:
        """An update waits for the bot, if it is of a sort that the bot asked for."""
        sort = next(iter(happened))
        if sort in self.allowed if self.allowed else sort not in UNASKED:
            self.queue(happened)
        self.stir()

    def queue(self, happened: Json, *, numbered: bool = True) -> None:
        """Anything at all waits for the bot."""
        self._last_update += 1
        update = Update(self._last_update, {"update_id": self._last_update} | happened if numbered else happened)
        self.updates += [update] * (2 if self.twice else 1)
        self.twice = max(0, self.twice - 1)

    def stir(self) -> None:
        """Who waits for a change looks again."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def stirred(self) -> None:
        """Waits for the next change."""
        await self._stirred.wait()


def stamp(instant: datetime) -> int:
    """An instant as Telegram writes it: whole seconds."""
    return int(instant.timestamp())


def standing_payload(user: Json, standing: Standing) -> Json:
    """A ChatMember on the wire."""
    rights: Mapping[Standing, Json] = {
        "creator": {"is_anonymous": False},
        "administrator": dict.fromkeys(_RIGHTS, True)
        | dict.fromkeys(("can_be_edited", "is_anonymous", "can_promote_members"), False),
        "kicked": {"until_date": 0},
    }
    return {"user": user, "status": standing} | rights.get(standing, {})


def labels(rows: Iterable[Sequence[Json]]) -> tuple[tuple[str, ...], ...]:
    """The words on the buttons, row by row."""
    return tuple(tuple(one["text"] for one in row) for row in rows)


def button(message: Message, label: str) -> Json | None:
    """The message's button of this label."""
    return next((one for row in message.rows for one in row if one["text"] == label), None)


def worded(read: Formatted, rows: Iterable[Sequence[Json]]) -> dict[str, object]:
    """The fields of a message that words and a keyboard fill."""
    return {"text": read.text, "entities": tuple(read.entities), "rows": tuple(map(tuple, rows))}


def _seen(message: Message) -> Seen:
    by = message.author.name if message.author else ""
    photo = message.photo.data if message.photo else None
    return Seen(
        message.id, by, message.text, labels(message.rows), edited=message.edited is not None,
        deleted=message.deleted, silent=message.silent, photo=photo, thread=message.thread,
        document=message.document,
    )  # fmt: skip


def _marks(text: str) -> tuple[Json, ...]:
    return tuple(_entities(text))


def _entities(text: str) -> Iterator[Json]:
    for found in _MARKED.finditer(text):
        kind = "bot_command" if found[1] else "mention"
        yield {"type": kind, "offset": units(text[: found.start()]), "length": units(found[0])}


def _present(fields: Json) -> Json:
    """The fields that have something in them."""
    return {name: value for name, value in fields.items() if value}
