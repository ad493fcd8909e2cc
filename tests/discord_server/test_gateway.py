"""The gateway without an SDK: who is let in, what is sent again, what is left out."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.discord_server.intents import Intent
from tests.discord_server.server import DiscordServer

ALL = int(Intent((1 << 26) - 1))
PLAIN = int(Intent.GUILDS | Intent.GUILD_MESSAGES)


class Socket:
    """A web socket that speaks the gateway's JSON."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, body: object) -> None:
        await self.socket.send_json({"op": op, "d": body})

    async def next(self) -> dict[str, Any]:
        payload: dict[str, Any] = await self.socket.receive_json(timeout=5.0)
        return payload

    async def until(self, event: str) -> dict[str, Any]:
        while (payload := await self.next())["t"] != event:
            pass
        return payload

    async def close_code(self) -> int | None:
        while not self.socket.closed:
            await self.socket.receive(timeout=5.0)
        return self.socket.close_code

    async def identify(self, server: DiscordServer, **changed: object) -> None:
        fields: dict[str, object] = {"token": server.token, "intents": PLAIN}
        await self.send(2, fields | changed)


@asynccontextmanager
async def connected(server: DiscordServer) -> AsyncIterator[Socket]:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.gateway_url) as socket,
    ):
        opened = Socket(socket)
        assert (await opened.next())["op"] == 10
        yield opened
        await socket.close(code=4000)  # not a farewell: the session stays


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"intents": ALL}, 4014),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_closes_with_its_code(
    server: DiscordServer, changed: dict[str, object], code: int
) -> None:
    server.gateway.allowed = Intent.GUILD_MEMBERS
    async with connected(server) as socket:
        await socket.identify(server, **changed)
        assert await socket.close_code() == code
    assert server.gateway.closes == [code]
    assert not server.gateway.is_connected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", 4002),
        ('{"op": 99}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 1, "d": "' + "a" * 4096 + '"}', 4002),
    ],
)
async def test_nonsense_closes_with_its_code(
    server: DiscordServer, text: str, code: int
) -> None:
    async with connected(server) as socket:
        await socket.socket.send_str(text)
        assert await socket.close_code() == code


async def test_two_identifies_or_too_many_events_close(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        await socket.identify(server)
        assert await socket.close_code() == 4005
    async with connected(server) as socket:
        for _ in range(121):
            await socket.send(1, None)
        assert await socket.close_code() == 4008


async def test_what_was_missed_is_sent_again_in_order(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        ready = await socket.until("READY")
        await socket.until("GUILD_CREATE")
        await server.say(server.general, server.ann, "one")
        seen = (await socket.until("MESSAGE_CREATE"))["s"]
        await server.gateway.drop()
    await server.say(server.general, server.ann, "two")
    await server.say(server.general, server.ann, "three")
    fields = {"token": server.token, "session_id": ready["d"]["session_id"]}
    async with connected(server) as socket:
        await socket.send(6, fields | {"seq": seen})
        missed = [await socket.next() for _ in range(3)]
        assert [payload["t"] for payload in missed[:2]] == ["MESSAGE_CREATE"] * 2
        assert [payload["s"] for payload in missed] == [seen + 1, seen + 2, seen + 3]
        assert missed[2]["t"] == "RESUMED"
    for body, answer in (
        (fields | {"seq": 99}, 4007),
        (fields | {"token": "wrong", "seq": 1}, 4004),
    ):
        async with connected(server) as socket:
            await socket.send(6, body)
            assert await socket.close_code() == answer


async def test_a_session_that_is_over_is_not_resumed(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        session_id = (await socket.until("READY"))["d"]["session_id"]
        await server.gateway.drop(resumable=False, code=4000)
    for wanted in (session_id, "unknown"):
        async with connected(server) as socket:
            body = {"token": server.token, "session_id": wanted, "seq": 1}
            await socket.send(6, body)
            assert await socket.next() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_farewell_ends_the_session(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        session_id = (await socket.until("READY"))["d"]["session_id"]
        await socket.socket.close(code=1000)
    async with connected(server) as socket:
        body = {"token": server.token, "session_id": session_id, "seq": 1}
        await socket.send(6, body)
        assert (await socket.next())["op"] == 9


async def test_the_content_of_others_needs_leave(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        await socket.until("GUILD_CREATE")
        files = [("a.txt", b"a")]
        await server.say(server.general, server.ann, "hidden", attachments=files)
        hidden = await socket.until("MESSAGE_CREATE")
        assert (hidden["d"]["content"], hidden["d"]["attachments"]) == ("", [])
        said = await server.say(server.general, server.ann, f"<@{server.bot.id}> hi")
        assert (await socket.until("MESSAGE_CREATE"))["d"]["content"] == said.content


async def test_dms_need_an_intent_of_their_own(server: DiscordServer) -> None:
    dm = server.world.dm(server.ann)
    async with connected(server) as socket:
        await socket.identify(server)
        await socket.until("GUILD_CREATE")
        await server.say(dm, server.ann, "psst")
        await server.say(server.general, server.ann, "hello")
        first = await socket.until("MESSAGE_CREATE")
        assert first["d"]["channel_id"] == server.general.id
    async with connected(server) as socket:
        await socket.identify(server, intents=PLAIN | Intent.DIRECT_MESSAGES)
        await socket.until("GUILD_CREATE")
        await server.say(dm, server.ann, "psst")
        assert (await socket.until("MESSAGE_CREATE"))["d"]["content"] == "psst"


async def test_each_guild_goes_to_one_shard(server: DiscordServer) -> None:
    shard = (int(server.guild.id) >> 22) % 2
    async with connected(server) as socket:
        await socket.identify(server, shard=[1 - shard, 2])
        assert (await socket.until("READY"))["d"]["guilds"] == []
    async with connected(server) as socket:
        await socket.identify(server, shard=[shard, 2])
        ready = await socket.until("READY")
        assert ready["d"]["guilds"] == [{"id": server.guild.id, "unavailable": True}]


async def test_a_stream_is_packed_by_one_compressor(server: DiscordServer) -> None:
    unpacker = zlib.decompressobj()
    url = server.gateway_url + "?compress=zlib-stream"
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        packed = await socket.receive_bytes(timeout=5.0)
        assert packed.endswith(b"\x00\x00\xff\xff")
        assert json.loads(unpacker.decompress(packed))["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        packed = await socket.receive_bytes(timeout=5.0)
        assert json.loads(unpacker.decompress(packed))["op"] == 11


async def test_a_silent_gateway_keeps_what_happens(server: DiscordServer) -> None:
    async with connected(server) as socket:
        await socket.identify(server)
        session_id = (await socket.until("READY"))["d"]["session_id"]
        await socket.until("GUILD_CREATE")
        server.gateway.is_silent = True
        await server.say(server.general, server.ann, "anybody?")
        await socket.send(1, None)
        with pytest.raises(TimeoutError):
            await socket.socket.receive_json(timeout=0.1)
        server.gateway.is_silent = False
    assert server.gateway.num_heartbeats == 1
    async with connected(server) as socket:
        fields = {"token": server.token, "session_id": session_id, "seq": 2}
        await socket.send(6, fields)
        missed = await socket.next()
        assert missed["d"]["id"] == server.messages(server.general)[0].id
