"""Keeps what was answered: before anybody can press a button below it."""

from bot.clock import Clock
from bot.conversation import UNSEEN, Turn
from bot.draft_answer import DraftAnswer
from bot.generation.requests import TurnRole
from bot.messages import Message
from bot.safety.filter import Subject
from bot.safety.verdict import Stage
from bot.store.judgements import JudgementRepository
from bot.store.traces import TraceRepository
from bot.store.turns import TurnRepository

__all__ = ["AnswerRecord"]


class AnswerRecord:
    """The turn, the verdict and the trace of each answer.

    They are kept before the answer is shown for good, and the turn is taken back where
    the platform did not take it. If the bot ends in between, nobody can tell whether it
    was seen: it counts as seen, since most of it was shown while it grew.
    """

    def __init__(
        self,
        turns: TurnRepository,
        judgements: JudgementRepository,
        traces: TraceRepository,
        clock: Clock,
    ) -> None:
        self._turns = turns
        self._judgements = judgements
        self._traces = traces
        self._clock = clock

    async def judged(self, draft: DraftAnswer, message: Message, question: Turn) -> int:
        """Keep what came of judging an answer; return the number of the verdict.

        Raises:
            StoreError: it could not be kept.
        """
        return await self._judgements.add(
            question.message_id,
            Subject(draft.text, Stage.OUTPUT, message.channel, message.author),
            draft.gate.judgement,
            author=message.author,
            channel=message.channel,
        )

    async def written(
        self, draft: DraftAnswer, message: Message, question: Turn
    ) -> int:
        """Keep an answer that is about to be shown; return its turn, 0 for none.

        Raises:
            StoreError: it could not be kept, or not all of it.
        """
        # What is put in before somebody is forgotten goes with the rest; nothing after.
        if draft.gate.blocked is None and draft.pieces and not draft.permit.is_void:
            await self.judged(draft, message, question)
        now_utc, now_s = self._clock.now_utc(), self._clock.monotonic()
        if not draft.permit.is_void:
            await self._traces.add(draft.trace(question, now_utc, now_s))
        text = draft.text.strip()
        if not text or draft.is_aside or draft.permit.is_void:
            return 0
        turn = Turn(
            scope=message.scope,
            role=TurnRole.ASSISTANT,
            text=text,
            message_id=question.message_id + UNSEEN,
            created_utc=now_utc,
            reply_to_id=question.message_id,
        )
        return await self._turns.add(turn)

    async def shown(
        self,
        turn_id: int,
        draft: DraftAnswer,
        question: Turn,
        message_ids: tuple[str, ...],
    ) -> None:
        """Note as which messages an answer is there; if as none, nobody saw it.

        Raises:
            StoreError: it could not be kept.
        """
        if message_ids:
            await self._turns.shown(turn_id, question.scope, message_ids)
            return
        await self._turns.take_back(turn_id)
        if draft.error_id is not None:
            await self._traces.failed(
                draft.request_id, question.message_id, draft.error_id
            )
