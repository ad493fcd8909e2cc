"""What people can still do with an answer: have it written anew, or further."""

from collections.abc import Mapping

from bot.adapter import Adapter
from bot.answering import Answering
from bot.clock import Clock
from bot.commands.command import CommandContext
from bot.conversation import UNSEEN, Turn
from bot.errors import UserError
from bot.generation.requests import TurnRole
from bot.messages import Author, Message, Role
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from bot.words import T, Words

__all__ = ["AnswerDesk"]

MORE = "+"
"""Ends the id of a question that no message has: that an answer may go on."""


class AnswerDesk:
    """Writes answers again. An answer is named by the message that it answers."""

    def __init__(
        self,
        *,
        answering: Answering,
        turns: TurnRepository,
        adapters: Mapping[str, Adapter],
        tasks: Tasks,
        words: Words,
        clock: Clock,
    ) -> None:
        self._answering = answering
        self._turns = turns
        self._adapters = adapters
        self._tasks = tasks
        self._words = words
        self._clock = clock

    async def again(self, context: CommandContext, question_id: str) -> None:
        """Begin to write an answer anew; the one before is no longer remembered.

        Raises:
            UserError: the question is not known here, or it is somebody else's.
        """
        question = await self._question(context, question_id)
        await self._turns.drop_answers(context.scope, question.message_id)
        self._begin(context, question)

    async def go_on(self, context: CommandContext, question_id: str) -> None:
        """Begin to write on where an answer was cut off.

        Raises:
            UserError: there is no such answer here, or it is somebody else's.
        """
        await self._question(context, question_id)
        await self._answering.showing.over(context.channel, question_id)
        answer = await self._turns.answer_to(context.scope, question_id)
        if answer is None:
            raise _unknown()
        more_id = answer.message_id + MORE
        if await self._turns.by_message(context.scope, more_id) is not None:
            raise UserError(T("I have gone on with that already."))
        more = T("Please go on exactly where you stopped, without saying it again.")
        question = Turn(
            scope=context.scope,
            role=TurnRole.USER,
            text=self._words.say(more, context.language),
            message_id=more_id,
            created_utc=self._clock.now_utc(),
            author_id=context.author.id,
            author_name=context.author.name,
            reply_to_id=answer.message_id,
        )
        await self._turns.add(question)
        self._begin(context, question)

    async def _question(self, context: CommandContext, question_id: str) -> Turn:
        question = await self._turns.by_message(context.scope, question_id)
        if question is None or question.role is not TurnRole.USER:
            raise _unknown()
        is_theirs = question.author_id == context.author.id
        if not is_theirs and context.author.role < Role.MODERATOR:
            raise UserError(T("Only who asked, or a moderator, may do that."))
        if self._answering.running.has(context.channel, _shown_id(question)):
            raise UserError(T("I am still writing that answer."))
        return question

    def _begin(self, context: CommandContext, question: Turn) -> None:
        asker = context.author
        if question.author_id != asker.id:
            asker = Author(question.author_id, question.author_name)
        message = Message(
            id=_shown_id(question),
            channel=context.channel,
            author=asker,
            text=question.text,
            created_utc=question.created_utc,
            reply_to_id=question.reply_to_id,
            is_to_bot=True,
        )
        adapter = self._adapters[context.channel.platform]
        self._tasks.begin(self._answering.answer(message, question, adapter))


def _shown_id(question: Turn) -> str:
    """Return the id of the message that people see in place of the question."""
    return question.message_id.rstrip(MORE + UNSEEN)


def _unknown() -> UserError:
    return UserError(T("I no longer know that question. Please ask it again."))
