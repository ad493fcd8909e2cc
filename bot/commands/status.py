"""/status: what runs now."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.commands.command import Answer, Arguments, Command, CommandContext
from bot.generation.status import EngineStatus
from bot.generation.supervisor import WorkerState
from bot.messages import Channel
from bot.pause import Output, Where
from bot.pauses import Pauses
from bot.words import T, Text, Words

__all__ = ["status_command", "status_lines"]

MIB = 1024 * 1024

WORKER_TEXTS = {
    WorkerState.STARTING: T("My model is starting."),
    WorkerState.READY: T("My model is ready."),
    WorkerState.RESTARTING: T("My model stumbled and is starting again."),
    WorkerState.STOPPED: T("My model is stopped."),
}
WHAT_TEXTS = {
    Output.CHAT: T("chat"),
    Output.POSTS: T("posts"),
    Output.PICTURES: T("pictures"),
    Output.EVERYTHING: T("everything"),
}
WHERE_TEXTS = {
    Where.HERE: T("here"),
    Where.COMMUNITY: T("in this community"),
    Where.EVERYWHERE: T("everywhere"),
}


def status_command(
    engine_status: Callable[[], EngineStatus],
    lag_ms: Callable[[], float],
    words: Words,
    *,
    pauses: Pauses,
    zone: ZoneInfo,
) -> Command:
    """Return the command that tells how busy the bot is, and what rests here.

    `lag_ms` is how late the event loop lately was at worst, in milliseconds.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        lines = [
            *status_lines(engine_status(), lag_ms()),
            *await _resting_lines(pauses, context.channel, zone),
        ]
        said = [words.say(line, context.language) for line in lines]
        return Answer("\n".join(f"- {line}" for line in said))

    return Command(name="status", summary=T("Show how busy I am."), run=run)


def status_lines(status: EngineStatus, lag_ms: float) -> list[Text]:
    """Return the state of the engine, line by line."""
    lines = [
        WORKER_TEXTS[status.worker],
        T(
            "Answers being written: {running}; waiting: {waiting}.",
            running=status.running,
            waiting=status.waiting,
        ),
    ]
    lines += [
        T(
            "“{name}” is loaded: {memory} MB.",
            name=model.name,
            memory=round(model.memory_bytes / MIB),
        )
        for model in status.models
    ]
    if status.tokens_per_s:
        lines.append(T("{speed} tokens a second.", speed=round(status.tokens_per_s)))
    lines.append(T("I react within {lag} ms.", lag=round(lag_ms)))
    return lines


async def _resting_lines(
    pauses: Pauses, channel: Channel, zone: ZoneInfo
) -> list[Text]:
    lines = []
    for where, what, pause in await pauses.counting(channel):
        text = T(
            "Resting {where}: {what}.", what=WHAT_TEXTS[what], where=WHERE_TEXTS[where]
        )
        if pause.is_panic:
            text = T("{text} Only the owner ends that.", text=text)
        if pause.until_utc is not None:
            end = f"{pause.until_utc.astimezone(zone):%Y-%m-%d %H:%M}"
            text = T("{text} Until {end} ({zone}).", text=text, end=end, zone=zone.key)
        if pause.reason:
            text = T("{text} Why: {reason}", text=text, reason=pause.reason)
        lines.append(text)
    return lines
