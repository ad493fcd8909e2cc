"""What a real connection brings: limits, failures, drops, many people at once."""

import asyncio
import io
import logging
import time
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from adapters.discord.outbox import RATES
from bot.errors import (
    ForbiddenError,
    MissingError,
    NetworkError,
    PlatformError,
    RateLimitedError,
)
from bot.fake_settings import FakeSettings
from bot.logs import configure_logging
from bot.messages import Attachment, Button, Reply
from tests.adapters.discord.served import EchoInbox, served
from tests.discord_server.intents import Intent
from tests.discord_server.permissions import Permission
from tests.discord_server.server import DiscordServer

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        yield started


async def ask(server: DiscordServer, text: str = "hello") -> None:
    await server.say(server.general, server.ann, f"<@{server.bot.id}> {text}")


async def answered(server: DiscordServer, inbox: EchoInbox, number: int) -> list[str]:
    async with asyncio.timeout(30):
        while len(inbox.messages) < number:  # noqa: ASYNC110 - comes over a socket
            await asyncio.sleep(0.01)
        await inbox.idle()
    return server.said(server.general)


async def test_question_is_answered(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox) as adapter:
        assert adapter.is_online
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        reply = server.messages(server.general)[-1]
        assert [user.id for user in reply.pinged_users] == [server.ann.id]
    assert not adapter.is_online


