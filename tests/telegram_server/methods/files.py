"""Sending files, one or several, and giving them back."""

from typing import Any

from tests.telegram_server.access import place_of
from tests.telegram_server.compose import read_caption, read_reply
from tests.telegram_server.entities import Formatted
from tests.telegram_server.methods.posting import post, post_into
from tests.telegram_server.methods.uploads import album_entry, media_of
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

MOST_IN_ALBUM = 10
ALONE = ("document", "audio")
"""Kinds that are together only with their own."""
IN_ALBUMS = ("photo", "video", *ALONE)


def _sends(kind: str, *, has_caption: bool = True) -> Method:
    async def send(query: Query) -> dict[str, Any]:
        caption = read_caption(query) if has_caption else Formatted("")
        place_of(query, kind)  # who may not write is told so before the file is read
        return post(query, kind, caption, media=media_of(query, kind))

    return send


async def send_media_group(query: Query) -> list[dict[str, Any]]:
    """Send an album: a message for each file, all or none.

    Telegram sends an album of one as a message of its own; it is refused here, as the
    documentation asks for two.
    """
    entries = query.params.json("media")
    if not isinstance(entries, list) or not entries:
        raise bad_request("there are no messages to send")
    if len(entries) > MOST_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(entries) == 1:
        raise bad_request("an album has 2-10 items")
    read = [album_entry(query, entry) for entry in entries]
    kinds = {media.kind for media, _ in read}
    for kind in kinds:
        if kind not in IN_ALBUMS:
            raise bad_request(
                f"can't parse InputMedia: type \"{kind}\" can't be used in "
                "sendMediaGroup"
            )
        if kind in ALONE and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    for kind in sorted(kinds):
        chat, thread_id = place_of(query, kind)
    answered = read_reply(query, chat, thread_id)
    group_id = str(query.world.next_number("album", 13_000_000_000_001))
    return [
        query.world.message_json(
            post_into(
                query,
                chat,
                thread_id,
                caption,
                answered=answered,
                media=media,
                media_group_id=group_id,
            )
        )
        for media, caption in read
    ]


async def get_file(query: Query) -> dict[str, Any]:
    """Say where a file can be fetched."""
    file_id = query.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = query.world.files.get(file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size_bytes > query.settings.download_bytes:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size_bytes,
        "file_path": stored.path,
    }


METHODS: dict[str, Method] = {
    "sendPhoto": _sends("photo"),
    "sendDocument": _sends("document"),
    "sendVoice": _sends("voice"),
    "sendAudio": _sends("audio"),
    "sendVideo": _sends("video"),
    "sendAnimation": _sends("animation"),
    "sendVideoNote": _sends("video_note", has_caption=False),
    "sendSticker": _sends("sticker", has_caption=False),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
