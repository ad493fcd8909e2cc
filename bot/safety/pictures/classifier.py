"""What judges what a picture shows: a small model, or later a bigger one."""

from abc import ABC, abstractmethod

from bot.safety.classifier import Scores
from bot.safety.pictures.picture import Picture
from bot.safety.policy import Category, Level

__all__ = ["PictureClassifier"]


class PictureClassifier(ABC):
    """Gives probabilities for pictures. Calls may overlap; none blocks the event loop.

    Attributes:
        name: what is noted beside each verdict, such as "open_nsfw".
    """

    name: str

    @abstractmethod
    async def classify(self, picture: Picture) -> Scores:
        """Return how probable each category is; of many frames the worst counts.

        Raises:
            HearthbotError: the model is not there or could not judge.
        """

    @abstractmethod
    def threshold(self, category: Category, level: Level) -> float:
        """Return the probability from which a level acts; NEVER where it never does."""
