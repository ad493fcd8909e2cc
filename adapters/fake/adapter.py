"""The fake platform as an adapter: for tests, and for measuring the bot alone.

    adapter = FakeAdapter(inbox, clock=clock)
    async with adapter:
        message = adapter.say("Ada", "Hello")
        reply = await adapter.answered(message)

What a person does is a method here; what a reader sees is in `platform`, which also
takes the faults that are to happen.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from adapters.fake.platform import Deed, FakePlatform
from adapters.fake.reply import FakeReply
from adapters.fake.sink import FakeSink
from adapters.revising import (
    published_as,
    reply_of,
    retract_messages,
    revise_messages,
)
from adapters.splitter import split_reply
from bot.adapter import Adapter, Inbox, Limits, ReplyStream
from bot.clock import Clock, SystemClock
from bot.errors import GoneError, NetworkError, PlatformError
from bot.messages import (
    Attachment,
    Author,
    Button,
    Channel,
    Message,
    Press,
    Reply,
    Role,
)
from bot.publication import Publication, Published
from bot.words import T

__all__ = ["FAKE_LIMITS", "FakeAdapter"]

FAKE_LIMITS = Limits(2000)
COMMUNITY_ID = "fakeville"


class FakeAdapter(Adapter):
    """A platform in memory.

    Attributes:
        inbox: what takes what people do, such as `inbox.reacted(…)`.
        roles: what people may do, by their ids; who is not there is nobody.
        platform: what was posted and called, and what is to fail.
        limits: as the core sees them; `platform` refuses what goes beyond.
    """

    name: ClassVar[str] = "fake"
    can_hide: ClassVar[bool] = True
    can_deduplicate: ClassVar[bool] = True

    def __init__(
        self,
        inbox: Inbox,
        *,
        clock: Clock | None = None,
        limits: Limits = FAKE_LIMITS,
        channels: Iterable[str] = ("general", "announcements"),
        latency_s: float = 0.0,
        keep: int = 10_000,
    ) -> None:
        self.limits = limits
        self.inbox = inbox
        self.roles: dict[str, Role] = {}
        self._clock = clock or SystemClock()
        self.platform = FakePlatform(
            limits=limits, clock=self._clock, latency_s=latency_s, keep=keep
        )
        self._channels = {
            name: Channel(self.name, name, COMMUNITY_ID, name) for name in channels
        }
        self._keep = keep
        self._open: set[FakeReply] = set()
        self._answers: OrderedDict[str, asyncio.Future[Reply | PlatformError]] = (
            OrderedDict()
        )

    @override
    async def __aenter__(self) -> "FakeAdapter":
        self.platform.is_connected = True
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        self.platform.is_connected = False
        for reply in tuple(self._open):
            await reply.aclose()

    @override
    def channel(self, channel_id: str) -> Channel:
        if channel_id not in self._channels:
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        return self._channels[channel_id]

    @override
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        ids = await self._send(channel, reply, nonce)
        if reply.reply_to_id is not None:
            self.settle(reply.reply_to_id, reply)
        return tuple(ids)

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        ids = await self._send(channel, reply_of(publication), nonce)
        return published_as(ids, publication)

    @override
    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        sink = FakeSink(self.platform, self.channel(channel.id))
        parts = split_reply(reply_of(publication), self.limits)
        old_ids = published.message_ids
        ids = await revise_messages(sink, old_ids, parts, nonce=nonce)
        return published_as(ids, publication)

    @override
    async def retract(self, channel: Channel, published: Published) -> None:
        sink = FakeSink(self.platform, self.channel(channel.id))
        await retract_messages(sink, published.all_ids)

    @override
    async def change(self, channel: Channel, message_id: str, reply: Reply) -> None:
        await self.platform.edit(message_id, reply)

    @override
    async def role_of(self, channel: Channel, person_id: str) -> Role:
        if not self.platform.is_connected:
            raise NetworkError(T("The platform is not connected."))
        if person_id not in self.roles:
            raise GoneError(T("They are not there."))
        return self.roles[person_id]

    @override
    async def delete_message(
        self, channel: Channel, message_id: str, *, reason: str
    ) -> None:
        self.platform.do(Deed("delete", message_id, reason))

    @override
    async def time_out(
        self, channel: Channel, person_id: str, *, until_utc: datetime, reason: str
    ) -> None:
        self.platform.do(Deed("timeout", person_id, reason, until_utc))

    @override
    async def kick(self, channel: Channel, person_id: str, *, reason: str) -> None:
        self.platform.do(Deed("kick", person_id, reason))

    @override
    async def ban(self, channel: Channel, person_id: str, *, reason: str) -> None:
        self.platform.do(Deed("ban", person_id, reason))

    async def _send(self, channel: Channel, reply: Reply, nonce: str) -> list[str]:
        self.channel(channel.id)
        return [
            await self.platform.send(
                channel, message, nonce=f"{nonce}.{index}" if nonce else ""
            )
            for index, message in enumerate(split_reply(reply, self.limits))
        ]

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        reply = FakeReply(self, message, buttons=buttons, clock=self._clock)
        self._open.add(reply)
        return reply

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel, or put one in place of another with the same id."""
        self._channels[channel.id] = channel
        return channel

    def is_typing(self, channel_id: str) -> bool:
        """Whether a reader is shown that the bot is at an answer."""
        return any(reply.message.channel.id == channel_id for reply in self._open)

    def say(
        self,
        author: Author | str,
        text: str,
        *,
        channel: str = "general",
        reply_to_id: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        is_to_bot: bool = True,
    ) -> Message:
        """Write as a person; a name stands for a member with that id and name."""
        author = _person(author)
        place = self.channel(channel)
        contents = Reply(text, (), attachments, reply_to_id)
        message = Message(
            id=self.platform.post(place, contents, author),
            channel=place,
            author=author,
            text=text,
            created_utc=self._clock.now_utc(),
            reply_to_id=reply_to_id,
            attachments=attachments,
            is_to_bot=is_to_bot,
        )
        self.inbox.message(message)
        return message

    def edit(self, message: Message, text: str) -> Message:
        """Change what a person wrote."""
        self.platform.change(message.id, Reply(text, (), message.attachments))
        edited = replace(message, text=text)
        self.inbox.edited(edited)
        return edited

    def delete(self, message: Message) -> None:
        """Take away what a person wrote."""
        self.platform.remove(message.id)
        self.inbox.deleted(message.channel, message.id)

    def press(
        self, author: Author | str, label: str, *, channel: str = "general"
    ) -> Press:
        """Press the newest button with this label that the person can see.

        Raises:
            LookupError: there is none.
        """
        author = _person(author)
        place = self.channel(channel)
        for posted in reversed(self.platform.visible(place, author.id)):
            for button in posted.message.buttons:
                if button.label == label:
                    press = Press(place, author, button.command, posted.id)
                    self.inbox.pressed(press)
                    return press
        raise LookupError(label)

    async def answered(self, message: Message, *, timeout_s: float = 30.0) -> Reply:
        """Wait for the answer to a message and return it, whole.

        Raises:
            PlatformError: the answer was not delivered.
            TimeoutError: there was none.
        """
        async with asyncio.timeout(timeout_s):
            answer = await asyncio.shield(self._answer(message.id))
        self._answers.pop(message.id, None)
        if isinstance(answer, PlatformError):
            raise answer
        return answer

    def settle(self, message_id: str, answer: Reply | PlatformError) -> None:
        """Note how the answer to a message ended, for `answered`."""
        future = self._answer(message_id)
        if not future.done():
            future.set_result(answer)

    def closed(self, reply: "FakeReply") -> None:
        """Note that a reply is over: the bot does not type any more."""
        self._open.discard(reply)

    def _answer(self, message_id: str) -> asyncio.Future[Reply | PlatformError]:
        if message_id not in self._answers:
            loop = asyncio.get_running_loop()
            self._answers[message_id] = loop.create_future()
            if len(self._answers) > self._keep:
                self._answers.popitem(last=False)
        return self._answers[message_id]


def _person(author: Author | str) -> Author:
    return Author(author, author) if isinstance(author, str) else author
