"""/report: bring a message before the moderators."""

from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Message
from bot.moderators import Moderators
from bot.preferences import community_key
from bot.store.reports import ReportRepository
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["report_command"]


def report_command(
    reports: ReportRepository, turns: TurnRepository, moderators: Moderators
) -> Command:
    """Return the command that shows a message to the moderators."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        message_id = str(arguments.get("message", "")) or context.reply_to_id or ""
        if not message_id:
            raise UserError(
                T("Reply with /report to what you want the moderators to see.")
            )
        reason = str(arguments.get("reason", ""))
        number = await reports.add(
            context.channel, message_id, context.author, reason=reason
        )
        if number is None:
            return Answer(T("The moderators have this from you already. Thank you."))
        said = await _said(context, message_id, turns)
        is_told = await moderators.tell(
            T(
                "Report {number}: {name} asks you to look at a message in {channel}. "
                "{reason}",
                number=number,
                name=context.author.name,
                channel=context.channel.name or context.channel.key,
                reason=reason,
            ),
            communities=(community_key(context.channel),),
            quote=said,
        )
        if not is_told:
            return Answer(
                T(
                    "Your report is kept as number {number}, but no moderators' "
                    "channel could be reached. Please speak to a moderator.",
                    number=number,
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


async def _said(context: CommandContext, message_id: str, turns: TurnRepository) -> str:
    """Return what the message says; of a question that was answered, the answer."""
    answer = await turns.answer_to(context.scope, message_id)
    turn = answer or await turns.by_message(context.scope, message_id)
    if turn is not None:
        return f"{turn.author_name}: {turn.text}" if turn.author_name else turn.text
    return _shown(context.replied)


def _shown(replied: Message | None) -> str:
    return f"{replied.author.name}: {replied.text}" if replied else ""
