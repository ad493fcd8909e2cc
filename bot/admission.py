"""Lets in what people write: it is read, judged, and refused with a reason or kept."""

from collections.abc import Mapping
from dataclasses import replace

from bot.adapter import Adapter
from bot.conversation import Turn
from bot.generation.requests import TurnRole
from bot.lookout import Lookout
from bot.messages import Message, Reply, Scope
from bot.preferences import Preferences
from bot.reading import Reader
from bot.safety.filter import FilterChain, Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.appeals import AppealRepository
from bot.store.judgements import JudgementRepository
from bot.store.turns import TurnRepository
from bot.tasks import Tasks

__all__ = ["Admission", "turn_of"]


class Admission:
    """Judges what comes in, keeps the verdict, and tells who is refused why."""

    def __init__(
        self,
        *,
        adapters: Mapping[str, Adapter],
        appeals: AppealRepository,
        chain: FilterChain,
        judgements: JudgementRepository,
        lookout: Lookout,
        preferences: Preferences,
        reader: Reader,
        refuser: Refuser,
        tasks: Tasks,
        turns: TurnRepository,
    ) -> None:
        self._adapters = adapters
        self._appeals = appeals
        self._chain = chain
        self._judgements = judgements
        self._lookout = lookout
        self._preferences = preferences
        self._reader = reader
        self._refuser = refuser
        self._tasks = tasks
        self._turns = turns

    async def learn(self, replied: Message, scope: Scope) -> None:
        """Take in what is replied to where it was not seen before."""
        if await self._turns.by_message(scope, replied.id) is not None:
            return
        subject = Subject(
            replied.text, Stage.INPUT, replied.channel, replied.author, is_to_bot=False
        )
        judgement = await self._chain.judge(subject)
        if judgement.text.strip():
            learned = turn_of(replace(replied, text=judgement.text), scope)
            await self._turns.add(learned, (replied.id,))

    async def read(self, message: Message) -> Message | None:
        """Return a message as a model may read it; None where it was refused.

        Raises:
            UserError: its files cannot be read.
        """
        enclosed = await self._reader.read(message)
        admitted = await self.admit(
            replace(message, text=enclosed.text), is_mine=message.is_to_bot
        )
        if admitted is None:
            return None
        return replace(message, text=enclosed.prompt(admitted))

    async def admit(self, message: Message, *, is_mine: bool) -> str | None:
        """Return the text that may go on; None where it was refused."""
        subject = Subject(
            message.text,
            Stage.INPUT,
            message.channel,
            message.author,
            is_mine,
            attachments=message.attachments,
        )
        judgement = await self._chain.judge(subject)
        if not is_mine and judgement.found.action is Action.ALLOW:
            await self._lookout.heard(message, judgement, None)
            return judgement.text
        judgement_id = await self._judgements.add(
            message.id,
            subject,
            judgement,
            author=message.author,
            channel=message.channel,
        )
        self._tasks.begin(self._lookout.heard(message, judgement, judgement_id))
        if not judgement.is_blocked:
            return judgement.text
        if await self._appeals.is_granted(message.author.id, judgement.seen):
            return judgement.seen
        if is_mine:
            await self._refuse(message, judgement.verdict, judgement_id)
        return None

    async def _refuse(
        self, message: Message, verdict: Verdict, judgement_id: int
    ) -> None:
        language = await self._preferences.language(message.channel, message.author)
        reply = Reply(
            self._refuser.say(verdict, language),
            buttons=self._refuser.buttons(verdict, judgement_id, language),
            reply_to_id=message.id,
            only_for=message.author.id,
        )
        await self._adapters[message.channel.platform].send(message.channel, reply)


def turn_of(message: Message, scope: Scope) -> Turn:
    """Return what was said as a part of a conversation."""
    author = message.author
    return Turn(
        scope=scope,
        role=TurnRole.ASSISTANT if author.is_self else TurnRole.USER,
        text=message.text,
        message_id=message.id,
        created_utc=message.created_utc,
        author_id=author.id,
        author_name=author.name,
        reply_to_id=message.reply_to_id,
    )
