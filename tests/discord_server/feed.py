"""What happens in the world, told to the bot over the gateway."""

import time
from collections.abc import Callable
from typing import TypeAlias

from tests.discord_server.gateway import Gateway
from tests.discord_server.intents import Intent
from tests.discord_server.messages import Message
from tests.discord_server.payloads import (
    channel_json,
    guild_json,
    member_json,
    message_json,
    thread_json,
    user_json,
)
from tests.discord_server.places import Channel, Guild, Member, User
from tests.discord_server.refusals import Json
from tests.discord_server.sessions import Session
from tests.discord_server.world import World

__all__ = ["Feed"]

_Body: TypeAlias = Callable[[Session], Json | None]


class Feed:
    """Makes events of what happened, with only what the bot may read in them."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    async def message(self, event: str, message: Message) -> None:
        """Tell of a new message (MESSAGE_CREATE) or a changed one (MESSAGE_UPDATE)."""
        if message.is_ephemeral and event == "MESSAGE_CREATE":
            return

        def body(session: Session) -> Json:
            with_content = self._may_read(session, message)
            shown = message_json(message, self._world, with_content=with_content)
            return shown | self._sender(message)

        await self._in(message.channel, event, body, _messages(message.channel))

    async def deleted(self, channel: Channel, ids: list[str]) -> None:
        """Tell that messages are gone."""
        body: Json = {"channel_id": channel.id}
        if channel.guild:
            body["guild_id"] = channel.guild.id
        many = len(ids) > 1
        body |= {"ids": ids} if many else {"id": ids[0]}
        event = "MESSAGE_DELETE_BULK" if many else "MESSAGE_DELETE"
        await self._in(channel, event, lambda _: body, _messages(channel))

    async def reaction(
        self, message: Message, user: User, emoji: str, *, is_added: bool
    ) -> None:
        """Tell that somebody reacted, or took it back."""
        channel = message.channel
        body: Json = {
            "user_id": user.id,
            "channel_id": channel.id,
            "message_id": message.id,
            "message_author_id": message.author.id,
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if channel.guild:
            body["guild_id"] = channel.guild.id
            if is_added and user.id in channel.guild.members:
                body["member"] = member_json(channel.guild.members[user.id])
        needs = Intent.GUILD_MESSAGE_REACTIONS
        if channel.guild is None:
            needs = Intent.DIRECT_MESSAGE_REACTIONS
        event = "MESSAGE_REACTION_ADD" if is_added else "MESSAGE_REACTION_REMOVE"
        await self._in(channel, event, lambda _: body, needs)

    async def cleared(self, message: Message) -> None:
        """Tell that nobody's reactions are there any more."""
        channel = message.channel
        body: Json = {"channel_id": channel.id, "message_id": message.id}
        if channel.guild:
            body["guild_id"] = channel.guild.id
        needs = Intent.GUILD_MESSAGE_REACTIONS
        await self._in(channel, "MESSAGE_REACTION_REMOVE_ALL", lambda _: body, needs)

    async def vote(
        self, message: Message, user: User, answer: int, *, is_added: bool
    ) -> None:
        """Tell that somebody voted in a poll, or took it back."""
        channel = message.channel
        body: Json = {
            "user_id": user.id,
            "channel_id": channel.id,
            "message_id": message.id,
            "answer_id": answer,
        }
        needs = Intent.DIRECT_MESSAGE_POLLS
        if channel.guild:
            body["guild_id"] = channel.guild.id
            needs = Intent.GUILD_MESSAGE_POLLS
        event = "MESSAGE_POLL_VOTE_ADD" if is_added else "MESSAGE_POLL_VOTE_REMOVE"
        await self._in(channel, event, lambda _: body, needs)

    async def typing(self, channel: Channel, user: User) -> None:
        """Tell that somebody types."""
        body: Json = {
            "channel_id": channel.id,
            "user_id": user.id,
            "timestamp": int(time.time()),
        }
        needs = Intent.DIRECT_MESSAGE_TYPING
        if channel.guild:
            body["guild_id"] = channel.guild.id
            body["member"] = member_json(channel.guild.members[user.id])
            needs = Intent.GUILD_MESSAGE_TYPING
        await self._in(channel, "TYPING_START", lambda _: body, needs)

    async def channel(self, event: str, channel: Channel) -> None:
        """Tell of a channel or a thread, such as CHANNEL_UPDATE, THREAD_CREATE."""
        if channel.is_thread:
            body = thread_json(channel)
            if event == "THREAD_CREATE":
                body["newly_created"] = True
        else:
            body = channel_json(channel)
        await self._in(channel, event, lambda _: body, Intent.GUILDS)

    async def guild(self, event: str, guild: Guild, *, unavailable: bool) -> None:
        """Tell that a guild came (GUILD_CREATE) or went (GUILD_DELETE)."""

        def body(session: Session) -> Json:
            if event == "GUILD_DELETE":
                gone: Json = {"id": guild.id}
                return gone | {"unavailable": True} if unavailable else gone
            with_members = bool(session.intents & Intent.GUILD_MEMBERS)
            shown = guild_json(guild, self._world.bot, with_members=with_members)
            del shown["unavailable"]  # which tells a new guild from one that was away
            return shown

        await self._gateway.dispatch(
            event, body, guild_id=guild.id, needs=Intent.GUILDS
        )

    async def member(self, event: str, guild: Guild, member: Member) -> None:
        """Tell of a member, such as GUILD_MEMBER_ADD."""
        body: Json = {"guild_id": guild.id, "user": user_json(member.user)}
        if event != "GUILD_MEMBER_REMOVE":
            body |= member_json(member)
        is_bot = member.user is self._world.bot
        needs = Intent.NONE if is_bot else Intent.GUILD_MEMBERS
        await self._gateway.dispatch(
            event, lambda _: body, guild_id=guild.id, needs=needs
        )

    async def interaction(self, channel: Channel, body: Json) -> None:
        """Tell that somebody used a command or a button."""
        await self._in(channel, "INTERACTION_CREATE", lambda _: body, Intent.NONE)

    def _may_read(self, session: Session, message: Message) -> bool:
        bot = self._world.bot
        return (
            bool(session.intents & Intent.MESSAGE_CONTENT)
            or message.channel.guild is None
            or message.author is bot
            or bot in message.pinged_users
        )

    def _sender(self, message: Message) -> Json:
        guild = message.channel.guild
        if guild is None:
            return {}
        shown: Json = {"guild_id": guild.id}
        member = guild.members.get(message.author.id)
        if member is not None and not message.application_id:
            shown["member"] = member_json(member, with_user=False)
        shown["mentions"] = [
            user_json(user)
            | {"member": member_json(guild.members[user.id], with_user=False)}
            for user in message.pinged_users
            if user.id in guild.members
        ]
        return shown

    async def _in(
        self, channel: Channel, event: str, body: _Body, needs: Intent
    ) -> None:
        guild_id = channel.guild.id if channel.guild else None
        await self._gateway.dispatch(event, body, guild_id=guild_id, needs=needs)


def _messages(channel: Channel) -> Intent:
    return Intent.GUILD_MESSAGES if channel.guild else Intent.DIRECT_MESSAGES
