"""Stop strings, for backends that do not know them themselves."""

from collections.abc import Iterable

__all__ = ["StopFilter", "held_back"]


class StopFilter:
    """Lets text through until a stop string is complete; shows no part of one.

    `feed` returns what may be shown; `flush`, at the end of the text, what was held
    back because it could have become a stop string. The pieces that a text comes in
    make no difference.
    """

    def __init__(self, stop: Iterable[str]) -> None:
        self._stop = tuple(string for string in stop if string)
        self._held = ""
        self.is_stopped = False

    def feed(self, text: str) -> str:
        """Add text; nothing comes out any more once `is_stopped`."""
        if self.is_stopped:
            return ""
        text = self._held + text
        found = [(text.find(s) + len(s), text.find(s)) for s in self._stop if s in text]
        if found:
            # The one that is complete first counts, whatever else had begun before.
            self.is_stopped = True
            self._held = ""
            return text[: min(found)[1]]
        num_held = held_back(text, self._stop)
        self._held = text[len(text) - num_held :]
        return text[: len(text) - num_held]

    def flush(self) -> str:
        """End the text and return the rest of it."""
        held, self._held = self._held, ""
        return held


def held_back(text: str, marks: Iterable[str]) -> int:
    """Return how many characters at the end of the text may begin one of the marks."""
    return max((_overlap(text, mark) for mark in marks), default=0)


def _overlap(text: str, mark: str) -> int:
    for size in range(min(len(text), len(mark) - 1), 0, -1):
        if text.endswith(mark[:size]):
            return size
    return 0