async def test_too_many_requests_are_waited_out(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        server.flood(server.general, 0.5)
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        assert server.rates.num_limited >= 1
        assert inbox.failed == []


async def test_whole_bot_waits_where_discord_says_so(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        server.flood(None, 0.5, is_global=True)
        begun_s = time.monotonic()
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        assert time.monotonic() - begun_s >= 0.4


async def test_server_errors_are_tried_again(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        server.fail(SEND, status=502, times=2)
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]


@pytest.mark.parametrize("is_carried_out", [True, False])
async def test_broken_connection_makes_no_message_twice(
    server: DiscordServer, *, is_carried_out: bool
) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        server.cut(SEND, is_carried_out=is_carried_out)
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        server.cut(EDIT, is_carried_out=is_carried_out)
        long = " ".join(["word"] * 100)
        await ask(server, long)
        said = await answered(server, inbox, 2)
        assert said == ["echo hello", f"echo {long}"]
        assert inbox.failed == []


async def test_post_whose_answer_was_lost_is_there_once(server: DiscordServer) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        server.cut(SEND, is_carried_out=True)
        with pytest.raises(NetworkError):
            await adapter.send(place, Reply("Once."), nonce="d-1")
        await adapter.send(place, Reply("Once."), nonce="d-1")
        assert server.said(server.general) == ["Once."]


async def test_files_of_many_kinds_arrive(server: DiscordServer) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        files = (
            Attachment("a.txt", "text/plain", b"a" * 100_000),
            Attachment("ü 你.png", "image/png", b"\x89PNG" + bytes(1000)),
        )
        await adapter.send(place, Reply("Here.", (), files))
        sent = server.messages(server.general)[-1]
        assert [file.content for file in sent.attachments] == [
            files[0].content,
            files[1].content,
        ]


async def test_files_that_come_are_fetched(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        await server.say(
            server.general,
            server.ann,
            f"<@{server.bot.id}> look",
            attachments=[("a.txt", b"bytes")],
        )
        await answered(server, inbox, 1)
        (file,) = inbox.messages[0].attachments
        assert (file.name, file.content, file.is_voice) == ("a.txt", b"bytes", False)


async def test_fifty_conversations_at_once_are_all_answered(
    server: DiscordServer,
) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        people = [server.world.add_user(f"p{number}") for number in range(50)]
        places = [server.world.dm(person) for person in people]
        await asyncio.gather(
            *(
                server.say(place, person, f"hello {person.name}")
                for place, person in zip(places, people, strict=True)
            )
        )
        await answered(server, inbox, 50)
        assert [server.said(place) for place in places] == [
            [f"echo hello {person.name}"] for person in people
        ]
        assert inbox.failed == []


async def test_dropped_gateway_resumes_and_nothing_is_lost_or_heard_twice(
    server: DiscordServer,
) -> None:
    inbox = EchoInbox()
    async with served(server, inbox):
        await server.gateway.drop()
        for number in range(3):
            await ask(server, str(number))
        said = await answered(server, inbox, 3)
        assert sorted(said) == ["echo 0", "echo 1", "echo 2"]
        assert server.gateway.num_resumes == 1


async def test_invalid_session_begins_anew_and_tells_no_commands_again(
    server: DiscordServer,
) -> None:
    inbox = EchoInbox()
    async with served(server, inbox) as adapter:
        await server.gateway.invalidate()
        async with asyncio.timeout(20):
            while server.gateway.num_identifies < 2:  # noqa: ASYNC110 - a socket
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        told = server.called("PUT /applications/{application_id}/commands")
        assert len(told) == 1
        assert adapter.is_online


async def test_commands_are_told_once_over_many_starts(server: DiscordServer) -> None:
    settings = FakeSettings()
    for _ in range(3):
        async with served(server, settings=settings):
            pass
    told = server.called("PUT /applications/{application_id}/commands")
    assert len(told) == 1


async def test_command_and_press_are_answered(server: DiscordServer) -> None:
    inbox = EchoInbox()
    async with served(server, inbox) as adapter:
        used = await server.slash(server.general, server.ann, "help")
        await used.answered()
        assert await answered(server, inbox, 1) == ["echo /help"]
        place = adapter.channel(server.general.id)
        await adapter.send(place, Reply("Well?", (Button("Go", "/go"),)))
        message = server.messages(server.general)[-1]
        pressed = await server.press(message, "Go", server.ben)
        await pressed.answered()
        async with asyncio.timeout(5):
            while not inbox.presses:  # noqa: ASYNC110 - comes over a socket
                await asyncio.sleep(0.01)
        assert inbox.presses[0].command == "/go"


async def test_right_that_only_discord_knows_is_missing_is_told(
    server: DiscordServer,
) -> None:
    told: list[Any] = []
    async with served(server, told=told) as adapter:
        place = adapter.channel(server.general.id)
        server.deny(server.general, Permission.SEND_MESSAGES)  # no event says so
        for _ in range(3):
            with pytest.raises(ForbiddenError):
                await adapter.send(place, Reply("Hello"))
        assert len(told) == 1
        assert "#general" in str(told[0])


async def test_refusals_are_counted_long_before_the_ban(server: DiscordServer) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        server.deny(server.general, Permission.SEND_MESSAGES)
        with pytest.raises(ForbiddenError):
            await adapter.send(place, Reply("Hello"))
        assert adapter._governor.status().num_invalid == 1
        assert adapter._governor.status().invalid_limit == 10_000


async def test_every_429_counts_also_where_discord_py_waits_it_out(
    server: DiscordServer,
) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        server.flood(server.general, 0.3)
        await adapter.send(place, Reply("Hello"))
        assert server.rates.num_limited >= 1
        assert adapter._governor.status().num_invalid == server.rates.num_limited


async def test_voice_message_goes_out_as_one(server: DiscordServer) -> None:
    note = SimpleNamespace(duration_s=1.25, waveform_base64="AAAA")
    async with served(server, describe_voice=lambda content: note) as adapter:
        place = adapter.channel(server.general.id)
        voice = Attachment("voice.ogg", "audio/ogg", b"OggS", is_voice=True)
        await adapter.send(place, Reply("Listen:", (), (voice,)), nonce="v-1")
        text, spoken = server.messages(server.general)
        assert (text.content, text.attachments) == ("Listen:", [])
        assert spoken.flags & 8192
        (file,) = spoken.attachments
        assert (file.content, file.duration_s) == (b"OggS", 1.25)
        assert await adapter.send(place, Reply("", (), (voice,)), nonce="v-2")
        await adapter.send(place, Reply("Listen:", (), (voice,)), nonce="v-1")
        assert len(server.messages(server.general)) == 3


async def test_voice_message_that_cannot_be_drawn_goes_out_as_a_file(
    server: DiscordServer,
) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        voice = Attachment("voice.ogg", "audio/ogg", b"OggS", is_voice=True)
        await adapter.send(place, Reply("Listen:", (), (voice,)))
        (sent,) = server.messages(server.general)
        assert [file.name for file in sent.attachments] == ["voice.ogg"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as much of it as there can be."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level, known = root.handlers, root.level, structlog.get_config()
    configure_logging("debug", is_terminal=False, stream=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**known)


async def test_token_is_in_no_log_and_no_error(log: io.StringIO) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AbCdEf.abcdefghijklmnopqrstuvwxyz01"
    async with DiscordServer(token=token) as server:
        inbox = EchoInbox()
        async with served(server, inbox) as adapter:
            await ask(server)
            await answered(server, inbox, 1)
            with pytest.raises(PlatformError) as raised:
                await adapter.send(_somewhere(), Reply("Hello"))
            assert token not in repr(adapter) + repr(raised.value)
    assert "discord.gateway" in log.getvalue()
    assert token not in log.getvalue()
    assert token.rpartition(".")[2] not in log.getvalue()


async def test_long_pause_is_not_slept_through_but_told(server: DiscordServer) -> None:
    async with served(server) as adapter:
        place = adapter.channel(server.general.id)
        server.flood(server.general, 300)
        with pytest.raises(RateLimitedError) as limited:
            await adapter.send(place, Reply("Hello"))
        assert limited.value.retry_after_s > 200
        assert adapter._governor.busy("all", f"send:{server.general.id}") > 200
        # Others are not held up by it.
        await adapter.send(adapter.channel(server.news.id), Reply("News"))
        assert server.said(server.news) == ["News"]


async def test_pace_of_a_channel_is_kept_before_discord_has_to_ask(
    server: DiscordServer,
) -> None:
    async with served(server, rates=RATES) as adapter:
        place = adapter.channel(server.general.id)
        sending = [adapter.send(place, Reply(str(number))) for number in range(8)]
        begun_s = time.monotonic()
        await asyncio.gather(*sending)
        assert time.monotonic() - begun_s > 2
        assert len(server.said(server.general)) == 8
        assert server.rates.num_limited == 0


async def test_wrong_token_says_where_to_get_another(server: DiscordServer) -> None:
    with pytest.raises(MissingError, match=r"discord\.com/developers.*Reset") as error:
        async with served(server, token="wrong.token.here"):
            raise AssertionError
    assert "wrong.token" not in repr(error.value)


async def test_missing_intent_says_where_to_switch_it_on(
    server: DiscordServer,
) -> None:
    server.gateway.allowed = Intent.NONE
    with pytest.raises(MissingError, match="Message Content Intent") as error:
        async with served(server):
            raise AssertionError
    assert f"/{server.bot.id}/bot" in str(error.value)


async def test_without_the_intent_mentions_are_answered(server: DiscordServer) -> None:
    server.gateway.allowed = Intent.NONE
    inbox = EchoInbox()
    async with served(server, inbox, config={"message_content": False}):
        await server.say(server.general, server.ann, "secret")
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]
        assert len(inbox.messages) == 1


async def test_intent_that_is_taken_away_while_it_runs_ends_discord_and_not_the_bot(
    server: DiscordServer,
) -> None:
    async with served(server) as adapter:
        server.gateway.allowed = Intent.NONE
        await server.gateway.invalidate()
        async with asyncio.timeout(20):
            while adapter.is_online:  # noqa: ASYNC110 - comes over a socket
                await asyncio.sleep(0.05)
        await asyncio.sleep(6)  # discord.py waits before it identifies anew
        assert not adapter.is_online
        assert server.gateway.closes == [4014]


async def test_network_that_is_down_does_not_stop_the_start() -> None:
    async with DiscordServer() as gone:
        pass
    async with served(gone, ready_s=0.3) as adapter:
        assert not adapter.is_online
        with pytest.raises(NetworkError, match="not connected"):
            adapter.channel("1")
        with pytest.raises(PlatformError):
            await adapter.send(_somewhere(), Reply("Hello"))


async def test_network_that_comes_back_is_found(server: DiscordServer) -> None:
    inbox = EchoInbox()
    server.fail("GET /users/@me", status=503, times=1)
    server.cut("GET /users/@me", is_carried_out=False, times=1)
    async with served(server, inbox) as adapter:
        async with asyncio.timeout(20):
            while not adapter.is_online:  # noqa: ASYNC110 - comes over a socket
                await asyncio.sleep(0.05)
        await ask(server)
        assert await answered(server, inbox, 1) == ["echo hello"]


def _somewhere() -> Any:
    from bot.messages import Channel

    return Channel("discord", "1", "2")
