"""The one pipeline from what a person writes to what the bot says.

is it for me → may this author → input filters → conversation → engine → gate → the
growing reply → the turn, the verdicts and a trace are stored. Every step that can fail
ends in a plain sentence to the person, never in silence.
"""

from collections.abc import Mapping
from dataclasses import replace

import structlog
from typing_extensions import override

from bot.adapter import Adapter, Inbox
from bot.answering import Answering
from bot.commands.ask import as_question
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import is_command
from bot.conversation import Turn
from bot.errors import UserError
from bot.feedback import Feedback
from bot.generation.requests import TurnRole
from bot.keeping import Keeping, Permit
from bot.messages import Button, Channel, Message, Press, Reply, Role, Scope
from bot.preferences import Preferences
from bot.reactions import Comment, Reaction, Vote
from bot.reading import Reader
from bot.safety.filter import FilterChain, Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.appeals import AppealRepository
from bot.store.judgements import JudgementRepository
from bot.store.turns import TurnRepository
from bot.tasks import Tasks
from bot.words import T, Text, Words

__all__ = ["Responder"]

logger = structlog.get_logger(__name__)


class Responder(Inbox):
    """Takes in what happens on every platform; each message is a task of its own."""

    def __init__(
        self,
        *,
        adapters: Mapping[str, Adapter],
        answering: Answering,
        chain: FilterChain,
        dispatcher: Dispatcher,
        preferences: Preferences,
        reader: Reader,
        turns: TurnRepository,
        refuser: Refuser,
        judgements: JudgementRepository,
        appeals: AppealRepository,
        feedback: Feedback,
        keeping: Keeping,
        words: Words,
        tasks: Tasks,
    ) -> None:
        self._adapters = adapters
        self._answering = answering
        self._chain = chain
        self._dispatcher = dispatcher
        self._preferences = preferences
        self._reader = reader
        self._turns = turns
        self._refuser = refuser
        self._judgements = judgements
        self._appeals = appeals
        self._feedback = feedback
        self._keeping = keeping
        self._words = words
        self._tasks = tasks

    async def idle(self) -> None:
        """Wait until everything that was begun is over."""
        await self._tasks.idle()

    @override
    def message(self, message: Message) -> None:
        self._tasks.begin(self._receive(message))

    @override
    def edited(self, message: Message) -> None:
        self._tasks.begin(self._reword(message))

    @override
    def deleted(self, channel: Channel, message_id: str) -> None:
        stopped = self._answering.running.stop_for_message(channel, message_id)
        logger.debug("message deleted", channel=channel.key, stopped=stopped)

    @override
    def pressed(self, press: Press) -> None:
        self._tasks.begin(self._press(press))

    @override
    def reacted(self, reaction: Reaction) -> None:
        self._feedback.take(reaction)

    @override
    def voted(self, vote: Vote) -> None:
        self._feedback.take(vote)

    @override
    def commented(self, comment: Comment) -> None:
        self._feedback.take(comment)

    async def _receive(self, message: Message) -> None:
        if message.author.is_bot or not await self._turns.remember_seen(
            message.channel.platform, message.channel.key, message.id
        ):
            return
        self._feedback.written(message)
        message = as_question(message)
        is_line = is_command(message.text)
        is_mine = message.is_to_bot or is_line
        if is_mine and not (message.text.strip() or message.attachments):
            await self._say(message, T("Your message was empty. What can I do?"))
            return
        if is_line:
            admitted = await self._admit(_as_command(message), is_mine=True)
            if admitted is not None:
                await self._run_command(replace(message, text=admitted))
            return
        author, platform = message.author, message.channel.platform
        permit = await self._keeping.permit(platform, author.id)
        read = await self._read(message, is_mine=is_mine)
        if read is not None:
            await self._converse(read, permit)

    async def _converse(self, message: Message, permit: Permit) -> None:
        """Remember what was said, and answer it where it is for the bot."""
        if message.is_to_bot and message.replied is not None:
            await self._learn(message.replied, message.scope)
        question = _turn(message, message.scope)
        if not (message.is_aside or permit.is_off or permit.is_void):
            await self._turns.add(question, (message.id,))
        if message.is_to_bot:
            adapter = self._adapters[message.channel.platform]
            await self._answering.answer(message, question, adapter)

    async def _reword(self, message: Message) -> None:
        """Take in other words for what somebody asked, and offer to answer those."""
        question = await self._turns.by_message(message.scope, message.id)
        if question is None or question.role is not TurnRole.USER:
            return
        read = await self._read(message, is_mine=message.is_to_bot)
        if read is None or read.text == question.text:
            return
        await self._turns.rewrite(message.scope, message.id, read.text)
        running = self._answering.running
        adapter = self._adapters[message.channel.platform]
        if running.stop_for_message(message.channel, message.id):
            question = replace(question, text=read.text)
            await self._answering.answer(read, question, adapter)
        elif await self._turns.answer_to(message.scope, message.id) is not None:
            await self._offer_again(message, adapter)

    async def _offer_again(self, message: Message, adapter: Adapter) -> None:
        language = await self._preferences.language(message.channel, message.author)
        label = self._words.say(T("Answer it again"), language)
        reply = Reply(
            self._words.say(T("You have changed your question."), language),
            buttons=(Button(label, f"/again {message.id}"),),
            reply_to_id=message.id,
        )
        await adapter.send(message.channel, reply)

    async def _learn(self, replied: Message, scope: Scope) -> None:
        """Take in what is replied to where it was not seen before."""
        if await self._turns.by_message(scope, replied.id) is not None:
            return
        subject = Subject(
            replied.text, Stage.INPUT, replied.channel, replied.author, is_to_bot=False
        )
        judgement = await self._chain.judge(subject)
        if judgement.text.strip():
            learned = _turn(replace(replied, text=judgement.text), scope)
            await self._turns.add(learned, (replied.id,))

    async def _read(self, message: Message, *, is_mine: bool) -> Message | None:
        """Return a message as a model may read it; None where it was refused."""
        try:
            enclosed = await self._reader.read(message)
        except UserError as error:
            if is_mine:
                await self._say(message, error.text)
            return None
        admitted = await self._admit(
            replace(message, text=enclosed.text), is_mine=is_mine
        )
        if admitted is None:
            return None
        return replace(message, text=enclosed.prompt(admitted))

    async def _admit(self, message: Message, *, is_mine: bool) -> str | None:
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
            return judgement.text
        judgement_id = await self._judgements.add(
            message.id,
            subject,
            judgement,
            author=message.author,
            channel=message.channel,
        )
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

    async def _run_command(self, message: Message) -> None:
        reply = await self._dispatcher.run(
            message.text,
            author=message.author,
            channel=message.channel,
            message_id=message.id,
            reply_to_id=message.reply_to_id,
            attachments=message.attachments,
            replied=message.replied,
        )
        await self._adapters[message.channel.platform].send(message.channel, reply)

    async def _press(self, press: Press) -> None:
        reply = await self._dispatcher.run(
            press.command,
            author=press.author,
            channel=press.channel,
            message_id=press.id or None,
        )
        await self._adapters[press.channel.platform].send(press.channel, reply)

    async def _say(self, message: Message, text: Text) -> None:
        language = await self._preferences.language(message.channel, message.author)
        reply = Reply(self._words.say(text, language), reply_to_id=message.id)
        await self._adapters[message.channel.platform].send(message.channel, reply)


def _as_command(message: Message) -> Message:
    """Return what is judged of a command: moderators may show unwanted pictures."""
    if message.author.role < Role.MODERATOR:
        return message
    return replace(message, attachments=())


def _turn(message: Message, scope: Scope) -> Turn:
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
