"""Sending something that is finished, in as many messages as it needs."""

import asyncio

from adapters.live_edit import LiveEdit
from adapters.telegram.layout import laid_out
from adapters.telegram.limits import LIMITS
from adapters.telegram.sink import TelegramSink
from bot.clock import Clock
from bot.messages import Reply

__all__ = ["send_whole"]


async def send_whole(sink: TelegramSink, reply: Reply, clock: Clock) -> tuple[str, ...]:
    """Send a reply at once; return the ids of its messages, each file's of an album.

    Raises:
        PlatformError: Telegram did not take it.
    """
    live = LiveEdit(sink, limits=LIMITS, clock=clock, can_edit=False)
    await live.finish(await asyncio.to_thread(laid_out, reply))
    return sink.message_ids
