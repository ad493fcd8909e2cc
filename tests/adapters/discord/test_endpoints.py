"""One client is turned around, and only that one."""

import discord
import pytest
from discord.http import Route

from adapters.discord.endpoints import Endpoints, use_endpoints

ELSEWHERE = Endpoints("http://localhost:1/api/v10/", "ws://localhost:2/gate")
MESSAGES = "https://discord.com/api/v10/channels/1/messages"


def client() -> discord.AutoShardedClient:
    return discord.AutoShardedClient(
        intents=discord.Intents.none(), max_ratelimit_timeout=45.0
    )


@pytest.mark.parametrize(
    ("asked", "gets"),
    [
        (MESSAGES, "http://localhost:1/api/v10/channels/1/messages"),
        ("https://discord.com/channels/1/2", "https://discord.com/channels/1/2"),
        ("https://cdn.discordapp.com/a.png", "https://cdn.discordapp.com/a.png"),
        ("wss://gateway.discord.gg/?v=10&x=y", "ws://localhost:2/gate?v=10&x=y"),
        ("wss://gateway-us-east1-b.discord.gg/?v=10", "ws://localhost:2/gate?v=10"),
        ("wss://discord.gg.evil.example/?v=10", "wss://discord.gg.evil.example/?v=10"),
        ("ws://localhost:9/?v=10", "ws://localhost:9/?v=10"),
    ],
)
def test_only_discords_own_addresses_are_replaced(asked: str, gets: str) -> None:
    assert ELSEWHERE.redirected(asked) == gets


@pytest.mark.parametrize("asked", [MESSAGES, "wss://gateway.discord.gg/?v=10"])
def test_without_addresses_all_stays_at_discord(asked: str) -> None:
    assert Endpoints().redirected(asked) == asked


def test_without_addresses_the_client_is_left_as_it_is() -> None:
    plain = client()
    http = plain.http
    use_endpoints(plain, Endpoints())
    assert plain.http is http


def test_a_client_that_asks_elsewhere_keeps_its_settings() -> None:
    turned, plain = client(), client()
    use_endpoints(turned, ELSEWHERE)
    assert turned.http.max_ratelimit_timeout == 45.0
    assert turned._connection.http is turned.http
    assert type(plain.http) is not type(turned.http)
    assert Route.BASE == "https://discord.com/api/v10"
