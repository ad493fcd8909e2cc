"""What happens on Telegram, handed in to the core."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
import telegram

from adapters.telegram.callbacks import Pressed
from adapters.telegram.chats import Chats
from adapters.telegram.convert import Converter
from adapters.telegram.feelings import Feelings
from adapters.telegram.identity import Identity
from adapters.telegram.line import Line
from adapters.telegram.presses import Presses
from adapters.telegram.questions import Questions
from adapters.telegram.setup import joining_hint
from adapters.telegram.whispers import Say, Whispers
from bot.adapter import Inbox
from bot.errors import PlatformError
from bot.messages import Channel, Message, Press, Reply
from bot.words import T, Text

__all__ = ["Events", "OnInline", "Remember", "SendReply"]

logger = structlog.get_logger(__name__)

SendReply = Callable[[Channel, Reply], Awaitable[Sequence[str]]]
Remember = Callable[[str], Awaitable[bool]]
"""Returns True the first time a press with this id is seen."""

OnInline = Callable[[telegram.InlineQuery], Awaitable[None]]


class Events:
    """Hands in messages, edits and presses, and follows chats and rights."""

    def __init__(
        self,
        inbox: Inbox,
        line: Line,
        *,
        chats: Chats,
        converter: Converter,
        presses: Presses,
        whispers: Whispers,
        send: SendReply,
        say: Say,
        remember: Remember,
        me: Identity,
        tell: Callable[[Text], None],
        on_inline: OnInline | None = None,
    ) -> None:
        self._inbox = inbox
        self._line = line
        self._chats = chats
        self._converter = converter
        self._presses = presses
        self._questions = Questions(line)
        self._whispers = whispers
        self._send = send
        self._say = say
        self._remember = remember
        self._me = me
        self._tell = tell
        self._on_inline = on_inline
        self._feelings = Feelings(inbox, chats)

    async def handle(self, updates: Sequence[telegram.Update]) -> None:
        """Hand in an update, or all those of one album."""
        update = updates[0]
        if update.message is not None:
            await self._message([u.message for u in updates if u.message is not None])
        elif update.edited_message is not None:
            edited = await self._converter.edited(update.edited_message)
            if edited is not None:
                self._inbox.edited(edited)
        elif update.callback_query is not None:
            await self._pressed(update.callback_query)
        elif update.my_chat_member is not None:
            self._member(update.my_chat_member, is_me=True)
        elif update.chat_member is not None:
            self._member(update.chat_member, is_me=False)
        elif update.inline_query is not None and self._on_inline is not None:
            await self._on_inline(update.inline_query)
        elif update.channel_post is not None:
            self._chats.note(update.channel_post.chat)
            self._see(update.channel_post)
        else:
            self._feelings.take(update)

    async def _message(self, parts: Sequence[telegram.Message]) -> None:
        first = parts[0]
        for part in parts:
            self._see(part)
        self._feelings.written(first)
        if first.migrate_to_chat_id is not None:
            await self._chats.moved(str(first.chat.id), str(first.migrate_to_chat_id))
            return
        if first.migrate_from_chat_id is not None:
            await self._chats.moved(str(first.migrate_from_chat_id), str(first.chat.id))
            return
        if await self._is_start_for_answer(first) or await self._is_answer(first):
            return
        incoming = await self._converter.message(parts)
        if incoming is None:
            return
        if incoming.left_out:
            await self._tell_left_out(incoming.message, incoming.left_out)
        message = incoming.message
        if incoming.left_out and not (message.text.strip() or message.attachments):
            return  # it was only the file
        self._inbox.message(message)

    async def _is_start_for_answer(self, message: telegram.Message) -> bool:
        text = message.text or ""
        if message.from_user is None or message.chat.type != "private":
            return False
        if not text.startswith("/start"):
            return False
        try:
            return await self._whispers.started(str(message.from_user.id))
        except PlatformError as error:
            logger.warning("answer that waited not sent", reason=str(error))
            return False

    async def _is_answer(self, message: telegram.Message) -> bool:
        """Hand in an answer to what a button asked for as that button's press."""
        found = await self._questions.answered(message)
        if found is None or message.from_user is None:
            return False
        pressed, card_id = found
        channel = self._about(pressed, self._converter.channel(message))
        author = await self._converter.person(message.from_user, channel)
        message_id = self._message_id(message)
        if await self._remember(f"{message.chat.id}/{message_id}"):
            self._inbox.pressed(
                Press(channel, author, pressed.command, card_id, message_id)
            )
        return True

    async def _tell_left_out(self, message: Message, texts: Sequence[Text]) -> None:
        said = [await self._say(t, message.channel, message.author.id) for t in texts]
        reply = Reply(
            "\n".join(said), reply_to_id=message.id, only_for=message.author.id
        )
        try:
            await self._send(message.channel, reply)
        except PlatformError as error:
            logger.warning("could not tell of files left out", reason=str(error))

    async def _pressed(self, query: telegram.CallbackQuery) -> None:
        if not await self._remember(query.id):
            return
        press_id = self._presses.add(query.id)
        message = query.message
        if message is None or query.data is None:
            await self._presses.answer(press_id)
            return
        chat_id = str(message.chat.id)
        home = self._chats.home(chat_id)
        pressed = await self._line.callbacks.read(home, query.data)
        channel = self._place(message)
        if pressed is None:
            logger.warning("button that is none of ours", chat=chat_id)
            text = T("This button does not work any more. Please ask me again.")
            said = await self._say(text, channel, str(query.from_user.id))
            await self._presses.answer(press_id, said)
            return
        if pressed.asks:
            await self._presses.answer(press_id)
            await self._ask(pressed, query.from_user, channel, message)
            return
        channel = self._about(pressed, channel)
        author = await self._converter.person(query.from_user, channel)
        card_id = self._message_id(message)
        self._inbox.pressed(Press(channel, author, pressed.command, card_id, press_id))

    async def _ask(
        self,
        pressed: Pressed,
        user: telegram.User,
        channel: Channel,
        card: telegram.MaybeInaccessibleMessage,
    ) -> None:
        try:
            await self._questions.ask(pressed, user, channel, card)
        except PlatformError as error:
            logger.warning("could not ask", chat=channel.id, reason=str(error))

    def _about(self, pressed: Pressed, channel: Channel) -> Channel:
        """Return the channel that a button is about, where it was shown elsewhere."""
        if not pressed.origin:
            return channel
        place, _, thread = pressed.origin.partition(":")[2].partition("/")
        return self._chats.channel(place, thread or None)

    def _place(self, message: telegram.MaybeInaccessibleMessage) -> Channel:
        if isinstance(message, telegram.Message):
            return self._converter.channel(message)
        self._chats.note(message.chat)
        return self._chats.channel(str(message.chat.id))

    def _member(self, update: telegram.ChatMemberUpdated, *, is_me: bool) -> None:
        chat_id = str(update.chat.id)
        self._chats.note(update.chat)
        self._chats.forget_admins(chat_id)
        if is_me:
            status = update.new_chat_member.status
            logger.info("my place in a chat changed", chat=chat_id, status=status)
            hint = joining_hint(self._me, update)
            if hint is not None:
                self._tell(hint)

    def _message_id(self, message: telegram.MaybeInaccessibleMessage) -> str:
        return self._chats.message_id(str(message.chat.id), message.message_id)

    def _see(self, message: telegram.Message) -> None:
        self._line.known.add(str(message.chat.id), message.message_id)
