"""Everything that is there: one application, its bot, people and places."""

import itertools
from datetime import UTC, datetime

from bot.clock import Clock
from tests.discord_server.commands import CommandBook
from tests.discord_server.messages import File, Message
from tests.discord_server.permissions import ALL, EVERYDAY, Permission
from tests.discord_server.places import Channel, Guild, Kind, Member, Role, Tag, User
from tests.discord_server.refusals import refuse

__all__ = ["World"]

EPOCH_UTC = datetime(2015, 1, 1, tzinfo=UTC)


class World:
    """People and places, and the ids of all things.

    Attributes:
        application_id: also the bot's own id, as it is for most bots.
        commands: what the bot has registered.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.bot = self.add_user("hearth", is_bot=True)
        self.application_id = self.bot.id
        self.commands = CommandBook(self.new_id, self.application_id)

    def new_id(self) -> str:
        """Return a snowflake of now; no two are the same."""
        since_epoch = self._clock.now_utc() - EPOCH_UTC
        ms = int(since_epoch.total_seconds() * 1000)
        number = next(self._numbers)
        return str((ms << 22) | (number & 0x3FFFFF))

    def add_user(
        self, name: str, *, is_bot: bool = False, locale: str = "en-US"
    ) -> User:
        """Add a person who is nowhere yet."""
        user = User(self.new_id(), name, is_bot=is_bot, locale=locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User, *, with_bot: bool = True) -> Guild:
        """Add a guild with its owner and the bot in it."""
        guild = Guild(self.new_id(), name, owner)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYDAY, position=0)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        if with_bot:
            self.add_member(guild, self.bot)
        return guild

    def add_role(
        self, guild: Guild, name: str, permissions: Permission = Permission.NONE
    ) -> Role:
        """Add a role to a guild."""
        role = Role(self.new_id(), name, permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Put a user into a guild."""
        member = Member(user, list(roles))
        guild.members[user.id] = member
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: Kind = Kind.TEXT,
        *,
        is_age_restricted: bool = False,
        tags: tuple[str, ...] = (),
    ) -> Channel:
        """Add a channel to a guild; `tags` are those of a forum."""
        channel = Channel(self.new_id(), kind, name, guild)
        channel.is_age_restricted = is_age_restricted
        channel.tags = [Tag(self.new_id(), tag) for tag in tags]
        return self._put(channel)

    def add_thread(
        self, parent: Channel, name: str, owner: User, *, id: str = ""
    ) -> Channel:
        """Add a thread to a channel, or a post to a forum."""
        kind = Kind.NEWS_THREAD if parent.kind is Kind.NEWS else Kind.THREAD
        thread = Channel(id or self.new_id(), kind, name, parent.guild, parent)
        thread.is_age_restricted = parent.is_age_restricted
        thread.owner_id = owner.id
        thread.thread_members = {owner.id}
        thread.created_at = self._clock.now_utc().isoformat()
        return self._put(thread)

    def dm(self, user: User) -> Channel:
        """Return the channel of a person and the bot."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        return self._put(Channel(self.new_id(), Kind.DM, recipient=user))

    def remove_channel(self, channel: Channel) -> None:
        """Take a channel away, with its threads."""
        for other in list(self.channels.values()):
            if other is channel or other.parent is channel:
                del self.channels[other.id]
                if other.guild:
                    del other.guild.channels[other.id]

    def channel(self, channel_id: str) -> Channel:
        """Return a channel.

        Raises:
            Refusal: there is none with this id.
        """
        if channel_id not in self.channels:
            raise refuse(10003)
        return self.channels[channel_id]

    def guild(self, guild_id: str) -> Guild:
        """Return a guild that the bot is in.

        Raises:
            Refusal: there is none with this id.
        """
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise refuse(10004)
        return guild

    def message(self, channel: Channel, message_id: str) -> Message:
        """Return a message that is in a channel.

        Raises:
            Refusal: there is none with this id.
        """
        if message_id not in channel.messages:
            raise refuse(10008)
        return channel.messages[message_id]

    def permissions(self, user: User, channel: Channel) -> Permission:
        """Return what a user may do in a channel of any kind."""
        if channel.guild is None:
            return ALL if channel.recipient is not None else Permission.NONE
        return channel.guild.permissions(user, channel)

    def _put(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels[channel.id] = channel
        return channel
