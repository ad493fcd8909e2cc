"""Waiting for something, but not for ever."""

import asyncio

from bot.clock import Clock

__all__ = ["is_set_within"]


async def is_set_within(event: asyncio.Event, timeout_s: float, clock: Clock) -> bool:
    """Wait until an event is set; return False where it was not in time."""
    happened = asyncio.create_task(event.wait())
    tired = asyncio.create_task(clock.sleep(timeout_s))
    try:
        await asyncio.wait({happened, tired}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        happened.cancel()
        tired.cancel()
    return event.is_set()
