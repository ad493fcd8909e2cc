import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.clock import FakeClock
from content.sources.errors import (
    AddressRefusedError,
    NotReadableError,
    SourceError,
    StatusError,
    TooLargeError,
    TooSlowError,
    UnreachableError,
)
from content.sources.fetching import FEED, PAGE, Fetcher, Validators

if TYPE_CHECKING:
    from tests.content.sources.conftest import FakeResolver, Site


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/feed",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "http:///x",
        "http://",
        "http://exa\nmple.org/",
        "http://[::1",
        f"http://example.org/{'x' * 2000}",
    ],
)
async def test_what_is_no_address_of_the_web_is_refused(
    url: str, fetcher: Fetcher
) -> None:
    with pytest.raises(AddressRefusedError, match="no address of the web"):
        await fetcher.fetch(url, FEED)


@pytest.mark.parametrize("port", [22, 25, 8080, 8420, 65535, 99999])
async def test_other_ports_are_refused(port: int, clock: FakeClock) -> None:
    with pytest.raises(AddressRefusedError, match=f"port {port}"):
        await Fetcher(clock=clock).fetch(f"http://example.org:{port}/", FEED)


async def test_address_with_a_password_is_refused(
    fetcher: Fetcher, site: "Site"
) -> None:
    for user in ("ann:secret@", "ann@", ":@"):
        url = site.url.replace("//", f"//{user}")
        with pytest.raises(AddressRefusedError, match="password") as caught:
            await fetcher.fetch(url, FEED)
        assert "secret" not in str(caught.value)
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]"]
)
async def test_own_machine_is_refused_by_default(
    host: str, clock: FakeClock, site: "Site"
) -> None:
    fetcher = Fetcher(clock=clock, ports={site.port})
    with pytest.raises(AddressRefusedError, match="inside the own network"):
        await fetcher.fetch(f"http://{host}:{site.port}/", FEED)
    assert site.asked == []


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://10.0.0.1/", "inside the own network"),
        ("http://169.254.169.254/latest/meta-data/", "inside the own network"),
        ("http://metadata.example/", "inside the own network"),
        ("http://[::ffff:169.254.169.254]/", "inside the own network"),
        ("//192.168.1.1/admin", "inside the own network"),
        ("http://ann:b@example.org/", "password"),
        ("file:///etc/passwd", "no address of the web"),
        ("http://example.org:22/", "port 22"),
        ("http://gone.example/", "nobody knows the name"),
    ],
)
async def test_redirect_is_checked_anew(
    location: str, error: str, fetcher: Fetcher, site: "Site", resolver: "FakeResolver"
) -> None:
    resolver.known["metadata"] = [["169.254.169.254"]]
    site.move("/", location)
    with pytest.raises(SourceError, match=error):
        await fetcher.fetch(site.url, FEED)
    assert site.paths == ["/"]


async def test_redirects_that_never_end_are_given_up(
    fetcher: Fetcher, site: "Site"
) -> None:
    for path, location in (("/a", "/b"), ("/b", "/a"), ("/self", "/self#x")):
        site.move(path, location)
    for number in range(9):
        site.move(f"/{number}", f"/{number + 1}")
    for path, num_asked in (("/a", 2), ("/self", 1), ("/0", 6)):
        site.asked.clear()
        with pytest.raises(UnreachableError, match="on and on"):
            await fetcher.fetch(site.url + path, FEED)
        assert len(site.asked) == num_asked


async def test_redirects_are_followed_and_the_last_place_named(
    fetcher: Fetcher, site: "Site"
) -> None:
    statuses = ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"]
    for number, status in enumerate(statuses):
        site.move(f"/{number}", f"{number + 1}?q", status)
        site.move(f"/{number}?q", f"/{number + 1}?q", status)
    site.put("/5?q", "<rss/>")
    fetched = await fetcher.fetch(f"{site.url}/0", FEED)
    assert (fetched.url, fetched.content) == (f"{site.url}/5?q", b"<rss/>")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("401 No", "wants a password"),
        ("403 No", "does not let the bot in"),
        ("404 No", "is not there"),
        ("410 No", "gone for good"),
        ("429 No", "asked too often"),
        ("418 No", "it answered 418"),
        ("204 No", "it answered 204"),
        ("300 Choose", "it answered 300"),
        ("503 No", r"has a problem \(503\)"),
    ],
)
async def test_status_is_said_in_words(
    status: str, text: str, fetcher: Fetcher, site: "Site"
) -> None:
    site.put("/", status=status)
    with pytest.raises(StatusError, match=text) as caught:
        await fetcher.fetch(site.url, FEED)
    assert caught.value.status == int(status[:3])
    assert caught.value.retry_after_s is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("120", 120.0),
        ("Wed, 01 Jul 2026 06:05:00 GMT", 300.0),
        ("Wed, 01 Jul 2020 06:05:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 50, 999999999.0),
        ("Wed, 01 Jul 2026 06:05:00", None),
    ],
)
async def test_wait_that_a_server_asks_for_is_known(
    said: str, expected: float | None, fetcher: Fetcher, site: "Site", clock: FakeClock
) -> None:
    assert clock.now_utc() == datetime(2026, 7, 1, 6, tzinfo=UTC)
    site.put("/", status="429 No", Retry_After=said)
    with pytest.raises(StatusError) as caught:
        await fetcher.fetch(site.url, FEED)
    assert caught.value.retry_after_s == expected


