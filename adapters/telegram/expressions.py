"""What a community has of its own on Telegram: stickers, and no emoji."""

from functools import cached_property, partial

from typing_extensions import override

from adapters.telegram.core_parts import CoreParts
from adapters.telegram.discipline import TelegramDiscipline
from adapters.telegram.identity import Identity
from adapters.telegram.stickers import Stickers
from bot.errors import UserError
from bot.messages import Attachment, Author, Channel
from bot.words import T

__all__ = ["TelegramExpressions"]


class TelegramExpressions(TelegramDiscipline):
    """The calls of the adapter that `/emoji` and `/sticker` lead to."""

    _core: CoreParts
    _me: Identity

    @override
    async def add_emoji(
        self, channel: Channel, name: str, picture: Attachment, *, by: Author
    ) -> str:
        raise UserError(
            T(
                "On Telegram only people with Premium can use emoji of a community's "
                "own. Add it as a sticker, for all: /sticker"
            )
        )

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
        return await self._stickers.add(channel, name, picture, emoji=emoji, by=by)

    @cached_property
    def _stickers(self) -> Stickers:
        core = self._core
        return Stickers(
            self._line,
            self._me,
            core.settings,
            secret=partial(core.accounts.secret, "telegram stickers"),
        )
