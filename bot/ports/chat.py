"""What arrives from a platform, what is answered, and the way out to it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from bot.domain.prompt import Block, Choice, Prompt, Text
from bot.domain.question import LearnerId
from bot.domain.script import Script

PLATFORMS = ("discord", "telegram", "terminal")
Rows = tuple[tuple[Choice, ...], ...]
Lane = Literal["answer", "timed", "pushed"]  # somebody waits for it; it has its time; nobody waits
Answers = Literal["private", "room", "edit", "form"]  # to the person alone; to all; the message pressed; with a form
Need = Literal["join", "see", "say", "picture", "thread", "talk"]  # what the bot needs in a room, first to be there
NEEDS: tuple[Need, ...] = get_args(Need)
THREADS: frozenset[Need] = frozenset({"thread", "talk"})  # what it takes to talk in a thread


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened. ``words``: "/study x", typed text, the pressed action, a wake's key.

    ``label``: the typed text is what a button of the interface is called, in the person's language
    (``Words.is_label``): whoever types it means the button, not an answer. ``first``: nothing that was said
    before is on screen, so a question that waits has to be shown again.

    ``account`` is "" for a wake, for what became of a room by itself, and for who speaks as the room and unnamed:
    one of its administrators.

    A "room" event says in ``words`` what became of the room: added, gone, back, or "moved NATIVE".

    A "form" has in ``words`` the action that it was opened for, and in ``values`` its fields, or the actions that
    were chosen together. ``here`` is the shared room in which somebody speaks whom only they themselves hear:
    what is said there is said in their own ``room``.
    """

    kind: Literal["command", "text", "press", "form", "file", "room", "wake"]
    platform: str  # "terminal"
    account: str  # the platform's own id of the person
    room: str  # the platform's own id of the chat; "" for a wake
    words: str
    values: tuple[str, ...] = ()  # form fields, multi-select
    language: str | None = None  # the platform's language tag, for the first hello
    id: str = ""  # "telegram:123", its row in the inbox; "" where nothing can come twice
    group: str = ""  # the name of a room that several people share; "" in a private one
    thumb: bool = False  # pressed on buttons that appear under a thumb which may tap twice
    label: bool = False
    first: bool = False
    here: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is sent: all that is stored about a learner. It is made when it is sent, so that no row holds it."""

    name: str
    learner: LearnerId


Files = Callable[[File, Callable[[Block], str]], Awaitable[bytes]]  # its bytes, in the reader's words


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, new or edited in place.

    ``slot`` names a message that may be edited later; ``edit`` changes the message that was pressed, or, where
    nothing was, that of the slot. ``prompt`` and ``kept`` stand above ``blocks`` (one line each) and were shown
    before when ``edit`` is set: a platform that cannot edit prints only ``blocks`` and ``rows`` below, unless
    ``redraw`` says that the prompt itself changed. ``private`` is for the presser alone. ``footer`` is the last
    line. ``away`` takes the slot's message away (where that is too old: its buttons). ``silent`` makes no
    sound. ``opens``: the private chat opens, as if ``/start`` were sent there with these words. ``form``: the
    prompt's fields are a form to fill in. ``thread``: said in a thread of that name below the message that was
    pressed, which begins with it. ``file`` comes with the blocks, in a message of its own that is never edited.

    An action that begins with ``/`` is a command, said in the private chat with the bot.
    """

    blocks: tuple[Block, ...] = ()
    rows: Rows = ()
    prompt: Prompt | None = None
    kept: tuple[Block, ...] = ()
    slot: str | None = None
    edit: bool = False
    redraw: bool = False
    private: bool = False
    footer: Block | None = None
    away: bool = False
    silent: bool = False
    opens: str = ""
    form: bool = False
    thread: Text | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the interface's language (zh-Hans, zh-Hant, en), and the script of Chinese content."""

    language: str
    script: Script


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered to one Incoming, and to whom."""

    replies: tuple[Reply, ...]
    reader: Reader


class Undeliverable(Exception):  # noqa: N818 - what it says
    """A message did not arrive. ``permanent``: nor will any other to that room until it speaks again.

    ``retry_at``: not before then, where the platform said so. ``unsure``: it may have arrived all the same.
    ``refused``: the platform was there and does not take this very message; else a later try may find it there.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_at: datetime | None = None,
        unsure: bool = False,
        refused: bool = False,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_at = retry_at
        self.unsure = unsure
        self.refused = refused


async def _unmarked() -> None:
    """An answer needs no mark: its row in the inbox knows that it is owed."""


@dataclass(slots=True)
class Delivery:
    """One attempt at saying a reply. ``sent``: the native ids of its messages that arrived, at attempts before too.

    ``shown``: those of the reply's slot, sent ``age_hours`` ago, which an edit or ``away`` changes.

    ``mark`` notes for good that from now on something may have arrived, or raises where nothing is to be sent. ``key``
    is the same at every attempt, so that a platform may know what it got already; "" where nothing is tried again.
    """

    sent: list[str] = field(default_factory=list)
    mark: Callable[[], Awaitable[None]] = _unmarked
    key: str = ""
    lane: Lane = "answer"
    shown: Sequence[str] = ()
    age_hours: float = 0.0
    begun: bool = False

    async def begin(self) -> None:
        """Awaited right before each request that makes a message appear; the first one's is marked."""
        if not self.begun:
            await self.mark()
        self.begun = True


class Wire(Protocol):
    """One platform's way out, for what the bot says first.

    ``whispers``: in a shared room it can say to one person alone whatever could be said in private, with buttons.

    ``remembers``: how long after it got a message it knows it by the delivery's key; zero where it never does. Sent
    again, by an attempt that begins within that time, it is there once.
    """

    @property
    def whispers(self) -> bool:
        """Whether it does: the same for every room of the platform."""
        ...

    @property
    def remembers(self) -> timedelta:
        """How long, counted from the mark of the first attempt that may have got through."""
        ...

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        """Sends the reply to a room (its native id); the native ids of the messages that it became.

        An edit without any ``shown`` is sent anew. Undeliverable where it did not arrive. ``delivery`` begins when its
        turn has come, and before a new message only: an edit or ``away`` done twice is as done once. What is in its
        ``sent`` is not sent again, and what arrives is added to it.
        """
        ...

    async def runs(self, room: str, account: str) -> bool:
        """Whether that person is one of a room's administrators; nobody is where the bot is not."""
        ...

    async def lacks(self, room: str) -> tuple[Need, ...]:
        """What the bot needs in a room and has not, the most needful first; Undeliverable where nobody can say now.

        All of it, "join" too, where the bot is not: there nothing can be allowed before it is added.
        """
        ...
