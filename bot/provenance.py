"""What a picture of ours says about where it comes from."""

import struct
import zlib
from dataclasses import dataclass

__all__ = ["MADE_BY_AI", "Provenance", "marked", "provenance_of"]

MADE_BY_AI = "Made by AI"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25  # the chunk IHDR, which comes first
SOFTWARE = "Hearthbot"
NUM_TEXTS, LONGEST_TEXT = 4, 1_000  # bytes
SEED_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which model drew a picture, and from which seed."""

    model: str
    seed: int


def marked(png: bytes, provenance: Provenance) -> bytes:
    """Return a PNG that says that AI made it, with model and seed.

    The words stand in chunks that every viewer of details shows; pixels stay as they
    are. What is no PNG stays as it is.
    """
    if not png.startswith(SIGNATURE):
        return png
    texts = {
        "Comment": MADE_BY_AI,
        "Software": SOFTWARE,
        "Model": provenance.model,
        "Seed": str(provenance.seed),
    }
    chunks = b"".join(_text_chunk(key, value) for key, value in texts.items())
    return png[:HEADER_END] + chunks + png[HEADER_END:]


def provenance_of(png: bytes) -> Provenance | None:
    """Return what a PNG says of itself as `marked` wrote it; None: it says nothing."""
    if not png.startswith(SIGNATURE):
        return None
    texts: dict[bytes, str] = {}
    start = HEADER_END
    for _ in range(NUM_TEXTS):
        (length,) = struct.unpack(">I", png[start : start + 4].rjust(4, b"\0"))
        kind, content = png[start + 4 : start + 8], png[start + 8 : start + 8 + length]
        if kind != b"tEXt" or length > LONGEST_TEXT:
            break
        key, _, value = content.partition(b"\0")
        texts[key] = value.decode("latin-1")
        start += length + 12
    seed = texts.get(b"Seed", "")
    is_seed = seed.isascii() and seed.isdecimal() and len(seed) <= SEED_DIGITS
    if texts.get(b"Software") != SOFTWARE or not is_seed:
        return None
    return Provenance(texts.get(b"Model", ""), int(seed))


def _text_chunk(key: str, value: str) -> bytes:
    content = b"tEXt" + key.encode("latin-1") + b"\0" + _latin(value)
    return (
        struct.pack(">I", len(content) - 4)
        + content
        + struct.pack(">I", zlib.crc32(content))
    )


def _latin(value: str) -> bytes:
    """Return a value as the chunk wants it: Latin letters only, and no zero."""
    return value.replace("\0", "").encode("latin-1", errors="replace")
