"""The words, phrases and signs of a list, and finding them in a text."""

import re
from collections.abc import Iterator, Sequence

from bot.errors import ConfigError
from bot.safety.folding import fold, fold_words, has_signs, is_in_word
from bot.words import T

__all__ = ["Entries"]

BLANK = "\ua66e"
"""A letter of no language, in place of what does not count."""

_TOKEN = re.compile(r"\S+")


class Entries:
    """A list of entries, each with its number from 1 up.

    Args:
        entries: words and phrases of letters, digits, spaces and `*`, or texts with
            other signs, which are found exactly.
        setting: where they come from, for errors.

    Raises:
        ConfigError: an entry has no letters, or mixes `*` with other signs.
    """

    def __init__(self, entries: Sequence[str], *, setting: str) -> None:
        self._setting = setting
        self._words: dict[str, int] = {}  # a word to its number
        self._patterns: list[_Pattern] = []
        self._exact: list[_Exact] = []
        for number, entry in enumerate(entries, start=1):
            self._add(entry, number)

    def _add(self, entry: str, number: int) -> None:
        if has_signs(entry.replace("*", "")):
            if "*" in entry:
                raise ConfigError(
                    T(
                        "{setting}: “{entry}”: `*` goes only with letters, digits and "
                        "spaces.",
                        setting=self._setting,
                        entry=entry,
                    )
                )
            self._exact.append(_Exact(fold(entry.strip()), number))
            return
        tokens = _entry_tokens(entry)
        if not tokens:
            raise ConfigError(
                T(
                    "{setting}: “{entry}” has no letters, so it would stand for "
                    "nothing or everything; leave it out.",
                    setting=self._setting,
                    entry=entry,
                )
            )
        if len(tokens) == 1 and "*" not in tokens[0]:
            self._words.setdefault(tokens[0], number)
        else:
            self._patterns.append(_Pattern(tokens, number))

    def __bool__(self) -> bool:
        return bool(self._words or self._patterns or self._exact)

    def first_in(self, text: str, *, allowed: "Entries") -> int | None:
        """Return the number of an entry that is in the text, None if none is.

        What lies inside an allowed word or phrase does not count.
        """
        number = self._any_in(text)
        if number is None or not allowed:
            return number
        return self._first_outside(text, allowed)

    def taken_out_of(self, text: str) -> str:
        """Return the text without the parts between spaces that are wholly entries."""
        text = self._without_exact(text)
        return _TOKEN.sub(self._blank_if_entry, text)

    def _any_in(self, text: str) -> int | None:
        if self._words or self._patterns:
            tokens = fold_words(text).split()
            present = set(tokens)
            if found := self._words.keys() & present:
                return min(self._words[word] for word in found)
            line = f" {' '.join(tokens)} "
            for pattern in self._patterns:
                if pattern.is_in(line, tokens, present):
                    return pattern.number
        return self._exact_in(text)

    def _exact_in(self, text: str) -> int | None:
        if self._exact:
            folded = fold(text)
            for exact in self._exact:
                if exact.is_in(folded):
                    return exact.number
        return None

    def _first_outside(self, text: str, allowed: "Entries") -> int | None:
        text = allowed._without_exact(text)
        tokens = fold_words(text).split()
        reach = allowed._reach(tokens)
        for start, end, number in self._spans(tokens):
            if reach[start] < end:
                return number
        return self._exact_in(text)

    def _reach(self, tokens: list[str]) -> list[int]:
        """Return how far the entries go that begin at each token or before it."""
        reach = [0] * len(tokens)
        for start, end, _ in self._spans(tokens):
            reach[start] = max(reach[start], end)
        for at in range(1, len(reach)):
            reach[at] = max(reach[at], reach[at - 1])
        return reach

    def _spans(self, tokens: list[str]) -> Iterator[tuple[int, int, int]]:
        """Give out start, end and number of all words and phrases in the tokens."""
        line, present = f" {' '.join(tokens)} ", set(tokens)
        words = {word: self._words[word] for word in self._words.keys() & present}
        found = [one for one in self._patterns if one.is_in(line, tokens, present)]
        for pattern in found:
            if pattern.length == 1:
                fitting = (token for token in present if pattern.fits([token], 0))
                words = dict.fromkeys(fitting, pattern.number) | words
        for start, token in enumerate(tokens):
            if number := words.get(token):
                yield start, start + 1, number
        for pattern in found:
            if pattern.length > 1:
                for start in pattern.starts(tokens):
                    yield start, start + pattern.length, pattern.number

    def _without_exact(self, text: str) -> str:
        for exact in self._exact:
            text = exact.taken_out_of(text)
        return text

    def _blank_if_entry(self, found: re.Match[str]) -> str:
        tokens = fold_words(found[0]).split()
        reach = self._reach(tokens)
        is_entry = bool(tokens) and all(end > at for at, end in enumerate(reach))
        return BLANK if is_entry else found[0]


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
        self.length = len(tokens)
        self._parts = [token.split("*") for token in tokens]
        self._phrase = None if "*" in "".join(tokens) else f" {' '.join(tokens)} "
        self._rarest = max((part for parts in self._parts for part in parts), key=len)

    def is_in(self, line: str, tokens: list[str], present: set[str]) -> bool:
        """Return whether it is among the tokens; `line` is all, `present` each once."""
        if self._phrase is not None:
            return self._phrase in line
        if self._rarest not in line:  # quick, and so nearly always
            return False
        if self.length == 1:
            return any(_fits(self._parts[0], token) for token in present)
        return any(True for _ in self.starts(tokens))

    def starts(self, tokens: list[str]) -> Iterator[int]:
        """Give out where it begins in the tokens."""
        for start in range(len(tokens) - self.length + 1):
            if self.fits(tokens, start):
                yield start

    def fits(self, tokens: list[str], start: int) -> bool:
        """Return whether the tokens from `start` on are it."""
        return all(
            _fits(parts, tokens[start + offset])
            for offset, parts in enumerate(self._parts)
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
        return any(True for _ in self._starts(folded))

    def taken_out_of(self, text: str) -> str:
        """Return the text with a blank for each; folded if there is one."""
        folded, parts, end = fold(text), [], 0
        for start in self._starts(folded):
            if start >= end:
                parts.append(folded[end:start])
                end = start + len(self._text)
        return f" {BLANK} ".join([*parts, folded[end:]]) if parts else text

    def _starts(self, folded: str) -> Iterator[int]:
        start = folded.find(self._text)
        while start >= 0:
            end = start + len(self._text)
            if not (_joins(folded, start) or _joins(folded, end)):
                yield start
            start = folded.find(self._text, start + 1)


def _joins(folded: str, position: int) -> bool:
    """Return whether one word stands on both sides of a position."""
    return (
        0 < position < len(folded)
        and is_in_word(folded[position - 1])
        and is_in_word(folded[position])
    )
