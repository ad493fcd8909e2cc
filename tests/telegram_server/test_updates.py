import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer

TERMINATED = (
    "409 Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


async def wait_for_poll(server: TelegramServer) -> None:
    await server.until(lambda: server.bot.updates.is_polled)


async def test_second_poller_ends_the_first_with_a_conflict(
    server: TelegramServer, api: Client
) -> None:
    async with asyncio.timeout(5):
        first = asyncio.create_task(api.call("getUpdates", timeout=50))
        await wait_for_poll(server)
        second = asyncio.create_task(api.call("getUpdates", timeout=50))

        assert (await first).description == TERMINATED
        await server.user("Ada").write(server.bot, "Hello")
        assert len((await second).result) == 1


async def test_polling_with_a_webhook_is_a_conflict(
    server: TelegramServer, api: Client
) -> None:
    await api.ask("setWebhook", url="http://127.0.0.1:9/hook")

    answer = await api.call("getUpdates")

    assert answer.status == 409
    assert "can't use getUpdates method while webhook is active" in answer.description
    assert await api.ask("deleteWebhook")
    assert await api.ask("getUpdates") == []


async def test_setting_a_webhook_ends_the_poll(
    server: TelegramServer, api: Client
) -> None:
    async with asyncio.timeout(5):
        poll = asyncio.create_task(api.call("getUpdates", timeout=50))
        await wait_for_poll(server)
        await api.ask("setWebhook", url="http://127.0.0.1:9/hook")

        answer = await poll
    assert answer.description == "409 Conflict: terminated by setWebhook request"


async def test_long_poll_wakes_when_something_comes(
    server: TelegramServer, api: Client
) -> None:
    async with asyncio.timeout(5):
        poll = asyncio.create_task(api.ask("getUpdates", timeout=50))
        await wait_for_poll(server)
        await server.user("Ada").write(server.bot, "Hello")

        (update,) = await poll
    assert update["message"]["text"] == "Hello"


async def test_long_poll_ends_empty_after_its_time(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    async with asyncio.timeout(5):
        poll = asyncio.create_task(api.ask("getUpdates", timeout=20))
        await wait_for_poll(server)
        await clock.advance(19)
        assert not poll.done()
        await clock.advance(1)
        assert await poll == []


async def test_updates_stay_until_they_are_confirmed(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    for text in ("one", "two", "three"):
        await ada.write(server.bot, text)

    first = await api.ask("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["one", "two"]
    assert await api.ask("getUpdates", limit=2) == first
    rest = await api.ask("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["three"]
    assert await api.ask("getUpdates", offset=0) == rest


async def test_negative_offset_forgets_all_but_the_last(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    for text in ("one", "two", "three"):
        await ada.write(server.bot, text)

    (last,) = await api.ask("getUpdates", offset=-1)

    assert last["message"]["text"] == "three"
    assert len(server.bot.updates.pending) == 1


async def test_kinds_that_were_not_asked_for_are_not_kept(
    server: TelegramServer, api: Client
) -> None:
    ada = server.user("Ada")
    await api.ask("getUpdates", allowed_updates=["edited_message"])

    message = await ada.write(server.bot, "Hello")
    await ada.edit(message, "Hello!")

    (update,) = await api.ask("getUpdates")
    assert update["edited_message"]["text"] == "Hello!"
    assert update["edited_message"]["edit_date"] > 0
    await api.ask("getUpdates", allowed_updates=[], offset=-1)
    await ada.write(server.bot, "Again")
    assert "message" in (await api.ask("getUpdates"))[-1]


async def test_allowed_updates_that_are_no_list_are_refused(api: Client) -> None:
    answer = await api.call("getUpdates", allowed_updates={"message": True})

    assert answer.status == 400


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "ftp://a.example"}, "An HTTPS URL must be provided for webhook"),
        ({"url": "http://127.0.0.1:9", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "http://127.0.0.1:9", "secret_token": "a" * 257}, "too long"),
    ],
)
async def test_wrong_webhook_is_refused(
    api: Client, fields: dict[str, str], reason: str
) -> None:
    answer = await api.call("setWebhook", **fields)

    assert answer.status == 400
    assert reason in answer.description


Hook = Callable[[web.Request], Awaitable[web.Response]]


async def listen(hook: Hook) -> tuple[web.AppRunner, str]:
    application = web.Application()
    application.router.add_post("/hook", hook)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"


async def test_webhook_gets_updates_with_the_secret_and_again_after_a_failure(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    came: list[tuple[str, Any]] = []

    async def hook(request: web.Request) -> web.Response:
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        came.append((secret, await request.json()))
        return web.Response(status=500 if len(came) == 1 else 200)

    runner, url = await listen(hook)
    async with asyncio.timeout(10):
        await api.ask("setWebhook", url=url, secret_token="hush")
        await server.user("Ada").write(server.bot, "Hello")
        await server.until(lambda: clock.num_sleepers and came)
        about = await api.ask("getWebhookInfo")
        assert about["url"] == url
        assert about["pending_update_count"] == 1
        assert "500" in about["last_error_message"]

        await clock.advance(1)
        await server.until(lambda: not server.bot.updates.pending)
    await runner.cleanup()

    assert len(came) == 2
    assert came[0] == came[1]
    assert came[0][0] == "hush"
    assert came[0][1]["message"]["text"] == "Hello"


async def test_webhook_that_is_not_there_is_tried_again(
    server: TelegramServer, api: Client, clock: FakeClock
) -> None:
    async with asyncio.timeout(10):
        await api.ask("setWebhook", url="http://127.0.0.1:9/hook")
        await server.user("Ada").write(server.bot, "Hello")
        await server.until(lambda: clock.num_sleepers)
        about = await api.ask("getWebhookInfo")
        assert about["last_error_message"] == "Connection refused"

        assert await api.ask("setWebhook", url="", drop_pending_updates=True)
    assert server.bot.updates.pending == []


async def test_wrong_token_is_unauthorized_and_a_malformed_one_is_not_found(
    server: TelegramServer, http: httpx.AsyncClient
) -> None:
    wrong = Client(http, server.base_url, "123456:" + "A" * 35)
    malformed = Client(http, server.base_url, "token")

    assert (await wrong.call("getMe")).description == "401 Unauthorized"
    assert (await malformed.call("getMe")).description == "404 Not Found"


async def test_unknown_method_is_not_found(api: Client) -> None:
    answer = await api.call("sendTelegram")

    assert answer.description == "404 Not Found: method not found"


async def test_names_of_methods_may_be_in_any_case(api: Client) -> None:
    assert (await api.ask("GETME"))["is_bot"] is True


async def test_log_of_calls_has_no_token(server: TelegramServer, api: Client) -> None:
    await api.call("getMe")
    await api.call("sendMessage", chat_id=5, text="x")

    assert [call.status for call in server.calls] == [200, 400]
    assert server.calls.refused()[0].description == "Bad Request: chat not found"
    assert server.token.split(":")[1] not in repr(server.calls) + repr(server.bot)


async def test_fields_may_come_in_the_address_or_as_json(
    server: TelegramServer, http: httpx.AsyncClient
) -> None:
    chat = server.private(server.user("Ada"))
    url = f"{server.base_url}{server.token}/sendMessage"

    await http.get(url, params={"chat_id": chat.id, "text": "by address"})
    await http.post(url, json={"chat_id": chat.id, "text": "as JSON", "entities": None})

    assert chat.texts == ["by address", "as JSON"]


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_body_that_is_no_object_is_refused(
    server: TelegramServer, http: httpx.AsyncClient, body: bytes
) -> None:
    response = await http.post(
        f"{server.base_url}{server.token}/getMe",
        content=body,
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 400


async def test_logged_out_bot_is_answered_no_more(api: Client) -> None:
    assert await api.ask("close")
    assert await api.ask("logOut")

    assert (await api.call("getMe")).description == "400 Bad Request: Logged out"


async def test_poll_of_a_client_that_went_away_is_over(
    server: TelegramServer, api: Client
) -> None:
    async with asyncio.timeout(5):
        poll = asyncio.create_task(api.call("getUpdates", timeout=50))
        await wait_for_poll(server)
        poll.cancel()
        await asyncio.wait({poll})
        await server.user("Ada").write(server.bot, "Hello")

        assert len(await api.ask("getUpdates", timeout=50)) == 1


async def test_secret_of_a_webhook_is_not_in_the_log(
    server: TelegramServer, api: Client
) -> None:
    await api.ask("setWebhook", url="http://127.0.0.1:9/hook", secret_token="hush")

    assert "hush" not in repr(server.calls) + repr(server.bot.updates.webhook)
