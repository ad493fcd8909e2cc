"""The bot on Discord: what it hears, and what it says there.

    async with DiscordAdapter(config, …) as adapter:
        await adapter.send(adapter.channel("123"), Reply("Hello"))

Each noun has its file; here they are put together, and calls of the core are led to
the one that makes them.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar

import discord
import structlog
from typing_extensions import override

from adapters.addressing import Addressing, TalkOf
from adapters.discord.attachments import Attachments
from adapters.discord.buttons import ButtonBox
from adapters.discord.client import DiscordClient
from adapters.discord.commands import WordsTranslator, build_tree
from adapters.discord.connection import Connection
from adapters.discord.convert import PLATFORM, Converter
from adapters.discord.desk import Desk, is_answer_to_button
from adapters.discord.direct import DirectPlaces, Settings
from adapters.discord.discipline import DiscordDiscipline
from adapters.discord.endpoints import Endpoints, use_endpoints
from adapters.discord.errors import TooFast
from adapters.discord.expressions import upload_emoji, upload_sticker
from adapters.discord.files import DescribeVoice
from adapters.discord.intake import Intake
from adapters.discord.interactions import Interactions
from adapters.discord.lookup import find_channel, message_link
from adapters.discord.markup import LIMITS, is_better_as_file
from adapters.discord.menus import Menus
from adapters.discord.outbox import BAN, RATES, Outbox
from adapters.discord.publish import Publisher
from adapters.discord.revise import Revising
from adapters.discord.rights import Rights
from adapters.discord.setup import invitation
from adapters.discord.speaker import Speaker
from adapters.discord.sync import CommandSync, guild_id
from adapters.discord.threads import Threads
from adapters.governor import Governor
from adapters.pace import Rate
from bot.adapter import Inbox, Limits, ReplyStream
from bot.clock import Clock
from bot.commands.registry import Registry
from bot.config_adapters import DiscordConfig
from bot.messages import Attachment, Author, Button, Channel, Message, Reply
from bot.preview import PreviewPart
from bot.publication import Publication, Published
from bot.words import Text, Words

__all__ = ["DiscordAdapter"]

logger = structlog.get_logger(__name__)


class DiscordAdapter(DiscordDiscipline):
    """Discord, for as many servers as have let the bot in.

    Args:
        connection: brings the client to Discord.
        talk_of: what moderators chose for a channel.
        tell: tells the moderators something.
        file_limits: what is taken of the files that people send; None: `limits`.
        is_file: whether a text goes out as a file rather than as messages.
        describe_voice: looks at voice messages, so that they go out as such.
    """

    name: ClassVar[str] = PLATFORM
    can_hide: ClassVar[bool] = True
    can_deduplicate: ClassVar[bool] = True
    can_emoji: ClassVar[bool] = True
    can_sticker: ClassVar[bool] = True

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
        settings: Settings,
        tell: Callable[[Text], None],
        clock: Clock,
        limits: Limits = LIMITS,
        file_limits: Limits | None = None,
        rates: Mapping[str, Sequence[Rate]] = RATES,
        is_file: Callable[[str], bool] = is_better_as_file,
        describe_voice: DescribeVoice | None = None,
    ) -> None:
        self.limits, self._config = limits, config
        self._connection, self._words = connection, words
        self._opened = asyncio.Event()
        self._governor = Governor(clock=clock, rates=rates, invalid=BAN)
        self.calls = self._governor.counts
        self.client = DiscordClient(
            message_content=config.message_content,
            on_limited=lambda: self._governor.note(TooFast()),
        )
        self._outbox = self._mouth(tell, describe_voice)
        self._converter = Converter(owners, config.moderator_roles)
        self._direct = DirectPlaces(settings)
        interactions, self._buttons = Interactions(clock), ButtonBox(settings)
        self._speaker = Speaker(
            self._outbox,
            interactions,
            self._buttons,
            limits=limits,
            clock=clock,
            words=words,
            language=language,
            is_file=is_file,
        )
        attachments = Attachments(file_limits or limits, self._speaker.tell)
        self._intake = self._ears(inbox, talk_of, attachments)
        self._desk = Desk(
            inbox,
            converter=self._converter,
            interactions=interactions,
            buttons=self._buttons,
            attachments=attachments,
            say=self._speaker.tell,
            direct=self._direct,
            opened=self._opened,
        )
        self._menus = Menus(self._desk, self._outbox, words, default_language=language)
        self._publisher = Publisher(self._outbox, limits, clock)
        self._revising = Revising(self._outbox, limits)
        self._sync = self._told_commands(registry, settings)
        self.client.events = self

    def _mouth(
        self, tell: Callable[[Text], None], describe_voice: DescribeVoice | None
    ) -> Outbox:
        config = self._config
        use_endpoints(self.client, Endpoints(config.api_url, config.gateway_url))
        return Outbox(
            self.client,
            self._governor,
            Rights(self.client, tell),
            unfurl_links=config.unfurl_links,
            describe_voice=describe_voice,
        )

    def _ears(self, inbox: Inbox, talk_of: TalkOf, attachments: Attachments) -> Intake:
        config = self._config
        return Intake(
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
            direct=self._direct,
            opened=self._opened,
        )

    def _told_commands(self, registry: Registry, settings: Settings) -> CommandSync:
        config, limited = self._config, not self._config.moderator_roles
        commands = registry.on(self)
        tree = build_tree(self.client, commands, self._desk, are_limited=limited)
        self._menus.add_to(tree)
        only_in = guild_id(config.development_guild)
        return CommandSync(self.client, tree, settings, guild_id=only_in)

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
        self._opened.set()
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._speaker.aclose()
        await self._governor.__aexit__(*exc_info)
        await self._connection.close(self.client)

    @override
    def channel(self, channel_id: str) -> Channel:
        return find_channel(self.client, self._converter, self._direct, channel_id)

    @override
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        return await self._speaker.send(channel, reply, nonce=nonce)

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        return await self._publisher.publish(channel, publication, nonce=nonce)

    @override
    def preview(self, publication: Publication) -> tuple[PreviewPart, ...]:
        return self._publisher.preview(publication)

    @override
    async def revise(
        self,
        channel: Channel,
        published: Published,
        publication: Publication,
        *,
        nonce: str,
    ) -> Published:
        return await self._revising.revise(channel, published, publication, nonce=nonce)

    @override
    async def retract(self, channel: Channel, published: Published) -> None:
        await self._revising.retract(channel, published)

    @override
    def link(self, channel: Channel, message_id: str) -> str:
        return message_link(channel, message_id)

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        return self._speaker.open_reply(message, buttons=buttons)

    @override
    async def add_emoji(
        self, channel: Channel, name: str, picture: Attachment, *, by: Author
    ) -> str:
        return await upload_emoji(self._outbox, channel, name, picture, by=by)

    @override
    async def add_sticker(
        self,
        channel: Channel,
        name: str,
        picture: Attachment,
        *,
        emoji: str,
        by: Author,
    ) -> str:
        await upload_sticker(self._outbox, channel, name, picture, emoji=emoji, by=by)
        return ""

    async def set_up(self) -> None:
        """Logged in: tell Discord the commands."""
        await self._direct.load()
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
            is_answer = is_answer_to_button(interaction)
            form = self._desk.answered if is_answer else self._menus.submitted
            await form(interaction)
