"""/pause, /resume and /panic: moderators let the bot rest."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Role
from bot.pause import Output, Pause, Where, read_end
from bot.pauses import Pauses
from bot.words import T, Tn

__all__ = ["panic_command", "pause_command", "resume_command"]

_WHAT = Parameter(
    "what",
    T("chat, posts, pictures or everything; left out, everything."),
    choices=lambda: tuple(Output),
)
_WHERE = Parameter(
    "where",
    T("here, community or, for the owner, everywhere; left out, here."),
    choices=lambda: tuple(Where),
)


def pause_command(pauses: Pauses, clock: Clock, zone: ZoneInfo) -> Command:
    """Return the command that lets something rest."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what, where = _meant(context, arguments)
        text = str(arguments.get("text", ""))
        pause = read_end(text, now_utc=clock.now_utc(), zone=zone)
        before = await pauses.of(context.channel, what)
        if before is not None and before.is_panic:
            raise UserError(T("I am stopped already. The owner ends that: /resume"))
        await pauses.put(context.channel, where, what, pause)
        if pause.until_utc is None:
            return Answer(T("I rest until somebody says /resume."))
        end = f"{pause.until_utc.astimezone(zone):%Y-%m-%d %H:%M}"
        return Answer(T("I rest until {end} ({zone}).", end=end, zone=zone.key))

    return Command(
        name="pause",
        summary=T("Let me rest: no answers, posts or pictures for a while."),
        parameters=(
            _WHAT,
            _WHERE,
            Parameter(
                "text",
                T("“for 2h” or “until 18:00”, and behind it why, for the members."),
                ParameterType.REST,
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def resume_command(pauses: Pauses) -> Command:
    """Return the command that ends pauses; an owner ends all that count here."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        what, _ = _meant(context, arguments)
        places = tuple(Where) if context.author.role is Role.OWNER else MODERATED
        if "where" in arguments:
            places = (Where(str(arguments["where"])),)
        ended = 0
        for where in places:
            ended += await pauses.lift(context.channel, where, what)
        outputs = Output if what is Output.EVERYTHING else (what,)
        left = [
            pause
            for output in outputs
            if (pause := await pauses.of(context.channel, output)) is not None
        ]
        if any(pause.is_panic for pause in left):
            raise UserError(T("Everything was stopped. Only the owner ends that."))
        if left:
            return Answer(T("Something still rests here: the owner can end that."))
        if not ended:
            return Answer(T("Nothing rests here."))
        return Answer(
            Tn("I am back: {n} pause ended.", "I am back: {n} pauses ended.", n=ended)
        )

    return Command(
        name="resume",
        summary=T("End a pause."),
        parameters=(_WHAT, _WHERE),
        run=run,
        min_role=Role.MODERATOR,
    )


def panic_command(pauses: Pauses, stop_all: Callable[[], int]) -> Command:
    """Return the command that stops all output at once; `stop_all` ends answers."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        pauses.panic()
        stopped = stop_all()
        await pauses.put(
            context.channel, Where.EVERYWHERE, Output.EVERYTHING, Pause(is_panic=True)
        )
        return Answer(
            Tn(
                "Everything is stopped, {n} answer with it. The owner ends that: "
                "/resume",
                "Everything is stopped, {n} answers with it. The owner ends that: "
                "/resume",
                n=stopped,
            )
        )

    return Command(
        name="panic",
        summary=T("Stop everything at once, everywhere."),
        run=run,
        min_role=Role.MODERATOR,
    )


MODERATED = (Where.HERE, Where.COMMUNITY)


def _meant(context: CommandContext, arguments: Arguments) -> tuple[Output, Where]:
    what = Output(str(arguments.get("what", Output.EVERYTHING)))
    where = Where(str(arguments.get("where", Where.HERE)))
    if where is Where.EVERYWHERE and context.author.role is not Role.OWNER:
        raise UserError(T("Only the owner may do that everywhere."))
    return what, where
