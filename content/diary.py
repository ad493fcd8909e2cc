"""What was, what is under way and what comes: all that a calendar shows."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import nsmallest

from bot.clock import Clock
from bot.store.diary import DiaryPost, DiaryRepository
from bot.store.runs import RunRepository, ScheduleRun
from bot.store.schedules import StoredSchedule
from content.agenda import Entry
from content.calendar import Calendar
from content.coming import MOST_A_DAY, Coming, Day, slots_in
from content.diary_item import OF_POSTS, OF_RUNS, DiaryItem, DiaryState
from content.posts import PostStatus

__all__ = ["Diary", "DiaryPage", "SeesPost"]

NUM_AT_ONCE = 20
"""How many schedules are gone through before others may do something."""
JUST_COME = timedelta(seconds=5)
LONGEST_MADE = timedelta(days=3)
"""A post that goes out in a week may have been begun so long before it."""

S = DiaryState
_Line = DiaryItem | tuple[Entry, Coming]
SeesPost = Callable[[str | None, Sequence[str]], Awaitable[bool]]
"""Says whether who looks may see a post of a schedule that went to channels."""


@dataclass(frozen=True, slots=True)
class DiaryPage:
    """What there is on some days, in order, and how many posts more on which day."""

    items: tuple[DiaryItem, ...]
    more: Mapping[date, int]


class Diary:
    """Puts together what happened, happens and will happen on some days."""

    def __init__(
        self,
        *,
        calendar: Calendar,
        runs: RunRepository,
        posts: DiaryRepository,
        clock: Clock,
    ) -> None:
        self._calendar = calendar
        self._runs = runs
        self._posts = posts
        self._clock = clock

    async def read(
        self,
        schedules: Sequence[StoredSchedule],
        days: Sequence[Day],
        *,
        sees_post: SeesPost,
        most_a_day: int,
    ) -> DiaryPage:
        """Return what there is on these days, in order.

        It is about these schedules, and all posts that may be seen. Where there is more
        on a day than so many items, the last of them are only counted.
        """
        past = await self._past(schedules, days, sees_post)
        sheet = _Sheet(days)
        for item in past:
            sheet.add(item.at_utc, item.schedule_id or "", item)
        for number, schedule in enumerate(schedules):
            if number % NUM_AT_ONCE == 0:
                await asyncio.sleep(0)
            entry = self._calendar.entry(schedule.id)
            if entry is None or not entry.schedule.is_enabled:
                continue
            after_utc = self._after_utc(entry)
            for one in slots_in(schedule, entry.slots, days, after_utc=after_utc):
                sheet.add(one.at_utc, schedule.id, (entry, one))
            for item in _left_out(entry, days):
                sheet.add(item.at_utc, schedule.id, item)
        return await sheet.page(most_a_day)

    def _after_utc(self, entry: Entry) -> datetime:
        """Return from when on slots are to come.

        One that has come, but has no run in this very moment, still is.
        """
        return max(entry.handled_utc, self._clock.now_utc() - JUST_COME)

    async def _past(
        self,
        schedules: Sequence[StoredSchedule],
        days: Sequence[Day],
        sees_post: SeesPost,
    ) -> list[DiaryItem]:
        begin_utc, end_utc = days[0].begin_utc, days[-1].end_utc
        own = {schedule.id: schedule for schedule in schedules}
        runs = await self._runs.between(begin_utc - LONGEST_MADE, end_utc)
        by_post = {run.post_id: run for run in runs if run.post_id is not None}
        posts = await self._posts.between(
            begin_utc - LONGEST_MADE, end_utc, also=by_post.keys()
        )
        items = [
            _of_post(post, by_post.get(post.id), own)
            for post in posts
            if await sees_post(post.schedule_id, post.channels)
        ]
        known = {post.id for post in posts}
        items += [
            _of_run(run, own[run.schedule_id])
            for run in runs
            if run.schedule_id in own and run.post_id not in known
        ]
        return _grouped(
            [one for one in items if begin_utc <= one.at_utc < end_utc], days
        )


class _Sheet:
    """What there is, day by day; made into items only where they are shown."""

    def __init__(self, days: Sequence[Day]) -> None:
        self._days = days
        self._begins = [day.begin_utc for day in days]
        self._lines: list[list[tuple[datetime, str, _Line]]] = [[] for _ in days]

    def add(self, at_utc: datetime, schedule_id: str, line: _Line) -> None:
        """Put a line on its day."""
        number = bisect_right(self._begins, at_utc) - 1
        self._lines[number].append((at_utc, schedule_id, line))

    async def page(self, most_a_day: int) -> DiaryPage:
        """Return the first lines of each day, and how many posts are in the others."""
        items: list[DiaryItem] = []
        more: dict[date, int] = {}
        for day, lines in zip(self._days, self._lines, strict=True):
            await asyncio.sleep(0)
            first = nsmallest(most_a_day, lines, key=_order)
            items += [_item(line) for _, _, line in first]
            if len(lines) > most_a_day:
                num_all = sum(_count(line) for _, _, line in lines)
                more[day.date] = num_all - sum(_count(line) for _, _, line in first)
        return DiaryPage(tuple(items), more)


def _order(line: tuple[datetime, str, _Line]) -> tuple[datetime, str]:
    return line[:2]


def _item(line: _Line) -> DiaryItem:
    return line if isinstance(line, DiaryItem) else _coming(*line)


def _count(line: _Line) -> int:
    return line.count if isinstance(line, DiaryItem) else line[1].num_posts


def _coming(entry: Entry, one: Coming) -> DiaryItem:
    schedule, move = entry.schedule, entry.slots.origin(one.slot_utc)
    return DiaryItem(
        S.COMING,
        one.at_utc,
        one.last_utc,
        schedule.id,
        schedule.kind,
        schedule.channels,
        count=one.num_posts,
        slot_utc=one.slot_utc if move is None else move.slot_utc,
        moved_from_utc=None if move is None else move.slot_utc,
        by_name="" if move is None else move.by_name,
        jitter_minutes=0 if move is not None else schedule.jitter_minutes,
    )


def _left_out(entry: Entry, days: Sequence[Day]) -> Iterator[DiaryItem]:
    for move in entry.slots.moves.values():
        is_seen = days[0].begin_utc <= move.slot_utc < days[-1].end_utc
        if move.to_utc is None and is_seen:
            yield DiaryItem(
                S.LEFT_OUT,
                move.slot_utc,
                move.slot_utc,
                entry.schedule.id,
                entry.schedule.kind,
                entry.schedule.channels,
                slot_utc=move.slot_utc,
                by_name=move.by_name,
            )


def _of_post(
    post: DiaryPost, run: ScheduleRun | None, own: Mapping[str, StoredSchedule]
) -> DiaryItem:
    due_utc = run.due_utc if run is not None else post.created_utc
    at_utc = post.published_utc or post.hold_utc or due_utc
    schedule = own.get(post.schedule_id or "")
    return DiaryItem(
        OF_POSTS[PostStatus(post.status)],
        at_utc,
        at_utc,
        post.schedule_id,
        post.kind,
        post.channels or (schedule.channels if schedule is not None else ()),
        title=post.title or post.topic,
        post_id=post.id,
        reason=run.reason if run is not None else None,
    )


def _of_run(run: ScheduleRun, schedule: StoredSchedule) -> DiaryItem:
    return DiaryItem(
        OF_RUNS[run.state],
        run.due_utc,
        run.due_utc,
        run.schedule_id,
        schedule.kind,
        schedule.channels,
        reason=run.reason,
    )


def _grouped(items: Sequence[DiaryItem], days: Sequence[Day]) -> list[DiaryItem]:
    """Put together what a schedule has often on a day, state by state."""
    groups: defaultdict[tuple[object, ...], list[DiaryItem]] = defaultdict(list)
    for item in sorted(items, key=lambda one: one.at_utc):
        day = next(d.date for d in days if d.begin_utc <= item.at_utc < d.end_utc)
        groups[item.schedule_id, day].append(item)
    found: list[DiaryItem] = []
    for same_day in groups.values():
        if len(same_day) <= MOST_A_DAY:
            found += same_day
            continue
        by_state: defaultdict[DiaryState, list[DiaryItem]] = defaultdict(list)
        for item in same_day:
            by_state[item.state].append(item)
        for same in by_state.values():
            if len(same) == 1:
                found += same
                continue
            last_utc = same[-1].at_utc
            found.append(
                replace(
                    same[0],
                    last_utc=last_utc,
                    count=len(same),
                    title="",
                    post_id=None,
                    reason=None,
                )
            )
    return found
