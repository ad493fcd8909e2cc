"""Files that people send: fetched where they are for the bot, within its limits."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
import telegram

from bot.errors import PlatformError
from bot.messages import Attachment
from bot.words import T, Text

__all__ = ["DOWNLOAD_BYTES", "MAX_FILES", "Fetch", "Files", "Found"]

DOWNLOAD_BYTES = 20 * 1024 * 1024
"""The largest file that Telegram's own server hands to a bot."""

MAX_FILES = 10
MIB = 1024 * 1024

logger = structlog.get_logger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]
"""Fetches the content of the file with this id."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is named in a message."""

    file_id: str
    name: str
    media_type: str
    size_bytes: int
    is_voice: bool = False


class Files:
    """Fetches what is in messages. What cannot be had is said in plain words."""

    def __init__(self, fetch: Fetch, *, limit_bytes: int = DOWNLOAD_BYTES) -> None:
        self._fetch = fetch
        self._limit_bytes = limit_bytes

    async def of(
        self, messages: Sequence[telegram.Message]
    ) -> tuple[tuple[Attachment, ...], tuple[Text, ...]]:
        """Return the files of messages, and what to tell about those left out."""
        attachments: list[Attachment] = []
        left_out: list[Text] = []
        for found in (file for message in messages for file in files_in(message)):
            if len(attachments) == MAX_FILES:
                left_out.append(
                    T(
                        "I look at {n} files at once, and left out the rest.",
                        n=MAX_FILES,
                    )
                )
                break
            if found.size_bytes > self._limit_bytes:
                left_out.append(self._too_large(found))
                continue
            try:
                content = await self._fetch(found.file_id)
            except PlatformError as error:
                logger.warning("file not fetched", reason=str(error))
                left_out.append(
                    T(
                        "I could not fetch “{name}”. Please send it again.",
                        name=found.name,
                    )
                )
                continue
            if len(content) > self._limit_bytes:
                left_out.append(self._too_large(found))
                continue
            attachments.append(
                Attachment(found.name, found.media_type, content, found.is_voice)
            )
        return tuple(attachments), tuple(dict.fromkeys(left_out))

    def _too_large(self, found: Found) -> Text:
        return T(
            "“{name}” is too large for me: I can take files of up to {limit} MB.",
            name=found.name,
            limit=self._limit_bytes // MIB,
        )


def files_in(message: telegram.Message) -> list[Found]:
    """Return the file of a message, or the best size of its picture."""
    if message.photo:
        photo = message.photo[-1]
        return [Found(photo.file_id, "photo.jpg", "image/jpeg", photo.file_size or 0)]
    if message.sticker is not None:
        return [_sticker(message.sticker)]
    for file, name, media_type in (
        (message.voice, "voice.ogg", "audio/ogg"),
        (message.audio, "audio.mp3", "audio/mpeg"),
        (message.video_note, "video-note.mp4", "video/mp4"),
        (message.animation, "animation.mp4", "video/mp4"),
        (message.video, "video.mp4", "video/mp4"),
        (message.document, "file", "application/octet-stream"),
    ):
        if file is not None:
            return [
                Found(
                    file.file_id,
                    getattr(file, "file_name", None) or name,
                    getattr(file, "mime_type", None) or media_type,
                    file.file_size or 0,
                    is_voice=message.voice is not None,
                )
            ]
    return []


def _sticker(sticker: telegram.Sticker) -> Found:
    """Return a sticker as a picture: of one that moves, its still."""
    if (sticker.is_animated or sticker.is_video) and sticker.thumbnail is not None:
        still = sticker.thumbnail
        return Found(still.file_id, "sticker.webp", "image/webp", still.file_size or 0)
    if sticker.is_video:
        return Found(
            sticker.file_id, "sticker.webm", "video/webm", sticker.file_size or 0
        )
    return Found(sticker.file_id, "sticker.webp", "image/webp", sticker.file_size or 0)
