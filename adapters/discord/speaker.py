"""What the bot says: under what was used, in the channel, or to one person."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

import structlog

from adapters.discord.buttons import ButtonBox
from adapters.discord.cards import close_card
from adapters.discord.interaction_sink import InteractionSink
from adapters.discord.interactions import Interactions, OpenInteraction
from adapters.discord.markup import as_file
from adapters.discord.outbox import Outbox
from adapters.discord.reply import DiscordReply, Typing, WaitingSign
from adapters.discord.sink import ChannelSink, DirectSink
from adapters.governor import Lane
from adapters.live_edit import LiveEdit
from adapters.message_sink import MessageSink
from adapters.splitter import split_reply
from bot.adapter import Limits, ReplyStream
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Button, Channel, Message, Reply
from bot.words import Text, Words

__all__ = ["Speaker"]

logger = structlog.get_logger(__name__)

LEAD_LINES, LEAD_LENGTH = 3, 300
"""So much of a text that goes out as a file is shown above it."""

FILE_NAME = "answer.md"


class Speaker:
    """Leads each reply to where it is shown, and lets answers grow.

    Args:
        is_file: whether a text goes out as a file rather than as messages.
    """

    def __init__(
        self,
        outbox: Outbox,
        interactions: Interactions,
        buttons: ButtonBox,
        *,
        limits: Limits,
        clock: Clock,
        words: Words,
        language: str,
        is_file: Callable[[str], bool],
    ) -> None:
        self._outbox = outbox
        self._interactions = interactions
        self._buttons = buttons
        self._limits = limits
        self._clock = clock
        self._words = words
        self._language = language
        self._is_file = is_file
        self._is_closed = False
        self._replies: set[DiscordReply] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """End what is being said."""
        self._is_closed = True
        for reply in tuple(self._replies):
            await reply.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        """Say something; return the ids of its messages, () where none is shown."""
        reply = self._shaped(reply)
        opened = self._interactions.get(reply.reply_to_id)
        if opened is not None and _is_blank(reply):
            await self._dismiss(opened)
            return ()
        sink = self._sink(channel, reply, opened)
        sent = [
            await sink.send(message, nonce=f"{nonce}.{index}" if nonce else "")
            for index, message in enumerate(split_reply(reply, self._limits))
        ]
        if opened is not None and reply.settles:
            await close_card(self._outbox, opened)
        return tuple(sent)

    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        """Begin an answer that grows."""
        opened = self._interactions.get(message.id)
        only_for = message.author.id if message.is_aside else None
        frame = Reply("", reply_to_id=message.id, only_for=only_for)
        sink = self._sink(message.channel, frame, opened)
        live = LiveEdit(
            sink,
            limits=self._paced(message.channel),
            clock=self._clock,
            buttons=buttons,
            reply_to_id=message.id,
        )
        has_place = opened is None and not self._is_closed
        reply = DiscordReply(
            message,
            live,
            typing=Typing(self._outbox, message.channel, self._clock)
            if has_place
            else None,
            sign=WaitingSign(self._outbox, _above(message), message.id)
            if has_place
            else None,
            shaped=self._shaped,
            on_end=self._ended,
        )
        self._replies.add(reply)
        return reply

    def _sink(
        self, channel: Channel, reply: Reply, opened: OpenInteraction | None
    ) -> MessageSink:
        is_private = reply.only_for is not None
        if opened is not None:
            return InteractionSink(
                opened,
                self._interactions,
                self._outbox,
                self._buttons,
                is_private=is_private,
            )
        if reply.only_for is not None and not channel.is_private:
            return DirectSink(self._outbox, self._buttons, reply.only_for)
        return ChannelSink(self._outbox, self._buttons, channel)

    async def _dismiss(self, opened: OpenInteraction) -> None:
        """Take "thinking" away where there is nothing to say."""
        if opened.is_pending and self._interactions.is_usable(opened):
            opened.is_pending = False
            done = opened.interaction.delete_original_response
            await self._outbox.run(done, key="hook", lane=Lane.ACKNOWLEDGE)

    def _paced(self, channel: Channel) -> Limits:
        """Return the limits with edits farther apart where several answers grow."""
        others = sum(r.message.channel.key == channel.key for r in self._replies)
        there = channel.thread_id or channel.id
        busy_s = self._outbox.governor.busy("all", f"edit:{there}")
        interval_s = max(self._limits.edit_interval_s * (1 + others), busy_s)
        return replace(self._limits, edit_interval_s=interval_s)

    def _shaped(self, reply: Reply) -> Reply:
        """Return a reply whose text is a file, where it reads better as one."""
        if not self._is_file(reply.text):
            return reply
        return replace(
            reply,
            text=_lead(reply.text),
            attachments=(*reply.attachments, as_file(reply.text, FILE_NAME)),
        )

    def _ended(self, reply: DiscordReply, task: asyncio.Task[None] | None) -> None:
        self._replies.discard(reply)
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def tell(self, message: Message, texts: list[Text]) -> None:
        """Tell the author of a message something, and nobody else."""
        language = message.author.language or self._language
        said = "\n".join(self._words.say(text, language) for text in texts)
        reply = Reply(said, reply_to_id=message.id, only_for=message.author.id)
        try:
            await self.send(message.channel, reply)
        except PlatformError as error:
            logger.warning("person not told", reason=str(error))


def _above(message: Message) -> Channel:
    """Return where a question stands: the first of a thread is in the channel above."""
    if message.id == message.channel.thread_id:
        return replace(message.channel, thread_id=None)
    return message.channel


def _lead(text: str) -> str:
    """Return the first lines of a text, up to the first block of code."""
    lines = text.strip().splitlines()[:LEAD_LINES]
    prose = list(
        takewhile(lambda line: not line.lstrip().startswith(("```", "~~~")), lines)
    )
    return f"{chr(10).join(prose)[:LEAD_LENGTH]} …".lstrip()


def _is_blank(reply: Reply) -> bool:
    """Return whether a reply shows nothing."""
    return not (reply.text.strip() or reply.attachments)
