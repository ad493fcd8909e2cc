"""Getting a document from the outside world, within limits.

Every way that an address can lead somewhere else is closed: see
content.sources.addresses and content.sources.pinning.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx

from bot.clock import Clock
from bot.words import T
from content.sources.addresses import IsAllowed, is_public
from content.sources.errors import (
    AddressRefusedError,
    NotReadableError,
    StatusError,
    UnreachableError,
)
from content.sources.limits import within
from content.sources.pinning import PinnedTransport, Resolver, SystemResolver
from content.sources.unpacking import ENCODINGS, unpacker_for

__all__ = ["FEED", "PAGE", "PORTS", "Fetched", "Fetcher", "Validators", "Wanted"]

PORTS = frozenset({80, 443})
SCHEMES = {"http": 80, "https": 443}
MAX_REDIRECTS = 5
MAX_URL = 2000  # characters
CHUNK_BYTES = 64 * 1024
TOTAL_S = 30.0
USER_AGENT = "Hearthbot (reads feeds for a community)"
TIMEOUT = httpx.Timeout(15.0, connect=10.0)  # of each step; TOTAL_S is for all

_TEXT = ("text/html", "application/xhtml+xml", "text/plain")
_XML = ("application/xml", "text/xml", "application/rss+xml", "application/atom+xml")
_JSON = ("application/feed+json", "application/json")
# Servers that know no feeds call them anything that is at hand.
_UNKNOWN = ("", "application/octet-stream", "application/rdf+xml", "application/rss")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of document is wanted.

    Attributes:
        media_types: what it may be called; others are not read.
        max_bytes: the largest, packed and unpacked.
    """

    media_types: tuple[str, ...]
    max_bytes: int


FEED = Wanted((*_XML, *_JSON, *_UNKNOWN, *_TEXT), max_bytes=5_000_000)
PAGE = Wanted((*_TEXT, ""), max_bytes=3_000_000)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave last time to tell whether its document has changed."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document.

    Attributes:
        url: where it was, after redirects.
        charset: what the server says its text is written in; "": it does not say.
        is_unchanged: it is as it was last time, and its content was not sent.
    """

    url: str
    content: bytes = field(repr=False)
    media_type: str = ""
    charset: str = ""
    validators: Validators = Validators()
    is_unchanged: bool = False


class Fetcher:
    """Gets documents over HTTP. Calls may overlap.

    It keeps no cookies and no connections, so there is nothing to close, and takes no
    proxy from the environment: through one, nobody could tell which address is called.

    Args:
        is_allowed_address: which addresses may be called.
        ports: which ports may be called.
        transport: what calls an address, in place of the network.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        resolver: Resolver | None = None,
        is_allowed_address: IsAllowed = is_public,
        ports: Collection[int] = PORTS,
        total_s: float = TOTAL_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._ports = ports
        self._total_s = total_s
        self._transport = PinnedTransport(
            resolver or SystemResolver(), is_allowed=is_allowed_address, inner=transport
        )

    async def fetch(
        self, url: str, wanted: Wanted, validators: Validators | None = None
    ) -> Fetched:
        """Return the document at an address, or that it has not changed.

        Raises:
            SourceError: it cannot be had; the text says why.
        """
        return await within(
            self._total_s,
            self._follow(url, wanted, validators or Validators()),
            self._clock,
        )

    async def _follow(
        self, url: str, wanted: Wanted, validators: Validators
    ) -> Fetched:
        target = self._checked(url)
        visited = {target}
        while True:
            request = httpx.Request("GET", target, headers=_headers(wanted, validators))
            request.extensions["timeout"] = TIMEOUT.as_dict()
            try:
                response = await self._transport.handle_async_request(request)
                try:
                    response.request = request
                    if not response.has_redirect_location:
                        return await self._read(response, target, wanted)
                finally:
                    await response.aclose()
            except (httpx.TransportError, httpx.InvalidURL, OSError) as error:
                raise UnreachableError(
                    T("“{host}” does not answer as it should", host=target.host)
                ) from error
            target = self._checked(response.headers["location"], base=target)
            if target in visited or len(visited) > MAX_REDIRECTS:
                raise UnreachableError(T("it leads on and on, and nowhere"))
            visited.add(target)

    def _checked(self, url: str, *, base: httpx.URL | None = None) -> httpx.URL:
        """Return an address without its fragment, if it is of a kind that is called."""
        try:
            target = base.join(url) if base is not None else httpx.URL(url)
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise AddressRefusedError(T("it is no address of the web")) from error
        if target.scheme not in SCHEMES or not target.host or len(url) > MAX_URL:
            raise AddressRefusedError(T("it is no address of the web"))
        if target.userinfo:
            raise AddressRefusedError(T("there is a password in its address"))
        if (target.port or SCHEMES[target.scheme]) not in self._ports:
            raise AddressRefusedError(
                T("its port {port} is not one of the web", port=target.port)
            )
        return target.copy_with(fragment=None)

    async def _read(
        self, response: httpx.Response, url: httpx.URL, wanted: Wanted
    ) -> Fetched:
        headers = response.headers
        validators = Validators(
            headers.get("etag", "")[:500], headers.get("last-modified", "")[:100]
        )
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(str(url), b"", validators=validators, is_unchanged=True)
        if response.status_code != httpx.codes.OK:
            raise StatusError(
                response.status_code, retry_after_s=self._retry_after_s(response)
            )
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in wanted.media_types:
            raise NotReadableError(
                T("it is something else, of the type “{type}”", type=media_type[:60])
            )
        return Fetched(
            str(url),
            await _content(response, wanted.max_bytes),
            media_type=media_type,
            charset=response.charset_encoding or "",
            validators=validators,
        )

    def _retry_after_s(self, response: httpx.Response) -> float | None:
        said = response.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return float(said[:9])
        try:
            wait = parsedate_to_datetime(said) - self._clock.now_utc()
        except (ValueError, TypeError, OverflowError):
            return None
        return max(0.0, wait.total_seconds())


def _headers(wanted: Wanted, validators: Validators) -> dict[str, str]:
    named = ", ".join(filter(None, wanted.media_types))
    given = {
        "Accept": f"{named}, */*;q=0.1",
        "Accept-Encoding": ENCODINGS,
        "User-Agent": USER_AGENT,
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in given.items() if value}


async def _content(response: httpx.Response, max_bytes: int) -> bytes:
    unpacker = unpacker_for(
        response.headers.get("content-encoding", ""), max_bytes=max_bytes
    )
    parts = [unpacker.take(piece) async for piece in response.aiter_raw(CHUNK_BYTES)]
    unpacker.end()
    return b"".join(parts)
