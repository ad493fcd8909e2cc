"""The network that turns texts into vectors: ONNX weights and a table of word pieces.

Texts run one at a time, so that a vector never depends on what it ran beside, and short
texts do not wait for long ones. The file has its weights in eight bits; they run as
float32, for which onnxruntime unpacks them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import MissingError
from bot.safety.onnx import open_network
from bot.words import T

__all__ = ["MAX_CHARS", "MAX_TOKENS", "WIDTH", "MeaningNetwork"]

WIDTH = 384
MAX_TOKENS = 256
"""In one window, with the marks around it: what the model was made for."""
MAX_CHARS = 12_000
"""Of a text: what comes later is not looked at."""
FIRST, LAST = 101, 102  # the marks around a window
VOCABULARY = Path(__file__).with_name("vocabulary.txt")
"""BERT's uncased word pieces (Google, Apache-2.0), which the package comes without."""


class MeaningNetwork:
    """all-MiniLM-L6-v2. Calls may come from many threads.

    Raises:
        MissingError: onnxruntime or tokenizers is not installed.
    """

    def __init__(self, weights: Path) -> None:
        try:
            from tokenizers import BertWordPieceTokenizer

            self._session = open_network(weights, keeps_arena=False)
        except ImportError as error:
            raise MissingError(
                T(
                    "Comparing meanings needs onnxruntime and tokenizers, which come "
                    "with Hearthbot: install it anew."
                )
            ) from error
        self._tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)

    def vector(self, text: str) -> NDArray[np.float32]:
        """Return (384,) float32 of length 1: the mean of its windows. Blocks."""
        tokens = self._tokenizer.encode(text[:MAX_CHARS], add_special_tokens=False).ids
        total = np.zeros(WIDTH, dtype=np.float32)
        for window in _windows(tokens):
            ids = np.array([window], dtype=np.int64)  # (1, T)
            hidden = self._session.run(
                None,
                {
                    "input_ids": ids,
                    "attention_mask": np.ones_like(ids),
                    "token_type_ids": np.zeros_like(ids),
                },
            )[0]  # (1, T, 384)
            total += _unit(hidden[0].mean(axis=0)) * len(window)
        return _unit(total)


def _windows(tokens: Sequence[int]) -> Iterator[list[int]]:
    """Yield a long text in parts, each between the marks; a short one whole."""
    size = MAX_TOKENS - 2
    for start in range(0, max(1, len(tokens)), size):
        yield [FIRST, *tokens[start : start + size], LAST]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return (vector / max(length, 1e-9)).astype(np.float32)
