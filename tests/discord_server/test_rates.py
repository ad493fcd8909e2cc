"""Rate limits: buckets, the limit of all, storms, and what ends in a ban."""

import pytest

from bot.clock import FakeClock
from tests.discord_server.caller import Answered, Caller, calling
from tests.discord_server.rates import Rate
from tests.discord_server.server import DiscordServer

SEND = "POST /channels/{channel_id}/messages"
Still = tuple[DiscordServer, FakeClock]


async def send(call: Caller, server: DiscordServer, place: str = "") -> Answered:
    channel_id = place or server.general.id
    return await call("POST", f"/channels/{channel_id}/messages", {"content": "a"})


async def test_a_full_bucket_says_when_it_is_empty_again(still_server: Still) -> None:
    server, clock = still_server
    server.rates.by_route[SEND] = Rate(2, 5.0)
    async with calling(server) as call:
        first, second, third = [await send(call, server) for _ in range(3)]
        assert first.headers["X-RateLimit-Limit"] == "2"
        assert first.headers["X-RateLimit-Remaining"] == "1"
        assert second.headers["X-RateLimit-Remaining"] == "0"
        assert second.headers["X-RateLimit-Reset-After"] == "5.0"
        assert (third.status, third.body["retry_after"]) == (429, 5.0)
        assert third.headers["Via"]
        assert third.headers["Retry-After"] == "5"
        assert "X-RateLimit-Global" not in third.headers
        assert third.body["global"] is False
        other = await send(call, server, server.news.id)
        assert other.status == 200
        assert (
            other.headers["X-RateLimit-Bucket"] == first.headers["X-RateLimit-Bucket"]
        )
        await clock.advance(5.0)
        assert (await send(call, server)).status == 200
    assert server.rates.num_limited == 1
    assert len(server.said(server.general)) == 3


async def test_all_routes_share_fifty_calls_a_second(still_server: Still) -> None:
    server, clock = still_server
    async with calling(server) as call:
        for _ in range(50):
            assert (await call("GET", "/users/@me")).status == 200
        limited = await send(call, server)
        assert limited.status == 429
        assert limited.headers["X-RateLimit-Global"] == "true"
        assert limited.body["global"] is True
        callback = await call("POST", "/interactions/1/x/callback", {"type": 4})
        assert callback.refusal == (404, 10062)
        await clock.advance(1.0)
        assert (await send(call, server)).status == 200


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_storm_hits_what_it_was_ordered_for(
    still_server: Still, is_global: bool
) -> None:
    server, clock = still_server
    server.flood(server.general, 3.0, is_global=is_global)
    async with calling(server) as call:
        limited = await send(call, server)
        assert (limited.status, limited.body["retry_after"]) == (429, 3.0)
        assert limited.body["global"] is is_global
        assert (await send(call, server, server.news.id)).status == 200
        await clock.advance(3.0)
        assert (await send(call, server)).status == 200
        server.flood(SEND, 1.0)
        assert (await send(call, server, server.news.id)).status == 429
        await clock.advance(1.0)
        server.flood(None, 1.0)
        assert (await call("GET", "/users/@me")).status == 429


async def test_too_many_wrong_calls_end_in_a_ban(still_server: Still) -> None:
    server, clock = still_server
    server.rates.most_invalid = 2
    async with calling(server) as call:
        for _ in range(2):
            await call("GET", "/users/@me", token="wrong")
        banned = await call("GET", "/users/@me")
        assert (banned.status, "Via" in banned.headers) == (429, False)
        await clock.advance(600.0)
        assert (await call("GET", "/users/@me")).status == 200
