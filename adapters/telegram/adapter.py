"""Telegram: private chats, groups, supergroups with topics, channels."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import structlog
import telegram
from typing_extensions import override

from adapters.addressing import Addressing
from adapters.governor import Governor, Lane
from adapters.live_edit import LiveEdit
from adapters.pace import Rate
from adapters.telegram.callbacks import Callbacks
from adapters.telegram.calls import RATES, Calls, Kind
from adapters.telegram.chats import PLATFORM, Chats
from adapters.telegram.commands import CommandMenus
from adapters.telegram.connection import connect, identify
from adapters.telegram.convert import Converter
from adapters.telegram.drafts import NO_BUTTON, DraftSink
from adapters.telegram.events import Events
from adapters.telegram.downloads import Files
from adapters.telegram.identity import Identity
from adapters.telegram.limits import LIMITS
from adapters.telegram.line import Line
from adapters.telegram.markup import plain
from adapters.telegram.place import Place
from adapters.telegram.polling import Poller
from adapters.telegram.presses import Presses
from adapters.telegram.reply import TelegramReply
from adapters.telegram.setup import allowed_updates, hints
from adapters.telegram.sink import TelegramSink
from adapters.telegram.stop_offer import STOP_AFTER_S, StopOffer
from adapters.telegram.typing import Typing
from adapters.telegram.updates import Updates
from adapters.telegram.whispers import Say, Whispers, fits_alert
from bot.adapter import Adapter, Inbox, Limits, ReplyStream
from bot.clock import Clock
from bot.commands.registry import Registry
from bot.config import TelegramConfig
from bot.errors import ConfigError, GoneError
from bot.messages import Author, Button, Channel, Message, Reply
from bot.store.accounts import AccountRepository
from bot.store.settings import SettingsRepository
from bot.store.turns import TurnRepository
from bot.words import T, Text, Words

__all__ = ["TELEGRAM_LIMITS", "TelegramAdapter"]

CHAT_ID = re.compile(r"-?\d+|@\w{4,}")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
TELEGRAM_LIMITS = replace(LIMITS, attachment_bytes=50 * 1024 * 1024)
LIVE_AT_ONCE = 3
"""So many answers grow before the eyes of a group; more would use up its limits, and
are shown when they are finished."""

logger = structlog.get_logger(__name__)


class TelegramAdapter(Adapter):
    """The bot on Telegram.

    Args:
        token: the bot's; it is written nowhere.
        language_of: the language of a person in a channel.
        tell: tells the moderators something, without waiting.
        note: tells whoever started the bot.
        rates: Telegram's limits.
        stop_after_s: after so long a private answer gets a button to stop it.
    """

    name: ClassVar[str] = PLATFORM

    def __init__(
        self,
        config: TelegramConfig,
        *,
        token: str,
        inbox: Inbox,
        registry: Registry,
        words: Words,
        language: str,
        language_of: Callable[[Channel, Author | None], Awaitable[str]],
        addressing: Addressing,
        owners: Iterable[str],
        settings: SettingsRepository,
        turns: TurnRepository,
        accounts: AccountRepository,
        tell: Callable[[Text], None],
        note: Callable[[Text], None],
        clock: Clock,
        limits: Limits = TELEGRAM_LIMITS,
        rates: Mapping[str, Sequence[Rate]] = RATES,
        stop_after_s: float = STOP_AFTER_S,
    ) -> None:
        self.limits = limits
        self._config = config
        self._words = words
        self._language_of = language_of
        self._tell = tell
        self._note = note
        self._clock = clock
        self._stop_after_s = stop_after_s
        self._me = Identity()
        self._connection = connect(config, token)
        self._bot = self._connection.bot
        self._governor = Governor(clock=clock, rates=rates)
        self._chats = Chats(settings, turns, owners=frozenset(owners), clock=clock)
        self._calls = Calls(self._governor, self._chats, tell=tell)
        self._callbacks = Callbacks(
            lambda: accounts.secret("telegram callbacks"), settings, clock=clock
        )
        self._line = Line(self._bot, self._calls, self._callbacks, clock)
        self._presses = Presses(self._line)
        self._whispers = Whispers(self._line, self._me, self._presses, self._say)
        self._converter = Converter(
            self._me,
            self._chats,
            addressing=addressing,
            files=Files(self._fetch),
            ask_admins=self._ask_admins,
            backlog=timedelta(minutes=config.backlog_minutes),
            clock=clock,
        )
        self._menus = CommandMenus(
            self._bot,
            self._calls,
            settings,
            registry=registry,
            words=words,
            language=language,
            owner_ids=_person_ids(owners),
        )
        events = Events(
            inbox,
            self._line,
            chats=self._chats,
            converter=self._converter,
            presses=self._presses,
            whispers=self._whispers,
            send=self.send,
            say=self._say,
            remember=lambda query_id: turns.remember_seen(PLATFORM, "press", query_id),
        )
        self._updates = Updates(
            events.handle, kinds=allowed_updates(config), clock=clock
        )
        self._poller = Poller(
            self._bot, self._updates, clock=clock, tell=self._tell_all
        )
        self._open: set[TelegramReply] = set()
        self._has_drafts = True
        self._task: asyncio.Task[None] | None = None

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
            await identify(self._bot, self._me, token_env=self._config.token_env)
        except BaseException:
            await self._governor.__aexit__(None, None, None)
            await self._connection.aclose()
            raise
        self._task = asyncio.get_running_loop().create_task(self._stay())
        return self

    @override
    async def __aexit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            if self._me.id:
                await self._poller.confirm()
        await self._updates.aclose()
        for reply in tuple(self._open):
            await reply.aclose()
        await self._presses.aclose()
        await self._governor.__aexit__(None, None, None)
        await self._connection.aclose()

    @override
    def channel(self, channel_id: str) -> Channel:
        chat_id, _, thread_id = channel_id.partition("/")
        is_thread = not thread_id or thread_id.isdecimal()
        if not (CHAT_ID.fullmatch(chat_id) and is_thread):
            raise GoneError(T("There is no channel {name}.", name=channel_id))
        return self._chats.channel(chat_id, thread_id or None)

    @override
    async def send(self, channel: Channel, reply: Reply, *, nonce: str = "") -> str:
        press_id = reply.reply_to_id or ""
        if reply.only_for is not None and not channel.is_private:
            return await self._whispers.send(channel, reply)
        if self._presses.is_waiting(press_id):
            if reply.only_for is not None and fits_alert(reply):
                await self._presses.answer(press_id, plain(reply.text))
                return press_id
            await self._presses.answer(press_id)
        lane = Lane.ACKNOWLEDGE if reply.buttons else Lane.CHAT
        sink = TelegramSink(
            self._line,
            self._place(channel, reply.reply_to_id),
            lane=lane,
            is_final=True,
        )
        ids = await LiveEdit(
            sink, limits=self.limits, clock=self._clock, can_edit=False
        ).finish(reply)
        return ids[-1] if ids else ""

    @override
    def open_reply(
        self, message: Message, *, buttons: tuple[Button, ...] = ()
    ) -> ReplyStream:
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

    def _place(self, channel: Channel, message_id: str | None) -> Place:
        is_comment = message_id and self._converter.is_comment(channel, message_id)
        return Place.of(channel, anchor_id=message_id or "" if is_comment else "")

    def _do_without_drafts(self) -> None:
        logger.warning("this Bot API server knows no drafts: answers are edited")
        self._has_drafts = False

    async def _stay(self) -> None:
        """Stay connected: find out who the bot is, prepare, and get updates."""
        pause_s = FIRST_PAUSE_S
        while not self._me.id:
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            try:
                await identify(self._bot, self._me, token_env=self._config.token_env)
            except ConfigError as error:
                self._tell_all(error.text)
                return
        for hint in hints(self._me, self._config):
            logger.warning("telegram is not set up fully", reason=str(hint))
            self._note(hint)
        await self._menus.register()
        await self._poller.run()

    def _tell_all(self, text: Text) -> None:
        self._note(text)
        self._tell(text)

    async def _say(self, text: Text, channel: Channel, person_id: str) -> str:
        language = await self._language_of(channel, Author(person_id, ""))
        return self._words.say(text, language)

    async def _fetch(self, file_id: str) -> bytes:
        async def fetch(_: str) -> bytes:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())

        return await self._calls.run(file_id, fetch, kind=Kind.QUERY, attempts=2)

    async def _ask_admins(self, chat_id: str) -> tuple[telegram.ChatMember, ...]:
        return await self._calls.run(
            chat_id, self._bot.get_chat_administrators, kind=Kind.QUERY, attempts=2
        )


def _person_ids(owners: Iterable[str]) -> list[int]:
    found = (owner.removeprefix(f"{PLATFORM}:") for owner in owners)
    return [int(person) for person in found if person.isdecimal()]
