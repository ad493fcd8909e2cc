"""Putting what a bot sends into a chat; what all sending methods share."""

from typing import Any

from tests.telegram_server.access import place_of
from tests.telegram_server.chats import Chat
from tests.telegram_server.compose import Answered, read_reply
from tests.telegram_server.entities import Formatted
from tests.telegram_server.keyboards import read_markup
from tests.telegram_server.media import Media
from tests.telegram_server.messages import Message, Poll
from tests.telegram_server.query import Query

__all__ = ["post", "post_into"]


def post(
    query: Query,
    kind: str,
    text: Formatted,
    *,
    media: Media | None = None,
    poll: Poll | None = None,
) -> dict[str, Any]:
    """Send one message to where the call says, and return it."""
    chat, thread_id = place_of(query, kind)
    answered = read_reply(query, chat, thread_id)
    message = post_into(
        query, chat, thread_id, text, answered=answered, media=media, poll=poll
    )
    return query.world.message_json(message)


def post_into(
    query: Query,
    chat: Chat,
    thread_id: int | None,
    text: Formatted,
    *,
    answered: Answered | None = None,
    media: Media | None = None,
    poll: Poll | None = None,
    media_group_id: str = "",
    forward_origin: dict[str, Any] | None = None,
) -> Message:
    """Put a message of the bot into a chat."""
    answered = answered or Answered()
    is_post = chat.type == "channel"
    params = query.params
    return query.world.post(
        Message(
            0,
            chat,
            None if is_post else query.bot,
            query.world.clock.now_utc(),
            author=query.bot,
            text=text.text,
            entities=text.entities,
            media=media,
            markup=None if media_group_id else read_markup(query),
            reply_to=answered.message,
            quote=answered.quote,
            thread_id=thread_id,
            is_topic_message=thread_id is not None and thread_id in chat.topics,
            sender_chat=chat if is_post else None,
            media_group_id=media_group_id,
            poll=poll,
            forward_origin=forward_origin,
            is_silent=params.boolean("disable_notification"),
            is_protected=params.boolean("protect_content"),
            link_preview_options=params.mapping("link_preview_options") or None,
        )
    )
