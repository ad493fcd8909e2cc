"""People who write, press, react and use commands."""

from collections.abc import Mapping, Sequence

from tests.discord_server.bodies import Body
from tests.discord_server.commands import CHAT_INPUT, MESSAGE_MENU, USER_MENU
from tests.discord_server.compose import Composer
from tests.discord_server.feed import Feed
from tests.discord_server.interactions import Interaction, Interactions, What
from tests.discord_server.messages import Message, parts_of
from tests.discord_server.options import options_of
from tests.discord_server.payloads import (
    channel_json,
    member_json,
    message_json,
    user_json,
)
from tests.discord_server.permissions import ALL
from tests.discord_server.places import Channel, User
from tests.discord_server.refusals import Json
from tests.discord_server.routes.messages import remove
from tests.discord_server.world import World

__all__ = ["Given", "People"]

Given = tuple[str, bytes]  # a file's name and its content


class People:
    """What anybody but the bot does."""

    def __init__(
        self, world: World, feed: Feed, composer: Composer, interactions: Interactions
    ) -> None:
        self.world = world
        self._feed = feed
        self._composer = composer
        self._interactions = interactions

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str = "",
        *,
        reply_to: Message | None = None,
        attachments: Sequence[Given] = (),
        pings_author: bool = True,
    ) -> Message:
        """Write a message, and return it."""
        fields: Json = {"content": text}
        if reply_to is not None:
            fields["message_reference"] = {"message_id": reply_to.id}
            if not pings_author:
                fields["allowed_mentions"] = {
                    "parse": ["users", "roles", "everyone"],
                    "replied_user": False,
                }
        message = self._composer.blank(channel, user, 0)
        message.attachments = [
            self._composer.keep(name, content, channel) for name, content in attachments
        ]
        self._composer.write(message, Body(fields))
        await self._feed.message("MESSAGE_CREATE", message)
        return message

    async def edit(self, message: Message, text: str) -> None:
        """Change what somebody wrote."""
        self._composer.change(message, Body({"content": text}))
        await self._feed.message("MESSAGE_UPDATE", message)

    async def delete(self, *messages: Message) -> None:
        """Delete messages of one channel; several at once are one event."""
        channel = messages[0].channel
        for message in messages:
            remove(channel, message)
        await self._feed.deleted(channel, [message.id for message in messages])

    async def react(self, message: Message, user: User, emoji: str) -> None:
        """React to a message."""
        message.reactions.setdefault(emoji, []).append(user.id)
        await self._feed.reaction(message, user, emoji, is_added=True)

    async def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a reaction back."""
        message.reactions[emoji].remove(user.id)
        if not message.reactions[emoji]:
            del message.reactions[emoji]
        await self._feed.reaction(message, user, emoji, is_added=False)

    async def vote(self, message: Message, user: User, answer: int) -> None:
        """Vote in a poll; answers are numbered from 1."""
        message.votes.setdefault(answer, []).append(user.id)
        await self._feed.vote(message, user, answer, is_added=True)

    async def unvote(self, message: Message, user: User, answer: int) -> None:
        """Take a vote back."""
        message.votes[answer].remove(user.id)
        await self._feed.vote(message, user, answer, is_added=False)

    async def clear(self, message: Message) -> None:
        """Take everybody's reactions away, as a moderator."""
        message.reactions.clear()
        await self._feed.cleared(message)

    async def press(
        self,
        message: Message,
        custom_id: str,
        user: User,
        *,
        values: Sequence[str] = (),
    ) -> Interaction:
        """Press a button, or choose from a menu, named by custom id or label.

        Raises:
            LookupError: it is not there, cannot be pressed, or is not for this person.
        """
        custom_id = message.buttons.get(custom_id, custom_id)
        found = [
            part
            for part in parts_of(message.components)
            if part.get("custom_id") == custom_id and not part.get("disabled")
        ]
        if not found or message.is_deleted or message.only_for not in {None, user.id}:
            raise LookupError(f"{custom_id!r} cannot be pressed")
        pressed: Json = {"custom_id": custom_id, "component_type": found[0]["type"]}
        if found[0]["type"] != 2:
            pressed["values"] = list(values)
        opened = self._interactions.open(What.COMPONENT, message.channel, user, message)
        await self._tell(opened, pressed)
        return opened

    async def slash(
        self,
        channel: Channel,
        user: User,
        name: str,
        options: Mapping[str, object] | None = None,
    ) -> Interaction:
        """Use a slash command; `group sub` names one inside another.

        Raises:
            LookupError: no such command or option is registered, or one is missing.
        """
        return await self._command(What.COMMAND, channel, user, name, options or {})

    async def autocomplete(
        self,
        channel: Channel,
        user: User,
        name: str,
        options: Mapping[str, object],
        *,
        focused: str,
    ) -> Interaction:
        """Type an option of a slash command."""
        return await self._command(
            What.AUTOCOMPLETE, channel, user, name, options, focused
        )

    async def message_menu(
        self, message: Message, user: User, name: str
    ) -> Interaction:
        """Use a command from a message's menu."""
        resolved = {"messages": {message.id: message_json(message, self.world)}}
        return await self._menu(
            MESSAGE_MENU, message.channel, user, name, message.id, resolved
        )

    async def user_menu(
        self, channel: Channel, target: User, user: User, name: str
    ) -> Interaction:
        """Use a command from a person's menu."""
        resolved: Json = {"users": {target.id: user_json(target)}}
        if channel.guild and target.id in channel.guild.members:
            member = channel.guild.members[target.id]
            shown = member_json(member, with_user=False) | {"permissions": "0"}
            resolved["members"] = {target.id: shown}
        return await self._menu(USER_MENU, channel, user, name, target.id, resolved)

    async def submit(
        self, opened: Interaction, values: Mapping[str, str]
    ) -> Interaction:
        """Send the form that an interaction was answered with."""
        if opened.modal is None:
            raise LookupError("no form was shown")
        fields = [
            part for part in parts_of(opened.modal["components"]) if part["type"] == 4
        ]
        rows = [
            {
                "type": 1,
                "components": [
                    {
                        "type": 4,
                        "custom_id": part["custom_id"],
                        "value": values.get(part["custom_id"], ""),
                    }
                ],
            }
            for part in fields
        ]
        sent: Json = {"custom_id": opened.modal["custom_id"], "components": rows}
        submitted = self._interactions.open(
            What.MODAL, opened.channel, opened.user, opened.message
        )
        await self._tell(submitted, sent)
        return submitted

    async def _command(
        self,
        what: What,
        channel: Channel,
        user: User,
        name: str,
        options: Mapping[str, object],
        focused: str = "",
    ) -> Interaction:
        guild_id = channel.guild.id if channel.guild else ""
        root, *path = name.split(" ")
        command = self.world.commands.find(CHAT_INPUT, root, guild_id)
        resolved: Json = {}
        listed = options_of(
            command, path, options, resolved, focused=focused, channel=channel
        )
        used: Json = {
            "id": command["id"],
            "name": command["name"],
            "type": CHAT_INPUT,
            "options": listed,
        }
        if command.get("guild_id"):
            used["guild_id"] = command["guild_id"]
        if resolved:
            used["resolved"] = resolved
        opened = self._interactions.open(what, channel, user)
        await self._tell(opened, used)
        return opened

    async def _menu(
        self,
        kind: int,
        channel: Channel,
        user: User,
        name: str,
        target_id: str,
        resolved: Json,
    ) -> Interaction:
        guild_id = channel.guild.id if channel.guild else ""
        command = self.world.commands.find(kind, name, guild_id)
        used: Json = {
            "id": command["id"],
            "name": name,
            "type": kind,
            "target_id": target_id,
            "resolved": resolved,
        }
        opened = self._interactions.open(What.COMMAND, channel, user)
        await self._tell(opened, used)
        return opened

    async def _tell(self, opened: Interaction, used: Json) -> None:
        channel, user = opened.channel, opened.user
        body: Json = {
            "id": opened.id,
            "application_id": self.world.application_id,
            "type": int(opened.what),
            "data": used,
            "channel_id": channel.id,
            "channel": channel_json(channel) | {"permissions": str(int(ALL))},
            "token": opened.token,
            "version": 1,
            "locale": user.locale,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if channel.guild else 1,
            "attachment_size_limit": self._composer.largest_file_bytes,
        }
        bot = self.world.bot
        body["app_permissions"] = str(int(self.world.permissions(bot, channel)))
        if channel.guild:
            member = channel.guild.members[user.id]
            granted = channel.guild.permissions(user, channel)
            body |= {
                "guild_id": channel.guild.id,
                "guild_locale": channel.guild.preferred_locale,
                "member": member_json(member) | {"permissions": str(int(granted))},
            }
        else:
            body["user"] = user_json(user)
        if opened.message is not None:
            body["message"] = message_json(opened.message, self.world)
        await self._feed.interaction(channel, body)
