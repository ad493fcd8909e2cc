"""PDFs and recordings, made from nothing."""

import io
import math
import struct
import wave
import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

import pytest

RATE_HZ = 16_000


class MakePdf(Protocol):
    def __call__(self, *pages: str) -> bytes: ...


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    """Return a PDF whose first object is its catalogue."""
    whole = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    whole += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    whole += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(whole)


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content),
        extra,
        content,
    )


def _pdf(streams: Sequence[bytes]) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(stream)
    return _pdf_of(objects)


@pytest.fixture
def make_pdf() -> MakePdf:
    """Return a function that makes a PDF of pages with one line each."""

    def make(*pages: str) -> bytes:
        shown = (page.replace("(", "\\(").replace(")", "\\)") for page in pages)
        lines = (f"BT /F 12 Tf 20 200 Td ({line}) Tj ET".encode() for line in shown)
        return _pdf([_stream(line) for line in lines])

    return make


@pytest.fixture
def pdf_bomb() -> bytes:
    """A small PDF whose page unpacks to far more than it is."""
    page = b"BT /F 12 Tf (" + b"a" * 200_000_000 + b") Tj ET"
    return _pdf([_stream(zlib.compress(page, 9), b"/Filter /FlateDecode")])


@pytest.fixture
def make_wave() -> Callable[..., bytes]:
    """Return a function that makes a WAV with a tone in it."""

    def make(seconds: float = 1.0, *, rate_hz: int = RATE_HZ) -> bytes:
        packed = io.BytesIO()
        with wave.open(packed, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            tone = [round(8000 * math.sin(n / 8)) for n in range(1000)]
            once = struct.pack(f"<{len(tone)}h", *tone)
            num_bytes = 2 * round(seconds * rate_hz)
            file.writeframes((once * (num_bytes // len(once) + 1))[:num_bytes])
        return packed.getvalue()

    return make
