from typing import Any

import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("🔥" * 2048 + "a", "message is too long"),
    ],
)
async def test_text_of_the_wrong_length_is_refused(
    server: TelegramServer, api: Client, text: str, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call("sendMessage", chat_id=chat.id, text=text)

    assert answer.description == f"400 Bad Request: {reason}"
    assert chat.messages == []


async def test_length_counts_after_parsing(server: TelegramServer, api: Client) -> None:
    chat = server.private(server.user("Ada"))

    for source in ("<b>" + "a" * 4096 + "</b>", "🔥" * 2048):
        await api.ask("sendMessage", chat_id=chat.id, text=source, parse_mode="HTML")

    assert [len(text) for text in chat.texts] == [4096, 2048]


async def test_empty_tag_is_no_text(server: TelegramServer, api: Client) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="<b></b>", parse_mode="HTML"
    )

    assert answer.description == "400 Bad Request: text must be non-empty"


@pytest.mark.parametrize(
    ("chat_id", "reason"),
    [
        ("", "chat_id is empty"),
        ("77", "chat not found"),
        ("-77", "chat not found"),
        ("Friends", "chat not found"),
        ("@nowhere", "chat not found"),
    ],
)
async def test_chat_that_is_not_there_is_refused(
    api: Client, chat_id: str, reason: str
) -> None:
    answer = await api.call("sendMessage", chat_id=chat_id, text="Hello")

    assert answer.description == f"400 Bad Request: {reason}"


async def test_person_who_never_wrote_is_not_written_to(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    assert (await api.call("sendMessage", chat_id=ada.id, text="x")).status == 400
    server.group("Friends", ada)

    answer = await api.call("sendMessage", chat_id=ada.id, text="Hello")

    assert answer.description == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )
    await ada.write(server.bot, "/start")
    assert (await api.call("sendMessage", chat_id=ada.id, text="Hello")).status == 200


async def test_blocked_bot_is_forbidden_to_write(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.private(ada)
    await ada.block(server.bot)
    text = "403 Forbidden: bot was blocked by the user"

    for method, fields in (
        ("sendMessage", {"text": "Hello"}),
        ("sendChatAction", {"action": "typing"}),
        ("sendMessageDraft", {"draft_id": 1, "text": "Hel"}),
    ):
        answer = await api.call(method, chat_id=chat.id, **fields)
        assert answer.description == text

    (update,) = await api.ask("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await ada.unblock(server.bot)
    assert (await api.call("sendMessage", chat_id=chat.id, text="Hi")).status == 200


async def test_bots_and_deleted_accounts_are_not_written_to(
    server: TelegramServer, api: Client
) -> None:
    other, ada = server.add_bot("Other"), server.user("Ada")
    server.private(ada)
    ada.is_deleted = True

    to_bot = await api.call("sendMessage", chat_id=other.id, text="Hello")
    to_nobody = await api.call("sendMessage", chat_id=ada.id, text="Hello")

    assert to_bot.description == "403 Forbidden: bot can't send messages to bots"
    assert to_nobody.description == "403 Forbidden: user is deactivated"


async def test_number_that_is_none_is_refused(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="a", message_thread_id="general"
    )

    assert answer.status == 400


async def test_reply_to_what_is_gone_is_refused_unless_allowed(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    question = await ada.write(server.bot, "Hello?")
    await ada.delete(question)
    fields: dict[str, Any] = {"chat_id": ada.id, "text": "Here"}

    answer = await api.call(
        "sendMessage", **fields, reply_parameters={"message_id": question.id}
    )

    assert answer.description == "400 Bad Request: message to be replied not found"
    sent = await api.ask(
        "sendMessage",
        **fields,
        reply_parameters={
            "message_id": question.id,
            "allow_sending_without_reply": True,
        },
    )
    assert "reply_to_message" not in sent


async def test_reply_is_one_message_deep(server: TelegramServer, api: Client) -> None:
    ada = server.user("Ada")
    first = await ada.write(server.bot, "one")
    await ada.write(server.bot, "two", reply_to=first)

    sent = await api.ask(
        "sendMessage",
        chat_id=ada.id,
        text="three",
        reply_parameters={"message_id": first.id + 1},
    )

    assert sent["reply_to_message"]["text"] == "two"
    assert "reply_to_message" not in sent["reply_to_message"]
    updates = await api.ask("getUpdates")
    assert updates[1]["message"]["reply_to_message"]["text"] == "one"


async def test_quotes_name_what_they_are_about(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    message = await ada.write(server.bot, "🔥 one two")
    await ada.write(server.bot, "what?", reply_to=message, quote="two")
    reply = {"message_id": message.id, "quote": "one"}

    sent = await api.ask(
        "sendMessage", chat_id=ada.id, text="this", reply_parameters=reply
    )
    wrong = await api.call(
        "sendMessage",
        chat_id=ada.id,
        text="this",
        reply_parameters={**reply, "quote": "three"},
    )

    assert (sent["quote"]["text"], sent["quote"]["position"]) == ("one", 3)
    assert wrong.description == "400 Bad Request: QUOTE_TEXT_INVALID"
    updates = await api.ask("getUpdates")
    assert updates[1]["message"]["quote"] == {
        "text": "two",
        "position": 7,
        "entities": [],
        "is_manual": True,
    }


async def test_reply_to_another_chat_is_external(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends", ada)
    server.bot.privacy = False
    message = await ada.write(group, "over there")

    sent = await api.ask(
        "sendMessage",
        chat_id=server.private(ada).id,
        text="about that",
        reply_parameters={"message_id": message.id, "chat_id": group.id},
    )

    assert sent["external_reply"]["message_id"] == message.id
    assert sent["external_reply"]["origin"]["sender_user"]["first_name"] == "Ada"
    assert "reply_to_message" not in sent


async def test_link_preview_and_protection_come_back(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))

    sent = await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="https://a.example",
        link_preview_options={"is_disabled": True},
        protect_content=True,
        disable_notification=True,
    )

    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["has_protected_content"] is True
    assert sent["entities"] == [{"type": "url", "offset": 0, "length": 17}]
    assert chat.messages[0].is_silent


@pytest.mark.parametrize("options", ["[]", "{", '"a"'])
async def test_json_that_is_no_object_is_refused(
    server: TelegramServer, api: Client, options: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="a", link_preview_options=options
    )

    assert answer.status == 400
