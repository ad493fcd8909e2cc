from typing import Any

import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer

BUTTONS = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply "
    "markup are exactly the same as a current content and reply markup of the message"
)


@pytest.fixture
async def sent(server: TelegramServer, api: Client) -> dict[str, int]:
    chat = server.private(server.user("Ada"))
    message = await api.ask("sendMessage", chat_id=chat.id, text="one")
    return {"chat_id": chat.id, "message_id": message["message_id"]}


async def test_edit_that_changes_nothing_is_refused(
    api: Client, sent: dict[str, int]
) -> None:
    same = await api.call("editMessageText", **sent, text="one")
    blank = await api.call("editMessageText", **sent, text=" one\n")
    markup = await api.call("editMessageReplyMarkup", **sent)

    for answer in (same, blank, markup):
        assert answer.description == NOT_MODIFIED


async def test_edit_changes_text_and_takes_buttons_away(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    await api.ask("editMessageText", **sent, text="one", reply_markup=BUTTONS)
    edited = await api.ask(
        "editMessageText", **sent, text="*one*", parse_mode="MarkdownV2"
    )

    (message,) = server.world.private[server.bot.id, sent["chat_id"]].messages
    assert "reply_markup" not in edited
    assert edited["edit_date"] > 0
    assert message.parts("bold") == ["one"]
    assert [version.markup for version in message.versions] == [None, BUTTONS]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        ("a" * 4097, "MESSAGE_TOO_LONG"),
    ],
)
async def test_wrong_edit_is_refused(
    api: Client, sent: dict[str, int], text: str, reason: str
) -> None:
    answer = await api.call("editMessageText", **sent, text=text)

    assert answer.description == f"400 Bad Request: {reason}"


async def test_refused_edit_changes_nothing(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    wrong = {"inline_keyboard": [[{"text": "x", "callback_data": "y" * 65}]]}

    answer = await api.call("editMessageText", **sent, text="two", reply_markup=wrong)

    assert answer.description == "400 Bad Request: BUTTON_DATA_INVALID"
    assert server.world.private[server.bot.id, sent["chat_id"]].texts == ["one"]


async def test_message_that_is_gone_is_not_edited(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    assert await api.ask("deleteMessage", **sent)

    edit = await api.call("editMessageText", **sent, text="two")
    delete = await api.call("deleteMessage", **sent)
    none = await api.call("editMessageText", chat_id=sent["chat_id"], text="two")

    assert edit.description == "400 Bad Request: message to edit not found"
    assert delete.description == "400 Bad Request: message to delete not found"
    assert none.description == "400 Bad Request: message identifier is not specified"
    chat = server.world.private[server.bot.id, sent["chat_id"]]
    assert [message.text for message in chat.deleted] == ["one"]


async def test_messages_of_others_are_not_edited(
    server: TelegramServer, api: Client
) -> None:
    message = await server.user("Ada").write(server.bot, "mine")

    answer = await api.call(
        "editMessageText", chat_id=message.chat.id, message_id=message.id, text="yours"
    )

    assert answer.description == "400 Bad Request: message can't be edited"


async def test_text_and_caption_are_edited_each_in_its_way(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    photo = await server.user("Bo").send_photo(server.bot)
    again = await api.ask(
        "sendPhoto",
        chat_id=sent["chat_id"],
        photo=photo.media.file.file_id if photo.media else "",
        caption="old",
    )
    about: dict[str, Any] = {**sent, "message_id": again["message_id"]}

    caption = await api.ask(
        "editMessageCaption", **about, caption="<i>new</i>", parse_mode="HTML"
    )
    too_long = await api.call("editMessageCaption", **about, caption="a" * 1025)
    text = await api.call("editMessageText", **about, text="new")
    no_caption = await api.call("editMessageCaption", **sent, caption="new")

    assert caption["caption"] == "new"
    assert too_long.description == "400 Bad Request: MEDIA_CAPTION_TOO_LONG"
    assert text.description == (
        "400 Bad Request: there is no text in the message to edit"
    )
    assert no_caption.description == (
        "400 Bad Request: there is no caption in the message to edit"
    )


async def test_file_of_a_message_is_put_in_anothers_place(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    document = await api.call(
        "editMessageMedia",
        {"notes": ("notes.txt", b"new")},
        **sent,
        media={"type": "document", "media": "attach://notes", "caption": "notes"},
    )
    wrong = await api.call("editMessageMedia", **sent, media=[])

    assert document.result["document"]["file_name"] == "notes.txt"
    assert document.result["caption"] == "notes"
    assert wrong.status == 400


async def test_edits_of_people_come_as_updates(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    message = await ada.write(server.bot, "one")
    await ada.edit(message, "two")

    first, second = await api.ask("getUpdates")

    assert first["message"]["text"] == "one"
    assert second["edited_message"]["text"] == "two"
    assert second["edited_message"]["message_id"] == message.id


async def test_old_messages_are_not_deleted(
    api: Client, sent: dict[str, int], clock: FakeClock
) -> None:
    await clock.advance(48 * 3600 + 1)

    answer = await api.call("deleteMessage", **sent)

    assert answer.description == (
        "400 Bad Request: message can't be deleted for everyone"
    )


async def test_messages_of_others_are_deleted_only_with_the_right(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.supergroup("Village", ada)
    message = await ada.write(group, "spam")
    about = {"chat_id": group.id, "message_id": message.id}

    refused = await api.call("deleteMessage", **about)
    await server.owner.promote(group, server.bot, ["can_delete_messages"])

    assert refused.description == "400 Bad Request: message can't be deleted"
    assert await api.ask("deleteMessage", **about)
    assert message.is_deleted


async def test_several_messages_are_deleted_at_once(
    server: TelegramServer, api: Client, sent: dict[str, int]
) -> None:
    number = sent["message_id"]

    gone = await api.ask(
        "deleteMessages", chat_id=sent["chat_id"], message_ids=[number, number + 50]
    )
    none = await api.call("deleteMessages", chat_id=sent["chat_id"], message_ids=[])

    assert gone is True
    assert none.status == 400
    assert server.world.private[server.bot.id, sent["chat_id"]].messages == []
