"""A channel and who is in it: what they see, what they may do, and who is told."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fakes.discord_messages import Message, Seen, seen
from tests.fakes.discord_rules import CLOSED, EPHEMERAL, NO_ACCESS, NO_PERMISSION, STRANGER, Json

if TYPE_CHECKING:
    from tests.fakes.discord_chats import Guild, World
    from tests.fakes.discord_interactions import Interaction

OBFUSCATED = 1 << 17  # the flag of a channel whose name a bot is not told
TEXT_CHANNEL, DIRECT, GROUP_DIRECT, THREAD = 0, 1, 3, 11
BITS = {
    "administrator": 1 << 3, "manage_guild": 1 << 5, "view_channel": 1 << 10, "send_messages": 1 << 11,
    "manage_messages": 1 << 13, "embed_links": 1 << 14, "attach_files": 1 << 15, "read_message_history": 1 << 16,
    "use_application_commands": 1 << 31, "create_public_threads": 1 << 35, "send_messages_in_threads": 1 << 38,
}  # fmt: skip
ALL = sum(BITS.values())
USUAL = ALL - sum(BITS[name] for name in ("administrator", "manage_guild", "manage_messages"))


class User:
    """Somebody with an account, as Discord keeps them. ``closed``: direct messages of strangers are refused."""

    def __init__(self, world: "World", number: int, *, name: str, locale: str) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.locale = locale
        self.closed = False
        self.installed = False  # the application, for themselves
        self.form: tuple[Interaction, Json] | None = None  # that lies open before them, and what opened it
        self.dm = Channel(world, world.snowflake(), among=(self,))

    def payload(self) -> Json:
        told = {"id": str(self.id), "username": self.name, "global_name": self.name, "discriminator": "0"}
        return told | {"avatar": None, "bot": False, "public_flags": 0}

    def check_reached(self) -> None:
        """Refused where the bot may not write to this person first."""
        if self.closed:
            raise CLOSED
        if not self.installed and not any(guild.bot and self.id in guild.members for guild in self.world.guilds):
            raise STRANGER


class Channel:
    """A channel of a server, a thread below one, or direct messages ``among`` one and the bot, or some without it."""

    def __init__(
        self,
        world: "World",
        number: int,
        *,
        name: str = "",
        guild: "Guild | None" = None,
        among: tuple[User, ...] = (),
    ) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.guild = guild
        self.odd = 0  # a type of channels that is newer than any library
        self.parent: Channel | None = None  # whose thread it is
        self.among = among
        self.messages: dict[int, Message] = {}
        self.threads: list[Channel] = []
        self.archived = False  # a thread in which nobody spoke for long
        self.forbidden: dict[int, int] = {}  # bits that are taken away, by user

    @property
    def sort(self) -> int:
        """Its type on the wire."""
        if self.odd:
            return self.odd
        if self.guild:
            return THREAD if self.parent else TEXT_CHANNEL
        return DIRECT if len(self.among) == 1 else GROUP_DIRECT

    @property
    def bot_here(self) -> bool:
        return self.guild.bot if self.guild else self.sort == DIRECT

    def permissions(self, who: User | None) -> int:
        """What somebody may do here, None for the bot."""
        if self.parent:
            return self.parent.permissions(who)
        if self.guild is None:
            return USUAL
        whole = self.guild.permissions(who)
        return whole if whole & BITS["administrator"] else whole & ~self.forbidden.get(who.id if who else 0, 0)

    def may(self, *names: str, who: User | None = None) -> bool:
        bits = self.permissions(who)
        return all(bits & BITS[name] for name in names)

    def forbids(self, *names: str, who: User | None = None) -> None:
        """Takes permissions away, from the bot if from nobody else."""
        self._turns(self.forbidden.get(who.id if who else 0, 0) | sum(BITS[name] for name in names), who)

    def allows(self, *names: str, who: User | None = None) -> None:
        """Gives them back."""
        self._turns(self.forbidden.get(who.id if who else 0, 0) & ~sum(BITS[name] for name in names), who)

    def _turns(self, bits: int, who: User | None) -> None:
        self.forbidden[who.id if who else 0] = bits
        if self.guild:
            self.guild.tells("CHANNEL_UPDATE", self.shown())

    def opens(self, name: str, number: int = 0) -> "Channel":
        """A thread below the channel; that of a message has its number."""
        assert self.guild
        thread = Channel(self.world, number or self.world.snowflake(), name=name, guild=self.guild)
        thread.parent = self
        self.world.channels[thread.id] = thread
        self.threads.append(thread)
        self.guild.tells("THREAD_CREATE", thread.payload() | {"newly_created": True})
        return thread

    def archives(self) -> None:
        """Nobody spoke in the thread for long: it is put away, until somebody speaks there."""
        assert self.guild
        self.archived = True
        self.guild.tells("THREAD_UPDATE", self.payload())

    def goes(self) -> None:
        """The channel is deleted."""
        if self.guild:
            self.guild.channels.remove(self)
            self.guild.tells("CHANNEL_DELETE", self.shown())
        del self.world.channels[self.id]

    def payload(self) -> Json:
        """The channel on the wire."""
        told: Json = {"id": str(self.id), "type": self.sort, "flags": 0, "last_message_id": None}
        if self.guild is None:
            recipients = [one.payload() for one in self.among]
            return told | {"recipients": recipients} | ({"name": self.name} if self.sort == GROUP_DIRECT else {})
        told |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.parent:
            return told | self._thread()
        place = self.guild.channels.index(self) if self in self.guild.channels else 0
        return told | {
            "position": place,
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "permission_overwrites": [self._overwrite(number, bits) for number, bits in self.forbidden.items()],
        }

    def shown(self) -> Json:
        """The channel as the gateway tells the bot of it: one that it may not see has no name."""
        told = self.payload()
        if self.may("view_channel") or self.guild is None:
            return told
        overwrite = {"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(BITS["view_channel"])}
        return told | {"name": "___hidden___", "flags": OBFUSCATED, "permission_overwrites": [overwrite]}

    def _overwrite(self, number: int, bits: int) -> Json:
        return {"id": str(number or self.world.me["id"]), "type": 1, "allow": "0", "deny": str(bits)}

    def _thread(self) -> Json:
        assert self.parent
        stamp = self.world.now().isoformat()
        about = {"archived": self.archived, "auto_archive_duration": 1440, "archive_timestamp": stamp, "locked": False}
        counts = {"message_count": len(self.messages), "total_message_sent": len(self.messages), "member_count": 1}
        owner = {"parent_id": str(self.parent.id), "owner_id": self.world.me["id"]}
        return owner | counts | {"thread_metadata": about | {"create_timestamp": stamp}}

    def sees(self, person: User) -> bool:
        """Whether somebody may look in here."""
        if self.guild is None:
            return person in self.among
        return person.id in self.guild.members and self.may("view_channel", who=person)

    def seen(self, person: User) -> list[Seen]:
        """What a person sees here, oldest first; nothing where they may not look."""
        return [seen(message) for message in self.shown_to(person)]

    def shown_to(self, person: User) -> list[Message]:
        mine = self.sees(person)
        return [message for message in self.messages.values() if mine and message.seen_by(person)]

    def put(self, author: User | None, **content: object) -> Message:
        """A new message; the bot is told of it, unless one person alone sees it."""
        self.archived = False
        bare = Message(self.world.snowflake(), self, author, self.world.now())
        message = replace(bare, **content)  # type: ignore[arg-type]  # fields of Message, by name
        self.messages[message.id] = message
        self._tells("MESSAGE_CREATE", message)
        return message

    def change(self, message: Message, **content: object) -> Message:
        """The message with something changed, kept in its place."""
        self.messages[message.id] = replace(message, **content)  # type: ignore[arg-type]  # as above
        changed = self.messages[message.id]
        self._tells("MESSAGE_DELETE" if changed.deleted else "MESSAGE_UPDATE", changed)
        return changed

    def _tells(self, event: str, message: Message) -> None:
        if message.flags & EPHEMERAL or not self.bot_here or not self.may("view_channel"):
            self.world.sessions.stir()
            return
        told = {"id": str(message.id), "channel_id": str(self.id)}
        if event != "MESSAGE_DELETE":
            told = self._told(message)
        if self.guild:
            told |= {"guild_id": str(self.guild.id)}
        self.world.sessions.tell(event, told, guild=self.guild.id if self.guild else None)

    def _told(self, message: Message) -> Json:
        """A message as the gateway tells of it: what is not meant for the bot has no words."""
        told = message.payload(open_=self.guild is None or message.author is None or message.meant)
        if self.guild and message.author:
            member = self.guild.member(message.author)
            del member["user"]
            told["member"] = member
        return told

    def check_bot(self, *names: str) -> None:
        """Refused where the bot may not look in here, or not do what it wants to."""
        if not self.bot_here or not self.may("view_channel"):
            raise NO_ACCESS
        if not self.may(*names):
            raise NO_PERMISSION

    def check_sent(self, *, files: bool) -> None:
        """Refused where the bot cannot send a message here."""
        if self.guild is None and self.bot_here:
            self.among[0].check_reached()
        needed = "send_messages_in_threads" if self.parent else "send_messages"
        self.check_bot(needed, *(["attach_files"] if files else []))
