"""Finds readable texts that are hidden in a text by a code that people use for it."""

import base64
import binascii
import re
import string
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.safety.common_words import COMMON_WORDS

__all__ = ["hidden_texts"]

MAX_HIDDEN = 4
MAX_LENGTH = 8000
"""Of one hidden text, in characters; the rest is cut off."""

MIN_READABLE = 4
MAX_DEPTH = 3
"""How often base64 is undone when there is base64 in it."""

MIN_COMMON = 2

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}+={0,2}(?![\w+/=-])")
_HEX = re.compile(
    r"(?:(?:\\x|0x|%)[0-9A-Fa-f]{2}[\s,:;]?){3,}+|(?:[0-9A-Fa-f]{2}[\s,:;]?){8,}+"
)
_HEX_NOISE = re.compile(r"\\x|0x|[\s,:;%]")
_BINARY = re.compile(r"(?<!\d)(?:[01]{8}[\s,]?){4,}+(?!\d)")
_BINARY_NOISE = re.compile(r"[\s,]")
_NOT_WORDLIKE = re.compile(r"[^\w\s.,;:!?'\"()-]|\d|_")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER = re.compile("[\u0250-\U0010ffff]")
_CASE_INSIDE = re.compile(r"[a-z][A-Z]")
_ROT13 = str.maketrans(
    string.ascii_letters,
    "".join(
        letters[13:] + letters[:13]
        for letters in (string.ascii_lowercase, string.ascii_uppercase)
    ),
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def hidden_texts(text: str) -> tuple[str, ...]:
    """Return readable texts hidden in base64, hex, binary, rot13 or back to front.

    () nearly always; at most four, of at most 8,000 characters each. Linear time.
    """
    return tuple(islice(dict.fromkeys(_found(text)), MAX_HIDDEN))


def _found(text: str) -> Iterator[str]:
    for candidate in _BASE64.finditer(text):
        yield from _readable(_from_base64(candidate[0]))
    for candidate in _HEX.finditer(text):
        yield from _readable(_from_hex(candidate[0]))
    for candidate in _BINARY.finditer(text):
        yield from _readable(_from_binary(candidate[0]))
    yield from _turned(text)


def _from_base64(coded: str) -> str:
    for _ in range(MAX_DEPTH):
        coded = _decoded_once(coded)
        if not _BASE64.fullmatch(coded.strip()):
            return coded
    return coded


def _decoded_once(coded: str) -> str:
    coded = coded.strip().rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    coded = coded[: MAX_LENGTH * 4 // 3]
    if len(coded) % 4 == 1:
        coded = coded[:-1]
    try:
        return _as_text(base64.b64decode(coded + "=" * (-len(coded) % 4)))
    except binascii.Error:
        return ""


def _from_hex(coded: str) -> str:
    digits = _HEX_NOISE.sub("", coded[: MAX_LENGTH * 5])
    return _as_text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _from_binary(coded: str) -> str:
    bits = _BINARY_NOISE.sub("", coded[: MAX_LENGTH * 9])
    return _as_text(
        bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))
    )


def _as_text(decoded: bytes) -> str:
    # A cut may have gone through the last character.
    for end in (len(decoded), *range(len(decoded) - 1, max(0, len(decoded) - 4), -1)):
        try:
            return decoded[:end].decode()
        except UnicodeDecodeError:
            continue
    return ""


def _readable(text: str) -> Iterator[str]:
    """Give the text out if it is words: few signs and digits, no cAse inside."""
    text = text.strip()[:MAX_LENGTH]
    limit = len(text) // 10
    if (
        len(text) >= MIN_READABLE
        and len(_NOT_WORDLIKE.findall(text)) <= limit
        and len(_CASE_INSIDE.findall(text)) <= limit
        and _WORD.search(text)
        and _is_of_one_script(text)
    ):
        yield text


def _is_of_one_script(text: str) -> bool:
    num_latin, num_other = len(_LATIN.findall(text)), len(_OTHER.findall(text))
    return min(num_latin, num_other) * 4 <= max(num_latin, num_other)


def _turned(text: str) -> Iterator[str]:
    plain = _WORD.findall(text.lower())
    most = len(plain) // 5
    if len(plain) < MIN_COMMON or _num_common(plain) > most:
        return
    for turn in (_rot13, _reversed):
        words = [turn(word) for word in plain]
        num_common = _num_common(words)
        is_most = num_common > most and num_common * 5 >= len(words) * 2
        if is_most and _num_common(set(words)) >= MIN_COMMON:
            yield turn(text)[:MAX_LENGTH]


def _rot13(text: str) -> str:
    return text.translate(_ROT13)


def _reversed(text: str) -> str:
    return text[::-1]


def _num_common(words: Iterable[str]) -> int:
    return sum(word in COMMON_WORDS for word in words)
