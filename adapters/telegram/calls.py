"""Every call to Telegram: in its turn, errors mapped, to where a chat is now."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import TypeVar

import structlog
from telegram.error import ChatMigrated, TelegramError

from adapters.governor import Governor, Lane
from adapters.pace import Rate
from adapters.telegram.chats import Chats
from adapters.telegram.errors import map_error
from bot.errors import ForbiddenError, GoneError, PlatformError
from bot.words import T, Text

__all__ = ["RATES", "Calls", "Kind"]

R = TypeVar("R")

logger = structlog.get_logger(__name__)

RATES: Mapping[str, Sequence[Rate]] = {
    "all": (Rate(30, 1.0),),
    "group": (Rate(3, 3.5), Rate(20, 61.0)),
    "live": (Rate(8, 60.0),),
    "chat": (Rate(3, 3.5),),
    "draft": (Rate(1, 1.0),),
    "action": (Rate(1, 3.0),),
    "query": (),
}
"""Telegram's numbers: thirty a second over all, one a second and chat, twenty a minute
and group. Of a group's twenty, answers that still grow get eight: there is always room
for those that are finished."""


class Kind(Enum):
    """What a call counts as."""

    MESSAGE = "message"
    """A message, or the last edit of one."""
    LIVE = "live"
    """What shows an answer while it grows."""
    DRAFT = "draft"
    """A draft in a private chat."""
    ACTION = "action"
    """Typing."""
    QUERY = "query"
    """Anything that shows nothing in a chat."""


class Calls:
    """Makes calls for a chat.

    `tell` tells the moderators, once for each right and place, what the bot lacks.
    """

    def __init__(
        self, governor: Governor, chats: Chats, *, tell: Callable[[Text], None]
    ) -> None:
        self._governor = governor
        self._chats = chats
        self._tell = tell
        self._told: set[tuple[str, str]] = set()

    async def run(
        self,
        chat_id: str,
        call: Callable[[str], Awaitable[R]],
        *,
        kind: Kind = Kind.MESSAGE,
        lane: Lane = Lane.CHAT,
        attempts: int = 1,
        deadline_s: float | None = None,
        is_watched: bool = True,
    ) -> R:
        """Make a call, handing it the chat's id of today; return what it returns.

        Raises:
            PlatformError: Telegram did not take it.
        """
        for _ in range(3):
            here = self._chats.current(chat_id)
            try:
                return await self._governor.run(
                    lambda here=here: self._mapped(here, call),  # type: ignore[misc]
                    keys=_keys(here, kind),
                    lane=lane,
                    attempts=attempts,
                    deadline_s=deadline_s,
                )
            except _MovedError as moved:
                await self._chats.moved(here, moved.new_id)
            except ForbiddenError as error:
                if is_watched:
                    self._tell_once(here, error)
                raise
        raise GoneError(T("The group has become a supergroup."))

    def busy_s(self, chat_id: str, kind: Kind) -> float:
        """Return how many seconds a call would have to wait now."""
        return self._governor.busy(*_keys(self._chats.current(chat_id), kind))

    async def _mapped(self, chat_id: str, call: Callable[[str], Awaitable[R]]) -> R:
        try:
            return await call(chat_id)
        except ChatMigrated as error:
            raise _MovedError(str(error.new_chat_id)) from error
        except TelegramError as error:
            raise map_error(error, self._chats.title(chat_id) or chat_id) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # The SDK does not understand the answer of an older or newer server.
            logger.exception("answer not understood", chat=chat_id)
            raise PlatformError(T("I did not understand Telegram's answer.")) from error

    def _tell_once(self, chat_id: str, error: ForbiddenError) -> None:
        if chat_id.startswith("-") and (key := (chat_id, str(error))) not in self._told:
            self._told.add(key)
            logger.warning("a right is missing", chat=chat_id, reason=str(error))
            self._tell(error.text)


class _MovedError(Exception):
    """The chat has another id now."""

    def __init__(self, new_id: str) -> None:
        super().__init__(new_id)
        self.new_id = new_id


def _keys(chat_id: str, kind: Kind) -> tuple[str, ...]:
    place = f"group:{chat_id}" if chat_id.startswith(("-", "@")) else f"chat:{chat_id}"
    match kind:
        case Kind.MESSAGE:
            return ("all", place)
        case Kind.LIVE:
            return ("all", f"live:{chat_id}", place)
    return ("all", f"{kind.value}:{chat_id}")
