"""How a file goes out: as a photo, a voice note, a document, an album."""

import io
from collections.abc import Sequence
from enum import Enum

from PIL import Image

from bot.messages import Attachment

__all__ = ["Media", "albums_of", "has_place_for_buttons", "in_albums", "media_of"]

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES_PX = 10_000
PHOTO_RATIO = 20
ALBUM = 10


class Media(Enum):
    """What Telegram makes of a file; the values are its names for it."""

    PHOTO = "photo"
    ANIMATION = "animation"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    STICKER = "sticker"
    DOCUMENT = "document"


PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
VOICES = frozenset({"audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4", "audio/m4a"})
AUDIOS = frozenset({"audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a"})
SHOWN_TOGETHER = frozenset({Media.PHOTO, Media.VIDEO})
ALBUMS = frozenset({Media.PHOTO, Media.VIDEO, Media.AUDIO, Media.DOCUMENT})


def media_of(file: Attachment) -> Media:
    """Return how a file is best shown. Opens pictures: call it from a thread."""
    kind = file.media_type.split(";")[0].strip().lower()
    if kind == "image/webp" and file.name.startswith("sticker"):
        return Media.STICKER
    if kind == "image/gif":
        return Media.ANIMATION
    if kind in PHOTOS:
        return Media.PHOTO if _is_photo(file) else Media.DOCUMENT
    if file.is_voice and kind in VOICES:
        return Media.VOICE
    if kind in AUDIOS:
        return Media.AUDIO
    return Media.VIDEO if kind == "video/mp4" else Media.DOCUMENT


def albums_of(files: Sequence[Attachment]) -> list[list[tuple[Attachment, Media]]]:
    """Return files as they are best shown. Opens pictures: call it from a thread."""
    return in_albums([(file, media_of(file)) for file in files])


def in_albums(
    files: Sequence[tuple[Attachment, Media]],
) -> list[list[tuple[Attachment, Media]]]:
    """Return files in groups that Telegram takes at once, in order.

    Photos and videos go together, documents and audio only with their like, all else
    alone.
    """
    groups: list[list[tuple[Attachment, Media]]] = []
    for file, media in files:
        last = groups[-1] if groups else []
        if last and len(last) < ALBUM and _go_together(last[-1][1], media):
            last.append((file, media))
        else:
            groups.append([(file, media)])
    return groups


def has_place_for_buttons(groups: Sequence[Sequence[object]]) -> bool:
    """Return whether buttons have a place under the last of such groups."""
    return bool(groups) and len(groups[-1]) == 1


def _go_together(one: Media, other: Media) -> bool:
    if one in SHOWN_TOGETHER:
        return other in SHOWN_TOGETHER
    return one is other and one in ALBUMS


def _is_photo(file: Attachment) -> bool:
    if file.size_bytes > PHOTO_BYTES:
        return False
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            width, height = picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    longer, shorter = max(width, height), min(width, height)
    return width + height <= PHOTO_SIDES_PX and longer <= PHOTO_RATIO * shorter
