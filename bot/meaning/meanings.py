"""What texts mean: a vector each, near one another where they mean much the same."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["NO_MEANINGS", "Meanings", "NoMeanings"]


class Meanings(ABC):
    """Compares texts by what they mean.

    Attributes:
        languages: those that it can be trusted with, such as "en".
    """

    languages: frozenset[str]

    @abstractmethod
    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32] | None":
        """Return (N, width) float32 unit vectors; None: compare words instead.

        A product of two rows is the cosine between them: 1 for the same, about 0 for
        texts that have nothing to do with each other.
        """

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of what it holds."""


class NoMeanings(Meanings):
    """Knows no language: words are compared instead."""

    languages = frozenset()

    @override
    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32] | None":
        return None


NO_MEANINGS = NoMeanings()
"""Where no model is there, or wanted."""
