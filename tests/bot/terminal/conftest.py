"""A bot that really runs, and a model server that answers as a test wants it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.bot.conftest import Home

ADDRESS = re.compile(r"is at (http://\S+)")
FORM_TOKEN = re.compile(r'"form_token":\s*"([0-9a-f]+)"')
WAIT_S = 40
READY = "Ctrl+C ends it."


@dataclass
class Running:
    """A `hearthbot run` and its page.

    Attributes:
        started_s: how long it took from the command to the address.
        lines: what it wrote to stderr so far.
    """

    process: asyncio.subprocess.Process
    client: httpx.AsyncClient
    started_s: float
    lines: list[str] = field(default_factory=list)
    token: str = ""

    async def sign_in(self, name: str) -> None:
        """Visit the page and take a name."""
        found = FORM_TOKEN.search((await self.client.get("/")).text)
        assert found is not None
        self.token = found[1]
        answer = await self.client.post(
            "/api/name",
            json={"name": name},
            headers={"X-Hearthbot-Form": self.token},
        )
        assert answer.status_code == 200

    async def say(self, text: str) -> None:
        """Write into #general."""
        answer = await self.client.post(
            "/api/messages",
            files=[("room", (None, b"general")), ("text", (None, text.encode()))],
            headers={"X-Hearthbot-Form": self.token},
        )
        assert answer.status_code == 201

    async def read(self) -> list[str]:
        """Return what #general shows now."""
        room = (await self.client.get("/api/rooms/general")).json()
        return [message["text"] for message in room["messages"]]

    async def read_until(self, is_enough: Callable[[list[str]], bool]) -> list[str]:
        """Read #general until it shows enough."""
        async with asyncio.timeout(WAIT_S):
            # A reader looks again: over HTTP there is no event for it.
            while not is_enough(texts := await self.read()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            return texts

    async def until_ready(self) -> None:
        """Wait until /readyz says yes."""
        async with asyncio.timeout(WAIT_S):
            while (await self.client.get("/readyz")).is_error:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def end(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal; return the exit code, and how many seconds it took."""
        begun_s = time.monotonic()
        self.process.send_signal(number)
        assert self.process.stderr is not None
        async with asyncio.timeout(WAIT_S):
            rest = await self.process.stderr.read()
            code = await self.process.wait()
        self.lines += rest.decode().splitlines()
        return code, time.monotonic() - begun_s


Start = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture
def start(home: Home) -> Start:
    """Return a function that starts `hearthbot run`, and ends it with the block."""

    @asynccontextmanager
    async def started(*arguments: str) -> AsyncIterator[Running]:
        begun_s = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *home.command,
            "run",
            *arguments,
            cwd=home.folder,
            env=home.environ,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        lines: list[str] = []
        try:
            async with asyncio.timeout(WAIT_S):
                url = await _address(process, lines)
            async with httpx.AsyncClient(base_url=url, timeout=WAIT_S) as client:
                yield Running(process, client, time.monotonic() - begun_s, lines)
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()

    return started


async def _address(process: asyncio.subprocess.Process, lines: list[str]) -> str:
    """Read its stderr until it is ready, and return the address of its page."""
    assert process.stderr is not None
    while not lines or lines[-1] != READY:
        line = await process.stderr.readline()
        assert line, f"it ended before it was ready: {lines}"
        lines.append(line.decode().rstrip())
    found = ADDRESS.search("\n".join(lines))
    assert found is not None
    return found[1]


class ModelServer:
    """Speaks as much of OpenAI's protocol as the backend needs.

    Attributes:
        pieces: what it says, piece by piece, after so many requests before.
        may_end: clear it, and answers stop before their end until it is set.
        prompts: the turns of every request so far.
    """

    def __init__(self) -> None:
        self.url = ""
        self.pieces: Callable[[int], tuple[str, ...]] = lambda number: ("Yes.",)
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.prompts: list[list[dict[str, str]]] = []

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request and close."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = re.search(r"content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            if head.startswith("post /v1/chat/completions "):
                await self._answer(json.loads(body), writer)
            else:
                writer.write(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked was killed: that is the point
        finally:
            writer.close()

    async def _answer(
        self, asked: dict[str, Any], writer: asyncio.StreamWriter
    ) -> None:
        self.prompts.append(asked["messages"])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
        writer.write(b"Connection: close\r\n\r\n")
        for piece in self.pieces(len(self.prompts) - 1):
            _send(writer, {"choices": [{"delta": {"content": piece}}]})
            await writer.drain()
        await self.may_end.wait()
        _send(writer, {"choices": [{"delta": {}, "finish_reason": "stop"}]})
        writer.write(b"data: [DONE]\n\n")


def _send(writer: asyncio.StreamWriter, value: object) -> None:
    writer.write(b"data: " + json.dumps(value).encode() + b"\n\n")


@pytest.fixture
async def model_server(home: Home) -> AsyncIterator[ModelServer]:
    """A server that the settings in `home` name."""
    model = ModelServer()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        model.url = f"http://127.0.0.1:{port}/v1"
        home.write_config(
            "[bot]\nfirst_contact = false\n"
            f'[models.chat]\nmodel = "served"\nbase_url = "{model.url}"\n'
            "[adapters.web]\nport = 0\n"
        )
        yield model
        model.may_end.set()
