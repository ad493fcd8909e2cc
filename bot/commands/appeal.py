"""/appeal and /decide: asking people to look again at what a filter refused."""

from dataclasses import dataclass

from bot.case_desk import CaseDesk
from bot.cases import CaseMessage, Outcome
from bot.commands.case import answered_text, by_of
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.errors import UserError
from bot.messages import Author, Role
from bot.safety.verdict import Action
from bot.store.appeals import AppealRepository
from bot.store.case_intake import CaseIntake
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T, Text

__all__ = ["AppealDesk", "appeal_command", "decide_command"]

_OUTCOMES = {"grant": Outcome.GRANTED, "uphold": Outcome.UPHELD}
_NUMBER = Parameter(
    "number", T("The number that was given."), ParameterType.INTEGER, is_required=True
)


@dataclass(frozen=True, slots=True)
class AppealDesk:
    """Brings appeals before the moderators, each as a case."""

    judgements: JudgementRepository
    appeals: AppealRepository
    intake: CaseIntake
    cases: CaseDesk

    async def open(self, judged: StoredJudgement, person: Author) -> Text:
        """Open an appeal and show it to the moderators; return what to tell."""
        appeal = await self.appeals.open(judged, person)
        if appeal is None:
            return T("The moderators have this already. Their answer comes here.")
        message = CaseMessage(
            channel_key=judged.channel_key,
            message_id=judged.message_id,
            author_id=person.id,
            author_name=person.name,
            text=judged.text,
            judgement_id=judged.id,
        )
        case = await self.intake.appeal(message, judged.community_key, appeal.id)
        if not await self.cases.show(case.number):
            return T(
                "Your appeal is kept as number {number}, but no moderators' channel "
                "could be reached. Please speak to a moderator.",
                number=case.number,
            )
        return T("The moderators have it now. Their answer comes here.")


def appeal_command(desk: AppealDesk) -> Command:
    """Return the command behind the button under a refusal."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        judged = await desk.judgements.get(int(arguments["number"]))
        if judged is None or not _is_theirs(judged, context):
            raise UserError(T("There is no refusal of yours with this number here."))
        return Answer(await desk.open(judged, context.author))

    return Command(
        name="appeal",
        summary=T("Ask the moderators to look again at what was refused."),
        parameters=(_NUMBER,),
        run=run,
    )


def decide_command(desk: AppealDesk) -> Command:
    """Return the command that decides an appeal by its own number.

    Cards from before there were cases carry it; what it does is /case close.
    """

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number, what = int(arguments["number"]), str(arguments["what"])
        case = await desk.cases.cases.of_appeal(number)
        if case is None or not await desk.cases.oversees(case, context.channel):
            raise UserError(T("There is no appeal {number}.", number=number))
        await desk.cases.find(case.number, context.channel, context.author)
        answered = await desk.cases.close(case, _OUTCOMES[what], by_of(context))
        return Answer(answered_text(answered), is_private=False, settles=True)

    return Command(
        name="decide",
        summary=T("Decide an appeal."),
        parameters=(
            _NUMBER,
            Parameter(
                "what",
                T("grant or uphold."),
                is_required=True,
                choices=lambda: tuple(_OUTCOMES),
            ),
        ),
        run=run,
        min_role=Role.MODERATOR,
    )


def _is_theirs(judged: StoredJudgement, context: CommandContext) -> bool:
    """Return whether something was refused to this person in this channel."""
    return (
        judged.author_id == context.author.id
        and judged.channel_key == context.channel.key
        and judged.found.action is Action.BLOCK
        and judged.has_acted
    )
