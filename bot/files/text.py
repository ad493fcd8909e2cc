"""Text out of bytes, in whatever encoding somebody's editor wrote it."""

import codecs

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> str | None:
    """Return the text of a file; None: it is none. Blocks: call it from a thread.

    A mark at the beginning counts, then UTF-8; else the encoding is guessed.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _plain(content.decode(encoding, "replace"))
    try:
        return _plain(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _guessed(content)


def _guessed(content: bytes) -> str | None:
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    if b"\0" in content:
        return None
    best = from_bytes(content).best()
    return None if best is None else _plain(str(best))


def _plain(text: str) -> str | None:
    return None if "\0" in text else text.replace("\r\n", "\n")
