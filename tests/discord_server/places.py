"""Where people are: guilds, roles, members, channels, threads."""

from dataclasses import dataclass, field
from enum import IntEnum

from tests.discord_server.messages import Message
from tests.discord_server.permissions import ALL, Permission

__all__ = ["Channel", "Guild", "Kind", "Member", "Overwrite", "Role", "Tag", "User"]


@dataclass(eq=False)
class User:
    """A person, or a bot."""

    id: str
    name: str
    is_bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True


@dataclass(eq=False)
class Role:
    """A role of a guild."""

    id: str
    name: str
    permissions: Permission = Permission.NONE
    is_mentionable: bool = False
    position: int = 1


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    roles: list[Role]
    nick: str | None = None
    timed_out_until: str | None = None


@dataclass
class Overwrite:
    """What a channel gives to a role or a member, and takes from them."""

    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE
    is_member: bool = False


class Kind(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    """A text channel of a guild."""
    DM = 1
    """One person and the bot."""
    VOICE = 2
    """A voice channel, with its text chat."""
    CATEGORY = 4
    """Holds channels."""
    NEWS = 5
    """An announcement channel: its messages can be crossposted."""
    NEWS_THREAD = 10
    """A thread in an announcement channel."""
    THREAD = 11
    """A public thread, or a post of a forum."""
    PRIVATE_THREAD = 12
    """A thread for those who are added."""
    FORUM = 15
    """Holds posts only."""


THREADS = {Kind.NEWS_THREAD, Kind.THREAD, Kind.PRIVATE_THREAD}


@dataclass(eq=False)
class Tag:
    """A tag of a forum."""

    id: str
    name: str
    is_moderated: bool = False


@dataclass(eq=False)
class Channel:
    """A channel, a thread, a forum or a DM, with everything in it."""

    id: str
    kind: Kind
    name: str = ""
    guild: "Guild | None" = field(default=None, repr=False)
    parent: "Channel | None" = field(default=None, repr=False)
    topic: str | None = None
    is_age_restricted: bool = False
    slowmode_s: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict, repr=False)
    tags: list[Tag] = field(default_factory=list, repr=False)
    applied_tags: list[str] = field(default_factory=list, repr=False)
    must_tag: bool = False
    recipient: User | None = None
    owner_id: str = ""
    is_archived: bool = False
    is_locked: bool = False
    archive_after_min: int = 1440
    thread_members: set[str] = field(default_factory=set, repr=False)
    created_at: str = ""
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    hidden: dict[str, Message] = field(
        default_factory=dict, repr=False
    )  # for one person each
    deleted: list[Message] = field(default_factory=list, repr=False)
    pins: list[str] = field(default_factory=list, repr=False)
    typed: list[str] = field(default_factory=list, repr=False)  # who typed, each time

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread or a post of a forum."""
        return self.kind in THREADS


@dataclass(eq=False)
class Guild:
    """A server, as people call it."""

    id: str
    name: str
    owner: User = field(repr=False)
    roles: dict[str, Role] = field(default_factory=dict, repr=False)
    members: dict[str, Member] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    banned: dict[str, str] = field(default_factory=dict, repr=False)  # user id: reason
    preferred_locale: str = "en-US"
    is_available: bool = True

    @property
    def everyone(self) -> Role:
        """The role that all have; its id is the guild's."""
        return self.roles[self.id]

    def permissions(self, user: User, channel: Channel | None = None) -> Permission:
        """Return what a user may do in the guild, or in one of its channels."""
        member = self.members.get(user.id)
        if member is None:
            return Permission.NONE
        if user is self.owner:
            return ALL
        granted = self.everyone.permissions
        for role in member.roles:
            granted |= role.permissions
        if granted & Permission.ADMINISTRATOR:
            return ALL
        if channel is None:
            return granted
        place = channel.parent if channel.is_thread and channel.parent else channel
        return _overwritten(granted, place, self, member)


def _overwritten(
    granted: Permission, channel: Channel, guild: Guild, member: Member
) -> Permission:
    none = Overwrite()
    everyone = channel.overwrites.get(guild.id, none)
    granted = granted & ~everyone.deny | everyone.allow
    roles = [channel.overwrites.get(role.id, none) for role in member.roles]
    for overwrite in roles:
        granted &= ~overwrite.deny
    for overwrite in roles:
        granted |= overwrite.allow
    own = channel.overwrites.get(member.user.id, none)
    return granted & ~own.deny | own.allow
