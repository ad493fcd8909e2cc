from typing import Any

import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import TelegramServer


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_bot_that_was_kicked_is_forbidden_to_write(
    server: TelegramServer, api: Client, kind: str
) -> None:
    chat = server.group("Friends") if kind == "group" else server.supergroup("Village")
    await server.owner.kick(chat, server.bot)

    answer = await api.call("sendMessage", chat_id=chat.id, text="Hello")

    assert answer.description == f"403 Forbidden: bot was kicked from the {kind} chat"
    updates = await api.ask("getUpdates")
    assert updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_bot_that_left_is_no_member(server: TelegramServer, api: Client) -> None:
    chat = server.supergroup("Village", username="village")
    assert await api.ask("leaveChat", chat_id="@village")

    by_id = await api.call("sendMessage", chat_id=chat.id, text="Hello")

    assert by_id.description == (
        "403 Forbidden: bot is not a member of the supergroup chat"
    )
    assert (await api.ask("getChat", chat_id="@Village"))["title"] == "Village"
    private = await api.call("leaveChat", chat_id=server.private(server.user("A")).id)
    assert private.status == 400


@pytest.mark.parametrize(
    ("method", "fields", "reason"),
    [
        ("sendMessage", {"text": "a"}, "text messages"),
        ("sendPoll", {"question": "?", "options": ["a", "b"]}, "polls"),
    ],
)
async def test_muted_bot_has_not_the_right(
    server: TelegramServer,
    api: Client,
    method: str,
    fields: dict[str, Any],
    reason: str,
) -> None:
    chat = server.supergroup("Village")
    chat.permissions = frozenset()

    answer = await api.call(method, chat_id=chat.id, **fields)

    assert answer.description == (
        f"400 Bad Request: not enough rights to send {reason} to the chat"
    )
    await server.owner.promote(chat, server.bot)
    assert (await api.call(method, chat_id=chat.id, **fields)).status == 200


async def test_restricted_bot_may_only_do_what_is_left(
    server: TelegramServer, api: Client
) -> None:
    chat = server.supergroup("Village")
    await server.owner.restrict(chat, server.bot, ["can_send_polls"])

    text = await api.call("sendMessage", chat_id=chat.id, text="a")
    poll = await api.call("sendPoll", chat_id=chat.id, question="?", options=["a", "b"])

    assert "not enough rights to send text messages" in text.description
    assert poll.status == 200


