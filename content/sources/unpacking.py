"""Unpacking what was packed for the way, never further than allowed."""

import zlib
from abc import ABC, abstractmethod

from typing_extensions import override

from bot.words import T
from content.sources.errors import NotReadableError, TooLargeError

__all__ = ["ENCODINGS", "Unpacker", "unpacker_for"]

ENCODINGS = "gzip, deflate"
"""What the other side is told that it may pack with."""

GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MARK = 0x1F


class Unpacker(ABC):
    """Takes pieces as they come and gives out what was packed in them."""

    @abstractmethod
    def take(self, piece: bytes) -> bytes:
        """Return what a piece unpacks to.

        Raises:
            TooLargeError: all together is larger than allowed.
            NotReadableError: it is damaged.
        """

    @abstractmethod
    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            NotReadableError: the end is missing.
        """


class _Plain(Unpacker):
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self.num_left = max_bytes

    @override
    def take(self, piece: bytes) -> bytes:
        self.num_left -= len(piece)
        if self.num_left < 0:
            raise TooLargeError(self._max_bytes)
        return piece

    @override
    def end(self) -> None:
        return


class _Zlib(Unpacker):
    """Unpacks gzip, also in several parts, and both things that deflate can mean."""

    def __init__(self, *, is_gzip: bool, max_bytes: int) -> None:
        self._is_gzip = is_gzip
        self._packed = _Plain(max_bytes)
        self._unpacked = _Plain(max_bytes)
        self._stream: zlib._Decompress | None = None

    @override
    def take(self, piece: bytes) -> bytes:
        self._packed.take(piece)
        parts: list[bytes] = []
        while piece:
            if self._stream is None or self._stream.eof:
                if self._stream is not None and not self._goes_on(piece):
                    break  # what stands behind the end means nothing
                self._stream = zlib.decompressobj(self._window_bits(piece))
            parts.append(self._unpack(self._stream, piece))
            piece = self._stream.unused_data
        return b"".join(parts)

    @override
    def end(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise NotReadableError(T("its end is missing"))

    def _goes_on(self, piece: bytes) -> bool:
        return self._is_gzip and piece[0] == GZIP_MARK

    def _window_bits(self, piece: bytes) -> int:
        if self._is_gzip:
            return GZIP
        # By the standard there is a head before it; some leave it out.
        has_head = piece[0] & 0x0F == 8 and piece[0] >> 4 <= 7
        return ZLIB if has_head else RAW

    def _unpack(self, stream: "zlib._Decompress", piece: bytes) -> bytes:
        try:
            part = stream.decompress(piece, self._unpacked.num_left + 1)
        except zlib.error as error:
            raise NotReadableError(T("it cannot be unpacked")) from error
        return self._unpacked.take(part)


def unpacker_for(encoding: str, *, max_bytes: int) -> Unpacker:
    """Return what unpacks an encoding, up to so many bytes.

    Raises:
        NotReadableError: it is packed in a way that was not asked for.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain(max_bytes)
        case "gzip" | "x-gzip":
            return _Zlib(is_gzip=True, max_bytes=max_bytes)
        case "deflate":
            return _Zlib(is_gzip=False, max_bytes=max_bytes)
    # Two on top of each other, too: one bomb inside another.
    raise NotReadableError(
        T("it is packed in a way that is not read (“{encoding}”)", encoding=encoding)
    )
