"""The guard's network as it runs: a folder with ONNX weights and a tokenizer.

Windows are judged one at a time, so that a text's score never depends on what it was
judged beside. Calls may come from many threads.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError, MissingError
from bot.safety.guard_text import prepare, windows
from bot.safety.onnx import open_network
from bot.words import T

__all__ = [
    "DESCRIPTION",
    "NETWORK",
    "TOKENIZER",
    "Description",
    "GuardNetwork",
    "read_description",
]

DESCRIPTION, NETWORK, TOKENIZER = "guard.json", "guard.onnx", "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Description:
    """What guard.json says.

    Attributes:
        scales: what each category's logit is multiplied by, `shifts` what is added.
        thresholds: the probability for each level and category.
        sha256: of each file by its name.
    """

    name: str
    categories: tuple[str, ...]
    scales: tuple[float, ...]
    shifts: tuple[float, ...]
    thresholds: Mapping[str, Mapping[str, float]]
    sha256: Mapping[str, str]


def read_description(folder: Path) -> Description:
    """Return what the folder's guard.json says.

    Raises:
        MissingError: it is not there.
        ConfigError: it is damaged.
    """
    path = folder / DESCRIPTION
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Description(
            str(facts["name"]),
            tuple(facts["categories"]),
            tuple(float(facts["scales"][one]) for one in facts["categories"]),
            tuple(float(facts["shifts"][one]) for one in facts["categories"]),
            facts["thresholds"],
            facts["sha256"],
        )
    except OSError as error:
        raise _missing(path) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


class GuardNetwork:
    """Gives one logit per category for a text.

    Raises:
        MissingError: a file or a package is not there.
        ConfigError: a file is damaged.
    """

    def __init__(self, folder: Path, sha256: Mapping[str, str]) -> None:
        packed = {
            name: _checked(folder / name, sha256.get(name, ""))
            for name in (NETWORK, TOKENIZER)
        }
        try:
            from tokenizers import Tokenizer

            self._session = open_network(packed[NETWORK])
        except ImportError as error:
            raise MissingError(
                T(
                    "The guard needs onnxruntime and tokenizers, which come with "
                    "Hearthbot: install it anew."
                )
            ) from error
        self._tokenizer = Tokenizer.from_buffer(packed[TOKENIZER])

    def logits(self, text: str) -> NDArray[np.float32]:
        """Return (C,) float32: the highest logit of any window. Blocks."""
        tokens = self._tokenizer.encode(prepare(text), add_special_tokens=False).ids
        rows = [
            self._session.run(None, {"ids": np.array([window], dtype=np.int64)})[0]
            for window in windows(tokens)
        ]
        highest: NDArray[np.float32] = np.concatenate(rows).max(axis=0)
        return highest


def _checked(path: Path, sha256: str) -> bytes:
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise _missing(path) from error
    if hashlib.sha256(packed).hexdigest() != sha256:
        raise _damaged(path)
    return packed


def _missing(path: Path) -> MissingError:
    return MissingError(
        T(
            "The guard's file {path} is not here. Install Hearthbot anew, or name a "
            "folder that `hearthbot train guard` made.",
            path=path,
        )
    )


def _damaged(path: Path) -> ConfigError:
    return ConfigError(
        T(
            "The guard's file {path} is not as it was made. Install Hearthbot anew, or "
            "name a folder that `hearthbot train guard` made.",
            path=path,
        )
    )
