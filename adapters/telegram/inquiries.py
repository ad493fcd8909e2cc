"""What the bot asks Telegram for."""

import telegram

from adapters.telegram.calls import Calls, Kind

__all__ = ["Inquiries"]


class Inquiries:
    """Asks for files and for who runs a chat."""

    def __init__(self, bot: telegram.Bot, calls: Calls) -> None:
        self._bot = bot
        self._calls = calls

    async def file(self, file_id: str) -> bytes:
        """Return the content of a file.

        The address that it comes from has the bot's token in it: it goes no further.

        Raises:
            PlatformError: Telegram did not give it.
        """

        async def fetch(_: str) -> bytes:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())

        return await self._calls.run(file_id, fetch, kind=Kind.QUERY, attempts=2)

    async def admins(self, chat_id: str) -> tuple[telegram.ChatMember, ...]:
        """Return who runs a chat.

        Raises:
            PlatformError: Telegram did not say.
        """
        ask = self._bot.get_chat_administrators
        return await self._calls.run(chat_id, ask, kind=Kind.QUERY, attempts=2)
