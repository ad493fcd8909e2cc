"""Pictures without what they say about their maker: place, camera, programs, texts.

Pixels, animation and colours stay as they are: the packed pixels are copied, never
unpacked. Which side is up stays, as the only note.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from bot.messages import Attachment
from bot.safety.pictures import gif, jpeg, png, webp
from bot.safety.pictures.exif import (
    PREFIX,
    UPRIGHT,
    orientation,
    orientation_notes,
)
from bot.safety.pictures.icc import MAX_PROFILE_BYTES, clean_profile
from bot.safety.pictures.outline import BrokenError, TooMuchError
from bot.safety.pictures.picture import PictureRefusedError
from bot.safety.pictures.sniffing import claims_picture, format_of, is_other_picture

__all__ = ["strip_metadata"]

ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


def strip_metadata(attachment: Attachment, *, number: int = 1) -> Attachment:
    """Return the file as it may be sent; what is not a picture stays as it is.

    A picture loses its notes and its name, and what may stand behind it. `number`
    tells several pictures of one message apart.

    Raises:
        PictureRefusedError: a picture is damaged or of a kind that cannot be cleaned.
    """
    content = attachment.content
    kind = format_of(content)
    if kind is None:
        if is_other_picture(content) or claims_picture(
            name=attachment.name, media_type=attachment.media_type
        ):
            raise PictureRefusedError("format")
        return attachment
    try:
        clean = b"".join(_CLEAN[kind](content))
    except (BrokenError, TooMuchError, IndexError, struct.error) as error:
        raise PictureRefusedError("broken") from error
    name = "picture" if number == 1 else f"picture-{number}"
    return Attachment(f"{name}.{ENDINGS[kind]}", f"image/{kind.lower()}", clean)


# --- PNG

PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA cHRM sRGB cICP mDCV cLLI sBIT bKGD "
    b"pHYs".split()
)


def _clean_png(file: bytes) -> Iterator[bytes]:
    yield png.SIGNATURE
    for chunk in png.chunks(file):
        if chunk.kind in PNG_KEPT:
            yield file[chunk.start : chunk.end]
        elif chunk.kind == b"iCCP":
            profile = _unpacked_profile(chunk.content_of(file))
            if profile is not None:
                yield _png_chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(profile, 9))
        elif chunk.kind == b"eXIf":
            turn = orientation(chunk.content_of(file))
            if turn != UPRIGHT:
                yield _png_chunk(b"eXIf", orientation_notes(turn))


def _unpacked_profile(content: bytes) -> bytes | None:
    """Return the clean profile behind its name, which ends with a zero."""
    _, _, packed = content.partition(b"\x00")
    try:
        profile = zlib.decompressobj().decompress(packed[1:], MAX_PROFILE_BYTES + 1)
    except zlib.error:
        return None
    return clean_profile(profile)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
    )


# --- JPEG

APP0, APP1, ADOBE, COMMENT = 0xE0, 0xE1, 0xEE, 0xFE
PROFILE_PREFIX = b"ICC_PROFILE\x00"
PROFILE_STEP_BYTES = 65_000


def _clean_jpeg(file: bytes) -> Iterator[bytes]:
    turn, profile, rest = UPRIGHT, b"", []
    jfif = b""
    for segment in jpeg.segments(file):
        content = file[segment.body : segment.end]
        if segment.marker == APP0 and content.startswith(b"JFIF\x00"):
            jfif = _jpeg_segment(APP0, content[:12].ljust(12, b"\x00") + b"\x00\x00")
        elif segment.marker == APP1 and content.startswith(PREFIX):
            turn = orientation(content)
        elif segment.marker == jpeg.APP2 and content.startswith(PROFILE_PREFIX):
            profile += content[len(PROFILE_PREFIX) + 2 :]  # number and count
        elif segment.marker == ADOBE and content.startswith(b"Adobe"):
            rest.append(_jpeg_segment(ADOBE, content[:12]))
        elif not APP0 <= segment.marker < 0xF0 and segment.marker != COMMENT:
            rest.append(file[segment.start : segment.end])
    yield jpeg.START + jfif
    if turn != UPRIGHT:
        yield _jpeg_segment(APP1, PREFIX + orientation_notes(turn))
    yield from _profile_segments(clean_profile(profile) or b"")
    yield from rest


def _profile_segments(profile: bytes) -> Iterator[bytes]:
    starts = range(0, len(profile), PROFILE_STEP_BYTES)
    for number, start in enumerate(starts, start=1):
        head = PROFILE_PREFIX + bytes((number, len(starts)))
        yield _jpeg_segment(
            jpeg.APP2, head + profile[start : start + PROFILE_STEP_BYTES]
        )


def _jpeg_segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


# --- GIF

LOOP = b"\x0bNETSCAPE2.0\x03\x01"
APPLICATION, FRAME_CONTROL = 0xFF, 0xF9


def _clean_gif(file: bytes) -> Iterator[bytes]:
    blocks = list(gif.blocks(file))
    yield file[: blocks[0].start]
    for block in blocks:
        content = file[block.body : block.end]
        if block.kind != gif.EXTENSION or block.label == FRAME_CONTROL:
            yield file[block.start : block.end]
        elif block.label == APPLICATION and content.startswith(LOOP):
            times = content[len(LOOP) : len(LOOP) + 2]
            yield bytes((gif.EXTENSION, APPLICATION)) + LOOP + times + b"\x00"


# --- WebP

WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM"))
PIXELS = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
HAS_PROFILE, HAS_NOTES, HAS_XMP = 0x20, 0x08, 0x04


def _clean_webp(file: bytes) -> Iterator[bytes]:
    flags = 0
    body: list[bytes] = []
    for chunk in webp.chunks(file):
        content = file[chunk.body : chunk.end]
        if chunk.kind == b"VP8X":
            flags = content[0] & ~(HAS_PROFILE | HAS_NOTES | HAS_XMP)
            body.append(file[chunk.start : chunk.end])  # its flags are put in below
        elif chunk.kind in WEBP_KEPT:
            body.append(_webp_copy(file, chunk))
        elif chunk.kind == b"ANMF":
            inner = webp.chunks(file, chunk.body + webp.FRAME_HEADER_BYTES, chunk.end)
            frame = content[: webp.FRAME_HEADER_BYTES] + b"".join(
                _webp_copy(file, piece) for piece in inner if piece.kind in PIXELS
            )
            body.append(_webp_chunk(b"ANMF", frame))
        elif chunk.kind == b"ICCP" and (profile := clean_profile(content)):
            flags |= HAS_PROFILE
            body.append(_webp_chunk(b"ICCP", profile))
        elif chunk.kind == b"EXIF" and (turn := orientation(content)) != UPRIGHT:
            flags |= HAS_NOTES
            body.append(_webp_chunk(b"EXIF", orientation_notes(turn)))
    if body[0].startswith(b"VP8X"):
        body[0] = body[0][:8] + bytes((flags,)) + body[0][9:]
    joined = b"".join(body)
    yield b"RIFF" + struct.pack("<I", len(joined) + 4) + b"WEBP" + joined


def _webp_copy(file: bytes, chunk: webp.Chunk) -> bytes:
    length = struct.unpack_from("<I", file, chunk.start + 4)[0]
    return _webp_chunk(chunk.kind, file[chunk.body : chunk.body + length])


def _webp_chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


_CLEAN: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "PNG": _clean_png,
    "JPEG": _clean_jpeg,
    "GIF": _clean_gif,
    "WEBP": _clean_webp,
}
