"""Schedules in words: what they do, when they come, how the last post went."""

from collections.abc import Iterator
from datetime import datetime

from bot.store.runs import RunState, ScheduleRun
from bot.store.schedules import ScheduleSource, StoredSchedule
from bot.words import T, Text, Words
from content.calendar import Entry
from content.content import Content
from content.schedule_text import when_of
from content.when import say_when

__all__ = ["STATES", "card", "line"]

NUM_NEXT = 3
NUM_RUNS = 3
STATES = {
    RunState.PLANNED: T("about to begin"),
    RunState.STARTED: T("at work"),
    RunState.DONE: T("done"),
    RunState.SKIPPED: T("skipped"),
    RunState.FAILED: T("failed"),
    RunState.ASKED: T("moderators decide"),
}
MISFIRES = {
    "skip": T("missed posts are left out"),
    "ask": T("about missed posts moderators are asked"),
}


async def line(content: Content, entry: Entry, words: Words, language: str) -> str:
    """Return a schedule in one line."""
    recent = await content.runs.recent(entry.schedule.id, limit=1)
    texts = (_when(entry, content), _last(entry, recent))
    said = " · ".join(words.say(text, language) for text in texts)
    return f"- `{entry.schedule.id}` · {entry.schedule.kind} · {said}"


async def card(content: Content, entry: Entry, words: Words, language: str) -> str:
    """Return all about a schedule."""
    schedule = entry.schedule
    heading = T(
        "{when}; {next}", when=say_when(when_of(schedule)), next=_next(entry, content)
    )
    lines = [f"**{schedule.id}** · {schedule.kind} · {words.say(heading, language)}"]
    lines += [f"- {words.say(text, language)}" for text in _details(schedule)]
    for run in await content.runs.recent(schedule.id, limit=NUM_RUNS):
        lines.append(f"- {words.say(_ended(entry, run), language)}")
    return "\n".join(lines)


def _details(schedule: StoredSchedule) -> Iterator[Text]:
    if schedule.topics:
        yield T("about: {topics}", topics="; ".join(schedule.topics))
    if schedule.topic_source != "list":
        feeds = ", ".join(schedule.feeds)
        yield T(
            "topics from: {source} {feeds}", source=schedule.topic_source, feeds=feeds
        )
    yield T("posts to: {channels}", channels=", ".join(schedule.channels))
    if schedule.persona is not None:
        yield T("persona: {name}", name=schedule.persona)
    if schedule.language is not None:
        yield T("language: {name}", name=schedule.language)
    if schedule.approvals:
        yield T(
            "moderators who must agree: {n}, within {minutes} minutes",
            n=schedule.approvals,
            minutes=schedule.review_minutes,
        )
    if schedule.quiet_hours and schedule.in_quiet_hours == "wait":
        yield T(
            "quiet hours: {hours}, posts wait for their end", hours=schedule.quiet_hours
        )
    elif schedule.quiet_hours:
        yield T("quiet hours: {hours}, posts are left out", hours=schedule.quiet_hours)
    if schedule.until is not None:
        yield T("until {day}", day=schedule.until.isoformat())
    if schedule.jitter_minutes:
        yield T("up to {minutes} minutes later", minutes=schedule.jitter_minutes)
    if schedule.misfire in MISFIRES:
        yield MISFIRES[schedule.misfire]
    if schedule.source is ScheduleSource.CONFIG:
        yield T("stands in config.toml")


def _next(entry: Entry, content: Content) -> Text:
    if not entry.schedule.is_enabled:
        return T("paused")
    slots = entry.slots.upcoming(content.clock.now_utc(), count=NUM_NEXT)
    if not slots:
        return T("does not come again")
    return T("next three: {times}", times=", ".join(_time(s, entry) for s in slots))


def _when(entry: Entry, content: Content) -> Text:
    if not entry.schedule.is_enabled:
        return T("paused")
    slots = entry.slots.upcoming(content.clock.now_utc(), count=NUM_NEXT)
    if not slots:
        return T("does not come again")
    return T(
        "next: {times} ({zone})",
        times=", ".join(_time(slot, entry) for slot in slots),
        zone=entry.schedule.timezone,
    )


def _last(entry: Entry, recent: tuple[ScheduleRun, ...]) -> Text:
    if not recent:
        return T("has not run yet")
    last = recent[-1]
    time, state = _time(last.due_utc, entry), STATES[last.state]
    if last.reason is None or last.state not in (RunState.SKIPPED, RunState.FAILED):
        return T("last: {time}, {state}", time=time, state=state)
    return T(
        "last: {time}, {state} ({reason})", time=time, state=state, reason=last.reason
    )


def _ended(entry: Entry, run: ScheduleRun) -> Text:
    time, state = _time(run.due_utc, entry), STATES[run.state]
    if run.reason is None:
        return T("{time}: {state}", time=time, state=state)
    return T("{time}: {state} ({reason})", time=time, state=state, reason=run.reason)


def _time(moment: datetime, entry: Entry) -> str:
    return f"{moment.astimezone(entry.timetable.zone):%Y-%m-%d %H:%M}"
