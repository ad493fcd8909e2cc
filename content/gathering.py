"""Gathers the good pieces of several answers until there are enough."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.words import T, Text
from content.drafting import Unfit
from content.sentences import cleaned, sentences

__all__ = ["Gathering"]


@dataclass(slots=True)
class Gathering:
    """Pieces that passed; a small model seldom gives all that is wanted at once.

    Attributes:
        fault: why a piece cannot be used beside those kept so far; None: it can.
        split: how an answer falls into pieces.
    """

    fault: Callable[[str, list[str]], Text | None]
    least: int
    most: int
    split: Callable[[str], Iterable[str]] = lambda text: sentences(cleaned(text))
    kept: list[str] = field(default_factory=list)

    def take(self, text: str) -> list[str]:
        """Add an answer's good pieces; return all once there are enough.

        Raises:
            Unfit: there are still too few.
        """
        last = T("an answer")
        for piece in self.split(text):
            if len(self.kept) >= self.most:
                break
            fault = self.fault(piece, self.kept)
            if fault:
                last = fault
            else:
                self.kept.append(piece)
        if len(self.kept) < self.least:
            raise Unfit(last)
        return self.kept
