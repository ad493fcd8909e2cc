"""What moderators have done on a server: messages taken away, people put out."""

from contextlib import suppress
from datetime import datetime

import discord
from typing_extensions import override

from adapters.discord.buttons import ButtonBox
from adapters.discord.convert import Converter, target_id
from adapters.discord.outbox import Outbox
from adapters.discord.sink import ChannelSink
from adapters.governor import Lane
from bot.adapter import Adapter
from bot.errors import ForbiddenError, GoneError, NetworkError
from bot.messages import Channel, Reply, Role
from bot.words import T

__all__ = ["DiscordDiscipline"]


class DiscordDiscipline(Adapter):
    """The calls of the adapter that moderators' presses lead to.

    Discord is asked only for what the bot may do: each right is looked at before.
    """

    _outbox: Outbox
    _buttons: ButtonBox
    _converter: Converter

    @override
    async def role_of(self, channel: Channel, person_id: str) -> Role:
        client, person = self._outbox.client, int(person_id)
        if not client.is_ready():
            raise NetworkError(T("Discord is not connected yet."))
        guild = None if channel.is_private else client.get_guild(_guild_id(channel))
        if guild is None:
            raise GoneError(T("There is no channel {name}.", name=channel.id))
        # Asked for: without the intent for members, what is known of them grows old.
        member = await self._outbox.run(
            lambda: guild.fetch_member(person), key=f"other:{guild.id}"
        )
        place = guild.get_channel_or_thread(target_id(channel))
        if place is None:  # a thread that rests
            place = guild.get_channel(int(channel.id))
        return self._converter.author(member, place=place).role

    @override
    async def change(self, channel: Channel, message_id: str, reply: Reply) -> None:
        sink = ChannelSink(self._outbox, self._buttons, channel)
        await sink.edit(message_id, reply)

    @override
    async def delete_message(
        self, channel: Channel, message_id: str, *, reason: str
    ) -> None:
        there, outbox = target_id(channel), self._outbox
        outbox.rights.check(there, "view_channel", "manage_messages")
        await outbox.run(
            lambda: outbox.client.http.delete_message(
                there, int(message_id), reason=reason
            ),
            key=f"other:{there}",
            lane=Lane.MODERATION,
            place_id=there,
            needs=("manage_messages",),
        )

    @override
    async def time_out(
        self, channel: Channel, person_id: str, *, until_utc: datetime, reason: str
    ) -> None:
        member = await self._member(channel, person_id, "moderate_members")
        if member.guild_permissions.administrator:
            raise ForbiddenError(
                T(
                    "{name} is an administrator: Discord lets nobody give them a "
                    "time-out.",
                    name=member.display_name,
                )
            )
        await self._outbox.run(
            lambda: member.timeout(until_utc, reason=reason),
            key=f"other:{member.guild.id}",
            lane=Lane.MODERATION,
            place_id=target_id(channel),
            needs=("moderate_members",),
        )

    @override
    async def kick(self, channel: Channel, person_id: str, *, reason: str) -> None:
        member = await self._member(channel, person_id, "kick_members")
        await self._outbox.run(
            lambda: member.kick(reason=reason),
            key=f"other:{member.guild.id}",
            lane=Lane.MODERATION,
            place_id=target_id(channel),
            needs=("kick_members",),
        )

    @override
    async def ban(self, channel: Channel, person_id: str, *, reason: str) -> None:
        with suppress(GoneError):  # who has left can be kept out all the same
            await self._member(channel, person_id, "ban_members")
        guild, person = self._guild(channel), discord.Object(int(person_id))
        await self._outbox.run(
            lambda: guild.ban(person, reason=reason, delete_message_seconds=0),
            key=f"other:{guild.id}",
            lane=Lane.MODERATION,
            place_id=target_id(channel),
            needs=("ban_members",),
        )

    def _guild(self, channel: Channel) -> discord.Guild:
        found = self._outbox.client.get_channel(target_id(channel))
        guild = getattr(found, "guild", None)
        if not isinstance(guild, discord.Guild):
            raise GoneError(T("There is no channel {name}.", name=channel.id))
        return guild

    async def _member(
        self, channel: Channel, person_id: str, right: str
    ) -> discord.Member:
        """Return somebody to whom the bot may do what takes a right.

        Raises:
            ForbiddenError: it lacks the right, or they stand too high.
            GoneError: they are not there any more.
        """
        guild = self._guild(channel)
        me = guild.me
        if not getattr(me.guild_permissions, right):
            raise self._outbox.rights.lacking(target_id(channel), right)
        member = await self._outbox.run(
            lambda: guild.fetch_member(int(person_id)),
            key=f"other:{guild.id}",
            lane=Lane.MODERATION,
        )
        if member.id == guild.owner_id:
            raise ForbiddenError(
                T("{name} owns the server: nobody can do that.", name=member.name)
            )
        if member.top_role >= me.top_role:
            raise ForbiddenError(
                T(
                    "{name} stands as high as I do on {server}, or higher. Drag my "
                    "role above theirs under Server Settings → Roles.",
                    name=member.display_name,
                    server=guild.name,
                )
            )
        return member


def _guild_id(channel: Channel) -> int:
    return int(channel.community_id) if channel.community_id.isdecimal() else 0
