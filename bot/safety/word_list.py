"""Refuses words that the community does not want, in what comes in and goes out."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from bot.safety.filter import Filter, Subject
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.safety.word_entries import Entries
from bot.safety.word_search import WordSearch

__all__ = ["WordList"]


class WordList(Filter):
    """Blocks a text that has one of the words or phrases, or of the community's own.

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
        self._search = WordSearch(
            words,
            setting="safety.blocked_words",
            allowed=Entries(allowed, setting="safety.allowed_words"),
        )

    @override
    async def judge(self, subject: Subject) -> Verdict:
        text = subject.in_context
        searches = (
            (self._search, "the list"),
            (subject.policy.own_words, "the community's list"),
        )
        for search, where in searches:
            found = await search.find(text) if search is not None else None
            if found is not None:
                disguise = ", in disguise" if found.is_disguised else ""
                return Verdict(
                    Action.BLOCK,
                    category="word",
                    score=1.0,
                    filter=self.name,
                    reason=f"has blocked word number {found.number} of {where}"
                    f"{disguise}",
                )
        return ALLOW
