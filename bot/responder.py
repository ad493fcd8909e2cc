"""The one pipeline from what a person writes to what the bot says.

is it for me → may this author → input filters → conversation → engine → gate → the
growing reply → the turn, the verdicts and a trace are stored → the whole reply. Every
step that can fail ends in a plain sentence to the person, never in silence.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import structlog
from typing_extensions import override

from bot.adapter import Adapter, Inbox
from bot.admission import Admission, turn_of
from bot.answering import Answering
from bot.case_desk import CaseDesk
from bot.commands.ask import as_question
from bot.commands.dispatcher import Dispatcher
from bot.commands.registry import is_command
from bot.door import Door
from bot.errors import UserError
from bot.feedback import Feedback
from bot.generation.requests import TurnRole
from bot.keeping import Keeping, Permit
from bot.lookout import Lookout
from bot.memory.offers import MemoryOffers
from bot.memory.phrases import as_remembering
from bot.messages import Button, Channel, Message, Press, Reply, Role
from bot.overheard import Overheard
from bot.passing import PassingLine, pressed_message
from bot.preferences import Preferences
from bot.reactions import Comment, Reaction, Vote
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
        admission: Admission,
        dispatcher: Dispatcher,
        door: Door,
        preferences: Preferences,
        turns: TurnRepository,
        cases: CaseDesk,
        lookout: Lookout,
        feedback: Feedback,
        keeping: Keeping,
        offers: MemoryOffers,
        words: Words,
        tasks: Tasks,
    ) -> None:
        self._adapters = adapters
        self._answering = answering
        self._admission = admission
        self._dispatcher = dispatcher
        self._door = door
        self._preferences = preferences
        self._turns = turns
        self._cases = cases
        self._overheard = Overheard(self._take_in, lookout, tasks)
        self._feedback = feedback
        self._keeping = keeping
        self._offers = offers
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
        if not self._door.ignores(reaction):
            self._feedback.take(reaction)

    @override
    def voted(self, vote: Vote) -> None:
        if not self._door.ignores(vote):
            self._feedback.take(vote)

    @override
    def commented(self, comment: Comment) -> None:
        if not self._door.ignores(comment):
            self._feedback.take(comment)

    async def _receive(self, message: Message) -> None:
        if message.author.is_bot or not await self._turns.remember_seen(
            message.channel.platform, message.channel.key, message.id
        ):
            return
        if not await self._door.is_shut(message):
            self._feedback.written(message)
        message = as_remembering(as_question(message))
        is_line = is_command(message.text)
        is_mine = message.is_to_bot or is_line
        if is_mine and await self._door.turns_away(message):
            return
        if is_mine and not (message.text.strip() or message.attachments):
            await self._say(message, T("Your message was empty. What can I do?"))
            return
        if is_line:
            await self._take_line(message)
            return
        if not is_mine:
            self._overheard.put(message)
            return
        await self._take_in(message)
        if message.channel.is_private:
            await self._cases.remind(message.channel, message.author, message.id)

    async def _take_in(self, message: Message) -> None:
        """Read what is no command, and answer it where it is for the bot."""
        permit = await self._keeping.permit_for(message)
        read = await self._read(message)
        if read is not None:
            await self._converse(read, permit)

    async def _take_line(self, message: Message) -> None:
        """Judge a command line, and run it."""
        judged = _as_command(message)
        judges_itself = self._dispatcher.judges_itself(message.text, message.author)
        if judges_itself:
            judged = replace(judged, text=message.text.split()[0])
        admitted = await self._admission.admit(judged, is_mine=True)
        if admitted is not None:
            text = message.text if judges_itself else admitted
            await self._run_command(replace(message, text=text))

    async def _converse(self, message: Message, permit: Permit) -> None:
        """Remember what was said, and answer it where it is for the bot."""
        if await self._door.is_shut(message):
            return  # what is not for the bot comes this far, to be judged
        if message.is_to_bot and message.replied is not None:
            await self._admission.learn(message.replied, message.scope)
        question = turn_of(message, message.scope)
        if not (message.is_aside or permit.is_off or permit.is_void):
            await self._turns.add(question, (message.id,))
        if message.is_to_bot and not await self._door.is_used_up(message):
            adapter = self._adapters[message.channel.platform]
            await self._answering.answer(message, question, adapter)
            if not (permit.is_off or permit.is_void):
                await self._offers.after(message)

    async def _reword(self, message: Message) -> None:
        """Take in other words for what somebody asked, and offer to answer those."""
        if await self._door.is_shut(message):
            return
        question = await self._turns.by_message(message.scope, message.id)
        if question is None or question.role is not TurnRole.USER:
            return
        read = await self._read(message)
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

    async def _read(self, message: Message) -> Message | None:
        """Return a message as a model may read it; None where it was refused."""
        try:
            return await self._admission.read(message)
        except UserError as error:
            if message.is_to_bot:
                await self._say(message, error.text)
            return None

    async def _run_command(self, message: Message) -> None:
        adapter = self._adapters[message.channel.platform]
        async with PassingLine(adapter, message) as line:
            await self._dispatcher.run(
                message.text,
                author=message.author,
                channel=message.channel,
                message_id=message.id,
                reply_to_id=message.reply_to_id,
                attachments=message.attachments,
                replied=message.replied,
                show=line.show,
                send=partial(adapter.send, message.channel),
            )
        await self._cases.remind(message.channel, message.author, message.id)

    async def _press(self, press: Press) -> None:
        if await self._door.turns_away_press(press):
            return
        adapter = self._adapters[press.channel.platform]
        async with PassingLine(adapter, pressed_message(press)) as line:
            await self._dispatcher.run(
                press.command,
                author=press.author,
                channel=press.channel,
                message_id=press.id or None,
                show=line.show,
                send=partial(adapter.send, press.channel),
            )
        await self._cases.remind(press.channel, press.author, press.id or None)

    async def _say(self, message: Message, text: Text) -> None:
        language = await self._preferences.language(message.channel, message.author)
        reply = Reply(self._words.say(text, language), reply_to_id=message.id)
        await self._adapters[message.channel.platform].send(message.channel, reply)


def _as_command(message: Message) -> Message:
    """Return what is judged of a command: moderators may show unwanted pictures."""
    if message.author.role < Role.MODERATOR:
        return message
    return replace(message, attachments=())
