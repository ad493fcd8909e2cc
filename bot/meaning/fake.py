"""Meanings for tests: words are counted, and some count as others."""

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.meaning.meanings import Meanings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FakeMeanings"]

WIDTH = 384
WORD = re.compile(r"\w{3,}")


class FakeMeanings(Meanings):
    """Texts are near where they share words of three letters and more.

    `same` says which words mean what another one does. Remembers what was asked.
    """

    def __init__(
        self,
        same: Mapping[str, str] | None = None,
        *,
        languages: frozenset[str] = frozenset({"en"}),
    ) -> None:
        self.languages = languages
        self.asked: list[str] = []
        self._same = dict(same or {})

    @override
    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        self.asked.extend(texts)
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in WORD.findall(text.lower()):
                row[zlib.crc32(self._same.get(word, word).encode()) % WIDTH] += 1
            length = float(np.linalg.norm(row))
            row /= max(length, 1e-9)
        return vectors
