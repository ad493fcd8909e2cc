"""Changing and taking back messages."""

from typing import Any

from tests.telegram_server.access import chat_of, message_of, own_message
from tests.telegram_server.chats import Chat
from tests.telegram_server.compose import read_caption, read_text
from tests.telegram_server.entities import Formatted
from tests.telegram_server.keyboards import read_inline_markup
from tests.telegram_server.media import Media
from tests.telegram_server.messages import Message
from tests.telegram_server.methods.uploads import album_entry
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def change(
    query: Query,
    message: Message,
    *,
    text: Formatted | None = None,
    media: Media | None = None,
) -> dict[str, Any]:
    """Change what a message shows; buttons that are not given again are gone.

    Raises:
        Refusal: it would show the same as before.
    """
    markup, before = read_inline_markup(query), message.version()
    if text is not None:
        message.text, message.entities = text.text, text.entities
    if media is not None:
        message.media = media
    message.markup = markup
    if message.version() == before:
        raise bad_request(NOT_MODIFIED)
    message.versions.append(before)
    query.world.edited(message)
    return query.world.message_json(message)


async def edit_message_text(query: Query) -> dict[str, Any]:
    """Put another text in a message's place."""
    # On an edit the server's own code comes through, not the words for sending.
    text = read_text(query, too_long="MESSAGE_TOO_LONG")
    message = own_message(query)
    if message.media is not None or message.poll is not None:
        raise bad_request("there is no text in the message to edit")
    return change(query, message, text=text)


async def edit_message_caption(query: Query) -> dict[str, Any]:
    """Put another caption under a file."""
    caption = read_caption(query, too_long="MEDIA_CAPTION_TOO_LONG")
    message = own_message(query)
    if message.media is None or message.media.kind in ("sticker", "video_note"):
        raise bad_request("there is no caption in the message to edit")
    return change(query, message, text=caption)


async def edit_message_media(query: Query) -> dict[str, Any]:
    """Put another file in a message's place."""
    given = query.params.json("media")
    if not isinstance(given, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    media, caption = album_entry(query, given)
    message = own_message(query)
    if message.media_group_id and media.kind not in ("photo", "video"):
        raise bad_request("can't use the media of the specified type in the album")
    return change(query, message, text=caption, media=media)


async def edit_message_reply_markup(query: Query) -> dict[str, Any]:
    """Put other buttons under a message."""
    return change(query, own_message(query))


def _take_away(query: Query, chat: Chat, message: Message) -> None:
    member = chat.member(query.bot)
    may_clean = member is not None and member.has_right("can_delete_messages")
    is_own = message.author is query.bot
    age_s = (query.world.clock.now_utc() - message.at_utc).total_seconds()
    if age_s > query.settings.delete_window_s and not (may_clean and chat.has_own_ids):
        raise bad_request("message can't be deleted for everyone")
    if not (is_own or may_clean or chat.is_private):
        raise bad_request("message can't be deleted")
    query.world.delete(message)


async def delete_message(query: Query) -> bool:
    """Take a message away."""
    chat = chat_of(query)
    _take_away(query, chat, message_of(query, chat, "message to delete not found"))
    return True


async def delete_messages(query: Query) -> bool:
    """Take several messages away; what is not there is passed over."""
    chat = chat_of(query)
    numbers = query.params.json("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in numbers:
        message = chat.find(int(number))
        if message is not None:
            _take_away(query, chat, message)
    return True


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
