"""Refuses words that the community does not want, in what comes in and goes out."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from bot.errors import ConfigError
from bot.safety.filter import Filter, Subject
from bot.safety.folding import fold, fold_words, has_signs, is_in_word
from bot.safety.verdict import ALLOW, Action, Stage, Verdict
from bot.words import T

__all__ = ["WordList"]


class WordList(Filter):
    """Blocks a text that has one of the words or phrases.

    - An entry of letters, digits and spaces is found as whole words, whatever stands
      between them. `*` stands for any letters of a word, or alone for one word.
    - An entry with other signs (an emoji, "c++") is found exactly, but not inside a
      longer word; `*` cannot be used there.
    - Case, width, accents and unseen characters make no difference. In scripts without
      spaces (Chinese, Japanese, Thai, …) an entry is found anywhere.
    - Letters that only look alike, digits for letters and s p a c e d words are other
      words.

    Time grows linearly with the text.

    Raises:
        ConfigError: an entry has no letters, or mixes `*` with other signs.
    """

    name: ClassVar[str] = "word_list"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT, Stage.OUTPUT})

    def __init__(self, words: Sequence[str]) -> None:
        self._words: dict[str, int] = {}  # a word to its number in the list
        self._patterns: list[_Pattern] = []
        self._exact: list[_Exact] = []
        for number, entry in enumerate(words, start=1):
            self._add(entry, number)

    def _add(self, entry: str, number: int) -> None:
        if has_signs(entry.replace("*", "")):
            if "*" in entry:
                raise ConfigError(
                    T(
                        "safety.blocked_words: “{entry}”: `*` goes only with letters, "
                        "digits and spaces.",
                        entry=entry,
                    )
                )
            self._exact.append(_Exact(fold(entry.strip()), number))
            return
        tokens = _entry_tokens(entry)
        if not tokens:
            raise ConfigError(
                T(
                    "safety.blocked_words: “{entry}” has no letters, so it would block "
                    "nothing or everything; leave it out.",
                    entry=entry,
                )
            )
        if len(tokens) == 1 and "*" not in tokens[0]:
            self._words.setdefault(tokens[0], number)
        else:
            self._patterns.append(_Pattern(tokens, number))

    @override
    async def judge(self, subject: Subject) -> Verdict:
        number = self._find(subject.in_context)
        if number is None:
            return ALLOW
        return Verdict(
            Action.BLOCK,
            category="word",
            score=1.0,
            filter=self.name,
            reason=f"has blocked word number {number} of the list",
        )

    def _find(self, text: str) -> int | None:
        if self._words or self._patterns:
            tokens = fold_words(text).split()
            present = set(tokens)
            if found := self._words.keys() & present:
                return min(self._words[word] for word in found)
            line = f" {' '.join(tokens)} "
            for pattern in self._patterns:
                if pattern.is_in(line, tokens, present):
                    return pattern.number
        if self._exact:
            folded = fold(text)
            for exact in self._exact:
                if exact.is_in(folded):
                    return exact.number
        return None


def _entry_tokens(entry: str) -> tuple[str, ...]:
    """Return the words of an entry, folded like a text, but with each `*` kept."""
    tokens = "*".join(fold_words(part) for part in entry.split("*")).split()
    # At the ends, a `*` of its own could stand for nothing and says nothing.
    while tokens and not tokens[0].strip("*"):
        del tokens[0]
    while tokens and not tokens[-1].strip("*"):
        del tokens[-1]
    return tuple(tokens)


class _Pattern:
    """A phrase, or words with `*`."""

    def __init__(self, tokens: tuple[str, ...], number: int) -> None:
        self.number = number
        self._parts = [token.split("*") for token in tokens]
        self._phrase = None if "*" in "".join(tokens) else f" {' '.join(tokens)} "
        self._rarest = max((part for parts in self._parts for part in parts), key=len)

    def is_in(self, line: str, tokens: list[str], present: set[str]) -> bool:
        """Return whether it is among the tokens; `line` is all, `present` each once."""
        if self._phrase is not None:
            return self._phrase in line
        if self._rarest not in line:  # quick, and so nearly always
            return False
        if len(self._parts) == 1:
            return any(_fits(self._parts[0], token) for token in present)
        return any(
            all(
                _fits(parts, tokens[start + offset])
                for offset, parts in enumerate(self._parts)
            )
            for start in range(len(tokens) - len(self._parts) + 1)
        )


def _fits(parts: list[str], token: str) -> bool:
    """Return whether a word is made of the parts, with any letters between them.

    Each part is looked for once, from left to right: no going back, linear time.
    """
    head, tail = parts[0], parts[-1]
    if len(parts) == 1:
        return token == head
    start, end = len(head), len(token) - len(tail)
    if start > end or not token.startswith(head) or not token.endswith(tail):
        return False
    for part in parts[1:-1]:
        found = token.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


class _Exact:
    """An entry with signs."""

    def __init__(self, text: str, number: int) -> None:
        self.number = number
        self._text = text

    def is_in(self, folded: str) -> bool:
        """Return whether it stands in a folded text, and not inside a word."""
        start = folded.find(self._text)
        while start >= 0:
            end = start + len(self._text)
            if not (_joins(folded, start) or _joins(folded, end)):
                return True
            start = folded.find(self._text, start + 1)
        return False


def _joins(folded: str, position: int) -> bool:
    """Return whether one word stands on both sides of a position."""
    return (
        0 < position < len(folded)
        and is_in_word(folded[position - 1])
        and is_in_word(folded[position])
    )
