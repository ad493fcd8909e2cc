"""How the API writes down what the server keeps."""

from collections.abc import Callable
from typing import Any

from tests.telegram_server.accounts import Account
from tests.telegram_server.chats import ADMIN_RIGHTS, PERMISSIONS, Chat, Member
from tests.telegram_server.entities import Entity
from tests.telegram_server.messages import Message

__all__ = ["entities_json", "full_chat_json", "member_json", "message_json"]

FindAccount = Callable[[int], Account | None]


def entities_json(
    entities: tuple[Entity, ...], find: FindAccount
) -> list[dict[str, Any]]:
    """Return entities with the users that they mention."""
    shown = []
    for entity in entities:
        entry = entity.to_json()
        if entity.user_id is not None and (account := find(entity.user_id)):
            entry["user"] = account.to_json()
        shown.append(entry)
    return shown


def message_json(
    message: Message, find: FindAccount, *, is_nested: bool = False
) -> dict[str, Any]:
    """Return the API's Message.

    What it replies to is one message deep: that message shows no reply of its own. In
    a topic a message that replies to nothing replies to the one that opened the topic.
    """
    shown: dict[str, Any] = {
        "message_id": message.id,
        "date": int(message.at_utc.timestamp()),
        "chat": message.chat.to_json(),
        **_who(message),
        **_text(message, find),
        **_service(message, find),
    }
    optional: dict[str, Any] = {
        "message_thread_id": message.thread_id,
        "is_topic_message": message.is_topic_message or None,
        "media_group_id": message.media_group_id or None,
        "forward_origin": message.forward_origin,
        "is_automatic_forward": message.is_automatic_forward or None,
        "has_protected_content": message.is_protected or None,
        "link_preview_options": message.link_preview_options,
        "via_bot": message.via_bot and message.via_bot.to_json(),
        "poll": message.poll and message.poll.to_json(),
        "reply_markup": message.markup if message.buttons else None,
    }
    if message.edited_utc is not None:
        optional["edit_date"] = int(message.edited_utc.timestamp())
    if not is_nested:
        optional |= _reply(message, find)
    return shown | {key: value for key, value in optional.items() if value is not None}


def _who(message: Message) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if message.sender is not None:
        shown["from"] = message.sender.to_json()
    if message.sender_chat is not None:
        shown["sender_chat"] = message.sender_chat.to_json()
    if message.author_signature:
        shown["author_signature"] = message.author_signature
    return shown


def _text(message: Message, find: FindAccount) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    name = "text"
    if message.media is not None:
        name = "caption"
        shown[message.media.kind] = message.media.to_json()
        if message.media.kind == "animation":  # also as a document, for old clients
            shown["document"] = message.media.to_json()
    if message.text:
        shown[name] = message.text
    if message.entities:
        key = "entities" if name == "text" else "caption_entities"
        shown[key] = entities_json(message.entities, find)
    return shown


def _reply(message: Message, find: FindAccount) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    answered = message.reply_to
    if answered is None and message.is_topic_message and message.thread_id:
        answered = message.chat.find(message.thread_id)
        if answered is message:
            answered = None
    if answered is not None and not answered.is_deleted:
        if answered.chat is message.chat:
            shown["reply_to_message"] = message_json(answered, find, is_nested=True)
        else:
            shown["external_reply"] = _external(answered)
    if message.quote is not None:
        quote = message.quote
        shown["quote"] = {
            "text": quote.text,
            "position": quote.position,
            "entities": entities_json(quote.entities, find),
            **({"is_manual": True} if quote.is_manual else {}),
        }
    return shown


def _external(answered: Message) -> dict[str, Any]:
    date = int(answered.at_utc.timestamp())
    if answered.sender is not None:
        origin = {
            "type": "user",
            "date": date,
            "sender_user": answered.sender.to_json(),
        }
    else:
        origin = {
            "type": "channel",
            "date": date,
            "chat": answered.chat.to_json(),
            "message_id": answered.id,
        }
    return {
        "origin": origin,
        "chat": answered.chat.to_json(),
        "message_id": answered.id,
    }


def _service(message: Message, find: FindAccount) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in message.service.items():
        if isinstance(value, Message):
            shown[name] = message_json(value, find, is_nested=True)
        elif isinstance(value, Account):
            shown[name] = value.to_json()
        elif isinstance(value, list):
            shown[name] = [account.to_json() for account in value]
        else:
            shown[name] = value
    return shown


def member_json(member: Member, chat: Chat) -> dict[str, Any]:
    """Return the API's ChatMember, with the fields that belong to its status."""
    shown: dict[str, Any] = {"status": member.status, "user": member.account.to_json()}
    if member.is_admin:
        shown["is_anonymous"] = member.is_anonymous
        if member.custom_title:
            shown["custom_title"] = member.custom_title
    if member.status == "administrator":
        shown["can_be_edited"] = False
        rights = (*ADMIN_RIGHTS, "can_post_stories", "can_edit_stories")
        for right in (*rights, "can_delete_stories"):
            only = {
                "can_post_messages": chat.type == "channel",
                "can_edit_messages": chat.type == "channel",
                "can_pin_messages": chat.type != "channel",
                "can_manage_topics": chat.type == "supergroup",
            }
            if only.get(right, True):
                shown[right] = right in member.rights
    if member.status == "restricted":
        shown["is_member"] = member.is_member
        shown |= {name: name in member.permissions for name in PERMISSIONS}
    if member.status in ("restricted", "kicked"):
        shown["until_date"] = member.until
    return shown


def full_chat_json(chat: Chat, find: FindAccount) -> dict[str, Any]:
    """Return the API's ChatFullInfo."""
    shown = {
        **chat.to_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.type in ("group", "supergroup"):
        shown["permissions"] = {name: name in chat.permissions for name in PERMISSIONS}
    if chat.linked is not None:
        shown["linked_chat_id"] = chat.linked.id
    if chat.pinned:
        shown["pinned_message"] = message_json(chat.pinned[-1], find, is_nested=True)
    return shown
