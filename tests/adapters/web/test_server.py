import asyncio
import errno
import socket
from typing import Any

import pytest

from adapters.web import server
from adapters.web.server import WebServer, listen
from bot.errors import ConfigError


def test_port_in_use_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            listen("127.0.0.1", port)
    said = str(caught.value)
    assert all(part in said for part in ("127.0.0.1", str(port), "adapters.web.port"))


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host.invalid"])
def test_host_of_another_machine_is_explained(host: str) -> None:
    with pytest.raises(ConfigError, match=r"adapters\.web\.host"):
        listen(host, 0)


def test_port_that_needs_rights_is_explained() -> None:
    error = OSError(errno.EACCES, "Permission denied")
    said = str(server.cannot_listen(error, "127.0.0.1", 80))
    assert "80" in said
    assert "8420" in said


async def test_app_that_cannot_start_is_not_waited_for() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise OSError("no")

    listener = listen("127.0.0.1", 0)
    with pytest.raises(RuntimeError, match="could not start"):
        async with WebServer(broken, listener):
            pass
    assert listener.fileno() == -1


async def test_start_that_is_given_up_leaves_nothing_running() -> None:
    is_starting, may_go_on = asyncio.Event(), asyncio.Event()
    told: list[str] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        for step in ("startup", "shutdown"):
            told.append((await receive())["type"])
            is_starting.set()
            await may_go_on.wait()
            await send({"type": f"lifespan.{step}.complete"})

    listener = listen("127.0.0.1", 0)
    async with asyncio.timeout(20):
        starting = asyncio.create_task(WebServer(slow, listener).__aenter__())
        await is_starting.wait()
        starting.cancel()
        may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await starting
    assert told == ["lifespan.startup", "lifespan.shutdown"]
    assert listener.fileno() == -1
    assert asyncio.all_tasks() == {asyncio.current_task()}
