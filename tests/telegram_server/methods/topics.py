"""Topics of a forum, as a bot opens and closes them."""

from typing import Any

from tests.telegram_server.access import chat_of, need_right
from tests.telegram_server.chats import Chat, Topic
from tests.telegram_server.query import Method, Query
from tests.telegram_server.refusals import bad_request

__all__ = ["METHODS"]

LONGEST_NAME = 128
COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def _forum_of(query: Query) -> Chat:
    chat = chat_of(query)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    need_right(query, chat, "can_manage_topics", "not enough rights to create a topic")
    return chat


def _topic_of(query: Query, chat: Chat) -> Topic:
    topic = chat.topics.get(query.params.integer("message_thread_id"))
    if topic is None or topic.is_deleted:
        raise bad_request("message thread not found")
    return topic


async def create_forum_topic(query: Query) -> dict[str, Any]:
    """Open a topic."""
    chat = _forum_of(query)
    name = query.params.text("name").strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_NAME_TOO_LONG")
    colour = query.params.integer("icon_color", COLOURS[0])
    if colour not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = Topic(0, name, colour)
    contents = {"name": name, "icon_color": colour}
    query.world.say_in_topic(chat, topic, query.bot, {"forum_topic_created": contents})
    return {"message_thread_id": topic.id, **contents}


async def close_forum_topic(query: Query) -> bool:
    """Let only those write in a topic who run topics."""
    chat = _forum_of(query)
    topic = _topic_of(query, chat)
    if topic.is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = True
    query.world.say_in_topic(chat, topic, query.bot, {"forum_topic_closed": {}})
    return True


async def reopen_forum_topic(query: Query) -> bool:
    """Let everybody write in a topic again."""
    chat = _forum_of(query)
    topic = _topic_of(query, chat)
    if not topic.is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = False
    query.world.say_in_topic(chat, topic, query.bot, {"forum_topic_reopened": {}})
    return True


async def delete_forum_topic(query: Query) -> bool:
    """Take a topic away with all that was written in it."""
    chat = _forum_of(query)
    topic = _topic_of(query, chat)
    topic.is_deleted = True
    for message in [m for m in chat.messages if m.thread_id == topic.id]:
        query.world.delete(message)
    return True


METHODS: dict[str, Method] = {
    "createForumTopic": create_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
