"""/report: bring a message before the moderators."""

from bot.case_desk import CaseDesk
from bot.case_words import told
from bot.cases import Case, CaseMessage
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.generation.requests import TurnRole
from bot.store.case_intake import CaseIntake
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["report_command"]


def report_command(
    desk: CaseDesk, intake: CaseIntake, turns: TurnRepository
) -> Command:
    """Return the command that shows a message to the moderators."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        message_id = str(arguments.get("message", "")) or context.reply_to_id or ""
        if not message_id:
            raise UserError(
                T("Reply with /report to what you want the moderators to see.")
            )
        message = await _message(desk, context, message_id, turns)
        kept = await intake.report(
            message,
            context.channel,
            context.author,
            reason=str(arguments.get("reason", "")),
        )
        if kept is None:
            return Answer(T("The moderators have this from you already. Thank you."))
        case, _ = kept
        is_seen = await desk.show(case.number)
        if case.is_closed:
            return await _decided(desk, case, context)
        if not is_seen:
            return Answer(
                T(
                    "Your report is kept as number {number}, but no moderators' "
                    "channel could be reached. Please speak to a moderator.",
                    number=case.number,
                )
            )
        return Answer(T("Thank you. The moderators have it now."))

    return Command(
        name="report",
        summary=T("Show a message to the moderators."),
        parameters=(
            Parameter("message", T("Its id; without one, what you reply to.")),
            Parameter("reason", T("What is wrong with it."), ParameterType.REST),
        ),
        run=run,
    )


async def _decided(desk: CaseDesk, case: Case, context: CommandContext) -> Answer:
    """Answer at once: moderators have looked at this message before."""
    await desk.seen(context.channel.platform, context.author, (case,))
    return Answer(told(case, None))


async def _message(
    desk: CaseDesk, context: CommandContext, message_id: str, turns: TurnRepository
) -> CaseMessage:
    """Return what is reported; of a question that was answered, the answer.

    Where the platform shows the very message that somebody means, it is that one.
    """
    channel = context.channel
    author_id, author_name, text = "", "", ""
    replied = context.replied
    if replied is not None and replied.id == message_id and not replied.author.is_self:
        author_id, author_name = replied.author.id, replied.author.name
        text = replied.text
    else:
        answer = await turns.answer_to(context.scope, message_id)
        turn = answer or await turns.by_message(context.scope, message_id)
        if turn is not None:
            text, author_name = turn.text, turn.author_name
            is_persons = turn.role is TurnRole.USER
            author_id = turn.author_id if is_persons else ""
        elif replied is not None:
            author_name, text = replied.author.name, replied.text
    return CaseMessage(
        channel_key=channel.key,
        message_id=message_id,
        author_id=author_id,
        author_name=author_name,
        text=text,
        link=desk.adapters[channel.platform].link(channel, message_id),
    )
