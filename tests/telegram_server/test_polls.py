from typing import Any

import pytest

from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": ""}, "poll question must be non-empty"),
        ({"question": "a" * 301}, "poll question length must not exceed 300"),
        ({"options": ["a"]}, "poll must have at least 2 option"),
        ({"options": ["a"] * 13}, "poll can't have more than 12 options"),
        ({"options": ["a", " "]}, "poll options must be non-empty"),
        ({"options": ["a", "b" * 101]}, "poll options length must not exceed 100"),
        ({"options": "none"}, "can't parse options JSON object"),
        ({"options": {}}, "can't parse options JSON object"),
        ({"type": "quiz"}, "wrong correct option ID specified"),
        (
            {"type": "quiz", "correct_option_ids": [2]},
            "wrong correct option ID specified",
        ),
    ],
)
async def test_wrong_poll_is_refused(
    server: TelegramServer, api: Client, fields: dict[str, Any], reason: str
) -> None:
    chat = server.private(server.user("Ada"))
    poll = {"question": "Which?", "options": ["a", "b"], **fields}

    answer = await api.call("sendPoll", chat_id=chat.id, **poll)

    assert answer.description == f"400 Bad Request: {reason}"


async def test_votes_are_counted_until_the_poll_is_stopped(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    chat = server.private(ada)
    sent = await api.ask(
        "sendPoll",
        chat_id=chat.id,
        question="Which?",
        options=[{"text": "a"}, {"text": "b"}],
        is_anonymous=False,
    )
    about = {"chat_id": chat.id, "message_id": sent["message_id"]}

    await ada.vote(chat.messages[0], 1)
    stopped = await api.ask("stopPoll", **about)
    again = await api.call("stopPoll", **about)

    updates = await api.ask("getUpdates")
    assert updates[0]["poll_answer"]["option_ids"] == [1]
    assert [option["voter_count"] for option in stopped["options"]] == [0, 1]
    assert stopped["is_closed"] is True
    assert again.description == "400 Bad Request: poll has already been closed"
    text = await api.call("editMessageText", **about, text="a")
    assert "there is no text in the message to edit" in text.description


async def test_right_answer_of_a_quiz_is_shown_at_its_end(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    quiz = await api.ask(
        "sendPoll",
        chat_id=chat.id,
        question="Which?",
        options=["a", "b"],
        type="quiz",
        correct_option_ids=[1],
    )
    text = await api.ask("sendMessage", chat_id=chat.id, text="a")

    stopped = await api.ask("stopPoll", chat_id=chat.id, message_id=quiz["message_id"])
    none = await api.call("stopPoll", chat_id=chat.id, message_id=text["message_id"])

    assert "correct_option_ids" not in quiz["poll"]
    assert stopped["correct_option_ids"] == [1]
    assert none.description == "400 Bad Request: message is not a poll"
