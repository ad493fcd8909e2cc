"""Files that come with a call, or that it names by their id."""

from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.compose import formatted
from tests.telegram_server.entities import Formatted
from tests.telegram_server.media import KINDS, Media, Stored, picture_size
from tests.telegram_server.params import Upload
from tests.telegram_server.query import Query
from tests.telegram_server.refusals import bad_request, too_large
from tests.telegram_server.world import World

__all__ = ["album_entry", "media_of", "store", "store_photo"]

FOLDERS = {
    "photo": ("photos", ".jpg"),
    "document": ("documents", ""),
    "voice": ("voice", ".oga"),
    "audio": ("music", ".mp3"),
    "video": ("videos", ".mp4"),
    "video_note": ("video_notes", ".mp4"),
    "animation": ("animations", ".mp4"),
    "sticker": ("stickers", ".webp"),
}
COPIED: dict[str, dict[str, Any]] = {
    "voice": {"duration": 0, "mime_type": "audio/ogg"},
    "audio": {"duration": 0, "performer": "", "title": "", "mime_type": "audio/mpeg"},
    "video": {"duration": 0, "width": 0, "height": 0, "mime_type": "video/mp4"},
    "video_note": {"duration": 0, "length": 240},
    "animation": {"duration": 0, "width": 0, "height": 0, "mime_type": "video/mp4"},
    "sticker": {
        "width": 512,
        "height": 512,
        "emoji": "",
        "type": "regular",
        "is_animated": False,
        "is_video": False,
    },
}
MAX_SIDES_PX, MAX_RATIO = 10_000, 20


def store(world: World, kind: str, content: bytes, *, size_bytes: int = 0) -> Stored:
    """Keep a file and return it with its ids."""
    number = world.next_number("file")
    folder, ending = FOLDERS.get(kind, ("files", ""))
    stored = Stored(
        file_id=f"{kind.replace('_', '')[:4].upper()}AAMCAgADG{number:06d}",
        unique_id=f"AgAD{number:06d}",
        content=content,
        path=f"{folder}/file_{number}{ending}",
        size_bytes=size_bytes or len(content),
    )
    world.files[stored.file_id] = stored
    return stored


def store_photo(world: World, content: bytes, width: int, height: int) -> Media:
    """Keep a photo in three sizes, as Telegram does."""
    sizes = tuple(
        store(world, "photo", content, size_bytes=max(len(content) // shrink, 1))
        for shrink in (16, 4, 1)
    )
    return Media("photo", sizes, {"width": width, "height": height})


def media_of(query: Query, kind: str, given: str | None = None) -> Media:
    """Return the file of a call: uploaded, or known by its id.

    Raises:
        Refusal: it is missing, empty, too large, or not what it should be.
    """
    params = query.params
    named = params.text(kind) if given is None else given
    upload = params.files.get(named.removeprefix("attach://") or kind)
    if named and not named.startswith("attach://"):
        return _known(query, kind, named)
    if upload is None:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > query.settings.upload_bytes:
        raise too_large()
    if kind == "photo":
        return _photo(query, upload)
    return _described(query, kind, upload)


def _known(query: Query, kind: str, named: str) -> Media:
    stored = query.world.files.get(named)
    if stored is None:
        if named.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")  # nothing is fetched
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if kind == "photo":
        width, height = picture_size(stored.content) or (1, 1)
        return Media("photo", (stored,), {"width": width, "height": height})
    return Media(kind, (stored,), dict(COPIED.get(kind, {})))


def _photo(query: Query, upload: Upload) -> Media:
    if len(upload.content) > query.settings.photo_bytes:
        size = len(upload.content)
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {query.settings.photo_bytes} bytes"
        )
    sides = picture_size(upload.content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = sides
    if width + height > MAX_SIDES_PX or max(sides) > MAX_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return store_photo(query.world, upload.content, width, height)


def _described(query: Query, kind: str, upload: Upload) -> Media:
    fields: dict[str, Any] = dict(COPIED.get(kind, {}))
    for name, default in tuple(fields.items()):
        if name in query.params:
            is_number = isinstance(default, int)
            fields[name] = (
                query.params.integer(name) if is_number else query.params.text(name)
            )
    fields = {name: value for name, value in fields.items() if value != ""}
    if kind not in ("voice", "video_note", "sticker"):
        fields["file_name"] = upload.name
        fields["mime_type"] = upload.media_type
    stored = store(query.world, kind, upload.content)
    return Media(kind, (stored,), fields)


def album_entry(query: Query, entry: Any) -> tuple[Media, Formatted]:
    """Return the file and the caption of one InputMedia.

    Raises:
        Refusal: it is formed wrongly, or its file is not to be taken.
    """
    if not isinstance(entry, dict) or entry.get("type") not in KINDS:
        raise bad_request("can't parse InputMedia: invalid input media type")
    named = str(entry.get("media") or "")
    if not named or (
        named.startswith("attach://")
        and named.removeprefix("attach://") not in query.params.files
    ):
        raise bad_request("can't parse InputMedia: media not found")
    media = media_of(query, entry["type"], named)
    caption = formatted(
        str(entry.get("caption") or ""),
        str(entry.get("parse_mode") or ""),
        entry.get("caption_entities"),
    )
    if utf16.units(caption.text) > query.settings.caption_units:
        raise bad_request("message caption is too long")
    return media, caption
