"""From bytes to text, whatever they say they are written in."""

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

__all__ = ["decoded"]

HEAD_BYTES = 4096
"""Where a document says what it is written in."""
SAMPLE_BYTES = 64 * 1024
"""How much of it is looked at where it does not."""
MAX_BROKEN_SHARE = 0.05
"""How much of what is not ASCII may be damaged in a text that is UTF-8 all the same."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BEGINNINGS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})
    |<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE | re.VERBOSE,
)
_FOREIGN_WORD = re.compile(rb"[\x80-\xff]{4}")
# What is said is often the smaller set, and what is written the larger one.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
# Written in seven bits, so that it would pass for plain ASCII.
_SEVEN_BITS = ("iso2022", "hz")


def decoded(content: bytes, *, declared: str = "") -> str:
    """Return the text of a document; `declared` is what the server says.

    What is valid UTF-8, or nearly so, is UTF-8, whatever is said: nothing else looks
    like it. Never fails: a byte that means nothing becomes U+FFFD.
    """
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset, "replace")
    for beginning, charset in _BEGINNINGS:
        if content.startswith(beginning):
            return content.decode(charset, "replace")
    said = [*filter(None, (_known(declared), _known(_own_word(content))))]
    for charset in [name for name in said if name.startswith(_SEVEN_BITS)]:
        with suppress(UnicodeDecodeError):
            return content.decode(charset)
    text = content.decode("utf-8", "replace")
    if text.count("\ufffd") <= MAX_BROKEN_SHARE * sum(sign > "\x7f" for sign in text):
        return text
    others = [name for name in said if name != "utf-8"]
    for charset in others:
        with suppress(UnicodeDecodeError):
            return content.decode(charset)
    return content.decode(others[0] if others else _guessed(content), "replace")


def _own_word(content: bytes) -> str:
    found = _DECLARED.search(content[:HEAD_BYTES])
    return (found[1] or found[2]).decode("ascii") if found else ""


def _known(name: str) -> str:
    """Return Python's name of a charset that texts are written in, else ""."""
    try:
        found = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    # Some codecs make no text (base64, zip), and one is a way around filters (UTF-7).
    is_text = getattr(found, "_is_text_encoding", True)
    if not is_text or found.name in ("utf-7", "idna", "punycode", "unicode_escape"):
        return ""
    if found.name.startswith(("utf-16", "utf-32", "raw", "undefined")):
        return ""  # it would have begun otherwise
    return _LARGER.get(found.name, found.name)


def _guessed(content: bytes) -> str:
    sample = content[:SAMPLE_BYTES]
    # In languages that have but a few letters of their own, these stand apart.
    best = from_bytes(sample).best() if _FOREIGN_WORD.search(sample) else None
    return best.encoding if best else "cp1252"
