"""What Discord keeps: servers and their channels, direct messages, who may do what, who is told of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tests.fakes.discord_gateway import Sessions
from tests.fakes.discord_messages import Message, Seen, seen
from tests.fakes.discord_rules import CLOSED, EPHEMERAL, NO_ACCESS, NO_PERMISSION, STRANGER, Json, unknown

if TYPE_CHECKING:
    from tests.fakes.discord_interactions import Interaction

EPOCH_MS = 1_420_070_400_000
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

    def __init__(self, world: "World", number: int, name: str, locale: str) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.locale = locale
        self.closed = False
        self.installed = False  # the application, for themselves
        self.form: tuple[Interaction, Json] | None = None  # that lies open before them, and what opened it
        self.dm = Channel(world, world.snowflake(), "", among=(self,), bot=True)

    def payload(self) -> Json:
        told = {"id": str(self.id), "username": self.name, "global_name": self.name, "discriminator": "0"}
        return told | {"avatar": None, "bot": False, "public_flags": 0}

    def check_reached(self) -> None:
        """Refused where the bot may not write to this person first."""
        if self.closed:
            raise CLOSED
        if not self.installed and not any(guild.bot and self.id in guild.members for guild in self.world.guilds):
            raise STRANGER


class Guild:
    """A server; its owner and ``managers`` may manage it."""

    def __init__(self, world: "World", name: str, owner: User) -> None:
        self.world = world
        self.id = world.snowflake()
        self.name = name
        self.owner = owner
        self.locale = "zh-CN"
        self.members: dict[int, User] = {owner.id: owner}
        self.managers: set[int] = set()
        self.channels: list[Channel] = []
        self.manager_role, self.bot_role = world.snowflake(), world.snowflake()
        self.bot = False

    def permissions(self, who: User | None) -> int:
        """Of a member, None for the bot, before any channel's exceptions."""
        if who is self.owner:
            return ALL
        return USUAL | (BITS["manage_guild"] if who and who.id in self.managers else 0)

    def roles(self) -> list[Json]:
        given = [
            (self.id, "@everyone", USUAL),
            (self.manager_role, "managers", BITS["manage_guild"]),
            (self.bot_role, self.world.me["username"], USUAL),
        ]
        about = {"color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
        about |= {"hoist": False, "mentionable": False, "flags": 0, "managed": False}
        return [
            about | {"id": str(number), "name": name, "permissions": str(bits), "position": place}
            for place, (number, name, bits) in enumerate(given)
        ]

    def member(self, who: User | None) -> Json:
        """A member on the wire, None for the bot."""
        roles = [self.bot_role] if who is None else [self.manager_role] if who.id in self.managers else []
        told = {"user": who.payload() if who else self.world.me, "roles": [str(role) for role in roles]}
        about = {"nick": None, "avatar": None, "joined_at": "2026-01-01T00:00:00+00:00", "premium_since": None}
        return told | about | {"deaf": False, "mute": False, "pending": False, "flags": 0}

    def payload(self) -> Json:
        """The server as a bot is told of it when it comes in."""
        threads = [one.payload() for channel in self.channels for one in channel.threads]
        return self.about() | {
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(self.members) + 1,
            "members": [self.member(None)],
            "channels": [channel.shown() for channel in self.channels],
            "threads": threads,
            **dict.fromkeys(("voice_states", "presences", "stage_instances", "guild_scheduled_events"), []),
        }

    def about(self) -> Json:
        """The server as it is read by its id."""
        told = {"id": str(self.id), "name": self.name, "owner_id": str(self.owner.id), "roles": self.roles()}
        nothing = dict.fromkeys(("icon", "splash", "description", "afk_channel_id", "system_channel_id"))
        numbers = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        about = {"emojis": [], "stickers": [], "features": [], "preferred_locale": self.locale, "afk_timeout": 300}
        return told | nothing | dict.fromkeys((*numbers, "nsfw_level", "premium_tier"), 0) | about

    def channel(self, name: str) -> "Channel":
        """A new channel."""
        channel = Channel(self.world, self.world.snowflake(), name, guild=self)
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        self.tells("CHANNEL_CREATE", channel.shown())
        return channel

    def tells(self, event: str, payload: Json) -> None:
        """The bot is told of something that happened here, if it is here."""
        if self.bot:
            self.world.sessions.tell(event, payload, self.id)
        else:
            self.world.sessions.stir()

    def adds_bot(self) -> None:
        self.bot = True
        self.tells("GUILD_CREATE", self.payload())

    def removes_bot(self) -> None:
        self.tells("GUILD_DELETE", {"id": str(self.id)})
        self.bot = False


class Channel:
    """A channel of a server, a thread below one, or direct messages ``among`` a few: with the bot, or without it."""

    def __init__(
        self,
        world: "World",
        number: int,
        name: str,
        *,
        guild: Guild | None = None,
        parent: "Channel | None" = None,
        among: tuple[User, ...] = (),
        bot: bool = False,
    ) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.guild = guild
        self.parent = parent
        self.among = among
        self.sort = THREAD if parent else TEXT_CHANNEL if guild else DIRECT if bot else GROUP_DIRECT
        self.messages: dict[int, Message] = {}
        self.threads: list[Channel] = []
        self.forbidden: dict[int, int] = {}  # bits that are taken away, by user

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
        about = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": stamp, "locked": False}
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
        guild = {"guild_id": str(self.guild.id)} if self.guild else {}
        if event == "MESSAGE_DELETE":
            told = {"id": str(message.id), "channel_id": str(self.id)}
        else:
            open_ = self.guild is None or message.author is None or message.meant
            told = message.payload(open_=open_)
        if self.guild and message.author:
            told["member"] = {
                name: value for name, value in self.guild.member(message.author).items() if name != "user"
            }
        if message.flags & EPHEMERAL or not self.bot_here or not self.may("view_channel"):
            self.world.sessions.stir()
        else:
            self.world.sessions.tell(event, told | guild, self.guild.id if self.guild else None)

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


class World:
    """Everything that Discord keeps for one bot, ``me``."""

    def __init__(self, now: Callable[[], datetime], me: Json) -> None:
        self.now = now
        self.me = me
        self.sessions = Sessions()
        self.people: dict[int, User] = {}
        self.guilds: list[Guild] = []
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}  # by token
        self.nonces: dict[str, Message] = {}  # the messages that were made with a number against doubles
        self.commands: list[Json] = []
        self._counted = 0

    def snowflake(self) -> int:
        """A number of its own, that tells when it was given and in which order."""
        self._counted += 1
        return (int(self.now().timestamp() * 1000) - EPOCH_MS << 22) + self._counted

    def keep(self, person: User) -> None:
        self.people[person.id] = person
        self.channels[person.dm.id] = person.dm

    def guild(self, name: str, owner: User, members: Iterable[User]) -> Guild:
        guild = Guild(self, name, owner)
        guild.members |= {one.id: one for one in members}
        self.guilds.append(guild)
        return guild

    def channel(self, number: str) -> Channel:
        """A channel by its id, or Refused."""
        channel = self.channels.get(int(number)) if number.isdecimal() else None
        if channel is None:
            raise unknown("Channel", 10003)
        return channel

    def message(self, channel: str, number: str) -> Message:
        """A message that the bot may find by its id, or Refused."""
        found = self.channel(channel).messages.get(int(number)) if number.isdecimal() else None
        if found is None or found.deleted or found.flags & EPHEMERAL:
            raise unknown("Message", 10008)
        return found

    def find_guild(self, number: str) -> Guild:
        """A server that the bot is in, or Refused."""
        found = next((one for one in self.guilds if str(one.id) == number and one.bot), None)
        if found is None:
            raise unknown("Guild", 10004)
        return found
