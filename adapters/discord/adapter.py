"""The bot on Discord: what it hears, and what it says there.

    async with DiscordAdapter(config, …) as adapter:
        await adapter.send(adapter.channel("123"), Reply("Hello"))

Each noun has its file; here they are put together, and calls of the core are led to
the one that makes them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import discord
import structlog
from typing_extensions import override

from adapters.addressing import Addressing, TalkOf
from adapters.discord.attachments import Attachments
from adapters.discord.buttons import ButtonBox
from adapters.discord.cards import close_card
from adapters.discord.client import DiscordClient
from adapters.discord.commands import CommandTree, WordsTranslator, add_commands
from adapters.discord.connection import Connection
from adapters.discord.convert import PLATFORM, Converter
from adapters.discord.desk import Desk
from adapters.discord.endpoints import Endpoints, use_endpoints
from adapters.discord.intake import Intake
from adapters.discord.interaction_sink import InteractionSink
from adapters.discord.interactions import Interactions, OpenInteraction
from adapters.discord.markup import LIMITS, as_file, is_better_as_file
from adapters.discord.menus import Menus
from adapters.discord.outbox import BAN, RATES, Outbox
from adapters.discord.publish import Publisher
from adapters.discord.reply import DiscordReply, Typing, WaitingSign
from adapters.discord.rights import Rights
from adapters.discord.setup import invitation
from adapters.discord.sink import ChannelSink, DirectSink
from adapters.discord.sync import CommandSync
from adapters.discord.threads import Threads
from adapters.governor import Governor
from adapters.live_edit import LiveEdit
from adapters.message_sink import MessageSink
from adapters.pace import Rate
from adapters.splitter import split_reply
from bot.adapter import Adapter, Inbox, Limits, ReplyStream
from bot.clock import Clock
from bot.commands.registry import Registry
from bot.config_adapters import DiscordConfig
from bot.errors import GoneError, NetworkError, PlatformError
from bot.messages import Button, Channel, Message, Publication, Reply
from bot.preferences import SettingsStore
from bot.words import T, Text, Words

__all__ = ["DiscordAdapter"]

logger = structlog.get_logger(__name__)


class DiscordAdapter(Adapter):
    """Discord, for as many servers as have let the bot in.

    Args:
        connection: brings the client to Discord.
        talk_of: what moderators chose for a channel.
        tell: tells the moderators something.
        is_file: whether a text goes out as a file rather than as messages.
    """

    name: ClassVar[str] = PLATFORM
    can_hide: ClassVar[bool] = True
    can_deduplicate: ClassVar[bool] = True

    def __init__(
        self,
        config: DiscordConfig,
        *,
        connection: Connection,
        owners: Collection[str],
        inbox: Inbox,
        registry: Registry,
        words: Words,
        language: str,
        talk_of: TalkOf,
        settings: SettingsStore,
        tell: Callable[[Text], None],
        clock: Clock,
        limits: Limits = LIMITS,
        rates: Mapping[str, Sequence[Rate]] = RATES,
        is_file: Callable[[str], bool] = is_better_as_file,
    ) -> None:
        self.limits = limits
        self._config = config
        self._connection = connection
        self._words = words
        self._language = language
        self._clock = clock
        self._is_file = is_file
        self._is_closed = False
        self._replies: set[DiscordReply] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.client = DiscordClient(message_content=config.message_content)
        use_endpoints(self.client, Endpoints(config.api_url, config.gateway_url))
        self._governor = Governor(clock=clock, rates=rates, invalid=BAN)
        self._outbox = Outbox(
            self.client,
            self._governor,
            Rights(self.client, tell),
            unfurl_links=config.unfurl_links,
        )
        self._converter = Converter(
            owners=owners, moderator_roles=config.moderator_roles
        )
        self._interactions = Interactions(clock)
        self._buttons = ButtonBox(settings)
        attachments = Attachments(limits, self._say)
        self._intake = Intake(
            self.client,
            inbox,
            converter=self._converter,
            addressing=Addressing(
                names=config.names,
                prefix=config.prefix,
                talk_channels=config.talk_channels,
                talk_of=talk_of,
            ),
            attachments=attachments,
            threads=Threads(self.client, self._outbox, is_wanted=config.threads),
        )
        self._desk = Desk(
            inbox,
            converter=self._converter,
            interactions=self._interactions,
            buttons=self._buttons,
            attachments=attachments,
            say=self._say,
        )
        self._menus = Menus(self._desk, self._outbox, words, default_language=language)
        self._publisher = Publisher(self._outbox, limits)
        self._sync = CommandSync(
            self.client,
            self._tree(registry),
            settings,
            guild_id=int(config.development_guild or 0) or None,
        )
        self.client.events = self

    def _tree(self, registry: Registry) -> CommandTree:
        tree = CommandTree(self.client)
        tree.desk = self._desk
        are_limited = not self._config.moderator_roles
        add_commands(tree, tuple(registry), self._desk, are_limited=are_limited)
        self._menus.add_to(tree)
        self.client.tree = tree
        return tree

    @property
    def is_online(self) -> bool:
        """Whether it is connected right now."""
        return self.client.is_online

    @property
    @override
    def invitation(self) -> str:
        application_id = self.client.application_id
        return invitation(application_id) if application_id else ""

    @override
    async def __aenter__(self) -> "DiscordAdapter":
        await self._governor.__aenter__()
        try:
            await self._connection.open(self.client)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        self._is_closed = True
        for reply in tuple(self._replies):
            await reply.aclose()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._governor.__aexit__(*exc_info)
        await self._connection.close(self.client)

    @override
    def channel(self, channel_id: str) -> Channel:
        place_id, _, thread_id = channel_id.partition("/")
        wanted = thread_id or place_id
        if not (wanted.isascii() and wanted.isdecimal()):
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        if not self.client.is_ready():
            raise NetworkError(T("Discord is not connected yet."))
        found = self.client.get_channel(int(wanted))
        if found is not None:
            return self._converter.channel(found)
        parent = self.client.get_channel(int(place_id)) if thread_id else None
        if not isinstance(parent, discord.abc.GuildChannel):
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        # A thread that rests is not known until somebody writes in it.
        return self._converter.thread_of(parent, thread_id)

    @override
    async def send(self, channel: Channel, reply: Reply, *, nonce: str = "") -> str:
        reply = self._shaped(reply)
        opened = self._interactions.get(reply.reply_to_id)
        sink = self._sink(channel, reply, opened)
        message_id = ""
        for index, message in enumerate(split_reply(reply, self.limits)):
            message_id = await sink.send(
                message, nonce=f"{nonce}.{index}" if nonce else ""
            )
        if opened is not None and reply.only_for is None:
            await close_card(self._outbox, opened)
        return message_id

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> str:
        return await self._publisher.publish(channel, publication, nonce=nonce)

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
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

    async def set_up(self) -> None:
        """Logged in: tell Discord the commands."""
        tree = self.client.tree
        if tree is not None:
            await tree.set_translator(WordsTranslator(self._words))
            await self._sync.run()

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        await self._intake.message(message)

    async def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed a message."""
        await self._intake.edited(event)

    async def deleted(
        self, place_id: int, guild_id: int | None, message_ids: frozenset[int]
    ) -> None:
        """Messages are gone."""
        await self._intake.deleted(place_id, guild_id, message_ids)

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Somebody pressed a button or sent a form."""
        if interaction.type is discord.InteractionType.component:
            await self._desk.press(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._menus.submitted(interaction)

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

    def _paced(self, channel: Channel) -> Limits:
        """Return the limits with edits farther apart where several answers grow."""
        others = sum(r.message.channel.key == channel.key for r in self._replies)
        interval_s = self.limits.edit_interval_s * (1 + others)
        return replace(self.limits, edit_interval_s=interval_s)

    def _shaped(self, reply: Reply) -> Reply:
        """Return a reply whose text is a file, where it reads better as one."""
        if not self._is_file(reply.text):
            return reply
        lines = reply.text.strip().splitlines()
        lead = "\n".join(lines[:3])[:300]
        return replace(
            reply,
            text=lead + " …",
            attachments=(*reply.attachments, as_file(reply.text, "answer.md")),
        )

    def _ended(self, reply: DiscordReply, task: asyncio.Task[None] | None) -> None:
        self._replies.discard(reply)
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _say(self, message: Message, texts: list[Text]) -> None:
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
