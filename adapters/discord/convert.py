"""Discord's people, places and messages as the core knows them."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace

import discord
import regex

from bot.errors import GoneError
from bot.messages import Attachment, Author, Channel, Message, Role
from bot.words import T

__all__ = ["PLATFORM", "Converter", "Person", "Place", "target_id", "without_mention"]

PLATFORM = "discord"

Person = discord.User | discord.Member | discord.ClientUser
Place = (
    discord.abc.GuildChannel
    | discord.abc.PrivateChannel
    | discord.Thread
    | discord.PartialMessageable
)

NUM_LOCALES = 10_000


def target_id(channel: Channel) -> int:
    """Return Discord's id of where a message to a channel goes.

    Raises:
        GoneError: the id is none of Discord's.
    """
    found = channel.thread_id or channel.id
    if not (found.isascii() and found.isdecimal()):
        raise GoneError(T("There is no channel {name}.", name=found))
    return int(found)


class Converter:
    """Turns Discord's objects into the core's.

    Args:
        owners: who runs the bot, as `discord:ID`.
        moderator_roles: ids of roles that make a moderator.
    """

    def __init__(
        self, owners: Collection[str], moderator_roles: Collection[str]
    ) -> None:
        self._owners = frozenset(owners)
        self._moderator_roles = frozenset(moderator_roles)
        self._locales: OrderedDict[int, str] = OrderedDict()

    def channel(self, place: Place, *, person_id: int | None = None) -> Channel:
        """Return a place; `person_id` is who the bot talks with in private.

        A thread is a part of its channel. In private only the person counts.
        """
        if isinstance(place, discord.Thread):
            parent = place.parent
            return Channel(
                PLATFORM,
                str(place.parent_id),
                str(place.guild.id),
                place.name,
                thread_id=str(place.id),
                is_age_restricted=parent is not None and parent.is_nsfw(),
            )
        if isinstance(place, discord.abc.GuildChannel):
            return Channel(
                PLATFORM,
                str(place.id),
                str(place.guild.id),
                place.name,
                is_age_restricted=bool(getattr(place, "nsfw", False)),
            )
        if isinstance(place, discord.PartialMessageable) and place.guild_id:
            # A thread, most likely, that Discord has not shown yet.
            return Channel(PLATFORM, str(place.id), str(place.guild_id))
        if isinstance(place, discord.DMChannel) and place.recipient is not None:
            person_id = person_id or place.recipient.id
        return Channel(PLATFORM, str(place.id), f"private:{person_id}", is_private=True)

    def thread_of(self, parent: discord.abc.GuildChannel, thread_id: str) -> Channel:
        """Return a thread that Discord does not show at the moment."""
        return replace(self.channel(parent), name="", thread_id=thread_id)

    def author(
        self,
        person: Person,
        *,
        place: Place | None = None,
        rights: discord.Permissions | None = None,
        locale: str | None = None,
        self_id: int | None = None,
    ) -> Author:
        """Return a person, with the role that they have in this place right now.

        `rights` are what Discord itself says that they may, as it does for presses.
        """
        if locale is not None:
            self._remember_locale(person.id, locale)
        return Author(
            id=str(person.id),
            name=person.display_name,
            role=self._role(person, place, rights),
            is_bot=person.bot,
            language=self._locales.get(person.id) or _community_language(person),
            is_self=person.id == self_id,
        )

    def message(
        self,
        message: discord.Message,
        *,
        text: str,
        channel: Channel,
        self_id: int,
        attachments: tuple[Attachment, ...] = (),
        is_to_bot: bool = False,
        replied: Message | None = None,
    ) -> Message:
        """Return a message with a text that was already read."""
        return Message(
            id=str(message.id),
            channel=channel,
            author=self.author(message.author, place=message.channel, self_id=self_id),
            text=text,
            created_utc=message.created_at,
            reply_to_id=replied.id if replied else _replied_id(message),
            attachments=attachments,
            is_to_bot=is_to_bot,
            replied=replied,
        )

    def _role(
        self, person: Person, place: Place | None, rights: discord.Permissions | None
    ) -> Role:
        if f"{PLATFORM}:{person.id}" in self._owners:
            return Role.OWNER
        if not isinstance(person, discord.Member) or person.bot:
            return Role.MEMBER
        if rights is None:
            rights = _rights(person, place)
        has_role = any(str(role.id) in self._moderator_roles for role in person.roles)
        is_moderator = (
            has_role
            or rights.administrator
            or rights.manage_guild
            or rights.manage_messages
        )
        return Role.MODERATOR if is_moderator else Role.MEMBER

    def _remember_locale(self, person_id: int, locale: str) -> None:
        self._locales[person_id] = locale
        self._locales.move_to_end(person_id)
        if len(self._locales) > NUM_LOCALES:
            self._locales.popitem(last=False)


def _rights(person: discord.Member, place: Place | None) -> discord.Permissions:
    if isinstance(place, discord.Thread) and place.parent is None:
        return person.guild_permissions
    if isinstance(place, discord.abc.GuildChannel | discord.Thread):
        return place.permissions_for(person)
    return person.guild_permissions


def _community_language(person: Person) -> str | None:
    """Return the language that a community server has chosen for itself."""
    if isinstance(person, discord.Member) and "COMMUNITY" in person.guild.features:
        return str(person.guild.preferred_locale)
    return None


def _replied_id(message: discord.Message) -> str | None:
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return str(reference.message_id) if reference.message_id else None


def without_mention(text: str, *, mention: str, name: str) -> str:
    """Return a text without the bot's own mention, a pattern.

    At the start or the end it only calls the bot; in between it is a word.
    """
    bare = regex.sub(rf"\A\s*(?:{mention}[\s,:]*)+|\s*{mention}\s*\Z", "", text)
    return regex.sub(mention, f"@{name}", bare)
