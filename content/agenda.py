"""Schedules in the order in which their slots come, and what becomes of a slot."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.runs import MAY_BE_OUT, RunState
from bot.store.schedules import StoredSchedule
from bot.words import T, Text, join_texts
from content.restored import Restored
from content.schedule import Timetable
from content.slots import Slots

__all__ = ["Agenda", "Entry", "SlotPlan", "slot_plan"]

NEVER = Restored()
ON_TIME = timedelta(minutes=1)


@dataclass(slots=True)
class Entry:
    """A schedule in the calendar.

    Attributes:
        handled_utc: every slot up to this one has been seen to.
        next_utc: the next slot; None: there is none any more.
    """

    schedule: StoredSchedule
    slots: Slots
    handled_utc: datetime
    next_utc: datetime | None

    @property
    def timetable(self) -> Timetable:
        """When its slots are, by cron, interval or time."""
        return self.slots.timetable

    def last_utc(self, since_utc: datetime) -> datetime:
        """Return until when a post may still begin that could have begun at a time.

        What falls into quiet hours has as long after their end.
        """
        grace = timedelta(minutes=self.schedule.grace_minutes)
        quiet_end = self.slots.quiet_end(since_utc + grace)
        if quiet_end is None or self.schedule.in_quiet_hours != "wait":
            return since_utc + grace
        return quiet_end + grace

    def handle(self, until_utc: datetime) -> None:
        """Note that every slot up to this moment has been seen to."""
        self.handled_utc = until_utc
        self.next_utc = self.slots.next_after(until_utc)


class Agenda:
    """Entries by id, and a heap of their next slots: many of them cost little.

    What the heap has about an entry that was changed since is passed over.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[datetime, str]] = []
        for entry in entries:
            self.put(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, schedule_id: str) -> Entry | None:
        """Return the entry of a schedule, None where there is none of this id."""
        return self._entries.get(schedule_id)

    def put(self, entry: Entry) -> None:
        """Take an entry in, also one whose next slot has changed."""
        self._entries[entry.schedule.id] = entry
        if entry.next_utc is not None:
            heapq.heappush(self._heap, (entry.next_utc, entry.schedule.id))

    def remove(self, schedule_id: str) -> None:
        """Forget a schedule."""
        self._entries.pop(schedule_id, None)

    @property
    def next_utc(self) -> datetime | None:
        """When the next slot of any schedule is due; None: never."""
        while self._heap and self._current() is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take_due(self, now_utc: datetime) -> list[Entry]:
        """Return the entries with a slot that has come; each is to be put back."""
        due: dict[str, Entry] = {}
        while self._heap and self._heap[0][0] <= now_utc:
            entry = self._current()
            heapq.heappop(self._heap)
            if entry is not None:
                due[entry.schedule.id] = entry
        return list(due.values())

    def wind_back(self, now_utc: datetime) -> None:
        """See to it, after the clock went back, that no slot is waited past.

        Slots that were seen to have their rows, so that none of them runs again.
        """
        for entry in self:
            if entry.handled_utc > now_utc:
                entry.handle(now_utc)
                self.put(entry)

    def _current(self) -> Entry | None:
        """Return the entry that the top of the heap is about, None: it is outdated."""
        slot, schedule_id = self._heap[0]
        entry = self._entries.get(schedule_id)
        return None if entry is None or entry.next_utc != slot else entry


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """What becomes of a slot, and which one comes after it.

    `slot_utc` is when its timetable has it: another time where it was moved.
    """

    due_utc: datetime
    state: RunState
    reason: Text | None
    following_utc: datetime | None
    slot_utc: datetime

    def row(
        self, schedule_id: str
    ) -> tuple[str, datetime, RunState, Text | None, datetime]:
        """Return it as `RunRepository.plan_all` takes it."""
        return schedule_id, self.due_utc, self.state, self.reason, self.slot_utc


def slot_plan(
    entry: Entry, now_utc: datetime, restored: Restored = NEVER
) -> SlotPlan | None:
    """Return what becomes of the latest slot that has come; None: none has.

    Of slots before a restoring no row tells whether they had their post.
    """
    due_utc = entry.next_utc
    if due_utc is None or due_utc > now_utc:
        return None
    following_utc = entry.slots.next_after(due_utc)
    if following_utc is not None and following_utc <= now_utc:
        due_utc = entry.slots.latest_between(due_utc, now_utc) or following_utc
        following_utc = entry.slots.next_after(due_utc)
    state, reasons = _state(entry, due_utc, now_utc, restored)
    if entry.next_utc != due_utc:
        since = f"{entry.next_utc:%F %R}"
        reasons.append(T("stands for all since {since} UTC", since=since))
    move = entry.slots.origin(due_utc)
    if move is not None:
        was = f"{move.slot_utc:%F %R}"
        reasons.append(T("moved from {was} UTC by {name}", was=was, name=move.by_name))
    elif (remark := entry.timetable.remark(due_utc)) is not None:
        reasons.append(remark)
    slot_utc = move.slot_utc if move is not None else due_utc
    return SlotPlan(due_utc, state, join_texts(reasons), following_utc, slot_utc)


def _state(
    entry: Entry, due_utc: datetime, now_utc: datetime, restored: Restored
) -> tuple[RunState, list[Text]]:
    schedule = entry.schedule
    late = now_utc - entry.slots.starts_utc(due_utc)
    if not schedule.is_enabled:
        return RunState.SKIPPED, [T("paused")]
    if entry.slots.is_left_out(due_utc):
        return RunState.SKIPPED, [T("in its quiet hours")]
    if restored.may_be_out(due_utc):
        return RunState.ASKED, [MAY_BE_OUT]
    if late <= ON_TIME:
        return RunState.PLANNED, []
    if schedule.misfire == "ask":
        return RunState.ASKED, [T("missed: the bot was not running")]
    if schedule.misfire == "skip" or late > timedelta(minutes=schedule.grace_minutes):
        return RunState.SKIPPED, [T("missed: the bot was not running")]
    return RunState.PLANNED, [T("made up for")]
