"""/schedule: what comes when, and steering it."""

from datetime import datetime

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
)
from bot.errors import UserError
from bot.messages import Role
from bot.store.runs import RunState, ScheduleRun
from bot.words import T, Text, Words
from content.calendar import Entry
from content.content import Content

__all__ = ["schedule_command"]

NUM_NEXT = 3
ACTIONS = ("list", "run", "pause", "resume")
STATES = {
    RunState.PLANNED: T("about to begin"),
    RunState.STARTED: T("at work"),
    RunState.DONE: T("done"),
    RunState.SKIPPED: T("skipped"),
    RunState.FAILED: T("failed"),
}


def schedule_command(content: Content, words: Words) -> Command:
    """Return the command that lists schedules, and lets moderators steer them."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        action = str(arguments.get("action", "list"))
        if action == "list":
            return Answer(await _list(content, words, context.language))
        if context.author.role < Role.MODERATOR:
            raise UserError(T("Only moderators may change schedules."))
        schedule_id = str(arguments.get("id", ""))
        if not await _steer(content, action, schedule_id):
            raise UserError(
                T("There is no schedule “{id}”. /schedule shows them.", id=schedule_id)
            )
        return Answer(_done(action, schedule_id))

    return Command(
        name="schedule",
        summary=T("Show which posts come when; moderators can run, pause and resume."),
        parameters=(
            Parameter("action", T("What to do."), choices=lambda: ACTIONS),
            Parameter(
                "id",
                T("The schedule."),
                suggestions=lambda: tuple(
                    entry.schedule.id for entry in content.calendar.entries
                ),
            ),
        ),
        run=run,
    )


async def _steer(content: Content, action: str, schedule_id: str) -> bool:
    if action == "run":
        return await content.run_now(schedule_id)
    return await content.calendar.set_enabled(
        schedule_id, is_enabled=action == "resume"
    )


def _done(action: str, schedule_id: str) -> Text:
    if action == "run":
        return T("“{id}” is being written now.", id=schedule_id)
    if action == "pause":
        return T("“{id}” rests until /schedule resume {id}.", id=schedule_id)
    return T("“{id}” goes on.", id=schedule_id)


async def _list(content: Content, words: Words, language: str) -> str:
    entries = content.calendar.entries
    if not entries:
        return words.say(T("There are no schedules."), language)
    lines: list[str] = []
    for entry in entries:
        recent = await content.runs.recent(entry.schedule.id, limit=1)
        texts = (_when(entry, content.clock.now_utc()), _last(entry, recent))
        said = " · ".join(words.say(text, language) for text in texts)
        lines.append(f"- `{entry.schedule.id}` · {entry.schedule.kind} · {said}")
    return "\n".join(lines)


def _when(entry: Entry, now_utc: datetime) -> Text:
    if not entry.schedule.is_enabled:
        return T("paused")
    slots = entry.timetable.upcoming(now_utc, count=NUM_NEXT)
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


def _time(moment_utc: datetime, entry: Entry) -> str:
    return f"{moment_utc.astimezone(entry.timetable.zone):%Y-%m-%d %H:%M}"
