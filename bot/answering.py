"""Writes one answer: prompt → engine → gate → the growing reply → store → reply."""

import asyncio
import uuid
from collections.abc import Callable, Mapping

import structlog

from bot.adapter import Adapter, ReplyStream
from bot.answer_buttons import answer_buttons
from bot.answer_record import AnswerRecord
from bot.answers import RunningAnswers, Showing
from bot.apology import apology, is_expected, new_error_id
from bot.clock import Clock
from bot.config import ChatModelConfig
from bot.conversation import Turn
from bot.draft_answer import DraftAnswer
from bot.errors import HearthbotError, PlatformError, StoreError
from bot.first_contact import FirstContact
from bot.generation.engine import Engine
from bot.generation.requests import GenerationRequest, TextParams, TextPayload
from bot.history import History
from bot.keeping import Keeping
from bot.memory.recall import Recall
from bot.messages import Button, Message, Reply
from bot.owner import owner_of
from bot.preferences import Preferences
from bot.queue_text import queue_text
from bot.resting import Resting
from bot.safety.filter import FilterChain
from bot.safety.gate import Gate
from bot.safety.refuser import Refuser
from bot.safety.verdict import Stage
from bot.words import T, Text, Words

__all__ = ["Answering"]

logger = structlog.get_logger(__name__)

NOTICE_AFTER_S = 3.0
"""Who waits longer than this is told where they stand, and again as often."""


