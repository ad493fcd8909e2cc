"""Files on their way out, alone or as an album."""

from collections.abc import Sequence
from typing import Any

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

from adapters.telegram.errors import is_saying
from adapters.telegram.media import Media
from adapters.telegram.place import Place
from bot.messages import Attachment

__all__ = ["UPLOAD_S", "upload"]

UPLOAD_S = 120.0
"""So long an upload may take: 50 MB at half a megabyte a second."""

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
    place: Place,
    files: Sequence[tuple[Attachment, Media]],
    *,
    caption: str = "",
    entities: Sequence[MessageEntity] = (),
    reply_to: ReplyParameters | None = None,
    keyboard: telegram.InlineKeyboardMarkup | None = None,
) -> int:
    """Send one file, or several as an album; return the first message's id.

    What Telegram does not take as a photo or a voice note goes as a document. An album
    has no buttons.
    """
    shared: dict[str, Any] = {
        "chat_id": chat_id,
        "message_thread_id": place.thread_id,
        "reply_parameters": reply_to,
        "read_timeout": UPLOAD_S,
        "write_timeout": UPLOAD_S,
    }
    text = {"caption": caption, "caption_entities": list(entities)} if caption else {}
    if len(files) > 1:
        media = [
            IN_ALBUMS[kind](
                file.content, filename=_name(file), **(text if number == 0 else {})
            )
            for number, (file, kind) in enumerate(files)
        ]
        messages = await bot.send_media_group(media=media, **shared)
        return messages[0].message_id
    (file, kind) = files[0]
    try:
        return await _send(bot, kind, file, keyboard, text, shared)
    except BadRequest as error:
        if kind is Media.DOCUMENT or not is_saying(error, AS_DOCUMENT):
            raise
        return await _send(bot, Media.DOCUMENT, file, keyboard, text, shared)


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


def _name(file: Attachment) -> str:
    return file.name or "file"
