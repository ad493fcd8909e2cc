"""Commands, presses and menus on their way to the core."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import discord
import structlog

from adapters.discord.attachments import Attachments, SayTo
from adapters.discord.buttons import ASKING, Asking, ButtonBox, is_ours
from adapters.discord.convert import Converter
from adapters.discord.direct import DirectPlaces
from adapters.discord.forms import one_field_form, written
from adapters.discord.interactions import Interactions, OpenInteraction, sent_with
from bot.adapter import Inbox
from bot.messages import Attachment, Message, Press
from bot.words import T, Text

__all__ = ["Desk", "is_answer_to_button"]

logger = structlog.get_logger(__name__)


def is_answer_to_button(interaction: discord.Interaction) -> bool:
    """Return whether a form that was sent is what a button asked for."""
    return str(sent_with(interaction).get("custom_id", "")).startswith(ASKING)


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
        if source.author.id == _self_id(interaction) and _label(source, custom_id):
            asking = await self._buttons.asking(custom_id)
            if asking is not None:
                await _show_form(interaction, custom_id, asking)
                return
        opened = await self.acknowledge(interaction)
        if opened is None:
            return
        label, line = _label(source, custom_id), None
        if source.author.id == _self_id(interaction) and label is not None:
            line = await self._buttons.command(custom_id)
        if label is None or line is None:
            logger.warning("unknown button", person=opened.author.id)
            await self.tell(opened, T("This button does nothing any more."))
            return
        self._hand_in(opened, source, label, line)

    async def answered(self, interaction: discord.Interaction) -> None:
        """Hand in a button with what its form asked for.

        Whoever forges a form gets nowhere: what it stands for is kept here, and the
        command checks the right of the person.
        """
        sent = sent_with(interaction)
        custom_id, source = str(sent.get("custom_id", "")), interaction.message
        opened = await self.acknowledge(interaction)
        if opened is None:
            return
        asking = await self._buttons.asking(custom_id)
        if asking is None or source is None:
            await self.tell(opened, T("This button does nothing any more."))
            return
        opened.source = None if source.flags.ephemeral else source
        line = f"{asking.command} {written(sent.get('components', ()))}"
        self._hand_in(opened, source, asking.label, line)

    def _hand_in(
        self, opened: OpenInteraction, source: discord.Message, label: str, line: str
    ) -> None:
        opened.label = label
        self._inbox.pressed(
            Press(
                channel=opened.channel,
                author=opened.author,
                command=line,
                message_id=str(source.id),
                id=str(opened.interaction.id),
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


async def _show_form(
    interaction: discord.Interaction, custom_id: str, asking: Asking
) -> None:
    form = one_field_form(
        custom_id,
        title=asking.label,
        label=asking.label,
        about=asking.asks,
        prefill=asking.prefill,
    )
    try:
        await interaction.response.send_modal(form)
    except discord.HTTPException as error:
        logger.warning("form not shown", reason=str(error))


def _self_id(interaction: discord.Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


def _label(message: discord.Message, custom_id: str) -> str | None:
    """Return the label of the button with this id; None: the message has none such."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            if isinstance(item, discord.Button) and item.custom_id == custom_id:
                return item.label or ""
    return None
