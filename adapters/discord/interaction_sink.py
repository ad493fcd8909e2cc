"""Live replies under a command, a press or a menu."""

from typing import Any

import discord

from adapters.discord.buttons import ButtonBox
from adapters.discord.files import as_discord_files
from adapters.discord.interactions import Interactions, OpenInteraction
from adapters.discord.outbox import Outbox
from adapters.discord.sink import ChannelSink, DirectSink, shown
from adapters.governor import Lane
from bot.errors import ForbiddenError, GoneError
from bot.messages import Reply
from bot.words import T

__all__ = ["InteractionSink"]

FIRST = Lane.ACKNOWLEDGE


class InteractionSink:
    """Messages under a command, a press or a menu, while Discord takes them.

    When it takes them no longer, after 15 minutes, they go to the channel, calling whom
    they answer; what is private goes to the person.
    """

    def __init__(
        self,
        opened: OpenInteraction,
        interactions: Interactions,
        outbox: Outbox,
        buttons: ButtonBox,
        *,
        is_private: bool,
    ) -> None:
        self._opened = opened
        self._interactions = interactions
        self._outbox = outbox
        self._buttons = buttons
        self._is_private = is_private
        self._late: ChannelSink | DirectSink | None = None
        self._late_ids: set[str] = set()

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message; the first one takes the place of "thinking"."""
        if not self._interactions.is_usable(self._opened):
            return await self._send_late(message, nonce)
        try:
            return await self._answer(message)
        except (GoneError, ForbiddenError):
            # The token is no longer taken, whatever our clock says.
            self._opened.is_lost = True
            return await self._send_late(message, nonce)

    async def edit(self, message_id: str, message: Reply) -> None:
        """Change a message."""
        if self._late is not None and message_id in self._late_ids:
            await self._late.edit(message_id, message)
            return
        if not self._interactions.is_usable(self._opened):
            if self._is_private:
                raise GoneError(T("That is no longer there on Discord."))
            await self._channel_sink().edit(message_id, message)
            return
        changes = await self._contents(message)
        changes.pop("suppress_embeds")
        files = changes.pop("files", None)
        if files is not None:
            changes["attachments"] = files
        changes.setdefault("view", None)
        hook = self._opened.interaction.followup
        await self._outbox.run(
            lambda: hook.edit_message(int(message_id), **changes),
            key="hook",
            merge=f"edit:{message_id}",
        )

    async def delete(self, message_id: str) -> None:
        """Take a message away."""
        if self._late is not None and message_id in self._late_ids:
            await self._late.delete(message_id)
            return
        hook = self._opened.interaction.followup
        await self._outbox.run(lambda: hook.delete_message(int(message_id)), key="hook")

    async def _answer(self, message: Reply) -> str:
        opened = self._opened
        if opened.is_pending and opened.is_private == self._is_private:
            sent = await self._fill(message)
        elif opened.is_pending:
            sent = await self._swap(message)
        else:
            sent = await self._follow(message)
        opened.is_pending = False
        return str(sent.id)

    async def _fill(self, message: Reply) -> discord.Message:
        """Put the message where "thinking" is."""
        changes = await self._contents(message)
        changes.pop("suppress_embeds")
        if (files := changes.pop("files", None)) is not None:
            changes["attachments"] = files
        interaction = self._opened.interaction
        return await self._outbox.run(
            lambda: interaction.edit_original_response(**changes),
            key="hook",
            lane=FIRST,
        )

    async def _swap(self, message: Reply) -> discord.Message:
        """Answer for others' eyes than "thinking" is for: beside it, then take it away.

        Whether it is private was fixed when the command was acknowledged. It has to be
        filled first, or else what follows would take its place.
        """
        interaction = self._opened.interaction
        await self._outbox.run(
            lambda: interaction.edit_original_response(content="…"),
            key="hook",
            lane=FIRST,
        )
        sent = await self._follow(message)
        await self._outbox.run(interaction.delete_original_response, key="hook")
        return sent

    async def _follow(self, message: Reply) -> discord.Message:
        contents = await self._contents(message)
        hook = self._opened.interaction.followup
        return await self._outbox.run(
            lambda: hook.send(wait=True, ephemeral=self._is_private, **contents),
            key="hook",
            lane=FIRST,
        )

    async def _contents(self, message: Reply) -> dict[str, Any]:
        unfurl = self._outbox.unfurl_links
        contents: dict[str, Any] = {
            "content": shown(message.text, can_unfurl=unfurl),
            "suppress_embeds": not unfurl,
            "allowed_mentions": discord.AllowedMentions.none(),
        }
        if (view := await self._buttons.view(message.buttons)) is not None:
            contents["view"] = view
        if message.attachments:
            contents["files"] = as_discord_files(message.attachments)
        return contents

    async def _send_late(self, message: Reply, nonce: str) -> str:
        if self._late is None:
            self._late = self._late_sink()
        late = Reply(message.text, message.buttons, message.attachments)
        message_id = await self._late.send(late, nonce=nonce)
        self._late_ids.add(message_id)
        return message_id

    def _late_sink(self) -> ChannelSink | DirectSink:
        if self._is_private:
            return DirectSink(self._outbox, self._buttons, self._opened.author.id)
        return self._channel_sink(calls=self._opened.author.id)

    def _channel_sink(self, *, calls: str = "") -> ChannelSink:
        return ChannelSink(
            self._outbox, self._buttons, self._opened.channel, calls=calls
        )
