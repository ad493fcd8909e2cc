"""What a button asks for: a message to reply to, whose answer is the command."""

import telegram
from telegram import ForceReply, MessageEntity

from adapters.governor import Lane
from adapters.telegram.callbacks import Pressed
from adapters.telegram.calls import Kind
from adapters.telegram.entities import utf16_units
from adapters.telegram.limits import LIMITS
from adapters.telegram.line import Line
from adapters.telegram.place import Place
from bot.messages import Channel

__all__ = ["Questions"]

LONGEST_PLACEHOLDER = 64


class Questions:
    """Asks whoever pressed a button, and knows the answer when it comes.

    Telegram cannot fill in a field: where a text is to be changed, it stands in the
    question, to be copied with one touch.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    async def ask(
        self,
        pressed: Pressed,
        user: telegram.User,
        channel: Channel,
        card: telegram.MaybeInaccessibleMessage,
    ) -> None:
        """Ask somebody for what a button wants, below its card.

        Raises:
            PlatformError: Telegram did not take it.
        """
        place, there = Place.of(channel), str(card.chat.id)
        card_id = self._line.chats.message_id(there, card.message_id)
        name = user.full_name
        text = f"{name}: {pressed.asks}"
        entities = [
            MessageEntity(
                MessageEntity.TEXT_MENTION, 0, utf16_units(name) or 1, user=user
            )
        ]
        whole = f"{text}\n\n{pressed.prefill}"
        if pressed.prefill and utf16_units(whole) <= LIMITS.text_units:
            start = utf16_units(text) + 2
            length = utf16_units(pressed.prefill)
            entities.append(MessageEntity(MessageEntity.PRE, start, length))
            text = whole

        async def send(chat_id: str) -> telegram.Message:
            return await self._line.bot.send_message(
                chat_id,
                text,
                entities=entities,
                message_thread_id=place.thread_id,
                reply_parameters=self._line.reply_to(chat_id, place, card_id),
                reply_markup=ForceReply(
                    selective=True,
                    input_field_placeholder=pressed.asks[:LONGEST_PLACEHOLDER],
                ),
            )

        asked = await self._line.calls.run(
            there, send, kind=Kind.MESSAGE, lane=Lane.ACKNOWLEDGE, attempts=3
        )
        asked_in = str(asked.chat.id)
        self._line.known.add(asked_in, asked.message_id)
        await self._line.callbacks.keep_question(
            asked_in,
            str(asked.message_id),
            person_id=str(user.id),
            card_id=card_id,
            pressed=pressed,
        )

    async def answered(self, message: telegram.Message) -> tuple[Pressed, str] | None:
        """Return what a message answers, with the id of the card; None: nothing.

        Only the one who was asked can answer, once.
        """
        question, user = message.reply_to_message, message.from_user
        text = (message.text or message.caption or "").strip()
        if question is None or user is None or not text:
            return None
        found = await self._line.callbacks.take_question(
            str(message.chat.id), str(question.message_id), person_id=str(user.id)
        )
        if found is None:
            return None
        pressed, card_id = found
        line = f"{pressed.command} {text}"
        return Pressed(line, pressed.origin), card_id
