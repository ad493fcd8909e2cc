"""Updates on their way to the core: each once, in order within a chat."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import structlog
import telegram

from bot.clock import Clock

__all__ = ["Handle", "Updates"]

ALBUM_S = 1.0
"""So long the parts of an album are waited for after the latest one."""

KEEP = 20_000

logger = structlog.get_logger(__name__)

Handle = Callable[[Sequence[telegram.Update]], Awaitable[None]]
"""Hands in an update, or all those of one album."""


class Updates:
    """Takes updates, as they come, and hands them in.

    Updates of one chat are handed in one after the other, those of different chats side
    by side. The parts of an album wait for each other and are handed in together.

    Attributes:
        kinds: which updates to ask for.
        next_offset: the first update that has not been handed in; None: ask for all.
    """

    def __init__(self, handle: Handle, *, kinds: Sequence[str], clock: Clock) -> None:
        self.kinds = tuple(kinds)
        self._handle = handle
        self._clock = clock
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._pending: dict[int, asyncio.Task[None]] = {}
        self._last: dict[int, asyncio.Task[None]] = {}
        self._albums: dict[tuple[int, str], list[telegram.Update]] = {}
        self._album_tasks: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._newest: int | None = None
        self._is_closed = False

    @property
    def next_offset(self) -> int | None:
        """The first update that has not been handed in; None: whatever there is."""
        if self._pending:
            return min(self._pending)
        return None if self._newest is None else self._newest + 1

    def take_all(self, updates: Sequence[telegram.Update]) -> None:
        """Take what Telegram gave at once."""
        for update in updates:
            self.take(update)

    def note_newest(self, update_id: int) -> None:
        """Note the last of what Telegram gave at once.

        Its numbers go up, but for a week without any: then they start somewhere else.
        """
        self._newest = update_id

    def take(self, update: telegram.Update) -> None:
        """Take an update; one that was taken before is ignored."""
        if update.update_id in self._seen or self._is_closed:
            return
        self._seen[update.update_id] = None
        if len(self._seen) > KEEP:
            self._seen.popitem(last=False)
        key = _album(update)
        if key is not None and key in self._albums:
            self._albums[key].append(update)
            self._pending[update.update_id] = self._album_tasks[key]
            return
        task = asyncio.get_running_loop().create_task(self._turn(update, key))
        if key is not None:
            self._albums[key] = [update]
            self._album_tasks[key] = task
        self._pending[update.update_id] = task

    async def settled(self, *, within_s: float) -> None:
        """Wait until everything is handed in, but not for longer than so long."""
        if self._pending:
            await asyncio.wait(set(self._pending.values()), timeout=within_s)

    async def is_handed_in(self, update_id: int, *, within_s: float) -> bool:
        """Wait until an update is handed in, and return whether it is in time."""
        task = self._pending.get(update_id)
        if task is not None:
            await asyncio.wait({task}, timeout=within_s)
        return update_id not in self._pending

    async def aclose(self) -> None:
        """Let go of what has not been handed in: Telegram gives it again."""
        self._is_closed = True
        tasks = set(self._pending.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _turn(self, update: telegram.Update, key: tuple[int, str] | None) -> None:
        chat_id = (
            update.effective_chat.id if update.effective_chat else update.update_id
        )
        before = self._last.get(chat_id)
        current = asyncio.current_task()
        if current is not None:
            self._last[chat_id] = current
        parts = [update]
        try:
            if key is not None:
                parts = await self._whole_album(key)
            if before is not None and not before.done():
                await asyncio.wait({before})
            await self._handle(parts)
        except Exception:
            # This loop goes on: what comes next is handed in all the same.
            logger.exception("could not hand in an update")
        finally:
            for part in parts:
                self._pending.pop(part.update_id, None)
            if self._last.get(chat_id) is current:
                del self._last[chat_id]

    async def _whole_album(self, key: tuple[int, str]) -> list[telegram.Update]:
        num_parts = 0
        while num_parts < len(self._albums[key]):
            num_parts = len(self._albums[key])
            await self._clock.sleep(ALBUM_S)
        del self._album_tasks[key]
        parts = self._albums.pop(key)
        return sorted(parts, key=lambda update: update.update_id)


def _album(update: telegram.Update) -> tuple[int, str] | None:
    message = update.message
    if message is None or message.media_group_id is None:
        return None
    return message.chat.id, message.media_group_id
