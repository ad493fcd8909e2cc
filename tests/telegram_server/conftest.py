"""A server, a clock that stands still, and a plain client."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.clock import FakeClock
from tests.telegram_server.client import Client
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.webhooks import NO_TLS


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server(clock: FakeClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=clock) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, verify=NO_TLS) as http:
        yield http


@pytest.fixture
def api(server: TelegramServer, http: httpx.AsyncClient) -> Client:
    return Client(http, server.base_url, server.token)
