"""How near sentences are to each other, where a model can tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.meaning.meanings import Meanings
from content.languages import base_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["nearest", "nearness"]


async def nearness(
    meanings: Meanings, ones: Sequence[str], others: Sequence[str], *, language: str
) -> "NDArray[np.float32] | None":
    """Return (ones, others) float32: the cosine of each with each of the others.

    None: there is nothing to compare, or no model that knows the language.
    """
    if not ones or not others or base_of(language) not in meanings.languages:
        return None
    vectors = await meanings.embed([*ones, *others])
    if vectors is None:
        return None
    product: NDArray[np.float32] = vectors[: len(ones)] @ vectors[len(ones) :].T
    return product


async def nearest(
    meanings: Meanings, ones: Sequence[str], others: Sequence[str], *, language: str
) -> list[float] | None:
    """Return the cosine of each with the nearest of the others; None as `nearness`."""
    found = await nearness(meanings, ones, others, language=language)
    return None if found is None else [float(value) for value in found.max(axis=1)]
