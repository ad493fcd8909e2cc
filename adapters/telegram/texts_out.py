"""Texts on their way out: with their entities or, if those are refused, without."""

import structlog
import telegram
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest

from adapters.telegram.entities import Rendered, utf16_units
from adapters.telegram.errors import ENTITIES_REFUSED, NOT_MODIFIED, is_saying
from adapters.telegram.limits import LIMITS
from adapters.telegram.markup import plain
from adapters.telegram.place import Place

__all__ = ["NO_PREVIEW", "change_text", "plain_text", "send_text"]

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

logger = structlog.get_logger(__name__)


async def send_text(
    bot: telegram.Bot,
    chat_id: str,
    *,
    place: Place,
    rendered: Rendered,
    source: str,
    reply_to: ReplyParameters | None,
    markup: InlineKeyboardMarkup | None,
    is_silent: bool,
) -> int:
    """Send a text and return the message's id; `source` is what it was made of."""

    async def send(text: str, entities: list[telegram.MessageEntity]) -> int:
        message = await bot.send_message(
            chat_id,
            text,
            entities=entities,
            message_thread_id=place.thread_id,
            reply_parameters=reply_to,
            reply_markup=markup,
            link_preview_options=NO_PREVIEW,
            disable_notification=is_silent or None,
        )
        return message.message_id

    try:
        return await send(rendered.text, rendered.to_telegram())
    except BadRequest as error:
        if not is_saying(error, ENTITIES_REFUSED):
            raise
        logger.warning("entities refused", reason=str(error))
        return await send(plain_text(source), [])


async def change_text(
    bot: telegram.Bot,
    chat_id: str,
    message_id: int,
    rendered: Rendered,
    *,
    source: str,
    markup: InlineKeyboardMarkup | None,
    is_caption: bool,
) -> None:
    """Change the text of a message, or what stands below its file."""

    async def change(text: str, entities: list[telegram.MessageEntity]) -> None:
        if is_caption:
            await bot.edit_message_caption(
                chat_id,
                message_id,
                caption=text,
                caption_entities=entities,
                reply_markup=markup,
            )
        else:
            await bot.edit_message_text(
                text,
                chat_id,
                message_id,
                entities=entities,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )

    try:
        await change(rendered.text, rendered.to_telegram())
    except BadRequest as error:
        if is_saying(error, NOT_MODIFIED):
            return
        if not is_saying(error, ENTITIES_REFUSED):
            raise
        logger.warning("entities refused", reason=str(error))
        await change(plain_text(source), [])


def plain_text(source: str) -> str:
    """Return what is sent of a text where its entities are refused."""
    text = plain(source)
    return text if utf16_units(text) <= LIMITS.text_units else source
