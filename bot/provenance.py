"""What a picture of ours says about where it comes from."""

import struct
import zlib
from dataclasses import dataclass

__all__ = ["MADE_BY_AI", "Provenance", "marked"]

MADE_BY_AI = "Made by AI"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25  # the chunk IHDR, which comes first
SOFTWARE = "Hearthbot"


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
