import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import TelegramServer


async def test_chat_is_described(server: TelegramServer, api: Client) -> None:
    chat = server.supergroup("Village", username="village", is_forum=True)
    person = server.user("Ada", username="ada")
    server.private(person)

    village = await api.ask("getChat", chat_id=chat.id)
    ada = await api.ask("getChat", chat_id=person.id)

    assert (village["username"], village["is_forum"]) == ("village", True)
    assert village["permissions"]["can_send_messages"] is True
    assert (ada["first_name"], ada["username"]) == ("Ada", "ada")


async def test_pinning_needs_the_right_and_is_said(
    server: TelegramServer, api: Client
) -> None:
    chat = server.supergroup("Village")
    sent = await api.ask("sendMessage", chat_id=chat.id, text="Look")
    about = {"chat_id": chat.id, "message_id": sent["message_id"]}

    refused = await api.call("pinChatMessage", **about)
    unpin = await api.call("unpinChatMessage", **about)
    await server.owner.promote(chat, server.bot)

    for answer in (refused, unpin):
        assert answer.description == (
            "400 Bad Request: not enough rights to manage pinned messages in the chat"
        )
    assert await api.ask("pinChatMessage", **about)
    assert (await api.call("pinChatMessage", **about)).status == 400
    updates = await api.ask("getUpdates")
    assert updates[-1]["message"]["pinned_message"]["text"] == "Look"
    shown = await api.ask("getChat", chat_id=chat.id)
    assert shown["pinned_message"]["text"] == "Look"
    assert await api.ask("unpinChatMessage", chat_id=chat.id)
    gone = await api.call("unpinChatMessage", chat_id=chat.id)
    assert gone.description == "400 Bad Request: message to unpin not found"


async def test_message_that_is_gone_is_not_pinned(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends", ada, owner=ada)
    message = await ada.write(group, "Look")
    await ada.pin(message)
    await ada.delete(message)

    answer = await api.call("pinChatMessage", chat_id=group.id, message_id=message.id)

    assert answer.description == "400 Bad Request: message to pin not found"
    assert group.pinned == []
    with pytest.raises(NotAllowedError):
        await server.user("Bo").pin(message)


async def test_bot_puts_one_reaction_on_a_message(
    server: TelegramServer, api: Client
) -> None:
    message = await server.user("Ada").write(server.bot, "Hello")
    about = {"chat_id": message.chat.id, "message_id": message.id}
    fire = {"type": "emoji", "emoji": "🔥"}

    assert await api.ask("setMessageReaction", **about, reaction=[fire])
    many = await api.call("setMessageReaction", **about, reaction=[fire, fire])
    none = await api.call("setMessageReaction", **about, reaction=[{"type": "emoji"}])
    no_list = await api.call("setMessageReaction", **about, reaction=fire)
    gone = await api.call(
        "setMessageReaction", chat_id=message.chat.id, message_id=99, reaction=[fire]
    )

    assert message.reactions[server.bot.id] == [fire]
    assert many.description == "400 Bad Request: REACTIONS_TOO_MANY"
    assert none.description == "400 Bad Request: REACTION_INVALID"
    assert no_list.status == 400
    assert gone.description == "400 Bad Request: message to react not found"


async def test_messages_are_copied_and_forwarded(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group, channel = server.group("Friends", ada), server.channel("News", ada)
    photo = await ada.send_photo(server.bot, caption="*Look*")
    post = await server.owner.write(channel, "News!")
    about = {"from_chat_id": photo.chat.id, "message_id": photo.id}

    copied = await api.ask("copyMessage", chat_id=group.id, **about)
    recaptioned = await api.ask(
        "copyMessage", chat_id=group.id, **about, caption="Other"
    )
    forwarded = await api.ask("forwardMessage", chat_id=group.id, **about)
    from_channel = await api.ask(
        "forwardMessage",
        chat_id=group.id,
        from_chat_id=channel.id,
        message_id=post.id,
    )
    again = await api.ask(
        "forwardMessage",
        chat_id=photo.chat.id,
        from_chat_id=group.id,
        message_id=from_channel["message_id"],
    )

    assert set(copied) == {"message_id"}
    assert group.texts == ["*Look*", "Other", "*Look*", "News!"]
    assert recaptioned["message_id"] == copied["message_id"] + 1
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Ada"
    assert from_channel["forward_origin"]["type"] == "channel"
    assert again["forward_origin"] == from_channel["forward_origin"]
    edit = await api.call(
        "editMessageCaption",
        chat_id=group.id,
        message_id=forwarded["message_id"],
        caption="mine",
    )
    assert edit.description == "400 Bad Request: message can't be edited"


async def test_what_is_gone_or_protected_is_not_sent_again(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    sent = await api.ask(
        "sendMessage", chat_id=chat.id, text="secret", protect_content=True
    )
    about = {"chat_id": chat.id, "from_chat_id": chat.id}

    gone = await api.call("copyMessage", **about, message_id=99)
    lost = await api.call("forwardMessage", **about, message_id=99)
    kept = await api.call("copyMessage", **about, message_id=sent["message_id"])
    held = await api.call("forwardMessage", **about, message_id=sent["message_id"])

    assert gone.description == "400 Bad Request: message to copy not found"
    assert lost.description == "400 Bad Request: message to forward not found"
    assert kept.description == "400 Bad Request: message can't be copied"
    assert held.description == "400 Bad Request: message can't be forwarded"


async def test_anonymous_message_is_forwarded_from_its_group(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.supergroup("Village", ada)
    await server.owner.promote(chat, ada, is_anonymous=True)
    message = await ada.write(chat, "/hidden@hearth_bot")

    forwarded = await api.ask(
        "forwardMessage",
        chat_id=server.private(ada).id,
        from_chat_id=chat.id,
        message_id=message.id,
    )

    assert forwarded["forward_origin"]["type"] == "chat"
    assert forwarded["forward_origin"]["sender_chat"]["title"] == "Village"
