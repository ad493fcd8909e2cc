"""Refuses words that the community does not want, in what comes in and goes out."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from bot.safety.disguise import hidden_texts, readings
from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.safety.word_entries import Entries

__all__ = ["WordList"]

LONG = 500
"""From so many characters on a text is searched in a thread of its own."""


class WordList(Filter):
    """Blocks a text that has one of the words or phrases.

    - An entry of letters, digits and spaces is found as whole words, whatever stands
      between them. `*` stands for any letters of a word (`word*`, `*word`, `*word*`),
      or alone for one word.
    - An entry with other signs (an emoji, "c++") is found exactly, but not inside a
      longer word; `*` cannot be used there.
    - Case, width, accents and unseen characters make no difference. In scripts without
      spaces (Chinese, Japanese, Thai, …) an entry is found anywhere.
    - Letters that only look alike, digits and signs for letters, s p a c e d words,
      drawn-out ones and readable codes (base64, hex, rot13, reversed) are read through.
    - What lies inside an allowed word or phrase does not count.

    Time grows linearly with the text.

    Raises:
        ConfigError: an entry has no letters, or mixes `*` with other signs.
    """

    name: ClassVar[str] = "word_list"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})

    def __init__(self, words: Sequence[str], *, allowed: Sequence[str] = ()) -> None:
        self._blocked = Entries(words, setting="safety.blocked_words")
        self._allowed = Entries(allowed, setting="safety.allowed_words")

    @override
    async def judge(self, subject: Subject) -> Verdict:
        text = subject.in_context
        if not self._blocked:
            return ALLOW
        if len(text) < LONG:
            return self._judged(text)
        return await asyncio.to_thread(self._judged, text)

    def _judged(self, text: str) -> Verdict:
        number, where = self._first_in(text), "of the list"
        if number is None:
            number, where = self._first_disguised(text), "of the list, in disguise"
        if number is None:
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="word",
            score=1.0,
            filter=self.name,
            reason=f"has blocked word number {number} {where}",
        )

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