@pytest.mark.parametrize("how", ["cut off", "no HTTP"])
async def test_broken_answer_is_said(how: str, fetcher: Fetcher, site: "Site") -> None:
    site.fail("/", how)
    with pytest.raises(UnreachableError, match="does not answer as it should"):
        await fetcher.fetch(site.url, FEED)


async def test_port_that_nobody_listens_on_is_said(clock: FakeClock) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    fetcher = Fetcher(clock=clock, ports={port}, is_allowed_address=lambda _: True)
    with pytest.raises(UnreachableError):
        await fetcher.fetch(f"http://127.0.0.1:{port}/", FEED)


async def test_hung_connection_is_given_up(
    fetcher: Fetcher, site: "Site", clock: FakeClock
) -> None:
    site.fail("/", "hung")
    fetching = asyncio.create_task(fetcher.fetch(site.url, FEED))
    await asyncio.wait_for(site.arrived.wait(), 10)
    await clock.advance(29.9)
    assert not fetching.done()
    await clock.advance(0.2)
    with pytest.raises(TooSlowError, match="longer than 30 s"):
        await fetching
    assert clock.num_sleepers == 0


async def test_dripping_answer_is_given_up(
    fetcher: Fetcher, site: "Site", clock: FakeClock
) -> None:
    begun = asyncio.Event()
    site.drip("/", begun)
    fetching = asyncio.create_task(fetcher.fetch(site.url, FEED))
    await asyncio.wait_for(begun.wait(), 10)
    await clock.advance(31)
    with pytest.raises((TooSlowError, TooLargeError)):
        await asyncio.wait_for(fetching, 10)


async def test_fetch_that_is_cancelled_leaves_nothing_behind(
    fetcher: Fetcher, site: "Site", clock: FakeClock
) -> None:
    site.fail("/", "hung")
    fetching = asyncio.create_task(fetcher.fetch(site.url, FEED))
    await asyncio.wait_for(site.arrived.wait(), 10)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert clock.num_sleepers == 0


async def test_huge_document_is_refused_while_it_comes(
    fetcher: Fetcher, site: "Site"
) -> None:
    site.put("/", b"x" * 6_000_000, Content_Length="")
    with pytest.raises(TooLargeError, match="larger than 5000 kB"):
        await fetcher.fetch(site.url, FEED)


async def test_bomb_is_refused(fetcher: Fetcher, site: "Site") -> None:
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 100_000
    site.put("/", bomb, Content_Encoding="gzip")
    with pytest.raises(TooLargeError):
        await fetcher.fetch(site.url, FEED)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
async def test_unknown_packing_is_refused(
    encoding: str, fetcher: Fetcher, site: "Site"
) -> None:
    site.put("/", b"x", Content_Encoding=encoding)
    with pytest.raises(NotReadableError, match="packed in a way"):
        await fetcher.fetch(site.url, FEED)


@pytest.mark.parametrize(
    "media_type", ["image/png", "video/mp4", "application/pdf", "application/zip"]
)
async def test_other_kinds_of_documents_are_not_read(
    media_type: str, fetcher: Fetcher, site: "Site"
) -> None:
    site.put("/", b"x", Content_Type=media_type)
    for wanted in (FEED, PAGE):
        with pytest.raises(NotReadableError, match=media_type):
            await fetcher.fetch(site.url, wanted)


async def test_document_is_asked_for_politely_and_without_anything_else(
    fetcher: Fetcher, site: "Site", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.put(
        "/f?a=b",
        gzip.compress(b"<rss/>"),
        Content_Encoding="gzip",
        Content_Type="Text/XML; charset=KOI8-R",
        ETag='"one"',
        Last_Modified="then",
        Set_Cookie="a=b",
    )
    for _ in range(2):
        fetched = await fetcher.fetch(f"{site.url}/f?a=b#part", FEED)
        assert (fetched.content, fetched.media_type) == (b"<rss/>", "text/xml")
        assert (fetched.charset, fetched.is_unchanged) == ("koi8-r", False)
        assert fetched.validators == Validators('"one"', "then")
        path, headers = site.asked[-1]
        assert path == "/f?a=b"
        assert headers["host"] == f"127.0.0.1:{site.port}"
        assert headers["accept-encoding"] == "gzip, deflate"
        assert "application/rss+xml" in headers["accept"]
        assert "Hearthbot" in headers["user-agent"]
        assert not {"cookie", "authorization", "if-none-match"} & headers.keys()


async def test_unchanged_document_is_not_sent_again(
    fetcher: Fetcher, site: "Site"
) -> None:
    site.put("/", status="304 Not Modified", Content_Length="")
    validators = Validators('"one"', "Wed, 01 Jul 2026 06:05:00 GMT")
    fetched = await fetcher.fetch(site.url, FEED, validators)
    assert fetched.is_unchanged
    headers = site.asked[0][1]
    assert headers["if-none-match"] == '"one"'
    assert headers["if-modified-since"] == "Wed, 01 Jul 2026 06:05:00 GMT"


def test_every_error_has_words() -> None:
    makers: list[Callable[[], SourceError]] = [
        lambda: TooSlowError(30),
        lambda: TooLargeError(5_000_000),
        lambda: TooLargeError(5),
        *(lambda status=status: StatusError(status) for status in range(400, 600)),
    ]
    for make in makers:
        text = str(make())
        assert text
        assert not text.endswith(".")
