"""/speak: says something aloud."""

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
from bot.pause import Output
from bot.safety.refuser import Refuser
from bot.safety.verdict import Stage
from bot.speaking import Speaker, Unspoken
from bot.store.judgements import JudgementRepository
from bot.store.turns import TurnRepository
from bot.words import T

__all__ = ["speak_command"]


def speak_command(
    speaker: Speaker,
    *,
    turns: TurnRepository,
    judgements: JudgementRepository,
    refuser: Refuser,
) -> Command:
    """Return the command that speaks a text, or the answer it replies to."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        text = str(arguments.get("text") or "") or await replied_to(context)
        spoken = await speaker.speak(
            text,
            language=context.language,
            channel=context.channel,
            author=context.author,
        )
        if isinstance(spoken, Unspoken):
            return await refused(context, spoken)
        return Answer("", attachments=(spoken,), is_private=False)

    async def replied_to(context: CommandContext) -> str:
        """Return what the bot said in the message that is replied to, if it is here."""
        turn = None
        if context.reply_to_id is not None:
            turn = await turns.by_message(context.scope, context.reply_to_id)
        if turn is None or turn.role is not TurnRole.ASSISTANT:
            raise UserError(
                T("Tell me what to speak, or reply to an answer of mine with /speak.")
            )
        return turn.text

    async def refused(context: CommandContext, spoken: Unspoken) -> Answer:
        verdict = spoken.judgement.verdict
        number = await judgements.add(
            context.message_id or "",
            spoken.subject,
            spoken.judgement,
            author=context.author,
            channel=context.channel,
        )
        return Answer(
            refuser.say(verdict, context.language, stage=Stage.OUTPUT),
            buttons=refuser.buttons(verdict, number, context.language),
        )

    return Command(
        name="speak",
        summary=T("Say a text aloud, or the answer that you reply to."),
        parameters=(
            Parameter("text", T("What I am to say."), type=ParameterType.REST),
        ),
        run=run,
        makes=Output.CHAT,
    )
