from typing import Any

import pytest

from tests.telegram_server.chats import Chat
from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import TelegramServer


@pytest.fixture
async def forum(server: TelegramServer) -> Chat:
    chat = server.supergroup("Village", is_forum=True)
    await server.owner.promote(chat, server.bot, [])
    return chat


async def test_topic_that_is_closed_or_gone_is_refused(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    topic = await server.owner.open_topic(forum, "Gardens")
    about = {"chat_id": forum.id, "text": "Hello", "message_thread_id": topic.id}

    await server.owner.close_topic(forum, topic)
    closed = await api.call("sendMessage", **about)
    await server.owner.reopen_topic(forum, topic)
    opened = await api.call("sendMessage", **about)
    await server.owner.delete_topic(forum, topic)
    gone = await api.call("sendMessage", **about)

    assert closed.description == "400 Bad Request: TOPIC_CLOSED"
    assert opened.status == 200
    assert gone.description == "400 Bad Request: message thread not found"


@pytest.mark.parametrize("thread_id", [1, 999])
async def test_general_has_no_number(
    server: TelegramServer, api: Client, forum: Chat, thread_id: int
) -> None:
    answer = await api.call(
        "sendMessage", chat_id=forum.id, text="a", message_thread_id=thread_id
    )

    assert answer.description == "400 Bad Request: message thread not found"
    sent = await api.ask("sendMessage", chat_id=forum.id, text="a")
    assert "message_thread_id" not in sent
    assert "is_topic_message" not in sent


async def test_thread_in_a_private_chat_is_refused(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="a", message_thread_id=2
    )

    assert answer.description == "400 Bad Request: message thread not found"


async def test_closed_general_is_refused(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    forum.is_general_closed = True

    answer = await api.call("sendMessage", chat_id=forum.id, text="a")

    assert answer.description == "400 Bad Request: TOPIC_CLOSED"


async def test_messages_in_a_topic_reply_to_its_opening(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    topic = await server.owner.open_topic(forum, "Gardens")

    message = await server.owner.write(forum, "roses", topic=topic)
    await server.owner.write(forum, "lilies", reply_to=message)
    sent = await api.ask(
        "sendMessage", chat_id=forum.id, text="ivy", message_thread_id=topic.id
    )

    roses, lilies = (await api.ask("getUpdates"))[-2:]
    for shown in (roses["message"], lilies["message"], sent):
        assert shown["message_thread_id"] == topic.id
        assert shown["is_topic_message"] is True
    assert "forum_topic_created" in roses["message"]["reply_to_message"]
    assert lilies["message"]["reply_to_message"]["text"] == "roses"
    assert sent["reply_to_message"]["message_id"] == topic.id


async def test_replies_in_general_have_a_thread_that_nothing_is_sent_to(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    message = await server.owner.write(forum, "one")
    await server.owner.write(forum, "two", reply_to=message)

    shown = (await api.ask("getUpdates"))[-1]["message"]
    answer = await api.call(
        "sendMessage",
        chat_id=forum.id,
        text="three",
        message_thread_id=shown["message_thread_id"],
    )

    assert shown["message_thread_id"] == message.id
    assert "is_topic_message" not in shown
    assert answer.description == "400 Bad Request: message thread not found"


async def test_reply_into_another_topic_is_refused(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    one = await server.owner.open_topic(forum, "One")
    two = await server.owner.open_topic(forum, "Two")
    message = await server.owner.write(forum, "here", topic=one)

    answer = await api.call(
        "sendMessage",
        chat_id=forum.id,
        text="there",
        message_thread_id=two.id,
        reply_parameters={"message_id": message.id},
    )

    assert answer.description == "400 Bad Request: message to be replied not found"


async def test_bot_opens_and_closes_topics_with_the_right(
    server: TelegramServer, api: Client, forum: Chat
) -> None:
    about: dict[str, Any] = {"chat_id": forum.id}
    refused = await api.call("createForumTopic", **about, name="Gardens")
    assert refused.description == "400 Bad Request: not enough rights to create a topic"
    await server.owner.promote(forum, server.bot)

    made = await api.ask("createForumTopic", **about, name="Gardens")
    about["message_thread_id"] = made["message_thread_id"]
    assert await api.ask("closeForumTopic", **about)
    again = await api.call("closeForumTopic", **about)
    sent = await api.call("sendMessage", **about, text="I may")
    assert await api.ask("reopenForumTopic", **about)
    open_again = await api.call("reopenForumTopic", **about)
    assert await api.ask("deleteForumTopic", **about)
    gone = await api.call("closeForumTopic", **about)

    assert again.description == "400 Bad Request: TOPIC_NOT_MODIFIED"
    assert sent.status == 200
    assert open_again.description == "400 Bad Request: TOPIC_NOT_MODIFIED"
    assert gone.description == "400 Bad Request: message thread not found"
    assert forum.messages == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": ""}, "TOPIC_TITLE_EMPTY"),
        ({"name": "a" * 129}, "TOPIC_NAME_TOO_LONG"),
        ({"name": "a", "icon_color": 5}, "TOPIC_ICON_COLOR_INVALID"),
    ],
)
async def test_wrong_topic_is_refused(
    server: TelegramServer,
    api: Client,
    forum: Chat,
    fields: dict[str, Any],
    reason: str,
) -> None:
    await server.owner.promote(forum, server.bot)

    answer = await api.call("createForumTopic", chat_id=forum.id, **fields)

    assert answer.description == f"400 Bad Request: {reason}"


async def test_group_without_topics_has_none(
    server: TelegramServer, api: Client
) -> None:
    chat = server.supergroup("Village")
    await server.owner.promote(chat, server.bot)

    answer = await api.call("createForumTopic", chat_id=chat.id, name="Gardens")

    assert answer.description == "400 Bad Request: the chat is not a forum"
    with pytest.raises(NotAllowedError):
        await server.owner.open_topic(chat, "Gardens")
