from typing import Any

import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.people import NotAllowedError
from tests.telegram_server.server import TelegramServer

TOO_OLD = (
    "400 Bad Request: query is too old and response timeout expired or query ID is "
    "invalid"
)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (keyboard(callback_data="🔥" * 17), "BUTTON_DATA_INVALID"),
        (keyboard(callback_data=""), "BUTTON_DATA_INVALID"),
        (keyboard(), "Text buttons are unallowed in the inline keyboard"),
        (keyboard(text=" ", callback_data="x"), 'Field "text" must be non-empty'),
        (keyboard(text=5, callback_data="x"), 'Field "text" must be of type String'),
        (keyboard(url="nowhere"), "inline keyboard button URL 'nowhere' is invalid"),
        ({"inline_keyboard": [["Go"]]}, "expected an Object"),
        ({"inline_keyboard": "Go"}, "must be an Array"),
        ({"keyboard": [5]}, "must be an Array"),
        ("[]", "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]},
            "reply markup is too long",
        ),
    ],
)
async def test_wrong_buttons_are_refused(
    server: TelegramServer, api: Client, markup: Any, reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="a", reply_markup=markup
    )

    assert answer.status == 400
    assert reason in answer.description
    assert chat.messages == []


async def test_data_of_64_bytes_is_taken(server: TelegramServer, api: Client) -> None:
    chat = server.private(server.user("Ada"))

    sent = await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        reply_markup=keyboard(callback_data="🔥" * 16),
    )

    assert sent["reply_markup"] == keyboard(callback_data="🔥" * 16)


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": [["Yes", "No"]]},
        {"remove_keyboard": True},
        {"force_reply": True},
        {},
    ],
)
async def test_other_keyboards_are_no_buttons_of_the_message(
    server: TelegramServer, api: Client, markup: Any
) -> None:
    chat = server.private(server.user("Ada"))

    sent = await api.ask("sendMessage", chat_id=chat.id, text="a", reply_markup=markup)

    assert "reply_markup" not in sent


async def test_press_reaches_the_bot_and_its_answer_the_person(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada", username="ada")
    chat = server.private(ada)
    await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        reply_markup=keyboard(callback_data="go"),
    )

    press = await ada.press(chat.messages[0], "Go")
    (update,) = await api.ask("getUpdates")
    query = update["callback_query"]
    await api.ask(
        "answerCallbackQuery",
        callback_query_id=query["id"],
        text="Gone",
        show_alert=True,
    )

    assert query["data"] == "go"
    assert query["from"]["username"] == "ada"
    assert query["message"]["text"] == "a"
    assert press.answers == ["Gone"]
    assert press.is_alert


async def test_late_or_unknown_query_is_refused(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    ada = server.user("Ada")
    chat = server.private(ada)
    await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        reply_markup=keyboard(callback_data="go"),
    )
    press = await ada.press(chat.messages[0], "Go")
    long = await api.call(
        "answerCallbackQuery", callback_query_id=press.id, text="a" * 201
    )
    await clock.advance(server.world.query_life_s + 1)

    late = await api.call("answerCallbackQuery", callback_query_id=press.id)
    unknown = await api.call("answerCallbackQuery", callback_query_id="1")

    assert long.description == "400 Bad Request: MESSAGE_TOO_LONG"
    assert late.description == TOO_OLD
    assert unknown.description == TOO_OLD
    assert press.answers == []


async def test_only_buttons_that_are_there_are_pressed(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.private(ada)
    await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        reply_markup=keyboard(url="https://a.example"),
    )
    (message,) = chat.messages

    assert (await ada.press(message, "Go")).url == "https://a.example"
    assert await api.ask("getUpdates") == []
    with pytest.raises(LookupError):
        await ada.press(message, "Stop")
    await ada.delete(message)
    with pytest.raises(LookupError):
        await ada.press(message, "Go")


async def test_inline_query_is_answered_and_a_result_sent(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    group = server.group("Friends", ada)
    asked = await ada.inline_query(server.bot, "fire")
    with pytest.raises(NotAllowedError):
        await ada.choose(group, asked, 0)
    result = {
        "type": "article",
        "id": "1",
        "title": "Fire",
        "input_message_content": {"message_text": "It burns."},
    }

    assert await api.ask(
        "answerInlineQuery", inline_query_id=asked.id, results=[result]
    )
    message = await ada.choose(group, asked, 0)

    first, second, third = await api.ask("getUpdates")
    assert first["inline_query"]["query"] == "fire"
    assert second["message"]["via_bot"]["id"] == server.bot.id
    assert third["chosen_inline_result"]["result_id"] == "1"
    assert message.text == "It burns."


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ({}, "can't parse inline query results JSON object"),
        ([{"id": "1"}, {"id": "1"}], "RESULT_ID_DUPLICATE"),
        ([{"id": ""}], "RESULT_ID_INVALID"),
        ([{"id": str(i)} for i in range(51)], "RESULTS_TOO_MUCH"),
    ],
)
async def test_wrong_inline_results_are_refused(
    server: TelegramServer, api: Client, results: Any, reason: str
) -> None:
    asked = await server.user("Ada").inline_query(server.bot, "fire")

    answer = await api.call(
        "answerInlineQuery", inline_query_id=asked.id, results=results
    )
    unknown = await api.call("answerInlineQuery", inline_query_id="1", results=[])

    assert answer.description == f"400 Bad Request: {reason}"
    assert unknown.description == TOO_OLD


async def test_press_under_a_message_that_is_gone_has_no_date(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.private(ada)
    await api.ask(
        "sendMessage",
        chat_id=chat.id,
        text="a",
        reply_markup=keyboard(callback_data="go"),
    )
    (message,) = chat.messages
    await ada.delete(message)

    ada.press_with(message, message.buttons[0][0])

    (update,) = await api.ask("getUpdates")
    assert update["callback_query"]["message"]["date"] == 0
    assert "text" not in update["callback_query"]["message"]
