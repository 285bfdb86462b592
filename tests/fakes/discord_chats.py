"""What Discord keeps: servers with their members and roles, people, interactions, and numbers for all."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tests.fakes.discord_channels import ALL, BITS, USUAL, Channel, User
from tests.fakes.discord_gateway import Sessions
from tests.fakes.discord_messages import Message
from tests.fakes.discord_rules import EPHEMERAL, Json, unknown

if TYPE_CHECKING:
    from tests.fakes.discord_interactions import Interaction

EPOCH_MS = 1_420_070_400_000


class Guild:
    """A server; its owner and ``managers`` may manage it."""

    def __init__(self, world: "World", name: str, *, owner: User) -> None:
        self.world = world
        self.id = world.snowflake()
        self.name = name
        self.owner = owner
        self.locale = "en-US"
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
            **{name: [] for name in ("voice_states", "presences", "stage_instances", "guild_scheduled_events")},
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
        channel = Channel(self.world, self.world.snowflake(), name=name, guild=self)
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        self.tells("CHANNEL_CREATE", channel.shown())
        return channel

    def tells(self, event: str, payload: Json) -> None:
        """The bot is told of something that happened here, if it is here."""
        if self.bot:
            self.world.sessions.tell(event, payload, guild=self.id)
        else:
            self.world.sessions.stir()

    def adds_bot(self) -> None:
        """Told as something new: not, as at the start, as something that is available now."""
        self.bot = True
        told = self.payload()
        del told["unavailable"]
        self.tells("GUILD_CREATE", told)

    def removes_bot(self) -> None:
        self.tells("GUILD_DELETE", {"id": str(self.id)})
        self.bot = False


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

    def guild(self, name: str, *, owner: User, members: Iterable[User]) -> Guild:
        guild = Guild(self, name, owner=owner)
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
