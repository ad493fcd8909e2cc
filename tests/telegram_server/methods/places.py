"""Looking at chats, and what a bot does to one as a whole."""

from typing import Any

from tests.telegram_server.access import chat_of, message_of, need_right
from tests.telegram_server.chats import Chat, Member
from tests.telegram_server.messages import Message
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.render import full_chat_json, member_json

__all__ = ["METHODS"]

MAY_NOT_PIN = "not enough rights to manage pinned messages in the chat"


async def get_chat(query: Query) -> dict[str, Any]:
    """Describe a chat."""
    return full_chat_json(chat_of(query), query.world.account)


def _group_of(query: Query) -> Chat:
    chat = chat_of(query)
    if chat.is_private:
        raise bad_request("method is available only for supergroups and channels")
    return chat


async def get_chat_member(query: Query) -> dict[str, Any]:
    """Say which place somebody has in a chat."""
    chat = chat_of(query)
    account = query.world.account(query.params.integer("user_id"))
    if account is None:
        raise bad_request("invalid user_id specified")
    member = chat.member(account)
    if chat.is_private:
        is_here = account in (chat.person, chat.bot)
        member = Member(account) if is_here else None
    if member is None:
        if chat.is_private:
            raise bad_request("member not found")
        member = Member(account, "left")
    return member_json(member, chat)


async def get_chat_administrators(query: Query) -> list[dict[str, Any]]:
    """List who runs a chat; other bots are left out, as Telegram does."""
    chat = chat_of(query)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(member, chat)
        for member in chat.members.values()
        if member.is_admin
        and (not member.account.is_bot or member.account is query.bot)
    ]


async def get_chat_member_count(query: Query) -> int:
    """Count who is in a chat."""
    chat = chat_of(query)
    if chat.is_private:
        return 2
    return sum(member.is_present for member in chat.members.values())


async def leave_chat(query: Query) -> bool:
    """Go out of a chat."""
    chat = _group_of(query)
    query.world.set_member(chat, Member(query.bot, "left"), by=query.bot)
    return True


def _say_happened(query: Query, chat: Chat, **service: Any) -> None:
    query.world.post(
        Message(0, chat, query.bot, query.world.clock.now_utc(), service=service)
    )


async def pin_chat_message(query: Query) -> bool:
    """Put a message at the top of a chat."""
    chat = chat_of(query)
    message = message_of(query, chat, "message to pin not found")
    if not chat.is_private:
        right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
        need_right(query, chat, right, MAY_NOT_PIN)
    if message in chat.pinned:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.pinned.append(message)
    _say_happened(query, chat, pinned_message=message)
    return True


async def unpin_chat_message(query: Query) -> bool:
    """Take a message, or the newest one, from the top of a chat."""
    chat = chat_of(query)
    if not chat.is_private:
        need_right(query, chat, "can_pin_messages", MAY_NOT_PIN)
    message_id = query.params.integer("message_id")
    pinned = [m for m in chat.pinned if message_id in (0, m.id)]
    if not pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(pinned[-1])
    query.world.changed()
    return True


async def set_message_reaction(query: Query) -> bool:
    """Put reactions of the bot on a message; bots have one at a time."""
    chat = chat_of(query)
    message = message_of(query, chat, "message to react not found")
    reactions = query.params.json("reaction") or []
    if not isinstance(reactions, list):
        raise bad_request("can't parse reaction JSON object")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") == "emoji" and not reaction.get("emoji"):
            raise bad_request("REACTION_INVALID")
    message.reactions[query.bot.id] = reactions
    query.world.changed()
    return True


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "setMessageReaction": set_message_reaction,
}
