"""The starter that compares meanings, on one thread beside the event loop."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog
from typing_extensions import override

from bot.errors import HearthbotError
from bot.meaning.meanings import Meanings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.meaning.network import MeaningNetwork

__all__ = ["MiniLm"]

logger = structlog.get_logger(__name__)

AT_ONCE = 16
"""Texts that the thread takes in one go: others come in between."""
NUM_KEPT = 4096
"""Vectors that are remembered, 1.5 KB each: the same posts are compared every day."""


class MiniLm(Meanings):
    """Embeds texts with all-MiniLM-L6-v2.

    Args:
        open_network: reads the weights, which happens at the first text, in the
            thread. Where it raises, this is logged once, and words are compared.
    """

    languages = frozenset({"en"})

    def __init__(
        self, open_network: "Callable[[], MeaningNetwork]", *, num_kept: int = NUM_KEPT
    ) -> None:
        self._open_network = open_network
        self._num_kept = num_kept
        self._network: MeaningNetwork | None = None
        self._is_broken = False
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="meaning")

    @override
    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32] | None":
        import numpy as np  # with the first text: a bot that compares none goes without

        keys = [_key(text) for text in texts]
        found = {key: self._kept[key] for key in keys if key in self._kept}
        lacking = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
        loop = asyncio.get_running_loop()
        pairs = list(lacking.items())
        for start in range(0, len(pairs), AT_ONCE):
            some = dict(pairs[start : start + AT_ONCE])
            vectors = await loop.run_in_executor(
                self._executor, self._vectors, [*some.values()]
            )
            if vectors is None:
                return None
            found.update(zip(some, vectors, strict=True))
        if self._is_broken:
            return None
        self._keep({key: found[key] for key in keys})
        if not keys:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    @override
    def close(self) -> None:
        self._executor.shutdown(wait=False)

    def _vectors(self, texts: Sequence[str]) -> "list[NDArray[np.float32]] | None":
        """Embed texts in the thread, which alone touches the network."""
        if self._network is None and not self._is_broken:
            try:
                self._network = self._open_network()
            except (HearthbotError, OSError) as error:
                self._is_broken = True
                logger.warning("meanings not compared, words are", reason=str(error))
        if self._network is None:
            return None
        return [self._network.vector(text) for text in texts]

    def _keep(self, used: "dict[bytes, NDArray[np.float32]]") -> None:
        for key, vector in used.items():
            self._kept[key] = vector
            self._kept.move_to_end(key)
        while len(self._kept) > self._num_kept:
            self._kept.popitem(last=False)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
