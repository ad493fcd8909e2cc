"""What a community has of its own on Telegram: stickers.

No emoji: only people with Premium could use them.
"""

from functools import cached_property, partial
from typing import ClassVar

from typing_extensions import override

from adapters.telegram.core_parts import CoreParts
from adapters.telegram.discipline import TelegramDiscipline
from adapters.telegram.identity import Identity
from adapters.telegram.stickers import Stickers
from bot.messages import Attachment, Author, Channel

__all__ = ["TelegramExpressions"]


class TelegramExpressions(TelegramDiscipline):
    """The call of the adapter that `/sticker` leads to."""

    can_sticker: ClassVar[bool] = True

    _core: CoreParts
    _me: Identity

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
