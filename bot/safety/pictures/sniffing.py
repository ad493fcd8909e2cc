"""What a file is by its content, whatever it is called."""

import re
from collections.abc import Callable, Mapping

from bot.safety.pictures import gif, jpeg, png, webp
from bot.safety.pictures.outline import Outline

__all__ = ["OUTLINES", "claims_picture", "format_of", "has_foreign", "is_other_picture"]

OUTLINES: Mapping[str, Callable[[bytes], Outline]] = {
    "PNG": png.outline,
    "JPEG": jpeg.outline,
    "GIF": gif.outline,
    "WEBP": webp.outline,
}
"""The formats that are opened, with what reads their outline."""

_PICTURE_NAME = re.compile(
    r"\.(?:apng|avif|bmp|cur|dng|emf|eps|gif|hei[cf]|ico|jfif|jp2|jpe?g?|jxl|pbm|pcx|pgm"
    r"|png|pnm|ppm|psd|raw|svgz?|tga|tiff?|webp|wmf|xbm|xcf)[. ]*$",
    re.IGNORECASE,
)

_OTHER_MAGIC = re.compile(
    rb"II\*\x00|MM\x00\*|8BPS|DDS |\x00\x00[\x01\x02]\x00[\x01-\x10]\x00"
    rb"|BM.{4}\x00{4}|....ftyp(?:hei[cfmsx]|hev[cx]|mif1|msf1|avi[fs])"
    rb"|\x00\x00\x00\x0c(?:JXL |jP  )\r\n\x87\n|\xff\x4f\xff\x51|gimp xcf ",
    re.DOTALL,
)

HEAD_BYTES = 1024
"""How far into a file others look for a sign of what it is."""
MAX_TRAILER_BYTES = 64 * 1024
"""Some cameras leave notes of their own behind a picture; more than this is no note."""

_FOREIGN_HEAD = re.compile(rb"%PDF-|<!doctype|<html|<script|<\?php", re.IGNORECASE)
_FOREIGN_TRAILER = re.compile(
    rb"%PDF-|<!doctype|<html|<script|<svg|<\?php|PK\x03\x04|PK\x05\x06|Rar!\x1a\x07"
    rb"|7z\xbc\xaf\x27\x1c|\x7fELF|^MZ|^\x1f\x8b\x08|ustar[\x00 ]|ftyp"
    rb"|\xff\xd8\xff|\x89PNG|GIF8[79]a|RIFF....WEBP",  # a picture nobody would judge
    re.IGNORECASE | re.DOTALL,
)
_ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22 + 65_535


def format_of(content: bytes) -> str | None:
    """Return a key of OUTLINES, None if it is none of these."""
    if content.startswith(png.SIGNATURE):
        return "PNG"
    if content.startswith(jpeg.START + b"\xff"):
        return "JPEG"
    if content.startswith(gif.SIGNATURES):
        return "GIF"
    return "WEBP" if webp.is_webp(content) else None


def is_other_picture(content: bytes) -> bool:
    """Return whether it is a picture of a kind that is never opened."""
    return _OTHER_MAGIC.match(content) is not None


def claims_picture(*, name: str, media_type: str) -> bool:
    """Return whether a file says that it is a picture."""
    is_declared = media_type.strip().lower().startswith("image/")
    return is_declared or _PICTURE_NAME.search(name) is not None


def has_foreign(content: bytes, end: int) -> bool:
    """Return whether a file whose picture ends at `end` is something else as well."""
    trailer = content[end:].strip(b"\x00")
    return (
        len(trailer) > MAX_TRAILER_BYTES
        or _FOREIGN_TRAILER.search(trailer) is not None
        or _FOREIGN_HEAD.search(content[:HEAD_BYTES]) is not None
        or _is_archive(content)
    )


def _is_archive(content: bytes) -> bool:
    """Return whether the end is that of a ZIP, whose list of files is where it says."""
    tail = content[-ZIP_END_BYTES:]
    found = tail.rfind(_ZIP_END)
    if found < 0 or found + 22 > len(tail):
        return False
    list_bytes = int.from_bytes(tail[found + 12 : found + 16], "little")
    start = len(content) - len(tail) + found - list_bytes
    return start >= 0 and content[start : start + 4] in (b"PK\x01\x02", _ZIP_END)
