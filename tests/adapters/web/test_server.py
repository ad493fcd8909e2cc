import errno
import socket

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
