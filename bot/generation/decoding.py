"""From bytes and token ids to whole characters."""

import codecs
from collections.abc import Callable, Sequence

__all__ = ["TokenDecoder", "Utf8Decoder"]

UNFINISHED = "\N{REPLACEMENT CHARACTER}"
"""What a tokenizer shows for the bytes of a character that is not complete."""

MAX_PENDING_TOKENS = 16
"""No character has more tokens: what is still unreadable then is shown as it is."""


class Utf8Decoder:
    """Turns pieces of UTF-8 into text, whole characters at a time."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, piece: bytes) -> str:
        """Return the characters that are complete now."""
        return self._decoder.decode(piece)

    def flush(self) -> str:
        """Return what is left; a broken character becomes a replacement mark."""
        return self._decoder.decode(b"", final=True)


class TokenDecoder:
    """Turns token ids into text as they come.

    Tokenizers decode a token differently after others (spaces, characters of several
    tokens), so each new one is decoded together with the few before it.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._context: list[int] = []  # already shown, decoded again for the spacing
        self._pending: list[int] = []

    def feed(self, token_ids: Sequence[int]) -> str:
        """Return the text that is certain now."""
        self._pending.extend(token_ids)
        return self._take(is_last=False)

    def flush(self) -> str:
        """Return what is left, without the pieces of a character that never came."""
        return self._take(is_last=True).rstrip(UNFINISHED)

    def _take(self, *, is_last: bool) -> str:
        before = self._decode(self._context)
        after = self._decode([*self._context, *self._pending])
        is_unsure = after.endswith(UNFINISHED) and not is_last
        if is_unsure and len(self._pending) < MAX_PENDING_TOKENS:
            return ""
        text = after[len(before) :]
        if text:
            self._context = self._pending
            self._pending = []
        return text