async def test_group_that_became_a_supergroup_says_so(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends", ada)
    await api.ask("sendMessage", chat_id=group.id, text="before")

    new = await server.owner.migrate(group)

    answer = await api.call("sendMessage", chat_id=group.id, text="after")
    assert answer.description == (
        "400 Bad Request: group chat was upgraded to a supergroup chat"
    )
    assert answer.parameters == {"migrate_to_chat_id": new.id}
    assert str(new.id).startswith("-100")
    old_line, new_line = await api.ask("getUpdates")
    assert old_line["message"]["migrate_to_chat_id"] == new.id
    assert new_line["message"]["migrate_from_chat_id"] == group.id
    sent = await api.ask("sendMessage", chat_id=new.id, text="after")
    assert sent["chat"]["type"] == "supergroup"
    message = await ada.write(group, "/start@hearth_bot")
    assert message.chat is new
    with pytest.raises(NotAllowedError):
        await server.owner.migrate(new)


async def test_replies_in_a_supergroup_have_a_thread_that_is_no_topic(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada)
    await server.owner.promote(chat, server.bot)
    first = await ada.write(chat, "one")
    second = await ada.write(chat, "two", reply_to=first)
    await ada.write(chat, "three", reply_to=second)

    updates = await api.ask("getUpdates", offset=-2)

    for update in updates:
        assert update["message"]["message_thread_id"] == first.id
        assert "is_topic_message" not in update["message"]
    sent = await api.ask(
        "sendMessage", chat_id=chat.id, text="four", message_thread_id=first.id
    )
    assert sent["message_thread_id"] == first.id


async def test_messages_are_counted_per_supergroup_and_together_elsewhere(
    server: TelegramServer,
) -> None:
    ada = server.user("Ada")
    group, one, two = (
        server.group("Friends", ada),
        server.supergroup("One", ada),
        server.supergroup("Two", ada),
    )

    ids = [(await ada.write(chat, "a")).id for chat in (one, two, group)]
    private = await ada.write(server.bot, "a")

    assert ids[0] == ids[1]
    assert private.id == ids[2] + 1


async def test_anonymous_administrator_is_shown_as_the_group(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada)
    await server.owner.promote(chat, ada, is_anonymous=True)

    await ada.write(chat, "/start@hearth_bot")

    message = (await api.ask("getUpdates"))[-1]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["from"]["id"] == 1087968824
    assert message["sender_chat"]["id"] == chat.id


async def test_person_may_write_as_a_channel(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat, mine = server.supergroup("Village", ada), server.channel("Mine", owner=ada)

    await ada.write(chat, "/start@hearth_bot", as_channel=mine)

    message = (await api.ask("getUpdates"))[-1]["message"]
    assert message["from"]["username"] == "Channel_Bot"
    assert message["sender_chat"]["id"] == mine.id


async def test_channel_posts_go_to_the_discussion_group(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.supergroup("Talk", ada)
    channel = server.channel("News", owner=ada, discussion=group)
    await server.owner.promote(group, server.bot)

    post = await ada.write(channel, "Something happened.")
    copy = group.messages[-1]
    await ada.write(group, "Really?", reply_to=copy)
    await ada.edit(post, "Nothing happened.")

    updates = await api.ask("getUpdates", offset=-4)
    came, forwarded, comment, edited = (list(u.items())[1] for u in updates)
    assert came[0] == "channel_post"
    assert came[1]["sender_chat"]["id"] == channel.id
    assert "from" not in came[1]
    assert forwarded[1]["is_automatic_forward"] is True
    assert forwarded[1]["from"]["id"] == 777000
    assert forwarded[1]["forward_origin"]["message_id"] == post.id
    assert comment[1]["message_thread_id"] == copy.id
    assert comment[1]["reply_to_message"]["text"] == "Something happened."
    assert edited[0] == "edited_channel_post"
    assert (await api.ask("getChat", chat_id=channel.id))["linked_chat_id"] == group.id


async def test_bot_posts_to_a_channel_only_with_the_right(
    server: TelegramServer, api: Client
) -> None:
    channel = server.channel("News", bot_rights=[])

    answer = await api.call("sendMessage", chat_id=channel.id, text="Hello")

    assert answer.description == (
        "400 Bad Request: need administrator rights in the channel chat"
    )
    await server.owner.promote(channel, server.bot, ["can_post_messages"])
    sent = await api.ask("sendMessage", chat_id=channel.id, text="Hello")
    assert "from" not in sent
    edited = await api.ask(
        "editMessageText", chat_id=channel.id, message_id=sent["message_id"], text="Hi"
    )
    assert edited["text"] == "Hi"
    assert [message.text for message in channel.by(server.bot)] == ["Hi"]


async def test_posts_of_others_are_edited_only_with_the_right(
    server: TelegramServer, api: Client
) -> None:
    channel = server.channel("News", bot_rights=["can_post_messages"])
    post = await server.owner.write(channel, "one")
    about = {"chat_id": channel.id, "message_id": post.id, "text": "two"}

    refused = await api.call("editMessageText", **about)
    await server.owner.promote(channel, server.bot)

    assert refused.description == "400 Bad Request: message can't be edited"
    assert (await api.ask("editMessageText", **about))["text"] == "two"


async def test_reactions_come_only_to_administrators_that_ask(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada)
    message = await ada.write(chat, "look")
    await ada.react(message, "🔥")
    await server.owner.promote(chat, server.bot)
    await ada.react(message, "👍")
    kinds = ["message_reaction", "chat_member"]
    assert "message_reaction" not in str(
        await api.ask("getUpdates", allowed_updates=kinds)
    )

    await ada.react(message)
    await ada.leave(chat)

    reaction, left = (await api.ask("getUpdates"))[-2:]
    assert reaction["message_reaction"]["old_reaction"] == [
        {"type": "emoji", "emoji": "👍"}
    ]
    assert reaction["message_reaction"]["new_reaction"] == []
    assert "message_thread_id" not in reaction["message_reaction"]
    assert left["chat_member"]["new_chat_member"]["status"] == "left"


async def test_coming_and_going_is_said_in_the_group(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends")

    await ada.join(group)
    await server.owner.rename(group, "Best friends")
    await ada.leave(group)
    await server.owner.demote(group, server.bot)

    joined, renamed, left, _ = await api.ask("getUpdates")
    assert joined["message"]["new_chat_members"][0]["first_name"] == "Ada"
    assert renamed["message"]["new_chat_title"] == "Best friends"
    assert left["message"]["left_chat_member"]["first_name"] == "Ada"
    assert joined["message"]["chat"]["title"] == "Friends"
