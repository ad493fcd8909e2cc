"""Sending again what is already somewhere, with or without saying where it was."""

from typing import Any

from tests.telegram_server.access import chat_of, place_of
from tests.telegram_server.compose import read_caption, read_reply
from tests.telegram_server.messages import Message
from tests.telegram_server.methods.posting import post_into
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]


def _source(query: Query, verb: str) -> Message:
    chat = chat_of(query, "from_chat_id")
    message = chat.find(query.params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.service or message.is_protected:
        done = {"copy": "copied", "forward": "forwarded"}[verb]
        raise bad_request(f"message can't be {done}")
    return message


def _kind(message: Message) -> str:
    if message.media is not None:
        return message.media.kind
    return "poll" if message.poll is not None else "text"


async def copy_message(query: Query) -> dict[str, Any]:
    """Send a message again as one's own."""
    source = _source(query, "copy")
    chat, thread_id = place_of(query, _kind(source))
    text = source.formatted
    if source.media is not None and "caption" in query.params:
        text = read_caption(query)
    answered = read_reply(query, chat, thread_id)
    message = post_into(
        query,
        chat,
        thread_id,
        text,
        answered=answered,
        media=source.media,
        poll=source.poll,
    )
    return {"message_id": message.id}


async def forward_message(query: Query) -> dict[str, Any]:
    """Send a message again, saying whose it is."""
    source = _source(query, "forward")
    chat, thread_id = place_of(query, _kind(source))
    message = post_into(
        query,
        chat,
        thread_id,
        source.formatted,
        media=source.media,
        poll=source.poll,
        forward_origin=_origin(source),
    )
    return query.world.message_json(message)


def _origin(source: Message) -> dict[str, Any]:
    if source.forward_origin is not None:
        return source.forward_origin
    date = int(source.at_utc.timestamp())
    if source.sender is not None and source.sender_chat is None:
        return {"type": "user", "date": date, "sender_user": source.sender.to_json()}
    if source.chat.type == "channel":
        return {
            "type": "channel",
            "date": date,
            "chat": source.chat.to_json(),
            "message_id": source.id,
        }
    shown = source.sender_chat or source.chat
    return {"type": "chat", "date": date, "sender_chat": shown.to_json()}


METHODS: dict[str, Method] = {
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
