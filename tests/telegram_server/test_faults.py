import asyncio

import httpx
import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer


async def test_connection_dropped_before_the_call_leaves_nothing(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    server.faults.drop("sendMessage")

    with pytest.raises(httpx.TransportError):
        await api.call("sendMessage", chat_id=chat.id, text="one")
    await api.ask("sendMessage", chat_id=chat.id, text="two")

    assert chat.texts == ["two"]
    assert [call.was_done for call in server.calls] == [False, True]


async def test_connection_dropped_after_the_call_leaves_the_message(
    server: TelegramServer, api: Client
) -> None:
    chat = server.private(server.user("Ada"))
    server.faults.drop("sendMessage", after=True)

    with pytest.raises(httpx.TransportError):
        await api.call("sendMessage", chat_id=chat.id, text="one")

    assert chat.texts == ["one"]
    (call,) = server.calls
    assert (call.was_done, call.status) == (True, 0)


async def test_server_in_between_answers_with_a_page(
    server: TelegramServer, http: httpx.AsyncClient
) -> None:
    server.faults.answer("*", 502, times=2)
    url = f"{server.base_url}{server.token}/getMe"

    answers = [await http.get(url) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].headers["Content-Type"].startswith("text/html")
    assert server.faults.rules == []


async def test_refusal_can_be_ordered(server: TelegramServer, api: Client) -> None:
    server.faults.refuse(
        "getMe", 429, "Too Many Requests: retry after 7", retry_after=7
    )

    answer = await api.call("getMe")

    assert answer.description == "429 Too Many Requests: retry after 7"
    assert answer.parameters == {"retry_after": 7}
    assert (await api.call("getMe")).status == 200


async def test_slow_answer_waits_on_the_servers_clock(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    chat = server.private(server.user("Ada"))
    server.faults.slow("sendMessage", 30)
    async with asyncio.timeout(5):
        call = asyncio.create_task(api.ask("sendMessage", chat_id=chat.id, text="late"))
        await server.until(lambda: server.calls and server.calls[0].is_slow)
        await clock.advance(29)
        assert chat.texts == []
        await clock.advance(1)
        await call
    assert chat.texts == ["late"]


async def test_updates_come_twice_and_in_the_wrong_order(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    for text in ("one", "two"):
        await ada.write(server.bot, text)
    server.faults.duplicate_updates()
    server.faults.reorder_updates()

    mixed = await api.ask("getUpdates")
    plain = await api.ask("getUpdates")

    assert [u["message"]["text"] for u in mixed] == ["two", "two", "one", "one"]
    assert [u["message"]["text"] for u in plain] == ["one", "two"]


async def test_restart_keeps_the_port_and_all_that_is_there(
    server: TelegramServer, api: Client
) -> None:
    ada, url = server.user("Ada"), server.url
    await ada.write(server.bot, "Hello")
    await api.ask("getUpdates", offset=-1)
    async with asyncio.timeout(5):
        poll = asyncio.create_task(
            api.call("getUpdates", timeout=50, offset=200_000_000)
        )
        await server.until(lambda: server.bot.updates.is_polled)

        await server.restart()

        with pytest.raises(httpx.TransportError):
            await poll
    assert server.url == url
    assert (await api.call("getMe")).status == 200
    assert server.private(ada).texts == ["Hello"]


async def test_file_is_not_given_while_something_is_wrong(
    server: TelegramServer, api: Client, http: httpx.AsyncClient
) -> None:
    message = await server.user("Ada").send_document(server.bot, b"notes")
    assert message.media is not None
    url = f"{server.base_file_url}{server.token}/{message.media.file.path}"
    server.faults.answer("download", 500)
    server.faults.drop("download")

    assert (await http.get(url)).status_code == 500
    with pytest.raises(httpx.TransportError):
        await http.get(url)
    assert (await http.get(url)).content == b"notes"


async def test_faults_can_be_taken_back(server: TelegramServer, api: Client) -> None:
    server.faults.answer("*", times=100)
    server.faults.clear()

    assert (await api.call("getMe")).status == 200
