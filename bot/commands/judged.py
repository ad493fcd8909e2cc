"""What moderators tell the bot to be is judged like what the bot says."""

from bot.commands.command import CommandContext
from bot.errors import UserError
from bot.safety.filter import FilterChain, Subject
from bot.safety.verdict import Stage
from bot.words import T

__all__ = ["judged_text"]


async def judged_text(chain: FilterChain, text: str, context: CommandContext) -> str:
    """Return a text as it may be kept, with what had to be redacted taken out.

    Raises:
        UserError: it may not be kept; the text says why.
    """
    judgement = await chain.judge(
        Subject(
            text, Stage.OUTPUT, context.channel, context.author, is_instruction=True
        )
    )
    if judgement.is_blocked:
        reason = judgement.verdict.reason or judgement.verdict.category
        raise UserError(T("I cannot keep that: {reason}.", reason=reason))
    return judgement.text
