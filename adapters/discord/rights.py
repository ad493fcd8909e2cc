"""The rights that the bot needs on a server, and saying once which one is missing."""

from collections.abc import Callable, Mapping

import discord
import structlog

from bot.errors import ForbiddenError
from bot.words import T, Text, join_texts

__all__ = ["NEEDED", "Rights"]

logger = structlog.get_logger(__name__)

NAMES: Mapping[str, Text] = {
    "view_channel": T("View Channels"),
    "send_messages": T("Send Messages"),
    "send_messages_in_threads": T("Send Messages in Threads"),
    "create_public_threads": T("Create Public Threads"),
    "embed_links": T("Embed Links"),
    "attach_files": T("Attach Files"),
    "read_message_history": T("Read Message History"),
    "add_reactions": T("Add Reactions"),
    "manage_messages": T("Manage Messages"),
    "manage_threads": T("Manage Threads"),
    "mention_everyone": T("Mention @everyone, @here and All Roles"),
    "create_expressions": T("Create Expressions"),
    "create_polls": T("Create Polls"),
    "send_voice_messages": T("Send Voice Messages"),
    "moderate_members": T("Timeout Members"),
    "kick_members": T("Kick Members"),
    "ban_members": T("Ban Members"),
}
"""The rights as Discord's own pages call them."""

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    create_polls=True,
    send_voice_messages=True,
)
"""What an invitation asks for; the rest is given where moderators want it."""


class Rights:
    """Looks before a call whether the bot may make it.

    Args:
        tell: tells the moderators; called once for each right and place.
    """

    def __init__(self, client: discord.Client, tell: Callable[[Text], None]) -> None:
        self._client = client
        self._tell = tell
        self._told: set[tuple[int, str]] = set()

    def missing(self, place_id: int, *names: str) -> tuple[str, ...]:
        """Return those of the rights that the bot lacks; what is not known it has."""
        place = self._client.get_channel(place_id)
        if not isinstance(place, discord.abc.GuildChannel | discord.Thread):
            return ()
        if isinstance(place, discord.Thread) and place.parent is None:
            return ()
        me: discord.Member | None = place.guild.me  # None: not shown yet
        if me is None:
            return ()
        have = place.permissions_for(me)
        return tuple(name for name in names if not getattr(have, name))

    def check(self, place_id: int, *names: str) -> None:
        """Let a call be made.

        Raises:
            ForbiddenError: a right is missing; the moderators are told of it.
        """
        missing = self.missing(place_id, *names)
        if missing:
            raise self.lacking(place_id, *missing)

    def lacking(self, place_id: int, *names: str) -> ForbiddenError:
        """Return the error for missing rights, and tell the moderators once."""
        place = self._client.get_channel(place_id)
        guild = getattr(place, "guild", None)
        rights = join_texts(NAMES.get(name, Text(name)) for name in names)
        text = T(
            "I lack a right in #{channel} on {server}: {rights}. Give it to my role "
            "under Server Settings → Roles, or in the permissions of the channel.",
            channel=getattr(place, "name", place_id),
            server=guild.name if guild is not None else "Discord",
            rights=rights or T("unknown"),
        )
        new = {(place_id, name) for name in names} - self._told
        if new:
            self._told |= new
            logger.warning("right missing", channel=place_id, rights=names)
            self._tell(text)
        return ForbiddenError(text)
