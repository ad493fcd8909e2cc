"""What live replies need of Discord: messages in a channel, or to one person."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from adapters.discord.buttons import ButtonBox
from adapters.discord.markup import render
from adapters.discord.outbox import Outbox
from adapters.discord.voice import send_voice
from adapters.governor import Lane
from bot.messages import Attachment, Channel, Reply

__all__ = ["ChannelSink", "DirectSink", "shown"]

LONGEST = 2000


class ChannelSink:
    """Messages in a channel or thread.

    Args:
        place: where they go.
        calls: the id of somebody whom the first message calls by name; "": nobody.
    """

    def __init__(
        self,
        outbox: Outbox,
        buttons: ButtonBox,
        place: Channel,
        *,
        lane: Lane = Lane.CHAT,
        calls: str = "",
    ) -> None:
        self._outbox = outbox
        self._buttons = buttons
        self._place = place
        self._lane = lane
        self._calls = calls
        self._calling_id = ""

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message; the same nonce is not sent twice."""
        message, voices = self._apart(message)
        if voices and not (message.text.strip() or message.attachments):
            return await self._speak(voices, nonce=nonce)
        sent = await self._outbox.send(
            self._place,
            self._rendered(message, is_calling=not self._calling_id),
            nonce=nonce,
            reply_to_id=self._answered(message),
            view=await self._buttons.view(message.buttons),
            files=message.attachments,
            lane=self._lane,
            allowed_mentions=self._mentions(),
        )
        self._calling_id = self._calling_id or str(sent.id)
        await self._speak(voices, nonce=f"{nonce}.v" if nonce else "")
        return str(sent.id)

    async def edit(self, message_id: str, message: Reply) -> None:
        """Change a message; a voice message that it gets is one of its own."""
        message, voices = self._apart(message)
        text = self._rendered(message, is_calling=message_id == self._calling_id)
        await self._outbox.edit(
            self._place,
            message_id,
            content=text or None,
            view=await self._buttons.view(message.buttons),
            files=message.attachments,
            allowed_mentions=self._mentions(),
        )
        await self._speak(voices, nonce=f"{message_id}.v")

    async def delete(self, message_id: str) -> None:
        """Take a message away."""
        await self._outbox.delete(self._place, message_id)

    def _apart(self, message: Reply) -> tuple[Reply, tuple[Attachment, ...]]:
        """Return a message without its voice messages, and those."""
        if self._outbox.describe_voice is None:
            return message, ()
        voices = tuple(file for file in message.attachments if file.is_voice)
        files = tuple(file for file in message.attachments if not file.is_voice)
        return replace(message, attachments=files), voices

    async def _speak(self, voices: Sequence[Attachment], *, nonce: str) -> str:
        message_id = ""
        for number, voice in enumerate(voices):
            if self._outbox.describe_voice is not None:
                message_id = await send_voice(
                    self._outbox,
                    self._place,
                    voice,
                    self._outbox.describe_voice,
                    nonce=f"{nonce}.{number}" if nonce else "",
                )
        return message_id

    def _rendered(self, message: Reply, *, is_calling: bool) -> str:
        text = shown(message.text, can_unfurl=self._outbox.unfurl_links)
        called = f"<@{self._calls}> {text}" if self._calls and is_calling else text
        return called if len(called) <= LONGEST else text

    def _mentions(self) -> discord.AllowedMentions:
        called = [discord.Object(int(self._calls))] if self._calls else False
        return discord.AllowedMentions(
            everyone=False, roles=False, users=called, replied_user=True
        )

    def _answered(self, message: Reply) -> str | None:
        # A thread's first message is in the channel above: it cannot be replied to.
        is_starter = message.reply_to_id == self._place.thread_id
        return None if is_starter else message.reply_to_id


class DirectSink:
    """Messages to one person alone, in the private channel with them."""

    def __init__(self, outbox: Outbox, buttons: ButtonBox, person_id: str) -> None:
        self._outbox = outbox
        self._buttons = buttons
        self._person_id = person_id
        self._sink: ChannelSink | None = None

    async def send(self, message: Reply, *, nonce: str) -> str:
        """Send a message."""
        sink = await self._open()
        private = Reply(message.text, message.buttons, message.attachments)
        return await sink.send(private, nonce=nonce)

    async def edit(self, message_id: str, message: Reply) -> None:
        """Change a message."""
        await (await self._open()).edit(message_id, message)

    async def delete(self, message_id: str) -> None:
        """Take a message away."""
        await (await self._open()).delete(message_id)

    async def _open(self) -> ChannelSink:
        if self._sink is None:
            place = await self._outbox.direct(self._person_id)
            self._sink = ChannelSink(self._outbox, self._buttons, place)
        return self._sink


def shown(text: str, *, can_unfurl: bool) -> str:
    """Return a text as Discord shows it; "" stays ""."""
    return render(text, can_unfurl=can_unfurl) if text else ""
