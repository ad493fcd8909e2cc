"""A labelled text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.safety.policy import Category
from bot.safety.verdict import Stage

__all__ = ["CATEGORIES", "HARMFUL", "PRESENT", "Row", "Split", "labels_of"]

CATEGORIES = tuple(Category)
"""In the order of the network's outputs."""

HARMFUL = tuple(one for one in Category if one is not Category.INJECTION)
"""What hurts people; an injection only turns a model."""


PRESENT = 0.5
"""From this label on a category is there; what is between 0 and it is not clear."""


class Split(StrEnum):
    """What a row is used for."""

    TRAIN = "train"
    """The weights learn from it."""
    VALIDATION = "validation"
    """Calibration and thresholds are chosen on it."""
    TEST = "test"
    """Only measured on."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text.

    Attributes:
        labels: 0 to 1 for each category that is known; absent is unknown.
        corpus: where it is from.
        family: rows of one template share a name, and so a split; "": none.
        split: what its publisher, or we, set it aside for; None: not decided.
        weight: how much it counts, 1 for most.
    """

    text: str
    labels: Mapping[Category, float]
    corpus: str
    stage: Stage = Stage.INPUT
    language: str = "en"
    family: str = ""
    split: Split | None = None
    weight: float = 1.0

    @property
    def is_harmful(self) -> bool | None:
        """Whether it hurts people; None: not known, or not clear."""
        known = [self.labels[one] for one in HARMFUL if one in self.labels]
        if any(label >= PRESENT for label in known):
            return True
        return False if known and not any(known) else None


def labels_of(*present: Category) -> dict[Category, float]:
    """Return labels where all is known: these are there, nothing else is."""
    return {one: float(one in present) for one in CATEGORIES}
