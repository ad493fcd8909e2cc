"""Being on Telegram: knowing who the bot is, and getting what happens there."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from adapters.telegram.commands import CommandMenus
from adapters.telegram.connection import QuietBot, identify
from adapters.telegram.errors import map_error
from adapters.telegram.identity import Identity
from adapters.telegram.polling import Poller
from adapters.telegram.setup import hints
from adapters.telegram.updates import Updates
from adapters.telegram.webhook import Webhook, listen
from bot.clock import Clock
from bot.config import TelegramConfig
from bot.errors import ConfigError
from bot.words import Text

__all__ = ["Session"]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0

logger = structlog.get_logger(__name__)


class Session:
    """The bot's presence, from `start` to `stop`.

    Args:
        secret: what Telegram shows the webhook, so that nobody else can.
        note: tells whoever started the bot; `tell` tells the moderators as well.
    """

    def __init__(
        self,
        bot: QuietBot,
        me: Identity,
        updates: Updates,
        menus: CommandMenus,
        *,
        config: TelegramConfig,
        secret: Callable[[], Awaitable[bytes]],
        note: Callable[[Text], None],
        tell: Callable[[Text], None],
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._me = me
        self._updates = updates
        self._menus = menus
        self._config = config
        self._secret = secret
        self._note = note
        self._tell = tell
        self._clock = clock
        self._poller = Poller(bot, updates, clock=clock, tell=self._tell_all)
        self._listener: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Find out who the bot is; where Telegram is out of reach, go on trying.

        Raises:
            ConfigError: Telegram does not know the token, or the port is taken.
        """
        await identify(self._bot, self._me, token_env=self._config.token_env)
        if self._config.webhook_url:
            self._listener = listen(self._config)
        self._task = asyncio.get_running_loop().create_task(self._stay())

    async def stop(self) -> None:
        """Get nothing more; what was handed in is not given again."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait({self._task})
        if self._listener is not None:
            self._listener.close()
        elif self._me.id:
            await self._poller.confirm()

    async def _stay(self) -> None:
        try:
            await self._find_out()
        except ConfigError as error:
            logger.error("Telegram does not let me in", reason=str(error))
            self._tell_all(error.text)
            return
        for hint in hints(self._me, self._config):
            self._note(hint)
        await self._menus.register()
        if self._listener is not None:
            secret = (await self._secret()).hex()
            await self._webhook(self._listener, secret).run()
        else:
            await self._end_webhook()
            await self._poller.run()

    async def _find_out(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._me.id:
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            await identify(self._bot, self._me, token_env=self._config.token_env)

    def _webhook(self, listener: socket.socket, secret: str) -> Webhook:
        return Webhook(
            self._bot,
            self._updates,
            config=self._config,
            secret=secret,
            listener=listener,
            clock=self._clock,
        )

    async def _end_webhook(self) -> None:
        """Ask for updates: a webhook from earlier would keep them all for itself."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            logger.warning("webhook not ended", reason=str(map_error(error)))

    def _tell_all(self, text: Text) -> None:
        self._note(text)
        self._tell(text)
