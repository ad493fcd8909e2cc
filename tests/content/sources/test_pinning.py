import ipaddress

import httpx
import pytest
from typing_extensions import override

from content.sources.addresses import IpAddress, is_public
from content.sources.errors import AddressRefusedError, UnreachableError
from content.sources.pinning import PinnedTransport, Resolver, SystemResolver


class Sequence(Resolver):
    """Gives another answer each time."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)

    @override
    async def resolve(self, host: str) -> tuple[IpAddress, ...]:
        return tuple(map(ipaddress.ip_address, self.answers.pop(0)))


class Recorder(httpx.AsyncBaseTransport):
    """Writes down what is called; some addresses do not answer."""

    def __init__(self, *deaf: str) -> None:
        self.deaf = deaf
        self.requests: list[httpx.Request] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host in self.deaf:
            raise httpx.ConnectError("deaf")
        return httpx.Response(200)


async def call(
    url: str, resolver: Resolver, inner: httpx.AsyncBaseTransport
) -> httpx.Response:
    transport = PinnedTransport(resolver, is_allowed=is_public, inner=inner)
    return await transport.handle_async_request(httpx.Request("GET", url))


async def test_name_that_changes_its_mind_is_not_asked_twice() -> None:
    resolver, inner = Sequence(("93.184.216.34",), ("127.0.0.1",)), Recorder()
    await call("https://rebind.example/x", resolver, inner)
    (request,) = inner.requests
    assert str(request.url) == "https://93.184.216.34/x"
    assert request.headers["host"] == "rebind.example"
    assert request.extensions["sni_hostname"] == "rebind.example"
    with pytest.raises(AddressRefusedError):
        await call("https://rebind.example/x", resolver, inner)
    assert len(inner.requests) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("93.184.216.34", "10.0.0.1"),
        ("10.0.0.1", "93.184.216.34"),
        ("2606:4700::1", "::ffff:169.254.169.254"),
        ("fe80::1%1",),
    ],
)
async def test_name_with_one_address_inside_is_refused(
    addresses: tuple[str, ...],
) -> None:
    inner = Recorder()
    with pytest.raises(AddressRefusedError, match="inside the own network"):
        await call("http://mixed.example/", Sequence(addresses), inner)
    assert inner.requests == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_address_inside_is_refused_without_asking_anybody(host: str) -> None:
    inner = Recorder()
    with pytest.raises(AddressRefusedError):
        await call(f"http://{host}/", Sequence(), inner)
    assert inner.requests == []


async def test_host_that_is_no_address_is_refused() -> None:
    with pytest.raises(AddressRefusedError, match="no address"):
        await call("http://1.2.3.4.5/", Sequence(), Recorder())


async def test_name_that_nobody_knows_is_said() -> None:
    with pytest.raises(UnreachableError, match=r"the name “gone\.example”"):
        await call("http://gone.example/", Sequence(()), Recorder())


async def test_next_address_is_called_where_one_does_not_answer() -> None:
    inner = Recorder("93.184.216.34")
    resolver = Sequence(("93.184.216.34", "2606:4700::1"))
    await call("http://two.example:80/a?b=c", resolver, inner)
    assert [str(request.url) for request in inner.requests] == [
        "http://93.184.216.34/a?b=c",
        "http://[2606:4700::1]/a?b=c",
    ]
    with pytest.raises(httpx.ConnectError):
        await call("http://one.example/", Sequence(("93.184.216.34",)), inner)


async def test_system_knows_this_machine_and_no_nonsense() -> None:
    found = await SystemResolver().resolve("localhost")
    assert found
    assert all(address.is_loopback for address in found)
    assert await SystemResolver().resolve("no.such.name.invalid") == ()
    assert await SystemResolver().resolve("a" * 300) == ()
