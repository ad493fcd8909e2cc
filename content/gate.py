"""When a post may begin and go out: after its jitter, not in quiet hours."""

from collections.abc import Awaitable, Callable, Sequence

from bot.clock import Clock
from bot.store.runs import ScheduleRun
from bot.words import T, Text
from content.calendar import ASKED_FOR, Calendar
from content.holding import Holding
from content.posts import PostStatus

__all__ = ["REMOVED", "AreHeld", "Gate", "nothing_is_held"]

LONGEST_NAP_S = 60.0
"""The clock on the wall may jump, so it is read this often."""
HOLD_NAP_S = 20.0
"""A post that waits may be wanted earlier meanwhile, so that is looked up so often."""
REMOVED = T("its schedule was removed")


AreHeld = Callable[[Sequence[str]], Awaitable[bool]]
"""Tells whether posts rest now in one of some channels, by their keys."""


async def nothing_is_held(channels: Sequence[str]) -> bool:
    """Say that posts rest nowhere."""
    return False


class Gate:
    """Holds posts back as their schedules say, as they are at that moment.

    What a moderator asked for goes through at once, but for a pause.
    """

    def __init__(
        self,
        calendar: Calendar,
        holding: Holding,
        clock: Clock,
        are_held: AreHeld = nothing_is_held,
    ) -> None:
        self._are_held = are_held
        self._calendar = calendar
        self.holding = holding
        self._clock = clock

    def is_gone(self, schedule_id: str) -> bool:
        """Return whether a schedule was removed."""
        return self._calendar.get(schedule_id) is None

    async def is_resting(self, schedule_id: str) -> bool:
        """Return whether moderators let the posts of a schedule rest now."""
        entry = self._calendar.entry(schedule_id)
        return entry is not None and await self._are_held(entry.schedule.channels)

    async def wait_to_begin(self, run: ScheduleRun) -> Text | None:
        """Wait until the post of a slot may begin; return why it may not after all."""
        while run.reason != ASKED_FOR:
            entry = self._calendar.entry(run.schedule_id)
            if entry is None:
                return REMOVED
            if run.due_utc == entry.schedule.created_utc:
                return None  # the very first start
            if not entry.schedule.is_enabled:
                return T("paused")
            wait = entry.slots.starts_utc(run.due_utc) - self._clock.now_utc()
            if wait.total_seconds() <= 0:
                return None
            await self._clock.sleep(min(wait.total_seconds(), LONGEST_NAP_S))
        return None

    async def wait_to_go_out(
        self, schedule_id: str, post_id: str, *, is_asked_for: bool
    ) -> tuple[PostStatus, Text] | None:
        """Wait until an approved post may go out; return what becomes of it else."""
        while True:
            entry = self._calendar.entry(schedule_id)
            if entry is None:
                return PostStatus.FAILED, REMOVED
            hold_utc = await self.holding.until(post_id)
            now_utc = self._clock.now_utc()
            end_utc = hold_utc
            if hold_utc is None and not is_asked_for:
                end_utc = entry.slots.quiet_end(now_utc)
                if end_utc is not None and entry.schedule.in_quiet_hours == "skip":
                    return PostStatus.EXPIRED, T("its quiet hours had begun")
            if await self.is_resting(schedule_id):
                await self._clock.sleep(HOLD_NAP_S)
                continue
            if end_utc is None or end_utc <= now_utc:
                return None
            wait_s = (end_utc - now_utc).total_seconds()
            await self._clock.sleep(min(wait_s, HOLD_NAP_S))
