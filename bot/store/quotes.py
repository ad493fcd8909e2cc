"""Finds what somebody said in texts that are not theirs, and takes it out."""

from collections.abc import Iterable, Iterator

__all__ = ["GAP", "Quotes"]

GAP = "[…]"
RUN, RUN_HAN = 20, 8
"""So many letters in a row that are the same are a quote, and no accident; of signs
that are words, fewer."""
MAX_CHARS = 200_000
FIRST_HAN = "\u2e80"
LATER = "~"  # than any time


class Quotes:
    """What one person said and when, as runs of letters, whatever case and breaks.

    A quote is written later than what it quotes: nobody makes others' words their own
    by saying them again. Of somebody who said very much only 200,000 letters count.
    Times are columns, see bot.store.columns.
    """

    def __init__(self, said: Iterable[tuple[str, str]]) -> None:
        self._runs: dict[str, str] = {}  # → when it was said first
        self._halves: set[str] = set()
        num_chars = 0
        for text, said_utc in said:
            if num_chars > MAX_CHARS:
                break
            num_chars += len(text)
            letters = "".join(letter for letter, _ in _letters(text))
            for _, run in _runs(letters):
                self._runs[run] = min(said_utc, self._runs.get(run, said_utc))
            for half in _half_sizes(letters):
                starts = range(len(letters) - half + 1)
                self._halves.update(letters[n : n + half] for n in starts)

    def __bool__(self) -> bool:
        return bool(self._runs)

    def taken_out(self, text: str, written_utc: str) -> str:
        """Return a text with a gap in the place of each quote."""
        if not self._may_have_any(text):
            return text
        folded = list(_letters(text))
        letters = "".join(letter for letter, _ in folded)
        is_quoted = bytearray(len(text))
        for start, run in _runs(letters):
            if self._runs.get(run, LATER) <= written_utc:
                first, last = folded[start][1], folded[start + len(run) - 1][1]
                is_quoted[first : last + 1] = b"\x01" * (last + 1 - first)
        if not any(is_quoted):
            return text
        return "".join(_with_gaps(text, is_quoted))

    def _may_have_any(self, text: str) -> bool:
        """Return quickly whether there may be a quote: most texts have none."""
        if not self._halves:
            return False
        letters = " ".join(text.casefold().split())
        # Wherever a run begins, half a run of it begins at one of these steps.
        return any(
            letters[start : start + half] in self._halves
            for half in _half_sizes(letters)
            for start in range(0, len(letters) - half + 1, half + 1)
        )


def _half_sizes(letters: str) -> tuple[int, ...]:
    return (RUN // 2, RUN_HAN // 2) if _has_han(letters) else (RUN // 2,)


def _has_han(letters: str) -> bool:
    return max(letters, default="") >= FIRST_HAN


def _with_gaps(text: str, is_quoted: bytearray) -> Iterator[str]:
    was_quoted = False
    for letter, is_one in zip(text, is_quoted, strict=True):
        if not is_one:
            yield letter
        elif not was_quoted:
            yield GAP
        was_quoted = bool(is_one)


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Give out the letters that are compared, each with its place in the text."""
    is_space = True
    for place, sign in enumerate(text):
        if sign.isspace():
            if not is_space:
                yield " ", place
            is_space = True
            continue
        is_space = False
        for letter in sign.casefold():
            yield letter, place


def _runs(letters: str) -> Iterator[tuple[int, str]]:
    for start in range(len(letters) - RUN + 1):
        yield start, letters[start : start + RUN]
    if not _has_han(letters):
        return
    for start in range(len(letters) - RUN_HAN + 1):
        run = letters[start : start + RUN_HAN]
        if 2 * sum(letter >= FIRST_HAN for letter in run) >= RUN_HAN:
            yield start, run
