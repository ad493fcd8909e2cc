"""Finding a message whose receipt was lost.

Telegram has no way to ask for what is in a chat. But it answers a change of a message
differently where there is none, where it is somebody else's, and where it is the bot's
own; and messages are counted. So the ids behind the newest one from before the call are
tried with a change that changes nothing.
"""

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

from adapters.telegram.calls import Kind
from adapters.telegram.errors import NOT_MODIFIED, is_saying
from adapters.telegram.line import Line
from bot.errors import GoneError, NetworkError, PlatformError, RateLimitedError

__all__ = ["find_unknown"]

MOST_TRIES = 30
BEYOND = 4
"""So many ids behind the newest known one are tried."""

MOST_FAILURES = 6

logger = structlog.get_logger(__name__)


async def find_unknown(
    line: Line, chat_id: str, *, after: int, markup: InlineKeyboardMarkup | None
) -> str | None:
    """Return a message of the bot in a chat that it does not know of; None: none.

    It has the buttons `markup`. Only where an earlier message is known, `after`, can it
    be looked for.
    """
    if after == 0:
        return None
    num_tries = 0
    chat_id = line.chats.current(chat_id)
    async with line.sending(chat_id):
        last = max(line.known.newest(chat_id), after) + BEYOND
        for message_id in range(after + 1, last + 1):
            if line.known.has(chat_id, message_id):
                continue
            if await _is_own(line, chat_id, message_id, markup):
                line.known.add(chat_id, message_id)
                return line.chats.message_id(chat_id, message_id)
            num_tries += 1
            if num_tries == MOST_TRIES:
                logger.warning("a message whose receipt was lost was not found")
                break
    return None


async def _is_own(
    line: Line, chat_id: str, message_id: int, markup: InlineKeyboardMarkup | None
) -> bool:
    async def touch(here: str) -> bool:
        try:
            await line.bot.edit_message_reply_markup(
                here, message_id, reply_markup=markup
            )
        except BadRequest as error:
            if is_saying(error, NOT_MODIFIED):
                return True
            raise
        return True

    failures = 0
    while True:
        try:
            return await line.calls.run(chat_id, touch, kind=Kind.MESSAGE)
        except GoneError:
            return False
        except (RateLimitedError, NetworkError) as error:
            failures += 1
            if failures == MOST_FAILURES:
                raise
            pause_s = getattr(error, "retry_after_s", 2.0**failures / 2)
            await line.clock.sleep(pause_s)
        except PlatformError as error:
            logger.info("message not looked at", reason=str(error))
            return False
