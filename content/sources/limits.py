"""Doing something, but not for ever."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from bot.clock import Clock
from content.sources.errors import TooSlowError

__all__ = ["within"]

T_Result = TypeVar("T_Result")


async def within(
    limit_s: float, work: Coroutine[object, object, T_Result], clock: Clock
) -> T_Result:
    """Return what the work returns; it is cancelled where it is not done in time.

    Raises:
        TooSlowError: it was not.
    """
    doing = asyncio.create_task(work)
    tired = asyncio.create_task(clock.sleep(limit_s))
    try:
        await asyncio.wait({doing, tired}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise TooSlowError(limit_s)
        return doing.result()
    finally:
        doing.cancel()
        tired.cancel()
        # What it had open is closed before anybody goes on.
        await asyncio.gather(doing, tired, return_exceptions=True)
