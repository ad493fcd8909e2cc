"""/appeal and /decide: asking people to look again at what a filter refused."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.adapter import Adapter
from bot.commands.command import (
    Answer,
    Arguments,
    Command,
    CommandContext,
    Parameter,
    ParameterType,
)
from bot.commands.verdicts import HARMLESS
from bot.errors import PlatformError, UserError
from bot.messages import Author, Channel, Reply, Role
from bot.moderators import Moderators
from bot.preferences import Preferences
from bot.safety.policy import Category
from bot.safety.verdict import Action, Stage
from bot.store.appeals import Appeal, AppealRepository, AppealState
from bot.store.judgements import JudgementRepository, StoredJudgement
from bot.words import T, Text, Words

__all__ = ["AppealDesk", "appeal_command", "decide_command"]

logger = structlog.get_logger(__name__)

_STATES = {"grant": AppealState.GRANTED, "uphold": AppealState.UPHELD}
_CATEGORIES = frozenset(category.value for category in Category)
_NUMBER = Parameter(
    "number", T("The number that was given."), ParameterType.INTEGER, is_required=True
)


@dataclass(frozen=True, slots=True)
class AppealDesk:
    """Brings appeals before the moderators, and their answer back."""

    judgements: JudgementRepository
    appeals: AppealRepository
    moderators: Moderators
    adapters: Mapping[str, Adapter]
    preferences: Preferences
    words: Words

    async def open(self, judged: StoredJudgement, person: Author) -> Text:
        """Open an appeal and show it to the moderators; return what to tell."""
        appeal = await self.appeals.open(judged, person)
        if appeal is None:
            return T("The moderators have this already. Their answer comes here.")
        buttons = [
            (T("It was fine"), f"/decide {appeal.id} grant"),
            (T("The refusal stays"), f"/decide {appeal.id} uphold"),
        ]
        if judged.found.category in _CATEGORIES:
            teach = (T("Teach: harmless"), f"/correct {judged.id} {HARMLESS}")
            buttons.append(teach)
        arrived = await self.moderators.tell(
            _card(appeal, judged),
            communities=(judged.community_key,),
            quote=judged.text,
            buttons=buttons,
        )
        if not arrived:
            return T(
                "Your appeal is kept as number {number}, but no moderators' channel "
                "could be reached. Please speak to a moderator.",
                number=appeal.id,
            )
        return T("The moderators have it now. Their answer comes here.")

    async def may_decide(self, appeal: Appeal, channel: Channel) -> bool:
        """Return whether an appeal can be decided from a channel."""
        judged = await self.judgements.get(appeal.judgement_id)
        return judged is not None and await self.moderators.oversees(
            judged.community_key, channel
        )

    async def answer(self, appeal: Appeal) -> bool:
        """Tell the person what was decided; return whether it could be sent."""
        platform, _, place = appeal.channel_key.partition(":")
        adapter = self.adapters.get(platform)
        if adapter is None:
            return False
        judged = await self.judgements.get(appeal.judgement_id)
        try:
            channel = adapter.channel(place)
            person = Author(appeal.person_id, appeal.person_name)
            language = await self.preferences.language(channel, person)
            said = self.words.say(_outcome(appeal, judged), language)
            reply_to_id = judged.message_id if judged else None
            reply = Reply(said, reply_to_id=reply_to_id, only_for=appeal.person_id)
            await adapter.send(channel, reply)
        except PlatformError as error:
            logger.warning("appeal not answered", appeal=appeal.id, reason=str(error))
            return False
        return True


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
    """Return the command behind the buttons under an appeal."""

    async def run(context: CommandContext, arguments: Arguments) -> Answer:
        number, what = int(arguments["number"]), str(arguments["what"])
        found = await desk.appeals.get(number)
        if found is None or not await desk.may_decide(found, context.channel):
            raise UserError(T("There is no appeal {number}.", number=number))
        appeal = await desk.appeals.decide(
            number, _STATES[what], decided_by=context.author.name
        )
        if appeal is None:
            raise UserError(
                T(
                    "Appeal {number} was already decided by {name}.",
                    number=number,
                    name=found.decided_by,
                )
            )
        if not await desk.answer(appeal):
            return Answer(
                T("Decided, but {name} could not be told.", name=appeal.person_name),
                settles=True,
            )
        return Answer(
            T("Decided, and {name} was told.", name=appeal.person_name),
            is_private=False,
            settles=True,
        )

    return Command(
        name="decide",
        summary=T("Decide an appeal."),
        parameters=(
            _NUMBER,
            Parameter(
                "what",
                T("grant or uphold."),
                is_required=True,
                choices=lambda: tuple(_STATES),
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


def _card(appeal: Appeal, judged: StoredJudgement) -> Text:
    values = {
        "number": appeal.id,
        "name": appeal.person_name,
        "channel": judged.channel_key,
        "category": judged.found.category,
        "score": f"{judged.found.score:.2f}",
        "filter": judged.found.filter,
    }
    if judged.stage is Stage.OUTPUT:
        return T(
            "Appeal {number}: {name} asks you to look at an answer that was stopped in "
            "{channel} ({filter}: {category} {score}).",
            **values,
        )
    return T(
        "Appeal {number}: {name} asks you to look at a message that was refused in "
        "{channel} ({filter}: {category} {score}).",
        **values,
    )


def _outcome(appeal: Appeal, judged: StoredJudgement | None) -> Text:
    if appeal.state is AppealState.UPHELD:
        return T(
            "The moderators have looked at it ({name}): the refusal stays.",
            name=appeal.decided_by,
        )
    if judged is not None and judged.stage is Stage.OUTPUT:
        return T(
            "The moderators have looked at it ({name}): there was nothing wrong. "
            "Please ask again.",
            name=appeal.decided_by,
        )
    return T(
        "The moderators have looked at it ({name}): your message was fine. Please send "
        "it again.",
        name=appeal.decided_by,
    )
