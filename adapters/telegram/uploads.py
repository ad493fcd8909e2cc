"""Files on their way out, alone or as an album."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
import telegram
from telegram import (
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest

from adapters.telegram.entities import Rendered, utf16_units
from adapters.telegram.errors import ENTITIES_REFUSED, NOT_MODIFIED, is_saying
from adapters.telegram.limits import CAPTION_UNITS
from adapters.telegram.line import Line
from adapters.telegram.media import Media, media_of
from adapters.telegram.place import Place
from adapters.telegram.texts_out import plain_text
from bot.messages import Attachment

__all__ = ["UPLOAD_S", "change_of_file", "upload"]

UPLOAD_S = 120.0
"""So long an upload may take: 50 MB at half a megabyte a second."""

logger = structlog.get_logger(__name__)

AS_DOCUMENT = ("photo_invalid_dimensions", "image_process_failed", "voice_messages_for")

IN_ALBUMS: dict[Media, type[Any]] = {
    Media.PHOTO: InputMediaPhoto,
    Media.VIDEO: InputMediaVideo,
    Media.AUDIO: InputMediaAudio,
    Media.DOCUMENT: InputMediaDocument,
}


async def upload(
    bot: telegram.Bot,
    chat_id: str,
    *,
    place: Place,
    files: Sequence[tuple[Attachment, Media]],
    caption: Rendered,
    source: str,
    reply_to: ReplyParameters | None,
    markup: telegram.InlineKeyboardMarkup | None,
    is_silent: bool = False,
) -> int:
    """Send one file, or several as an album; return the first message's id.

    What Telegram does not take as a photo or a voice note goes as a document, a caption
    whose entities it refuses as plain text, made of `source`. An album has no buttons.
    """

    async def send(text: str, entities: Sequence[MessageEntity]) -> int:
        shown = {"caption": text, "caption_entities": list(entities)} if text else {}
        shared: dict[str, Any] = {
            "chat_id": chat_id,
            "message_thread_id": place.thread_id,
            "reply_parameters": reply_to,
            "disable_notification": is_silent or None,
            "read_timeout": UPLOAD_S,
            "write_timeout": UPLOAD_S,
        }
        if len(files) > 1:
            return await _send_album(bot, files, shown, shared)
        return await _send_one(bot, *files[0], markup, shown, shared)

    try:
        return await send(caption.text, caption.to_telegram())
    except BadRequest as error:
        if not caption.entities or not is_saying(error, ENTITIES_REFUSED):
            raise
        logger.warning("entities refused", reason=str(error))
        return await send(_plain_caption(caption, source), [])


async def change_of_file(
    line: Line,
    message_id: str,
    file: Attachment,
    *,
    caption: Rendered,
    source: str,
    markup: telegram.InlineKeyboardMarkup | None = None,
) -> Callable[[str], Awaitable[None]]:
    """Return a call that puts a file in the place of a text or of another file.

    It has another text and other buttons then. The file is opened once, however often
    the call is made.
    """
    kind = await asyncio.to_thread(media_of, file)

    async def change(here: str) -> None:
        number = line.chats.number(here, message_id)

        async def put(text: str, entities: Sequence[MessageEntity]) -> None:
            await line.bot.edit_message_media(
                IN_ALBUMS.get(kind, InputMediaDocument)(
                    file.content,
                    filename=_name(file),
                    caption=text,
                    caption_entities=list(entities),
                ),
                here,
                number,
                reply_markup=markup,
                read_timeout=UPLOAD_S,
                write_timeout=UPLOAD_S,
            )

        try:
            await put(caption.text, caption.to_telegram())
        except BadRequest as error:
            if is_saying(error, NOT_MODIFIED):
                return
            if not caption.entities or not is_saying(error, ENTITIES_REFUSED):
                raise
            logger.warning("entities refused", reason=str(error))
            await put(_plain_caption(caption, source), [])

    return change


async def _send_album(
    bot: telegram.Bot,
    files: Sequence[tuple[Attachment, Media]],
    text: dict[str, Any],
    shared: dict[str, Any],
) -> int:
    media = [
        IN_ALBUMS[kind](
            file.content, filename=_name(file), **(text if number == 0 else {})
        )
        for number, (file, kind) in enumerate(files)
    ]
    messages = await bot.send_media_group(media=media, **shared)
    return messages[0].message_id


async def _send_one(
    bot: telegram.Bot,
    file: Attachment,
    kind: Media,
    markup: telegram.InlineKeyboardMarkup | None,
    text: dict[str, Any],
    shared: dict[str, Any],
) -> int:
    try:
        return await _send(bot, kind, file, markup, text, shared)
    except BadRequest as error:
        if kind is Media.DOCUMENT or not is_saying(error, AS_DOCUMENT):
            raise
        return await _send(bot, Media.DOCUMENT, file, markup, text, shared)


async def _send(
    bot: telegram.Bot,
    kind: Media,
    file: Attachment,
    keyboard: telegram.InlineKeyboardMarkup | None,
    text: dict[str, Any],
    shared: dict[str, Any],
) -> int:
    send = getattr(bot, f"send_{kind.value}")
    if kind is Media.STICKER:
        text = {}
    content = {
        kind.value: InputFile(file.content, filename=_name(file)),
        "reply_markup": keyboard,
    }
    message: telegram.Message = await send(**content, **text, **shared)
    return message.message_id


def _plain_caption(caption: Rendered, source: str) -> str:
    """Return a caption without entities, its links written out where there is room."""
    text = plain_text(source)
    return text if utf16_units(text) <= CAPTION_UNITS else caption.text


def _name(file: Attachment) -> str:
    return file.name or "file"
