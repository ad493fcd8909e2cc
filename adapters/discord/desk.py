"""Commands, presses and menus on their way to the core."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import discord
import structlog

from adapters.discord.attachments import Attachments, SayTo
from adapters.discord.buttons import ButtonBox, is_ours
from adapters.discord.convert import Converter
from adapters.discord.direct import DirectPlaces
from adapters.discord.interactions import Interactions, OpenInteraction, sent_with
from bot.adapter import Inbox
from bot.messages import Attachment, Message, Press
from bot.words import T, Text

__all__ = ["Desk"]

logger = structlog.get_logger(__name__)


class Desk:
    """Acknowledges what people use, and hands it in as what they would have written.

    Args:
        say: answers somebody, and nobody else.
        opened: set once the core can answer; what comes before waits for it.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        converter: Converter,
        interactions: Interactions,
        buttons: ButtonBox,
        attachments: Attachments,
        say: SayTo,
        direct: DirectPlaces,
        opened: asyncio.Event,
    ) -> None:
        self._direct = direct
        self._opened = opened
        self._say = say
        self._inbox = inbox
        self._converter = converter
        self._interactions = interactions
        self._buttons = buttons
        self._attachments = attachments

    async def acknowledge(
        self, interaction: discord.Interaction, *, is_private: bool = True
    ) -> OpenInteraction | None:
        """Acknowledge at once; None: it came from no place."""
        place = interaction.channel
        if place is None:
            logger.warning("interaction from nowhere", kind=interaction.type.name)
            return None
        channel = self._converter.channel(place, person_id=interaction.user.id)
        author = self._converter.author(
            interaction.user,
            place=place,
            rights=interaction.permissions if interaction.guild_id else None,
            locale=str(interaction.locale),
        )
        opened = await self._interactions.acknowledge(
            interaction, channel=channel, author=author, is_private=is_private
        )
        await self._opened.wait()
        await self._direct.note(channel)
        return opened

    async def run(
        self,
        interaction: discord.Interaction,
        line: str,
        *,
        files: Sequence[discord.Attachment] = (),
        is_private: bool = True,
        replied: discord.Message | None = None,
    ) -> None:
        """Hand in a command line as if it had been written, perhaps as a reply."""
        opened = await self.acknowledge(interaction, is_private=is_private)
        if opened is None:
            return
        message = self.message(opened, line)
        if files:
            read = await self._attachments.fetch(list(files), message)
            message = replace(message, attachments=read)
        if replied is not None:
            before = self._converter.message(
                replied,
                text=replied.content,
                channel=opened.channel,
                self_id=_self_id(interaction),
            )
            message = replace(message, replied=before, reply_to_id=before.id)
        self._inbox.message(message)

    def aside(
        self, opened: OpenInteraction, text: str, attachments: Sequence[Attachment]
    ) -> None:
        """Hand in a question that is answered to its author alone."""
        message = self.message(
            opened, text, attachments=tuple(attachments), is_aside=True
        )
        self._inbox.message(message)

    async def press(self, interaction: discord.Interaction) -> None:
        """Hand in a pressed button, where it is one of the bot's."""
        custom_id = str(sent_with(interaction).get("custom_id", ""))
        source = interaction.message
        if source is None or not is_ours(custom_id):
            return
        opened = await self.acknowledge(interaction)
        if opened is None:
            return
        label = _label(source, custom_id)
        line = None
        if source.author.id == _self_id(interaction) and label is not None:
            line = await self._buttons.command(custom_id)
        if label is None or line is None:
            logger.warning("unknown button", person=opened.author.id)
            await self.tell(opened, T("This button does nothing any more."))
            return
        opened.label = label
        self._inbox.pressed(
            Press(
                channel=opened.channel,
                author=opened.author,
                command=line,
                message_id=str(source.id),
                id=str(interaction.id),
            )
        )

    async def tell(self, opened: OpenInteraction, text: Text) -> None:
        """Answer somebody, and nobody else."""
        await self._say(self.message(opened, ""), [text])

    def message(
        self,
        opened: OpenInteraction,
        text: str,
        *,
        attachments: tuple[Attachment, ...] = (),
        is_aside: bool = False,
    ) -> Message:
        """Return what somebody used as a message; its id is the interaction's."""
        return Message(
            id=str(opened.interaction.id),
            channel=opened.channel,
            author=opened.author,
            text=text,
            created_utc=opened.interaction.created_at,
            attachments=attachments,
            is_to_bot=True,
            is_aside=is_aside,
        )


def _self_id(interaction: discord.Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


def _label(message: discord.Message, custom_id: str) -> str | None:
    """Return the label of the button with this id; None: the message has none such."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            if isinstance(item, discord.Button) and item.custom_id == custom_id:
                return item.label or ""
    return None
