"""Telegram: private chats, groups, supergroups with topics, channels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import ClassVar

import structlog
from typing_extensions import override

from adapters.governor import Governor, Lane
from adapters.live_edit import LiveEdit
from adapters.pace import Rate
from adapters.telegram.callbacks import Callbacks
from adapters.telegram.calls import RATES, Calls
from adapters.telegram.chats import PLATFORM, Chats
from adapters.telegram.commands import CommandMenus
from adapters.telegram.connection import connect
from adapters.telegram.convert import Converter
from adapters.telegram.core_parts import CoreParts
from adapters.telegram.downloads import Files
from adapters.telegram.drafts import NO_BUTTON, DraftSink
from adapters.telegram.events import Events
from adapters.telegram.expressions import TelegramExpressions
from adapters.telegram.identity import Identity
from adapters.telegram.inline_mode import PREFIX as INLINE
from adapters.telegram.inline_mode import Inline
from adapters.telegram.inquiries import Inquiries
from adapters.telegram.limits import LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import plain
from adapters.telegram.place import Place
from adapters.telegram.presses import Presses
from adapters.telegram.publish import Publishing, preview
from adapters.telegram.reply import TelegramReply
from adapters.telegram.revise import Revising, message_link
from adapters.telegram.session import Session
from adapters.telegram.setup import allowed_updates
from adapters.telegram.sink import TelegramSink
from adapters.telegram.stop_offer import STOP_AFTER_S, StopOffer
from adapters.telegram.typing import Typing
from adapters.telegram.updates import Updates
from adapters.telegram.whispers import Whispers, fits_alert
from adapters.telegram.whole import send_whole
from bot.adapter import Limits, ReplyStream
from bot.config import TelegramConfig
from bot.messages import Button, Channel, Message, Reply
from bot.preview import PreviewPart
from bot.publication import Publication, Published

__all__ = ["TELEGRAM_LIMITS", "TelegramAdapter"]

TELEGRAM_LIMITS = replace(LIMITS, attachment_bytes=50 * 1024 * 1024)
LIVE_AT_ONCE = 3
"""So many answers grow before the eyes of a group; more would use up its limits, and
are shown when they are finished."""

logger = structlog.get_logger(__name__)


class TelegramAdapter(TelegramExpressions):
    """The bot on Telegram.

    Args:
        token: the bot's; it is written nowhere.
        stop_after_s: after so long a private answer gets a button to stop it.
    """

    name: ClassVar[str] = PLATFORM

    def __init__(
        self,
        config: TelegramConfig,
        core: CoreParts,
        *,
        token: str,
        limits: Limits = TELEGRAM_LIMITS,
        rates: Mapping[str, Sequence[Rate]] = RATES,
        stop_after_s: float = STOP_AFTER_S,
    ) -> None:
        self.limits = limits
        self._config, self._core = config, core
        self._clock = core.clock
        self._stop_after_s = stop_after_s
        self._me = Identity()
        self._connection = connect(config, token)
        self._governor = Governor(clock=core.clock, rates=rates)
        self.calls = self._governor.counts
        self._chats = Chats(
            core.settings, owners=frozenset(core.owners), clock=core.clock
        )
        self._calls = Calls(self._governor, self._chats, tell=core.tell)
        self._callbacks = Callbacks(
            lambda: core.accounts.secret("telegram callbacks"),
            core.settings,
            clock=core.clock,
        )
        bot = self._connection.bot
        self._line = Line(bot, self._calls, self._callbacks, self._chats, core.clock)
        self._presses = Presses(self._line)
        self._whispers = Whispers(self._line, self._me, self._presses, core.say)
        self._converter = self._make_converter()
        self._inline = Inline(
            core.inbox, self._line, who=self._converter.person, say=core.say
        )
        self._updates = Updates(
            self._make_events().handle,
            kinds=allowed_updates(config),
            clock=core.clock,
        )
        self._session = self._make_session()
        self._publishing = Publishing(self._line, core.settings)
        self._revising = Revising(self._line, self._publishing)
        self._open: set[TelegramReply] = set()
        self._has_drafts = True

    def _make_converter(self) -> Converter:
        inquiries = Inquiries(self._connection.bot, self._calls)
        return Converter(
            self._me,
            self._chats,
            addressing=self._core.addressing,
            files=Files(inquiries.file),
            ask_admins=inquiries.admins,
            backlog=timedelta(minutes=self._config.backlog_minutes),
            clock=self._clock,
        )

    def _make_events(self) -> Events:
        return Events(
            self._core.inbox,
            self._line,
            chats=self._chats,
            converter=self._converter,
            presses=self._presses,
            whispers=self._whispers,
            send=self.send,
            say=self._core.say,
            remember=partial(self._core.turns.remember_seen, PLATFORM, "press"),
            me=self._me,
            tell=self._core.tell,
            on_inline=self._inline.ask if self._config.inline else None,
        )

    def _make_session(self) -> Session:
        core, bot = self._core, self._connection.bot
        menus = CommandMenus(
            bot,
            self._calls,
            core.settings,
            commands=partial(core.registry.for_role, on=self),
            words=core.words,
            language=core.language,
            owners=core.owners,
        )
        return Session(
            bot,
            self._me,
            self._updates,
            menus,
            config=self._config,
            secret=lambda: core.accounts.secret("telegram webhook"),
            note=core.note,
            tell=core.tell,
            clock=core.clock,
        )

    @property
    @override
    def url(self) -> str:
        return self._me.url

    @override
    async def __aenter__(self) -> "TelegramAdapter":
        await self._chats.load()
        await self._callbacks.prune()
        await self._governor.__aenter__()
        try:
            await self._session.start()
        except BaseException:
            await self._close()
            raise
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        await self._session.stop()
        await self._updates.aclose()
        await self._inline.aclose()
        for reply in tuple(self._open):
            await reply.aclose()
        await self._presses.aclose()
        await self._close()

    async def _close(self) -> None:
        await self._governor.__aexit__(None, None, None)
        await self._connection.aclose()

    @override
    def channel(self, channel_id: str) -> Channel:
        return self._chats.named(channel_id)

    @override
    async def send(
        self, channel: Channel, reply: Reply, *, nonce: str = ""
    ) -> tuple[str, ...]:
        answered = reply.reply_to_id or ""
        if answered.startswith(INLINE):
            self._inline.settle(answered, reply.text)
            return ()
        if reply.only_for is not None and not channel.is_private:
            return await self._whispers.send(channel, reply)
        if self._presses.is_waiting(answered):
            alert = plain(reply.text) if reply.only_for and fits_alert(reply) else ""
            if await self._presses.answer(answered, alert) and alert:
                return ()
        sink = TelegramSink(
            self._line,
            self._place(channel, answered),
            lane=Lane.ACKNOWLEDGE if reply.buttons else Lane.CHAT,
            is_final=True,
        )
        return await send_whole(sink, reply, self._clock)

    @override
    async def publish(
        self, channel: Channel, publication: Publication, *, nonce: str
    ) -> Published:
        return await self._publishing.publish(channel, publication, nonce=nonce)

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
        return message_link(self._chats, channel, message_id)

    @override
    def preview(self, publication: Publication) -> tuple[PreviewPart, ...]:
        return preview(publication)

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
        if message.id.startswith(INLINE):
            return self._inline.open(message.id)
        place = self._place(message.channel, message.id)
        is_draft = message.channel.is_private and self._has_drafts
        sink = (
            DraftSink(self._line, place, on_missing=self._do_without_drafts)
            if is_draft
            else TelegramSink(self._line, place)
        )
        live = LiveEdit(
            sink,
            limits=self.limits,
            clock=self._clock,
            can_edit=is_draft or self._num_open(place.chat_id) < LIVE_AT_ONCE,
            buttons=(*buttons, NO_BUTTON) if is_draft else buttons,
            reply_to_id=message.id,
        )
        reply = TelegramReply(
            live,
            chat_id=place.chat_id,
            sink=sink,
            typing=Typing(self._line, place),
            stop_offer=StopOffer(self._line, place, buttons, after_s=self._stop_after_s)
            if is_draft
            else None,
            on_end=self._open.discard,
        )
        self._open.add(reply)
        return reply

    def _num_open(self, chat_id: str) -> int:
        return sum(reply.chat_id == chat_id for reply in self._open)

    def _place(self, channel: Channel, message_id: str) -> Place:
        is_comment = self._converter.is_comment(channel, message_id)
        return Place.of(channel, anchor_id=message_id if is_comment else "")

    def _do_without_drafts(self) -> None:
        logger.warning("this Bot API server knows no drafts: answers are edited")
        self._has_drafts = False
