"""Looking for the words of a list in a text, in plain view and in disguise."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.safety.disguise import hidden_texts, readings
from bot.safety.word_entries import Entries

__all__ = ["FoundWord", "WordSearch"]

LONG = 500
"""From so many characters on a text is searched in a thread of its own."""


@dataclass(frozen=True, slots=True)
class FoundWord:
    """Which entry of a list is in a text, counted from 1."""

    number: int
    is_disguised: bool = False


class WordSearch:
    """Finds the first entry of a list that is in a text and not in an allowed word.

    Args:
        setting: where the words come from, for errors.

    Raises:
        ConfigError: an entry has no letters, or mixes `*` with other signs.
    """

    def __init__(self, words: Sequence[str], *, setting: str, allowed: Entries) -> None:
        self._blocked = Entries(words, setting=setting)
        self._allowed = allowed

    async def find(self, text: str) -> FoundWord | None:
        """Return what is in a text; None where nothing is. Never blocks the loop."""
        if not self._blocked:
            return None
        if len(text) < LONG:
            return self._found(text)
        return await asyncio.to_thread(self._found, text)

    def _found(self, text: str) -> FoundWord | None:
        number = self._first_in(text)
        if number is not None:
            return FoundWord(number)
        number = self._first_disguised(text)
        return None if number is None else FoundWord(number, is_disguised=True)

    def _first_in(self, text: str) -> int | None:
        return self._blocked.first_in(text, allowed=self._allowed)

    def _first_disguised(self, text: str) -> int | None:
        number = self._first_seen_through(text)
        if number is None or not self._allowed:
            return number
        # What is allowed as it stands is not read as anything else.
        return self._first_seen_through(self._allowed.taken_out_of(text))

    def _first_seen_through(self, text: str) -> int | None:
        for read in (*readings(text), *hidden_texts(text)):
            number = self._first_in(read)
            if number is not None:
                return number
        return None
