"""Updates that Telegram sends by itself."""

import socket

import httpx
import pytest

from adapters.telegram.adapter import TelegramAdapter
from bot.errors import ConfigError
from bot.messages import Reply
from tests.adapters.telegram.rig import Rig


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def behind_webhook(rig: Rig, port: int) -> TelegramAdapter:
    return rig.adapter(
        webhook_url=f"http://127.0.0.1:{port}/hook/here", webhook_port=port
    )


async def test_message_comes_in_and_is_answered_by_webhook(rig: Rig) -> None:
    ada = rig.server.user("Ada")
    async with behind_webhook(rig, free_port()) as bot:
        await rig.server.until(lambda: rig.server.bot.updates.webhook)
        await ada.write(rig.server.bot, "Hello")
        (message,) = await rig.inbox.wait_messages(1)
        await bot.open_reply(message).finish(Reply("Hello, Ada."))
        await rig.server.until(lambda: not rig.server.bot.updates.pending)
    assert [m.text for m in rig.server.private(ada).by(rig.server.bot)] == [
        "Hello, Ada."
    ]
    assert not rig.server.calls.of("getUpdates")


@pytest.mark.parametrize("given", ["", "wrong", "é"])
async def test_who_does_not_know_the_secret_is_turned_away(
    rig: Rig, given: str
) -> None:
    port = free_port()
    async with behind_webhook(rig, port):
        await rig.server.until(lambda: rig.server.bot.updates.webhook)
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                f"http://127.0.0.1:{port}/hook/here",
                json={"update_id": 1},
                headers=[(b"X-Telegram-Bot-Api-Secret-Token", given.encode())],
            )
            elsewhere = await http.post(f"http://127.0.0.1:{port}/", json={})
    assert answer.status_code == 403
    assert elsewhere.status_code == 404


async def test_nonsense_with_the_secret_is_refused(rig: Rig) -> None:
    port = free_port()
    async with behind_webhook(rig, port):
        await rig.server.until(lambda: rig.server.bot.updates.webhook)
        hook = rig.server.bot.updates.webhook
        assert hook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret_token}
        async with httpx.AsyncClient(trust_env=False) as http:
            statuses = [
                (await http.post(hook.url, content=body, headers=headers)).status_code
                for body in (b"{", b"[]", b"x" * 3_000_000, b'{"update_id": 5}')
            ]
    assert statuses == [400, 400, 413, 200]


async def test_update_that_comes_twice_is_handed_in_once(rig: Rig) -> None:
    ada = rig.server.user("Ada")
    port = free_port()
    async with behind_webhook(rig, port):
        await rig.server.until(lambda: rig.server.bot.updates.webhook)
        hook = rig.server.bot.updates.webhook
        assert hook is not None
        message = ada.post(rig.server.bot, "Hello")
        await rig.inbox.wait_messages(1)
        update = {
            "update_id": 100_000_001 + 1000,
            "message": rig.server.world.message_json(message),
        }
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret_token}
        async with httpx.AsyncClient(trust_env=False) as http:
            for _ in range(3):
                await http.post(hook.url, json=update, headers=headers)
    assert len(rig.inbox.messages) <= 2


async def test_port_that_is_taken_ends_the_start_in_plain_words(rig: Rig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(ConfigError, match=rf"webhook.*{port}"):
            async with behind_webhook(rig, port):
                pass
