"""HearthGuard: our own small classifier, on one thread beside the event loop."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
from typing_extensions import override

from bot.errors import UserError
from bot.safety.classifier import NEVER, Scores, TextClassifier
from bot.safety.guard_network import Description, GuardNetwork, read_description
from bot.safety.policy import Category, Level
from bot.safety.verdict import Stage
from bot.words import T

__all__ = ["MAX_CHARS", "MODEL_FOLDER", "HearthGuard"]

MAX_CHARS = 32_000
MODEL_FOLDER = Path(__file__).with_name("guard_model")


class HearthGuard(TextClassifier):
    """Judges texts with the weights of one folder.

    Attributes:
        name: with its version, such as "hearthguard-1".
    """

    def __init__(self, description: Description, network: GuardNetwork) -> None:
        self.name = description.name
        self._description, self._network = description, network
        self._categories = tuple(Category(one) for one in description.categories)
        self._scales = np.array(description.scales)
        self._shifts = np.array(description.shifts)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="hearthguard")

    @classmethod
    def open(cls, folder: Path = MODEL_FOLDER) -> Self:
        """Return a guard with the folder's weights. Reads some 30 MB: it blocks.

        Raises:
            MissingError: a file or a package is not there.
            ConfigError: a file is damaged.
        """
        description = read_description(folder)
        return cls(description, GuardNetwork(folder, description.sha256))

    @override
    async def classify(self, text: str, stage: Stage) -> Scores:
        _require_short(text)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._scores, text)

    @override
    def threshold(self, category: Category, level: Level) -> float:
        of_level = self._description.thresholds.get(level, {})
        return float(of_level.get(category, NEVER))

    def classify_batch(
        self, texts: Sequence[str], *, num_threads: int = 2
    ) -> list[Scores]:
        """Return the probabilities of many texts, in their order. Blocks.

        Raises:
            UserError: a text is too long.
        """
        for text in texts:
            _require_short(text)
        with ThreadPoolExecutor(num_threads) as threads:
            return list(threads.map(self._scores, texts))

    def close(self) -> None:
        """Let the thread end; what is being judged is still answered."""
        self._executor.shutdown(wait=False)

    def _scores(self, text: str) -> Scores:
        logits = self._network.logits(text) * self._scales + self._shifts
        probabilities = 1 / (1 + np.exp(-logits.clip(-50, 50)))
        return dict(zip(self._categories, probabilities.tolist(), strict=True))


def _require_short(text: str) -> None:
    if len(text) > MAX_CHARS:
        raise UserError(
            T(
                "This text has more than {limit} characters; the guard does not judge "
                "it.",
                limit=MAX_CHARS,
            )
        )
