"""Sending texts, showing that an answer is on its way, and showing it grow."""

from typing import Any

from tests.telegram_server import utf16
from tests.telegram_server.access import chat_of, need_to_send, thread_of
from tests.telegram_server.chats import Draft
from tests.telegram_server.compose import formatted, read_text
from tests.telegram_server.methods.posting import post
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


async def send_message(query: Query) -> dict[str, Any]:
    """Send a text."""
    return post(query, "text", read_text(query))


async def send_message_draft(query: Query) -> bool:
    """Show an answer that grows; it is no message, and only in private chats."""
    params = query.params
    chat = chat_of(query)
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    draft_id = params.integer("draft_id")
    if draft_id == 0:
        raise bad_request("invalid draft identifier specified")
    need_to_send(query, chat)
    text = formatted(
        params.text("text"), params.text("parse_mode"), params.json("entities")
    )
    if params.text("text") and not text.text:
        raise bad_request("text must be non-empty")  # nothing at all is allowed
    if utf16.units(text.text) > query.settings.text_units:
        raise bad_request("message is too long")
    chat.drafts.append(
        Draft(
            draft_id,
            text.text,
            thread_of(query, chat),
            query.world.clock.now_utc(),
            query.bot,
        )
    )
    query.world.changed()
    return True


async def send_chat_action(query: Query) -> bool:
    """Show that the bot is at something, until it sends or for five seconds."""
    action = query.params.text("action").lower()
    chat = chat_of(query)
    need_to_send(query, chat)
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_id = thread_of(query, chat)
    chat.actions.append((action, thread_id))
    chat.actions_seen.append((action, thread_id))
    query.world.changed()
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
}
