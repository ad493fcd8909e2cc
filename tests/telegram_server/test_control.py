"""The people played by hand, over HTTP, as `python -m` offers it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.control import Control
from tests.telegram_server.server import TelegramServer

ROOT = Path(__file__).parent.parent.parent
BUTTONS = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}


@pytest.fixture
async def played(clock: FakeClock) -> AsyncIterator[TelegramServer]:
    control = Control()
    server = TelegramServer(clock=clock, routes=control.routes())
    control.server = server
    ada = server.user("Ada")
    server.private(ada)
    server.group("Friends", ada)
    async with server:
        yield server


class Hand:
    """Plays with calls as curl makes them."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def play(self, verb: str, **fields: str) -> Any:
        response = await self._http.post(f"{self._url}/play/{verb}", data=fields)
        return response.json()


@pytest.fixture
def hand(http: httpx.AsyncClient, played: TelegramServer) -> Hand:
    return Hand(http, played.url)


async def test_who_and_what_is_there_is_listed(
    http: httpx.AsyncClient, played: TelegramServer
) -> None:
    shown = (await http.get(f"{played.url}/play")).json()

    assert "Ada" in shown["people"]
    assert [chat["name"] for chat in shown["chats"]] == ["Ada", "Friends"]


@pytest.mark.parametrize(
    ("verb", "fields", "reason"),
    [
        ("dance", {}, "there are only look, write"),
        ("look", {"chat": "Nowhere"}, "no chat Nowhere"),
        ("write", {"chat": "Ada", "text": "a"}, "who is missing"),
        ("write", {"who": "Bo", "chat": "Ada", "text": "a"}, "nobody is called Bo"),
        ("write", {"who": "Ada", "chat": "Ada", "text": " "}, "NotAllowedError"),
        ("edit", {"who": "Ada", "chat": "Ada", "message": "9"}, "no message 9"),
        ("edit", {"who": "Ada", "chat": "Ada", "message": "x"}, "ValueError"),
    ],
)
async def test_what_cannot_be_played_is_said(
    hand: Hand, verb: str, fields: dict[str, str], reason: str
) -> None:
    assert reason in (await hand.play(verb, **fields))["error"]


async def test_conversation_is_played_by_hand(
    played: TelegramServer, hand: Hand, http: httpx.AsyncClient
) -> None:
    api = Client(http, played.base_url, played.token)
    ada = {"who": "Ada", "chat": "Ada"}
    wrote = await hand.play("write", **ada, text="Hello")
    await api.ask(
        "sendMessage", chat_id=1002, text="*Hi*", parse_mode="MarkdownV2",
        reply_markup=BUTTONS,
    )  # fmt: skip
    answer = (await hand.play("look", chat="Ada"))["messages"][-1]

    assert answer["text"] == "Hi"
    assert answer["buttons"] == ["Stop"]
    assert answer["from"] == "Hearth"
    pressed = await hand.play(
        "press", **ada, message=str(answer["message_id"]), label="Stop"
    )
    assert pressed["query"] in played.bot.presses
    about = {**ada, "message": str(wrote["message_id"])}
    assert (await hand.play("edit", **about, text="Bye"))["text"] == "Bye"
    assert await hand.play("react", **about, emoji="🔥") is True
    reply = await hand.play(
        "write", **ada, text="Again", reply_to=str(answer["message_id"])
    )
    assert reply["text"] == "Again"
    assert (await hand.play("photo", **ada, text="Look"))["media"] == "photo"
    assert (await hand.play("voice", **ada))["media"] == "voice"
    assert await hand.play("delete", **about) is True
    await api.ask("sendMessageDraft", chat_id=1002, draft_id=1, text="Hm")
    await api.ask("sendChatAction", chat_id=1002, action="typing")
    shown = await hand.play("look", chat="Ada")
    assert shown["draft"] == "Hm"
    assert shown["actions"] == ["typing"]
    assert "Bye" not in [message.get("text") for message in shown["messages"]]


async def test_server_is_started_by_hand(http: httpx.AsyncClient) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.telegram_server", "--port", "0", "--no-privacy", "--flood"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    async with asyncio.timeout(60):
        lines = [(await server.stdout.readline()).decode() for _ in range(5)]
        token, base_url = (line.split()[1] for line in lines[2:4])
        api = Client(http, base_url, token)
        assert (await api.ask("getMe"))["can_read_all_group_messages"] is True
        while "Every call" not in (await server.stdout.readline()).decode():
            pass
        line = (await server.stdout.readline()).decode()
        server.terminate()
        await server.wait()
    assert line.startswith("  getMe 200")
