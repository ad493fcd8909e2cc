"""Getting one large file over HTTP, going on where an earlier try stopped."""

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import structlog

from bot.errors import MissingError
from bot.words import T, Text

__all__ = ["Progress", "Remote", "download", "file_sha256"]

logger = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]
"""Takes the bytes that are here and the bytes there will be."""

CHUNK_BYTES = 256 * 1024
TIMEOUT = httpx.Timeout(30.0, connect=15.0)  # 30 s without a byte
MAX_FRUITLESS_TRIES = 3  # tries in a row that bring no byte


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a file lies, and what it must be.

    Attributes:
        url: http, https or file.
        certificates: a bundle to trust instead of the usual ones; "": the usual ones.
        proxy: the address of a proxy; "": as the environment says.
    """

    url: str
    size_bytes: int
    sha256: str
    certificates: str = ""
    proxy: str = ""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(remote: Remote, part: Path, *, progress: Progress) -> None:
    """Bring the whole file to `part`, which may hold its beginning already.

    Raises:
        MissingError: it cannot be had from there, or it is not what it should be.
        OSError: the disk refuses.
    """
    resumed = part.exists() and part.stat().st_size > 0
    _complete(remote, part, progress)
    if file_sha256(part) == remote.sha256:
        return
    part.unlink()
    if resumed:  # the beginning may be another file's: once more, from nothing
        logger.warning("download did not match, starting anew", url=_shown(remote.url))
        _complete(remote, part, progress)
        if file_sha256(part) == remote.sha256:
            return
        part.unlink()
    raise MissingError(
        T(
            "What {url} gave is not the expected file (its SHA-256 differs), so it was "
            "thrown away. Try again later, or use another package index.",
            url=_shown(remote.url),
        )
    )


def _complete(remote: Remote, part: Path, progress: Progress) -> None:
    """Bring `part` to its full size."""
    if part.exists() and part.stat().st_size > remote.size_bytes:
        part.unlink()
    if urlsplit(remote.url).scheme == "file":
        _copy(remote, part, progress)
        return
    furthest, fruitless = 0, 0
    with _client(remote) as client:
        while (have := _size(part)) < remote.size_bytes:
            furthest = max(furthest, have)
            cause: httpx.HTTPError | None = None
            try:
                _take(client, remote, part, progress)
            except httpx.HTTPError as error:
                logger.info("download interrupted", reason=type(error).__name__)
                cause = error
            fruitless = 0 if _size(part) > furthest else fruitless + 1
            if fruitless >= MAX_FRUITLESS_TRIES:
                raise MissingError(_no_connection(remote)) from cause


def _client(remote: Remote) -> httpx.Client:
    # httpx reads SSL_CERT_FILE and the proxy variables itself.
    verify: ssl.SSLContext | bool = True
    if remote.certificates:
        try:
            verify = ssl.create_default_context(cafile=remote.certificates)
        except OSError as error:
            raise MissingError(
                T(
                    "The certificates that pip is told to use cannot be read: {path}. "
                    "Correct PIP_CERT or pip's `cert` setting.",
                    path=remote.certificates,
                )
            ) from error
    return httpx.Client(
        verify=verify,
        proxy=remote.proxy or None,
        timeout=TIMEOUT,
        follow_redirects=True,
    )


def _take(client: httpx.Client, remote: Remote, part: Path, progress: Progress) -> None:
    """Ask for what is missing, once."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with client.stream("GET", remote.url, headers=headers) as response:
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            return
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise httpx.ReadError(f"status {response.status_code}")
        if not response.is_success:
            raise MissingError(_refused(remote, response.status_code))
        goes_on = response.status_code == HTTPStatus.PARTIAL_CONTENT
        if goes_on and not _continues(response, have, remote.size_bytes):
            part.unlink()
            return
        with part.open("ab" if goes_on else "wb") as file:
            have = have if goes_on else 0
            # No chunk size: httpx would hold back, and at a break lose, what came.
            for chunk in response.iter_raw():
                file.write(chunk)
                have += len(chunk)
                if have > remote.size_bytes:
                    break  # not our file: the SHA-256 will say so
                progress(have, remote.size_bytes)


def _continues(response: httpx.Response, have: int, size_bytes: int) -> bool:
    """Return whether a partial answer is the missing rest of the same file."""
    answer = str(response.headers.get("Content-Range", ""))
    return answer.startswith(f"bytes {have}-") and answer.endswith(
        (f"/{size_bytes}", "/*")
    )


def _copy(remote: Remote, part: Path, progress: Progress) -> None:
    """Take the file from this machine."""
    path = Path(url2pathname(urlsplit(remote.url).path))
    try:
        source = path.open("rb")
    except OSError as error:
        raise MissingError(
            T("pip names the file {path}, but it cannot be read.", path=path)
        ) from error
    have = 0
    with source, part.open("wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            file.write(chunk)
            have += len(chunk)
            progress(min(have, remote.size_bytes), remote.size_bytes)


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _shown(url: str) -> str:
    """Return the address without a name, a password or a signature in it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _refused(remote: Remote, status: int) -> Text:
    url = _shown(remote.url)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return T(
            "{url} wants a login ({status}). Fetch that file with pip or a browser, "
            "put it into the models folder and try again.",
            url=url,
            status=status,
        )
    return T(
        "{url} is not there ({status}). Look at pip's index settings, then try again.",
        url=url,
        status=status,
    )


def _no_connection(remote: Remote) -> Text:
    return T(
        "The connection to {url} fails. Look at the network and try again; the "
        "download goes on where it stopped.",
        url=_shown(remote.url),
    )
