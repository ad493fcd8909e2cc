import gzip
import itertools
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sources.errors import NotReadableError, TooLargeError
from content.sources.unpacking import unpacker_for


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def unpack(encoding: str, packed: bytes, max_bytes: int, size: int = 1000) -> bytes:
    unpacker = unpacker_for(encoding, max_bytes=max_bytes)
    pieces = (packed[at : at + size] for at in range(0, len(packed), size))
    unpacked = b"".join([unpacker.take(piece) for piece in pieces])
    unpacker.end()
    return unpacked


PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    " Deflate": raw_deflate,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_what_is_larger_than_allowed_is_refused(encoding: str) -> None:
    content = bytes(range(256)) * 8
    packed = PACKERS[encoding](content)
    assert unpack(encoding, packed, max_bytes=len(content)) == content
    with pytest.raises(TooLargeError):
        unpack(encoding, packed, max_bytes=len(content) - 1)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate])
def test_bomb_is_not_unpacked(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(bytes(200_000_000))
    encoding = "gzip" if pack is gzip.compress else "deflate"
    unpacker = unpacker_for(encoding, max_bytes=1_000_000)
    with pytest.raises(TooLargeError):
        unpacker.take(packed)


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip,deflate", "x"]
)
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(NotReadableError, match="packed in a way"):
        unpacker_for(encoding, max_bytes=1)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_damaged_and_unfinished_are_refused(encoding: str) -> None:
    packed = PACKERS[encoding](b"some text")
    with pytest.raises(NotReadableError, match="cannot be unpacked"):
        unpack(encoding, b"\xff" + packed[1:] + b"\xff" * 9, max_bytes=999)
    with pytest.raises(NotReadableError, match="end is missing"):
        unpack(encoding, packed[:-3], max_bytes=999)


def test_gzip_of_several_parts_is_one_text_and_what_follows_nothing() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert unpack("gzip", packed, max_bytes=99) == b"one two"
    assert unpack("gzip", packed + b"\0\0", max_bytes=99) == b"one two"
    assert unpack("deflate", zlib.compress(b"one") + b"x", max_bytes=99) == b"one"
    many = b"".join(itertools.repeat(gzip.compress(bytes(1000)), 50))
    with pytest.raises(TooLargeError):
        unpack("gzip", many, max_bytes=40_000)


@given(st.binary(max_size=3000), st.integers(1, 400), st.sampled_from([*PACKERS]))
def test_pieces_of_any_size_give_the_same(
    content: bytes, size: int, encoding: str
) -> None:
    packed = PACKERS[encoding](content)
    assert unpack(encoding, packed, max_bytes=9999, size=size) == content


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(content: bytes, encoding: str) -> None:
    with suppress(NotReadableError, TooLargeError):
        assert len(unpack(encoding, content, max_bytes=500)) <= 500
