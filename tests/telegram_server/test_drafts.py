from typing import Any

import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer


async def test_typing_is_seen_until_a_message_comes(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    await api.ask("sendChatAction", chat_id=chat.id, action="typing")
    assert chat.actions == [("typing", None)]

    await api.ask("sendMessage", chat_id=chat.id, text="Hello")

    assert chat.actions == []
    assert chat.actions_seen == [("typing", None)]
    wrong = await api.call("sendChatAction", chat_id=chat.id, action="dancing")
    assert wrong.description == "400 Bad Request: wrong parameter action in request"


async def test_drafts_are_seen_in_private_chats_only(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    chat = server.private(server.user("Ada"))
    group = server.group("Friends")

    for text in ("", "Hel", "Hello"):
        await api.ask("sendMessageDraft", chat_id=chat.id, draft_id=7, text=text)
    in_group = await api.call("sendMessageDraft", chat_id=group.id, draft_id=7)

    assert [draft.text for draft in chat.drafts] == ["", "Hel", "Hello"]
    assert chat.drafts[0].at_utc == clock.now_utc()
    assert chat.messages == []
    assert in_group.description == "400 Bad Request: TEXTDRAFT_PEER_INVALID"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"draft_id": 0, "text": "a"}, "invalid draft identifier"),
        ({"draft_id": 1, "text": " \t"}, "text must be non-empty"),
        ({"draft_id": 1, "text": "a" * 4097}, "message is too long"),
        ({"draft_id": 1, "text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
    ],
)
async def test_wrong_draft_is_refused(
    server: TelegramServer, api: Client, fields: dict[str, Any], reason: str
) -> None:
    chat = server.private(server.user("Ada"))

    answer = await api.call("sendMessageDraft", chat_id=chat.id, **fields)

    assert answer.status == 400
    assert reason in answer.description
    assert chat.drafts == []
