import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.settings import FloodLimits


@pytest.fixture
def limited(server: TelegramServer) -> TelegramServer:
    server.settings.flood = FloodLimits()
    return server


async def test_more_than_a_burst_in_a_chat_has_to_wait(
    limited: TelegramServer, api: Client, clock: FakeClock
) -> None:
    chat = limited.private(limited.user("Ada"))
    for number in range(3):
        await api.ask("sendMessage", chat_id=chat.id, text=str(number))

    refused = await api.call("sendMessage", chat_id=chat.id, text="3")

    assert refused.description == "429 Too Many Requests: retry after 3"
    assert refused.parameters == {"retry_after": 3}
    await clock.advance(3)
    assert (await api.call("sendMessage", chat_id=chat.id, text="3")).status == 200


async def test_one_message_a_second_goes_through(
    limited: TelegramServer, api: Client, clock: FakeClock
) -> None:
    chat = limited.private(limited.user("Ada"))

    for number in range(40):
        await api.ask("sendMessage", chat_id=chat.id, text=str(number))
        await clock.advance(1)


async def test_edits_count_and_refused_calls_do_not(
    limited: TelegramServer, api: Client
) -> None:
    chat = limited.private(limited.user("Ada"))
    sent = await api.ask("sendMessage", chat_id=chat.id, text="0")
    about = {"chat_id": chat.id, "message_id": sent["message_id"]}
    for _ in range(5):
        same = await api.call("editMessageText", **about, text="0")
        assert same.status == 400
    for number in (1, 2):
        await api.ask("editMessageText", **about, text=str(number))

    assert (await api.call("editMessageText", **about, text="3")).status == 429
    for method, fields in (
        ("sendChatAction", {"action": "typing"}),
        ("sendMessageDraft", {"draft_id": 1, "text": "a"}),
    ):
        assert (await api.call(method, chat_id=chat.id, **fields)).status == 200
    assert await api.ask("deleteMessage", **about)


async def test_group_takes_twenty_in_a_minute(
    limited: TelegramServer, api: Client, clock: FakeClock
) -> None:
    group = limited.group("Friends")
    for number in range(20):
        await api.ask("sendMessage", chat_id=group.id, text=str(number))
        await clock.advance(1)

    refused = await api.call("sendMessage", chat_id=group.id, text="20")

    assert refused.parameters == {"retry_after": 40}
    await clock.advance(40)
    assert (await api.call("sendMessage", chat_id=group.id, text="20")).status == 200


async def test_bot_sends_thirty_a_second_in_all(
    limited: TelegramServer, api: Client
) -> None:
    chats = [limited.private(limited.user(f"Ada{n}")) for n in range(31)]
    for chat in chats[:30]:
        await api.ask("sendMessage", chat_id=chat.id, text="Hello")

    refused = await api.call("sendMessage", chat_id=chats[30].id, text="Hello")

    assert refused.parameters == {"retry_after": 1}


async def test_storm_is_over_after_its_time(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    ada, bo = server.private(server.user("Ada")), server.private(server.user("Bo"))
    server.flood(ada, 41)

    refused = await api.call("sendMessage", chat_id=ada.id, text="Hello")
    await clock.advance(40.5)
    again = await api.call("sendMessage", chat_id=ada.id, text="Hello")

    assert refused.parameters == {"retry_after": 41}
    assert again.parameters == {"retry_after": 1}
    assert (await api.call("sendMessage", chat_id=bo.id, text="Hello")).status == 200
    await clock.advance(0.5)
    assert (await api.call("sendMessage", chat_id=ada.id, text="Hello")).status == 200
    server.flood(None, 5)
    assert (await api.call("sendMessage", chat_id=bo.id, text="Hello")).status == 429