class Answering:
    """Answers questions; one call is one answer, however it ends."""

    def __init__(
        self,
        *,
        engine: Engine,
        history: History,
        recall: Recall,
        chain: FilterChain,
        preferences: Preferences,
        refuser: Refuser,
        resting: Resting,
        keeping: Keeping,
        first_contact: FirstContact,
        record: AnswerRecord,
        words: Words,
        clock: Clock,
        sampling: ChatModelConfig,
        context_tokens: Mapping[str, int],
        deadline_s: float,
    ) -> None:
        self.running = RunningAnswers()
        self.showing = Showing()
        self._engine = engine
        self._history = history
        self._recall = recall
        self._chain = chain
        self._preferences = preferences
        self._refuser = refuser
        self._resting = resting
        self._keeping = keeping
        self._first_contact = first_contact
        self._record = record
        self._words = words
        self._clock = clock
        self._sampling = sampling
        self._context_tokens = context_tokens
        self._deadline_s = deadline_s

    async def answer(self, message: Message, question: Turn, adapter: Adapter) -> None:
        """Write the answer to a message whose turn is already stored."""
        if await self._resting.keeps_quiet(message, adapter):
            return
        language = await self._preferences.language(message.channel, message.author)
        draft = DraftAnswer(
            request_id=uuid.uuid4().hex[:12],
            model=await self._preferences.model(message.channel),
            persona=await self._preferences.persona(message.channel),
            gate=Gate(self._chain, channel=message.channel, author=message.author),
            begun_s=self._clock.monotonic(),
            permit=await self._keeping.permit_for(message),
            is_aside=message.is_aside,
        )
        stop = Button(self._words.say(T("Stop"), language), f"/stop {draft.request_id}")
        stream = adapter.open_reply(message, buttons=(stop,))

        def say(text: Text) -> str:
            return self._words.say(text, language)

        await self._run(draft, message, question, stream, say)
        buttons: tuple[Button, ...] = ()
        if draft.gate.blocked is not None:
            buttons = await self._end_blocked(draft, message, question, language)
        elif adapter.can_offer and not draft.is_aside:
            buttons = answer_buttons(draft, question, say)
        told, more = "", tuple[Button, ...]()
        if draft.error_id is None:  # whom it failed is told another time
            told, more = await self._first_contact.below(message, adapter, language)
        text = draft.whole(told)
        reply = Reply(text, buttons=(*buttons, *more), reply_to_id=message.id)
        with self.showing.going_on(message.channel, question.message_id):
            is_shown = await self._show_whole(draft, message, question, stream, reply)
        if is_shown and draft.error_id is None:
            await self._first_contact.beside(message, adapter, language)

    async def _show_whole(
        self,
        draft: DraftAnswer,
        message: Message,
        question: Turn,
        stream: ReplyStream,
        reply: Reply,
    ) -> bool:
        """Keep an answer and show it; return whether the platform took it."""
        turn_id, message_ids = 0, tuple[str, ...]()
        try:
            turn_id = await self._record.written(draft, message, question)
        except StoreError as error:  # whoever asked is to read it all the same
            logger.error("answer not kept", reason=str(error))
        try:
            message_ids = await stream.finish(reply)
        except PlatformError as error:
            draft.error_id = error_id = draft.error_id or new_error_id()
            logger.warning("answer not delivered", error_id=error_id, reason=str(error))
        try:
            await self._record.shown(turn_id, draft, question, message_ids)
        except StoreError as error:
            logger.error("answer not named", reason=str(error))
        return bool(message_ids)

    async def _end_blocked(
        self, draft: DraftAnswer, message: Message, question: Turn, language: str
    ) -> tuple[Button, ...]:
        """Say why the answer ends here; return the button to appeal, if one helps."""
        blocked = draft.gate.judgement.verdict
        draft.ending = self._refuser.say(blocked, language, stage=Stage.OUTPUT)
        try:
            judgement_id = await self._record.judged(draft, message, question)
        except StoreError as error:
            # The answer must be ended all the same; only the appeal is not possible.
            logger.warning("judgement not kept", reason=str(error))
            return ()
        return self._refuser.buttons(blocked, judgement_id, language)

    async def _run(
        self,
        draft: DraftAnswer,
        message: Message,
        question: Turn,
        stream: ReplyStream,
        say: Callable[[Text], str],
    ) -> None:
        """Write until there is an end of some kind, and put its words to the draft."""
        writing = asyncio.create_task(self._write(draft, message, question, stream))
        company = asyncio.create_task(self._keep_company(draft, stream, say))
        self.running.add(
            draft.request_id,
            writing,
            channel=message.channel,
            asker=message.author,
            message_id=message.id,
        )
        if self._resting.pauses.is_panic or draft.permit.is_void:  # since it was asked
            writing.cancel()
        try:
            await asyncio.wait({writing})
        finally:
            writing.cancel()
            company.cancel()
            self.running.remove(draft.request_id)
        await asyncio.gather(company, return_exceptions=True)
        error = None if writing.cancelled() else writing.exception()
        if isinstance(error, Exception):
            draft.error_id = new_error_id()
            if not is_expected(error):
                logger.error(
                    "answer failed",
                    error_id=draft.error_id,
                    reason=str(error),
                    exc_info=None if isinstance(error, HearthbotError) else error,
                )
            draft.ending = say(apology(error, draft.error_id))
        elif (ending := draft.how_it_ended()) is not None:
            draft.ending = say(ending)

    async def _write(
        self, draft: DraftAnswer, message: Message, question: Turn, stream: ReplyStream
    ) -> None:
        context_tokens = self._context_tokens[draft.model]
        system = draft.persona.prompt
        if not draft.is_aside:
            system += await self._recall.block(
                message, question, model=draft.model, context_tokens=context_tokens
            )
        conversation = await self._history.conversation(
            question, system, is_aside=draft.is_aside
        )
        max_tokens = min(self._sampling.max_tokens, context_tokens // 2)
        turns = await self._history.prompt(
            conversation,
            model=draft.model,
            budget_tokens=context_tokens - max_tokens,
        )
        ticket = self._engine.submit(
            GenerationRequest(
                id=draft.request_id,
                model=draft.model,
                payload=TextPayload(turns),
                params=TextParams(
                    max_tokens=max_tokens,
                    temperature=self._sampling.temperature,
                    top_p=self._sampling.top_p,
                    repetition_penalty=self._sampling.repetition_penalty,
                ),
                owner=owner_of(message.channel, message.author),
                deadline_s=self._deadline_s,
            )
        )
        draft.ticket = ticket
        try:
            await ticket.wait_started()
            draft.started_s = self._clock.monotonic()
            async for piece in ticket:
                await self._show(draft, stream, await draft.gate.feed(piece))
                if draft.gate.blocked is not None:
                    return
            await self._show(draft, stream, await draft.gate.flush())
            draft.finished = ticket.finished
        finally:
            ticket.cancel()

    async def _show(self, draft: DraftAnswer, stream: ReplyStream, text: str) -> None:
        if not text:
            return
        if not draft.pieces:
            draft.first_piece_s = self._clock.monotonic()
        draft.pieces.append(text)
        await stream.feed(text)

    async def _keep_company(
        self, draft: DraftAnswer, stream: ReplyStream, say: Callable[[Text], str]
    ) -> None:
        """Tell who waits what they wait for, until there is something to read."""
        while True:
            await self._clock.sleep(NOTICE_AFTER_S)
            if draft.pieces:
                return
            await stream.notice(say(self._wait_text(draft)))

    def _wait_text(self, draft: DraftAnswer) -> Text:
        place = draft.ticket.place if draft.ticket is not None else None
        if not self._engine.is_loaded(draft.model):
            return T("I am still waking up: my model is being loaded …")
        return T("I am thinking …") if place is None else queue_text(place)
