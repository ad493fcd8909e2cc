"""A classifier and a reader of pictures for tests, which need no model."""

from collections.abc import Mapping

from typing_extensions import override

from bot.safety.classifier import NEVER, Scores
from bot.safety.pictures.classifier import PictureClassifier
from bot.safety.pictures.picture import Picture
from bot.safety.pictures.text_in_picture import PictureReader
from bot.safety.policy import Category, Level

__all__ = ["FakePictureClassifier", "FakePictureReader"]

THRESHOLDS = {Level.RELAXED: 0.9, Level.STANDARD: 0.7, Level.STRICT: 0.4}


class FakePictureClassifier(PictureClassifier):
    """Finds a picture as sexual as its reddest frame has red in it, on average.

    Attributes:
        asked: the pictures so far, in order.
    """

    name = "fake"

    def __init__(self) -> None:
        self.asked: list[Picture] = []

    @override
    async def classify(self, picture: Picture) -> Scores:
        self.asked.append(picture)
        reds = [frame.pixels[0::3] for frame in picture.frames]
        return {Category.SEXUAL: max(sum(red) / len(red) / 255 for red in reds)}

    @override
    def threshold(self, category: Category, level: Level) -> float:
        return THRESHOLDS.get(level, NEVER)


class FakePictureReader(PictureReader):
    """Reads what it was told stands in a picture, by the picture's size.

    Attributes:
        asked: the pictures so far, in order.
    """

    def __init__(self, texts: Mapping[tuple[int, int], str] | None = None) -> None:
        self.asked: list[Picture] = []
        self._texts = dict(texts or {})

    @override
    async def read(self, picture: Picture) -> str:
        self.asked.append(picture)
        return self._texts.get((picture.width, picture.height), "")
