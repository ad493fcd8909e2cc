"""The one pipeline from what a person writes to what the bot says.

is it for me → may this author → input filters → conversation → engine → gate → the
growing reply → the turn, the verdicts and a trace are stored. Every step that can fail
ends in a plain sentence to the person, never in silence.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace

import structlog
from typing_extensions import override

from bot.adapter import Adapter, Inbox
from bot.answering import Answering
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import is_command
from bot.conversation import Turn
from bot.errors import UserError
from bot.generation.requests import TurnRole
from bot.messages import Channel, Message, Press, Reply, Role
from bot.preferences import Preferences
from bot.reading import Reader
from bot.safety.filter import FilterChain, Subject
from bot.safety.refuser import Refuser
from bot.safety.verdict import Action, Stage, Verdict
from bot.store.appeals import AppealRepository
from bot.store.judgements import JudgementRepository
from bot.store.turns import TurnRepository
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
        words: Words,
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
        self._words = words
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Responder":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """End what has not come to an end by itself."""
        for task in self._tasks:
            task.cancel()
        await self.idle()

    async def idle(self) -> None:
        """Wait until everything that was begun is over."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    @override
    def message(self, message: Message) -> None:
        self._begin(self._receive(message))

    @override
    def edited(self, message: Message) -> None:
        # What was said stays as it was answered: the next issue offers a new answer.
        logger.debug("message edited", channel=message.channel.key)

    @override
    def deleted(self, channel: Channel, message_id: str) -> None:
        stopped = self._answering.running.stop_for_message(channel, message_id)
        logger.debug("message deleted", channel=channel.key, stopped=stopped)

    @override
    def pressed(self, press: Press) -> None:
        self._begin(self._press(press))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._survive(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _survive(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:
            # The person has been told where there was a way to; here ends the rest.
            logger.exception("could not handle an event")

    async def _receive(self, message: Message) -> None:
        if message.author.is_bot or not await self._turns.remember_seen(
            message.channel.platform, message.channel.key, message.id
        ):
            return
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
        try:
            enclosed = await self._reader.read(message)
        except UserError as error:
            if is_mine:
                await self._say(message, error.text)
            return
        admitted = await self._admit(
            replace(message, text=enclosed.text), is_mine=is_mine
        )
        if admitted is None:
            return
        message = replace(message, text=enclosed.prompt(admitted))
        question = _turn(message)
        await self._turns.add(question, (message.id,))
        if message.is_to_bot:
            adapter = self._adapters[message.channel.platform]
            await self._answering.answer(message, question, adapter)

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
        )
        await self._adapters[message.channel.platform].send(message.channel, reply)

    async def _press(self, press: Press) -> None:
        reply = await self._dispatcher.run(
            press.command, author=press.author, channel=press.channel, message_id=None
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


def _turn(message: Message) -> Turn:
    return Turn(
        scope=message.scope,
        role=TurnRole.USER,
        text=message.text,
        message_id=message.id,
        created_utc=message.created_utc,
        author_id=message.author.id,
        author_name=message.author.name,
        reply_to_id=message.reply_to_id,
    )
