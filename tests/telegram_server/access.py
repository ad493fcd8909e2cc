"""Which chat is meant, and whether the bot may write there."""

from tests.telegram_server.chats import Chat, Member
from tests.telegram_server.messages import Message
from tests.telegram_server.query import Query
from tests.telegram_server.refusals import bad_request, forbidden

__all__ = [
    "chat_of",
    "message_of",
    "need_right",
    "need_to_send",
    "own_message",
    "place_of",
    "thread_of",
]

SENDING = {
    "text": ("can_send_messages", "text messages"),
    "photo": ("can_send_photos", "photos"),
    "document": ("can_send_documents", "documents"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "audio": ("can_send_audios", "music"),
    "video": ("can_send_videos", "videos"),
    "video_note": ("can_send_video_notes", "video notes"),
    "animation": ("can_send_other_messages", "animations"),
    "sticker": ("can_send_other_messages", "stickers"),
    "poll": ("can_send_polls", "polls"),
}


def chat_of(query: Query, name: str = "chat_id") -> Chat:
    """Return the chat that a field names, by id or @username.

    Raises:
        Refusal: there is none that the bot knows of, or it may not be there.
    """
    raw = query.params.text(name).strip()
    if not raw:
        raise bad_request(f"{name} is empty")
    chat = _by_name(query, raw[1:]) if raw.startswith("@") else _by_id(query, raw)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to.id,
        )
    if not chat.is_private:
        _need_member(query, chat)
    return chat


def _by_name(query: Query, username: str) -> Chat | None:
    for chat in query.world.chats.values():
        if chat.username and chat.username.lower() == username.lower():
            return chat
    return None


def _by_id(query: Query, raw: str) -> Chat | None:
    try:
        chat_id = int(raw)
    except ValueError:
        return None
    if chat_id < 0:
        chat = query.world.chats.get(chat_id)
        # A private place that the bot never was in is not there for it.
        return (
            chat if chat and (query.bot.id in chat.members or chat.username) else None
        )
    chat = query.world.private.get((query.bot.id, chat_id))
    if chat is None and _has_met(query, chat_id):
        raise forbidden("bot can't initiate conversation with a user")
    if chat is not None and chat.person is not None:
        if chat.person.is_deleted:
            raise forbidden("user is deactivated")
        if not chat.is_started:
            raise forbidden("bot can't initiate conversation with a user")
    return chat


def _has_met(query: Query, account_id: int) -> bool:
    account = query.world.account(account_id)
    if account is not None and account.is_bot:
        raise forbidden("bot can't send messages to bots")
    return any(
        account_id in chat.members and query.bot.id in chat.members
        for chat in query.world.chats.values()
    )


def _need_member(query: Query, chat: Chat) -> None:
    member = chat.member(query.bot)
    place = "group" if chat.type == "group" else chat.type
    if member is not None and member.status == "kicked":
        raise forbidden(f"bot was kicked from the {place} chat")
    if member is None or not member.is_present:
        if chat.username and not _is_writing(query):
            return
        raise forbidden(f"bot is not a member of the {place} chat")


def _is_writing(query: Query) -> bool:
    return any(name in query.params for name in ("text", "media", "message_id"))


def need_right(query: Query, chat: Chat, right: str, refusal: str = "") -> Member:
    """Return the bot's place in a chat, where it has a right.

    Raises:
        Refusal: it has not.
    """
    member = chat.member(query.bot)
    if member is None or not member.has_right(right):
        raise bad_request(refusal or "not enough rights")
    return member


def need_to_send(query: Query, chat: Chat, kind: str = "text") -> None:
    """Make sure that the bot may send this kind of thing to a chat.

    Raises:
        Refusal: it may not.
    """
    if chat.person is not None:
        if query.bot.id in chat.person.has_blocked:
            raise forbidden("bot was blocked by the user")
        return
    member = chat.member(query.bot)
    if chat.type == "channel":
        if member is None or not member.has_right("can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return
    if member is not None and member.is_admin:
        return
    permission, words = SENDING[kind]
    allowed = chat.permissions
    if member is not None and member.status == "restricted":
        allowed = allowed & member.permissions
    if permission not in allowed:
        raise bad_request(f"not enough rights to send {words} to the chat")


def thread_of(query: Query, chat: Chat) -> int | None:
    """Return the topic or thread that a call names; None: General, or none.

    Raises:
        Refusal: it is not there, or closed. General has no number here: 1 is refused.
    """
    thread_id = query.params.integer("message_thread_id")
    if not thread_id:
        if chat.is_forum and chat.is_general_closed:
            _need_open(query, chat)
        return None
    if chat.is_forum or (chat.is_private and query.bot.has_topics_enabled):
        topic = chat.topics.get(thread_id)
        if topic is None or topic.is_deleted:
            raise bad_request("message thread not found")
        if topic.is_closed:
            _need_open(query, chat)
        return thread_id
    if chat.type == "supergroup" and chat.find(thread_id) is not None:
        return thread_id
    raise bad_request("message thread not found")


def _need_open(query: Query, chat: Chat) -> None:
    member = chat.member(query.bot)
    if member is None or not member.has_right("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")


def place_of(query: Query, kind: str = "text") -> tuple[Chat, int | None]:
    """Return the chat and the topic that something is to be sent to.

    Raises:
        Refusal: it may not be sent there.
    """
    chat = chat_of(query)
    need_to_send(query, chat, kind)
    return chat, thread_of(query, chat)


def message_of(query: Query, chat: Chat, missing: str) -> Message:
    """Return the message that a call is about.

    Raises:
        Refusal: it is not there; `missing` is the reason that is given.
    """
    message_id = query.params.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.find(message_id)
    if message is None:
        raise bad_request(missing)
    return message


def own_message(query: Query) -> Message:
    """Return the message that is to be edited.

    Raises:
        Refusal: it is not there, or not for this bot to edit.
    """
    chat = chat_of(query)
    message = message_of(query, chat, "message to edit not found")
    if chat.is_private:
        need_to_send(query, chat)
    is_post = chat.type == "channel"
    may_edit = is_post and _has_right(query, chat, "can_edit_messages")
    if (message.author is not query.bot and not may_edit) or message.service:
        raise bad_request("message can't be edited")
    if message.forward_origin is not None:
        raise bad_request("message can't be edited")
    return message


def _has_right(query: Query, chat: Chat, right: str) -> bool:
    member = chat.member(query.bot)
    return member is not None and member.has_right(right)
